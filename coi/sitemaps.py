"""What search engines may find: public content and the portal's own pages."""

from datetime import datetime
from typing import Any, ClassVar

from django.contrib.sitemaps import Sitemap
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from catalogue.models import Collection, Entry, Story
from editorial.choices import READABLE, State
from editorial.models import Content, SubjectArea, Tag
from ideastorm.models import Idea, Storm
from mapping.models import Project, Unit
from places.models import Workplace
from practicum.models import Offer


class Pages(Sitemap):
    """The pages that are always there."""

    def items(self) -> list[str]:
        return [
            "home",
            "catalogue:list",
            "catalogue:collections",
            "catalogue:tags",
            "catalogue:stories",
            "catalogue:tell_story",
            "ideastorm:list",
            "mapping:map",
            "practicum:list",
            "about",
            "accessibility",
            "privacy",
        ]

    def location(self, item: str) -> str:
        return reverse(item)


class Published(Sitemap):
    """Published content of one type, newest first."""

    limit = 5000
    model: ClassVar[type[Content]]

    def items(self) -> QuerySet[Any]:
        rows = self.model._default_manager.filter(state=State.PUBLISHED)
        return rows.only("slug", "uuid", "kind", "updated_at").order_by("-published_at", "-pk")

    def lastmod(self, item: Content) -> datetime:
        return item.updated_at


class Entries(Published):
    """The catalogue."""

    model = Entry


class Stories(Published):
    """Good stories."""

    model = Story


class Projects(Published):
    """Projects."""

    model = Project


class Units(Published):
    """Innovation units."""

    model = Unit


class Storms(Published):
    """Storms."""

    model = Storm


class Ideas(Published):
    """Ideas that stand by themselves, in storms that anyone may read."""

    model = Idea

    def items(self) -> QuerySet[Idea]:
        rows = Idea.objects.published().standing().filter(storm__state__in=READABLE).select_related("storm")
        only = rows.only("slug", "uuid", "kind", "updated_at", "storm__slug", "storm__uuid", "storm__kind")
        return only.order_by("-published_at", "-pk")


class Offers(Published):
    """Practicum places."""

    model = Offer


class Collections(Sitemap):
    """Published collections."""

    def items(self) -> QuerySet[Collection]:
        return Collection.objects.published()

    def lastmod(self, item: Collection) -> datetime:
        return item.updated_at


class Workplaces(Sitemap):
    """Workplaces."""

    limit = 5000

    def items(self) -> QuerySet[Workplace]:
        return Workplace.objects.only("slug", "updated_at").order_by("pk")

    def lastmod(self, item: Workplace) -> datetime:
        return item.updated_at


class SubjectAreas(Sitemap):
    """The page of each subject area."""

    def items(self) -> list[SubjectArea]:
        return list(SubjectArea.objects.all())


class Tags(Sitemap):
    """The pages of tags that something in the catalogue has."""

    limit = 5000

    def items(self) -> QuerySet[Tag]:
        tagged = Entry.objects.filter(state=State.PUBLISHED, tagged_items__tag=OuterRef("pk"))
        return Tag.objects.filter(Exists(tagged)).only("slug").order_by("pk")


SITEMAPS: dict[str, type[Sitemap]] = {
    "sider": Pages, "katalog": Entries, "historier": Stories, "samlinger": Collections, "arbejdspladser": Workplaces,
    "projekter": Projects, "enheder": Units, "fagomraader": SubjectAreas, "emner": Tags, "idestorme": Storms,
    "ideer": Ideas, "praktikpladser": Offers,
}  # fmt: skip

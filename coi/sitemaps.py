"""What search engines may find: public content and the portal's own pages."""

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from catalogue.models import Collection, Entry, Story
from places.models import Workplace


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
            "about",
            "accessibility",
            "privacy",
        ]

    def location(self, item: str) -> str:
        return reverse(item)


class Entries(Sitemap):
    """Published entries, newest first."""

    limit = 5000

    def items(self) -> QuerySet[Entry, Entry]:
        return (
            Entry.objects.published()
            .only("slug", "uuid", "kind", "updated_at")
            .order_by("-published_at", "-pk")
        )

    def lastmod(self, item: Entry) -> datetime:
        return item.updated_at


class Stories(Sitemap):
    """Published good stories, newest first."""

    limit = 5000

    def items(self) -> QuerySet[Story, Story]:
        return (
            Story.objects.published()
            .only("slug", "uuid", "kind", "updated_at")
            .order_by("-published_at", "-pk")
        )

    def lastmod(self, item: Story) -> datetime:
        return item.updated_at


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


SITEMAPS: dict[str, type[Sitemap]] = {
    "sider": Pages, "katalog": Entries, "historier": Stories, "samlinger": Collections, "arbejdspladser": Workplaces,
}  # fmt: skip

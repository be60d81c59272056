"""What content is about: subject areas (a fixed list that staff keep) and tags (free, with synonyms)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Self

import pghistory
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from taggit.models import ItemBase, TagBase

from editorial.choices import READABLE
from editorial.slugs import danish_slug
from places.fields import danish_sort_key

SYNONYMS_READ = 2000
"""Synonyms that are looked through for an address that is no tag's; staff keep a few hundred."""

slug_form = RegexValidator(
    r"^[a-z0-9]+(-[a-z0-9]+)*$", _("Brug kun små bogstaver uden æ, ø og å, tal og bindestreg.")
)


@pghistory.track(exclude=["sort_key"], model_name="SubjectAreaEvent")
class SubjectArea(models.Model):
    """A field of public work. Required for examples, projects and practicum places."""

    slug = models.SlugField(
        _("kode"),
        max_length=40,
        unique=True,
        validators=[slug_form],
        help_text=_("Står i adresser og i dataudtræk. Ret den ikke, når den først er i brug."),
    )
    name = models.CharField(_("navn"), max_length=80, unique=True)
    description = models.CharField(_("beskrivelse"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(_("rækkefølge"), default=0)
    sort_key = danish_sort_key("name")

    class Meta:
        verbose_name = _("fagområde")
        verbose_name_plural = _("fagområder")
        ordering: ClassVar = ["sort_key"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The page of everything in the subject area."""
        return reverse("catalogue:subject_area", args=[self.slug])


class TagQuerySet(models.QuerySet["Tag"]):
    """Tags as pages use them."""

    def of_readable(self) -> Self:
        """Tags of something anyone may read; the others' names are nobody's business."""
        items = TaggedContent.objects.filter(tag=OuterRef("pk"), content_object__state__in=READABLE)
        return self.filter(Exists(items))


@pghistory.track(exclude=["sort_key"], model_name="TagEvent")
class Tag(TagBase):
    """A free word that content is tagged with. Its slug is ASCII (æ→ae, ø→oe, å→aa)."""

    sort_key = danish_sort_key("name")

    objects = TagQuerySet.as_manager()

    class Meta:
        verbose_name = _("emne")
        verbose_name_plural = _("emner")
        ordering: ClassVar = ["sort_key"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"),
                name="tag_slug_ascii",
                violation_error_message=_("Adressen må kun have små bogstaver a–z, tal og bindestreg."),
            )
        ]

    def __str__(self) -> str:
        return str(self.name)

    def slugify(self, tag: str, i: int | None = None) -> str:
        """The tag's slug with Danish letters spelt out; `i` numbers a second tag of the same slug."""
        slug: str = danish_slug(tag, max_length=80) or "emne"
        return f"{slug}-{i}" if i else slug

    def get_absolute_url(self) -> str:
        """The page of everything with the tag."""
        return reverse("catalogue:tag", args=[self.slug])


@pghistory.track()
class TagSynonym(models.Model):
    """Another word for a tag: found by search, and turned into the tag when somebody writes it."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="synonyms", verbose_name=_("emne"))
    name = models.CharField(_("ord"), max_length=100)

    class Meta:
        verbose_name = _("synonym")
        verbose_name_plural = _("synonymer")
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                models.functions.Lower("name"),
                name="tag_synonym_once",
                violation_error_message=_("Ordet er allerede synonym for et emne."),
            )
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class TaggedContent(ItemBase):
    """One tag on one content row."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="items", verbose_name=_("emne"))
    content_object = models.ForeignKey(
        "editorial.Content", on_delete=models.CASCADE, related_name="tagged_items"
    )

    class Meta:
        verbose_name = _("emne")
        verbose_name_plural = _("emner")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["content_object", "tag"], name="tag_once_per_content")
        ]


def resolve_tags(*, names: Iterable[str], create: bool = True) -> list[Tag]:
    """The tags that `names` mean, each once: by name or synonym whatever the case; unknown names become new tags.

    With create=False an unknown name raises Tag.DoesNotExist.
    """
    found: dict[int, Tag] = {}
    for name in (" ".join(n.split()) for n in names):
        if not name:
            continue
        tag = Tag.objects.filter(Q(name__iexact=name) | Q(synonyms__name__iexact=name)).order_by("pk").first()
        if tag is None and not create:
            raise Tag.DoesNotExist(name)
        if tag is None:
            tag = Tag(name=name)
            tag.save()
        found[tag.pk] = tag
    return list(found.values())


def tag_of_address(slug: str) -> Tag | None:
    """The tag that has a synonym with this slug: what the address of a merged tag leads to. None if there is none."""
    for synonym in TagSynonym.objects.select_related("tag").order_by("pk")[:SYNONYMS_READ]:
        if danish_slug(synonym.name) == slug:
            return synonym.tag
    return None

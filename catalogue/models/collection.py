"""Curated collections: an introduction, chapters, and entries in the order staff chose."""

from __future__ import annotations

from typing import ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from catalogue.models.entry import Entry
from editorial.models.subjects import slug_form


class CollectionQuerySet(models.QuerySet["Collection"]):
    """Collections as pages use them."""

    def published(self) -> Self:
        """Those anyone may read."""
        return self.filter(published=True)


@pghistory.track()
class Collection(models.Model):
    """A guided way into the catalogue."""

    slug = models.SlugField(_("adresse"), max_length=80, unique=True, validators=[slug_form])
    title = models.CharField(_("titel"), max_length=120)
    summary = models.CharField(_("resumé"), max_length=300, help_text=_("En-to sætninger til oversigten."))
    introduction = models.TextField(_("indledning"), blank=True)
    source = models.CharField(_("kilde"), max_length=300, blank=True)
    source_year = models.PositiveSmallIntegerField(_("kildens år"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("rækkefølge"), default=0)
    published = models.BooleanField(_("offentliggjort"), default=False)
    updated_at = models.DateTimeField(_("rettet"), auto_now=True)

    objects = CollectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("samling")
        verbose_name_plural = _("samlinger")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(slug__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"), name="collection_slug_ascii"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """The collection's page."""
        return reverse("catalogue:collection", args=[self.slug])


@pghistory.track()
class Chapter(models.Model):
    """A chapter of a collection."""

    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="chapters")
    title = models.CharField(_("kapitel"), max_length=120)
    introduction = models.TextField(_("indledning"), blank=True)
    position = models.PositiveSmallIntegerField(_("rækkefølge"), default=0)
    entries = models.ManyToManyField(Entry, through="catalogue.CollectionEntry", related_name="chapters")

    class Meta:
        verbose_name = _("kapitel")
        verbose_name_plural = _("kapitler")
        ordering: ClassVar = ["position", "id"]

    def __str__(self) -> str:
        return f"{self.collection}: {self.title}"


@pghistory.track()
class CollectionEntry(models.Model):
    """An entry's place in a chapter."""

    chapter = models.ForeignKey(
        Chapter, on_delete=models.CASCADE, related_name="items", verbose_name=_("kapitel")
    )
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="+", verbose_name=_("indlæg"))
    position = models.PositiveSmallIntegerField(_("rækkefølge"), default=0)

    class Meta:
        verbose_name = _("indlæg i kapitel")
        verbose_name_plural = _("indlæg i kapitlet")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["chapter", "entry"],
                name="entry_once_per_chapter",
                violation_error_message=_("Indlægget står allerede i kapitlet."),
            )
        ]

    def __str__(self) -> str:
        return str(self.entry)

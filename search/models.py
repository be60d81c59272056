"""One document per searchable row. Lists, facets, the map and /soeg/ are read from here."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from places.fields import danish_sort_key

CONFIG = "danish"
"""PostgreSQL's text search configuration (Snowball's Danish stemmer and stop words)."""


def _codes(verbose_name: str) -> ArrayField:
    return ArrayField(models.CharField(max_length=80), default=list, verbose_name=verbose_name)


class DocumentQuerySet(models.QuerySet["Document"]):
    """Documents as lists use them."""

    def visible(self) -> Self:
        """What anyone may find."""
        return self.filter(visible=True)

    def of_kind(self, kinds: tuple[str, ...]) -> Self:
        """Only these kinds."""
        return self.filter(kind__in=kinds)


class Document(models.Model):
    """What can be found of one content row or one workplace, and every value it can be filtered by.

    Written by search.index.put; `visible` is also kept by a trigger on the content's state.
    """

    content = models.OneToOneField(
        "editorial.Content",
        on_delete=models.CASCADE,
        null=True,
        related_name="document",
        verbose_name=_("indhold"),
    )
    workplace = models.OneToOneField(
        "places.Workplace",
        on_delete=models.CASCADE,
        null=True,
        related_name="document",
        verbose_name=_("arbejdsplads"),
    )
    kind = models.CharField(_("type"), max_length=20)
    visible = models.BooleanField(_("kan findes"), default=False)
    title = models.TextField(_("titel"))
    summary = models.TextField(_("resumé"), blank=True)
    keywords = models.TextField(_("emner og fagområder"), blank=True)
    names = models.TextField(_("arbejdspladser og steder"), blank=True)
    body = models.TextField(_("brødtekst"), blank=True)
    sectors = _codes("sektor")
    subject_areas = _codes("fagområder")
    tags = _codes("emner")
    values = _codes("værdi")
    innovation_types = _codes("innovationstype")
    status = models.CharField(_("status"), max_length=20, blank=True)
    area = models.CharField(
        _("sted"),
        max_length=4,
        blank=True,
        help_text=_("Kommunens kode, eller regionens, når det gælder den hele."),
    )
    years = ArrayField(models.SmallIntegerField(), default=list, verbose_name=_("år"))
    reuse_count = models.PositiveIntegerField(_("genbrugt"), default=0)
    published_at = models.DateTimeField(_("offentliggjort"), null=True)
    sort_key = danish_sort_key("title")
    vector = models.GeneratedField(
        expression=SearchVector("title", config=CONFIG, weight="A")
        + SearchVector("summary", "keywords", config=CONFIG, weight="B")
        + SearchVector("names", config=CONFIG, weight="C")
        + SearchVector("body", config=CONFIG, weight="D"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("søgedokument")
        verbose_name_plural = _("søgedokumenter")
        indexes: ClassVar = [
            GinIndex(fields=["vector"], name="document_vector"),
            GinIndex(fields=["sectors"], name="document_sectors"),
            GinIndex(fields=["subject_areas"], name="document_subjects"),
            GinIndex(fields=["tags"], name="document_tags"),
            GinIndex(fields=["values"], name="document_values"),
            GinIndex(fields=["innovation_types"], name="document_innovation_types"),
            GinIndex(fields=["years"], name="document_years"),
            models.Index(fields=["area"], name="document_area", condition=Q(visible=True)),
            models.Index(
                fields=["kind", "-published_at", "-id"], name="document_newest", condition=Q(visible=True)
            ),
            models.Index(fields=["kind", "sort_key", "id"], name="document_title", condition=Q(visible=True)),
            models.Index(
                fields=["kind", "-reuse_count", "-id"], name="document_reused", condition=Q(visible=True)
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(content__isnull=True, workplace__isnull=False)
                | Q(content__isnull=False, workplace__isnull=True),
                name="document_of_one_row",
            )
        ]

    def __str__(self) -> str:
        return self.title

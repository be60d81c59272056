"""One document per searchable row. Lists, facets, the map and /soeg/ are read from here."""

from __future__ import annotations

from typing import Any, ClassVar, Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from places.fields import danish_sort_key


def _codes(verbose_name: str) -> ArrayField:
    return ArrayField(models.CharField(max_length=80), default=list, verbose_name=verbose_name)


class TransactionId(models.Func):
    """The id of the transaction that asks (xid8)."""

    function = "pg_current_xact_id"


class TransactionIdField(models.Field):
    """PostgreSQL's xid8: which transaction wrote a row last. Written by the database alone."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "db_default": TransactionId(), "editable": False})

    def db_type(self, connection: Any) -> str:
        return "xid8"

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["db_default"], kwargs["editable"]
        return name, path, args, kwargs


class DocumentQuerySet(models.QuerySet["Document"]):
    """Documents as lists use them."""

    def visible(self) -> Self:
        """What anyone may find."""
        return self.filter(visible=True)

    def for_cards(self) -> Self:
        """With what cards and snippets need, without what only the mirror reads."""
        return self.only("content", "workplace", "kind", "title", "summary", "body")


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
    lat = models.FloatField(
        _("breddegrad"), null=True, help_text=_("Tom, når stedet kun kendes som en kommune eller region.")
    )
    lng = models.FloatField(_("længdegrad"), null=True)
    same_content = models.BigIntegerField(
        _("samme som indhold"),
        null=True,
        help_text=_("Det indhold, som er det samme eller kom ud af det her."),
    )
    same_workplace = models.BigIntegerField(_("samme som arbejdsplads"), null=True)
    years = ArrayField(models.SmallIntegerField(), default=list, verbose_name=_("år"))
    reuse_count = models.PositiveIntegerField(_("genbrugt"), default=0)
    published_at = models.DateTimeField(_("offentliggjort"), null=True)
    slug = models.TextField(_("adresse"), blank=True, default="", db_default="")
    owner = models.TextField(
        _("arbejdsplads"), blank=True, default="", db_default="",
        help_text=_("Under det navn, den havde dengang; for en arbejdsplads den, den hører under."),
    )  # fmt: skip
    closed_year = models.SmallIntegerField(_("lukket"), null=True)
    sort_key = danish_sort_key("title")
    plain = models.TextField(
        _("ord i rækkefølge"), blank=True, default="", db_default="",
        help_text=_("Hvert felts ord med små bogstaver og ét mellemrum imellem; her findes ordrette vendinger."),
    )  # fmt: skip
    words = models.TextField(
        _("ord"),
        blank=True,
        default="",
        db_default="",
        help_text=_("Hvert ord én gang, med mellemrum imellem."),
    )
    weights = ArrayField(
        models.PositiveSmallIntegerField(), default=list, db_default=[], verbose_name=_("ordenes vægt"),
        help_text=_("Ét tal for hvert ord; se search.postings.packed."),
    )  # fmt: skip
    changed = TransactionIdField(verbose_name=_("ændret i transaktion"))

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("søgedokument")
        verbose_name_plural = _("søgedokumenter")
        # Lists are not read from here but from the mirror (search/mirror.py), which asks what has changed.
        indexes: ClassVar = [models.Index(fields=["changed"], name="document_changed")]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="tells_mirrors",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                func="NEW.changed = pg_current_xact_id(); RETURN NEW;",
            ),
            pgtrigger.Trigger(
                name="tells_mirrors_it_is_gone",
                operation=pgtrigger.Delete,
                when=pgtrigger.After,
                func="INSERT INTO search_removed (document) VALUES (OLD.id); RETURN OLD;",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(content__isnull=True, workplace__isnull=False)
                | Q(content__isnull=False, workplace__isnull=True),
                name="document_of_one_row",
            ),
            models.CheckConstraint(
                condition=Q(lat__isnull=True, lng__isnull=True) | Q(lat__isnull=False, lng__isnull=False),
                name="document_point_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Removed(models.Model):
    """A document that was deleted, so that mirrors let go of it. Written by a trigger; the id is never used again."""

    document = models.BigIntegerField(primary_key=True)
    changed = TransactionIdField()

    class Meta:
        verbose_name = _("slettet søgedokument")
        verbose_name_plural = _("slettede søgedokumenter")
        indexes: ClassVar = [models.Index(fields=["changed"], name="removed_changed")]

    def __str__(self) -> str:
        return str(self.document)

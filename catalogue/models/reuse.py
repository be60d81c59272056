"""Who has reused an entry, how, and from whom: spreading as a tree."""

from __future__ import annotations

from typing import ClassVar, Self

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from catalogue.choices import ReuseKind, ReusePhase
from catalogue.models.entry import Entry
from editorial.fields import one_of
from editorial.models import QueueItem
from places.models import Workplace


class ReuseQuerySet(models.QuerySet["Reuse"]):
    """Reuse as pages count it."""

    def visible(self) -> Self:
        """Reuse that may be shown."""
        return self.filter(visible=True)

    def in_use(self) -> Self:
        """Reuse that counts as spread: shown, and in use."""
        return self.visible().filter(phase=ReusePhase.IN_USE)


@pghistory.track(exclude=["told_by", "item", "proposed"])
class Reuse(models.Model):
    """A workplace copied, adapted or was inspired by an entry; `parent` when it built on another's reuse."""

    entry = models.ForeignKey(
        Entry, on_delete=models.CASCADE, related_name="reuses", verbose_name=_("indlæg")
    )
    workplace = models.ForeignKey(
        Workplace, on_delete=models.PROTECT, related_name="reuses", verbose_name=_("arbejdsplads")
    )
    kind = models.CharField(_("hvordan"), max_length=12, choices=ReuseKind)
    phase = models.CharField(_("hvor langt"), max_length=12, choices=ReusePhase, default=ReusePhase.IN_USE)
    year = models.PositiveSmallIntegerField(_("år"), null=True, blank=True)
    what_changed = models.CharField(_("hvad de ændrede"), max_length=300, blank=True)
    result = models.CharField(_("hvad der kom ud af det"), max_length=500, blank=True)
    parent = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("bygger på"),
        help_text=_("Når de byggede på en andens udgave i stedet for den første."),
    )
    confirmed_on = models.DateField(_("bekræftet af dem, der begyndte"), null=True, blank=True)
    visible = models.BooleanField(_("vises"), default=True)
    uuid = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="told_reuses",
        verbose_name=_("fortalt af"),
    )
    item = models.ForeignKey(
        QueueItem,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="reuses",
        verbose_name=_("i køen"),
    )
    proposed = models.JSONField(
        _("foreslået rettelse"),
        default=dict,
        db_default=Value({}, models.JSONField()),
        blank=True,
        help_text=_("Venter på redaktionen; vises ikke."),
    )
    created_at = models.DateTimeField(_("fortalt"), db_default=Now())
    phase_since = models.DateField(_("i den fase siden"), null=True, blank=True)

    objects = ReuseQuerySet.as_manager()

    class Meta:
        verbose_name = _("genbrug")
        verbose_name_plural = _("genbrug")
        ordering: ClassVar = [F("year").asc(nulls_last=True), "id"]
        constraints: ClassVar = [
            one_of("kind", ReuseKind, name="reuse_kind_known"),
            one_of("phase", ReusePhase, name="reuse_phase_known"),
            models.UniqueConstraint(
                fields=["entry", "workplace"],
                name="reuse_once_per_workplace",
                violation_error_message=_("Arbejdspladsen står allerede som en, der genbruger."),
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="reuse_not_its_own_parent"),
            models.CheckConstraint(
                condition=Q(year__isnull=True) | Q(year__range=(1900, 2100)), name="reuse_year_plausible"
            ),
        ]

        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="not_ones_own",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("workplace_id", "entry_id"),
                func="""
                    IF EXISTS (
                        SELECT 1 FROM editorial_content WHERE id = NEW.entry_id AND owner_id = NEW.workplace_id
                    ) THEN
                        RAISE check_violation USING MESSAGE = 'a workplace does not reuse its own entry';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="parent_of_same_entry",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("parent_id", "entry_id"),
                condition=pgtrigger.Q(new__parent__isnull=False),
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM catalogue_reuse WHERE id = NEW.parent_id AND entry_id = NEW.entry_id
                    ) THEN
                        RAISE check_violation USING MESSAGE = 'reuse builds on reuse of the same entry';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.workplace}: {self.get_kind_display()}"

    @property
    def is_spread(self) -> bool:
        """Whether it counts as spread, as `in_use` has it: shown, and in use."""
        return self.visible and self.phase == ReusePhase.IN_USE

    def clean(self) -> None:
        super().clean()
        entry = self._state.fields_cache.get("entry") or Entry.objects.filter(pk=self.entry_id).first()
        if entry is not None and entry.owner_id is not None and entry.owner_id == self.workplace_id:
            raise ValidationError(
                {"workplace": _("Det er arbejdspladsens eget, så den kan ikke genbruge det.")}
            )
        if self.parent is not None and self.parent.entry_id != self.entry_id:
            raise ValidationError({"parent": _("Vælg genbrug af det samme indlæg.")})

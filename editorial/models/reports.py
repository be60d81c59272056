"""What readers report about content."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from editorial.fields import one_of
from editorial.models.content import Content
from editorial.models.queue import QueueItem


class ReportReason(models.TextChoices):
    """Why a reader reports something."""

    WRONG = "forkert", _("Noget er forkert")
    OUTDATED = "foraeldet", _("Det passer ikke længere")
    PRIVATE = "privat", _("Det viser private oplysninger")
    NAMED = "naevnt", _("Jeg er nævnt og vil ikke være det")
    OFFENSIVE = "kraenkende", _("Det er krænkende")
    COPYRIGHT = "rettigheder", _("Nogen andre har rettighederne til teksten eller billedet")
    OTHER = "andet", _("Noget andet")


class Report(models.Model):
    """A reader's report. Whoever wrote it is thanked, and told what came of it if they can be reached."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    content = models.ForeignKey(
        Content, on_delete=models.CASCADE, related_name="reports", verbose_name=_("indhold")
    )
    item = models.OneToOneField(
        QueueItem,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="report",
        verbose_name=_("i køen"),
    )
    reason = models.CharField(_("hvad er der galt"), max_length=12, choices=ReportReason)
    text = models.TextField(_("fortæl mere"), max_length=2000, blank=True)
    reporter = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("skrevet af"),
    )
    email = models.EmailField(
        _("e-mail"), blank=True, help_text=_("Kun til svar. Slettes, når sagen er lukket.")
    )
    created_at = models.DateTimeField(_("skrevet"), db_default=Now())

    class Meta:
        verbose_name = _("henvendelse")
        verbose_name_plural = _("henvendelser")
        ordering: ClassVar = ["-created_at", "-id"]
        default_permissions: ClassVar = ["view"]
        constraints: ClassVar = [
            one_of("reason", ReportReason, name="report_reason_known"),
            models.CheckConstraint(
                condition=~Q(reason=ReportReason.OTHER) | ~Q(text=""),
                name="report_other_is_told",
                violation_error_message=_("Skriv, hvad der er galt."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}: {self.content}"

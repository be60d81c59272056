"""»Spørg om det, der var svært«: a question to whoever speaks for an entry's workplace, through the portal."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from catalogue.models.entry import Entry
from catalogue.models.parts import HardQuestion
from editorial.fields import one_of
from editorial.models import QueueItem


class InquiryState(models.TextChoices):
    """Where a question is."""

    OPEN = "open", _("Venter på svar")
    ANSWERED = "answered", _("Besvaret")
    CLOSED = "closed", _("Lukket uden svar")


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    """Questions as pages read them."""

    def waiting(self) -> Self:
        """Those without an answer, the longest waiting first."""
        return self.filter(state=InquiryState.OPEN).order_by("passed_on_at", "id")


class Inquiry(models.Model):
    """One question and its answer. Addresses are never shown; it stands on the entry only when both have said yes."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entry = models.ForeignKey(
        Entry, on_delete=models.CASCADE, related_name="inquiries", verbose_name=_("indlæg")
    )
    asker = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="inquiries",
        verbose_name=_("spørger"),
    )
    question = models.TextField(_("spørgsmål"), max_length=2000, validators=[MaxLengthValidator(2000)])
    asker_agrees = models.BooleanField(_("spørgeren vil gerne have det vist"), default=False)
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="received_inquiries",
        verbose_name=_("hos"),
    )
    tried = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", blank=True, verbose_name=_("har haft det")
    )
    item = models.ForeignKey(
        QueueItem,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="inquiries",
        verbose_name=_("i køen"),
    )
    state = models.CharField(_("tilstand"), max_length=8, choices=InquiryState, default=InquiryState.OPEN)
    answer = models.TextField(_("svar"), max_length=4000, blank=True, validators=[MaxLengthValidator(4000)])
    answerer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="answered_inquiries",
        verbose_name=_("besvaret af"),
    )
    answerer_agrees = models.BooleanField(_("svareren vil gerne have det vist"), default=False)
    shown = models.OneToOneField(
        HardQuestion,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="inquiry",
        verbose_name=_("vist"),
    )
    created_at = models.DateTimeField(_("spurgt"), db_default=Now())
    passed_on_at = models.DateTimeField(_("hos modtageren siden"), db_default=Now())
    answered_at = models.DateTimeField(_("besvaret"), null=True, blank=True)

    objects = InquiryQuerySet.as_manager()

    class Meta:
        verbose_name = _("spørgsmål")
        verbose_name_plural = _("spørgsmål")
        ordering: ClassVar = ["-created_at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["passed_on_at", "id"], name="inquiry_waiting", condition=Q(state="open")),
        ]
        constraints: ClassVar = [
            one_of("state", InquiryState, name="inquiry_state_known"),
            models.CheckConstraint(condition=~Q(question__regex=r"^\s*$"), name="inquiry_has_question"),
            models.CheckConstraint(
                condition=(Q(state="answered") & ~Q(answer="") & Q(answered_at__isnull=False))
                | (~Q(state="answered") & Q(answered_at__isnull=True)),
                name="inquiry_answered_has_answer",
            ),
        ]

    def __str__(self) -> str:
        return self.question[:60]

"""The one queue of everything that waits for the editors, and the reasons they may give."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from editorial.choices import ANSWERS, Kind, Outcome, QueueKind
from editorial.fields import ChoiceArrayField, one_of
from editorial.models.change import Change
from editorial.models.content import Content
from places.models import Membership, Workplace


class QueueQuerySet(models.QuerySet["QueueItem"]):
    """The queue as its pages read it."""

    def waiting(self) -> Self:
        """What is not decided, oldest first."""
        return self.filter(decided_at__isnull=True).order_by("submitted_at", "id")

    def decided(self) -> Self:
        """What is decided."""
        return self.filter(decided_at__isnull=False)

    def answered(self) -> Self:
        """What was decided by an answer; what was taken back or has lapsed is not among it."""
        return self.filter(decided_at__isnull=False, outcome__in=ANSWERS)

    def with_row(self) -> Self:
        """With what a row of the queue shows, in the same query."""
        return self.select_related("content", "change", "sender", "workplace", "claimed_by")


class QueueItem(models.Model):
    """Something that waits: content for the first time, a change, a report, a role, … `kind` says which, and the
    handler of that kind (editorial.queue) knows what approving it means.

    What an item of a kind is about stands in `content`, `change`, `report` or `membership`; rows of areas above point
    at their item. `version` counts what happened to it, so that nobody decides what they have not seen. When it is sent
    again after questions, that is a new item; `snapshot` is how it looked when it was sent.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("slags"), max_length=12, choices=QueueKind)
    title = models.CharField(_("titel"), max_length=200)
    content = models.ForeignKey(
        Content,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="queue_items",
        verbose_name=_("indhold"),
    )
    change = models.ForeignKey(
        Change,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="queue_items",
        verbose_name=_("ændring"),
    )
    membership = models.ForeignKey(
        Membership,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="queue_items",
        verbose_name=_("rolle"),
    )
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="queue_items",
        verbose_name=_("afsender"),
    )
    workplace = models.ForeignKey(
        Workplace,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("arbejdsplads"),
    )
    snapshot = models.JSONField(_("som det blev sendt"), encoder=DjangoJSONEncoder, default=dict, blank=True)
    signals = models.JSONField(_("signaler"), default=list, blank=True)
    submitted_at = models.DateTimeField(_("sendt"), db_default=Now())
    due_on = models.DateField(_("svar senest"), null=True, blank=True)
    facts_until = models.DateField(
        _("arbejdspladsen kan rette fakta til og med"),
        null=True,
        blank=True,
        help_text=_("Tom: ingen arbejdsplads er spurgt. Tavshed er ikke et nej."),
    )
    claimed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="claimed_items",
        verbose_name=_("hos"),
    )
    claimed_at = models.DateTimeField(_("taget"), null=True, blank=True)
    decided_at = models.DateTimeField(_("behandlet"), null=True, blank=True)
    decided_by_key = models.UUIDField(_("behandlet af"), null=True, blank=True)
    outcome = models.CharField(_("udfald"), max_length=10, choices=Outcome, blank=True)
    journal = models.CharField(
        _("journalnummer"), max_length=40, blank=True, default="", db_default="",
        help_text=_("Sagens nummer i centrets journalsystem."),
    )  # fmt: skip
    filed_at = models.DateTimeField(_("journaliseret"), null=True, blank=True)
    version = models.PositiveIntegerField(default=1, db_default=1)

    objects = QueueQuerySet.as_manager()

    class Meta:
        verbose_name = _("i køen")
        verbose_name_plural = _("køen")
        ordering: ClassVar = ["submitted_at", "id"]
        default_permissions: ClassVar = ["view", "change"]
        indexes: ClassVar = [
            models.Index(
                fields=["submitted_at", "id"], name="queue_waiting", condition=Q(decided_at__isnull=True)
            ),
            models.Index(fields=["-decided_at"], name="queue_decided", condition=Q(decided_at__isnull=False)),
        ]
        constraints: ClassVar = [
            one_of("kind", QueueKind, name="queue_kind_known"),
            one_of("outcome", Outcome, name="queue_outcome_known", blank=True),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, outcome="")
                | (Q(decided_at__isnull=False) & ~Q(outcome="")),
                name="queue_decided_has_outcome",
            ),
            models.CheckConstraint(
                condition=Q(filed_at__isnull=True, journal="")
                | (Q(filed_at__isnull=False, decided_at__isnull=False) & ~Q(journal="")),
                name="queue_filed_is_decided",
            ),
            models.CheckConstraint(
                condition=Q(claimed_by__isnull=True) | Q(claimed_at__isnull=False),
                name="queue_claim_has_time",
            ),
            models.CheckConstraint(
                condition=(Q(kind=QueueKind.CHANGE) & Q(change__isnull=False))
                | (~Q(kind=QueueKind.CHANGE) & Q(change__isnull=True)),
                name="queue_change_has_change",
            ),
            models.UniqueConstraint(
                fields=["content", "kind"],
                condition=Q(decided_at__isnull=True, kind__in=[QueueKind.CONTENT, QueueKind.WITHDRAWAL]),
                name="queue_content_waits_once",
            ),
            models.CheckConstraint(
                condition=(Q(kind=QueueKind.MEMBERSHIP) & Q(membership__isnull=False))
                | (~Q(kind=QueueKind.MEMBERSHIP) & Q(membership__isnull=True)),
                name="queue_membership_has_role",
            ),
            models.UniqueConstraint(
                fields=["membership"],
                condition=Q(decided_at__isnull=True),
                name="queue_membership_waits_once",
            ),
            models.UniqueConstraint(
                fields=["change"], condition=Q(decided_at__isnull=True), name="queue_change_waits_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has decided it."""
        return self.decided_at is None

    def decided_by(self) -> User | None:
        """Whoever decided; None for the portal itself, or when the account is gone. One query."""
        return User.objects.filter(key=self.decided_by_key).first() if self.decided_by_key else None


class LetterQuerySet(models.QuerySet["Letter"]):
    """Letters as pages read them."""

    def for_sender(self) -> Self:
        """What the sender may read: the editors' letters and their own, not what others wrote to the editors."""
        return self.filter(from_others=False)


class Letter(models.Model):
    """What editors and sender wrote to each other about a matter: questions, answers, reasons. Kept with the matter."""

    item = models.ForeignKey(
        QueueItem, on_delete=models.CASCADE, related_name="letters", verbose_name=_("sag")
    )
    from_editors = models.BooleanField(_("fra redaktionen"))
    from_others = models.BooleanField(
        _("fra andre end afsenderen"),
        default=False,
        db_default=False,
        help_text=_("For eksempel arbejdspladsen. Kun redaktionen ser det."),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="letters",
        verbose_name=_("skrevet af"),
    )
    text = models.TextField(_("tekst"), max_length=4000)
    created_at = models.DateTimeField(_("skrevet"), db_default=Now())

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("brev")
        verbose_name_plural = _("breve")
        ordering: ClassVar = ["created_at", "id"]
        default_permissions: ClassVar = ["view"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text__regex=r"^\s*$"), name="letter_has_text"),
            models.CheckConstraint(
                condition=Q(from_editors=False) | Q(from_others=False), name="letter_from_one_side"
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]


class StandardReason(models.Model):
    """A reason that editors often give; they add words of their own."""

    title = models.CharField(_("kort"), max_length=80, unique=True)
    text = models.TextField(_("tekst"), max_length=1000, help_text=_("Sådan får afsenderen den."))
    outcome = models.CharField(_("bruges til"), max_length=10, choices=Outcome, default=Outcome.REJECTED)
    kinds = ChoiceArrayField(Kind, verbose_name=_("kun til"), help_text=_("Ingen krydser: til alt."))
    is_active = models.BooleanField(_("kan vælges"), default=True)
    position = models.PositiveSmallIntegerField(_("rækkefølge"), default=0)

    class Meta:
        verbose_name = _("begrundelse")
        verbose_name_plural = _("begrundelser")
        ordering: ClassVar = ["position", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(outcome__in=[Outcome.RETURNED, Outcome.REJECTED]),
                name="reason_for_no_or_question",
            ),
        ]

    def __str__(self) -> str:
        return self.title

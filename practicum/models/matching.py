"""Runs of a round's matching, what each came to, what the editors have fixed, and a finished round's public figures."""

from __future__ import annotations

import uuid
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from editorial.fields import one_of
from guards.cpr import refuse_cpr
from practicum.choices import UNFINISHED, PinKind, RunState
from practicum.matching.result import Origin as Made
from practicum.models.application import Application
from practicum.models.offer import Offer
from practicum.models.round import Round


class MatchRunQuerySet(models.QuerySet["MatchRun"]):
    """Runs as pages and jobs use them."""

    def finished(self) -> Self:
        """Those that have come to something, the newest first."""
        states = (RunState.READY, RunState.SENT, RunState.REPLACED)
        return self.filter(state__in=states).order_by("-number")

    def unfinished(self) -> Self:
        """Those that somebody waits for."""
        return self.filter(state__in=UNFINISHED)


class MatchRun(models.Model):
    """One run: a proposal, until it is sent. What it was worked out by stands with it; its lines say what came of it.

    `pins` are what the editors had fixed when it ran, as [application, offer, kind]; `blocking` the pairs that would
    both rather have each other, as [application, offer, cause]; `seats_left` is offer → seats; keys are uuids.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="runs", verbose_name=_("runde"))
    number = models.PositiveSmallIntegerField(_("nummer"))
    state = models.CharField(_("tilstand"), max_length=8, choices=RunState, default=RunState.WAITING)
    weights = models.JSONField(_("vægte"))
    pins = models.JSONField(default=list)
    done = models.PositiveIntegerField(_("færdig"), default=0)
    total = models.PositiveIntegerField(_("i alt"), default=0)
    figures = models.JSONField(_("tal"), default=dict)
    blocking = models.JSONField(default=list)
    seats_left = models.JSONField(default=dict)
    error = models.CharField(_("fejl"), max_length=300, blank=True)
    made_by_key = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField(_("bestilt"), db_default=Now())
    finished_at = models.DateTimeField(_("færdig"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sendt"), null=True, blank=True)

    objects = MatchRunQuerySet.as_manager()

    class Meta:
        verbose_name = _("parring")
        verbose_name_plural = _("parringer")
        ordering: ClassVar = ["-number"]
        default_permissions: ClassVar = []
        constraints: ClassVar = [
            one_of("state", RunState, name="matchrun_state_known"),
            models.UniqueConstraint(fields=["round", "number"], name="matchrun_number_once"),
            models.UniqueConstraint(
                fields=["round"],
                condition=Q(state__in=UNFINISHED),
                name="matchrun_one_at_a_time",
                violation_error_message=_("Parringen er allerede ved at blive regnet ud."),
            ),
            models.UniqueConstraint(
                fields=["round"],
                condition=Q(state=RunState.SENT),
                name="matchrun_one_sent",
                violation_error_message=_("Et andet forslag er allerede sendt."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[RunState.SENT, RunState.REPLACED]) | Q(sent_at__isnull=False),
                name="matchrun_sent_at",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} ({self.number})"

    @property
    def is_unfinished(self) -> bool:
        """Whether somebody waits for it."""
        return self.state in UNFINISHED

    @property
    def is_sent(self) -> bool:
        """Whether guests and hosts have been told of it."""
        return self.sent_at is not None


class MatchLine(models.Model):
    """What a run says of an application: a place, or none (`offer` is empty). `facts` and `missed` are the reasons,
    as codes; practicum.running.lines makes a Match or Unmatched of them again."""

    run = models.ForeignKey(MatchRun, on_delete=models.CASCADE, related_name="lines")
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="match_lines")
    offer = models.ForeignKey(
        Offer, on_delete=models.CASCADE, null=True, blank=True, related_name="match_lines"
    )
    made = models.CharField(
        _("hvordan"), max_length=8, choices=[(made.value, made.value) for made in Made], blank=True
    )
    wish = models.PositiveSmallIntegerField(_("ønske nr."), null=True, blank=True)
    score = models.JSONField(_("point"), default=dict)
    facts = models.JSONField(default=dict)
    missed = models.JSONField(default=list)

    class Meta:
        verbose_name = _("par i en parring")
        verbose_name_plural = _("par i en parring")
        ordering: ClassVar = ["id"]
        default_permissions: ClassVar = []
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "application"], name="matchline_once"),
            models.CheckConstraint(
                condition=Q(offer__isnull=True, made="", wish__isnull=True)
                | Q(offer__isnull=False, made__in=[made.value for made in Made]),
                name="matchline_place_or_none",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.run}: {self.application}"


class MatchPin(models.Model):
    """That the editors have put a guest and a place together, or ruled them out, and why."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="pins", verbose_name=_("runde"))
    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="pins", verbose_name=_("ansøgning")
    )
    offer = models.ForeignKey(
        Offer, on_delete=models.CASCADE, related_name="pins", verbose_name=_("praktikplads")
    )
    kind = models.CharField(_("hvad"), max_length=8, choices=PinKind)
    reason = models.CharField(_("hvorfor"), max_length=300, validators=[refuse_cpr])
    made_by_key = models.UUIDField(null=True, editable=False)
    created_at = models.DateTimeField(_("bestemt"), db_default=Now())

    class Meta:
        verbose_name = _("rettelse i parringen")
        verbose_name_plural = _("rettelser i parringen")
        ordering: ClassVar = ["created_at", "id"]
        default_permissions: ClassVar = []
        constraints: ClassVar = [
            one_of("kind", PinKind, name="matchpin_kind_known"),
            models.UniqueConstraint(
                fields=["application", "offer"],
                name="matchpin_pair_once",
                violation_error_message=_("Der er allerede bestemt noget om netop de to."),
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(kind=PinKind.FIXED),
                name="matchpin_one_place",
                violation_error_message=_(
                    "Gæsten er allerede sat sammen med en plads. Fjern den rettelse først."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(reason__regex=r"^\s*$"),
                name="matchpin_has_a_reason",
                violation_error_message=_("Skriv hvorfor."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.uuid)


class RoundFigures(models.Model):
    """The public figures of a round that is over, as they were then. They stay when applications are deleted, and
    nobody can work out from one day to the next who was."""

    round = models.OneToOneField(Round, on_delete=models.CASCADE, related_name="public_figures")
    lines = models.JSONField(default=list)
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("rundens offentlige tal")
        verbose_name_plural = _("rundens offentlige tal")
        default_permissions: ClassVar = []

    def __str__(self) -> str:
        return str(self.round)

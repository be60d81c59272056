"""Where an application is and what comes next, in words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from editorial.clock import coi_now
from practicum.choices import Answer, ApplicationState
from practicum.models import Application, LeaderApproval


@dataclass(frozen=True)
class Next:
    """What comes next: a sentence, and for what the guest does themself an address with its label."""

    sentence: str
    url: str = ""
    label: str = ""

    @property
    def is_mine(self) -> bool:
        """Whether the guest has to do it."""
        return bool(self.url)


def _day(day: dt.date) -> str:
    return formats.date_format(day, "j. F Y")


def next_step(application: Application, *, is_open: bool, now: dt.datetime | None = None) -> Next:
    """What comes next. `is_open`: its guest may write in it. Uses `approvals` if they are there already."""
    page = reverse("practicum:application", args=[application.uuid])
    send = reverse("practicum:application_send", args=[application.uuid])
    state = application.state
    if state == ApplicationState.DRAFT:
        if not is_open:
            return Next(_("Runden er lukket for ansøgninger, og din ansøgning blev ikke sendt."))
        if said := _no(application):
            return Next(said, page, _("Ret ansøgningen"))
        if application.missing():
            return Next(_("Skriv den færdig, og send den til din leder."), page, _("Skriv videre"))
        return Next(_("Den er klar til at blive sendt til din leder."), send, _("Send til din leder"))
    if state == ApplicationState.LEADER:
        return _of_leader(application, send if is_open else "", now or coi_now())
    if state == ApplicationState.READY:
        return Next(_ready(application, is_open=is_open))
    return Next(
        {
            ApplicationState.PLACED: _("Du har en plads."),
            ApplicationState.WITHDRAWN: _("Du har trukket den tilbage. Ingen værter ser den."),
            ApplicationState.CLOSED: _("Du fik ikke en plads denne gang. Det tæller med næste år."),
        }[ApplicationState(state)]
    )


def _of_leader(application: Application, send: str, now: dt.datetime) -> Next:
    """What the leader was asked last, and what became of it."""
    last = _last(application)
    if not send:
        return Next(_("Runden er lukket for ansøgninger, og din leder har ikke sagt ja."))
    if last is None or (last.answer in ("", Answer.DELEGATED) and last.expires_at <= now):
        return Next(
            _("Din leder svarede ikke i tide. Spørg igen, eller spørg en anden leder."), send, _("Spørg igen")
        )
    if said := _no(application):
        return Next(said, send, _("Spørg igen"))
    if last.answer == Answer.YES:
        return Next(_("Du har rettet dagene. Din leder skal sige ja til dem."), send, _("Spørg din leder"))
    told = {"email": last.email, "day": _day(timezone.localdate(last.asked_at))}
    return Next(
        _("Vi spurgte %(email)s den %(day)s og minder om det. Du får besked, når der er svar.") % told
    )


def _last(application: Application) -> LeaderApproval | None:
    """What a leader was asked last."""
    return max(application.approvals.all(), key=lambda row: (row.asked_at, row.pk), default=None)


def _no(application: Application) -> str:
    """The leader's no, if that is what was answered last."""
    last = _last(application)
    if last is None or last.answer != Answer.NO:
        return ""
    return (
        _("Din leder kan ikke sige ja: »%s« Tal med din leder, ret ansøgningen, og spørg igen.") % last.reason
    )


def _ready(application: Application, *, is_open: bool) -> str:
    row = application.round
    if row is None:
        return _("Din leder har sagt ja. Værten kan læse din ansøgning nu.")
    if is_open:
        return _(
            "Din leder har sagt ja. Du kan rette i dine ønsker til og med den %(day)s. Så parrer vi."
        ) % {"day": _day(row.applications_until)}
    return _("Din leder har sagt ja. Vi parrer gæster og værter, og alle har svar senest den %(day)s.") % {
        "day": _day(row.answers_until)
    }

"""Asking for a seat and answering: each locks the place first, then the request, and says no in a sentence."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from editorial.choices import State
from editorial.clock import CoiNow, coi_today
from editorial.models.querysets import TransitionError
from practicum.choices import OPEN_REQUESTS, ApplicationState, RequestState, SeatWay, Side
from practicum.days import days_in_words, within
from practicum.direct.waiting import (
    free_seats,
    has_another,
    hold,
    locked_application,
    locked_offer,
    place_in_list,
)
from practicum.models import Application, DirectRequest, Offer, RequestMessage, Stay
from practicum.staying.telling import tell_guest, tell_hosts

MESSAGES = 100
"""What the two write to each other about one request, at most."""
UNANSWERED = (RequestState.SENT, RequestState.ASKED, RequestState.WAITING)
"""States in which the host can still say yes or no."""


def may_be_used(application: Application, offer: Offer) -> bool:
    """Whether an application can ask for a place: of the same round, or one of them is outside the rounds."""
    return application.state == ApplicationState.READY and (
        offer.round_id is None or application.round_id in (None, offer.round_id)
    )


@transaction.atomic
def ask_for_seat(*, offer: Offer, application: Application, text: str) -> DirectRequest:
    """Ask for a seat, or for a place in the waiting list when none is free. Raises TransitionError."""
    offer = locked_offer(offer.pk)
    application = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if offer.state != State.PUBLISHED or not offer.seats.filter(way=SeatWay.DIRECT).exists():
        raise TransitionError(_("Pladsen kan ikke aftales direkte mere."))
    if application.state == ApplicationState.PLACED:
        raise TransitionError(_("Du har allerede en plads."))
    if not may_be_used(application, offer):
        raise TransitionError(_("Din leder skal have sagt ja til ansøgningen først."))
    if application.workplace_id == offer.owner_id:
        raise TransitionError(_("Du kan ikke besøge din egen arbejdsplads."))
    is_free = free_seats(offer).exists()
    request = DirectRequest(application=application, offer=offer, waits_from=CoiNow())
    if not is_free:
        request.state, request.waiting_since = RequestState.WAITING, CoiNow()
    try:
        with transaction.atomic():
            request.save()
    except IntegrityError as error:
        raise TransitionError(_("Du har allerede søgt pladsen.")) from error
    if text.strip():
        _write(request, Side.GUEST, text, application.guest)
    subject = _("Ny ansøgning: %s") % offer.title
    told = _("En medarbejder fra %s vil gerne besøge jer. Du kan sige ja, sige nej eller spørge om noget.")
    if not is_free:
        subject = _("Ny på ventelisten: %s") % offer.title
        told = _(
            "En medarbejder fra %s venter på en plads. Siger du ja nu, får gæsten en plads, når det bliver gæstens tur."
        )
    tell_hosts(offer, subject=subject, text=told % application.workplace.name, url=request.get_absolute_url())
    request.refresh_from_db()
    return request


def _locked(request: DirectRequest) -> DirectRequest:
    """The request as it is now, with its place locked before it."""
    locked_offer(request.offer_id)
    locked_application(request.application_id)
    rows = DirectRequest.objects.select_for_update(of=("self",)).select_related(
        "application__guest", "application__workplace", "offer__owner", "offer__round"
    )
    return rows.get(pk=request.pk)


def _unanswered(request: DirectRequest) -> DirectRequest:
    request = _locked(request)
    if request.state not in UNANSWERED:
        raise TransitionError(
            _("Ansøgningen er allerede besvaret: %s.") % request.get_state_display().lower()
        )
    return request


def check_days(request: DirectRequest, first: dt.date, last: dt.date) -> None:
    """Raise ValidationError, with the fields' names, unless guest, leader and host can on these days."""
    application, offer = request.application, request.offer
    if last < first:
        raise ValidationError({"ends_on": _("Den sidste dag kan ikke ligge før den første.")})
    if first <= coi_today():
        raise ValidationError({"starts_on": _("Den første dag kan tidligst være i morgen.")})
    days = within(application.possible_days, first, last)
    if first not in days or last not in days:
        name = "starts_on" if first not in days else "ends_on"
        raise ValidationError({name: _("Vælg en af de dage, gæsten kan.")})
    if len(days) > application.days:
        raise ValidationError(
            {"ends_on": _("Gæstens leder har sagt ja til højst %s dage.") % application.days}
        )
    if (offer.starts_on and first < offer.starts_on) or (offer.ends_on and last > offer.ends_on):
        assert offer.starts_on is not None and offer.ends_on is not None
        name = "starts_on" if first < offer.starts_on else "ends_on"
        raise ValidationError(
            {name: _("I har slået pladsen op til %s.") % days_in_words(offer.starts_on, offer.ends_on)}
        )


@transaction.atomic
def accept(*, request: DirectRequest, first: dt.date, last: dt.date) -> Stay | None:
    """The host says yes to these days: the seat is held for the guest, or None when the guest waits for one.

    Raises TransitionError when it is answered already or the guest has a seat elsewhere, ValidationError for the days.
    """
    request = _unanswered(request)
    if request.application.state != ApplicationState.READY:
        raise has_another()
    check_days(request, first, last)
    said_already = request.state == RequestState.WAITING and (request.starts_on, request.ends_on) == (
        first,
        last,
    )
    DirectRequest.objects.filter(pk=request.pk).update(starts_on=first, ends_on=last)
    request.starts_on, request.ends_on = first, last
    seat = free_seats(request.offer).first()
    if seat is not None:
        return hold(request, seat)
    if said_already:  # and the guest has been told
        return None
    request.waiting_since = request.waiting_since or CoiNow()
    request.state, request.answered_at = RequestState.WAITING, CoiNow()
    request.save(update_fields=["waiting_since", "state", "answered_at"])
    request.refresh_from_db()
    tell_guest(
        request.application.guest,
        subject=_("Værten siger ja, når der bliver plads: %s") % request.offer.title,
        text=_(
            "Alle pladser er taget lige nu. Du er nummer %(place)s på ventelisten og får en plads, når det bliver din "
            "tur: %(when)s."
        )
        % {"place": place_in_list(request), "when": days_in_words(first, last)},
        url=request.get_absolute_url(),
    )
    return None


@transaction.atomic
def decline(*, request: DirectRequest, reason: str) -> None:
    """The host says no, and why."""
    request = _unanswered(request)
    DirectRequest.objects.filter(pk=request.pk).update(
        state=RequestState.DECLINED, reason=reason.strip(), answered_at=CoiNow()
    )
    tell_guest(
        request.application.guest,
        subject=_("Værten kunne ikke: %s") % request.offer.title,
        text=_("%(reason)s\n\nDin ansøgning gælder stadig, så du kan søge en anden plads.")
        % {"reason": reason.strip()},
        url=request.get_absolute_url(),
    )


@transaction.atomic
def write_message(*, request: DirectRequest, side: Side, text: str, author: User) -> RequestMessage:
    """One of the two writes to the other. A host's question waits for the guest, a guest's answer for the host."""
    request = _locked(request)
    if request.state not in OPEN_REQUESTS:
        raise TransitionError(_("Ansøgningen er lukket, så der kan ikke skrives mere her."))
    if request.messages.count() >= MESSAGES:
        raise TransitionError(_("Der er skrevet mange gange frem og tilbage. Sig ja eller nej i stedet."))
    row = _write(request, side, text, author)
    answers = {
        Side.HOST: (RequestState.SENT, RequestState.ASKED),
        Side.GUEST: (RequestState.ASKED, RequestState.SENT),
    }
    before, after = answers[side]
    DirectRequest.objects.filter(pk=request.pk, state=before).update(
        state=after, waits_from=CoiNow(), reminders=0
    )
    told = {"title": request.offer.title}
    if side == Side.HOST:
        tell_guest(
            request.application.guest, subject=_("Værten har skrevet til dig: %(title)s") % told, text=text,
            url=request.get_absolute_url(),
        )  # fmt: skip
    else:
        tell_hosts(
            request.offer, subject=_("Gæsten har skrevet: %(title)s") % told, text=text,
            url=request.get_absolute_url(),
        )  # fmt: skip
    return row


def _write(request: DirectRequest, side: Side, text: str, author: User) -> RequestMessage:
    row = RequestMessage(request=request, side=side, text=text.strip(), author=author)
    row.full_clean()
    row.save()
    return row


@transaction.atomic
def withdraw(*, request: DirectRequest) -> None:
    """The guest takes it back before the host has offered a seat."""
    request = _unanswered(request)
    DirectRequest.objects.filter(pk=request.pk).update(state=RequestState.WITHDRAWN)
    tell_hosts(
        request.offer,
        subject=_("Ansøgningen er trukket tilbage: %s") % request.offer.title,
        text=_("Gæsten fra %s søger ikke længere pladsen.") % request.application.workplace.name,
        url=request.get_absolute_url(),
    )

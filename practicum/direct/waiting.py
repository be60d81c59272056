"""Holding a seat for a guest, and the waiting list. The caller has locked the place (`locked_offer`)."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import formats
from django.utils.translation import gettext as _

from editorial.choices import State
from editorial.clock import CoiNow, coi_today
from editorial.models.querysets import TransitionError
from editorial.working_days import add_working_days
from practicum.choices import ApplicationState, Origin, RequestState, SeatWay, StayState
from practicum.days import days_in_words, within
from practicum.models import Application, DirectRequest, Offer, Seat, Stay
from practicum.staying.telling import tell_guest, tell_hosts

HOLD = 5
"""Working days that a seat is held for a guest."""
COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def taken() -> TransitionError:
    """Said when somebody else was first."""
    return TransitionError(_("Pladsen er lige blevet taget."))


def has_another() -> TransitionError:
    """Said when the guest has a seat, or one is held for them, elsewhere."""
    return TransitionError(
        _("Gæsten har lige fået en plads eller et tilbud et andet sted og kan ikke tage imod denne plads nu.")
    )


def locked_offer(pk: int) -> Offer:
    """The place, locked: whatever changes who has its seats waits here."""
    return Offer.objects.select_for_update(of=("self",)).get(pk=pk)


def locked_application(pk: int, *, skip: bool = False) -> Application | None:
    """The application, locked, after its place: what a guest has and asks for changes one thing at a time.

    With `skip` None when another has it: whoever has one application and asks for the next waits for nobody.
    """
    rows = Application.objects.select_for_update(of=("self",), skip_locked=skip)
    return rows.filter(pk=pk).first()


def hold_until(first: dt.date) -> dt.datetime:
    """The midnight at which a seat that is offered now goes on; at the latest when its first day begins."""
    day = min(add_working_days(coi_today(), HOLD) + dt.timedelta(days=1), first)
    return dt.datetime.combine(day, dt.time(), COPENHAGEN)


def free_seats(offer: Offer) -> QuerySet[Seat]:
    """Free seats that are agreed on directly, the first first."""
    return offer.seats.free().filter(way=SeatWay.DIRECT).order_by("number")


def waiting_list(offer: Offer) -> QuerySet[DirectRequest]:
    """Those who wait for a seat, the first first."""
    rows = DirectRequest.objects.filter(offer=offer, state=RequestState.WAITING)
    return rows.order_by("waiting_since", "pk")


def place_in_list(request: DirectRequest) -> int:
    """Which number somebody who waits has. One query."""
    earlier = Q(waiting_since__lt=request.waiting_since) | Q(
        waiting_since=request.waiting_since, pk__lt=request.pk
    )
    return waiting_list(request.offer).filter(earlier).count() + 1


def hold(request: DirectRequest, seat: Seat) -> Stay:
    """Offer a guest a seat on the days that the host has said yes to, and tell them. Raises TransitionError.

    Two unique indexes decide, whoever else is at it: one guest on a seat, one seat for an application.
    """
    assert request.starts_on is not None and request.ends_on is not None
    application, offer = request.application, request.offer
    days = len(within(application.possible_days, request.starts_on, request.ends_on))
    stay = Stay(
        offer=offer, seat=seat, round=offer.round, application=application, guest=application.guest,
        guest_workplace=application.workplace, origin=Origin.DIRECT, state=StayState.OFFERED,
        starts_on=request.starts_on, ends_on=request.ends_on, days=days, held_until=hold_until(request.starts_on),
        host_accepted_at=CoiNow(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            stay.save()
    except IntegrityError as error:
        raise (has_another() if "stay_one_per_application" in str(error) else taken()) from error
    DirectRequest.objects.filter(pk=request.pk).update(
        state=RequestState.OFFERED, answered_at=CoiNow(), waits_from=CoiNow(), reminders=0
    )
    stay.refresh_from_db()
    assert stay.answer_by is not None
    tell_guest(
        stay.guest,
        subject=_("Der er en plads til dig: %s") % offer.title,
        text=_(
            "%(host)s siger ja til, at du besøger dem %(when)s. Pladsen er din, hvis du bekræfter senest %(day)s. "
            "Ellers går den videre til en anden."
        )
        % {
            "host": offer.owner.name if offer.owner else offer.title,
            "when": stay.when,
            "day": formats.date_format(stay.answer_by, "j. F Y"),
        },
        url=stay.get_absolute_url(),
    )
    return stay


def offer_next(offer: Offer) -> int:
    """Give free seats to those who wait, in their order; returns how many were offered or put before the host.

    Whom the host has said yes to is offered the seat; who has had no answer yet stands before the host again, and the
    seat waits for that answer.
    """
    if offer.state != State.PUBLISHED:
        return 0
    free = list(free_seats(offer))
    claims = DirectRequest.objects.filter(
        offer=offer, state__in=(RequestState.SENT, RequestState.ASKED), waiting_since__isnull=False
    ).count()
    done = 0
    tomorrow = coi_today() + dt.timedelta(days=1)
    rows = waiting_list(offer).select_related(
        "application__guest", "application__workplace", "offer__owner", "offer__round"
    )
    for request in rows:
        if done + claims >= len(free):
            break
        application = locked_application(request.application_id, skip=True)
        if application is None:  # somebody is at it this moment; the job takes the list up again
            break
        if application.state != ApplicationState.READY:
            continue
        seat = free[done]
        if request.starts_on is not None and request.starts_on >= tomorrow and _can_still(request):
            try:
                hold(request, seat)
            except (
                TransitionError
            ):  # a seat elsewhere is held for them: the next is asked, and they stay in the list
                continue
        else:
            _before_the_host(request)
        done += 1
    return done


def _can_still(request: DirectRequest) -> bool:
    """Whether the guest can on the days that the host has said yes to, also after changing the application since."""
    application, first, last = request.application, request.starts_on, request.ends_on
    if first is None or last is None:
        return False
    days = within(application.possible_days, first, last)
    return {first, last} <= set(days) and len(days) <= application.days


def _before_the_host(request: DirectRequest) -> None:
    DirectRequest.objects.filter(pk=request.pk).update(
        state=RequestState.SENT, waits_from=CoiNow(), reminders=0, starts_on=None, ends_on=None
    )
    tell_hosts(
        request.offer,
        subject=_("En plads er blevet ledig: %s") % request.offer.title,
        text=_("Den næste på ventelisten er fra %s og venter på dit svar.")
        % request.application.workplace.name,
        url=request.get_absolute_url(),
    )
    tell_guest(
        request.application.guest,
        subject=_("En plads er blevet ledig: %s") % request.offer.title,
        text=_("Du er den næste på ventelisten. Værten har fået besked og svarer dig."),
        url=request.get_absolute_url(),
    )


def with_someone_waiting() -> QuerySet[Offer]:
    """Places with a free seat that somebody waits for."""
    seats = Seat.objects.free().filter(offer=OuterRef("pk"), way=SeatWay.DIRECT)
    waiting = DirectRequest.objects.filter(offer=OuterRef("pk"), state=RequestState.WAITING)
    return Offer.objects.published().filter(Exists(seats), Exists(waiting))


def days_of(request: DirectRequest) -> str:
    """The days that the host has said yes to, in words; empty before."""
    if request.starts_on is None or request.ends_on is None:
        return ""
    return days_in_words(request.starts_on, request.ends_on)

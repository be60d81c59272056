"""Saying yes or no to a stay, cancelling it, and what follows for the seat, the application and those who wait.

Each locks the place first, then the stay, then the application: so two at once come one after the other.
"""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from editorial.clock import CoiNow, CoiToday, coi_now, coi_today
from editorial.models.querysets import TransitionError
from notices.events import Event
from notices.sending import tell_staff
from practicum.choices import (
    OPEN_REQUESTS,
    ApplicationState,
    RequestState,
    SeatWay,
    Side,
    StayState,
)
from practicum.direct.waiting import locked_application, locked_offer, offer_next
from practicum.models import Application, DirectRequest, Offer, Seat, Stay
from practicum.staying.telling import other, tell_both, tell_hosts, tell_leader, tell_side

SUGGESTED = 3
"""Other places that a guest is shown when a stay falls away."""


def locked_stay(stay: Stay) -> Stay:
    """The stay as it is now, with its place locked before it."""
    locked_offer(stay.offer_id)
    if stay.application_id is not None:
        locked_application(stay.application_id)
    rows = Stay.objects.select_for_update(of=("self",)).select_related(
        "offer__owner", "offer__round", "seat", "guest", "guest_workplace", "application"
    )
    return rows.get(pk=stay.pk)


def _still_offered(stay: Stay) -> Stay:
    stay = locked_stay(stay)
    if stay.state != StayState.OFFERED:
        raise TransitionError(_("Opholdet er allerede besvaret: %s.") % stay.get_state_display().lower())
    return stay


@transaction.atomic
def say_yes(*, stay: Stay, side: Side) -> Stay:
    """One of the two says yes; when both have, it is agreed. Raises TransitionError when it is too late."""
    stay = _still_offered(stay)
    assert stay.held_until is not None
    if stay.held_until <= coi_now():
        raise TransitionError(_("Fristen er gået, så pladsen er givet videre."))
    name = "guest_accepted_at" if side == Side.GUEST else "host_accepted_at"
    Stay.objects.filter(pk=stay.pk, **{name: None}).update(**{name: CoiNow()})
    stay.refresh_from_db()
    if stay.guest_accepted_at and stay.host_accepted_at:
        _agree(stay)
    return stay


def _agree(stay: Stay) -> None:
    """Both have said yes: the application has its place, and what else it had asked for is taken back."""
    if stay.application_id is not None:
        try:
            with transaction.atomic():
                moved = Application.objects.filter(
                    pk=stay.application_id, state=ApplicationState.READY
                ).update(state=ApplicationState.PLACED)
        except IntegrityError:  # the leader's yes doesn't hold any more
            moved = 0
        if not moved:
            raise TransitionError(_("Ansøgningen gælder ikke mere, så pladsen kan ikke bekræftes."))
        mine = DirectRequest.objects.filter(application=stay.application_id)
        mine.filter(offer=stay.offer_id, state=RequestState.OFFERED).update(state=RequestState.CONFIRMED)
        for request in mine.filter(state__in=OPEN_REQUESTS).select_related("offer__owner"):
            DirectRequest.objects.filter(pk=request.pk).update(state=RequestState.WITHDRAWN)
            tell_hosts(
                request.offer,
                subject=_("Gæsten har fået en anden plads: %s") % request.offer.title,
                text=_("Ansøgningen er derfor trukket tilbage. Du skal ikke gøre noget."),
                url=request.get_absolute_url(),
            )
    Stay.objects.filter(pk=stay.pk).update(state=StayState.AGREED)
    stay.refresh_from_db()
    tell_both(
        stay,
        subject=_("Opholdet er aftalt: %s") % stay.offer.title,
        text=_(
            "I har begge sagt ja til %s. Nu kan I se hinandens navn og mail. Det næste er at skrive, hvad I venter af "
            "hinanden."
        )
        % stay.when,
    )


@transaction.atomic
def say_no(*, stay: Stay, side: Side, reason: str = "") -> None:
    """One of the two says no: the seat goes on. A host says why."""
    stay = _still_offered(stay)
    if side == Side.HOST and not reason.strip():
        raise TransitionError(_("Skriv, hvorfor det ikke kan lade sig gøre. Gæsten får begrundelsen."))
    state = RequestState.WITHDRAWN if side == Side.GUEST else RequestState.DECLINED
    _fall_away(stay, StayState.DECLINED, state, reason=reason.strip())
    who = _("Gæsten") if side == Side.GUEST else _("Værten")
    text = _("%(who)s har sagt nej til opholdet %(when)s.") % {"who": who, "when": stay.when}
    tell_side(
        stay, other(side), subject=_("Nej til opholdet: %s") % stay.offer.title,
        text="\n\n".join(filter(None, [text, reason.strip()])),
    )  # fmt: skip
    _offer_on(stay)


@transaction.atomic
def cancel(*, stay: Stay, side: Side, reason: str) -> None:
    """One of the two cancels, and says why: the seat is free again, both and the leader are told, and the next one in
    the waiting list is offered it. Raises TransitionError when it is over or cancelled already."""
    stay = locked_stay(stay)
    if stay.state not in (StayState.OFFERED, StayState.AGREED):
        raise TransitionError(_("Opholdet kan ikke aflyses: %s.") % stay.get_state_display().lower())
    if stay.ends_on < coi_today():
        raise TransitionError(_("Opholdet er gennemført og kan ikke aflyses."))
    was_agreed, reason = stay.state == StayState.AGREED, reason.strip()
    state = RequestState.WITHDRAWN if side == Side.GUEST or was_agreed else RequestState.DECLINED
    _fall_away(stay, StayState.CANCELLED, state, reason=reason, cancelled_by=side)
    who = _("Gæsten") if side == Side.GUEST else _("Værten")
    facts = {"who": who, "when": stay.when, "reason": reason, "title": stay.offer.title}
    subject = _("Opholdet er aflyst: %(title)s") % facts
    text = _("%(who)s har aflyst opholdet %(when)s.\n\nBegrundelsen er: %(reason)s") % facts
    tell_side(stay, Side.HOST, subject=subject, text=text)
    others = [f"»{offer.title}«" for offer in similar(stay)]
    if others:
        more = _("Her er en ledig plads, der ligner: %s. Du finder den på opholdets side.") % ", ".join(
            others
        )
        if len(others) > 1:
            more = _("Her er ledige pladser, der ligner: %s. Du finder dem på opholdets side.") % ", ".join(
                others
            )
        tell_side(stay, Side.GUEST, subject=subject, text=f"{text}\n\n{more}")
    else:
        tell_side(stay, Side.GUEST, subject=subject, text=text)
    if was_agreed:
        name = stay.guest.name if stay.guest and stay.guest.name else stay.guest_workplace.name
        leader = _("%(who)s har aflyst opholdet %(when)s i »%(title)s«, som du har sagt ja til for %(name)s.")
        tell_leader(stay, subject=subject, text=leader % (facts | {"name": name}))
        _tell_staff_of_seat(stay)
    _offer_on(stay)


def _fall_away(
    stay: Stay, state: StayState, request: RequestState, *, reason: str, cancelled_by: str = ""
) -> None:
    """Free the seat: the application can look for another, and the request is closed."""
    Stay.objects.filter(pk=stay.pk).update(
        state=state, ended_at=CoiNow(), reason=reason, cancelled_by=cancelled_by
    )
    if stay.application_id is None:
        return
    placed = Application.objects.filter(pk=stay.application_id, state=ApplicationState.PLACED)
    try:
        with transaction.atomic():
            placed.update(state=ApplicationState.READY)
    except IntegrityError:  # the leader's yes doesn't hold any more: it cannot look for another
        placed.update(state=ApplicationState.CLOSED)
    mine = DirectRequest.objects.filter(
        application=stay.application_id, offer=stay.offer_id,
        state__in=(RequestState.OFFERED, RequestState.CONFIRMED),
    )  # fmt: skip
    # A no has its reason in the request as well, by its CHECK.
    mine.update(state=request, reason=reason if request == RequestState.DECLINED else "")


def _offer_on(stay: Stay) -> None:
    if stay.seat is not None and stay.seat.way == SeatWay.DIRECT:
        offer_next(Offer.objects.get(pk=stay.offer_id))


def _tell_staff_of_seat(stay: Stay) -> None:
    """A seat of the round goes to nobody by itself: staff run the matching again for those who are without a place."""
    if (
        stay.round is None
        or stay.seat is None
        or stay.seat.way != SeatWay.ROUND
        or stay.starts_on <= coi_today()
    ):
        return
    seated = Stay.objects.seated().filter(application=OuterRef("pk"))
    waiting = Application.objects.filter(
        ~Exists(seated), state=ApplicationState.READY, wishes__offer=stay.offer_id
    ).exclude(stays=stay)
    number = waiting.count()
    if not number:
        return
    text = ngettext(
        "%(n)s gæst uden plads har ønsket den. Kør parringen igen, så pladsen kan gå videre.",
        "%(n)s gæster uden plads har ønsket den. Kør parringen igen, så pladsen kan gå videre.",
        number,
    )
    tell_staff(
        event=Event.STAFF,
        subject=_("En af rundens pladser er blevet ledig: %s") % stay.offer.title,
        text=text % {"n": number},
        url=reverse("practicum:matching", args=[stay.round.year]),
    )


def similar(stay: Stay) -> list[Offer]:
    """Up to three public places with a free seat that are like the one that fell away, the likest first. One query."""
    areas = stay.offer.subject_areas.all()
    free = Seat.objects.free().filter(offer=OuterRef("pk"), way=SeatWay.DIRECT)
    rows = (
        Offer.objects.published()
        .filter(Exists(free))
        .filter(Q(is_flexible=True) | Q(ends_on__gt=CoiToday()))
        .exclude(Q(pk=stay.offer_id) | Q(owner=stay.guest_workplace_id))
        .annotate(alike=Count("subject_areas", filter=Q(subject_areas__in=areas), distinct=True))
        .filter(alike__gt=0)
        .select_related("owner", "municipality")
        .order_by("-alike", "sort_key", "pk")
    )
    return list(rows[:SUGGESTED])


# -- by the job ---------------------------------------------------------------


@transaction.atomic
def expire(pk: int) -> bool:
    """Let a seat go on that was not confirmed in time. False when somebody was faster."""
    row = Stay.objects.filter(pk=pk).first()
    if row is None:
        return False
    stay = locked_stay(row)
    if stay.state != StayState.OFFERED or stay.held_until is None or stay.held_until > coi_now():
        return False
    _fall_away(stay, StayState.EXPIRED, RequestState.EXPIRED, reason="")
    tell_both(
        stay,
        subject=_("Pladsen blev ikke bekræftet i tide: %s") % stay.offer.title,
        text=_(
            "Pladsen var holdt til og med fristen, og opholdet bliver ikke til noget. Ansøgningen gælder stadig."
        ),
    )
    if stay.guest_accepted_at:
        who = _("Værten har ikke svaret i tide. Gæsten har sagt ja.")
    elif stay.host_accepted_at:
        who = _("Gæsten har ikke svaret i tide. Værten har sagt ja.")
    else:
        who = _("Hverken gæst eller vært har svaret i tide.")
    tell_staff(
        event=Event.STAFF,
        subject=_("Opholdet blev ikke bekræftet i tide: %s") % stay.offer.title,
        text=_("%(who)s Opholdet %(when)s er bortfaldet, og pladsen er givet fri.")
        % {"who": who, "when": stay.when},
        url=stay.get_absolute_url(),
    )
    _offer_on(stay)
    return True


@transaction.atomic
def finish(pk: int) -> bool:
    """Note that a stay was held, and ask both what they got of it. False when it was done or cancelled already."""
    row = Stay.objects.filter(pk=pk).first()
    if row is None:
        return False
    stay = locked_stay(row)
    if stay.state != StayState.AGREED or stay.ends_on >= coi_today():
        return False
    Stay.objects.filter(pk=pk).update(state=StayState.DONE)
    tell_both(
        stay,
        subject=_("Hvad fik I ud af opholdet? %s") % stay.offer.title,
        text=_("Det tager to minutter at svare, og den anden ser ikke dit svar."),
        url=f"{stay.get_absolute_url()}evaluering/",
    )
    return True


def days_until(stay: Stay, today: dt.date) -> int:
    """Days from today to the first day."""
    return (stay.starts_on - today).days

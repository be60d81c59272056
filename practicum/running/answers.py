"""What guest and host answer to a proposal, and what happens when they don't. The place is locked before the stay, so
that two at once come one after the other."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from editorial.clock import CoiNow, coi_now
from editorial.models.querysets import TransitionError
from notices.events import Event
from notices.sending import tell
from places.permissions import contacts_of
from practicum.choices import ApplicationState, Origin, Side, StayState
from practicum.models import Application, Offer, Stay
from practicum.running.actions import stay_address

PROPOSED = (Origin.MATCH, Origin.MANUAL)
AT_MOST = 500


def _locked(stay: Stay) -> Stay:
    """The stay as it is now. Raises TransitionError when it has been answered."""
    Offer.objects.select_for_update(of=("self",)).only("pk").get(pk=stay.offer_id)
    rows = Stay.objects.select_for_update(of=("self",)).select_related(
        "offer__owner", "guest", "guest_workplace"
    )
    stay = rows.get(pk=stay.pk)
    if stay.state != StayState.OFFERED:
        raise TransitionError(_("Opholdet er allerede besvaret: %s.") % stay.get_state_display().lower())
    return stay


@transaction.atomic
def accept(stay: Stay, side: Side) -> Stay:
    """One of the two says yes; when both have, it is agreed. Saying yes twice changes nothing. Raises TransitionError
    when it is too late, or the application doesn't count any more."""
    stay = _locked(stay)
    if stay.held_until is None or stay.held_until <= coi_now():
        raise TransitionError(_("Fristen er gået, så pladsen er givet videre."))
    name = "guest_accepted_at" if side == Side.GUEST else "host_accepted_at"
    is_new = Stay.objects.filter(pk=stay.pk, **{name: None}).update(**{name: CoiNow()})
    stay.refresh_from_db()
    if stay.guest_accepted_at and stay.host_accepted_at:
        _agree(stay)
        _tell_side(
            stay, Side.GUEST, _("Opholdet er aftalt: %s"), _("I har begge sagt ja. Nu skriver I en aftale.")
        )
        _tell_side(
            stay, Side.HOST, _("Opholdet er aftalt: %s"), _("I har begge sagt ja. Nu skriver I en aftale.")
        )
    elif is_new:
        other = Side.HOST if side == Side.GUEST else Side.GUEST
        text = (
            _("Værten har sagt ja. Nu mangler dit svar.")
            if side == Side.HOST
            else _("Gæsten har sagt ja. Nu mangler jeres svar.")
        )
        _tell_side(stay, other, _("Den anden har sagt ja: %s"), text)
    return stay


def _agree(stay: Stay) -> None:
    try:
        with transaction.atomic():
            moved = Application.objects.filter(
                stays=stay, state__in=(ApplicationState.READY, ApplicationState.PLACED)
            ).update(state=ApplicationState.PLACED)
    except IntegrityError:  # the leader's yes doesn't hold any more
        moved = 0
    if not moved:
        raise TransitionError(_("Ansøgningen gælder ikke mere, så pladsen kan ikke bekræftes."))
    Stay.objects.filter(pk=stay.pk).update(state=StayState.AGREED)
    stay.refresh_from_db()


@transaction.atomic
def decline(stay: Stay, side: Side, reason: str = "") -> None:
    """One of the two says no; a host says why. The seat is free, and the pair is not put together again."""
    stay = _locked(stay)
    reason = reason.strip()
    if side == Side.HOST and not reason:
        raise TransitionError(_("Skriv, hvorfor det ikke kan lade sig gøre. Gæsten får begrundelsen."))
    Stay.objects.filter(pk=stay.pk).update(state=StayState.DECLINED, ended_at=CoiNow(), reason=reason)
    text = (
        _("Gæsten har sagt nej.")
        if side == Side.GUEST
        else _("Værten har sagt nej. Din ansøgning gælder stadig, når resten fordeles.")
    )
    other = Side.HOST if side == Side.GUEST else Side.GUEST
    _tell_side(stay, other, _("Nej til opholdet: %s"), "\n\n".join(filter(None, [text, reason])))


def expire_late() -> int:
    """Let go of seats that were not confirmed in time; each is a transaction of its own. Safe to run twice."""
    late = Stay.objects.filter(origin__in=PROPOSED, state=StayState.OFFERED, held_until__lte=CoiNow())
    return sum(_expire(row) for row in late.select_related("offer").order_by("held_until", "pk")[:AT_MOST])


@transaction.atomic
def _expire(stay: Stay) -> bool:
    try:
        stay = _locked(stay)
    except TransitionError:
        return False
    if stay.held_until is None or stay.held_until > coi_now():
        return False
    Stay.objects.filter(pk=stay.pk).update(state=StayState.EXPIRED, ended_at=CoiNow())
    text = _("I sagde ikke begge ja inden fristen, så pladsen går videre.")
    for side in Side:
        _tell_side(stay, side, _("Pladsen blev ikke bekræftet i tide: %s"), text)
    return True


def _tell_side(stay: Stay, side: Side, subject: str, text: str) -> None:
    people = [stay.guest] if side == Side.GUEST else contacts_of(stay.offer.owner) if stay.offer.owner else []
    for person in people:
        if person is not None:
            tell(
                to=person, event=Event.PRACTICUM, subject=subject % stay.offer.title, text=text,
                url=stay_address(stay),
            )  # fmt: skip

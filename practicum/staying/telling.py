"""Telling the two of a stay. Call these inside the transaction that did what is told."""

from __future__ import annotations

from accounts.models import User
from notices.events import Event
from notices.sending import tell
from places.permissions import contacts_of
from practicum.choices import Answer, Side
from practicum.models import Offer, Stay


def tell_guest(guest: User | None, *, subject: str, text: str, url: str) -> None:
    """Tell a guest; nobody, when the account is gone."""
    if guest is not None and guest.is_active:
        tell(to=guest, event=Event.PRACTICUM, subject=subject, text=text, url=url)


def tell_hosts(offer: Offer, *, subject: str, text: str, url: str) -> None:
    """Tell those who speak for the host."""
    if offer.owner is not None:
        for person in contacts_of(offer.owner):
            tell(to=person, event=Event.PRACTICUM, subject=subject, text=text, url=url)


def tell_side(stay: Stay, side: Side, *, subject: str, text: str, url: str = "") -> None:
    """Tell one of the two of a stay."""
    url = url or stay.get_absolute_url()
    if side == Side.GUEST:
        tell_guest(stay.guest, subject=subject, text=text, url=url)
    else:
        tell_hosts(stay.offer, subject=subject, text=text, url=url)


def tell_both(stay: Stay, *, subject: str, text: str, url: str = "") -> None:
    """Tell guest and host the same."""
    for side in Side:
        tell_side(stay, side, subject=subject, text=text, url=url)


def tell_leader(stay: Stay, *, subject: str, text: str) -> None:
    """Tell the leader who said yes to the guest being away. Leaders need no account, so there is no link."""
    if stay.application is None:
        return
    answered = stay.application.approvals.filter(answer=Answer.YES).order_by("-answered_at").first()
    if answered is not None:
        tell(to=answered.email, event=Event.PRACTICUM, subject=subject, text=text)


def other(side: Side) -> Side:
    """The other of the two."""
    return Side.HOST if side == Side.GUEST else Side.GUEST

"""What a visitor can do about a place now, with a sentence about why not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from places.permissions import is_public_employee
from practicum.applying.opening import closed
from practicum.direct.waiting import free_seats
from practicum.models import Offer
from practicum.offers.showing import OfferShown
from practicum.offers.year import day
from practicum.permissions import can_apply, is_editor, is_host


@dataclass(frozen=True)
class Ways:
    """`apply` is where one applies, "" when that can't be; `sentence` says why not, or what to know.

    `applications` is the host's, `admin` the editors'; `see_others` when it is too late for this one. `direct` is where
    one asks the host for a seat, `is_direct_full` when that leads to the waiting list.
    """

    apply: str
    sentence: str
    applications: str = ""
    admin: str = ""
    see_others: bool = False
    direct: str = ""
    is_direct_full: bool = False


def ways(user: User | AnonymousUser, offer: Offer, said: OfferShown) -> Ways:
    """What this visitor can do."""
    more: dict[str, Any] = {
        "applications": _address("practicum:offer_applications", offer) if _is_its_host(user, offer) else "",
        "admin": reverse("admin:practicum_offer_change", args=[offer.pk]) if is_editor(user) else "",
    }
    if why := closed(offer):
        return Ways("", why.sentence, see_others=why.is_too_late, **more)
    if user.is_authenticated and more["applications"]:
        return Ways("", _("Det er jeres egen plads."), **more)
    if user.is_authenticated and not is_public_employee(user):
        return Ways(
            "",
            _("Kun offentligt ansatte kan søge. Bekræft din arbejdsmail på Min side, hvis du er det."),
            **more,
        )
    if user.is_authenticated and not can_apply(user, offer):
        return Ways("", _("Du arbejder her, så vælg en plads et andet sted."), **more)
    address = _address("practicum:apply", offer)
    if offer.direct_seats:
        more["direct"] = _address("practicum:ask_direct", offer)
        more["is_direct_full"] = not free_seats(offer).exists()
    sentence = _("Din leder skal sige ja, før værten ser din ansøgning.")
    if not said.seats.free:
        sentence = _("Alle pladser er taget lige nu. Du kan søge alligevel og komme på ventelisten.")
    elif offer.round is not None:
        sentence = _("Søg senest %s.") % day(offer.round.applications_until) + " " + sentence
    return Ways(address, sentence, **more)


def _is_its_host(user: User | AnonymousUser, offer: Offer) -> bool:
    return user.is_authenticated and is_host(user, offer)


def _address(name: str, offer: Offer) -> str:
    return reverse(name, args=[offer.slug]) if offer.slug else ""

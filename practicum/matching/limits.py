"""Hard limits: what rules a pair out, whoever wishes it. Kept apart from what is only better or worse."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from enum import StrEnum
from math import asin, cos, radians, sin, sqrt

from practicum.matching.problem import Certificate, Guest, Pair, Place, Point, Problem

EARTH_KM = 6371.0088
"""The Earth's mean radius."""


class Limit(StrEnum):
    """Why a guest and a place can't be put together. Words are in `words`."""

    OWN_WORKPLACE = "own_workplace"
    DAYS = "days"
    DATES = "dates"
    TRAVEL = "travel"
    CHILDREN = "boerneattest"
    CRIMINAL_RECORD = "straffeattest"
    FORBIDDEN = "forbidden"
    DECLINED = "declined"
    GONE = "gone"


CERTIFICATE_LIMITS = {
    Certificate.CHILDREN: Limit.CHILDREN,
    Certificate.CRIMINAL_RECORD: Limit.CRIMINAL_RECORD,
}


def distance_km(here: Point | None, there: Point | None) -> int | None:
    """The way as the crow flies, in whole kilometres; None when one of the ends is not known.

    Whole, so that the figure shown is the one that was judged by, and the same on every machine.
    """
    if here is None or there is None:
        return None
    lat, other = radians(here.lat), radians(there.lat)
    across = sin((other - lat) / 2) ** 2
    along = sin(radians(there.lng - here.lng) / 2) ** 2
    return round(2 * EARTH_KM * asin(min(1.0, sqrt(across + cos(lat) * cos(other) * along))))


def common_dates(
    guest: Guest, place: Place, period: frozenset[dt.date] | None = None
) -> frozenset[dt.date] | None:
    """The days on which both can, within the round's; None is any day, because nobody has named one."""
    named = [dates for dates in (guest.dates, place.dates, period) if dates is not None]
    return frozenset.intersection(*named) if named else None


def why_not(guest: Guest, place: Place, *, period: frozenset[dt.date] | None = None) -> list[Limit]:
    """The limits that the pair breaks, always in the same order; none when it can be made.

    A stay may be shorter than what the guest asks for, never longer. Its days need not follow each other. A travel
    limit that can't be tried, because an end is not known, isn't broken.
    """
    return list(_broken(guest, place, period))


def _broken(guest: Guest, place: Place, period: frozenset[dt.date] | None) -> Iterator[Limit]:
    if guest.workplace and guest.workplace == place.workplace:
        yield Limit.OWN_WORKPLACE
    if place.days > guest.days:
        yield Limit.DAYS
    dates = common_dates(guest, place, period)
    if dates is not None and len(dates) < place.days:
        yield Limit.DATES
    if guest.travel_km is not None:
        km = distance_km(guest.point, place.point)
        if km is not None and km > guest.travel_km:
            yield Limit.TRAVEL
    for certificate in Certificate:
        if certificate in place.certificates and certificate not in guest.certificates:
            yield CERTIFICATE_LIMITS[certificate]


def refusals(problem: Problem, guest: Guest, place_key: str) -> list[Limit]:
    """Why a wish can't be met in this round: the limits, what people have decided, a place that is there no more."""
    place = problem.place_by_key.get(place_key)
    if place is None:
        return [Limit.GONE]
    reasons = why_not(guest, place, period=problem.period)
    pair = Pair(guest.key, place_key)
    if pair in problem.forbidden:
        reasons.append(Limit.FORBIDDEN)
    if pair in problem.declined:
        reasons.append(Limit.DECLINED)
    return reasons

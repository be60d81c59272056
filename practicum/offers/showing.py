"""What the pages say of a place: when, where, and its seats drawn as people."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from places.areas import Geography
from places.models import Region
from practicum.models import Offer
from practicum.offers.dates import day_of_region

IN_A_ROW, STEP, HEIGHT = 10, 26, 30
"""People drawn in a row, and the room each has in the drawing."""


@dataclass(frozen=True)
class Person:
    """One seat in the drawing: where it stands, and whether somebody has it."""

    x: int
    y: int
    is_taken: bool


@dataclass(frozen=True)
class Seats:
    """The seats as people, free ones first, with the sentence that they draw."""

    people: list[Person]
    free: int
    taken: int
    sentence: str

    @property
    def width(self) -> int:
        """Of the drawing, in pixels."""
        return min(len(self.people), IN_A_ROW) * STEP

    @property
    def height(self) -> int:
        """Of the drawing, in pixels."""
        return 24 + (max(len(self.people), 1) - 1) // IN_A_ROW * HEIGHT


def seats(offer: Offer) -> Seats:
    """The seats of a place (from with_seats()); before it is public, those that it is to have."""
    free, taken = offer.seats_free, offer.seats_taken
    if not free + taken:
        free = offer.seats_wanted
    people = [
        Person(n % IN_A_ROW * STEP, n // IN_A_ROW * HEIGHT, is_taken=n >= free) for n in range(free + taken)
    ]
    if free:
        sentence = ngettext("%(free)s ledig af %(all)s", "%(free)s ledige af %(all)s", free)
        return Seats(people, free, taken, sentence % {"free": free, "all": free + taken})
    return Seats(people, free, taken, _("Alle pladser er taget"))


def seats_there_were(offer: Offer) -> Seats:
    """The seats of a place that is over, without who had one: added up over the places of a round, that would give
    away how many were on a stay, which the round's figures tell only where it is five or more."""
    number = offer.seats_free + offer.seats_taken or offer.seats_wanted
    people = [Person(n % IN_A_ROW * STEP, n // IN_A_ROW * HEIGHT, is_taken=False) for n in range(number)]
    return Seats(people, number, 0, ngettext("Plads til %s gæst", "Plads til %s gæster", number) % number)


@dataclass(frozen=True)
class OfferShown:
    """A place in words. `where` names municipality and region as they are on its days."""

    when: str
    where: str
    region: Region | None
    seats: Seats
    is_over: bool


def shown(offer: Offer, geography: Geography) -> OfferShown:
    """What cards and pages say of a place."""
    region = region_then(offer, geography)
    municipality = offer.municipality.name if offer.municipality else ""
    names = dict.fromkeys(filter(None, [municipality, region.short_name if region else ""]))
    over = is_over(offer, geography.today)
    drawn = seats_there_were(offer) if over else seats(offer)
    return OfferShown(when(offer), ", ".join(names), region, drawn, over)


def region_then(offer: Offer, geography: Geography) -> Region | None:
    """The region it lies in on its days (see day_of_region)."""
    area = offer.municipality_id or offer.region_id or ""
    day = day_of_region(offer.first_day, last_day(offer), geography.today)
    return geography.region_of(area, day) if area else None


def last_day(offer: Offer) -> dt.date | None:
    """The last day that a stay may lie on; None when it can lie all year."""
    return offer.ends_on or (offer.round.stays_until if offer.round else None)


def is_over(offer: Offer, today: dt.date) -> bool:
    """Whether its last possible day has passed."""
    last = last_day(offer)
    return last is not None and last < today


def when(offer: Offer) -> str:
    """»3 dage i uge 37, 13.–17. september 2027«, »2 dage, tiden aftales«."""
    days = ngettext("%s dag", "%s dage", offer.days) % offer.days
    first, last = offer.starts_on, offer.ends_on
    if first is None or last is None:
        if offer.round is None:
            return _("%s, tiden aftales hele året") % days
        return _("%(days)s, tiden aftales i runden %(year)s") % {"days": days, "year": offer.round.year}
    if first.isocalendar()[:2] == last.isocalendar()[:2]:
        parts = {"days": days, "week": first.isocalendar().week, "dates": span(first, last)}
        return _("%(days)s i uge %(week)s, %(dates)s") % parts
    return _("%(days)s i tiden %(dates)s") % {"days": days, "dates": span(first, last)}


def span(first: dt.date, last: dt.date) -> str:
    """»13.–17. september 2027«, »30. august – 3. september 2027«."""
    end = formats.date_format(last, "j. F Y")
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}.–{end}"
    start = formats.date_format(first, "j. F" if first.year == last.year else "j. F Y")
    return f"{start} – {end}"

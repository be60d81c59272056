"""What guests wish for against the seats that are free, by sector, region and subject area.

A person counts once in each line: by an open wish that names it, or by an application (sent, without a seat) that
wishes for a place of it. The centre sees how many; hosts see bands of persons (»5–9«), so that no group under five can
be read or worked out: one to four look like none, no number of persons is exact, and there is no total. Seats are no
persons.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from editorial.models import SubjectArea
from places.areas import Geography
from places.choices import Sector
from places.permissions import NOT_PUBLIC
from practicum.choices import ApplicationState
from practicum.models import Application, Offer, OpenWish, Round, Seat, Stay, Wish

LEAST = 5
"""The smallest group of persons that hosts are shown."""
BANDS = ((50, _("50 eller flere")), (20, _("20–49")), (10, _("10–19")), (LEAST, _("5–9")))
SENT = (ApplicationState.LEADER, ApplicationState.READY)
MOST_READ = 20_000
"""Wishes that are looked at; a round has had a hundred guests."""


@dataclass(frozen=True)
class Line:
    """A line of a table that is drawn, too. `persons` is what is shown; the widths are of 100."""

    key: str
    label: str
    persons: str
    seats: int
    persons_width: float
    seats_width: float
    is_short: bool


@dataclass(frozen=True)
class Table:
    """Lines of one kind."""

    key: str
    title: str
    lines: list[Line]

    @property
    def in_use(self) -> list[Line]:
        """Lines that somebody wishes for, or that have seats. For exact numbers."""
        return [line for line in self.lines if line.seats or line.persons != "0"]


def band(number: int) -> tuple[int, str]:
    """What hosts see for a number of persons: where the band begins, and its words."""
    for start, words in BANDS:
        if number >= start:
            return start, str(words)
    return 0, _("færre end 5")


def tables(row: Round | None, *, exact: bool) -> list[Table]:
    """The three tables of a round (and of what belongs to none). `exact`: for the centre."""
    geography = Geography.current()
    day = max(row.stays_from, geography.today) if row else geography.today
    offers = _offers(row)
    of_offer = {offer.pk: _kinds(offer, geography, day) for offer in offers}
    seats: dict[tuple[str, str], int] = defaultdict(int)
    for offer_id in Seat.objects.free().filter(offer__in=of_offer).values_list("offer_id", flat=True):
        for kind in of_offer[offer_id]:
            seats[kind] += 1
    persons: dict[tuple[str, str], set[int]] = defaultdict(set)
    for guest, kind in _wished(row, of_offer, day):
        persons[kind].add(guest)
    found = []
    for key, title, labels in _labels(geography, day):
        lines = [(code, label, len(persons[key, code]), seats[key, code]) for code, label in labels]
        found.append(Table(key, title, _drawn(lines, exact=exact)))
    return found


def _offers(row: Round | None) -> list[Offer]:
    """Public places of the round and of none."""
    rows = Offer.objects.published().filter(Q(round=row) | Q(round=None))
    return list(rows.select_related("owner", "round").prefetch_related("subject_areas"))


def _kinds(offer: Offer, geography: Geography, day: dt.date) -> list[tuple[str, str]]:
    """The lines that a place belongs to."""
    found = [("omraade", area.slug) for area in offer.subject_areas.all()]
    if offer.owner:
        found.append(("sektor", offer.owner.sector))
    area = offer.municipality_id or offer.region_id or (offer.owner.municipality_id if offer.owner else None)
    if area and (code := _then(geography, area, day)):
        found.append(("region", code))
    return found


def _then(geography: Geography, area: str, day: dt.date) -> str:
    """The region of an area on the day that the tables are about: the round's first, or today."""
    region = geography.region_of(area, day)
    return str(region.code) if region else ""


def _wished(
    row: Round | None, of_offer: dict[int, list[tuple[str, str]]], day: dt.date
) -> Iterable[tuple[int, tuple[str, str]]]:
    """(guest, line) for each wish, with and without a place."""
    geography = Geography.current()
    standing = OpenWish.objects.standing().filter(Q(round=row) | Q(round=None))
    for wish in standing.prefetch_related("subject_areas")[:MOST_READ]:
        if wish.sector:
            yield wish.guest_id, ("sektor", wish.sector)
        if wish.region_id:
            yield wish.guest_id, ("region", _then(geography, wish.region_id, day))
        for area in wish.subject_areas.all():
            yield wish.guest_id, ("omraade", area.slug)
    seated = Stay.objects.seated().filter(application=OuterRef("pk"))
    sent = Application.objects.filter(~Exists(seated), Q(round=row) | Q(round=None), state__in=SENT)
    rows = (
        Wish.objects.filter(application__in=sent).order_by().values_list("application__guest_id", "offer_id")
    )
    for guest, offer_id in rows[:MOST_READ]:
        for kind in of_offer.get(offer_id, []):
            yield guest, kind


def _labels(geography: Geography, day: dt.date) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """The tables and their lines, also those that nobody wishes for."""
    sectors = [(key, str(label)) for key, label in Sector.choices if key not in NOT_PUBLIC]
    regions = [
        (region.code, region.short_name) for region in geography.regions.values() if region.exists_on(day)
    ]
    areas = list(SubjectArea.objects.order_by("sort_key").values_list("slug", "name"))
    return [
        ("sektor", _("Sektor"), sectors),
        ("region", _("Region"), regions),
        ("omraade", _("Fagområde"), areas),
    ]


def _drawn(lines: list[tuple[str, str, int, int]], *, exact: bool) -> list[Line]:
    """Lines as they are shown; the largest fills its room. Drawn is what is said, nothing finer."""
    shown = []
    for code, label, persons, seats in lines:
        number, words = (persons, str(persons)) if exact else band(persons)
        shown.append((code, label, number, words, seats))
    largest = max([max(number, seats) for _code, _label, number, _words, seats in shown], default=0) or 1
    return [
        Line(
            code, label, words, seats, round(100 * number / largest, 1), round(100 * seats / largest, 1),
            is_short=number > seats,
        )
        for code, label, number, words, seats in shown
    ]  # fmt: skip

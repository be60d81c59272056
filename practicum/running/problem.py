"""From the rows of a round to the problem that is worked out. Keys are the rows' uuids. A fixed number of queries.

A guest's subject areas are those of the application, else of their wish without a place, else those that their
workplace's public content is about: the order of wishes must never count for a guest's standing.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from editorial.choices import State
from editorial.clock import coi_today
from editorial.models import Content
from editorial.working_days import is_holiday
from places.models.geography import MunicipalityRegion
from practicum.choices import (
    SEATED,
    SENT_APPLICATIONS,
    ApplicationState,
    Origin,
    PinKind,
    SeatWay,
    StayState,
)
from practicum.days import within
from practicum.matching.problem import Certificate, Guest, Pair, Place, Problem, Weights, weekdays
from practicum.models import Application, HostMark, MatchPin, Offer, OpenWish, Round, Seat, Stay, Wish
from practicum.points import home_of, place_of

FALLEN = (StayState.DECLINED, StayState.CANCELLED, StayState.EXPIRED)
"""States of a stay that one of the two did not want, or did not answer: the pair is not offered again."""


def taking_part(its_round: Round) -> QuerySet[Application]:
    """The applications that a run places: the leader has said yes, and no seat has been agreed on directly."""
    direct = Stay.objects.filter(application=OuterRef("pk"), state__in=SEATED, origin=Origin.DIRECT)
    return its_round.applications.filter(~Exists(direct), state__in=SENT_APPLICATIONS)


def seats_of(its_round: Round) -> QuerySet[Seat]:
    """The free seats that a run fills: those of the round, and from the stated day on the direct ones, too."""
    free = Seat.objects.free().filter(offer__round=its_round, offer__state=State.PUBLISHED)
    return free if coi_today() >= its_round.seats_move_on else free.filter(way=SeatWay.ROUND)


def days_of(its_round: Round) -> frozenset[dt.date]:
    """The days on which stays can be: Monday to Friday, no holidays."""
    days = weekdays(its_round.stays_from, its_round.stays_until)
    return frozenset(day for day in days if not is_holiday(day))


def days_of_both(offer: Offer, application: Application, period: frozenset[dt.date]) -> list[dt.date]:
    """The days of the round on which a guest and a place both can: what their leaders have said yes to."""
    first, last = offer.starts_on or dt.date.min, offer.ends_on or dt.date.max
    return [day for day in within(application.possible_days, first, last) if day in period]


def problem_of(its_round: Round, weights: Weights) -> Problem:
    """What is to be worked out now: what both have accepted, or not answered yet, stands."""
    applications = list(taking_part(its_round).select_related("workplace__municipality", "municipality"))
    guests = {row.pk: str(row.uuid) for row in applications}
    kept, declined = _answered(its_round, guests)
    seats = Counter(seats_of(its_round).values_list("offer__uuid", flat=True))
    taken = Counter(pair.place for pair in kept)
    offers = [
        row
        for row in Offer.objects.filter(round=its_round)
        .select_related("owner__municipality", "municipality")
        .prefetch_related("subject_areas")
        if row.state == State.PUBLISHED or str(row.uuid) in taken
    ]
    places = {str(row.uuid) for row in offers}
    pins = _pins(its_round, guests, places, kept=kept, declined=declined)
    return Problem(
        guests=tuple(_guests(its_round, applications)),
        places=tuple(_places(offers, seats, taken)),
        seed=its_round.seed,
        weights=weights,
        period=days_of(its_round),
        pinned=pins[PinKind.FIXED],
        kept=kept,
        forbidden=pins[PinKind.FORBIDDEN],
        declined=declined,
    )


def _answered(its_round: Round, guests: dict[int, str]) -> tuple[frozenset[Pair], frozenset[Pair]]:
    """Pairs of earlier proposals that stand, and those that fell through."""
    rows = Stay.objects.filter(application__in=guests).values_list("application", "offer__uuid", "state")
    kept: set[Pair] = set()
    fallen: set[Pair] = set()
    for application, offer, state in rows:
        if state in SEATED or state in FALLEN:
            (kept if state in SEATED else fallen).add(Pair(guests[application], str(offer)))
    return frozenset(kept), frozenset(fallen - kept)


def _pins(
    its_round: Round,
    guests: dict[int, str],
    places: set[str],
    *,
    kept: frozenset[Pair],
    declined: frozenset[Pair],
) -> dict[str, frozenset[Pair]]:
    """What the editors have fixed. It gives way to what guest and host have answered themselves."""
    answered = {pair.guest for pair in kept}
    found: dict[str, set[Pair]] = {kind: set() for kind in PinKind.values}
    for application, offer, kind in MatchPin.objects.filter(
        round=its_round, application__in=guests
    ).values_list("application", "offer__uuid", "kind"):
        pair = Pair(guests[application], str(offer))
        gives_way = pair.guest in answered or pair in declined or pair.place not in places
        if pair in kept or (kind == PinKind.FIXED and gives_way):
            continue
        found[kind].add(pair)
    return {kind: frozenset(pairs) for kind, pairs in found.items()}


# -- guests -------------------------------------------------------------------


def _guests(its_round: Round, applications: list[Application]) -> Iterable[Guest]:
    pks = [row.pk for row in applications]
    wishes: dict[int, list[str]] = defaultdict(list)
    for application, offer in (
        Wish.objects.filter(application__in=pks)
        .order_by("application", "rank")
        .values_list("application", "offer__uuid")
    ):
        wishes[application].append(str(offer))
    regions = regions_on(its_round.stays_from)
    subjects = _subjects(its_round, applications)
    last_year = _without_a_place_last_year(its_round)
    for row in applications:
        home = row.municipality or row.workplace.municipality
        yield Guest(
            key=str(row.uuid),
            wishes=tuple(wishes[row.pk]),
            workplace=str(row.workplace.uuid),
            sectors=frozenset([row.workplace.sector]),
            region=regions.get(home.code, "") if home else "",
            municipality=home.code if home else "",
            point=home_of(row),
            subjects=subjects[row.pk],
            days=row.days,
            dates=frozenset(row.possible_days),
            travel_km=row.travel_km,
            certificates=frozenset(Certificate(key) for key in row.certificates),
            unmatched_last_year=row.guest_id in last_year,
        )


def regions_on(day: dt.date) -> dict[str, str]:
    """Municipality → region, by their codes, on a day. One query."""
    rows = MunicipalityRegion.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=day), valid_from__lte=day
    )
    return dict(rows.values_list("municipality_id", "region__code"))


def _subjects(its_round: Round, applications: list[Application]) -> dict[int, frozenset[str]]:
    own: dict[int, set[str]] = defaultdict(set)
    for application, slug in Application.objects.filter(
        pk__in=[row.pk for row in applications], subject_areas__isnull=False
    ).values_list("pk", "subject_areas__slug"):
        own[application].add(slug)
    wished: dict[int, set[str]] = defaultdict(set)
    for guest, slug in OpenWish.objects.filter(
        round=its_round, guest__in=[row.guest_id for row in applications], subject_areas__isnull=False
    ).values_list("guest", "subject_areas__slug"):
        wished[guest].add(slug)
    about: dict[int, set[str]] = defaultdict(set)
    for owner, slug in (
        Content.objects.filter(
            state=State.PUBLISHED,
            owner__in={row.workplace_id for row in applications},
            subject_areas__isnull=False,
        )
        .order_by()
        .values_list("owner", "subject_areas__slug")
        .distinct()
    ):
        about[owner].add(slug)
    return {
        row.pk: frozenset(own[row.pk] or wished[row.guest_id] or about[row.workplace_id])
        for row in applications
    }


def _without_a_place_last_year(its_round: Round) -> frozenset[int]:
    """Guests whose leader had said yes in the round before, and who got no place in it."""
    stays = Stay.objects.filter(application=OuterRef("pk"), state__in=(StayState.AGREED, StayState.DONE))
    rows = Application.objects.filter(
        ~Exists(stays),
        round__year=its_round.year - 1,
        state__in=(ApplicationState.READY, ApplicationState.CLOSED),
        ready_at__isnull=False,
    )
    return frozenset(rows.values_list("guest", flat=True))


# -- places -------------------------------------------------------------------


def _places(offers: list[Offer], seats: Counter[uuid.UUID], taken: Counter[str]) -> Iterable[Place]:
    marks: dict[int, dict[str, int]] = defaultdict(dict)
    for offer, application, mark in HostMark.objects.filter(offer__in=offers).values_list(
        "offer", "application__uuid", "mark"
    ):
        marks[offer][str(application)] = (mark > 3) - (mark < 3)
    for row in offers:
        key = str(row.uuid)
        free = seats[row.uuid] if row.state == State.PUBLISHED else 0
        yield Place(
            key=key,
            seats=free + taken[key],
            workplace=str(row.owner.uuid) if row.owner else "",
            sectors=frozenset(row.sectors or ([row.owner.sector] if row.owner else [])),
            point=place_of(row),
            subjects=frozenset(area.slug for area in row.subject_areas.all()),
            days=row.days,
            dates=weekdays(row.starts_on, row.ends_on) if row.starts_on and row.ends_on else None,
            certificates=frozenset(Certificate(key) for key in row.certificates),
            marks=marks[row.pk],
        )

"""What a matching is worked out from: guests, places, the editors' own decisions, weights and the seed of the draw.

Plain values only. Whoever calls makes them out of rows of the database; nothing here reads a row or a clock. Keys are
strings and should be random (a UUID), because the draw between equals is made from them.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

MARKS = (-1, 0, 1)
"""What a host may say of an applicant: in doubt, nothing in particular, would like to have them."""
HIGHEST_WEIGHT = 100


class ProblemError(ValueError):
    """The values contradict each other, so that no matching can be made from them."""


class Certificate(StrEnum):
    """What a place may require of a guest before the stay."""

    CHILDREN = "boerneattest"
    CRIMINAL_RECORD = "straffeattest"


class Point(NamedTuple):
    """Somewhere on the map, in degrees."""

    lat: float
    lng: float


class Pair(NamedTuple):
    """A guest and a place, by their keys."""

    guest: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """How much each criterion counts for a place when it chooses between guests: whole numbers from 0 to 100.

    With the weights that are given, whoever got no place last year goes before everybody else: 100 is more than all
    the other criteria can give together (95). Below 96 it is one criterion among the others.
    """

    subject: int = 30
    sector: int = 20
    distance: int = 5
    last_year: int = 100
    mark: int = 40

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            if type(value) is not int or not 0 <= value <= HIGHEST_WEIGHT:
                raise ProblemError(f"the weight {each.name} is {value!r}, not a whole number from 0 to 100")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody who would like a stay. `wishes` are keys of places, the dearest first.

    `days` is how many days they can be away at most. `dates` are the days on which they can; None is any day of the
    round. `travel_km` None is no limit. `certificates` are those that they have or have agreed to get. `region` and
    `municipality` are for the figures only.
    """

    key: str
    wishes: tuple[str, ...] = ()
    workplace: str = ""
    sectors: frozenset[str] = frozenset()
    region: str = ""
    municipality: str = ""
    point: Point | None = None
    subjects: frozenset[str] = frozenset()
    days: int = 10
    dates: frozenset[dt.date] | None = None
    travel_km: float | None = None
    certificates: frozenset[Certificate] = frozenset()
    unmatched_last_year: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a host offers. `seats` are those of the round, not the ones for direct agreement.

    `days` is how long the stay lasts. `dates` are the days on which it can be; None is any day of the round. `point`
    None is nowhere in particular (a stay over a screen). `marks` are what the host says of guests, by their keys.
    """

    key: str
    seats: int = 1
    workplace: str = ""
    sectors: frozenset[str] = frozenset()
    point: Point | None = None
    subjects: frozenset[str] = frozenset()
    days: int = 1
    dates: frozenset[dt.date] | None = None
    certificates: frozenset[Certificate] = frozenset()
    marks: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One round, checked: keys are unique, and what has been fixed fits.

    `seed` is the round's published word, from which equals are drawn. `period` are the days of the round, for those
    who are flexible; None leaves it open. `pinned` pairs are put together by the editors, `kept` ones have been
    accepted by both sides; both stand as they are and use up seats. `forbidden` pairs the editors have ruled out,
    `declined` ones a guest or a host has said no to; neither is made. Raises ProblemError.
    """

    guests: tuple[Guest, ...]
    places: tuple[Place, ...]
    seed: str
    weights: Weights = field(default_factory=Weights)
    period: frozenset[dt.date] | None = None
    pinned: frozenset[Pair] = frozenset()
    kept: frozenset[Pair] = frozenset()
    forbidden: frozenset[Pair] = frozenset()
    declined: frozenset[Pair] = frozenset()

    def __post_init__(self) -> None:
        if not self.seed:
            raise ProblemError("the draw needs a seed")
        _unique("guests", (guest.key for guest in self.guests))
        _unique("places", (place.key for place in self.places))
        for guest in self.guests:
            _unique(f"wishes of {guest.key}", guest.wishes)
            if guest.days < 1 or (guest.travel_km is not None and guest.travel_km < 0):
                raise ProblemError(f"days or travel limit of {guest.key} are below what can be")
        for place in self.places:
            if place.seats < 0 or place.days < 1:
                raise ProblemError(f"seats or days of {place.key} are below what can be")
            if not set(place.marks.values()) <= set(MARKS):
                raise ProblemError(f"a mark of {place.key} is none of {MARKS}")
        self._check_fixed()

    def _check_fixed(self) -> None:
        for pair in self.pinned | self.kept:
            if pair.guest not in self.guest_by_key or pair.place not in self.place_by_key:
                raise ProblemError(f"{pair} is fixed, but one of them takes no part")
            workplace = self.guest_by_key[pair.guest].workplace
            if workplace and workplace == self.place_by_key[pair.place].workplace:
                raise ProblemError(f"{pair} is at the guest's own workplace")
        if ruled_out := (self.pinned | self.kept) & (self.forbidden | self.declined):
            raise ProblemError(f"{min(ruled_out)} is both fixed and ruled out")
        _unique("fixed guests", (pair.guest for pair in self.pinned | self.kept))
        for key, taken in Counter(pair.place for pair in self.pinned | self.kept).items():
            if taken > self.place_by_key[key].seats:
                raise ProblemError(f"more guests are fixed to {key} than it has seats")

    @cached_property
    def guest_by_key(self) -> Mapping[str, Guest]:
        """The guests by their keys."""
        return {guest.key: guest for guest in self.guests}

    @cached_property
    def place_by_key(self) -> Mapping[str, Place]:
        """The places by their keys."""
        return {place.key: place for place in self.places}

    @cached_property
    def fixed(self) -> Mapping[str, str]:
        """The place of each guest who is pinned or kept."""
        return {pair.guest: pair.place for pair in self.pinned | self.kept}


def _unique(what: str, keys: Iterable[str]) -> None:
    twice = sorted(key for key, times in Counter(keys).items() if times > 1)
    if twice:
        raise ProblemError(f"{what}: {twice[0]} stands more than once")


def weekdays(first: dt.date, last: dt.date) -> frozenset[dt.date]:
    """The days from `first` to `last`, both included, without Saturdays and Sundays; holidays are the caller's."""
    days = (first + dt.timedelta(days=n) for n in range((last - first).days + 1))
    return frozenset(day for day in days if day.isoweekday() <= 5)

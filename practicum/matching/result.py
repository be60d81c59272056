"""What a matching answers, with the reasons of each pair and of each guest without one. It names no other guest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from practicum.matching.limits import Limit
from practicum.matching.preferences import Score
from practicum.matching.problem import Pair, Weights


class Origin(StrEnum):
    """Where a pair comes from."""

    MATCHED = "matched"
    PINNED = "pinned"
    KEPT = "kept"


class Full(StrEnum):
    """Why a place that could have been was not to be had."""

    POINTS = "points"
    DRAW = "draw"
    FIXED = "fixed"
    NO_SEATS = "no_seats"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """A wish that was not met, and why: the limits that rule it out, or else what filled the place."""

    place: str
    wish: int
    limits: tuple[Limit, ...] = ()
    full: Full | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A guest and a place. `wish` is the number of the guest's wish, from 1; None when they did not wish it.

    `dates` are the days on which both can, None any. `despite` are the limits that a pair fixed by people breaks;
    `missed` the guest's dearer wishes.
    """

    guest: str
    place: str
    origin: Origin
    wish: int | None
    score: Score
    km: int | None
    dates: frozenset[dt.date] | None
    subjects: frozenset[str]
    other_sector: bool
    last_year: bool
    mark: int
    despite: tuple[Limit, ...] = ()
    missed: tuple[Missed, ...] = ()

    @property
    def pair(self) -> Pair:
        """The keys alone."""
        return Pair(self.guest, self.place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmatched:
    """A guest without a place, with every wish and why it was not met; no wishes, none missed."""

    guest: str
    missed: tuple[Missed, ...]


@dataclass(frozen=True, kw_only=True)
class Result:
    """The answer to a problem, with what it was worked out by. Sorted by key, so that equal results are equal."""

    matches: tuple[Match, ...]
    unmatched: tuple[Unmatched, ...]
    seats_left: Mapping[str, int]
    weights: Weights
    seed: str

    @cached_property
    def place_of(self) -> Mapping[str, str]:
        """The place of each guest who has one."""
        return {match.guest: match.place for match in self.matches}

    @cached_property
    def pairs(self) -> frozenset[Pair]:
        """The keys alone."""
        return frozenset(match.pair for match in self.matches)

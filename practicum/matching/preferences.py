"""Which guest a place would rather have: points by visible criteria, and a draw between equals.

Points are whole hundredths, so that they add up exactly and are the same on every machine.
"""

from __future__ import annotations

import hashlib
import hmac
from enum import StrEnum
from typing import NamedTuple

from practicum.matching.limits import distance_km
from practicum.matching.problem import Guest, Place, Problem, Weights

WHOLE = 100
"""A criterion that is wholly met gives its weight times this, in hundredths of a point."""
HALF = 50
"""What counts when something isn't known, or the host has said nothing: neither for nor against."""
FAR_KM = 300
"""From here on distance gives no more points; about the way from Copenhagen to Hanstholm."""


class Criterion(StrEnum):
    """What gives points. The names are those of `Weights` and `Score`."""

    SUBJECT = "subject"
    SECTOR = "sector"
    DISTANCE = "distance"
    LAST_YEAR = "last_year"
    MARK = "mark"


class Score(NamedTuple):
    """A guest's points at a place by criterion, in hundredths."""

    subject: int
    sector: int
    distance: int
    last_year: int
    mark: int

    @property
    def total(self) -> int:
        """All of them together, in hundredths."""
        return sum(self)

    def by_criterion(self) -> dict[Criterion, float]:
        """Points as people read them, by criterion."""
        return {criterion: points / WHOLE for criterion, points in zip(Criterion, self, strict=True)}


class Standing(NamedTuple):
    """How a guest stands at a place: the larger goes first. No two guests stand alike."""

    points: int
    draw: int
    key: str


def score(guest: Guest, place: Place, weights: Weights) -> Score:
    """What speaks for the guest at the place.

    Subject: the share of the subject areas named by either that both name. Sector: another one, because knowledge
    spreads between them. Distance: nearer is better, evenly down to nothing at FAR_KM, because the short way is cheap
    and people meet again. Last year: got no place then. Mark: the host's own.
    """
    return Score(
        weights.subject * _subject(guest, place),
        weights.sector * _sector(guest, place),
        weights.distance * _nearness(guest, place),
        weights.last_year * (WHOLE if guest.unmatched_last_year else 0),
        weights.mark * (HALF + HALF * place.marks.get(guest.key, 0)),
    )


def _subject(guest: Guest, place: Place) -> int:
    common = guest.subjects & place.subjects
    return WHOLE * len(common) // len(guest.subjects | place.subjects) if common else 0


def _sector(guest: Guest, place: Place) -> int:
    if not guest.sectors or not place.sectors:
        return HALF
    return WHOLE if guest.sectors.isdisjoint(place.sectors) else 0


def _nearness(guest: Guest, place: Place) -> int:
    km = distance_km(guest.point, place.point)
    return HALF if km is None else WHOLE * (FAR_KM - min(km, FAR_KM)) // FAR_KM


def draw(seed: str, key: str) -> int:
    """A guest's number in the round's draw; the larger goes first among equals, at every place.

    HMAC-SHA256 of the guest's key under the round's seed, its first 64 bits. Whoever knows the seed can work it out
    again; a new seed deals anew, so that nobody is favoured for ever.
    """
    return int.from_bytes(hmac.digest(seed.encode(), key.encode(), hashlib.sha256)[:8], "big")


def standing(problem: Problem, guest: Guest, place: Place) -> Standing:
    """How the guest stands at the place in this round."""
    return Standing(score(guest, place, problem.weights).total, draw(problem.seed, guest.key), guest.key)

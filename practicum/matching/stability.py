"""Whether a matching is stable, tried without the algorithm that made it: by looking at every wish.

A pair blocks when the guest would rather have that place than what they got, and the place has a free seat or would
rather have that guest than one it got: the two would go behind the matching's back.
"""

from __future__ import annotations

from collections import defaultdict
from enum import StrEnum
from typing import NamedTuple

from practicum.matching.limits import Limit, refusals
from practicum.matching.preferences import standing
from practicum.matching.problem import Guest, Problem
from practicum.matching.result import Result


class Cause(StrEnum):
    """What a blocking pair comes of. Only the first is a fault of the matching."""

    UNSTABLE = "unstable"
    FIXED = "fixed"
    FORBIDDEN = "forbidden"


class BlockingPair(NamedTuple):
    """A guest and a place who would both rather have each other."""

    guest: str
    place: str
    cause: Cause


def blocking_pairs(problem: Problem, result: Result) -> list[BlockingPair]:
    """Every blocking pair, sorted, with what it comes of.

    A pair that the editors have forbidden, and that would otherwise block, is listed as such: it is the price of their
    decision. A pair that somebody has declined doesn't block, nor does one that breaks a limit.
    """
    guests_at: dict[str, list[Guest]] = defaultdict(list)
    for guest_key, place_key in result.place_of.items():
        guests_at[place_key].append(problem.guest_by_key[guest_key])
    found = []
    for guest in problem.guests:
        has = result.place_of.get(guest.key)
        for key in guest.wishes:
            if key == has:
                break
            against = refusals(problem, guest, key)
            if against in ([], [Limit.FORBIDDEN]):
                cause = _cause(problem, guest, key, guests_at[key])
                if cause is not None:
                    found.append(BlockingPair(guest.key, key, Cause.FORBIDDEN if against else cause))
    return sorted(found)


def _cause(problem: Problem, guest: Guest, key: str, there: list[Guest]) -> Cause | None:
    """Why the place would rather have the guest, who would rather have it; None when it wouldn't."""
    place = problem.place_by_key[key]
    stands = standing(problem, guest, place)
    worse = [other for other in there if standing(problem, other, place) < stands]
    free = place.seats > len(there)
    if not free and not worse:
        return None
    loose = free or any(other.key not in problem.fixed for other in worse)
    return Cause.UNSTABLE if loose and guest.key not in problem.fixed else Cause.FIXED


def is_stable(problem: Problem, result: Result) -> bool:
    """Whether nothing blocks but what people have fixed or forbidden."""
    return all(pair.cause is not Cause.UNSTABLE for pair in blocking_pairs(problem, result))

"""Figures by which people judge a matching, and what another one would change.

They are for the editors: small groups are shown as they are, and must be put together before anything is public.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from practicum.matching.problem import Guest, Problem
from practicum.matching.result import Result


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a group's guests got a place."""

    guests: int
    matched: int

    @property
    def share(self) -> float | None:
        """From 0 to 1; None of nobody."""
        return self.matched / self.guests if self.guests else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """`by_wish` says how many got their first wish, their second and so on, without gaps up to the last one got.

    `not_wished` got a place that they had not wished (the editors put them there); `mean_wish` is over those who got
    one that they had, None when nobody did. A guest of two sectors counts in both. `unwished_places` are those that no
    guest has wished, `empty_places` those that have seats and got nobody.
    """

    everybody: Share
    by_wish: Mapping[int, int]
    not_wished: int
    without: int
    mean_wish: float | None
    by_sector: Mapping[str, Share]
    by_region: Mapping[str, Share]
    last_year: Share
    seats: int
    seats_left: int
    empty_places: tuple[str, ...]
    unwished_places: tuple[str, ...]


def figures(problem: Problem, result: Result) -> Figures:
    """The figures of a matching."""
    matched = frozenset(result.place_of)
    wishes = [match.wish for match in result.matches if match.wish is not None]
    got = Counter(wishes)
    used = frozenset(result.place_of.values())
    wished = {key for guest in problem.guests for key in guest.wishes}
    return Figures(
        everybody=_share(problem.guests, matched),
        by_wish={number: got[number] for number in range(1, max(wishes, default=0) + 1)},
        not_wished=len(result.matches) - len(wishes),
        without=len(result.unmatched),
        mean_wish=sum(wishes) / len(wishes) if wishes else None,
        by_sector=_shares(problem, matched, lambda guest: guest.sectors),
        by_region=_shares(problem, matched, lambda guest: [guest.region] if guest.region else []),
        last_year=_share((guest for guest in problem.guests if guest.unmatched_last_year), matched),
        seats=sum(place.seats for place in problem.places),
        seats_left=sum(result.seats_left.values()),
        empty_places=tuple(
            sorted(place.key for place in problem.places if place.seats and place.key not in used)
        ),
        unwished_places=tuple(sorted(place.key for place in problem.places if place.key not in wished)),
    )


def _share(guests: Iterable[Guest], matched: frozenset[str]) -> Share:
    keys = [guest.key for guest in guests]
    return Share(len(keys), sum(key in matched for key in keys))


def _shares(
    problem: Problem, matched: frozenset[str], groups: Callable[[Guest], Iterable[str]]
) -> dict[str, Share]:
    members: dict[str, list[Guest]] = defaultdict(list)
    for guest in problem.guests:
        for group in groups(guest):
            members[group].append(guest)
    return {group: _share(members[group], matched) for group in sorted(members)}


class Change(StrEnum):
    """What another matching does to a guest."""

    GAINS = "gains"
    LOSES = "loses"
    BETTER = "better"
    WORSE = "worse"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A guest whom the other matching moves: from place and wish, to place and wish (None: none)."""

    guest: str
    change: Change
    before: str | None
    after: str | None
    wish_before: int | None
    wish_after: int | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Who moves, by key, and how many by what it does to them."""

    moves: tuple[Move, ...]
    counts: Mapping[Change, int]
    unmoved: int


def compare(before: Result, after: Result) -> Comparison:
    """What the second matching changes. Somebody who takes part in one only has no place in the other."""
    at = [{match.guest: (match.place, match.wish) for match in result.matches} for result in (before, after)]
    guests: set[str] = set().union(
        *at, *({who.guest for who in result.unmatched} for result in (before, after))
    )
    nowhere: tuple[None, None] = (None, None)
    moves = []
    for key in sorted(guests):
        (old, old_wish), (new, new_wish) = at[0].get(key, nowhere), at[1].get(key, nowhere)
        if old != new:
            moves.append(
                Move(
                    guest=key,
                    change=_change(old, new, old_wish, new_wish),
                    before=old,
                    after=new,
                    wish_before=old_wish,
                    wish_after=new_wish,
                )
            )
    counts = Counter(move.change for move in moves)
    return Comparison(tuple(moves), {change: counts[change] for change in Change}, len(guests) - len(moves))


def _change(old: str | None, new: str | None, old_wish: int | None, new_wish: int | None) -> Change:
    """A place that was wished is better than one that was not; between two of the latter nobody can say."""
    if old is None:
        return Change.GAINS
    if new is None:
        return Change.LOSES
    if new_wish is not None and (old_wish is None or new_wish < old_wish):
        return Change.BETTER
    if old_wish is not None and (new_wish is None or old_wish < new_wish):
        return Change.WORSE
    return Change.OTHER

"""A round's matching, and the one after the answers have come in."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

from practicum.matching.deferred_acceptance import Proposal, deferred_acceptance
from practicum.matching.limits import Limit, common_dates, distance_km, refusals, why_not
from practicum.matching.preferences import Standing, score, standing
from practicum.matching.problem import Guest, Pair, Problem, ProblemError
from practicum.matching.result import Full, Match, Missed, Origin, Result, Unmatched

Progress = Callable[[int, int], None]
"""Is told how much of the work has been done, and how much there is."""
STEPS = 100
"""How often progress is told at most, so that telling costs nothing even when it writes a row."""


def solve(problem: Problem, *, on_progress: Progress | None = None) -> Result:
    """The stable matching that is best for the guests, around what people have fixed.

    Guests and places may come in any order; the answer is the same. `on_progress` hears of rising parts of a whole
    that stays the same, and last of the whole.
    """
    progress = _Progress(2 * sum(len(guest.wishes) for guest in problem.guests), on_progress)
    free = [guest for guest in problem.guests if guest.key not in problem.fixed]
    wishes: dict[str, list[Proposal]] = {}
    ruled_out: dict[Pair, tuple[Limit, ...]] = {}
    for guest in free:
        wishes[guest.key] = []
        for key in guest.wishes:
            if limits := refusals(problem, guest, key):
                ruled_out[Pair(guest.key, key)] = tuple(limits)
            else:
                wishes[guest.key].append((key, standing(problem, guest, problem.place_by_key[key])))
        progress.add(len(guest.wishes))
    seats = {place.key: place.seats for place in problem.places}
    for place in problem.fixed.values():
        seats[place] -= 1
    places = deferred_acceptance(wishes, seats, on_proposal=progress.add)
    result = _Telling(problem, wishes, ruled_out, places, seats).result()
    progress.finish()
    return result


def after_answers(problem: Problem, *, kept: Iterable[Pair], declined: Iterable[Pair] = ()) -> Problem:
    """The problem as it stands after some have answered: who accepted keeps the place, who declined isn't asked again.

    A pin gives way to its own guest's answer; one without an answer stands. Whoever has not answered and isn't in
    `kept` is matched anew. A guest who has withdrawn is left out of `problem.guests` by the caller. Raises
    ProblemError, also for a pair that is both kept and declined.
    """
    kept, declined = problem.kept | frozenset(kept), problem.declined | frozenset(declined)
    if both := kept & declined:
        raise ProblemError(f"{min(both)} is both kept and declined")
    answered = {pair.guest for pair in kept}
    pinned = frozenset(pair for pair in problem.pinned - declined if pair.guest not in answered)
    return replace(problem, kept=kept, declined=declined, pinned=pinned)


def rematch(
    problem: Problem,
    kept: Iterable[Pair],
    declined: Iterable[Pair] = (),
    *,
    on_progress: Progress | None = None,
) -> Result:
    """The matching of the rest, around the pairs that have been accepted."""
    return solve(after_answers(problem, kept=kept, declined=declined), on_progress=on_progress)


class _Progress:
    """Counts what has been done and tells of it now and then."""

    def __init__(self, total: int, tell: Progress | None) -> None:
        self.total, self.tell = total, tell
        self.done = self.told = 0
        self.step = max(1, total // STEPS)

    def add(self, number: int = 1) -> None:
        self.done += number
        if self.tell is not None and self.done - self.told >= self.step and self.done < self.total:
            self.told = self.done
            self.tell(self.done, self.total)

    def finish(self) -> None:
        if self.tell is not None:
            self.tell(self.total, self.total)


@dataclass
class _Telling:
    """Makes the result out of who got which place. `seats` are those that were not fixed."""

    problem: Problem
    wishes: dict[str, list[Proposal]]
    ruled_out: dict[Pair, tuple[Limit, ...]]
    places: dict[str, str]
    seats: dict[str, int]
    taken: dict[str, int] = field(init=False, default_factory=dict)
    last_in: dict[str, Standing] = field(init=False, default_factory=dict)

    def result(self) -> Result:
        for guest, key in self.places.items():
            stands = dict(self.wishes[guest])[key]
            self.taken[key] = self.taken.get(key, 0) + 1
            self.last_in[key] = min(self.last_in.get(key, stands), stands)
        guests = sorted(self.problem.guests, key=lambda guest: guest.key)
        placed = [(guest, place) for guest in guests if (place := self._place(guest)) is not None]
        return Result(
            matches=tuple(self._match(guest, place) for guest, place in placed),
            unmatched=tuple(
                Unmatched(guest=guest.key, missed=self._missed(guest, guest.wishes))
                for guest in guests
                if self._place(guest) is None
            ),
            seats_left={key: self.seats[key] - self.taken.get(key, 0) for key in sorted(self.seats)},
            weights=self.problem.weights,
            seed=self.problem.seed,
        )

    def _place(self, guest: Guest) -> str | None:
        return self.problem.fixed.get(guest.key) or self.places.get(guest.key)

    def _match(self, guest: Guest, key: str) -> Match:
        problem, place, pair = self.problem, self.problem.place_by_key[key], Pair(guest.key, key)
        wish = guest.wishes.index(key) if key in guest.wishes else None
        origin = (
            Origin.KEPT
            if pair in problem.kept
            else Origin.PINNED
            if pair in problem.pinned
            else Origin.MATCHED
        )
        matched = origin is Origin.MATCHED
        return Match(
            guest=guest.key,
            place=key,
            origin=origin,
            wish=None if wish is None else wish + 1,
            score=score(guest, place, problem.weights),
            km=distance_km(guest.point, place.point),
            dates=common_dates(guest, place, problem.period),
            subjects=guest.subjects & place.subjects,
            other_sector=bool(guest.sectors and place.sectors) and guest.sectors.isdisjoint(place.sectors),
            last_year=guest.unmatched_last_year,
            mark=place.marks.get(guest.key, 0),
            despite=() if matched else tuple(why_not(guest, place, period=problem.period)),
            missed=self._missed(guest, guest.wishes[:wish]) if matched else (),
        )

    def _missed(self, guest: Guest, keys: tuple[str, ...]) -> tuple[Missed, ...]:
        stands = dict(self.wishes[guest.key])
        return tuple(
            Missed(place=key, wish=number, limits=self.ruled_out[pair])
            if (pair := Pair(guest.key, key)) in self.ruled_out
            else Missed(place=key, wish=number, full=self._full(key, stands[key]))
            for number, key in enumerate(keys, 1)
        )

    def _full(self, key: str, stands: Standing) -> Full:
        if self.seats[key] > 0:
            return Full.DRAW if self.last_in[key].points == stands.points else Full.POINTS
        return Full.FIXED if self.problem.place_by_key[key].seats else Full.NO_SEATS

"""What holds of every matching: tried on made-up rounds, against all other matchings, and against another program."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from random import Random
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from matching.games import HospitalResident

from practicum.matching.deferred_acceptance import deferred_acceptance
from practicum.matching.generated import made_up
from practicum.matching.limits import refusals
from practicum.matching.preferences import Score, Standing, standing
from practicum.matching.problem import Certificate, Guest, Pair, Place, Point, Problem, Weights
from practicum.matching.result import Full, Match, Origin, Result
from practicum.matching.solving import solve
from practicum.matching.stability import Cause, blocking_pairs, is_stable

MONDAY = dt.date(2027, 9, 13)
WEEK = [MONDAY + dt.timedelta(days=n) for n in range(5)]
examples = hypothesis_settings(max_examples=80, deadline=None)
few_examples = hypothesis_settings(max_examples=60, deadline=None)

some_dates = st.none() | st.frozensets(st.sampled_from(WEEK), min_size=1)
points = st.none() | st.builds(Point, st.sampled_from([55.0, 56.0, 57.0]), st.sampled_from([9.0, 12.0]))
of_two = st.frozensets(st.sampled_from("ab"))
weight = st.sampled_from([0, 1, 40, 100])
all_weights = st.builds(
    Weights, subject=weight, sector=weight, distance=weight, last_year=weight, mark=weight
)


@st.composite
def problems(
    draw: st.DrawFn, *, most_guests: int = 7, most_places: int = 4, fixed: bool = False, ties: bool = False
) -> Problem:
    """A small round in which limits, points, ties and seats get in each other's way.

    With `ties` all stand alike but for the draw; with `fixed` people have decided some pairs.
    """
    place_keys = [f"p{n}" for n in range(draw(st.integers(0, most_places)))]
    guest_keys = [f"g{n}" for n in range(draw(st.integers(0, most_guests)))]
    certificates = st.frozensets(st.sampled_from(Certificate), max_size=1)
    places = [
        Place(key=key, seats=draw(st.integers(0, 3)))
        if ties
        else Place(
            key=key,
            seats=draw(st.integers(0, 3)),
            workplace=draw(st.sampled_from(["", "w1", "w2"])),
            sectors=draw(of_two),
            point=draw(points),
            subjects=draw(of_two),
            days=draw(st.integers(1, 3)),
            dates=draw(some_dates),
            certificates=draw(certificates),
            marks={guest: draw(st.sampled_from([-1, 0, 1])) for guest in guest_keys},
        )
        for key in place_keys
    ]
    wishes = st.permutations([*place_keys, "gone"]).flatmap(
        lambda order: st.integers(0, len(order)).map(lambda n: tuple(order[:n]))
    )
    guests = [
        Guest(key=key, wishes=draw(wishes))
        if ties
        else Guest(
            key=key,
            wishes=draw(wishes),
            workplace=draw(st.sampled_from(["", "w1", "w3"])),
            sectors=draw(of_two),
            point=draw(points),
            subjects=draw(of_two),
            days=draw(st.integers(1, 5)),
            dates=draw(some_dates),
            travel_km=draw(st.sampled_from([None, 0, 150])),
            certificates=draw(st.sampled_from([frozenset(), frozenset(Certificate)])),
            unmatched_last_year=draw(st.booleans()),
        )
        for key in guest_keys
    ]
    problem = Problem(
        guests=tuple(guests),
        places=tuple(places),
        seed=draw(st.sampled_from(["2027", "2028"])),
        weights=draw(all_weights),
        period=draw(st.none() | st.just(frozenset(WEEK))),
    )
    return draw(decided(problem)) if fixed else problem


@st.composite
def decided(draw: st.DrawFn, problem: Problem) -> Problem:
    """The same round after people have pinned, kept, forbidden and declined some pairs."""
    left = Counter({place.key: place.seats for place in problem.places})
    by_kind: dict[str, set[Pair]] = {kind: set() for kind in ("pinned", "kept", "forbidden", "declined")}
    for guest in problem.guests:
        for place in problem.places:
            kind = draw(st.sampled_from(["", "", "", *by_kind]))
            own = guest.workplace and guest.workplace == place.workplace
            settled = any(pair.guest == guest.key for pair in by_kind["pinned"] | by_kind["kept"])
            if kind in ("pinned", "kept"):
                if own or settled or not left[place.key]:
                    continue
                left[place.key] -= 1
            if kind:
                by_kind[kind].add(Pair(guest.key, place.key))
    return replace(problem, **{kind: frozenset(pairs) for kind, pairs in by_kind.items()})


def assignments(problem: Problem) -> Iterator[dict[str, str]]:
    """Every matching of acceptable pairs within the seats: what brute force finds, stable or not."""
    choices = [
        [None, *(key for key in guest.wishes if not refusals(problem, guest, key))]
        for guest in problem.guests
    ]
    for chosen in product(*choices):
        taken = Counter(key for key in chosen if key)
        if all(taken[place.key] <= place.seats for place in problem.places):
            yield {guest.key: key for guest, key in zip(problem.guests, chosen, strict=True) if key}


def blocks(problem: Problem, places: Mapping[str, str]) -> bool:
    """Whether any two would rather have each other; written anew from the definition, by places."""
    for place in problem.places:
        there = [problem.guest_by_key[guest] for guest, key in places.items() if key == place.key]
        for guest in problem.guests:
            if place.key not in guest.wishes or refusals(problem, guest, place.key):
                continue
            has = places.get(guest.key)
            if has and guest.wishes.index(has) <= guest.wishes.index(place.key):
                continue
            stands = standing(problem, guest, place)
            if len(there) < place.seats or any(standing(problem, one, place) < stands for one in there):
                return True
    return False


def as_result(problem: Problem, places: Mapping[str, str]) -> Result:
    """A matching that no algorithm made."""
    return Result(
        matches=tuple(
            Match(
                guest=guest,
                place=place,
                origin=Origin.MATCHED,
                wish=None,
                score=Score(0, 0, 0, 0, 0),
                km=None,
                dates=None,
                subjects=frozenset(),
                other_sector=False,
                last_year=False,
                mark=0,
            )
            for guest, place in places.items()
        ),
        unmatched=(),
        seats_left={},
        weights=problem.weights,
        seed=problem.seed,
    )


any_problem = problems() | problems(ties=True) | problems(fixed=True)


@examples
@given(any_problem)
def test_only_pairs_that_can_be_within_the_seats(problem: Problem) -> None:
    """Each guest is there once, with a place that they wish and may have, or that people gave them."""
    result = solve(problem)
    heard_of = [who.guest for who in (*result.matches, *result.unmatched)]
    assert sorted(heard_of) == sorted(guest.key for guest in problem.guests)
    for match in result.matches:
        if match.origin is Origin.MATCHED:
            guest = problem.guest_by_key[match.guest]
            assert guest.wishes[(match.wish or 0) - 1] == match.place
            assert refusals(problem, guest, match.place) == []
    taken = Counter(match.place for match in result.matches)
    assert {key: left + taken[key] for key, left in result.seats_left.items()} == {
        place.key: place.seats for place in problem.places
    }
    assert min(result.seats_left.values(), default=0) >= 0


@examples
@given(any_problem)
def test_nothing_blocks_but_what_people_decided(problem: Problem) -> None:
    """No pair would go behind the matching's back; without decisions there is none at all."""
    found = blocking_pairs(problem, solve(problem))
    assert Cause.UNSTABLE not in {pair.cause for pair in found}
    if not problem.fixed:
        assert Cause.FIXED not in {pair.cause for pair in found}
    if not problem.fixed and not problem.forbidden:
        assert found == []


@examples
@given(any_problem, st.randoms(use_true_random=False))
def test_the_order_of_input_changes_nothing(problem: Problem, random: Random) -> None:
    """Guests, places, sets and marks in any order give the very same result, reasons and all."""
    guests, places = list(problem.guests), list(problem.places)
    random.shuffle(guests)
    random.shuffle(places)
    places = [replace(place, marks=dict(sorted(place.marks.items(), reverse=True))) for place in places]
    other = replace(problem, guests=tuple(guests), places=tuple(places))
    assert solve(other) == solve(problem)


@few_examples
@given(problems(most_guests=5, most_places=3) | problems(most_guests=5, most_places=3, ties=True))
def test_best_for_every_guest_of_all_stable_matchings(problem: Problem) -> None:
    """Of all stable matchings none gives any guest a dearer wish; all give places to the same guests, and fill the
    same seats (the rural hospitals theorem)."""
    result = solve(problem)
    stable = [places for places in assignments(problem) if not blocks(problem, places)]
    assert dict(result.place_of) in stable
    for other in stable:
        assert set(other) == set(result.place_of)
        assert Counter(other.values()) == Counter(result.place_of.values())
        for key, place in other.items():
            wishes = problem.guest_by_key[key].wishes
            assert wishes.index(result.place_of[key]) <= wishes.index(place)


@few_examples
@given(problems(most_guests=4, most_places=3) | problems(most_guests=4, most_places=3, ties=True))
def test_blocking_pairs_are_found_in_any_matching(problem: Problem) -> None:
    """The check says the same of every matching, stable or not, as the definition does."""
    for places in assignments(problem):
        assert is_stable(problem, as_result(problem, places)) is not blocks(problem, places)


@few_examples
@given(problems(most_guests=5, most_places=3), st.data())
def test_no_guest_gains_by_other_wishes_than_the_true_ones(problem: Problem, data: st.DataObject) -> None:
    """Whatever a guest writes instead, fewer wishes or in another order, the place is no dearer to them."""
    if not problem.guests:
        return
    guest = data.draw(st.sampled_from(problem.guests))
    order = data.draw(st.permutations(guest.wishes))
    lie = replace(guest, wishes=tuple(order[: data.draw(st.integers(0, len(order)))]))
    others = tuple(lie if one.key == guest.key else one for one in problem.guests)
    honest = solve(problem).place_of.get(guest.key)
    got = solve(replace(problem, guests=others)).place_of.get(guest.key)
    if got is not None:
        assert honest is not None
        assert guest.wishes.index(honest) <= guest.wishes.index(got)


@st.composite
def strict_preferences(draw: st.DrawFn) -> tuple[dict[str, list[str]], dict[str, list[str]], dict[str, int]]:
    """Guests' wishes, places' orders of those who wish them, and seats; each side's order is any order."""
    guest_keys = [f"g{n}" for n in range(draw(st.integers(1, 10)))]
    place_keys = [f"p{n}" for n in range(draw(st.integers(1, 5)))]
    wishes = {}
    for key in guest_keys:
        order = draw(st.permutations(place_keys))
        wishes[key] = order[: draw(st.integers(1, len(order)))]
    orders = {
        place: draw(st.permutations([key for key in guest_keys if place in wishes[key]]))
        for place in place_keys
    }
    orders = {place: order for place, order in orders.items() if order}
    return wishes, orders, {place: draw(st.integers(1, 3)) for place in orders}


def as_told_by_the_oracle(
    wishes: dict[str, list[str]], orders: dict[str, list[str]], seats: dict[str, int]
) -> dict[str, str]:
    """What the package `matching` answers, the residents proposing."""
    game = HospitalResident.create_from_dictionaries(wishes, orders, seats)
    solution: Any = game.solve(optimal="resident")
    return {guest.name: place.name for place, guests in solution.items() for guest in guests}


@examples
@given(strict_preferences())
@example(({"g0": ["p0"], "g1": ["p0"]}, {"p0": ["g1", "g0"]}, {"p0": 1}))
def test_the_algorithm_agrees_with_an_independent_one(
    preferences: tuple[dict[str, list[str]], dict[str, list[str]], dict[str, int]],
) -> None:
    """The same preferences give the same matching as the package `matching`."""
    wishes, orders, seats = preferences
    proposals = {
        guest: [(place, Standing(-orders[place].index(guest), 0, guest)) for place in places]
        for guest, places in wishes.items()
    }
    assert deferred_acceptance(proposals, seats) == as_told_by_the_oracle(wishes, orders, seats)


def in_words_of_the_oracle(
    problem: Problem,
) -> tuple[dict[str, list[str]], dict[str, list[str]], dict[str, int]]:
    """A round as lists of preferences: only acceptable pairs, and only who is in one."""
    wishes = {
        guest.key: [
            key
            for key in guest.wishes
            if not refusals(problem, guest, key) and problem.place_by_key[key].seats
        ]
        for guest in problem.guests
    }
    wishes = {guest: places for guest, places in wishes.items() if places}
    orders = {}
    for place in problem.places:
        who = [problem.guest_by_key[guest] for guest, places in wishes.items() if place.key in places]
        who.sort(key=lambda guest, place=place: standing(problem, guest, place), reverse=True)
        if who:
            orders[place.key] = [guest.key for guest in who]
    return wishes, orders, {key: problem.place_by_key[key].seats for key in orders}


@examples
@given(problems())
def test_a_round_agrees_with_an_independent_algorithm(problem: Problem) -> None:
    """Limits, points and draw lead to the matching that the package `matching` makes of them."""
    wishes, orders, seats = in_words_of_the_oracle(problem)
    expected = as_told_by_the_oracle(wishes, orders, seats) if wishes else {}
    assert dict(solve(problem).place_of) == expected


@pytest.mark.parametrize("seed", ["a", "b"])
def test_a_made_up_round_of_some_size_agrees_and_is_stable(seed: str) -> None:
    """Where chains of refusals are long. (The oracle copies its players recursively, so no more guests.)"""
    problem = made_up(150, 30, seed=seed)
    result = solve(problem)
    assert dict(result.place_of) == as_told_by_the_oracle(*in_words_of_the_oracle(problem))
    assert blocking_pairs(problem, result) == []
    assert {missed.full for who in result.unmatched for missed in who.missed} >= {Full.POINTS}

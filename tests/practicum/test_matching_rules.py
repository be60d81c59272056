"""The rules one by one: what rules a pair out, what gives points, how equals are drawn, what contradicts itself."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections import Counter
from dataclasses import asdict, replace
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings

from practicum.matching.limits import Limit, common_dates, distance_km, refusals, why_not
from practicum.matching.preferences import FAR_KM, Criterion, draw, score
from practicum.matching.problem import (
    Certificate,
    Guest,
    Pair,
    Place,
    Point,
    Problem,
    ProblemError,
    Weights,
    weekdays,
)
from practicum.matching.solving import solve
from tests.practicum.test_matching_stable import problems

MONDAY = dt.date(2027, 9, 13)
WEEK = weekdays(MONDAY, MONDAY + dt.timedelta(days=6))
COPENHAGEN, AARHUS, RONNE = Point(55.676, 12.568), Point(56.157, 10.211), Point(55.101, 14.707)
ONES = Weights(subject=1, sector=1, distance=1, last_year=1, mark=1)


def days(*numbers: int) -> frozenset[dt.date]:
    """Days of the week by number from Monday, 0."""
    return frozenset(MONDAY + dt.timedelta(days=number) for number in numbers)


def guest(**values: Any) -> Guest:
    """A guest whom nothing speaks against."""
    return Guest(**{"key": "g", "wishes": ("p",), **values})


def place(**values: Any) -> Place:
    """A place that anybody can have."""
    return Place(**{"key": "p", **values})


LIMITS: list[tuple[str, dict[str, Any], dict[str, Any], list[Limit]]] = [
    ("nothing against it", {}, {}, []),
    ("own workplace", {"workplace": "w"}, {"workplace": "w"}, [Limit.OWN_WORKPLACE]),
    ("another workplace", {"workplace": "w"}, {"workplace": "v"}, []),
    ("neither workplace known", {"workplace": ""}, {"workplace": ""}, []),
    ("longer than wanted", {"days": 2}, {"days": 3}, [Limit.DAYS]),
    ("as long as wanted", {"days": 3}, {"days": 3}, []),
    ("shorter than wanted", {"days": 5}, {"days": 1}, []),
    ("just enough days", {"dates": days(0, 1)}, {"dates": days(1, 2), "days": 1}, []),
    ("a day short", {"dates": days(0, 1)}, {"dates": days(1, 2), "days": 2}, [Limit.DATES]),
    ("no common day", {"dates": days(0)}, {"dates": days(1)}, [Limit.DATES]),
    ("days need not follow each other", {"dates": days(0, 2, 4)}, {"days": 3}, []),
    ("flexible place, guest a day short", {"dates": days(0, 1)}, {"days": 3}, [Limit.DATES]),
    ("flexible guest", {"dates": None}, {"dates": days(3, 4), "days": 2}, []),
    ("both flexible, in the round's week", {}, {"days": 5}, []),
    ("both flexible, longer than the round", {}, {"days": 6}, [Limit.DATES]),
    ("days outside the round don't count", {"dates": days(0, 7)}, {"days": 2}, [Limit.DATES]),
    ("no day at all", {"dates": days()}, {}, [Limit.DATES]),
    ("too far", {"point": COPENHAGEN, "travel_km": 155}, {"point": AARHUS}, [Limit.TRAVEL]),
    ("as far as can be", {"point": COPENHAGEN, "travel_km": 156}, {"point": AARHUS}, []),
    ("no limit", {"point": COPENHAGEN}, {"point": RONNE}, []),
    ("where the guest is isn't known", {"travel_km": 0}, {"point": AARHUS}, []),
    ("nowhere in particular", {"point": AARHUS, "travel_km": 0}, {}, []),
    ("at the door", {"point": AARHUS, "travel_km": 0}, {"point": AARHUS}, []),
    ("no children's certificate", {}, {"certificates": {Certificate.CHILDREN}}, [Limit.CHILDREN]),
    ("no criminal record", {}, {"certificates": {Certificate.CRIMINAL_RECORD}}, [Limit.CRIMINAL_RECORD]),
    (
        "the other certificate",
        {"certificates": {Certificate.CHILDREN}},
        {"certificates": set(Certificate)},
        [Limit.CRIMINAL_RECORD],
    ),
    ("certificates there", {"certificates": set(Certificate)}, {"certificates": set(Certificate)}, []),
    ("more certificates than needed", {"certificates": set(Certificate)}, {}, []),
    (
        "everything at once",
        {"workplace": "w", "days": 1, "dates": days(0), "point": RONNE, "travel_km": 1},
        {"workplace": "w", "days": 2, "point": AARHUS, "certificates": set(Certificate)},
        [limit for limit in Limit if limit not in (Limit.FORBIDDEN, Limit.DECLINED, Limit.GONE)],
    ),
]


@pytest.mark.parametrize(("said", "of_guest", "of_place", "expected"), LIMITS, ids=[row[0] for row in LIMITS])
def test_hard_limits(
    said: str, of_guest: dict[str, Any], of_place: dict[str, Any], expected: list[Limit]
) -> None:
    """A pair that breaks a limit says which, and isn't made, however free the seat; any other is."""
    one, other = guest(**of_guest), place(**of_place)
    assert why_not(one, other, period=WEEK) == expected
    result = solve(Problem(guests=(one,), places=(other,), seed="s", period=WEEK))
    assert bool(result.matches) is not bool(expected)
    assert [list(missed.limits) for who in result.unmatched for missed in who.missed] == (
        [expected] if expected else []
    )


def test_without_a_period_the_flexible_may_have_any_length() -> None:
    """The round's days are the caller's to set; then nobody has named a day."""
    assert common_dates(guest(), place(days=9)) is None
    assert why_not(guest(days=9), place(days=9)) == []
    assert common_dates(guest(dates=days(1, 2)), place(dates=days(2, 3))) == days(2)


def test_what_people_decided_rules_out_too() -> None:
    """A forbidden or declined pair isn't made, a place that has left the round can't be had; limits are told first."""
    one = guest(days=1, wishes=("p", "left"))
    problem = Problem(
        guests=(one,),
        places=(place(days=2),),
        seed="s",
        forbidden=frozenset({Pair("g", "p")}),
        declined=frozenset({Pair("g", "p")}),
    )
    assert refusals(problem, one, "p") == [Limit.DAYS, Limit.FORBIDDEN, Limit.DECLINED]
    assert refusals(problem, one, "left") == [Limit.GONE]
    assert solve(problem).matches == ()


@pytest.mark.parametrize(
    ("here", "there", "km"),
    [
        (COPENHAGEN, AARHUS, 156),
        (AARHUS, COPENHAGEN, 156),
        (COPENHAGEN, RONNE, 149),
        (AARHUS, AARHUS, 0),
        (Point(0, 0), Point(0, 180), 20015),
        (Point(90, 0), Point(-90, 77), 20015),
        (None, AARHUS, None),
        (AARHUS, None, None),
    ],
)
def test_distance(here: Point | None, there: Point | None, km: int | None) -> None:
    """Great circles, in whole kilometres."""
    assert distance_km(here, there) == km


A, B = frozenset("a"), frozenset("b")
SCORES: list[tuple[Criterion, dict[str, Any], dict[str, Any], float]] = [
    (Criterion.SUBJECT, {"subjects": A}, {"subjects": A}, 1),
    (Criterion.SUBJECT, {"subjects": A | B}, {"subjects": A}, 0.5),
    (Criterion.SUBJECT, {"subjects": A | B}, {"subjects": A | frozenset("c")}, 0.33),
    (Criterion.SUBJECT, {"subjects": A}, {"subjects": B}, 0),
    (Criterion.SUBJECT, {}, {"subjects": A}, 0),
    (Criterion.SUBJECT, {}, {}, 0),
    (Criterion.SECTOR, {"sectors": A}, {"sectors": B}, 1),
    (Criterion.SECTOR, {"sectors": A}, {"sectors": A | B}, 0),
    (Criterion.SECTOR, {}, {"sectors": A}, 0.5),
    (Criterion.SECTOR, {"sectors": A}, {}, 0.5),
    (Criterion.DISTANCE, {"point": AARHUS}, {"point": AARHUS}, 1),
    (Criterion.DISTANCE, {"point": COPENHAGEN}, {"point": AARHUS}, 0.48),
    (Criterion.DISTANCE, {"point": Point(0, 0)}, {"point": AARHUS}, 0),
    (Criterion.DISTANCE, {}, {"point": AARHUS}, 0.5),
    (Criterion.LAST_YEAR, {"unmatched_last_year": True}, {}, 1),
    (Criterion.LAST_YEAR, {}, {}, 0),
    (Criterion.MARK, {}, {"marks": {"g": 1}}, 1),
    (Criterion.MARK, {}, {"marks": {"g": 0}}, 0.5),
    (Criterion.MARK, {}, {"marks": {"another": 1}}, 0.5),
    (Criterion.MARK, {}, {"marks": {"g": -1}}, 0),
]


@pytest.mark.parametrize(("criterion", "of_guest", "of_place", "share"), SCORES)
@pytest.mark.parametrize("weight", [0, 1, 37, 100])
def test_points(
    criterion: Criterion, of_guest: dict[str, Any], of_place: dict[str, Any], share: float, weight: int
) -> None:
    """Each criterion gives its share of its own weight, and nothing of the others'."""
    points = score(guest(**of_guest), place(**of_place), replace(ONES, **{criterion: weight})).by_criterion()
    assert points[criterion] == pytest.approx(share * weight)
    alone = score(
        guest(**of_guest), place(**of_place), Weights(**{**dict.fromkeys(asdict(ONES), 0), criterion: weight})
    )
    assert alone.total / 100 == points[criterion]


@hypothesis_settings(max_examples=50, deadline=None)
@given(problems())
def test_points_add_up_within_the_weights(problem: Problem) -> None:
    """The breakdown sums to the score, and no criterion gives more than its weight or less than nothing."""
    weights = asdict(problem.weights)
    for one in problem.guests:
        for other in problem.places:
            points = score(one, other, problem.weights)
            assert points.total == round(100 * sum(points.by_criterion().values()))
            assert all(0 <= got <= weights[criterion] for criterion, got in points.by_criterion().items())


def test_the_given_weights_put_last_years_unmatched_first() -> None:
    """Whoever got nothing last year goes before somebody who has everything else."""
    everything = guest(sectors=A, subjects=A, point=AARHUS)
    nothing = Guest(key="h", sectors=B, subjects=B, point=Point(0, 0), unmatched_last_year=True)
    host = place(sectors=B, subjects=A, point=AARHUS, marks={"g": 1, "h": -1})
    assert score(nothing, host, Weights()).total > score(everything, host, Weights()).total
    assert (distance_km(Point(0, 0), AARHUS) or 0) > FAR_KM


@pytest.mark.parametrize("name", list(asdict(Weights())))
@pytest.mark.parametrize("value", [-1, 101, 1.5, "40", None, True])
def test_weights_are_whole_numbers_from_0_to_100(name: str, value: object) -> None:
    """Anything else is refused; the ends are fine. Criteria, weights and points have the same names."""
    with pytest.raises(ProblemError, match=name):
        Weights(**{name: value})
    for end in (0, 100):
        assert asdict(Weights(**{name: end}))[name] == end
    assert list(asdict(Weights())) == [criterion.value for criterion in Criterion]


def test_the_draw_can_be_worked_out_by_anybody() -> None:
    """HMAC-SHA256 of the key under the seed, as `openssl dgst -sha256 -hmac` makes it; first 16 hex digits."""
    assert f"{draw('Jefe', 'what do ya want for nothing?'):016x}" == "5bdcc146bf60754e"  # RFC 4231, case 2


def test_the_draw_is_the_guests_own_and_new_with_each_seed() -> None:
    """Among equals the largest number goes first; over seeds everybody wins about as often."""
    keys = [f"guest {n}" for n in range(4)]
    won = Counter()
    for year in range(400):
        equals = tuple(Guest(key=key, wishes=("p",)) for key in keys)
        (match,) = solve(Problem(guests=equals, places=(place(),), seed=str(year))).matches
        assert match.guest == max(keys, key=lambda key: draw(str(year), key))
        won[match.guest] += 1
    assert set(won) == set(keys)
    assert min(won.values()) > 70


G, P = (guest(workplace="w"), Guest(key="h")), (place(workplace="w"), Place(key="q"))
TO_P, TO_Q = Pair("h", "p"), Pair("h", "q")
CONTRADICTIONS: list[tuple[str, dict[str, Any]]] = [
    ("seed", {"seed": ""}),
    ("guests", {"guests": (*G, guest())}),
    ("places", {"places": (*P, place())}),
    ("wishes of g", {"guests": (guest(wishes=("p", "q", "p")),)}),
    ("days or travel", {"guests": (guest(days=0),)}),
    ("days or travel", {"guests": (guest(travel_km=-1),)}),
    ("seats or days", {"places": (place(seats=-1),)}),
    ("seats or days", {"places": (place(days=0),)}),
    ("mark of p", {"places": (place(marks={"g": 2}),)}),
    ("takes no part", {"pinned": {Pair("nobody", "p")}}),
    ("takes no part", {"kept": {Pair("h", "nowhere")}}),
    ("own workplace", {"pinned": {Pair("g", "p")}}),
    ("both fixed and ruled out", {"pinned": {TO_P}, "forbidden": {TO_P}}),
    ("both fixed and ruled out", {"kept": {TO_P}, "declined": {TO_P}}),
    ("fixed guests", {"pinned": {TO_P}, "kept": {TO_Q}}),
    ("more guests", {"pinned": {TO_Q}, "kept": {Pair("g", "q")}}),
]


@pytest.mark.parametrize(("said", "values"), CONTRADICTIONS)
def test_contradictions_are_refused(said: str, values: dict[str, Any]) -> None:
    """A problem that can't be meant says what is wrong with it, before anything is worked out."""
    values = {key: frozenset(value) if isinstance(value, set) else value for key, value in values.items()}
    fine = {"guests": G, "places": P, "seed": "s"}
    Problem(**fine)  # type: ignore[arg-type]
    with pytest.raises(ProblemError, match=said):
        Problem(**{**fine, **values})


def test_weekdays() -> None:
    """Both ends are in, Saturdays and Sundays are not."""
    assert weekdays(dt.date(2027, 9, 10), dt.date(2027, 9, 14)) == {
        dt.date(2027, 9, 10),
        dt.date(2027, 9, 13),
        dt.date(2027, 9, 14),
    }
    assert weekdays(MONDAY, MONDAY - dt.timedelta(days=1)) == frozenset()


def test_the_core_knows_no_database() -> None:
    """It can be imported and used without Django's settings, and draws in neither models nor drivers."""
    code = (
        "import sys; from practicum.matching import fairness, measuring, reasons, stability;"
        "from practicum.matching.solving import solve;"
        "from practicum.matching.generated import made_up;"
        "assert solve(made_up(20)).matches;"
        "print([name for name in sys.modules if name.startswith(('django.db', 'psycopg'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={"PATH": ""}, cwd=settings.BASE_DIR
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")

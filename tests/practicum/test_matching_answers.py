"""What is said of a matching: reasons, what people fixed, rematch, figures, what-if, progress, measuring."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings

from practicum.matching import measuring, words
from practicum.matching.fairness import Change, Share, compare, figures
from practicum.matching.generated import made_up
from practicum.matching.limits import Limit
from practicum.matching.preferences import Criterion, draw
from practicum.matching.problem import Certificate, Guest, Pair, Place, Point, Problem, ProblemError, Weights
from practicum.matching.reasons import Code, Reader, reasons, sentence, why_missed, why_unmatched
from practicum.matching.result import Full, Match, Missed, Origin, Result
from practicum.matching.solving import after_answers, rematch, solve
from practicum.matching.stability import BlockingPair, Cause, blocking_pairs, is_stable
from tests.practicum.test_matching_stable import problems

examples = hypothesis_settings(max_examples=50, deadline=None)


def solved(*guests: Guest, places: list[Place], **values: Any) -> Result:
    """The matching of a round without anything special."""
    return solve(a_round(*guests, places=places, **values))


def a_round(*guests: Guest, places: list[Place], **values: Any) -> Problem:
    """A round without anything special."""
    return Problem(guests=guests, places=tuple(places), **{"seed": "2027", **values})


def wants(key: str, *wishes: str, **values: Any) -> Guest:
    """A guest with wishes."""
    return Guest(key=key, wishes=wishes, **values)


def liking(key: str, *guests: str, seats: int = 1) -> Place:
    """A place whose host would like to have the guests."""
    return Place(key=key, seats=seats, marks=dict.fromkeys(guests, 1))


# --- Words ---


@pytest.mark.parametrize(
    ("codes", "table"),
    [
        (Limit, words.LIMITS),
        (Full, words.FULL),
        (Criterion, words.CRITERIA),
        (Origin, words.ORIGINS),
        (Change, words.CHANGES),
    ],
)
def test_every_code_has_words_of_its_own(codes: Any, table: dict[Any, Any]) -> None:
    """No code is left without Danish, and no two say the same."""
    assert set(table) == set(codes)
    assert len({str(said) for said in table.values()}) == len(table)
    assert all(str(said)[0].isupper() for said in table.values())


def a_match(**values: Any) -> Match:
    """The pair of a guest who has everything for them."""
    guest = wants(
        "g",
        "other",
        "p",
        subjects=frozenset({"aeldre"}),
        sectors=frozenset({"kommune"}),
        point=Point(55.676, 12.568),
        days=2,
        **values,
    )
    place = Place(
        key="p",
        subjects=frozenset({"aeldre", "digitalisering"}),
        sectors=frozenset({"stat"}),
        point=Point(55.32, 12.2),
        marks={"g": 1},
    )
    (match,) = solved(guest, places=[Place(key="other", days=3), place]).matches
    return match


NAMES = {"aeldre": "ældre"}
SENTENCES: list[tuple[Reader, dict[str, Any], str]] = [
    (
        Reader.EDITORS,
        {},
        "Ønske nr. 2; samme fagområde: ældre; fra en anden sektor; værten vil gerne have gæsten; 46 km",
    ),
    (Reader.GUEST, {}, "Ønske nr. 2; samme fagområde: ældre; fra en anden sektor; 46 km"),
    (
        Reader.HOST,
        {},
        "Samme fagområde: ældre; fra en anden sektor; værten vil gerne have gæsten; 46 km",
    ),
    (
        Reader.GUEST,
        {"last_year": True},
        "Ønske nr. 2; samme fagområde: ældre; fra en anden sektor; fik ikke en plads sidste år; 46 km",
    ),
    (
        Reader.HOST,
        {"last_year": True, "mark": -1, "km": None, "other_sector": False, "wish": None},
        "Samme fagområde: ældre; værten er i tvivl",
    ),
    (
        Reader.EDITORS,
        {"origin": Origin.PINNED, "wish": None, "subjects": frozenset({"aeldre", "b"}), "mark": 0},
        "Ikke blandt ønskerne; sat sammen af redaktionen; samme fagområder: ældre, b; fra en anden sektor; 46 km",
    ),
    (
        Reader.GUEST,
        {"origin": Origin.KEPT, "subjects": frozenset(), "other_sector": False, "km": 0},
        "Ønske nr. 2; står fra et forslag, der er sendt; 0 km",
    ),
    (Reader.HOST, {"subjects": frozenset(), "other_sector": False, "km": None, "mark": 0}, ""),
]


@pytest.mark.parametrize(("reader", "values", "expected"), SENTENCES)
def test_the_reasons_of_a_pair(reader: Reader, values: dict[str, Any], expected: str) -> None:
    """One short sentence, of what the reader may know."""
    match = replace(a_match(), **values)
    assert sentence(match, reader, lambda code: NAMES.get(code, code)) == expected


def test_what_each_reader_is_not_told() -> None:
    """A host sees neither the order of wishes nor last year's luck, a guest no mark."""
    match = replace(a_match(), last_year=True)
    told = {reader: {reason.code for reason in reasons(match, reader)} for reader in Reader}
    assert told[Reader.EDITORS] - told[Reader.HOST] == {Code.WISH, Code.LAST_YEAR}
    assert told[Reader.EDITORS] - told[Reader.GUEST] == {Code.WANTED}
    assert a_match().missed == (Missed(place="other", wish=1, limits=(Limit.DAYS,)),)


# --- Why not ---


def test_why_a_wish_was_not_met() -> None:
    """Points, the draw, what was fixed, no seats, limits: each wish says its own; no other guest is named."""
    ours, theirs = ("a", "b") if draw("2027", "a") < draw("2027", "b") else ("b", "a")
    result = solved(
        wants(ours, "points", "draw", "fixed", "none", "rules", "left"),
        wants(theirs, "draw"),
        wants("liked", "points"),
        wants("pinned"),
        places=[
            liking("points", "liked"),
            Place(key="draw"),
            Place(key="fixed"),
            Place(key="none", seats=0),
            Place(key="rules", days=11, certificates=frozenset(Certificate)),
        ],
        pinned=frozenset({Pair("pinned", "fixed")}),
    )
    (who,) = result.unmatched
    assert who.missed == (
        Missed(place="points", wish=1, full=Full.POINTS),
        Missed(place="draw", wish=2, full=Full.DRAW),
        Missed(place="fixed", wish=3, full=Full.FIXED),
        Missed(place="none", wish=4, full=Full.NO_SEATS),
        Missed(place="rules", wish=5, limits=(Limit.DAYS, Limit.CHILDREN, Limit.CRIMINAL_RECORD)),
        Missed(place="left", wish=6, limits=(Limit.GONE,)),
    )
    told = [said for _, said in why_unmatched(who)]
    assert told[0] == ["Pladsen er fyldt af gæster med flere point."]
    assert told[4] == [str(words.LIMITS[limit]) for limit in who.missed[4].limits]
    assert set(result.seats_left.values()) == {0, 1}


@pytest.mark.parametrize(("liked", "full"), [(("x",), Full.DRAW), (("x", "y", "z"), Full.POINTS)])
def test_who_came_in_last_decides_what_filled_the_place(liked: tuple[str, ...], full: Full) -> None:
    """With several seats it is the last one in who stands above those turned away, by points or by the draw."""
    guests = [wants(key, "p") for key in "xyz"]
    turned_away = solved(
        *guests, wants("a", "p"), places=[liking("p", *liked, seats=3 if "y" in liked else 2)]
    )
    assert {missed.full for who in turned_away.unmatched for missed in who.missed} == {full}


def test_without_wishes() -> None:
    """Whoever wished nothing missed nothing."""
    (who,) = solved(wants("g"), places=[Place(key="p")]).unmatched
    assert (who.missed, why_unmatched(who)) == ((), [])


@examples
@given(problems(fixed=True) | problems(ties=True))
def test_every_wish_that_was_not_met_has_its_reason(problem: Problem) -> None:
    """Every guest is told of each dearer wish, by a limit or by a place that is full, and by words."""
    result = solve(problem)
    left = result.seats_left
    for who in (*result.matches, *result.unmatched):
        wishes = problem.guest_by_key[who.guest].wishes
        if isinstance(who, Match):
            wishes = wishes[: (who.wish or 1) - 1] if who.origin is Origin.MATCHED else ()
        assert [missed.place for missed in who.missed] == list(wishes)
        for missed in who.missed:
            assert why_missed(missed)
            assert bool(missed.limits) is (missed.full is None)
            assert missed.limits or left[missed.place] == 0


# --- What people fix ---


def test_pins_stand_and_their_price_is_listed() -> None:
    """A pinned guest has the seat, whatever the limits, and is marked; who would rather have it is listed."""
    problem = a_round(
        wants("liked", "p"),
        wants("pinned", "q", days=1),
        places=[replace(liking("p", "liked"), days=2), Place(key="q")],
        pinned=frozenset({Pair("pinned", "p")}),
    )
    result = solve(problem)
    (match,) = result.matches
    assert (match.pair, match.origin, match.wish) == (Pair("pinned", "p"), Origin.PINNED, None)
    assert match.despite == (Limit.DAYS,)
    assert [who.missed[0].full for who in result.unmatched] == [Full.FIXED]
    assert blocking_pairs(problem, result) == [
        BlockingPair("liked", "p", Cause.FIXED),
        BlockingPair("pinned", "q", Cause.FIXED),
    ]
    assert is_stable(problem, result)


def test_forbidden_pairs_are_not_made_and_listed() -> None:
    """The price of a forbidden pair is seen as well; a declined one has none."""
    places = [Place(key="p"), Place(key="q")]
    problem = a_round(wants("g", "p", "q"), places=places, forbidden=frozenset({Pair("g", "p")}))
    result = solve(problem)
    assert result.pairs == {Pair("g", "q")}
    assert result.matches[0].missed == (Missed(place="p", wish=1, limits=(Limit.FORBIDDEN,)),)
    assert blocking_pairs(problem, result) == [BlockingPair("g", "p", Cause.FORBIDDEN)]
    declined = replace(problem, forbidden=frozenset(), declined=problem.forbidden)
    assert solve(declined).pairs == {Pair("g", "q")}
    assert blocking_pairs(declined, solve(declined)) == []


@examples
@given(problems(fixed=True))
def test_what_is_fixed_is_in_the_result_and_marked(problem: Problem) -> None:
    """Pinned and kept pairs are there as such, and nothing forbidden or declined is."""
    result = solve(problem)
    by_origin = {
        origin: {match.pair for match in result.matches if match.origin is origin} for origin in Origin
    }
    assert by_origin[Origin.PINNED] == problem.pinned - problem.kept
    assert by_origin[Origin.KEPT] == problem.kept
    assert not result.pairs & (problem.forbidden | problem.declined)
    assert all(not match.despite for match in result.matches if match.origin is Origin.MATCHED)


# --- Answers and rematch ---


def test_rematch_keeps_what_was_accepted_and_offers_nothing_twice() -> None:
    """A declined seat goes to the next; who declined gets the next wish; who accepted stays, even when the first wish
    becomes free."""
    problem = a_round(
        wants("a", "p", "q"),
        wants("b", "p", "q"),
        wants("c", "p"),
        places=[Place(key="p", marks={"a": 1, "c": -1}), Place(key="q")],
    )
    first = solve(problem)
    assert first.pairs == {Pair("a", "p"), Pair("b", "q")}
    second = rematch(problem, [Pair("b", "q")], [Pair("a", "p")])
    assert second.pairs == {Pair("b", "q"), Pair("c", "p")}
    assert {match.guest: match.origin for match in second.matches} == {"b": Origin.KEPT, "c": Origin.MATCHED}
    (left,) = second.unmatched
    assert left.missed == (
        Missed(place="p", wish=1, limits=(Limit.DECLINED,)),
        Missed(place="q", wish=2, full=Full.FIXED),
    )
    again = after_answers(problem, kept=[Pair("b", "q")], declined=[Pair("a", "p")])
    assert blocking_pairs(again, second) == [BlockingPair("b", "p", Cause.FIXED)]


def test_pins_and_answers() -> None:
    """A pin gives way to its guest's own answer, and stands without one; both answers at once are a contradiction."""
    places = [Place(key="p"), Place(key="q"), Place(key="r")]
    pins = frozenset({Pair("a", "p"), Pair("b", "q"), Pair("c", "r")})
    problem = a_round(wants("a"), wants("b"), wants("c"), places=places, pinned=pins)
    later = after_answers(problem, kept=[Pair("a", "p")], declined=[Pair("b", "q")])
    assert (later.pinned, later.kept, later.declined) == (
        {Pair("c", "r")},
        {Pair("a", "p")},
        {Pair("b", "q")},
    )
    assert after_answers(later, kept=[Pair("c", "r")]).kept == {Pair("a", "p"), Pair("c", "r")}
    with pytest.raises(ProblemError, match="kept and declined"):
        rematch(problem, [Pair("a", "p")], [Pair("a", "p")])
    with pytest.raises(ProblemError, match="kept and declined"):
        rematch(later, [Pair("b", "q")])
    with pytest.raises(ProblemError, match="more guests"):
        rematch(problem, [Pair("a", "q")])


@examples
@given(problems(fixed=True))
def test_rematch_after_any_answers(problem: Problem) -> None:
    """Every other guest says no: the yeses stand, no no is offered again, and the rest is stable."""
    first = sorted(solve(problem).pairs)
    yes, no = first[::2], [pair for pair in first[1::2] if pair not in problem.kept]
    later = after_answers(problem, kept=yes, declined=no)
    second = rematch(problem, yes, no)
    assert second == solve(later)
    assert set(yes) <= second.pairs
    assert not set(no) & second.pairs
    assert is_stable(later, second)
    for match in second.matches:
        assert (match.pair in later.kept) is (match.origin is Origin.KEPT)


def test_rematch_of_a_matching_that_all_accept_is_the_same() -> None:
    """Nothing moves when nobody says no."""
    problem = made_up(60)
    first = solve(problem)
    second = rematch(problem, first.pairs)
    assert second.pairs == first.pairs
    assert compare(first, second).moves == ()


# --- Figures and what-if ---


def test_figures() -> None:
    """A small round, counted by hand."""
    problem = a_round(
        wants("a", "p", sectors=frozenset({"stat"}), region="1081", unmatched_last_year=True),
        wants("b", "p", "q", sectors=frozenset({"stat", "region"}), region="1081"),
        wants("c", "p", "gone", sectors=frozenset({"region"}), region="1085", unmatched_last_year=True),
        wants("d", "p", "q", "r"),
        wants("e"),
        places=[
            liking("p", "a"),
            liking("q", "b"),
            Place(key="r", seats=2),
            Place(key="s", seats=3),
            Place(key="t", seats=0),
            Place(key="u"),
        ],
        pinned=frozenset({Pair("e", "s")}),
    )
    found = figures(problem, solve(problem))
    assert dataclasses.asdict(found) == {
        "everybody": {"guests": 5, "matched": 4},
        "by_wish": {1: 1, 2: 1, 3: 1},
        "not_wished": 1,
        "without": 1,
        "mean_wish": 2,
        "by_sector": {"region": {"guests": 2, "matched": 1}, "stat": {"guests": 2, "matched": 2}},
        "by_region": {"1081": {"guests": 2, "matched": 2}, "1085": {"guests": 1, "matched": 0}},
        "last_year": {"guests": 2, "matched": 1},
        "seats": 8,
        "seats_left": 4,
        "empty_places": ("u",),
        "unwished_places": ("s", "t", "u"),
    }
    assert found.everybody.share == 0.8
    assert Share(0, 0).share is None


def test_figures_of_nothing() -> None:
    """An empty round has figures too."""
    problem = a_round(places=[])
    found = figures(problem, solve(problem))
    assert (found.everybody, found.by_wish, found.mean_wish, found.seats) == (Share(0, 0), {}, None, 0)
    assert compare(solve(problem), solve(problem)).unmoved == 0


@examples
@given(problems(fixed=True))
def test_figures_add_up(problem: Problem) -> None:
    """Everybody is counted once, and each seat is taken or left."""
    result = solve(problem)
    found = figures(problem, result)
    assert sum(found.by_wish.values()) + found.not_wished == found.everybody.matched == len(result.matches)
    assert found.everybody.matched + found.without == found.everybody.guests == len(problem.guests)
    assert found.seats == found.seats_left + found.everybody.matched


def test_other_weights_move_guests_and_compare_says_whom() -> None:
    """What-if: the same round with other weights, beside the first."""
    stat, region = frozenset({"stat"}), frozenset({"region"})
    problem = a_round(
        wants("first", "p", "q", unmatched_last_year=True, sectors=stat),
        wants("second", "p", "q", sectors=region),
        wants("third", "q", sectors=stat),
        places=[Place(key="p", sectors=stat), liking("q", "second")],
    )
    before = solve(problem)
    after = solve(replace(problem, weights=Weights(last_year=0)))
    assert before.pairs == {Pair("first", "p"), Pair("second", "q")}
    assert (before.weights.last_year, after.weights.last_year) == (100, 0)
    compared = compare(before, after)
    changes = {move.guest: move.change for move in compared.moves}
    assert changes["second"] is Change.BETTER
    assert compared.counts == {change: Counter(changes.values())[change] for change in Change}
    assert compared.unmoved == 3 - len(changes)
    move = next(move for move in compared.moves if move.guest == "second")
    assert (move.before, move.after, move.wish_before, move.wish_after) == ("q", "p", 2, 1)


@pytest.mark.parametrize(
    ("wishes", "before", "after", "change"),
    [
        ("pq", None, "p", Change.GAINS),
        ("pq", "p", None, Change.LOSES),
        ("pq", "q", "p", Change.BETTER),
        ("pq", "p", "q", Change.WORSE),
        ("p", "q", "p", Change.BETTER),
        ("p", "p", "q", Change.WORSE),
        ("", "p", "q", Change.OTHER),
        ("pq", "p", "p", None),
        ("pq", None, None, None),
    ],
)
def test_each_change(wishes: str, before: str | None, after: str | None, change: Change | None) -> None:
    """From one place, or none, to another."""

    def pinned_to(place: str | None) -> Result:
        pins = frozenset({Pair("g", place)}) if place else frozenset()
        ruled_out = frozenset(Pair("g", key) for key in "pq") - pins
        return solved(
            wants("g", *wishes), places=[Place(key="p"), Place(key="q")], pinned=pins, forbidden=ruled_out
        )

    compared = compare(pinned_to(before), pinned_to(after))
    assert [move.change for move in compared.moves] == ([change] if change else [])
    assert compared.unmoved == (0 if change else 1)


# --- Progress and measuring ---


@pytest.mark.parametrize("guests", [0, 1, 400])
def test_progress_rises_to_the_whole(guests: int) -> None:
    """Parts of one whole that never shrink, few enough to be written down, the whole at last and once."""
    heard: list[tuple[int, int]] = []
    problem = made_up(guests)
    solve(problem, on_progress=lambda done, total: heard.append((done, total)))
    total = 2 * sum(len(guest.wishes) for guest in problem.guests)
    assert {whole for _, whole in heard} == {total}
    done = [part for part, _ in heard]
    assert done == sorted(set(done))
    assert done[-1] == total
    assert len(heard) <= 101
    if guests == 400:
        assert len(heard) > 50
    assert rematch(problem, [], on_progress=lambda *_: heard.clear()) == solve(problem)
    assert heard == []


def test_the_made_up_round_is_the_same_every_time() -> None:
    """By its seed alone; nearly every limit and criterion is at work in it."""
    problem = made_up(500)
    assert made_up(500) == problem != made_up(500, seed="another")
    assert (len(problem.guests), len(problem.places)) == (500, 150)
    assert {len(guest.wishes) for guest in problem.guests} == set(range(1, 9))
    result = solve(problem)
    assert is_stable(problem, result)
    limits = {limit for who in result.unmatched for missed in who.missed for limit in missed.limits}
    assert limits >= {Limit.DAYS, Limit.DATES, Limit.TRAVEL, Limit.CHILDREN}
    assert all(any(match.score[n] for match in result.matches) for n in range(len(Criterion)))


def test_measuring_says_what_it_measured(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One line of JSON per size, measured in a process of its own."""
    monkeypatch.setattr("sys.argv", ["measuring", "30"])
    measuring.main()
    (line,) = capsys.readouterr().out.splitlines()
    measured = json.loads(line)
    assert (measured["guests"], measured["places"], measured["stable"]) == (30, 9, True)
    assert 0 < measured["matched"] <= measured["wishes"]
    assert measured["seconds"] > 0
    # Its own memory, however much the process that asks holds.
    assert 5 < measured["peak_mb"] < measuring.peak_bytes() / measuring.MB / 2

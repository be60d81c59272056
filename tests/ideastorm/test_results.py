"""The results of a storm: what is shown of how many took part, what they said, the decisions, and files of it all."""

from __future__ import annotations

import csv
import datetime as dt
import html
import io
import itertools
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from editorial.clock import CoiNow
from editorial.models import Decision
from editorial.models.subjects import resolve_tags
from editorial.suppression import LEAST, Group, shown
from ideastorm.models import Assignment, Comment, Idea, IdeaAnswer, IdeaMerge, Storm, Support
from ideastorm.results.figures import took_part
from tests.factories import StormFactory, UserFactory, WorkplaceFactory, editor, public_idea

Clock = Callable[[dt.datetime], None]
OPENS = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)
ASSESSED = OPENS + dt.timedelta(days=22)


def tree(shape: Any, numbers: Iterator[int]) -> Group:
    """A tree of groups: `shape` is nested tuples, whose leaves are numbered as they come."""
    if shape == ():
        number = next(numbers)
        return Group("x", "x", number)
    return Group("x", "x", parts=tuple(tree(part, numbers) for part in shape))


def seen(group: Group, path: str = "") -> list[tuple[str, int]]:
    """What is shown of a group, with where it stands in the tree, as somebody sees who reads the labels."""

    def named(part: Group, at: str) -> Group:
        return Group(at, at, part.own, tuple(named(p, f"{at}{n}") for n, p in enumerate(part.parts)))

    return [(line.key, line.people) for line in shown(named(group, path or "r"))]


L = ()
SHAPES: list[tuple[Any, int]] = [((L, L), 2), ((L, L, L), 3), (((L, L), (L, L)), 4), (((L, L), L), 3)]
MOST = 9
SEEN: dict[int, dict[Any, list[tuple[int, ...]]]] = {}


def worlds(n: int) -> dict[Any, list[tuple[int, ...]]]:
    """What is seen → all numbers of people that it can come of: what somebody can know who knows the rule."""
    if n not in SEEN:
        shape, leaves = SHAPES[n]
        found: dict[Any, list[tuple[int, ...]]] = {}
        for numbers in itertools.product(range(2 * MOST + 1), repeat=leaves):
            if leaves < 4 or max(numbers) <= MOST + 3:
                found.setdefault(tuple(seen(tree(shape, iter(numbers)))), []).append(numbers)
        SEEN[n] = found
    return SEEN[n]


@settings(deadline=None)  # the first to need them makes the worlds
@given(st.sampled_from(range(len(SHAPES))), st.data())
def test_no_group_under_five_is_shown_or_worked_out(n: int, data: Any) -> None:
    """Also for who tries all numbers of people that could have given this page: each small group could be another."""
    shape, leaves = SHAPES[n]
    numbers = tuple(data.draw(st.lists(st.integers(0, MOST), min_size=leaves, max_size=leaves)))
    lines = seen(tree(shape, iter(numbers)))
    assert all(people == 0 or people >= LEAST for _key, people in lines)
    assert sum(people for _key, people in lines) == (sum(numbers) if sum(numbers) >= LEAST else 0)
    possible = worlds(n)[tuple(lines)]
    assert numbers in possible
    for leaf in range(leaves):
        if 0 < numbers[leaf] < LEAST:
            assert len({world[leaf] for world in possible}) > 1
    for one, other in itertools.combinations(range(leaves), 2):
        if 0 < numbers[one] + numbers[other] < LEAST:
            assert len({world[one] + world[other] for world in possible}) > 1


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ((2, 0, 1, 1), []),
        ((5, 6, 7, 8), [("r00", 5), ("r01", 6), ("r10", 7), ("r11", 8)]),
        ((4, 6, 7, 8), [("r0", 10), ("r10", 7), ("r11", 8)]),
        ((2, 2, 7, 8), [("r", 19)]),
        ((0, 6, 0, 8), [("r00", 0), ("r01", 6), ("r10", 0), ("r11", 8)]),
        ((3, 3, 1, 9), [("r0", 6), ("r1", 10)]),
    ],
)
def test_small_groups_are_shown_with_others(numbers: tuple[int, ...], expected: list[Any]) -> None:
    """By the tree that is fixed beforehand."""
    assert seen(tree(((L, L), (L, L)), iter(numbers))) == expected


def a_finished_storm(coi_clock: Clock, *, answers: bool = True) -> Storm:
    """With seven private ideas and one of an employee, comments and support; all answered."""
    storm: Storm = StormFactory.create(opens_at=OPENS, title="Breve")
    storm.tags.set(resolve_tags(names=["breve"]))
    for n in range(8):
        idea = public_idea(
            storm=storm, title=f"=Idé {n}", author=UserFactory.create(name=f"Hemmelig {n}"),
            workplace=WorkplaceFactory.create() if not n else None,
        )  # fmt: skip
        if n < 3:
            idea.tags.set(resolve_tags(names=["breve"]))
        if answers:
            IdeaAnswer.objects.create(
                idea=idea, status="videre" if n % 2 else "ikke-nu", reason=f"Fordi {n}."
            )
    first = Idea.objects.of_storm(storm).order_by("pk")[0]
    for n in range(6):
        user = UserFactory.create()
        Support.objects.create(idea=first, user=user)
        if n < 5:
            Comment.objects.create(idea=first, text="Ja", author=UserFactory.create())
    storm.publish(by=None)
    coi_clock(ASSESSED)
    if answers:
        Storm.objects.filter(pk=storm.pk).update(finished_at=ASSESSED)
    return Storm.objects.with_page().get(pk=storm.pk)


@pytest.mark.django_db
def test_who_took_part_is_counted_once(coi_clock: Clock) -> None:
    """In the first group that fits, whatever else they did."""
    storm = a_finished_storm(coi_clock, answers=False)
    group = took_part(storm)
    leaves = [leaf.people for part in group.parts for leaf in part.parts]
    assert leaves == [1, 7, 5, 6] and group.people == 19


@pytest.mark.django_db
def test_the_results_tell_all_but_small_groups(coi_clock: Clock) -> None:
    """Question, people, tags and decisions, in a table and drawn."""
    storm = a_finished_storm(coi_clock)
    response = Client().get(f"{storm.get_absolute_url()}resultater/")
    page = response.content.decode()
    assert storm.question in page and "19 har været med i alt" in page
    assert [(line.key, line.people) for line in response.context["people"]] == [
        ("ideer", 8), ("kommentar", 5), ("stoette", 6),
    ]  # fmt: skip
    assert "som ansat" not in page
    assert [(bar.label, bar.count) for bar in response.context["tag_bars"]] == [("breve", 3), ("Andet", 5)]
    assert [bar.count for bar in response.context["decisions"]] == [4, 0, 0, 0, 4, 0]
    assert page.count("<rect") == 3 + 2 + 6
    assert (
        "8 af 8 besvaret" in page
        and "Se resultaterne" in Client().get(storm.get_absolute_url()).content.decode()
    )


@pytest.mark.django_db
def test_before_it_is_finished_there_are_none(coi_clock: Clock) -> None:
    """The address leads to the storm."""
    storm = a_finished_storm(coi_clock, answers=False)
    response = Client().get(f"{storm.get_absolute_url()}resultater/")
    assert (response.status_code, response["Location"]) == (302, storm.get_absolute_url())


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["csv", "json"])
def test_open_data_names_nobody(coi_clock: Clock, kind: str) -> None:
    """All ideas with their answers; text that a spreadsheet would run is made harmless."""
    storm = a_finished_storm(coi_clock)
    response = Client().get(f"{storm.get_absolute_url()}eksport.{kind}")
    text = b"".join(response.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert "Hemmelig" not in text and "Fordi 3." in text
    if kind == "csv":
        rows = list(csv.DictReader(io.StringIO(text)))
        assert len(rows) == 8 and rows[0]["titel"] == "'=Idé 0" and rows[0]["stoetter"] == "6"
        assert "afsender_som_vist" not in rows[0]
    else:
        assert json.loads(text)
    assert not Decision.objects.filter(action="storm-export").exists()


@pytest.mark.django_db
def test_open_data_keeps_counts_until_support_has_closed(coi_clock: Clock) -> None:
    """As the pages do."""
    storm = a_finished_storm(coi_clock, answers=False)
    coi_clock(OPENS + dt.timedelta(days=1))
    response = Client().get(f"{storm.get_absolute_url()}eksport.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))  # type: ignore[attr-defined]
    assert {row["stoetter"] for row in rows} == {""}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("who", "status"), [("nobody", 403), ("answerer", 403), ("editor", 200), ("assessor", 403)]
)
def test_the_workbook_is_for_staff_and_logged(coi_clock: Clock, who: str, status: int) -> None:
    """Not for an editor who has something left to assess; each fetch leaves a line, a HEAD none."""
    storm = a_finished_storm(coi_clock, answers=False)
    idea = Idea.objects.of_storm(storm).order_by("pk")[0]
    IdeaMerge.objects.create(survivor=idea, merged=Idea.objects.of_storm(storm).order_by("pk")[1])
    user = {"nobody": None, "answerer": storm.answerer}.get(who, editor())
    if who == "assessor":
        Assignment.objects.create(idea=idea, assessor=user)
    client = Client()
    if user is not None:
        client.force_login(user)
    url = f"{storm.get_absolute_url()}eksport.xlsx"
    client.head(url)
    response = client.get(url)
    assert response.status_code == status
    logged = Decision.objects.filter(action="storm-export", content_uuid=storm.uuid)
    assert logged.count() == (status == 200)
    if status == 200:
        assert user is not None and logged.get().actor_key == user.key
        data = io.BytesIO(b"".join(response.streaming_content))  # type: ignore[attr-defined]
        table = list(load_workbook(data).worksheets[0].values)
        assert len(table) == 9 and table[1][1] == "'=Idé 0" and table[0][-2] == "afsender_som_vist"


FUTURE = (
    "når stormen lægger sig", "Vi læser og vurderer", "Alle får svar", "svarer.", "Alle ideer får svar",
    "Bliv den første", "er lukket for støtte", "Det lover vi", "Svarene er lovet", "senest 20", "Senest ",
)  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("ideas", [True, False])
@pytest.mark.parametrize("openly", [False, True])
def test_what_is_over_is_told_as_past(coi_clock: Clock, openly: bool, ideas: bool) -> None:
    """On the storm's page, an idea's, and that of answers; also where some got none, and where nobody had an idea."""
    storm = a_finished_storm(coi_clock, answers=not openly)
    if openly:
        coi_clock(OPENS + dt.timedelta(days=200))
        Storm.objects.filter(pk=storm.pk).update(finished_at=CoiNow(), closed_openly=True)
    client = Client()
    client.force_login(storm.answerer)
    first = Idea.objects.of_storm(storm).order_by("pk")[0]
    addresses = [storm.get_absolute_url(), first.get_absolute_url(), f"{storm.get_absolute_url()}svar/"]
    if not ideas:
        for idea in Idea.objects.of_storm(storm):
            idea.suspend(by=None, reason="Ses efter")
        del addresses[1]
    for address in addresses:
        page = html.unescape(re.sub(r"<[^>]+>", " ", client.get(address).content.decode()))
        assert not [text for text in FUTURE if text in page], address

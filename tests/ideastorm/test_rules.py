"""What the database holds of storms, by its triggers: each rule is tried against plain SQL."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models.functions import Now

from ideastorm.models import (
    Assignment,
    Comment,
    Conflict,
    Criterion,
    Idea,
    IdeaAnswer,
    IdeaMerge,
    IdeaNews,
    Score,
    Storm,
    Support,
    SupportAddress,
)
from tests.factories import (
    IdeaFactory,
    StormFactory,
    UserFactory,
    public_idea,
    public_project,
    public_storm,
    public_story,
)

OPENS = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)
CLOSES = OPENS + dt.timedelta(days=14)
UNTIL = OPENS + dt.timedelta(days=21)
SECOND = dt.timedelta(seconds=1)
Clock = Callable[[dt.datetime], None]


@contextmanager
def refused(rule: str) -> Iterator[None]:
    """The database says no, and which rule said it."""
    with pytest.raises(IntegrityError, match=rule), transaction.atomic():
        yield


def storm(**fields: Any) -> Storm:
    """A public storm with times that tests know."""
    return public_storm(opens_at=OPENS, **fields)


def update(row: Storm | Idea, **fields: Any) -> None:
    """An UPDATE by SQL alone."""
    with transaction.atomic():
        type(row)._default_manager.filter(pk=row.pk).update(**fields)


# -- the terms of a storm -----------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"opens_at": OPENS + SECOND},
        {"promised_on": dt.date(2027, 1, 1)},
        {"access": "konto"},
        {"authors_shown": "navn"},
        {"support_while_open": False},
    ],
    ids=str,
)
def test_terms_stand_once_it_has_opened(coi_clock: Clock, fields: dict[str, Any]) -> None:
    """Until the second before they may be changed, and the form says so in words."""
    coi_clock(OPENS - SECOND)
    row = storm()
    update(row, **fields)
    Storm.objects.filter(pk=row.pk).update(opens_at=OPENS)
    coi_clock(OPENS)
    row.refresh_from_db()
    flipped: dict[Any, Any] = {"konto": "alle", "navn": "valg", False: True}
    other = {
        name: value + dt.timedelta(1) if name == "promised_on" else flipped.get(value, value)
        for name, value in fields.items()
    }
    with refused("storm_keeps_its_terms"):
        update(row, **other)
    for name, value in other.items():
        setattr(row, name, value)
    with pytest.raises(ValidationError, match="ligger fast"):
        row.full_clean()


@pytest.mark.parametrize(
    ("now", "fields", "allowed"),
    [
        (CLOSES - SECOND, {"closes_at": CLOSES + dt.timedelta(days=1)}, True),
        (CLOSES - 2 * SECOND, {"closes_at": CLOSES - SECOND}, True),
        (CLOSES, {"closes_at": CLOSES + dt.timedelta(days=1)}, False),
        (CLOSES - SECOND, {"closes_at": CLOSES - SECOND}, False),
        (CLOSES, {"support_until": UNTIL + dt.timedelta(days=1)}, True),
        (UNTIL, {"support_until": UNTIL + dt.timedelta(days=1)}, False),
    ],
)
def test_what_is_past_is_not_moved(
    coi_clock: Clock, now: dt.datetime, fields: dict[str, Any], allowed: bool
) -> None:
    """And nothing is moved into the past."""
    coi_clock(now)
    row = storm()
    if allowed:
        update(row, **fields)
    else:
        with refused("storm_past_stands"):
            update(row, **fields)


def test_criteria_stand_once_it_has_opened(coi_clock: Clock) -> None:
    """None comes, none changes, none goes."""
    coi_clock(OPENS - SECOND)
    row = storm()
    Criterion.objects.create(storm=row, title="Nyt", weight=3)
    coi_clock(OPENS)
    moves: list[Callable[[], Any]] = [
        lambda: Criterion.objects.create(storm=row, title="Endnu et", weight=3),
        lambda: Criterion.objects.filter(storm=row).update(weight=9),
        lambda: Criterion.objects.filter(storm=row).delete(),
    ]
    for move in moves:
        with refused("criterion_stands"):
            move()


def test_a_public_storm_has_criteria_that_weigh_something(coi_clock: Clock) -> None:
    """Before it opens they may change, but not to nothing."""
    coi_clock(OPENS - SECOND)
    row = storm()
    for weigh_nothing in (lambda q: q.update(weight=0), lambda q: q.delete()):
        with refused("criteria_weigh_something"):
            weigh_nothing(Criterion.objects.filter(storm=row))
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("weights", [[], [0, 0]])
def test_a_storm_without_weights_is_not_published(db: None, weights: list[int]) -> None:
    """Nor without who asks, and who answers."""
    with pytest.raises(ValidationError, match="kriterium"):
        StormFactory.create(criteria=weights).publish(by=None)
    with pytest.raises(ValidationError, match="spørger"):
        StormFactory.create(owner=None).publish(by=None)
    with pytest.raises(ValidationError, match="stedfortræder"):
        StormFactory.create(deputy=None).publish(by=None)


# -- ideas ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "comes", "late"),
    [
        (OPENS - SECOND, False, False),
        (OPENS, True, False),
        (CLOSES - SECOND, True, False),
        (CLOSES, True, True),
        (CLOSES + dt.timedelta(minutes=10) - SECOND, True, True),
        (CLOSES + dt.timedelta(minutes=10), False, True),
    ],
)
def test_an_idea_comes_in_time(coi_clock: Clock, now: dt.datetime, comes: bool, late: bool) -> None:
    """To the second, and the ten minutes are told."""
    coi_clock(now)
    row = storm()
    if not comes:
        with refused("idea_comes_in_time"):
            IdeaFactory.create(storm=row)
        return
    idea = IdeaFactory.create(storm=row)
    idea.refresh_from_db()
    assert idea.sent_late is late
    update(idea, sent_late=not late)
    idea.refresh_from_db()
    assert idea.sent_late is late


def test_a_comment_is_raised_to_an_idea_until_support_ends(coi_clock: Clock) -> None:
    """Once, and not late."""
    coi_clock(CLOSES)
    row = storm()
    comment = Comment.objects.create(idea=public_idea(storm=row), text="Gør det med sms")
    coi_clock(UNTIL - SECOND)
    raised = IdeaFactory.create(storm=row, raised_from=comment)
    raised.refresh_from_db()
    assert not raised.sent_late and comment.raised_to == raised
    with refused("raised_from"):
        IdeaFactory.create(storm=row, raised_from=comment)
    coi_clock(UNTIL)
    with refused("idea_comes_in_time"):
        IdeaFactory.create(
            storm=row,
            raised_from=Comment.objects.create(
                idea=IdeaFactory.create(storm=StormFactory.create()), text="x"
            ),
        )


def test_an_idea_stays_in_its_storm(db: None) -> None:
    """Wherever the update comes from."""
    with refused("idea_stays_in_its_storm"):
        update(public_idea(), storm=public_storm())


# -- support and comments -----------------------------------------------------


@pytest.mark.parametrize(
    ("now", "early", "given"),
    [
        (OPENS, True, True),
        (OPENS, False, False),
        (CLOSES - SECOND, False, False),
        (CLOSES, False, True),
        (UNTIL - SECOND, True, True),
        (UNTIL, True, False),
    ],
)
def test_support_is_given_in_time(coi_clock: Clock, now: dt.datetime, early: bool, given: bool) -> None:
    """To the second; from closing on, where the storm says so."""
    coi_clock(OPENS)
    idea = public_idea(storm=storm(support_while_open=early))
    coi_clock(now)
    if given:
        Support.objects.create(idea=idea, user=UserFactory.create())
    else:
        with refused("support_in_time"):
            Support.objects.create(idea=idea, user=UserFactory.create())


def test_support_is_of_anothers_public_idea(db: None) -> None:
    """Not of one's own, nor of what is not shown."""
    author = UserFactory.create()
    for idea, user in ((public_idea(author=author), author), (IdeaFactory.create(), UserFactory.create())):
        with refused("support_of_anothers_public_idea"):
            Support.objects.create(idea=idea, user=user)


def test_an_address_is_confirmed_in_the_same_storm(db: None) -> None:
    """Before its support counts."""
    idea = public_idea()
    other = SupportAddress.objects.create(storm=public_storm(), address_hash=64 * "b", confirmed_at=Now())
    address = SupportAddress.objects.create(storm=idea.storm, address_hash=64 * "a")
    for wrong in (other, address):
        with refused("support_address_confirmed"):
            Support.objects.create(idea=idea, address=wrong)
    SupportAddress.objects.filter(pk=address.pk).update(confirmed_at=Now())
    Support.objects.create(idea=idea, address=address)


def test_replies_have_one_level(db: None) -> None:
    """And belong to the same idea."""
    idea = public_idea()
    comment = Comment.objects.create(idea=idea, text="Ja")
    reply = Comment.objects.create(idea=idea, text="Nej", parent=comment)
    for wrong in ({"idea": idea, "parent": reply}, {"idea": public_idea(), "parent": comment}):
        with refused("comment_one_level"):
            Comment.objects.create(text="Jo", **wrong)
    other = Comment.objects.create(idea=idea, text="Måske")
    with refused("comment_one_level"):
        Comment.objects.filter(pk=comment.pk).update(parent=other)


@pytest.mark.parametrize(("now", "written"), [(OPENS, True), (UNTIL - SECOND, True), (UNTIL, False)])
def test_comments_are_written_in_time(coi_clock: Clock, now: dt.datetime, written: bool) -> None:
    """To the second."""
    coi_clock(OPENS)
    idea = public_idea(storm=storm())
    coi_clock(now)
    if written:
        Comment.objects.create(idea=idea, text="Ja")
    else:
        with refused("comment_in_time"):
            Comment.objects.create(idea=idea, text="Ja")


# -- merging ------------------------------------------------------------------


def test_merging_unites_supporters_and_is_undone_exactly(db: None) -> None:
    """Nothing moves, so nothing has to be moved back; nobody is counted twice."""
    row = public_storm()
    one, two = public_idea(storm=row), public_idea(storm=row)
    both, only_two = UserFactory.create(), UserFactory.create()
    for idea, user in ((one, both), (two, both), (two, only_two)):
        Support.objects.create(idea=idea, user=user)
    before = list(Support.objects.order_by("pk").values_list("idea", "user"))
    merge = IdeaMerge.objects.create(survivor=one, merged=two)
    two.refresh_from_db()
    assert two.merged_into == one
    assert Support.objects.of_group(one).people() == 2
    assert Support.objects.counts([one.pk, two.pk]) == {one.pk: 2}
    assert list(Idea.objects.of_storm(row).standing()) == [one]
    two.save()  # a row that does not know better changes nothing
    IdeaMerge.objects.filter(pk=merge.pk).update(undone_at=Now())
    two.refresh_from_db()
    assert two.merged_into is None
    assert Support.objects.counts([one.pk, two.pk]) == {one.pk: 1, two.pk: 2}
    assert list(Support.objects.order_by("pk").values_list("idea", "user")) == before


def test_merges_have_one_level(db: None) -> None:
    """And stand until they are undone; within one storm."""
    row = public_storm()
    a, b, c = (public_idea(storm=row) for _ in range(3))
    merge = IdeaMerge.objects.create(survivor=a, merged=b)
    for rule, survivor, merged in (
        ("merge_one_level", b, c),
        ("merge_one_level", c, a),
        ("merge_within_storm", a, public_idea()),
    ):
        with refused(rule):
            IdeaMerge.objects.create(survivor=survivor, merged=merged)
    with refused("merge_stands"):
        IdeaMerge.objects.filter(pk=merge.pk).update(survivor=c)
    IdeaMerge.objects.filter(pk=merge.pk).update(undone_at=Now())
    with refused("merge_stands"):
        IdeaMerge.objects.filter(pk=merge.pk).update(undone_at=None)
    IdeaMerge.objects.create(survivor=c, merged=b)


# -- assessment ---------------------------------------------------------------


def test_an_assessment_is_whole_impartial_and_stands(coi_clock: Clock) -> None:
    """Its whole life, with every refusal on the way."""
    coi_clock(OPENS)
    idea = public_idea(storm=storm(), author=UserFactory.create())
    assessor, biased = UserFactory.create(), UserFactory.create()
    Conflict.objects.create(idea=idea, assessor=biased)
    for wrong in (idea.author, biased):
        with refused("assessor_is_impartial"):
            Assignment.objects.create(idea=idea, assessor=wrong)
    mine = Assignment.objects.create(idea=idea, assessor=assessor)
    first, second = idea.storm.criteria.all()
    coi_clock(UNTIL - SECOND)
    with refused("assessment_in_time"):
        Score.objects.create(assignment=mine, criterion=first, points=3)
    coi_clock(UNTIL)
    Score.objects.create(assignment=mine, criterion=first, points=3)
    with refused("score_by_the_storms_criteria"):
        Score.objects.create(assignment=mine, criterion=StormFactory.create().criteria.first(), points=3)
    with refused("assessment_is_whole"):
        Assignment.objects.update(sent_at=Now())
    Score.objects.create(assignment=mine, criterion=second, points=5)
    Assignment.objects.update(sent_at=Now())
    for move in (
        lambda: Score.objects.update(points=1),
        lambda: Score.objects.filter(criterion=first).delete(),
    ):
        with refused("score_stands_once_sent"):
            move()
    with refused("assignment_sent_once"):
        Assignment.objects.update(sent_at=None)
    with refused("assignment_stands"):
        Assignment.objects.update(assessor=UserFactory.create())
    assessor.delete()  # their points stay, without a name
    assert Score.objects.filter(assignment__assessor=None).count() == 2


# -- answers ------------------------------------------------------------------


def test_answers_are_versions(db: None, as_web_role: Callable[[], AbstractContextManager[None]]) -> None:
    """Numbered without gaps; never changed, never deleted."""
    idea = public_idea()
    IdeaAnswer.objects.create(idea=idea, number=1, status="ikke-nu", reason="Senere")
    with refused("answer_version_once"):
        IdeaAnswer.objects.create(idea=idea, number=3, status="videre", reason="Nu")
    second = IdeaAnswer.objects.create(idea=idea, number=2, status="videre", reason="Nu")
    assert IdeaAnswer.objects.latest_of([idea.pk]) == {idea.pk: second}
    for move in (
        lambda: IdeaAnswer.objects.update(reason="Aldrig"),
        lambda: IdeaAnswer.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="permission denied"), as_web_role(), transaction.atomic():
            move()


def test_a_storm_is_finished_when_all_is_answered(coi_clock: Clock) -> None:
    """Merged ideas are answered where they were merged; it stays finished."""
    coi_clock(OPENS)
    row = storm()
    idea, merged = public_idea(storm=row), public_idea(storm=row)
    coi_clock(UNTIL)
    IdeaMerge.objects.create(survivor=idea, merged=merged)
    with refused("storm_answers_all"):
        update(row, finished_at=UNTIL)
    IdeaAnswer.objects.create(idea=idea, status="ikke-nu", reason="Senere")
    update(row, finished_at=UNTIL)
    with refused("storm_stays_finished"):
        update(row, finished_at=None)


def test_a_late_storm_is_closed_openly(coi_clock: Clock) -> None:
    """With what is unanswered, but never before twenty working days have passed."""
    coi_clock(OPENS)
    row = storm(promised_on=dt.date(2026, 10, 1))
    public_idea(storm=row)
    coi_clock(UNTIL)
    early = dt.datetime(2026, 10, 28, tzinfo=dt.UTC)
    with refused("storm_closed_openly_late"):
        update(row, finished_at=early, closed_openly=True)
    update(row, finished_at=early + dt.timedelta(days=1), closed_openly=True)


def test_an_idea_becomes_a_project_or_an_entry(db: None) -> None:
    """Nothing else."""
    idea = public_idea()
    IdeaNews.objects.create(idea=idea, text="I gang", happened_on="2027-01-01", became_id=public_project().pk)
    for wrong in (public_story(), idea, idea.storm):
        with refused("idea_became_project_or_entry"):
            IdeaNews.objects.create(idea=idea, text="x", happened_on="2027-01-01", became_id=wrong.pk)

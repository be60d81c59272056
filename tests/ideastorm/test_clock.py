"""The phases: to the second, over midnight and both nights when the clock changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from ideastorm.choices import StormPhase
from ideastorm.models import Idea, Storm
from ideastorm.permissions import NOBODY, can_give_idea
from ideastorm.showing import countdown, moment
from tests.factories import IdeaFactory, StormFactory

HERE = ZoneInfo("Europe/Copenhagen")
SECOND = dt.timedelta(seconds=1)
Clock = Callable[[dt.datetime], None]


def local(*parts: int, fold: int = 0) -> dt.datetime:
    """A moment as Danish clocks show it; `fold=1` is the second time that autumn shows it."""
    return dt.datetime(*parts, tzinfo=HERE, fold=fold).astimezone(dt.UTC)  # type: ignore[arg-type,misc]


PERIODS = {
    "ordinary": (local(2026, 9, 1, 8), local(2026, 9, 15), local(2026, 9, 22)),
    "spring: closes in the hour that is left out": (
        local(2027, 3, 1, 8), local(2027, 3, 28, 3), local(2027, 4, 4),
    ),
    "spring: opens the second before": (local(2027, 3, 28, 1, 59, 59), local(2027, 4, 1), local(2027, 4, 1)),
    "autumn: closes in the first hour of two": (
        local(2026, 10, 1), local(2026, 10, 25, 2, 30), local(2026, 10, 25, 2, 30, fold=1),
    ),
    "new year": (local(2026, 12, 1), local(2027, 1, 1), local(2027, 1, 8)),
}  # fmt: skip


@pytest.mark.parametrize("period", PERIODS)
def test_phases_change_to_the_second(coi_clock: Clock, period: str) -> None:
    """One expression says it: in pages, in filters, and from an idea."""
    opens, closes, until = PERIODS[period]
    storm = StormFactory.create(opens_at=opens, closes_at=closes, support_until=until)
    IdeaFactory.create(storm=storm)
    steps = [
        (opens - SECOND, StormPhase.ANNOUNCED, opens),
        (opens, StormPhase.IDEAS, closes),
        (closes - SECOND, StormPhase.IDEAS, closes),
        (closes, StormPhase.SUPPORT, until),
        (until - SECOND, StormPhase.SUPPORT, until),
        (until, StormPhase.ASSESSMENT, None),
    ]
    if closes == until:
        steps = [*steps[:3], (until, StormPhase.ASSESSMENT, None)]
    for now, phase, changes_at in steps:
        coi_clock(now)
        row = Storm.objects.with_phase().get()
        assert (row.phase, row.changes_at, row.now) == (phase, changes_at, now)
        assert list(Storm.objects.in_phase(phase)) == [row]
        assert Idea.objects.filter(storm__in=Storm.objects.in_phase(phase)).count() == 1
        countdown(row)
    Storm.objects.update(finished_at=until, closed_openly=False)  # the draft idea asks for no answer
    assert Storm.objects.with_phase().get().phase == StormPhase.RESULTS


def test_the_two_hours_of_autumn_are_two(coi_clock: Clock) -> None:
    """A storm that closes at the first 2.30 has been closed for an hour at the second."""
    first, second = local(2026, 10, 25, 2, 30), local(2026, 10, 25, 2, 30, fold=1)
    assert second - first == dt.timedelta(hours=1)
    StormFactory.create(opens_at=local(2026, 10, 1), closes_at=first, support_until=local(2026, 11, 1))
    coi_clock(second - SECOND)
    assert Storm.objects.with_phase().get().phase == StormPhase.SUPPORT


def test_ten_minutes_for_who_has_begun(coi_clock: Clock) -> None:
    """To the second, and only for who began while it was open."""
    opens, closes = local(2026, 9, 1), local(2026, 9, 15)
    storm = StormFactory.create(opens_at=opens, closes_at=closes)
    storm.publish(by=None)
    grace = dt.timedelta(minutes=10)
    for now, begun_at, allowed in (
        (closes, closes - SECOND, True),
        (closes + grace - SECOND, opens, True),
        (closes + grace, closes - SECOND, False),
        (closes + SECOND, closes, False),
        (closes + SECOND, opens - SECOND, False),
        (closes + SECOND, None, False),
        (closes - SECOND, None, True),
        (opens - SECOND, None, False),
    ):
        coi_clock(now)
        row = Storm.objects.with_phase().get()
        assert can_give_idea(NOBODY, row, begun_at=begun_at) is allowed, (now, begun_at)


@pytest.mark.parametrize(
    ("left", "number", "unit"),
    [
        (dt.timedelta(days=7, hours=3), 7, "dage tilbage"),
        (dt.timedelta(hours=48), 2, "dage tilbage"),
        (dt.timedelta(hours=48) - SECOND, 47, "timer tilbage"),
        (dt.timedelta(hours=1), 1, "time tilbage"),
        (dt.timedelta(hours=1) - SECOND, 59, "minutter tilbage"),
        (SECOND, 1, "minut tilbage"),
    ],
)
def test_the_countdown_in_words(coi_clock: Clock, left: dt.timedelta, number: int, unit: str) -> None:
    """Never zero of anything."""
    opens, closes = local(2026, 9, 1), local(2026, 9, 15)
    StormFactory.create(opens_at=opens, closes_at=closes)
    coi_clock(closes - left)
    told = countdown(Storm.objects.with_phase().get())
    assert (told.number, told.unit) == (number, unit)
    assert told.sentence == "Slutter mandag 14. september kl. 23.59"
    assert told.days_in_all == 14


def test_midnight_is_told_as_the_end_of_the_day_before() -> None:
    """As people say it; any other minute as it is."""
    assert moment(local(2026, 11, 30), ends=True) == "søndag 29. november kl. 23.59"
    assert moment(local(2026, 11, 29, 23, 59), ends=True) == "søndag 29. november kl. 23.59"
    assert moment(local(2026, 11, 30)) == "mandag 30. november kl. 00.00"


def test_a_storm_that_opens_at_midnight_opens_on_its_own_day(coi_clock: Clock) -> None:
    """What begins at midnight begins the day."""
    StormFactory.create(opens_at=local(2026, 9, 1), closes_at=local(2026, 9, 15))
    coi_clock(local(2026, 8, 20))
    assert countdown(Storm.objects.with_phase().get()).sentence == "Åbner tirsdag 1. september kl. 00.00"

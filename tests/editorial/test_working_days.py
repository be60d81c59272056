"""Danish working days, counted by hand."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editorial.working_days import add_working_days, is_working_day, working_days_between

D = dt.date


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (D(2026, 11, 25), True),  # Wednesday
        (D(2026, 11, 28), False),  # Saturday
        (D(2026, 4, 2), False),  # Maundy Thursday
        (D(2026, 4, 3), False),  # Good Friday
        (D(2026, 4, 6), False),  # Easter Monday
        (D(2024, 4, 26), True),  # Store bededag is abolished from 2024
        (D(2023, 5, 5), False),  # and was a holiday before
        (D(2026, 5, 14), False),  # Ascension Day
        (D(2026, 6, 5), False),  # Constitution Day
        (D(2026, 7, 3), True),  # Friday of week 27
        (D(2026, 7, 6), False),  # Monday of week 28
        (D(2026, 7, 31), False),  # Friday of week 31
        (D(2026, 8, 3), True),  # Monday of week 32
        (D(2026, 12, 23), True),
        (D(2026, 12, 24), False),
        (D(2026, 12, 30), False),
        (D(2027, 1, 1), False),
        (D(2027, 1, 4), True),
    ],
)
def test_days(day: dt.date, works: bool) -> None:
    """Weekends, holidays and the pauses are none."""
    assert is_working_day(day) is works


@pytest.mark.parametrize(
    ("day", "number", "due"),
    [
        (D(2026, 11, 25), 0, D(2026, 11, 25)),
        (D(2026, 11, 25), 2, D(2026, 11, 27)),
        (D(2026, 11, 27), 2, D(2026, 12, 1)),  # over a weekend
        (D(2026, 12, 22), 2, D(2027, 1, 4)),  # over the new year
        (D(2026, 7, 3), 1, D(2026, 8, 3)),  # over the summer
        (D(2026, 4, 1), 1, D(2026, 4, 7)),  # over Easter
    ],
)
def test_promises(day: dt.date, number: int, due: dt.date) -> None:
    """The day itself doesn't count."""
    assert add_working_days(day, number) == due


def test_refuses_nonsense() -> None:
    """Neither backwards nor for ever."""
    for number in (-1, 1000):
        with pytest.raises(ValueError, match="working days"):
            add_working_days(D(2026, 1, 5), number)


@given(st.dates(D(2020, 1, 1), D(2035, 1, 1)), st.integers(0, 60))
def test_counting_is_the_inverse_of_adding(day: dt.date, number: int) -> None:
    """What was added is counted again."""
    assert working_days_between(day, add_working_days(day, number)) == number

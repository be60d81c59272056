"""Danish working days, in which the portal's promises are counted.

A promise pauses when many workplaces are closed: ISO weeks 28–31, and from 24 December to 1 January. Holidays come from
the library `holidays`; Constitution Day (5 June) is a day off for nearly all public workplaces and counts as one.
"""

from __future__ import annotations

import datetime as dt
import functools

import holidays

SUMMER_WEEKS = range(28, 32)
MOST_DAYS = 250
"""A promise is never longer than a year of working days."""


@functools.cache
def _holidays(year: int) -> frozenset[dt.date]:
    return frozenset([*holidays.country_holidays("DK", years=year), dt.date(year, 6, 5)])


def is_holiday(day: dt.date) -> bool:
    """Whether `day` is a day off for nearly all public workplaces, weekends aside."""
    return day in _holidays(day.year)


def is_working_day(day: dt.date) -> bool:
    """Whether promises run on `day`: Monday to Friday, no holiday, outside the pauses."""
    if day.weekday() >= 5 or day.isocalendar().week in SUMMER_WEEKS:
        return False
    if (day.month, day.day) >= (12, 24) or (day.month, day.day) == (1, 1):
        return False
    return not is_holiday(day)


def add_working_days(day: dt.date, number: int) -> dt.date:
    """The day on which `number` working days after `day` have passed; `day` itself doesn't count.

    Raises ValueError unless 0 ≤ number ≤ MOST_DAYS.
    """
    if not 0 <= number <= MOST_DAYS:
        raise ValueError(f"{number} working days")
    while number:
        day += dt.timedelta(days=1)
        number -= is_working_day(day)
    return day


def working_days_between(first: dt.date, last: dt.date) -> int:
    """How many working days lie after `first` up to and with `last`; 0 when `last` is not later."""
    days = (last - first).days
    return sum(is_working_day(first + dt.timedelta(days=n)) for n in range(1, days + 1))

"""The days that can be ticked in a round, and the days of a period outside rounds."""

from __future__ import annotations

import datetime as dt

from django.utils import formats

from practicum.models import Application, Round

MOST = 100
"""Days that an application holds; see Application.possible_days."""
WORKING_WEEK = range(1, 6)


def window(row: Round, chosen: list[dt.date]) -> list[dt.date]:
    """The days that can be ticked: Monday to Friday of the round's stays, and those that are ticked already."""
    number = (row.stays_until - row.stays_from).days + 1
    every = [row.stays_from + dt.timedelta(days=n) for n in range(min(number, 2 * MOST))]
    # A round that has no weekday in it is held at a weekend.
    working = [day for day in every if day.isoweekday() in WORKING_WEEK] or every
    return sorted({*working[:MOST], *chosen})


def said(day: dt.date) -> str:
    """A day as one ticks it: »mandag 13. september 2027«."""
    return formats.date_format(day, "l j. F Y")


def between(first: dt.date, last: dt.date, weekdays: list[int]) -> list[dt.date]:
    """The days of a period that are one of the weekdays (1 is Monday)."""
    number = (last - first).days + 1
    every = (first + dt.timedelta(days=n) for n in range(number))
    return [day for day in every if day.isoweekday() in weekdays]


def spelled(application: Application) -> list[str]:
    """The chosen days as they are read: each run of days once, »13.–15. september 2027«."""
    runs: list[list[dt.date]] = []
    for day in sorted(application.possible_days):
        if runs and day - runs[-1][-1] == dt.timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return [_run(run[0], run[-1]) for run in runs]


def _run(first: dt.date, last: dt.date) -> str:
    if first == last:
        return formats.date_format(first, "j. F Y")
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}.–{formats.date_format(last, 'j. F Y')}"
    return f"{formats.date_format(first, 'j. F')} – {formats.date_format(last, 'j. F Y')}"

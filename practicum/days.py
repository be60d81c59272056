"""Days in words, and the days that a stay can lie on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.utils import formats


def days_in_words(first: dt.date, last: dt.date) -> str:
    """»2. december 2026«, »2.–4. december 2026«, »30. november – 2. december 2026«."""
    end = formats.date_format(last, "j. F Y")
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}.–{end}"
    start = formats.date_format(first, "j. F" if first.year == last.year else "j. F Y")
    return f"{start} – {end}"


def within(days: Iterable[dt.date], first: dt.date, last: dt.date) -> list[dt.date]:
    """Those of some days that lie from `first` to `last`, in order."""
    return sorted(day for day in set(days) if first <= day <= last)

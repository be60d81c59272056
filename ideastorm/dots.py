"""The days of a storm as dots, a row for each week: those that went, today, and those to come."""

from __future__ import annotations

from dataclasses import dataclass

from ideastorm.showing import Countdown

PER_ROW = 7
STEP, FIRST = 24.6, 14.0
AT_MOST = 70
"""Days that can be told apart as dots."""


@dataclass(frozen=True)
class Dot:
    """One day: where, and whether it is »past«, »today« or »ahead«."""

    x: str
    y: str
    when: str


@dataclass(frozen=True)
class Dots:
    """The drawing: its size, its days, and today among all."""

    width: int
    height: int
    days: list[Dot]
    day: int
    in_all: int


def dots(left: Countdown) -> Dots | None:
    """The days as a drawing; None when there are too many to tell apart."""
    if not 0 < left.days_in_all <= AT_MOST:
        return None
    days = [
        Dot(
            f"{FIRST + STEP * (n % PER_ROW):.1f}",
            f"{FIRST + STEP * (n // PER_ROW):.1f}",
            "past" if n + 1 < left.day else "today" if n + 1 == left.day else "ahead",
        )
        for n in range(left.days_in_all)
    ]
    rows = -(-left.days_in_all // PER_ROW)
    return Dots(176, round(2 * FIRST + STEP * (rows - 1)), days, left.day, left.days_in_all)

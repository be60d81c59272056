"""Numbers as lines that are drawn beside themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """A line of a table: `count` is drawn, and `of` behind it, both as widths of 100. `of` None: there is none."""

    label: str
    count: int
    width: float
    of: int | None = None
    of_width: float = 0.0


def bars(rows: Iterable[tuple[str, int] | tuple[str, int, int]]) -> list[Bar]:
    """Lines as they are drawn; the largest number fills its room."""
    lines: list[tuple[str, int, int | None]] = [
        (row[0], row[1], row[2] if len(row) == 3 else None) for row in rows
    ]
    largest = max([max(count, of or 0) for _label, count, of in lines], default=0) or 1
    return [
        Bar(label, count, round(100 * count / largest, 1), of, round(100 * (of or 0) / largest, 1))
        for label, count, of in lines
    ]

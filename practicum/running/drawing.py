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
    lines = [(label, *numbers) for label, *numbers in rows]
    largest = max([number for _label, *numbers in lines for number in numbers], default=0) or 1
    return [
        Bar(
            label,
            numbers[0],
            round(100 * numbers[0] / largest, 1),
            numbers[1] if len(numbers) > 1 else None,
            round(100 * numbers[1] / largest, 1) if len(numbers) > 1 else 0.0,
        )
        for label, *numbers in lines
    ]

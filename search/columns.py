"""What rows can be filtered, counted and sorted by, as arrays: one slot for each row, in no order that matters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
Ints = NDArray[np.int64]
SINGLE = ("kind", "area", "status")
"""Columns with one value a row; "" is a value too."""
SEVERAL = ("sectors", "subject_areas", "tags", "values", "innovation_types", "years")
"""Columns with any number of values a row."""
NEVER = np.iinfo(np.int64).min
"""When a row was published that has no date: before everything else."""


@dataclass
class Codes:
    """The values of a column, each with a number; it only grows."""

    values: list[str] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)

    def number(self, value: str) -> int:
        """The number of a value, a new one if it is new."""
        if (known := self.numbers.get(value)) is None:
            known = len(self.values)
            self.values.append(value)
            self.numbers[value] = known  # last: other threads read while one adds
        return known

    def known(self, values: Iterable[str]) -> list[int]:
        """The numbers of those values that occur."""
        return [n for value in values if (n := self.numbers.get(value)) is not None]

    def mask(self, values: Iterable[str]) -> Mask:
        """For each number, whether it is one of the values."""
        known = self.known(values)
        mask = np.zeros(len(self.values), np.bool_)
        mask[known] = True
        return mask

    def copy(self) -> Codes:
        """Another that can grow by itself."""
        return Codes(self.values.copy(), self.numbers.copy())


@dataclass(frozen=True)
class Single:
    """A column with one value a row."""

    codes: Codes
    numbers: NDArray[np.int32]

    @classmethod
    def empty(cls) -> Single:
        return cls(Codes(), np.zeros(0, np.int32))

    def plus(self, values: Sequence[str]) -> Single:
        """With the values of more rows at the end."""
        new = np.fromiter((self.codes.number(v) for v in values), np.int32, len(values))
        return Single(self.codes, np.concatenate([self.numbers, new]))

    def kept(self, keep: Mask) -> Single:
        """With the rows of `keep` only."""
        return Single(self.codes, self.numbers[keep])

    def having(self, values: Iterable[str]) -> Mask:
        """The rows with any of the values."""
        wanted = self.codes.mask(values)
        mask: Mask = wanted[self.numbers]
        return mask

    def counts(self, mask: Mask) -> dict[str, int]:
        """How many rows of `mask` have each value; values that none has are left out."""
        return _named(self.codes, self.numbers[mask])


@dataclass(frozen=True)
class Several:
    """A column with any number of values a row: all values in a row, and beside each the slot it belongs to."""

    codes: Codes
    numbers: NDArray[np.int32]
    slots: NDArray[np.int32]

    @classmethod
    def empty(cls) -> Several:
        return cls(Codes(), np.zeros(0, np.int32), np.zeros(0, np.int32))

    def plus(self, values: Sequence[Sequence[Any]], *, first: int) -> Several:
        """With the values of more rows, the first of which gets the slot `first`. A value counts once a row."""
        numbers: list[int] = []
        slots: list[int] = []
        for slot, several in enumerate(values, first):
            for value in dict.fromkeys(several):
                numbers.append(self.codes.number(str(value)))
                slots.append(slot)
        return Several(
            self.codes,
            np.concatenate([self.numbers, np.array(numbers, np.int32)]),
            np.concatenate([self.slots, np.array(slots, np.int32)]),
        )

    def kept(self, keep: Mask) -> Several:
        """With the rows of `keep` only, their slots moved together."""
        moved = np.cumsum(keep, dtype=np.int32) - 1
        mine = keep[self.slots]
        return Several(self.codes, self.numbers[mine], moved[self.slots[mine]])

    def having(self, values: Iterable[str], *, size: int) -> Mask:
        """The rows with any of the values."""
        wanted = self.codes.mask(values)
        mask = np.zeros(size, np.bool_)
        mask[self.slots[wanted[self.numbers]]] = True
        return mask

    def counts(self, mask: Mask) -> dict[str, int]:
        """How many rows of `mask` have each value; values that none has are left out."""
        return _named(self.codes, self.numbers[mask[self.slots]])

    def shared(self, values: Iterable[str], *, size: int) -> NDArray[np.int64]:
        """For each row, how many of the values it has."""
        wanted = self.codes.mask(values)
        return np.bincount(self.slots[wanted[self.numbers]], minlength=size)


def _named(codes: Codes, numbers: NDArray[np.int32]) -> dict[str, int]:
    counted = np.bincount(numbers, minlength=len(codes.values))
    return {codes.values[n]: int(counted[n]) for n in np.flatnonzero(counted)}

"""Counts of people from which no group under five can be read or worked out.

The groups form a tree that is fixed beforehand: a group's people are those of its parts, each person in one. A group
is shown in its parts when each part has nobody or at least five; else only the group as a whole is shown. A total under
five is not shown at all.

Why nothing can be worked out: whoever sees a group as a whole knows its number n ≥ 5, and that some part of it has one
to four. With two parts or more, each part can then have 1, 2, … or n - 1, n - 2, …, so none is known; nor is any part
of a part. What is hidden depends on nothing else, so which groups are hidden tells no more. Hiding the small group and
the next smallest, as is usual, would: that one is next smallest says how large it can be.
tests/ideastorm/test_results.py works out what somebody can know who knows this text, too.
"""

from __future__ import annotations

from dataclasses import dataclass

LEAST = 5
"""The smallest group of people that is shown."""


@dataclass(frozen=True)
class Group:
    """A group of people: its parts, or how many they are. A group with parts has two or more."""

    key: str
    label: str
    own: int = 0
    parts: tuple[Group, ...] = ()

    @property
    def people(self) -> int:
        """How many they are. Not to be shown without `shown`."""
        return sum(part.people for part in self.parts) if self.parts else self.own


@dataclass(frozen=True)
class Shown:
    """A line of the table: a group, how many they are, and whether it is shown for all its parts."""

    key: str
    label: str
    people: int
    is_whole: bool = False


def shown(group: Group) -> list[Shown]:
    """What may be shown of a group; nothing when it is under five as a whole."""
    if group.people < LEAST:
        return []
    return _lines(group)


def _lines(group: Group) -> list[Shown]:
    if not group.parts:
        return [Shown(group.key, group.label, group.people)]
    if any(0 < part.people < LEAST for part in group.parts):
        return [Shown(group.key, group.label, group.people, is_whole=True)]
    return [line for part in group.parts for line in _lines(part)]

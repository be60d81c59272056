"""Rows that are the same thing, or came of one another: shown as one result that names the others.

An innovation unit may also be an entry and a workplace, and a project may have led to an example. They are rows of
their own with links between them (`same_content`, `same_workplace` of a document); catalogue, project and unit have
their own pages and lists. But the map and the search across areas show each thing once. Which row stands for a group
depends on what may be found right now: when that row is taken down, another steps forward at the same moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from search.columns import Ints, Mask, Several
from search.filters import AnyOf, DocumentFilter
from search.mirror import Mirror
from search.selection import Selection

LAST = ("enhed", "projekt", "arbejdsplads")
"""Kinds that step back for others, the last one first to go; all other kinds are always shown themselves."""


@dataclass(frozen=True)
class Together:
    """Which rows stand for others, in one mirror."""

    stands_for: dict[int, list[int]]
    """The slot that is shown → the slots it stands for."""
    hidden: Mask
    """The slots that another stands for."""
    shown_by: Ints
    """For each slot, the slot that stands for it; mostly itself."""
    kinds: Several
    """For each slot that is shown, its own kind and those of the rows it stands for."""


def together(mirror: Mirror, *, among: Mask | None = None, name: str = "") -> Together:
    """The groups of a mirror; worked out once for each `name`.

    With `among`, a row that is among them stands for one that is not, whatever their kinds: on a map, what has a place
    stands for what has none.
    """
    key = ("together", name)
    if (known := mirror.kept.get(key)) is None:
        known = mirror.kept[key] = _together(mirror, mirror.live if among is None else among)
    found: Together = known
    return found


def _together(mirror: Mirror, among: Mask) -> Together:
    stands_for: dict[int, list[int]] = {}
    hidden = np.zeros(mirror.size, np.bool_)
    shown_by = np.arange(mirror.size)
    kind = mirror.single["kind"]
    ranks = np.array([_rank(value) for value in kind.codes.values], np.int32)[kind.numbers]
    for group in _groups(mirror):
        keys = mirror.ids[group].tolist()
        rank = dict(zip(group, ranks[group].tolist(), strict=True))
        order = sorted(zip((~among[group]).tolist(), rank.values(), keys, group, strict=True))
        first, *others = [slot for *_order, slot in order]
        behind = [slot for slot in others if rank[slot] or (among[first] and not among[slot])]
        if behind:
            stands_for[first] = behind
            hidden[behind] = True
            shown_by[behind] = first
    # A kind counts once a row, also when a row stands for several of it.
    own = kind.numbers
    more = {
        (slot, int(own[n])) for slot, several in stands_for.items() for n in several if own[n] != own[slot]
    }
    slots = np.concatenate([np.arange(mirror.size), [slot for slot, _number in more]]).astype(np.int32)
    numbers = np.concatenate([own, [number for _slot, number in more]]).astype(np.int32)
    return Together(stands_for, hidden, shown_by, Several(kind.codes, numbers, slots))


def _rank(kind: str) -> int:
    return LAST.index(kind) + 1 if kind in LAST else 0


def _groups(mirror: Mirror) -> list[list[int]]:
    """The sets of slots that hang together by links between rows that may be found."""
    linked = np.flatnonzero(mirror.live & ((mirror.same_content > 0) | (mirror.same_workplace > 0)))
    if not linked.size:
        return []
    ends: dict[int, set[int]] = {}
    for keys, wanted in (
        (mirror.content, mirror.same_content[linked]),
        (mirror.workplace, mirror.same_workplace[linked]),
    ):
        there = np.flatnonzero(mirror.live & np.isin(keys, wanted[wanted > 0]))
        slot_of = dict(zip(keys[there].tolist(), there.tolist(), strict=True))
        for slot, key in zip(linked.tolist(), wanted.tolist(), strict=True):
            if key and (other := slot_of.get(key)) is not None and other != slot:
                ends.setdefault(slot, set()).add(other)
                ends.setdefault(other, set()).add(slot)
    groups: list[list[int]] = []
    seen: set[int] = set()
    for start in ends:
        if start in seen:
            continue
        group, waiting = [], [start]
        seen.add(start)
        while waiting:
            slot = waiting.pop()
            group.append(slot)
            new = ends[slot] - seen
            seen |= new
            waiting += new
        groups.append(group)
    return groups


@dataclass(frozen=True)
class Merged(Selection):
    """A selection in which each thing is one row: a row that another of the list stands for is left out.

    A search finds a row also by the words of the rows it stands for, and `type` (column `kinds`) by their kinds.
    """

    groups: Together | None = None
    """What stands for what here; unless said, as everywhere."""
    lent: bool = False
    """Whether a search found rows only by the words of those they stand for."""

    @classmethod
    def of_kinds(
        cls,
        kinds: Sequence[str],
        mirror: Mirror | None = None,
        *,
        among: Mask | None = None,
        name: str = "",
    ) -> Self:
        """Everything of these kinds that may be found now, each thing once; with `among` only those (see together)."""
        every = Selection.of_kinds(kinds, mirror)
        groups = together(every.mirror, among=among, name=name)
        key = ("merged", name, tuple(kinds))
        if (mask := every.mirror.kept.get(key)) is None:
            mask = every.mask & ~groups.hidden
            if among is not None:
                mask &= among
            every.mirror.kept[key] = mask
        return cls(every.mirror, mask, whole=("merged", name, *kinds), groups=groups)

    @property
    def together(self) -> Together:
        """What stands for what here."""
        return self.groups or together(self.mirror)

    def _column_having(self, column: str, values: list[str]) -> Mask:
        if column == "kinds":
            return self.together.kinds.having(values, size=self.mirror.size)
        return super()._column_having(column, values)

    def _column_counts(self, column: str) -> dict[str, int]:
        if column == "kinds":
            return self.together.kinds.counts(self.mask)
        return super()._column_counts(column)

    def also(self, ids: Iterable[int]) -> dict[int, list[str]]:
        """For those of the documents that stand for others: the kinds of what they stand for, each once."""
        slots = np.flatnonzero(self.mirror.live & np.isin(self.mirror.ids, np.fromiter(ids, np.int64)))
        kind = self.mirror.single["kind"]
        found = {}
        for slot in slots.tolist():
            own = kind.codes.values[kind.numbers[slot]]
            names = {kind.codes.values[kind.numbers[n]] for n in self.together.stands_for.get(slot, [])}
            if names - {own}:
                found[int(self.mirror.ids[slot])] = sorted(names - {own})
        return found

    def search(self, q: str) -> Self:
        """Those that match `q`, or stand for one that does; all when it is empty."""
        if not q:
            return self
        stands_for = {s: behind for s, behind in self.together.stands_for.items() if self.mask[s]}
        among = self.mask.copy()
        among[[other for behind in stands_for.values() for other in behind]] = True
        match = self._match(q, among)
        lent = False
        for slot, behind in stands_for.items():
            for other in behind:
                if match.mask[other]:
                    lent |= not match.mask[slot]
                    match.mask[slot] = True
                    match.scores[slot] = max(match.scores[slot], match.scores[other])
        return replace(self, mask=self.mask & match.mask, match=match, whole=None, lent=lent)


class EachOnceFilter(DocumentFilter):
    """As everywhere; but a thing that is several kinds at once is found under each of them."""

    type = AnyOf(field_name="kinds")

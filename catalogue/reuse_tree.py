"""Reuse as a tree: who built on whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from catalogue.models import Reuse


@dataclass
class Node:
    """One reuse and those that built on it."""

    reuse: Reuse
    children: list[Node] = field(default_factory=list)


def tree(reuses: Iterable[Reuse]) -> list[Node]:
    """The reuses as a forest in their order. One whose parent is not shown, or in a circle, stands at the root."""
    rows = list(reuses)
    shown = {r.pk: r for r in rows}
    children: dict[int | None, list[Reuse]] = defaultdict(list)
    for row in rows:
        children[row.parent_id if _reaches_root(row, shown) else None].append(row)

    def grow(parent: int | None) -> list[Node]:
        return [Node(row, grow(row.pk)) for row in children[parent]]

    return grow(None)


def _reaches_root(row: Reuse, shown: dict[int, Reuse]) -> bool:
    """Whether the row's parent is shown, and the way up does not come back to the row."""
    seen, at = {row.pk}, row.parent_id
    if at not in shown:
        return False
    while at is not None and at in shown:
        if at in seen:
            return False
        seen.add(at)
        at = shown[at].parent_id
    return True

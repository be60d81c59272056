"""A selection of what may be found: to the mirror what a QuerySet is to a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar, Self

import numpy as np

from search.columns import SINGLE, Ints, Mask
from search.matching import Match, Matcher
from search.mirror import Mirror, current
from search.models import Document
from search.query import parse


@dataclass(frozen=True)
class Selection:
    """Some rows of a mirror, and how well each matches when a query chose them."""

    model: ClassVar = Document  # a filter set asks what it filters
    mirror: Mirror
    mask: Mask
    match: Match | None = None
    whole: tuple[str, ...] | None = None
    """The kinds whose rows these all are, if so: their counts can be kept."""

    @classmethod
    def of_kinds(cls, kinds: Sequence[str], mirror: Mirror | None = None) -> Selection:
        """Everything of these kinds that may be found now."""
        mirror = mirror or current()
        key = ("kinds", tuple(kinds))
        if (mask := mirror.kept.get(key)) is None:
            mask = mirror.live & mirror.single["kind"].having(kinds)
            mirror.kept[key] = mask
        return cls(mirror, mask, whole=tuple(kinds))

    def all(self) -> Self:
        """The same; what a filter set asks of what it filters."""
        return self

    def having(self, column: str, values: Iterable[str]) -> Self:
        """Those with any of the values."""
        return replace(self, mask=self.mask & self._column_having(column, list(values)), whole=None)

    def _column_having(self, column: str, values: list[str]) -> Mask:
        if column in SINGLE:
            return self.mirror.single[column].having(values)
        return self.mirror.several[column].having(values, size=self.mirror.size)

    def search(self, q: str) -> Self:
        """Those that match `q`; all when it is empty."""
        if not q:
            return self
        match = self._match(q, self.mask)
        return replace(self, mask=self.mask & match.mask, match=match, whole=None)

    def _match(self, q: str, among: Mask) -> Match:
        return Matcher(self.mirror, among).match(parse(q))

    @cached_property
    def count(self) -> int:
        """How many."""
        return int(np.count_nonzero(self.mask))

    def counts(self, column: str) -> dict[str, int]:
        """How many have each value of a column; values that none has are left out."""
        key = ("counts", self.whole, column)
        if self.whole and (kept := self.mirror.kept.get(key)) is not None:
            return dict(kept)
        found = self._column_counts(column)
        if self.whole:
            self.mirror.kept[key] = dict(found)
        return found

    def _column_counts(self, column: str) -> dict[str, int]:
        if column in SINGLE:
            return self.mirror.single[column].counts(self.mask)
        return self.mirror.several[column].counts(self.mask)

    # -- in order --------------------------------------------------------------

    def slots(self, sort: str, start: int = 0, stop: int | None = None) -> Ints:
        """The slots from place `start` to `stop` in an order: nyeste, titel, genbrugt, relevans."""
        if sort == "relevans" and self.match is not None:
            slots = np.flatnonzero(self.mask)
            return self.mirror.best(slots, self.match.scores[slots], stop)[start:]
        orders = {"titel": "by_title", "genbrugt": "by_reuse"}
        order: Ints = getattr(self.mirror, orders.get(sort, "by_newest"))
        return order[self.mask[order]][start:stop]

    def ids(self, sort: str = "nyeste", start: int = 0, stop: int | None = None) -> list[int]:
        """The documents' keys in that order."""
        found: list[int] = self.mirror.ids[self.slots(sort, start, stop)].tolist()
        return found

    def rows(self, sort: str = "nyeste", start: int = 0, stop: int | None = None) -> list[Document]:
        """The documents in that order, with what the mirror knows of them; other columns are read when asked for."""
        slots = self.slots(sort, start, stop)
        kinds = self.mirror.single["kind"]
        names = ("id", "content_id", "workplace_id", "kind")
        return [
            Document.from_db(None, names, (pk, content or None, workplace or None, kinds.codes.values[kind]))
            for pk, content, workplace, kind in zip(
                self.mirror.ids[slots].tolist(),
                self.mirror.content[slots].tolist(),
                self.mirror.workplace[slots].tolist(),
                kinds.numbers[slots].tolist(),
                strict=True,
            )
        ]

    def content(self, sort: str = "nyeste", start: int = 0, stop: int | None = None) -> list[int]:
        """The content rows' keys in that order; rows that are no content are left out."""
        keys: list[int] = self.mirror.content[self.slots(sort, start, stop)].tolist()
        return [key for key in keys if key]

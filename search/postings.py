"""Which words stand in which rows, and how much they say there: an inverted index in blocks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.columns import Mask

Floats = NDArray[np.float32]
SCALE = 50
"""A weight of 1 as it is stored; the lowest bit says whether the word stands in the title."""


def packed(weight: float, *, in_title: bool) -> int:
    """A weight as search documents store it, in 15 bits."""
    return min(max(round(weight * SCALE), 1), 16383) << 1 | in_title


@dataclass(frozen=True)
class Block:
    """The postings of some rows, sorted by word: `words` each once, `starts` where each word's rows begin."""

    words: NDArray[np.int32]
    starts: NDArray[np.int64]
    slots: NDArray[np.int32]
    weights: NDArray[np.uint16]
    rows: int

    @classmethod
    def of(
        cls, words: NDArray[np.int32], slots: NDArray[np.int32], weights: NDArray[np.uint16], rows: int
    ) -> Block:
        """Sort (word, slot, weight) triples, given by slot."""
        order = np.argsort(words, kind="stable")
        words = words[order]
        first = np.flatnonzero(np.diff(words, prepend=-1))
        starts = np.append(first, len(words)).astype(np.int64)
        return cls(words[first], starts, slots[order], weights[order], rows)

    def triples(self) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.uint16]]:
        """What `of` was given, sorted by word."""
        return np.repeat(self.words, np.diff(self.starts)), self.slots, self.weights

    def spans(self, wanted: NDArray[np.int32]) -> list[tuple[int, int, int]]:
        """(place among `wanted`, start, stop) for those wanted words that stand here."""
        if not len(self.words):
            return []
        at = np.searchsorted(self.words, wanted)
        at[at == len(self.words)] = 0
        return [
            (int(n), int(self.starts[at[n]]), int(self.starts[at[n] + 1]))
            for n in np.flatnonzero(self.words[at] == wanted)
        ]


@dataclass(frozen=True)
class Postings:
    """All blocks together."""

    blocks: tuple[Block, ...] = ()

    def plus(self, block: Block) -> Postings:
        """With the postings of more rows; small blocks are joined, so that there are never many."""
        blocks = [*self.blocks, block]
        while len(blocks) > 1 and blocks[-2].rows <= 2 * blocks[-1].rows and blocks[-1].rows < LARGEST:
            blocks[-2:] = [_joined(blocks[-2:])]
        return Postings(tuple(blocks))

    def kept(self, keep: Mask) -> Postings:
        """With the rows of `keep` only, their slots moved together."""
        moved = np.cumsum(keep, dtype=np.int32) - 1
        blocks = []
        for block in self.blocks:
            words, slots, weights = block.triples()
            mine = keep[slots]
            rows = int(np.count_nonzero(keep[np.unique(slots)]))
            blocks.append(Block.of(words[mine], moved[slots[mine]], weights[mine], rows))
        return Postings(tuple(blocks))

    def find(self, weights: dict[int, float], *, titles: bool = False) -> tuple[NDArray[np.int32], Floats]:
        """(slots, weights) of every posting of these words, each times the word's own weight; titles only, if asked."""
        wanted = np.fromiter(weights, np.int32, len(weights))
        own = list(weights.values())
        slots: list[NDArray[np.int32]] = []
        found: list[Floats] = []
        for block in self.blocks:
            for n, start, stop in block.spans(wanted):
                packed_weights = block.weights[start:stop]
                these = block.slots[start:stop]
                if titles:
                    there = (packed_weights & 1).astype(np.bool_)
                    these, packed_weights = these[there], packed_weights[there]
                slots.append(these)
                found.append((packed_weights >> 1) * np.float32(own[n] / SCALE))
        if not slots:
            return np.zeros(0, np.int32), np.zeros(0, np.float32)
        return np.concatenate(slots), np.concatenate(found)

    def count(self, codes: Collection[int]) -> int:
        """The number of postings of these words, rows that have changed since included."""
        wanted = np.fromiter(codes, np.int32, len(codes))
        return sum(stop - start for block in self.blocks for _n, start, stop in block.spans(wanted))

    def frequencies(self, codes: Sequence[int], mask: Mask) -> dict[int, int]:
        """How many rows of `mask` each of these words stands in; words that stand in none are left out."""
        wanted = np.array(codes, np.int32)
        counted: dict[int, int] = {}
        for block in self.blocks:
            for n, start, stop in block.spans(wanted):
                if number := int(np.count_nonzero(mask[block.slots[start:stop]])):
                    counted[codes[n]] = counted.get(codes[n], 0) + number
        return counted


LARGEST = 20_000
"""Rows of a block that is not joined with others any more; sorting more at a time takes memory."""


def _joined(blocks: list[Block]) -> Block:
    columns = [np.concatenate(column) for column in zip(*(b.triples() for b in blocks), strict=True)]
    return Block.of(columns[0], columns[1], columns[2], sum(b.rows for b in blocks))

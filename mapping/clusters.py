"""What the map shows of a selection: clusters with what is in them, and rows that stand alone.

Everything is worked out in the mirror, over arrays; only the names of what stands alone are read from the database.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mapping.grid import (
    BITS,
    CELL_BITS,
    MAX_ZOOM,
    SINGLES_ZOOM,
    Box,
    Ground,
    Small,
    cell_bits,
    ground,
)
from mapping.lists import MapListing
from search.columns import Ints

KEPT_BITS = 12
"""Up to this size of cells (zoom 10; some 2,500 hold all of Denmark) those of everything are kept with the mirror."""


@dataclass(slots=True)
class Cluster:
    """Rows in one cell."""

    number: int
    """Its place among the cells."""
    id: str
    count: int
    kinds: list[int]
    """For each kind's number, how many rows are of it."""
    zoom: int | None
    """From which zoom on it is more than one; None when all stand at one spot."""
    area: str
    """The area by which all members are known, and nothing else; "" when that is not so."""
    exact: bool
    """Whether all members have points of their own."""
    where: int
    """The number of the area that most members lie in."""
    middle: int
    """The slot nearest to the mean of all; the cluster stands where it stands, so on land."""
    at: tuple[float, float]
    """Where that is: degrees east and north."""
    bounds: list[float]
    """Degrees: west, south, east, north of all members."""


@dataclass(frozen=True)
class Cells:
    """Rows of the ground in cells of one size. Of each array but `rows`, a place is a cell."""

    rows: Ints
    """Places on the ground, along the curve."""
    starts: Ints
    """Where among the rows each cell begins."""

    @cached_property
    def counts(self) -> Ints:
        """How many rows each has."""
        return np.diff(np.append(self.starts, self.rows.size))

    def columns(self, at: Ground, *, kinds: int, areas: int, chosen: Ints | None) -> list[list[Any]]:
        """All that Clusters says of the chosen cells (None: all), as lists."""
        columns = self._columns(at, kinds, areas)
        return [(column if chosen is None else column[chosen]).tolist() for column in columns]

    @cached_property
    def _kept(self) -> dict[tuple[int, int], list[NDArray[Any]]]:
        return {}

    def _columns(self, at: Ground, kinds: int, areas: int) -> list[NDArray[Any]]:
        if known := self._kept.get((kinds, areas)):
            return known
        rows, starts, counts = self.rows, self.starts, self.counts
        x, y, lng, lat = at.x[rows], at.y[rows], at.lng[rows], at.lat[rows]
        group = np.repeat(np.arange(len(starts)), counts)
        vague = at.vague[rows]
        middles = self._middles(x, y, group)
        bounds = [
            np.minimum.reduceat(lng, starts), np.minimum.reduceat(lat, starts),
            np.maximum.reduceat(lng, starts), np.maximum.reduceat(lat, starts),
        ]  # fmt: skip
        made = [
            counts,
            _table(group, at.kind[rows], len(starts), kinds),
            self._apart(x, y),
            np.minimum.reduceat(vague, starts),
            np.maximum.reduceat(vague, starts),
            _table(group, at.area[rows], len(starts), areas).argmax(axis=1),
            x[starts],
            y[starts],
            at.slots[rows[middles]],
            np.stack([lng[middles], lat[middles]], axis=1),
            np.stack(bounds, axis=1),
        ]
        self._kept[kinds, areas] = made
        return made

    def _apart(self, x: Small, y: Small) -> Ints:
        """The zoom at which the rows of each cell are no longer in one; 0 when they stand at one spot."""
        differing = np.zeros(len(self.starts), np.int32)
        for axis in (x, y):
            # All between the least and the most begin with the bits that these two have in common.
            differing |= np.minimum.reduceat(axis, self.starts) ^ np.maximum.reduceat(axis, self.starts)
        first = BITS - np.frexp(differing.astype(np.float64))[1] + 1
        return np.where(differing > 0, np.clip(first - CELL_BITS, 1, SINGLES_ZOOM), 0)

    def _middles(self, x: Small, y: Small, group: Ints) -> Ints:
        """For each cell, which row is nearest to the mean of all its rows."""
        from_mean = np.zeros(len(x))
        for axis in (x, y):
            mean = np.add.reduceat(axis, self.starts, dtype=np.float64) / self.counts
            from_mean += (axis - mean[group]) ** 2
        nearest = np.flatnonzero(from_mean == np.minimum.reduceat(from_mean, self.starts)[group])
        middles = np.empty(len(self.starts), np.int64)
        middles[group[nearest[::-1]]] = nearest[::-1]  # of several, the first along the curve
        return middles


def _table(group: Ints, numbers: Small, groups: int, width: int) -> Ints:
    """For each group, how many there are of each number."""
    return np.bincount(group * width + numbers, minlength=groups * width).reshape(groups, width)


class Clusters:
    """The rows of a listing in the cells of one size that touch a box; everywhere, without a box.

    `bits` of each axis tell the cell (see mapping.grid).
    """

    def __init__(self, listing: MapListing, box: Box | None, bits: int) -> None:
        self.listing = listing
        self.mirror = listing.everything.mirror
        self.bits = bits
        self.ground: Ground = ground(self.mirror, listing.geography, listing.everything.mask)
        self.box = box.whole_cells(bits) if box else None
        self.chosen: Ints | None = None
        """Which of the cells touch the box; None when all do."""
        if listing.results.mask is listing.everything.mask and bits <= KEPT_BITS:
            self.cells = self._of_everything()
            if self.box:
                self.chosen = self._touching(self.box)
            return
        rows = self.ground.within(self.box) if self.box else np.arange(self.ground.slots.size)
        if listing.results.mask is not listing.everything.mask:
            rows = rows[listing.results.mask[self.ground.slots[rows]]]
        self.cells = self._in_cells(rows)

    def _of_everything(self) -> Cells:
        """The cells of all rows, kept with the mirror."""
        geography = self.listing.geography
        key = ("cells", geography.stamp or geography.today, self.bits)
        if (known := self.mirror.kept.get(key)) is None:
            known = self.mirror.kept[key] = self._in_cells(np.arange(self.ground.slots.size))
        found: Cells = known
        return found

    def _touching(self, box: Box) -> Ints:
        first = self.cells.rows[self.cells.starts]
        x, y = self.ground.x[first], self.ground.y[first]
        return np.flatnonzero((x >= box.west) & (x <= box.east) & (y >= box.north) & (y <= box.south))

    def _in_cells(self, rows: Ints) -> Cells:
        if not rows.size:
            return Cells(rows, rows)
        cells = self.ground.curve[rows] >> 2 * (BITS - self.bits)
        new = cells[1:] != cells[:-1]
        if self.by_spot:
            # What is known by its area only is never one with what really is there.
            vague = self.ground.vague[rows]
            new |= vague[1:] != vague[:-1]
        return Cells(rows, np.concatenate([[0], np.flatnonzero(new) + 1]))

    @property
    def by_spot(self) -> bool:
        """Whether each spot is by itself."""
        return self.bits == BITS

    def __len__(self) -> int:
        return len(self.cells.starts) if self.chosen is None else len(self.chosen)

    def slots(self, cluster: Cluster) -> list[int]:
        """The rows of a cluster."""
        start = int(self.cells.starts[cluster.number])
        found: list[int] = self.ground.slots[self.cells.rows[start : start + cluster.count]].tolist()
        return found

    def __iter__(self) -> Iterator[Cluster]:
        if not len(self):
            return
        codes = self.mirror.single["area"].codes.values
        low = BITS - self.bits
        zoom = BITS - CELL_BITS if self.by_spot else self.bits - CELL_BITS
        kinds = len(self.mirror.single["kind"].codes.values)
        numbers = range(len(self)) if self.chosen is None else self.chosen.tolist()
        columns = self.cells.columns(self.ground, kinds=kinds, areas=len(codes), chosen=self.chosen)
        for number, count, of_kind, level, least, most, where, x, y, middle, at, bounds in zip(
            numbers, *columns, strict=True
        ):
            area = codes[least] if least == most and least >= 0 else ""
            key = f"c/{zoom}/{x >> low}/{y >> low}" + (f"/{area}" if area and self.by_spot else "")
            # At one spot stand things that are there and things that are not: they come apart when spots do.
            level = level or (SINGLES_ZOOM if least != most else None)
            yield Cluster(number, key, count, of_kind, level, area, most < 0, where, middle, at, bounds)


def clusters(listing: MapListing, box: Box | None, zoom: int, *, most: int) -> Clusters:
    """What to show at this zoom; in larger cells where that would be more than `most` features."""
    found = Clusters(listing, box, cell_bits(zoom))
    while len(found) > most and found.bits > CELL_BITS:
        found = coarser(found, box)
    return found


def coarser(found: Clusters, box: Box | None) -> Clusters:
    """The same in cells of the next larger size."""
    bits = SINGLES_ZOOM - 1 + CELL_BITS if found.by_spot else found.bits - 1
    return Clusters(found.listing, box, bits)


def next_zoom(cluster: Cluster, asked: int) -> int | None:
    """From which zoom on a cluster is more than one, seen from the zoom that was asked for."""
    return cluster.zoom and min(max(cluster.zoom, asked + 1), MAX_ZOOM)

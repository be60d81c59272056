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
    cell_bits,
    ground,
)
from mapping.lists import MapListing
from search.columns import Ints

Floats = NDArray[np.float64]
DECIMALS = 5
"""Of a coordinate: a metre."""


@dataclass(frozen=True)
class Cluster:
    """Rows in one cell."""

    id: str
    slots: Ints
    """Its members, in the mirror."""
    middle: int
    """The member nearest to the mean of all; the cluster stands where it stands, so on land."""
    at: tuple[int, int]
    """Where that is, in steps of the grid."""
    kinds: dict[str, int]
    zoom: int | None
    """From which zoom on it is more than one; None when all stand at one spot."""
    area: str
    """The area by which all members are known, and nothing else; "" when that is not so."""
    exact: bool
    """Whether all members have points of their own."""
    bounds: list[float]
    """Degrees: west, south, east, north of all members."""

    @property
    def count(self) -> int:
        """How many rows are in it."""
        return len(self.slots)


class Clusters:
    """The rows of a listing in the cells of one size that touch a box; everywhere, without a box.

    `bits` of each axis tell the cell (see mapping.grid).
    """

    def __init__(self, listing: MapListing, box: Box | None, bits: int) -> None:
        self.listing = listing
        self.mirror = listing.everything.mirror
        self.bits = bits
        self.ground: Ground = ground(self.mirror, listing.geography)
        inside = listing.results.mask[self.ground.slots]
        if box:
            whole = box.whole_cells(bits)
            x, y = self.ground.x, self.ground.y
            inside &= (x >= whole.west) & (x <= whole.east) & (y >= whole.north) & (y <= whole.south)
        self.rows = np.flatnonzero(inside)
        """Places on the ground, along the curve."""

    @property
    def by_spot(self) -> bool:
        """Whether each spot is by itself."""
        return self.bits == BITS

    @cached_property
    def _starts(self) -> Ints:
        """Where among the rows each cell begins."""
        if not self.rows.size:
            return self.rows
        cells = self.ground.curve[self.rows] >> 2 * (BITS - self.bits)
        new = cells[1:] != cells[:-1]
        if self.by_spot:
            # What is known by its area only is never one with what really is there.
            areas = self.ground.area[self.rows]
            new |= areas[1:] != areas[:-1]
        return np.concatenate([[0], np.flatnonzero(new) + 1])

    def __len__(self) -> int:
        return len(self._starts)

    @cached_property
    def counts(self) -> Ints:
        """How many rows each cell has."""
        return np.diff(np.append(self._starts, self.rows.size))

    def __iter__(self) -> Iterator[Cluster]:
        if not self.rows.size:
            return
        starts, counts = self._starts, self.counts
        slots = self.ground.slots[self.rows]
        x, y, area = self.ground.x[self.rows], self.ground.y[self.rows], self.ground.area[self.rows]
        group = np.repeat(np.arange(len(starts)), counts)
        kind = self.mirror.single["kind"]
        kinds = len(kind.codes.values)
        table = np.bincount(group * kinds + kind.numbers[slots], minlength=len(starts) * kinds)
        least_area, most_area = np.minimum.reduceat(area, starts), np.maximum.reduceat(area, starts)
        apart = self._apart(x, y, starts)
        middles = self._middles(x, y, starts, counts, group)
        codes = self.mirror.single["area"].codes.values
        low = BITS - self.bits
        zoom = BITS - CELL_BITS if self.by_spot else self.bits - CELL_BITS
        ends = (starts + counts).tolist()
        where = self.listing.positions
        lng, lat = where.lng[slots].round(DECIMALS), where.lat[slots].round(DECIMALS)
        bounds = np.stack(
            [
                np.minimum.reduceat(lng, starts), np.minimum.reduceat(lat, starts),
                np.maximum.reduceat(lng, starts), np.maximum.reduceat(lat, starts),
            ],
            axis=1,
        )  # fmt: skip
        columns: list[list[Any]] = [
            array.tolist()
            for array in (
                starts, slots[middles], apart, least_area, most_area, x[starts] >> low, y[starts] >> low,
                x[middles], y[middles], bounds,
            )
        ]  # fmt: skip
        of_kind = table.reshape(len(starts), kinds)
        named = [
            {kind.codes.values[n]: int(several[n]) for n in np.flatnonzero(several).tolist()}
            for several in of_kind
        ]
        for start, middle, level, least, most, cell_x, cell_y, at_x, at_y, box, end, has in zip(
            *columns, ends, named, strict=True
        ):
            one_area = codes[least] if least == most and least >= 0 else ""
            # At one spot stand things that are there and things that are not: they come apart when spots do.
            level = level or (SINGLES_ZOOM if least != most else None)
            yield Cluster(
                f"c/{zoom}/{cell_x}/{cell_y}" + (f"/{one_area}" if one_area and self.by_spot else ""),
                slots[start:end],
                middle,
                (at_x, at_y),
                has,
                level,
                one_area,
                most < 0,
                box,
            )

    @staticmethod
    def _apart(x: Ints, y: Ints, starts: Ints) -> Ints:
        """The zoom at which the rows of each cell are no longer in one; 0 when they stand at one spot."""
        differing = np.zeros(len(starts), np.int64)
        for axis in (x, y):
            # All between the least and the most begin with the bits that these two have in common.
            differing |= np.minimum.reduceat(axis, starts) ^ np.maximum.reduceat(axis, starts)
        first = BITS - np.frexp(differing.astype(np.float64))[1] + 1
        return np.where(differing > 0, np.clip(first - CELL_BITS, 1, SINGLES_ZOOM), 0)

    @staticmethod
    def _middles(x: Ints, y: Ints, starts: Ints, counts: Ints, group: Ints) -> Ints:
        """For each cell, which row is nearest to the mean of all its rows."""
        from_mean = np.zeros(len(x))
        for axis in (x, y):
            mean = np.add.reduceat(axis, starts) / counts
            from_mean += (axis - mean[group]) ** 2
        nearest = np.flatnonzero(from_mean == np.minimum.reduceat(from_mean, starts)[group])
        middles = np.empty(len(starts), np.int64)
        middles[group[nearest[::-1]]] = nearest[::-1]  # of several, the first along the curve
        return middles


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

"""The fixed grid that the map's clusters are made of: square cells of Web Mercator, four times as many at each zoom.

Cells do not depend on which part of the map is asked for, so that a cluster is the same wherever one looks from.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mapping.positions import positions
from places.areas import Geography
from search.columns import Ints, Mask
from search.mirror import Mirror

BITS = 28
"""Of a position on each axis: a step is 8 cm in Denmark, finer than the five decimals of a coordinate."""
CELL_BITS = 2
"""A tile of 256 pixels has 4 × 4 cells, so a cell is 64 pixels wide: room for a circle with a number."""
MAX_ZOOM = 22
SINGLES_ZOOM = 15
"""From this zoom on each spot is by itself, however near the next one is."""
DECIMALS = 5
"""Of a coordinate: a metre."""
MAX_LATITUDE = 85.0511287798066
"""Where Web Mercator ends."""


def cell_bits(zoom: int) -> int:
    """How many bits of a position tell the cell at this zoom; all of them where each spot is by itself."""
    return BITS if zoom >= SINGLES_ZOOM else zoom + CELL_BITS


def x_of(lng: NDArray[np.float64]) -> Ints:
    """Where degrees of longitude stand on the map, in whole steps from the west."""
    return _steps((lng + 180) / 360)


def y_of(lat: NDArray[np.float64]) -> Ints:
    """Where degrees of latitude stand on the map, in whole steps from the north."""
    sine = np.sin(np.radians(np.clip(lat, -MAX_LATITUDE, MAX_LATITUDE)))
    return _steps(0.5 - np.log((1 + sine) / (1 - sine)) / (4 * math.pi))


def _steps(share: NDArray[np.float64]) -> Ints:
    steps: Ints = np.clip(np.floor(share * 2**BITS), 0, 2**BITS - 1).astype(np.int64)
    return steps


@dataclass(frozen=True)
class Box:
    """A part of the map, in steps: from west to east and from north to south, all ends included."""

    west: int
    south: int
    east: int
    north: int

    @classmethod
    def of(cls, west: float, south: float, east: float, north: float) -> Box:
        """The box between these degrees."""
        x = x_of(np.array([west, east])).tolist()
        y = y_of(np.array([south, north])).tolist()
        return cls(x[0], y[0], x[1], y[1])

    def whole_cells(self, bits: int) -> Box:
        """The box of all cells that this one touches."""
        low = BITS - bits
        full = (1 << low) - 1
        return Box(
            self.west >> low << low, self.south | full, self.east | full, self.north >> low << low,
        )  # fmt: skip


Small = NDArray[np.int32]


@dataclass(frozen=True)
class Ground:
    """All rows of a map that may be found, along a Z-curve: a cell's rows follow each other at every zoom.

    So no answer has to sort anything; it only finds where one cell ends and the next begins.
    """

    slots: Ints
    x: Small
    y: Small
    curve: Ints
    """The bits of x and y in turn."""
    lng: NDArray[np.float64]
    """Degrees as an answer has them."""
    lat: NDArray[np.float64]
    kind: Small
    """The number of its kind."""
    area: Small
    """The number of its area."""
    vague: Small
    """The same, where a row is known by that only; -1 where it has a point of its own."""

    def within(self, box: Box) -> Ints:
        """The places on the ground of the rows in a box."""
        # All of a box lies on the curve between its north-western and its south-eastern corner.
        first, last = _curve(
            np.array([box.west, box.east], np.int64), np.array([box.north, box.south], np.int64)
        )
        start, end = np.searchsorted(self.curve, first), np.searchsorted(self.curve, last, "right")
        x, y = self.x[start:end], self.y[start:end]
        inside = (x >= box.west) & (x <= box.east) & (y >= box.north) & (y <= box.south)
        found: Ints = np.flatnonzero(inside) + start
        return found


def ground(mirror: Mirror, geography: Geography, everything: Mask) -> Ground:
    """Where the rows of `everything` stand; worked out once for each mirror, day and edition of the municipalities."""
    key = ("ground", geography.stamp or geography.today)
    if (known := mirror.kept.get(key)) is None:
        known = mirror.kept[key] = _ground(mirror, geography, everything)
    found: Ground = known
    return found


def _ground(mirror: Mirror, geography: Geography, everything: Mask) -> Ground:
    where = positions(mirror, geography)
    slots = np.flatnonzero(everything & where.placed)
    lng, lat = where.lng[slots], where.lat[slots]
    x, y = x_of(lng), y_of(lat)
    curve = _curve(x, y)
    area = mirror.single["area"].numbers[slots]
    vague = np.where(where.exact[slots], -1, area).astype(np.int32)
    order = np.lexsort((vague, curve))
    return Ground(
        slots[order],
        x[order].astype(np.int32),
        y[order].astype(np.int32),
        curve[order],
        lng[order].round(DECIMALS),
        lat[order].round(DECIMALS),
        mirror.single["kind"].numbers[slots][order],
        area[order],
        vague[order],
    )


def _curve(x: Ints, y: Ints) -> Ints:
    return _spread(x) | _spread(y) << 1


def _spread(numbers: Ints) -> Ints:
    """Each number with a zero between its bits."""
    for shift, keep in (
        (16, 0x0000FFFF0000FFFF), (8, 0x00FF00FF00FF00FF), (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333), (1, 0x5555555555555555),
    ):  # fmt: skip
        numbers = (numbers | numbers << shift) & keep
    return numbers

"""Plane geometry for drawing outlines: no dependency, no I/O.

A ring is a closed list of points; an area is a list of rings. Used where the portal draws, by the scripts that make
``places/data/``, and by their tests.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import pairwise
from typing import TypedDict

VIEW_WIDTH, VIEW_HEIGHT, MARGIN = 600, 495, 16.0

Point = tuple[float, float]
Ring = list[Point]  # closed: the first point is repeated as the last


class Projection(TypedDict):
    """``x = (lng - west) * x_scale + x_offset``, ``y = (north - lat) * y_scale + y_offset``."""

    west: float
    north: float
    x_scale: float
    y_scale: float
    x_offset: float
    y_offset: float


def without_repeats(ring: Iterable[Point]) -> Ring:
    """Return the ring without equal neighbours (they arise by rounding)."""
    result: Ring = []
    for point in ring:
        if not result or result[-1] != point:
            result.append(point)
    return result


def signed_area(ring: Ring) -> float:
    """Return the shoelace area; the sign tells the direction of the ring."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2


def contains(rings: Iterable[Ring], x: float, y: float) -> bool:
    """Return whether a point lies inside the rings (even-odd rule, so holes count as outside)."""
    inside = False
    for ring in rings:
        for (x1, y1), (x2, y2) in pairwise(ring):
            if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
                inside = not inside
    return inside


def edge_distance(ring: Ring, x: float, y: float) -> float:
    """Return the distance from a point to the nearest edge of a ring, in the ring's own units."""
    best = math.inf
    for (x1, y1), (x2, y2) in pairwise(ring):
        dx, dy = x2 - x1, y2 - y1
        length = dx * dx + dy * dy
        along = max(0.0, min(1.0, ((x - x1) * dx + (y - y1) * dy) / length)) if length else 0.0
        best = min(best, math.hypot(x - x1 - along * dx, y - y1 - along * dy))
    return best


def merge(groups: Iterable[list[Ring]]) -> list[Ring]:
    """Return the union of areas that touch only along shared edges, largest ring first.

    An edge that two neighbours walk in opposite directions is inner border and falls out; what is left is
    chained to rings again. Without this a merged region would show a seam where its two parts meet.
    """
    edges = {edge: None for group in groups for ring in group for edge in pairwise(ring)}
    following: dict[Point, list[Point]] = {}
    for start, end in edges:
        if (end, start) not in edges:
            following.setdefault(start, []).append(end)
    rings: list[Ring] = []
    while following:
        start = next(iter(following))
        ring = [start]
        while True:
            ends = following[ring[-1]]
            point = ends.pop()
            if not ends:
                del following[ring[-1]]
            ring.append(point)
            if point == start:
                break
        if len(ring) > 3:
            rings.append(ring)
    return sorted(rings, key=lambda ring: -abs(signed_area(ring)))


def simplify(groups: list[list[Ring]], smallest: float) -> list[list[Ring]]:
    """Return the rings without corners that nobody sees: those whose triangle is smaller than ``smallest``.

    A corner goes only if every ring that passes it has the same two neighbours there. So a border shared by
    two areas loses the same corners in both, ends of shared borders stay, and no gap or overlap arises.
    """
    while True:
        neighbours: dict[Point, set[frozenset[Point]]] = {}
        for ring in (ring for group in groups for ring in group):
            corners = ring[:-1]
            for before, corner, after in zip(corners[-1:] + corners[:-1], corners, ring[1:], strict=True):
                neighbours.setdefault(corner, set()).add(frozenset((before, after)))
        small = []
        for corner, pairs in neighbours.items():
            ends = tuple(next(iter(pairs)))
            if len(pairs) == 1 and len(ends) == 2:
                size = abs(signed_area([ends[0], corner, ends[1], ends[0]]))
                if size < smallest:
                    small.append((size, corner, ends))
        gone: set[Point] = set()
        for _, corner, ends in sorted(small):
            if gone.isdisjoint(ends):
                gone.add(corner)
        if not gone:
            return groups
        groups = [
            [close(point for point in ring[:-1] if point not in gone) for ring in group] for group in groups
        ]


def close(points: Iterable[Point]) -> Ring:
    """Return a ring from its corners, with the first repeated as the last."""
    corners = list(points)
    return corners + corners[:1]


def fit_projection(rings: list[Ring], view: tuple[int, int] = (VIEW_WIDTH, VIEW_HEIGHT)) -> Projection:
    """Return the equirectangular projection that centres all rings in a view box of that width and height.

    One degree of longitude is shortened by the cosine of the middle latitude, so that shapes look right.
    """
    xs = [x for ring in rings for x, _ in ring]
    ys = [y for ring in rings for _, y in ring]
    squeeze = math.cos(math.radians((min(ys) + max(ys)) / 2))
    width, height = (max(xs) - min(xs)) * squeeze, max(ys) - min(ys)
    scale = min((view[0] - 2 * MARGIN) / width, (view[1] - 2 * MARGIN) / height)
    return Projection(
        west=min(xs),
        north=max(ys),
        x_scale=round(scale * squeeze, 4),
        y_scale=round(scale, 4),
        x_offset=round((view[0] - width * scale) / 2, 2),
        y_offset=round((view[1] - height * scale) / 2, 2),
    )


def project(projection: Projection, lng: float, lat: float) -> Point:
    """Return the point in the view box for a WGS84 coordinate."""
    return (
        (lng - projection["west"]) * projection["x_scale"] + projection["x_offset"],
        (projection["north"] - lat) * projection["y_scale"] + projection["y_offset"],
    )


def svg_path(rings: list[Ring]) -> str:
    """Return a path's ``d`` with one decimal: each ring is a move, relative lines and a close.

    Relative steps between rounded points halve the size and add up without drift.
    """
    parts: list[str] = []
    for ring in rings:
        tenths = without_repeats((round(x * 10), round(y * 10)) for x, y in ring)
        if len(tenths) < 4:
            continue
        (x0, y0), *_ = tenths
        steps = [f"{(b[0] - a[0]) / 10:g} {(b[1] - a[1]) / 10:g}" for a, b in pairwise(tenths[:-1])]
        parts.append(f"M{x0 / 10:g} {y0 / 10:g}l{' '.join(steps)}Z")
    return "".join(parts)


def label_point(ring: Ring) -> Point:
    """Return the point of a ring's inside that is farthest from its edge, on a grid of four units."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    candidates = [
        (float(x), float(y))
        for x in range(int(min(xs)), int(max(xs)) + 1, 4)
        for y in range(int(min(ys)), int(max(ys)) + 1, 4)
        if contains([ring], x, y)
    ]
    return max(candidates, key=lambda point: edge_distance(ring, *point))


def path_rings(d: str) -> list[Ring]:
    """Return the rings of a path that :func:`svg_path` wrote."""
    rings: list[Ring] = []
    for part in d.removesuffix("Z").split("Z") if d else []:
        start, _, steps = part.removeprefix("M").partition("l")
        x, y = (float(number) for number in start.split())
        ring = [(x, y)]
        numbers = [float(number) for number in steps.split()]
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = round(x + dx, 1), round(y + dy, 1)
            ring.append((x, y))
        rings.append(close(ring))
    return rings

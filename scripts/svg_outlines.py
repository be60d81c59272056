"""Read the path data of SVG drawings as polygons: as much of the format as ``build_map_data.py`` meets."""

from __future__ import annotations

import re
from collections.abc import Iterator

import shapely

Point = tuple[float, float]

TOKEN = re.compile(r"[a-zA-Z]|-?\d*\.?\d+(?:e-?\d+)?")
ARGUMENTS = {"m": 2, "l": 2, "c": 6}


def commands(d: str) -> Iterator[tuple[str, list[float]]]:
    """Yield each command with its numbers; a repeated command stands alone, a move's repetitions are lines.

    Raises ValueError for a command that the drawings we read do not use.
    """
    tokens = TOKEN.findall(d)
    at, command = 0, ""
    while at < len(tokens):
        if tokens[at].isalpha():
            command = tokens[at]
            at += 1
            if command in "Zz":
                yield "z", []
                continue
        if command.lower() not in ARGUMENTS:
            raise ValueError(f"unknown command {command!r} in an SVG path")
        count = ARGUMENTS[command.lower()]
        yield command, [float(token) for token in tokens[at : at + count]]
        at += count
        command = {"m": "l", "M": "L"}.get(command, command)


def rings(d: str, steps: int = 3) -> list[list[Point]]:
    """Return the closed rings of a path; a Bézier curve becomes ``steps`` straight lines."""
    result: list[list[Point]] = []
    ring: list[Point] = []
    here = (0.0, 0.0)
    for command, numbers in commands(d):
        if command == "z":
            result.append(ring)
            here, ring = ring[0], []
            continue
        x, y = here if command.islower() else (0.0, 0.0)
        points = [(x + numbers[i], y + numbers[i + 1]) for i in range(0, len(numbers), 2)]
        if command in "mM":
            result.append(ring)
            ring = [points[0]]
        elif command in "lL":
            ring.append(points[0])
        else:
            ring += curve([here, *points], steps)
        here = points[-1]
    result.append(ring)
    return [[*ring, ring[0]] for ring in result if len(ring) > 2]


def curve(points: list[Point], steps: int) -> list[Point]:
    """Return the points of a cubic Bézier curve after its first."""
    result = []
    for step in range(1, steps + 1):
        s = step / steps
        weights = ((1 - s) ** 3, 3 * s * (1 - s) ** 2, 3 * s * s * (1 - s), s**3)
        result.append(
            (
                sum(w * x for w, (x, _) in zip(weights, points, strict=True)),
                sum(w * y for w, (_, y) in zip(weights, points, strict=True)),
            )
        )
    return result


def area(d: str) -> shapely.MultiPolygon:
    """Return what a path fills, without the lines and slivers that a drawing program leaves."""
    whole = shapely.union_all([shapely.make_valid(shapely.Polygon(ring)) for ring in rings(d)])
    parts = [part for part in shapely.get_parts(whole) if part.geom_type == "Polygon" and part.area > 0]
    return shapely.MultiPolygon(parts)

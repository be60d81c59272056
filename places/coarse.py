"""The committed shapes of places/data/: what is drawn, and roughly known, until official boundaries are loaded."""

from __future__ import annotations

import functools
import json
import math
from pathlib import Path
from typing import Any

import shapely
from shapely.affinity import affine_transform
from shapely.geometry import shape

from places.outlines import path_rings

DATA = Path(__file__).parent / "data"

KM_LAT = 111.2
KM_LNG = KM_LAT * math.cos(math.radians(56.0))
"""Kilometres to a degree in the middle of Denmark; a distance over the country is within 3 % of right."""


def in_km(area: shapely.Geometry) -> shapely.Geometry:
    """The same in kilometres east and north, so that a distance means something."""
    return affine_transform(area, [KM_LNG, 0, 0, KM_LAT, 0, 0])


@functools.cache
def data(name: str) -> Any:
    """A committed file, parsed. Not to be changed by who gets it."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


@functools.cache
def region_outlines() -> dict[str, shapely.Geometry]:
    """Region code → outline, of the five regions until the end of 2026. Neighbours share their corners exactly."""
    return {f["properties"]["code"]: shape(f["geometry"]) for f in data("denmark.geojson")["features"]}


@functools.cache
def denmark() -> shapely.Geometry:
    """The whole country, in kilometres. Small islands are missing: the farthest place is 14 km off (Sejerø)."""
    whole: shapely.Geometry = in_km(shapely.union_all(list(region_outlines().values())))
    shapely.prepare(whole)
    return whole


@functools.cache
def neighbours() -> shapely.Geometry:
    """The land of the countries around, in kilometres. At the land border it goes on below Denmark."""
    whole: shapely.Geometry = in_km(
        shapely.union_all([shape(f["geometry"]) for f in data("neighbours.geojson")["features"]])
    )
    shapely.prepare(whole)
    return whole


@functools.cache
def municipality(code: str) -> shapely.Geometry | None:
    """A municipality's drawn shape put on the ground, in kilometres; None for an unknown code.

    It is right to about 5 km, and small islands are missing (Sejerø lies 21 km from the drawn Kalundborg).
    """
    drawn = data("municipality_paths.json")
    if (found := drawn["municipalities"].get(code)) is None:
        return None
    polygons = [shapely.make_valid(shapely.Polygon(ring)) for ring in path_rings(found["d"])]
    ground = drawn["ground"]["inset" if code == drawn["inset"]["code"] else "main"]
    return in_km(affine_transform(shapely.union_all(polygons), ground))

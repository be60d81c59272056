"""A file of boundaries made by hand: a small square round each seat, so that every municipality has an area."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import places

ROWS: list[dict[str, Any]] = json.loads(
    (Path(places.__file__).parent / "data" / "municipalities.json").read_text(encoding="utf-8")
)
SEATS = {row["code"]: (row["seat"], row["lat"], row["lng"]) for row in ROWS}
HALF = 0.01  # degrees; the nearest two seats are 0.021 apart

Feature = dict[str, Any]


def ring(lng: float, lat: float, half: float = HALF) -> list[list[float]]:
    """A closed square round a point, anticlockwise as RFC 7946 wants it."""
    west, south, east, north = (round(v, 5) for v in (lng - half, lat - half, lng + half, lat + half))
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def square(code: Any, lng: float, lat: float, *, name: str = "kommunekode", half: float = HALF) -> Feature:
    """A feature with a square, and its code under the property `name`."""
    geometry = {"type": "Polygon", "coordinates": [ring(lng, lat, half)]}
    return {"type": "Feature", "properties": {name: code}, "geometry": geometry}


def squares(name: str = "kommunekode", code: Any = str) -> list[Feature]:
    """A square for each municipality, by code; `code` turns "0101" into what the file has."""
    return [square(code(key), lng, lat, name=name) for key, (_seat, lat, lng) in sorted(SEATS.items())]


def geojson(features: list[Any], **more: Any) -> bytes:
    """The bytes of a file with these features."""
    return json.dumps({"type": "FeatureCollection", **more, "features": features}).encode()

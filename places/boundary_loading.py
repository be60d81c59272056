"""Put official boundaries into the database: all municipalities at once, or nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from django.db import transaction
from django.utils import timezone

from places.boundary_files import Boundaries, read
from places.models import Boundary, Municipality

CORNERS = 6_000
"""A drawing of the country has at most about this many: some 60 kB, and finer than a screen shows."""
FINEST = 0.0005  # degrees, where simplifying starts; doubled until there are few enough corners


def load_boundaries(content: bytes, *, source: str, dry_run: bool = False) -> tuple[Boundaries, bool]:
    """Load a file; return what it holds, and whether anything in the database is (or would be) different.

    Raises BoundaryFileError (nothing is written then). The same file twice is the same as once.
    """
    with transaction.atomic():
        # The lock lets one at a time load, and keeps the codes that the file is held up against.
        municipalities = list(Municipality.objects.select_for_update().order_by("code"))
        seats = {m.code: (m.seat, float(m.lat), float(m.lng)) for m in municipalities}
        found = read(content, seats)
        rows = _rows(found.areas, source)
        changed = _differs(rows)
        if changed and not dry_run:
            Boundary.objects.bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["municipality"],
                update_fields=[
                    "geometry",
                    "outline",
                    "west",
                    "south",
                    "east",
                    "north",
                    "source",
                    "loaded_at",
                ],
            )
    return found, changed


def _rows(areas: Mapping[str, shapely.MultiPolygon], source: str) -> list[Boundary]:
    now = timezone.now()
    rows = []
    for (code, area), outline in zip(areas.items(), simplified(list(areas.values())), strict=True):
        west, south, east, north = (float(side) for side in area.bounds)
        rows.append(
            Boundary(
                municipality_id=code, geometry=_geojson(area), outline=_geojson(outline), west=west, south=south,
                east=east, north=north, source=source, loaded_at=now,
            )
        )  # fmt: skip
    return rows


def _differs(rows: list[Boundary]) -> bool:
    known = {b.municipality_id: (b.geometry, b.outline, b.source) for b in Boundary.objects.all()}
    return known != {b.municipality_id: (b.geometry, b.outline, b.source) for b in rows}


def _geojson(area: shapely.Geometry) -> dict[str, Any]:
    geometry: dict[str, Any] = json.loads(shapely.to_geojson(area))
    return geometry


def simplified(areas: list[shapely.MultiPolygon]) -> list[shapely.MultiPolygon]:
    """The areas with few enough corners for drawing, about a metre exact; neighbours lose the same corners.

    Islands too small to see go too, but never the largest part of a municipality.
    """
    tolerance = 0.0
    outlines = areas
    while sum(shapely.get_num_coordinates(outlines)) > CORNERS:
        tolerance = tolerance * 2 or FINEST
        outlines = [
            _without_islets(area, tolerance**2) for area in shapely.coverage_simplify(areas, tolerance)
        ]
    return [shapely.transform(outline, lambda points: np.round(points, 5)) for outline in outlines]


def _without_islets(area: shapely.Geometry, smallest: float) -> shapely.MultiPolygon:
    parts = sorted(shapely.get_parts(area), key=lambda part: -part.area)
    return shapely.MultiPolygon([part for part in parts if part is parts[0] or part.area > smallest])

"""Where a point lies: in which municipality, and whether in Denmark at all.

With official boundaries loaded the answers are theirs. Without, only what is far off is known, and the answers say so.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal

import shapely
from shapely.geometry import shape

from places import coarse
from places.models import Boundary, Municipality

Degrees = float | Decimal

SHORE_KM = 1.0
"""A point in no municipality belongs to the one whose land is nearer than this: a quay, a beach, a coarse coast."""

ROUGH_KM = 25.0
"""How far from a municipality's drawn shape a point is surely outside it; the shapes are up to 21 km off."""

ISLANDS_KM = 15.0
"""How far from the coarse outline a point may still be on a Danish island that the outline lacks."""


def boundaries_loaded() -> bool:
    """Whether an operator has loaded official boundaries."""
    return Boundary.objects.exists()


def municipality_at(lat: Degrees, lng: Degrees) -> Municipality | None:
    """The municipality of a point; None at sea (more than 1 km out), abroad, or when no boundaries are loaded."""
    near = sorted(_near(float(lat), float(lng)), key=lambda found: found[0])
    return near[0][1].municipality if near else None


def lies_in(municipality: Municipality, lat: Degrees, lng: Degrees) -> bool | None:
    """Whether a point lies in a municipality.

    With boundaries: True inside it, or up to 1 km from it when no other municipality is there; False otherwise.
    Without: False when the point is more than 25 km from the municipality's coarse shape; None, meaning "not known",
    for all other points. Never True.
    """
    if not _is_number(lat, lng):
        return False
    if boundaries_loaded():
        near = list(_near(float(lat), float(lng)))
        distances = {boundary.municipality_id: distance for distance, boundary in near}
        mine = distances.pop(municipality.pk, None)
        return mine == 0 or (mine is not None and 0 not in distances.values())
    area = coarse.municipality(municipality.pk)
    far = area is not None and area.distance(_point_km(float(lat), float(lng))) > ROUGH_KM
    return False if far else None


def in_denmark(lat: Degrees, lng: Degrees) -> bool:
    """Whether a point lies in Denmark.

    With boundaries: in a municipality, or up to 1 km off its shore. Without: inside the coarse outline, or up to
    15 km from it and more than 1 km from the land of a neighbour, since the outline lacks small islands.
    """
    if not _is_number(lat, lng):
        return False
    if boundaries_loaded():
        return municipality_at(lat, lng) is not None
    point = _point_km(float(lat), float(lng))
    if coarse.denmark().covers(point):
        return True
    near = coarse.denmark().dwithin(point, ISLANDS_KM)
    return bool(near) and not coarse.neighbours().dwithin(point, SHORE_KM)


def _near(lat: float, lng: float) -> Iterator[tuple[float, Boundary]]:
    """Distance in km (0 inside) and boundary of each municipality within `SHORE_KM`, by code."""
    if not _is_number(lat, lng):
        return
    north, east = SHORE_KM / coarse.KM_LAT, SHORE_KM / coarse.KM_LNG
    rows = (
        Boundary.objects.filter(west__lte=lng + east, east__gte=lng - east)
        .filter(south__lte=lat + north, north__gte=lat - north)
        .select_related("municipality")
        .defer("outline")
        .order_by("municipality_id")
    )
    here = shapely.Point(lng, lat)
    for boundary in rows:
        area = shape(boundary.geometry)
        if area.covers(here):
            yield 0.0, boundary
        elif (distance := coarse.in_km(area).distance(_point_km(lat, lng))) <= SHORE_KM:
            yield float(distance), boundary


def _point_km(lat: float, lng: float) -> shapely.Point:
    return shapely.Point(lng * coarse.KM_LNG, lat * coarse.KM_LAT)


def _is_number(*values: Degrees) -> bool:
    return all(math.isfinite(value) for value in values)

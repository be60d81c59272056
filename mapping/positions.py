"""Where on the map each row of a mirror stands: at its own point, or at the seat of its municipality or region."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from places.areas import Geography
from search.columns import Mask
from search.mirror import Mirror

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Positions:
    """For each slot of a mirror: degrees of latitude and longitude (NaN without any place), and whether the point is
    the thing's own. A row that is not `exact` stands at a seat together with everything else known only by that area.
    """

    lat: Floats
    lng: Floats
    exact: Mask

    @property
    def placed(self) -> Mask:
        """The rows that can stand on a map at all."""
        placed: Mask = ~np.isnan(self.lat)
        return placed


def positions(mirror: Mirror, geography: Geography) -> Positions:
    """The positions of all rows; worked out once for each mirror, day and edition of the municipalities."""
    key = ("positions", geography.stamp or geography.today)
    if (known := mirror.kept.get(key)) is None:
        known = mirror.kept[key] = _positions(mirror, geography)
    found: Positions = known
    return found


def _positions(mirror: Mirror, geography: Geography) -> Positions:
    areas = mirror.single["area"]
    seats = np.full((len(areas.codes.values), 2), np.nan)
    for number, code in enumerate(areas.codes.values):
        if seat := seat_of(code, geography):
            seats[number] = seat
    exact = ~np.isnan(mirror.lat)
    lat = np.where(exact, mirror.lat, seats[areas.numbers, 0] if mirror.size else mirror.lat)
    lng = np.where(exact, mirror.lng, seats[areas.numbers, 1] if mirror.size else mirror.lng)
    return Positions(lat, lng, exact)


def seat_of(area: str, geography: Geography) -> tuple[float, float] | None:
    """(latitude, longitude) of the seat that stands for an area code; None for an unknown one, or none.

    A municipality's is its own. For a region it is that of its most central municipality (whose seat is nearest the
    middle of all its seats), so that the point lies on land and in the region, whatever its borders on that day.
    """
    if municipality := geography.municipalities.get(area):
        return float(municipality.lat), float(municipality.lng)
    if area not in geography.regions:
        return None
    members = [geography.municipalities[c] for c in geography.areas_of(area) if c in geography.municipalities]
    if not members:
        return None
    points = sorted((float(m.lat), float(m.lng)) for m in members)
    lat = sum(p[0] for p in points) / len(points)
    lng = sum(p[1] for p in points) / len(points)
    # A degree of longitude is a little over half as long as one of latitude this far north (cos 56° = 0.56).
    return min(points, key=lambda p: (p[0] - lat) ** 2 + (0.56 * (p[1] - lng)) ** 2)

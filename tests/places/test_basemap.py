"""What the map is drawn on: valid GeoJSON, small, the regions of the day, and the drawing of the municipalities."""

import gzip
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.db import connection
from django.test.utils import CaptureQueriesContext
from shapely.geometry import shape

from places import coarse
from places.basemap import BOUNDS, attribution, basemap
from places.boundary_loading import load_boundaries
from places.drawing import MunicipalityDrawing, municipality_shapes
from places.models import Boundary, Municipality, MunicipalityRegion
from places.outlines import contains, path_rings
from tests.places.boundary_file import HALF, ROWS, SEATS, geojson, square, squares

pytestmark = pytest.mark.django_db

Clock = Callable[[datetime], None]
BEFORE, ON, AFTER = (
    datetime(2026, 12, 31, 22, 59, tzinfo=UTC),  # 23:59 in Denmark
    datetime(2026, 12, 31, 23, 0, tzinfo=UTC),
    datetime(2027, 6, 1, tzinfo=UTC),
)
OLD, NEW = ["1081", "1082", "1083", "1084", "1085"], ["1081", "1082", "1083", "1086"]


def regions(base: dict[str, Any]) -> dict[str, shapely.Geometry]:
    return {f["properties"]["code"]: shape(f["geometry"]) for f in base["regions"]["features"]}


def positions(coordinates: Any) -> list[list[float]]:
    """Every position of a GeoJSON geometry."""
    if isinstance(coordinates[0], float):
        return [coordinates]
    return [position for part in coordinates for position in positions(part)]


def size(base: dict[str, Any]) -> tuple[int, int]:
    """Bytes, plain and gzipped, as it would be sent."""
    text = json.dumps(base, separators=(",", ":"), ensure_ascii=False).encode()
    return len(text), len(gzip.compress(text))


# --- the base map -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("loaded", [False, True])
def test_the_base_map_is_valid_geojson_and_small(loaded: bool) -> None:
    if loaded:
        load_boundaries(geojson(squares()), source="Prøve")
    base = basemap()
    for part in ("neighbours", "regions", "municipalities", "names"):
        assert base[part]["type"] == "FeatureCollection"
        for feature in base[part]["features"]:
            assert feature["type"] == "Feature"
            assert feature["properties"]
            for lng, lat, *more in positions(feature["geometry"]["coordinates"]):
                assert 6 <= lng <= 17 and 53.5 <= lat <= 58.7 and not more
            if feature["geometry"]["type"].endswith("Polygon"):
                assert shape(feature["geometry"]).is_valid
                for polygon in shapely.get_parts(shape(feature["geometry"])):
                    assert polygon.exterior.is_ccw, "RFC 7946: the outside goes anticlockwise"
    plain, zipped = size(base)
    assert plain < 250_000 and zipped < 70_000


def test_the_neighbours_are_those_one_sees_from_here() -> None:
    names = [f["properties"]["name"] for f in basemap()["neighbours"]["features"]]
    assert names == ["Sverige", "Norge", "Tyskland", "Polen", "Nederlandene"]
    land = shapely.union_all([shape(f["geometry"]) for f in basemap()["neighbours"]["features"]])
    for lng, lat in ((13.2, 55.7), (10.1, 54.2), (7.9, 58.3), (12.5, 57.8)):
        assert land.contains(shapely.Point(lng, lat))
    for _seat, lat, lng in SEATS.values():
        assert not land.contains(shapely.Point(lng, lat))


def test_there_is_no_seam_at_the_land_border() -> None:
    land = shapely.union_all([shape(f["geometry"]) for f in basemap()["neighbours"]["features"]])
    both = land.union(shapely.union_all(list(regions(basemap()).values())))
    for part in shapely.get_parts(both):
        for hole in part.interiors:
            assert shapely.Polygon(hole).disjoint(shapely.box(8.7, 54.7, 9.4, 55.0))


def test_bornholm_stands_at_its_true_place() -> None:
    _seat, lat, lng = SEATS["0400"]
    point = shapely.Point(lng, lat)
    assert regions(basemap())["1084"].distance(point) < 0.01
    name = next(f for f in basemap()["names"]["features"] if f["properties"]["name"] == "Rønne")
    assert shape(name["geometry"]).distance(point) < 0.001


def test_names_of_places_grow_in_number_and_have_all_seats() -> None:
    names = basemap()["names"]["features"]
    at_zoom = {z: [n for n in names if n["properties"]["min_zoom"] <= z] for z in range(5, 13)}
    assert [len(at_zoom[z]) for z in (5, 7)] == [0, 21]
    assert 140 <= len(at_zoom[10]) <= 180
    assert [n["properties"]["min_zoom"] for n in names] == sorted(n["properties"]["min_zoom"] for n in names)
    seats = {n["properties"]["name"] for n in names if n["properties"]["seat"]}
    assert seats == {row["seat"] for row in ROWS}
    first = {n["properties"]["name"] for n in at_zoom[7]}
    assert {"København", "Aarhus", "Odense", "Aalborg", "Esbjerg"} <= first
    assert all(n["properties"]["min_zoom"] <= 12 for n in names)
    assert len({n["properties"]["name"] for n in names}) == len(names)


def test_attribution_names_every_source() -> None:
    assert attribution() == basemap()["attribution"]
    assert "Natural Earth" in attribution() and "GeoNames (CC BY 4.0)" in attribution()
    load_boundaries(geojson(squares()), source="Klimadatastyrelsen, 2026.")
    assert attribution().endswith("Kommunegrænser: Klimadatastyrelsen, 2026.")
    assert attribution() == basemap()["attribution"]


def test_the_map_may_be_moved_as_far_as_there_is_land() -> None:
    (south, west), (north, east) = BOUNDS
    box = shapely.box(
        *shapely.total_bounds([shape(f["geometry"]) for f in basemap()["neighbours"]["features"]])
    )
    assert box.contains(shapely.box(west, south, east, north))


def test_the_base_map_is_worked_out_once(coi_clock: Clock) -> None:
    assert basemap() is basemap()
    with CaptureQueriesContext(connection) as queries:
        basemap()
    assert len(queries) == 4
    before = basemap()["version"]
    load_boundaries(geojson(squares()), source="A")
    loaded = basemap()["version"]
    coi_clock(AFTER)
    assert len({before, loaded, basemap()["version"]}) == 3


# --- the regions' change ----------------------------------------------------------------------------------


@pytest.mark.parametrize("loaded", [False, True])
@pytest.mark.parametrize(("moment", "codes"), [(BEFORE, OLD), (ON, NEW), (AFTER, NEW)])
def test_the_regions_of_the_day(coi_clock: Clock, moment: datetime, codes: list[str], loaded: bool) -> None:
    if loaded:
        load_boundaries(geojson(squares()), source="Prøve")
    coi_clock(moment)
    base = basemap()
    assert sorted(regions(base)) == codes
    assert base["day"] == (
        "2026-12-31" if moment == BEFORE else "2027-01-01" if moment == ON else "2027-06-01"
    )
    names = {f["properties"]["code"]: f["properties"]["short_name"] for f in base["regions"]["features"]}
    east = {"1084": "Hovedstaden", "1085": "Sjælland"} if codes == OLD else {"1086": "Østdanmark"}
    assert east.items() <= names.items()
    for row in ROWS:
        home = next(
            p["region"]
            for p in row["regions"]
            if p["valid_from"] <= base["day"] and (p["valid_to"] is None or base["day"] < p["valid_to"])
        )
        # The committed outline is coarse: a town at the water's edge may end up a kilometre out.
        assert regions(base)[home].distance(shapely.Point(row["lng"], row["lat"])) < 0.015, row["name"]


@pytest.mark.parametrize("loaded", [False, True])
def test_the_merged_region_is_both_old_ones_without_a_seam(coi_clock: Clock, loaded: bool) -> None:
    if loaded:
        features = [*squares(), square("0259", SEATS["0265"][2] - 2 * HALF, SEATS["0265"][1])]
        load_boundaries(geojson(features), source="Køge ved siden af Roskilde")
        Municipality.objects.get(pk="0265").memberships.filter(valid_to="2027-01-01").update(region_id="1084")
    coi_clock(BEFORE)
    before = regions(basemap())
    coi_clock(ON)
    after = regions(basemap())
    both = shapely.union_all([before["1084"], before["1085"]], grid_size=0.0001)
    assert after["1086"].symmetric_difference(both).area < 1e-6
    parts = [len(shapely.get_parts(area)) for area in (before["1084"], before["1085"], after["1086"])]
    assert parts[2] < parts[0] + parts[1], "they have a border in common, and it is gone"
    for code in ("1081", "1082", "1083"):
        assert after[code].equals(before[code])


def test_a_municipality_that_changes_region_moves_in_the_drawing_too() -> None:
    """By hand in admin: the base map does not wait for a restart."""
    load_boundaries(geojson(squares()), source="Prøve")
    assert not regions(basemap())["1083"].contains(shapely.Point(SEATS["0615"][2], SEATS["0615"][1]))
    MunicipalityRegion.objects.filter(municipality_id="0615").update(region_id="1083")
    assert regions(basemap())["1083"].contains(shapely.Point(SEATS["0615"][2], SEATS["0615"][1]))


def test_borders_between_municipalities_come_with_loaded_boundaries() -> None:
    assert basemap()["municipalities"]["features"] == []
    load_boundaries(
        geojson([*squares(), square("0153", SEATS["0751"][2] + 2 * HALF, SEATS["0751"][1])]), source="B"
    )
    (lines,) = basemap()["municipalities"]["features"]
    assert lines["properties"] == {"min_zoom": 9}
    assert shape(lines["geometry"]).length == pytest.approx(2 * HALF)


# --- the municipalities drawn -----------------------------------------------------------------------------


def checked(drawing: MunicipalityDrawing) -> None:
    """Every municipality is there, inside the view box, with a point inside itself."""
    assert set(drawing.shapes) == set(SEATS)
    left, top, width, height = (float(number) for number in drawing.view_box.split())
    for code, drawn in drawing.shapes.items():
        assert re.fullmatch(r"(M[\d. -]+l[\d. -]+Z)+", drawn.d), code
        rings = path_rings(drawn.d)
        for x, y in (point for ring in rings for point in ring):
            assert left <= x <= left + width and top <= y <= top + height, code
        assert contains(rings, drawn.x, drawn.y), code
    assert drawing.inset_note
    assert re.fullmatch(r"M[\d.]+ [\d.]+h[\d.]+v[\d.]+h-[\d.]+Z", drawing.inset_frame)
    x, y, wide, high = (float(n) for n in re.findall(r"[\d.]+", drawing.inset_frame)[:4])
    frame = shapely.box(x, y, x + wide, y + high)
    for code, drawn in drawing.shapes.items():
        inside = [frame.contains(shapely.Point(p)) for ring in path_rings(drawn.d) for p in ring]
        assert all(inside) if code == "0400" else not any(inside), code


def test_the_committed_drawing() -> None:
    drawing = municipality_shapes()
    checked(drawing)
    assert "react-denmark-map" in drawing.source
    assert municipality_shapes() is drawing
    assert (coarse.DATA / "municipality_paths.json").stat().st_size < 60_000


def test_the_drawing_from_loaded_boundaries() -> None:
    committed = municipality_shapes()
    load_boundaries(geojson(squares()), source="Klimadatastyrelsen")
    drawing = municipality_shapes()
    checked(drawing)
    assert drawing.source == "Kommunernes omrids: Klimadatastyrelsen."
    with CaptureQueriesContext(connection) as queries:
        assert municipality_shapes() is drawing
    assert len(queries) == 1
    Boundary.objects.all().delete()
    assert municipality_shapes() is committed


def test_a_new_load_is_a_new_drawing() -> None:
    load_boundaries(geojson(squares()), source="A")
    first = municipality_shapes()
    load_boundaries(geojson([*squares(), square("0751", 10.7, 56.0)]), source="B")
    assert municipality_shapes().source.endswith("B.")
    assert municipality_shapes().shapes["0751"] != first.shapes["0751"]


def test_neighbours_drawn_share_their_border() -> None:
    load_boundaries(
        geojson([*squares(), square("0153", SEATS["0751"][2] + 2 * HALF, SEATS["0751"][1])]), source="B"
    )
    drawing = municipality_shapes()
    sides = [
        {frozenset(side) for ring in path_rings(drawing.shapes[code].d) for side in pairwise(ring)}
        for code in ("0751", "0153")
    ]
    assert len(sides[0] & sides[1]) == 1


def test_the_choropleth_does_not_change_with_the_regions(coi_clock: Clock) -> None:
    """Municipalities stay what they are on 1 January 2027."""
    drawn = []
    for moment in (BEFORE, ON, AFTER):
        coi_clock(moment)
        drawn.append(municipality_shapes())
    assert drawn[0] == drawn[1] == drawn[2]


# --- what is committed ------------------------------------------------------------------------------------


def test_the_drawn_shapes_put_on_the_ground_lie_near_their_seats() -> None:
    for code, (seat, lat, lng) in SEATS.items():
        area = coarse.municipality(code)
        assert area is not None
        assert area.distance(shapely.Point(lng * coarse.KM_LNG, lat * coarse.KM_LAT)) < 5, seat
    assert coarse.municipality("9999") is None


def test_committed_files_of_the_base_map_are_small() -> None:
    files = [coarse.DATA / name for name in ("neighbours.geojson", "denmark.geojson", "place_names.json")]
    assert sum(f.stat().st_size for f in files) < 250_000
    assert sum(len(gzip.compress(Path(f).read_bytes())) for f in files) < 70_000

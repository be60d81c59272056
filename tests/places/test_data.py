"""The committed geographic data agrees with itself; see places/data/README.md for its sources."""

import csv
import importlib
import json
import math
import re
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "places" / "data"
sys.path.insert(0, str(ROOT / "scripts"))
build: Any = importlib.import_module("build_places_data")
outlines: Any = importlib.import_module("places.outlines")

KM_PER_DEGREE = 111.2
SQUEEZE = math.cos(math.radians(56))
TOLERANCE_KM = 1.0  # the outline is drawn for a small picture: harbour towns may end up in the water


def load(name: str) -> Any:
    """Return a committed file, parsed."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


REGIONS = load("regions.json")
MUNICIPALITIES = load("municipalities.json")
AREAS = build.outline_rings(load("denmark.geojson"))
PATHS = load("region_paths.json")


def km_outside(municipality: dict[str, Any], region: str) -> float:
    """Return how far a seat lies from a region's outline, 0 inside."""
    lng, lat = municipality["lng"], municipality["lat"]
    if outlines.contains(AREAS[region], lng, lat):
        return 0.0
    squeezed = [[(x * SQUEEZE, y) for x, y in ring] for ring in AREAS[region]]
    return float(min(outlines.edge_distance(ring, lng * SQUEEZE, lat) for ring in squeezed) * KM_PER_DEGREE)


def path_rings(d: str) -> list[list[tuple[float, float]]]:
    """Return the absolute corners of each ring of a path written by ``svg_path``."""
    rings = []
    for move, lines in re.findall(r"M([-\d. ]+)l([-\d. ]+)Z", d):
        x, y = map(float, move.split())
        steps = list(map(float, lines.split()))
        ring = [(x, y)]
        for dx, dy in zip(steps[::2], steps[1::2], strict=True):
            x, y = x + dx, y + dy
            ring.append((x, y))
        rings.append([*ring, ring[0]])
    return rings


def test_regions_hand_over_to_their_successor_without_a_gap() -> None:
    by_code = {region["code"]: region for region in REGIONS}
    assert list(by_code) == ["1081", "1082", "1083", "1084", "1085", "1086"]
    for region in REGIONS:
        assert region["name"] == f"Region {region['short_name']}"
        assert (region["valid_to"] is None) == (region["successor"] is None)
        if region["successor"]:
            assert by_code[region["successor"]]["valid_from"] == region["valid_to"] == "2027-01-01"
    assert {r["code"] for r in REGIONS if r["successor"]} == {"1084", "1085"}
    assert [r["code"] for r in REGIONS if r["code_provisional"]] == ["1086"]


def test_there_are_98_municipalities_each_once() -> None:
    assert len({m["code"] for m in MUNICIPALITIES}) == len(MUNICIPALITIES) == 98
    assert len({m["name"] for m in MUNICIPALITIES}) == 98
    assert all(re.fullmatch(r"0[1-8]\d\d", m["code"]) for m in MUNICIPALITIES)
    assert "0411" not in {m["code"] for m in MUNICIPALITIES}


def test_municipalities_are_sorted_as_danes_sort() -> None:
    names = [m["name"] for m in MUNICIPALITIES]
    assert names[0] == "Albertslund"
    assert names[-4:] == ["Ærø", "Aabenraa", "Aalborg", "Aarhus"]
    assert names.index("Furesø") < names.index("Faaborg-Midtfyn") < names.index("Gentofte")
    assert names.index("Hvidovre") < names.index("Høje-Taastrup") < names.index("Hørsholm")
    assert names.index("Sorø") < names.index("Svendborg") < names.index("Sønderborg")
    assert names.index("Tønder") < names.index("Tårnby") < names.index("Vallensbæk")


def test_full_names_have_their_official_form() -> None:
    irregular = {
        m["name"]: m["full_name"] for m in MUNICIPALITIES if m["full_name"] != f"{m['name']} Kommune"
    }
    assert irregular == {"Bornholm": "Bornholms Regionskommune", "København": "Københavns Kommune"}


@pytest.mark.parametrize(
    ("day", "counts"),
    [
        ("2026-12-31", {"1081": 11, "1082": 19, "1083": 22, "1084": 29, "1085": 17}),
        ("2027-01-01", {"1081": 11, "1082": 19, "1083": 22, "1086": 46}),
    ],
)
def test_every_municipality_has_one_region_on_each_day(day: str, counts: dict[str, int]) -> None:
    found: dict[str, int] = {}
    for municipality in MUNICIPALITIES:
        current = [
            period["region"]
            for period in municipality["regions"]
            if period["valid_from"] <= day and (period["valid_to"] is None or day < period["valid_to"])
        ]
        assert len(current) == 1, municipality["name"]
        found[current[0]] = found.get(current[0], 0) + 1
    assert found == counts


def test_region_periods_follow_the_regions_own() -> None:
    regions = {region["code"]: region for region in REGIONS}
    for municipality in MUNICIPALITIES:
        for period in municipality["regions"]:
            region = regions[period["region"]]
            assert (period["valid_from"], period["valid_to"]) == (region["valid_from"], region["valid_to"])


@pytest.mark.parametrize("municipality", MUNICIPALITIES, ids=lambda m: m["code"])
def test_seat_lies_in_its_region_and_in_no_other(municipality: dict[str, Any]) -> None:
    own = municipality["regions"][0]["region"]
    assert km_outside(municipality, own) <= TOLERANCE_KM
    assert [code for code in AREAS if code != own and km_outside(municipality, code) == 0] == []


def test_seats_are_not_shared() -> None:
    assert len({(m["lat"], m["lng"]) for m in MUNICIPALITIES}) == 98


def test_municipalities_come_from_the_seats_table() -> None:
    with (DATA / "seats.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["code"]: row for row in csv.DictReader(file)}
    assert len(rows) == 98
    for municipality in MUNICIPALITIES:
        row = rows[municipality["code"]]
        assert (row["name"], row["full_name"], row["seat"], row["region"]) == (
            municipality["name"],
            municipality["full_name"],
            municipality["seat"],
            municipality["regions"][0]["region"],
        )
        assert bool(row["geonameid"]) != bool(row["lat"] and row["lng"])


def test_regions_and_paths_are_what_the_script_makes() -> None:
    assert build.build_regions() == REGIONS
    assert build.build_paths(load("denmark.geojson"), REGIONS) == PATHS


def test_the_outline_is_small_enough_to_ship() -> None:
    assert (DATA / "denmark.geojson").stat().st_size < 40_000
    assert sum(len(PATHS["regions"][code]["d"]) for code in AREAS) < 20_000


@pytest.mark.parametrize("code", PATHS["regions"])
def test_path_stays_in_the_picture_and_its_label_on_land(code: str) -> None:
    shape = PATHS["regions"][code]
    rings = path_rings(shape["d"])
    _, _, width, height = map(float, PATHS["view_box"].split())
    assert all(0 < x < width and 0 < y < height for ring in rings for x, y in ring)
    label = shape["label"]
    assert outlines.contains(rings, label["x"], label["y"])


def test_no_island_is_lost_in_drawing() -> None:
    for code, area in AREAS.items():
        assert len(path_rings(PATHS["regions"][code]["d"])) == len(area)


def test_the_merged_region_covers_its_two_parts_exactly() -> None:
    def area(code: str) -> float:
        return float(sum(abs(outlines.signed_area(ring)) for ring in path_rings(PATHS["regions"][code]["d"])))

    assert area("1086") == pytest.approx(area("1084") + area("1085"), rel=1e-3)


def test_projection_puts_a_seat_on_its_region_in_the_picture() -> None:
    viborg = next(m for m in MUNICIPALITIES if m["name"] == "Viborg")
    point = outlines.project(PATHS["projection"], viborg["lng"], viborg["lat"])
    assert outlines.contains(path_rings(PATHS["regions"]["1082"]["d"]), *point)


def test_seats_outside_names_the_stray_seat() -> None:
    square = [[[9.0, 55.0], [10.0, 55.0], [10.0, 56.0], [9.0, 56.0], [9.0, 55.0]]]
    boundaries = {
        "features": [
            {"properties": {"kommunekode": 630}, "geometry": {"type": "Polygon", "coordinates": square}},
            {
                "properties": {"kommunekode": "0851"},
                "geometry": {"type": "MultiPolygon", "coordinates": [square]},
            },
        ]
    }
    chosen = [m for m in MUNICIPALITIES if m["name"] in ("Vejle", "Aalborg", "Skive")]
    assert build.seats_outside(chosen, boundaries) == [
        "0779 Skive: has no boundary in the file",
        "0851 Aalborg: outside its boundary",
    ]

"""Where a point lies, with official boundaries and without."""

import json
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from places.boundaries import boundaries_loaded, in_denmark, lies_in, municipality_at
from places.boundary_loading import load_boundaries
from places.models import Boundary, Municipality
from tests.places.boundary_file import HALF, SEATS, geojson, square, squares

pytestmark = pytest.mark.django_db

NOWHERE = [
    (float("nan"), 10.0),
    (56.0, float("inf")),
    (0.0, 0.0),
    (91.0, 181.0),
    (-56.0, -10.0),
    (10.2, 56.1),
]
ABROAD = {
    "Malmö": (55.605, 13.0),
    "Helsingborg": (56.046, 12.694),
    "Flensborg": (54.785, 9.436),
    "Hamborg": (53.55, 10.0),
    "Göteborg": (57.707, 11.967),
    "Oslo": (59.91, 10.75),
}
AT_SEA = {"Nordsøen": (56.0, 6.5), "Skagerrak": (58.2, 9.0), "Østersøen": (55.1, 13.8)}


@pytest.fixture
def loaded() -> None:
    """Squares round the seats are the municipalities."""
    load_boundaries(geojson(squares()), source="Prøve")


def municipality(code: str) -> Municipality:
    return Municipality.objects.get(pk=code)


# --- with boundaries --------------------------------------------------------------------------------------


def test_every_seat_lies_in_its_municipality(loaded: None) -> None:
    assert boundaries_loaded()
    for row in Municipality.objects.all():
        assert municipality_at(row.lat, row.lng) == row
        assert lies_in(row, row.lat, row.lng) is True


@pytest.mark.parametrize(
    ("north", "found"),
    [(0.0, True), (HALF, True), (HALF + 0.008, True), (HALF + 0.010, False)],
)
def test_a_kilometre_of_shore_belongs_to_the_municipality(loaded: None, north: float, found: bool) -> None:
    _seat, lat, lng = SEATS["0751"]
    aarhus = municipality("0751")
    assert (municipality_at(lat + north, lng) == aarhus) is found
    assert lies_in(aarhus, lat + north, lng) is found
    assert in_denmark(lat + north, lng) is found


def test_the_neighbour_has_what_lies_inside_it_however_near(loaded: None) -> None:
    broendby, glostrup = municipality("0153"), municipality("0161")
    load_boundaries(
        geojson([*squares(), square("0161", SEATS["0153"][2] - 2 * HALF, SEATS["0153"][1])]), source="B"
    )
    just_outside = SEATS["0153"][1], SEATS["0153"][2] - HALF - 0.001
    assert municipality_at(*just_outside) == glostrup
    assert lies_in(broendby, *just_outside) is False
    assert lies_in(glostrup, *just_outside) is True


def test_nothing_is_said_to_lie_where_no_municipality_is(loaded: None) -> None:
    for lat, lng in [*NOWHERE, *ABROAD.values(), *AT_SEA.values()]:
        assert municipality_at(lat, lng) is None
        assert lies_in(municipality("0751"), lat, lng) is False
        assert in_denmark(lat, lng) is False


def test_decimals_of_a_form_will_do(loaded: None) -> None:
    _seat, lat, lng = SEATS["0400"]
    point = Decimal(str(lat)), Decimal(str(lng))
    assert municipality_at(*point) == municipality("0400")
    assert lies_in(municipality("0400"), *point) is True
    assert lies_in(municipality("0751"), *point) is False


def test_a_hole_is_outside() -> None:
    """Frederiksberg lies in a hole in København."""
    features = squares()
    _seat, lat, lng = SEATS["0147"]
    around = square("0101", lng, lat, half=4 * HALF)["geometry"]["coordinates"][0]
    hole = square("0147", lng, lat)["geometry"]["coordinates"][0]
    features[0]["geometry"]["coordinates"] = [around, hole[::-1]]
    kept = [f for f in features if f["properties"]["kommunekode"] not in {"0157", "0175", "0153", "0161"}]
    far = [square(code, 11.0 + i / 10, 57.0) for i, code in enumerate(("0157", "0175", "0153", "0161"))]
    rows = json.loads(geojson([*kept, *far]))["features"]
    for row in Municipality.objects.filter(pk__in=("0157", "0175", "0153", "0161")):
        at = next(f for f in rows if f["properties"]["kommunekode"] == row.pk)["geometry"]["coordinates"][0][
            0
        ]
        Municipality.objects.filter(pk=row.pk).update(lng=at[0], lat=at[1])
    load_boundaries(geojson(rows), source="Hul")
    assert municipality_at(lat, lng) == municipality("0147")
    assert lies_in(municipality("0101"), lat, lng) is False
    assert municipality_at(lat + 2 * HALF, lng) == municipality("0101")


def test_only_candidates_are_read(loaded: None) -> None:
    with CaptureQueriesContext(connection) as queries:
        municipality_at(56.1567, 10.2108)
    assert len(queries) == 1
    assert "outline" not in queries[0]["sql"].replace('"outline"', "outline").split(" FROM ")[0]


# --- without ----------------------------------------------------------------------------------------------


def test_without_boundaries_no_municipality_is_known() -> None:
    assert not boundaries_loaded()
    assert municipality_at(56.1567, 10.2108) is None


def test_without_boundaries_a_point_is_far_outside_or_not_known() -> None:
    for code, (_seat, lat, lng) in SEATS.items():
        assert lies_in(municipality(code), lat, lng) is None, code
    aarhus = municipality("0751")
    for code in ("0101", "0400", "0461", "0851", "0561"):
        _seat, lat, lng = SEATS[code]
        assert lies_in(aarhus, lat, lng) is False, code
        assert lies_in(municipality(code), 56.1567, 10.2108) is False, code
    for lat, lng in [*NOWHERE, *ABROAD.values(), *AT_SEA.values()]:
        assert lies_in(aarhus, lat, lng) is False


def test_without_boundaries_small_islands_get_no_false_alarm() -> None:
    islands = {
        "0326": (55.885, 11.155),  # Sejerø
        "0550": (55.13, 8.52),  # Rømø
        "0707": (56.71, 11.56),  # Anholt
        "0615": (55.755, 10.3),  # Endelave
        "0727": (55.947, 10.44),  # Tunø
        "0360": (54.99, 11.10),  # west Lolland's waters
        "0563": (55.43, 8.40),  # Fanø
    }
    for code, (lat, lng) in islands.items():
        assert in_denmark(lat, lng), code
        assert lies_in(municipality(code), lat, lng) is None, code


def test_without_boundaries_denmark_is_known_roughly() -> None:
    for seat, lat, lng in SEATS.values():
        assert in_denmark(lat, lng), seat
    for name, (lat, lng) in {**ABROAD, **AT_SEA}.items():
        assert not in_denmark(lat, lng), name
    for lat, lng in NOWHERE:
        assert not in_denmark(lat, lng)


def test_the_way_back_is_to_delete_the_rows(loaded: None) -> None:
    Boundary.objects.all().delete()
    assert lies_in(municipality("0751"), 56.1567, 10.2108) is None

"""`load_boundaries`: what it takes, what it refuses and in which words, and that a refusal writes nothing."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from shapely.geometry import shape

from places import boundary_loading
from places.boundary_files import MAX_BYTES, BoundaryFileError, read
from places.boundary_loading import load_boundaries, simplified
from places.models import Boundary
from tests.places.boundary_file import HALF, SEATS, geojson, ring, square, squares

pytestmark = pytest.mark.django_db

Features = list[Any]


def load(path: Path, content: bytes, *options: str) -> str:
    """Run the command on a file of that content; return what it printed."""
    path.write_bytes(content)
    out = io.StringIO()
    call_command("load_boundaries", str(path), *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a test may write its file."""
    return tmp_path / "kommuner.geojson"


# --- what it takes ----------------------------------------------------------------------------------------


def test_every_municipality_gets_its_area_box_and_source(file: Path) -> None:
    said = load(file, geojson(squares()), "--source", " Kortforsyningen\n 2026 ")
    assert "98 kommuner er indlæst" in said and "Kortforsyningen 2026" in said
    assert Boundary.objects.count() == 98
    aarhus = Boundary.objects.select_related("municipality").get(pk="0751")
    assert aarhus.source == "Kortforsyningen 2026"
    lng, lat = float(aarhus.municipality.lng), float(aarhus.municipality.lat)
    assert (aarhus.west, aarhus.south) == (pytest.approx(lng - HALF), pytest.approx(lat - HALF))
    assert (aarhus.east, aarhus.north) == (pytest.approx(lng + HALF), pytest.approx(lat + HALF))
    assert shape(aarhus.geometry).equals(shape({"type": "Polygon", "coordinates": [ring(lng, lat)]}))
    assert aarhus.geometry["type"] == aarhus.outline["type"] == "MultiPolygon"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("kommunekode", str),
        ("KOMKODE", int),
        ("lau_1", lambda code: code.lstrip("0")),
        ("LAU_ID", lambda code: f"DK_{int(code)}"),
        ("code", float),
        ("Kode", lambda code: f" {code} "),
    ],
)
def test_codes_as_they_occur(name: str, code: Callable[[str], Any]) -> None:
    assert set(read(geojson(squares(name, code)), SEATS).areas) == set(SEATS)


def test_without_a_source_the_file_is_named(file: Path) -> None:
    load(file, geojson(squares()))
    assert Boundary.objects.get(pk="0101").source == "kommuner.geojson"


def test_several_features_of_a_municipality_become_one_area(file: Path) -> None:
    load(file, geojson([*squares(), square("0751", 10.7, 56.0), square("0751", 10.7, 56.0 + 2 * HALF)]))
    area = shape(Boundary.objects.get(pk="0751").geometry)
    assert len(shapely.get_parts(area)) == 2, "what touches is one piece, what lies apart another"
    assert area.area == pytest.approx(3 * (2 * HALF) ** 2)


def test_holes_a_third_coordinate_and_a_byte_order_mark(file: Path) -> None:
    features = squares()
    shell = features[0]["geometry"]["coordinates"][0]
    lng, lat = shell[0][0] + HALF, shell[0][1] + HALF
    features[0]["geometry"] = {
        "type": "MultiPolygon",
        "coordinates": [[[[*point, 7.5] for point in shell], ring(lng, lat, HALF / 4)[::-1]]],
    }
    load(
        file,
        b"\xef\xbb\xbf" + geojson(features, crs={"properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}),
    )
    area = shape(Boundary.objects.get(pk="0101").geometry)
    assert not area.has_z and not area.contains(shapely.Point(lng, lat))


def test_christiansoe_is_left_out_with_a_note(file: Path) -> None:
    said = load(file, geojson([square("0411", 15.19, 55.32), *squares()]))
    assert "Område nr. 1 (kommune 0411) er Christiansø" in said and "98 kommuner" in said
    assert not Boundary.objects.filter(pk="0411").exists()


def test_twice_is_the_same_as_once(file: Path) -> None:
    load(file, geojson(squares()), "--source", "A")
    before = list(Boundary.objects.values())
    assert "Intet er ændret" in load(file, geojson(squares()), "--source", "A")
    assert list(Boundary.objects.values()) == before
    assert Boundary.pgh_event_models["insert"].objects.count() == 98  # type: ignore[attr-defined]


def test_a_new_file_replaces_the_old_one(file: Path) -> None:
    load(file, geojson(squares()), "--source", "A")
    load(file, geojson([*squares(), square("0751", 10.7, 56.0)]), "--source", "B")
    assert set(Boundary.objects.values_list("source", flat=True)) == {"B"}
    assert Boundary.objects.get(pk="0751").east == pytest.approx(10.71)


def test_dry_run_writes_nothing(file: Path) -> None:
    assert "Intet er skrevet" in load(file, geojson(squares()), "--dry-run")
    assert not Boundary.objects.exists()


# --- what it refuses --------------------------------------------------------------------------------------

CRS_UTM = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "ikke gyldig JSON: fejl i linje 1"),
        (b"PK\x03\x04\xff\xfe", "ikke tekst i UTF-8"),
        (b"{", "ikke gyldig JSON"),
        (b"[" * 100_000, "ikke gyldig JSON: der er for mange lag inden i hinanden"),
        (b"[" + b"9" * 5000 + b"]", "ikke gyldig JSON"),
        (b"[]", "ikke GeoJSON"),
        (b"null", "ikke GeoJSON"),
        (b'{"type": "Topology", "objects": {}}', "TopoJSON"),
        (b'{"type": "Feature", "geometry": null}', "ikke GeoJSON med områder"),
        (b'{"type": "FeatureCollection", "features": {}}', "ikke GeoJSON med områder"),
        (b'{"type": "FeatureCollection", "features": []}', "ingen områder"),
        (geojson([{}], crs=CRS_UTM), "koordinatsystemet »urn:ogc:def:crs:EPSG::25832«"),
        (geojson([{}], crs="EPSG:3857"), "koordinatsystemet"),
    ],
)
def test_a_wrong_file(content: bytes, says: str) -> None:
    refused(content, says)


def changed(**geometry: Any) -> Callable[[Features], Features]:
    """The third feature gets another geometry."""
    return lambda features: [*features[:2], {**features[2], "geometry": geometry}, *features[3:]]


def coordinates(change: Callable[[Any], Any]) -> Callable[[Features], Features]:
    """The third feature's ring is changed."""

    def change_ring(features: Features) -> Features:
        shell = features[2]["geometry"]["coordinates"][0]
        return changed(type="Polygon", coordinates=[change(shell)])(features)

    return change_ring


def coded(value: Any, name: str = "kommunekode") -> Callable[[Features], Features]:
    """The third feature gets another code."""
    return lambda features: [*features[:2], {**features[2], "properties": {name: value}}, *features[3:]]


def bow_tie(shell: Any) -> Any:
    """A square whose border crosses itself."""
    return [shell[0], shell[2], shell[1], shell[3], shell[0]]


def pinched(shell: Any) -> Any:
    """A square whose border comes back to its first corner on the way."""
    (west, south), (east, _), (_, north), *_ = shell
    middle = (west + east) / 2
    return [
        [west, south], [middle, south], [east, south], [east, north],
        [middle, south], [west, north], [west, south],
    ]  # fmt: skip


THIRD = "Område nr. 3 (kommune 0151)"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda f: [*f[:2], "x", *f[3:]], "Område nr. 3 har ingen egenskaber"),
        (lambda f: [*f[:2], {**f[2], "properties": None}, *f[3:]], "Område nr. 3 har ingen egenskaber"),
        (coded("0151", "navn"), "Område nr. 3 har ingen kommunekode"),
        (coded(None), "Område nr. 3 har ingen kommunekode"),
        (coded("Ballerup"), "Område nr. 3: »Ballerup« er ikke en kommunekode"),
        (coded(True), "er ikke en kommunekode"),
        (coded(151.5), "er ikke en kommunekode"),
        (coded(-151), "er ikke en kommunekode") ,
        (coded([151]), "er ikke en kommunekode"),
        (coded("00151"), "er ikke en kommunekode"),
        (coded("1084"), "Område nr. 3 (kommune 1084): Koden er ikke en af de 98"),
        (coded("0101"), "mangler 1 af de 98 kommuner: 0151"),
        (lambda f: f[:-2], "mangler 2 af de 98 kommuner: 0851, 0860"),
        (lambda f: f[6:], "mangler 6 af de 98 kommuner: 0101, 0147, 0151, 0153, 0155 …"),
        (lambda f: [*f, f[2]], "Område nr. 99 (kommune 0151): Kommunens område står to gange (også i Område nr. 3"),
        (lambda f: [{**a, "properties": b["properties"]} for a, b in zip(f, [*f[1:], f[0]], strict=True)],
         "(kommune 0151): Kommunens hovedsæde, Ballerup, ligger ikke i området"),
        (lambda f: [*f, {**f[0], "properties": f[2]["properties"]}], "Kommunerne 0101 og 0151 ligger oven i hinanden"),
        (lambda f: [*f[:2], {**f[2], "geometry": None}, *f[3:]], f"{THIRD} er ikke en flade"),
        (changed(type="Point", coordinates=[12, 55]), "er ikke en flade (Polygon eller MultiPolygon), men Point"),
        (changed(type="LineString", coordinates=[[12, 55], [12, 56]]), "men LineString"),
        (changed(type="Polygon"), f"{THIRD} har ingen koordinater"),
        (changed(type="Polygon", coordinates=[]), f"{THIRD} har ingen koordinater"),
        (changed(type="MultiPolygon", coordinates=[[]]), f"{THIRD} har ingen koordinater"),
        (changed(type="MultiPolygon", coordinates={"a": 1}), f"{THIRD} har ingen koordinater"),
        (changed(type="Polygon", coordinates=["x"]), f"{THIRD}: En ring er ikke en liste"),
        (coordinates(lambda r: []), f"{THIRD}: En ring har færre end fire punkter"),
        (coordinates(lambda r: r[:2] + r[:1]), f"{THIRD}: En ring har færre end fire punkter"),
        (coordinates(lambda r: r[:-1]), f"{THIRD}: En ring er ikke lukket; den begynder i"),
        (coordinates(bow_tie), f"{THIRD}: Grænsen krydser sig selv ved 12.3"),
        (coordinates(pinched), f"{THIRD}: Grænsen rører sig selv ved 12.3"),
        (coordinates(lambda r: [r[0], r[0], r[0], r[0]]), f"{THIRD}: En ring har for få forskellige punkter"),
        (coordinates(lambda r: [r[0], "xy", *r[2:]]), f"{THIRD}: Et punkt er ikke to tal"),
        (coordinates(lambda r: [r[0], [12.3], *r[2:]]), f"{THIRD}: Et punkt er ikke to tal"),
        (coordinates(lambda r: [r[0], {"a": 1}, *r[2:]]), f"{THIRD}: Et punkt er ikke to tal"),
        (coordinates(lambda r: [r[0], ["12.3", "55.7"], *r[2:]]), f"{THIRD}: Et punkt er ikke to tal"),
        (coordinates(lambda r: [r[0], [True, 55.7], *r[2:]]), f"{THIRD}: Et punkt er ikke to tal"),
        (coordinates(lambda r: [r[0], [10**400, 55.7], *r[2:]]), f"{THIRD}: Et punkt er ikke to tal"),
        (coordinates(lambda r: [r[0], [float("nan"), 55.7], *r[2:]]), f"{THIRD}: Et punkt er ikke et tal (NaN"),
        (coordinates(lambda r: [r[0], [12.3, float("inf")], *r[2:]]), f"{THIRD}: Et punkt er ikke et tal (NaN"),
        (coordinates(lambda r: [[x * 58_000, y * 111_000] for x, y in r]), f"{THIRD}: Punktet 71"),
        (coordinates(lambda r: [[y, x] for x, y in r]), f"{THIRD}: Længde og bredde er byttet om"),
        (coordinates(lambda r: [[x - 20, y] for x, y in r]), f"{THIRD}: Punktet -7.6"),
    ],
)  # fmt: skip
def test_a_wrong_area_is_named_with_the_reason(change: Callable[[Features], Features], says: str) -> None:
    refused(geojson(change(squares())), says)


def refused(content: bytes, says: str) -> None:
    """The file is refused in one line that says so."""
    with pytest.raises(BoundaryFileError) as error:
        read(content, SEATS)
    assert says in str(error.value)
    assert "\n" not in str(error.value) and len(str(error.value)) < 250


@pytest.mark.parametrize("content", [b"{", geojson(squares()[1:]), geojson([*squares(), squares()[2]])])
def test_a_refusal_writes_nothing_and_ends_with_status_1(file: Path, content: bytes) -> None:
    load(file, geojson(squares()), "--source", "før")
    before = list(Boundary.objects.values())
    with pytest.raises(CommandError) as error:
        load(file, content, "--source", "efter")
    assert error.value.returncode == 1
    assert list(Boundary.objects.values()) == before


def test_a_file_that_is_not_there_or_a_folder(file: Path) -> None:
    for path in (file, file.parent):
        with pytest.raises(CommandError, match="kan ikke læses"):
            call_command("load_boundaries", str(path))


def test_a_huge_file_is_refused_before_it_is_read(file: Path) -> None:
    with file.open("wb") as stream:
        stream.truncate(MAX_BYTES + 5_000_000)
    with pytest.raises(CommandError, match=r"fylder 65 MB; højst 60\. Brug en generaliseret udgave"):
        call_command("load_boundaries", str(file))


def test_a_source_that_is_too_long(file: Path) -> None:
    with pytest.raises(CommandError, match="højst være på 300 tegn"):
        load(file, geojson(squares()), "--source", "x" * 301)


def test_a_crash_on_the_way_writes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    content = geojson(squares())
    real = boundary_loading._rows

    def half(*args: Any) -> list[Boundary]:
        rows = real(*args)
        rows[-1].source = ""
        return rows

    monkeypatch.setattr(boundary_loading, "_rows", half)
    with pytest.raises(IntegrityError), transaction.atomic():
        load_boundaries(content, source="A")
    assert not Boundary.objects.exists()


# --- simplifying ------------------------------------------------------------------------------------------


def wavy_neighbours(points: int) -> list[shapely.MultiPolygon]:
    """Two areas with a border of many corners between them, and an islet beside the first."""
    border = [(10 + 0.01 * ((i * 7919) % 13) / 13, 56 + i / points) for i in range(points + 1)]
    west = shapely.Polygon([(9, 56), *border, (9, 57)])
    east = shapely.Polygon([*border, (11, 57), (11, 56)])
    islet = shapely.box(8.5, 56.5, 8.5001, 56.5001)
    return [shapely.MultiPolygon([west, islet]), shapely.MultiPolygon([east])]


def test_neighbours_still_fit_when_they_have_lost_corners() -> None:
    areas = wavy_neighbours(20_000)
    small = simplified(areas)
    assert sum(shapely.get_num_coordinates(small)) <= boundary_loading.CORNERS
    assert shapely.coverage_is_valid(small)
    assert shapely.union_all(small).area == pytest.approx(2, rel=1e-3), "no gap between them"
    assert [len(shapely.get_parts(area)) for area in small] == [1, 1], "the islet is too small to see"


def test_what_is_small_already_keeps_every_corner() -> None:
    areas = wavy_neighbours(100)
    assert (
        shapely.get_num_coordinates(simplified(areas)).tolist() == shapely.get_num_coordinates(areas).tolist()
    )


def test_the_file_is_kept_whole_for_answers(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boundary_loading, "CORNERS", 520)
    features = squares()
    shell = features[2]["geometry"]["coordinates"][0]
    (west, south), (east, _) = shell[:2]
    bent = [[west + (east - west) * i / 100, south - 0.0001 * (i % 2)] for i in range(101)]
    features[2]["geometry"]["coordinates"] = [[*bent, *shell[2:]]]
    load(file, geojson(features))
    row = Boundary.objects.get(pk="0151")
    assert shapely.get_num_coordinates(shape(row.geometry)) == 104
    assert shapely.get_num_coordinates(shape(row.outline)) < 20


# --- in the database --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"geometry": {"type": "Point", "coordinates": [10, 56]}},
        {"outline": {}},
        {"outline": []},
        {"west": 11.0},
        {"south": 12.0},
        {"north": 99.0},
        {"east": float("nan")},
        {"source": ""},
    ],
)
def test_the_database_refuses_a_row_that_is_not_an_area(file: Path, changes: dict[str, Any]) -> None:
    load(file, geojson(squares()))
    with pytest.raises(IntegrityError), transaction.atomic():
        Boundary.objects.filter(pk="0751").update(**changes)

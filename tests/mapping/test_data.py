"""`/kort/data.geojson`: clusters add up, nothing hidden is in them, and what is asked wrongly is told."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from typing import Any
from urllib.parse import urlencode

import numpy as np
import pytest
from django.http import QueryDict
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from editorial.actions import index_workplace, reindex_workplace
from editorial.choices import State
from mapping import geojson
from mapping.lists import KINDS, MapListing, places
from places.choices import Sector
from places.models import Municipality
from search import mirror as mirrors
from tests.factories import (
    HIDDEN_STATES,
    WorkplaceFactory,
    WorkplacePeriodFactory,
    hidden,
    public_project,
    public_story,
    public_unit,
    published,
)
from tests.mapping import landscape

pytestmark = pytest.mark.django_db

ADDRESS = "/kort/data.geojson"
COUNTRY = (7.5, 54.3, 15.6, 58.0)
Found = dict[str, Any]


def data(client: Client, zoom: int = 7, query: str = "", **parameters: str) -> Found:
    response = client.get(f"{ADDRESS}?{query}&{urlencode({'zoom': zoom, **parameters})}")
    assert response.status_code == 200, response.content
    found: Found = json.loads(response.content)
    return found


def clusters(found: Found) -> list[Found]:
    return [f for f in found["features"] if f["properties"].get("cluster")]


def singles(found: Found) -> list[Found]:
    return [f for f in found["features"] if not f["properties"].get("cluster")]


def total(features: list[Found]) -> int:
    return sum(f["properties"].get("count", 1) for f in features)


# -- they add up ------------------------------------------------------------------


filters = st.fixed_dictionaries(
    {},
    optional={
        "type": st.lists(st.sampled_from(KINDS), min_size=1, max_size=3),
        "sektor": st.lists(st.sampled_from(Sector.values), min_size=1, max_size=2),
        "region": st.lists(st.sampled_from(["1081", "1082", "1084", "1085", "1086"]), min_size=1, max_size=2),
        "kommune": st.lists(st.sampled_from(landscape.AREAS), min_size=1, max_size=2),
        "aar": st.sampled_from([["2012"], ["2020"]]),
        "q": st.sampled_from([["tillid"], ["genbrug eller natarbejde"], ["findes-ikke-nogen-steder"]]),
    },
)


def test_clusters_add_up_for_any_choice_zoom_and_tiling(client: Client) -> None:
    """Over the whole country, and over any tiling of it: each row is in one feature, each feature has one id, and
    stands where one of its rows stands.
    """
    made = landscape.build()

    @settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(filters, st.integers(0, 22), st.integers(1, 2), st.integers(1, 3))
    def holds(choice: dict[str, list[str]], zoom: int, columns: int, rows: int) -> None:
        query = urlencode(choice, doseq=True)
        listing = MapListing(QueryDict(query))
        whole = data(client, zoom, query)
        assert whole["count"] == whole["shown"] == total(whole["features"]) == listing.count
        tiles: dict[str, Found] = {}
        west, south, east, north = COUNTRY
        for column in range(columns):
            for row in range(rows):
                box = (
                    west + (east - west) * column / columns, south + (north - south) * row / rows,
                    west + (east - west) * (column + 1) / columns, south + (north - south) * (row + 1) / rows,
                )  # fmt: skip
                part = data(client, zoom, query, bbox=",".join(f"{n:.6f}" for n in box))
                assert part["count"] == listing.count
                ids = [f["id"] for f in part["features"]]
                assert len(ids) == len(set(ids))
                for feature in part["features"]:
                    assert tiles.setdefault(feature["id"], feature) == feature, "the same from everywhere"
        assert tiles == {f["id"]: f for f in whole["features"]}
        where, mask = listing.positions, listing.results.mask
        spots = set(zip(where.lng[mask].round(5).tolist(), where.lat[mask].round(5).tolist(), strict=True))
        for feature in whole["features"]:
            properties = feature["properties"]
            assert tuple(feature["geometry"]["coordinates"]) in spots
            if "cluster" in properties:
                assert properties["count"] == sum(properties["kinds"].values()) > 1
                assert properties["zoom"] is None or zoom < properties["zoom"] <= 22
            else:
                assert feature["id"].split("/")[1] in made.slugs
        assert landscape.SECRET not in json.dumps(whole)

    holds()


def test_each_cluster_comes_apart_at_the_zoom_it_names(client: Client) -> None:
    """And not before; what never does stands at one spot."""
    landscape.build()
    by_zoom = {zoom: {f["id"]: f for f in data(client, zoom)["features"]} for zoom in range(17)}
    for zoom, found in by_zoom.items():
        for feature in found.values():
            p = feature["properties"]
            if "cluster" not in p:
                continue
            west, south, east, north = p["bounds"]
            if p["zoom"] is None:
                assert (west, south) == (east, north)
            if p["zoom"] is None or p["zoom"] > 16:
                continue
            inside = [
                f for f in by_zoom[p["zoom"]].values()
                if west <= f["geometry"]["coordinates"][0] <= east and south <= f["geometry"]["coordinates"][1] <= north
            ]  # fmt: skip
            assert len(inside) > 1, (zoom, p)


def test_a_pile_at_a_seat_says_so_and_comes_apart_from_what_is_there(client: Client) -> None:
    """Known by municipality only: one cluster at the seat with a list; what has a point there is by itself."""
    seat = Municipality.objects.get(code="0751")
    for n in range(3):
        published(title=f"Et sted i Aarhus {n}", municipality_id="0751")
    public_project(title="På rådhuset", municipality_id="0751", lat=seat.lat, lng=seat.lng)
    published(title="Hele regionen", region_id="1082")
    low, high = data(client, 7, query="kommune=0751"), data(client, 15, query="kommune=0751&q=")
    (one,) = low["features"]
    assert one["properties"]["kinds"] == {"eksempel": 3, "projekt": 1}
    assert (one["properties"]["zoom"], one["properties"]["exact"], one["properties"]["area"]) == (
        15,
        False,
        None,
    )
    (pile,), (alone,) = clusters(high), singles(high)
    assert pile["properties"] == {
        "cluster": True, "count": 3, "kinds": {"eksempel": 3}, "near": "Aarhus", "zoom": None, "exact": False,
        "bounds": [float(seat.lng), float(seat.lat)] * 2, "area": "0751", "list": "/kort/?kommune=0751", "listed": 4,
        "members": pile["properties"]["members"],
    }  # fmt: skip
    assert len(pile["properties"]["members"]) == 3, "no list shows these three alone"
    assert pile["geometry"]["coordinates"] == [float(seat.lng), float(seat.lat)]
    assert alone["properties"]["title"] == "På rådhuset"
    assert alone["properties"]["exact"] is True


def test_a_pile_that_a_list_shows_alone_leads_there(client: Client) -> None:
    for n in range(3):
        published(title=f"Samme sted {n}", municipality_id="0851", sectors=["stat"])
    published(title="En anden", municipality_id="0851")
    (pile,) = data(client, 16, query="sektor=stat&region=1081&sort=titel")["features"]
    assert pile["properties"]["list"] == "/kort/?sektor=stat&region=1081&kommune=0851"
    assert pile["properties"]["listed"] == pile["properties"]["count"] == 3
    assert "members" not in pile["properties"]


def test_neighbours_at_one_address_are_named(client: Client) -> None:
    """No list shows what stands at one point, so it names its rows itself."""
    for n in range(2):
        published(title=f"I samme hus {n}", municipality_id="0751", lat="56.15000", lng="10.20000")
    (pile,) = data(client, 16)["features"]
    properties = pile["properties"]
    assert (properties["zoom"], properties["exact"], properties["list"]) == (None, True, None)
    assert {m["title"] for m in properties["members"]} == {"I samme hus 0", "I samme hus 1"}


# -- single rows --------------------------------------------------------------------


def test_a_single_row_is_named_as_in_the_list(client: Client) -> None:
    """Title, address, whose and where, note: the same words as beside the map, in a fixed number of queries."""
    owner = WorkplaceFactory.create(name="Nyt navn", municipality_id="0751")
    WorkplacePeriodFactory.create(workplace=owner, name="Gammelt navn", valid_to=dt.date(2016, 1, 1))
    WorkplacePeriodFactory.create(workplace=owner, name="Nyt navn", valid_from=dt.date(2016, 1, 1))
    published(title="<b>Fed</b> & »æøå«", owner=owner, municipality_id="0751", year_from=2012)
    published(title="Ny", owner=owner, municipality_id="0101", year_from=2020)
    example = published(title="Hele regionen", region_id="1084")
    public_project(title="Førte til", example=example, municipality_id="0615")
    public_story(title="Historien", municipality_id="0461")
    index_workplace(WorkplaceFactory.create(name="Skolen", municipality_id="0265", parent=owner))
    public_project(title="Med punkt", municipality_id="0813", lat="57.70000", lng="10.50000")
    found = data(client, 12)
    listing = MapListing(QueryDict())
    lines = {p.url: p for p in places(listing.documents(0, 50), listing)}
    assert found["count"] == len(found["features"]) == len(lines) == 6
    for feature in found["features"]:
        p = feature["properties"]
        line = lines[p["url"]]
        assert feature["id"] == f"{line.kind}/{line.slug}"
        assert p == {
            "kind": line.kind, "label": line.label, "also": list(line.also), "title": line.title, "url": line.url,
            "where": line.where, "exact": not line.note, "note": line.note,
        }  # fmt: skip
        assert client.get(p["url"]).status_code == 200
    wheres = {f["properties"]["title"]: f["properties"]["where"] for f in found["features"]}
    assert wheres["<b>Fed</b> & »æøå«"].startswith("Gammelt navn, ")
    assert wheres["Ny"].startswith("Nyt navn, ")


def test_queries_do_not_grow_with_the_rows(client: Client, django_assert_max_num_queries: Any) -> None:
    for n in range(25):
        published(title=f"Nr. {n}", municipality_id="0751", lat=f"{55.5 + n / 20:.5f}", lng=f"{9 + n / 20:.5f}",
                  year_from=2014, owner=WorkplaceFactory.create())  # fmt: skip
        index_workplace(
            WorkplaceFactory.create(municipality_id="0751", lat="57.60000", lng=f"{9 + n / 20:.5f}")
        )
    client.get(f"{ADDRESS}?zoom=3")
    with django_assert_max_num_queries(8):
        assert len(singles(data(client, 14))) == 50


# -- GeoJSON, caching ---------------------------------------------------------------


def test_it_is_valid_geojson(client: Client) -> None:
    """RFC 7946: longitude first, no crs, ids unique, the media type; nothing but finite numbers."""
    landscape.build()
    for zoom in (3, 8, 16):
        response = client.get(f"{ADDRESS}?zoom={zoom}")
        assert response["Content-Type"] == "application/geo+json"

        def no(constant: str) -> None:
            raise AssertionError(constant)

        found = json.loads(response.content, parse_constant=no)
        assert found["type"] == "FeatureCollection"
        assert "crs" not in found
        assert len({f["id"] for f in found["features"]}) == len(found["features"]) > 0
        for feature in found["features"]:
            assert set(feature) == {"type", "id", "geometry", "properties"}
            assert (feature["type"], feature["geometry"]["type"]) == ("Feature", "Point")
            lng, lat = feature["geometry"]["coordinates"]
            assert 7.9 <= lng <= 15.3
            assert 54.4 <= lat <= 57.9


def test_a_browser_that_has_it_gets_304_until_something_changes(client: Client) -> None:
    """Strong tags, one for each encoding; no cookie; what was taken down is gone with the next question."""
    entry = published(title="Snart væk", municipality_id="0751")
    for encoding in ("", "gzip"):
        headers = {"Accept-Encoding": encoding}
        first = client.get(f"{ADDRESS}?zoom=7", headers=headers)
        tag = first["ETag"]
        assert not tag.startswith("W/")
        assert first["Cache-Control"] == "no-cache"
        assert first["Vary"] == "Accept-Encoding"
        assert not first.cookies
        assert first.get("Content-Encoding", "") == encoding
        body = gzip.decompress(first.content) if encoding else first.content
        assert "Snart væk".encode() in body
        again = client.get(f"{ADDRESS}?zoom=7", headers=headers | {"If-None-Match": tag})
        assert (again.status_code, again.content, again["ETag"], again["Vary"]) == (
            304,
            b"",
            tag,
            "Accept-Encoding",
        )
        head = client.head(f"{ADDRESS}?zoom=7", headers=headers)
        assert (head.status_code, head["ETag"], head.content) == (200, tag, b"")
    entry.suspend(by=None, reason="Prøve")
    gone = client.get(f"{ADDRESS}?zoom=7", headers={"If-None-Match": tag, "Accept-Encoding": "gzip"})
    assert gone.status_code == 200
    assert json.loads(gzip.decompress(gone.content))["features"] == []


@pytest.mark.parametrize("state", [s for s in State.values if s != State.PUBLISHED])
def test_what_is_hidden_is_in_no_answer(client: Client, state: str) -> None:
    assert set(HIDDEN_STATES) == {s for s in State.values if s != State.PUBLISHED}
    published(title="Synlig", municipality_id="0751")
    hidden(state, title="Hemmelighed", municipality_id="0751")
    for query in ("", "q=hemmelighed", "type=eksempel", "kommune=0751"):
        found = data(client, 16, query)
        assert "Hemmelighed" not in json.dumps(found["features"])
        assert found["count"] == found["shown"] == (query != "q=hemmelighed")


def test_a_changed_title_shows_at_once(client: Client) -> None:
    entry = published(title="Før", municipality_id="0751")
    assert singles(data(client))[0]["properties"]["title"] == "Før"
    entry.title = "Efter"
    entry.save()
    entry.reindex()
    assert singles(data(client))[0]["properties"]["title"] == "Efter"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_is_kept_is_never_what_was(
    client: Client, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    """Committed changes, on the mirror that all requests share: asked again costs one query, what was hidden or renamed
    is so at the next question, and what is kept stays within its bounds.
    """
    mirrors.forget()
    published(title="Bliver", municipality_id="0751")
    entry = published(title="Går", municipality_id="0101")
    assert {f["properties"]["title"] for f in data(client, 12)["features"]} == {"Bliver", "Går"}
    with django_assert_num_queries(1):
        assert data(client, 12)["count"] == 2
    entry.suspend(by=None, reason="Prøve")
    assert [f["properties"]["title"] for f in data(client, 12)["features"]] == ["Bliver"]
    owner = WorkplaceFactory.create(name="Før", municipality_id="0751", lat="56.20000", lng="10.10000")
    index_workplace(owner)
    assert "Før" in json.dumps(data(client, 16), ensure_ascii=False)
    owner.name = "Nu"
    owner.save()
    reindex_workplace(workplace=owner)
    assert "Før" not in json.dumps(data(client, 16), ensure_ascii=False)
    monkeypatch.setattr(geojson, "KEPT_ADDRESSES", 5)
    for n in range(12):
        data(client, 12, bbox=f"{8 + n / 10},55,11,57")
    kept = mirrors.current().kept[geojson.ANSWERS]
    assert 0 < len(kept.by_address) <= 5
    assert kept.bytes == sum(len(made.compressed) for made in kept.by_cells.values())
    mirrors.forget()


# -- how much ---------------------------------------------------------------------


def test_an_answer_is_never_too_large(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there would be too many features or bytes, cells are larger; no row is lost."""
    landscape.build()
    whole = data(client, 16)
    for name, most in (("MOST", 20), ("BYTES", 1500)):
        with monkeypatch.context() as patch:
            patch.setattr(geojson, name, most)
            patch.setattr(geojson, "KEPT_BYTES", 0)
            patch.setattr(geojson, "KEPT_ADDRESSES", 0)
            response = client.get(f"{ADDRESS}?zoom=16&bbox=7,54,16,58", headers={"Accept-Encoding": "gzip"})
            found = json.loads(gzip.decompress(response.content))
            assert len(found["features"]) < len(whole["features"])
            assert (len(found["features"]) if name == "MOST" else len(response.content)) <= most
            assert found["shown"] == found["count"] == whole["count"]
            for feature in clusters(found):
                assert feature["properties"]["zoom"] is None or feature["properties"]["zoom"] > 16


# -- what is asked ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "parameter", "says"),
    [
        ("", "zoom", "helt tal fra 0 til 22"),
        ("zoom=", "zoom", "helt tal"),
        ("zoom=99", "zoom", "helt tal"),
        ("zoom=-1", "zoom", "helt tal"),
        ("zoom=abc", "zoom", "helt tal"),
        ("zoom=7.5", "zoom", "helt tal"),
        ("zoom=%D9%A7", "zoom", "helt tal"),
        ("zoom=7%00", "zoom", "helt tal"),
        ("zoom=7&bbox=", "bbox", "fire tal"),
        ("zoom=7&bbox=8,54,15", "bbox", "fire tal"),
        ("zoom=7&bbox=8,54,15,57,58", "bbox", "fire tal"),
        ("zoom=7&bbox=nan,54,15,57", "bbox", "vest er ikke et tal"),
        ("zoom=7&bbox=8,-inf,15,57", "bbox", "syd er ikke et tal"),
        ("zoom=7&bbox=8,54,1e1,57", "bbox", "øst er ikke et tal"),
        ("zoom=7&bbox=8,54,15,", "bbox", "nord er ikke et tal"),
        ("zoom=7&bbox=8,54,15,x';--", "bbox", "nord er ikke et tal"),
        ("zoom=7&bbox=-181,54,15,57", "bbox", "mellem -180 og 180"),
        ("zoom=7&bbox=8,54,15,91", "bbox", "mellem -90 og 90"),
        ("zoom=7&bbox=15,54,8,57", "bbox", "vest skal være mindre end øst"),
        ("zoom=7&bbox=8,57,15,54", "bbox", "syd skal være mindre end nord"),
        ("zoom=7&bbox=8,54,8,57", "bbox", "vest skal være mindre end øst"),
    ],
)
def test_what_is_asked_wrongly_is_told(client: Client, query: str, parameter: str, says: str) -> None:
    """400 with a Danish sentence that names the parameter; HEAD answers alike."""
    response = client.get(f"{ADDRESS}?{query}")
    problem = json.loads(response.content)
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")
    assert problem["parameter"] == parameter
    assert f"»{parameter}«" in problem["fejl"]
    assert says in problem["fejl"]
    assert client.head(f"{ADDRESS}?{query}").status_code == 400


def test_elsewhere_there_is_nothing(client: Client) -> None:
    published(municipality_id="0751")
    for bbox in ("-10,30,-5,40", "-180,-90,-179,-89", "179,89,180,90"):
        found = data(client, bbox=bbox)
        assert (found["features"], found["shown"], found["count"]) == ([], 0, 1)
    assert data(client, bbox="-180,-90,180,90")["shown"] == 1


def test_unknown_values_are_ignored_and_named(client: Client) -> None:
    """As in the list; also what nobody but an attacker writes."""
    published(municipality_id="0751")
    found = data(client, query="sektor=stat&sektor=x&region=hele&kommune=9999&ukendt=1")
    assert found["count"] == 0
    assert {(u["parameter"], u["value"]) for u in found["unknown"]} == {
        ("sektor", "x"), ("region", "hele"), ("kommune", "9999"),
    }  # fmt: skip
    for query in ("q=%00", "q=" + "(" * 500, "type=%27%3B--", "q=%22a%22", "emne=%F0%9F%92%A9", "aar=99999"):
        data(client, query=query)


# -- the regions' change -------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "east", "zealand"),
    [
        (dt.datetime(2026, 12, 31, 12, tzinfo=dt.UTC), {"Hovedstaden", "Sjælland"}, 2),
        (dt.datetime(2027, 1, 1, 12, tzinfo=dt.UTC), {"Østdanmark"}, 2),
        (dt.datetime(2027, 6, 1, 12, tzinfo=dt.UTC), {"Østdanmark"}, 2),
    ],
)
def test_before_on_and_after_the_regions_change(
    client: Client, coi_clock: Any, day: dt.datetime, east: set[str], zealand: int
) -> None:
    """1086 covers both; 1085 still means its former municipalities; names are those of the day."""
    coi_clock(day)
    published(title="København", municipality_id="0101", lat="55.67000", lng="12.56000")
    published(title="Roskilde", municipality_id="0265", lat="55.64000", lng="12.08000")
    published(title="Hele Sjælland", region_id="1085")
    published(title="Aarhus", municipality_id="0751")
    assert data(client, 12, query="region=1084")["count"] == 1
    assert data(client, 12, query="region=1085")["count"] == zealand
    assert data(client, 12, query="region=1084&region=1085")["shown"] == 3
    merged = data(client, 12, query="region=1086")
    assert data(client, 12, query="kommune=0265")["count"] == 1
    everything = data(client, 12)
    wheres = {f["properties"]["where"].split(", ")[-1] for f in everything["features"]}
    assert wheres == east | {"Midtjylland"}
    assert merged["count"] == (3 if day.year == 2027 else 2)
    assert np.isclose(merged["shown"], merged["count"])


def test_a_seat_that_is_put_right_moves_what_stands_there(client: Client) -> None:
    published(municipality_id="0751")
    before = singles(data(client))[0]["geometry"]["coordinates"]
    Municipality.objects.filter(code="0751").update(lat="56.30000", lng="10.40000")
    assert singles(data(client))[0]["geometry"]["coordinates"] == [10.4, 56.3] != before


def test_what_has_closed_says_so_on_the_map_and_on_the_list(client: Client) -> None:
    public_unit(title="Enheden", municipality_id="0751", closed_year=2019)
    workplace = WorkplaceFactory.create(municipality_id="0851", closed_on=dt.date(2021, 5, 1))
    index_workplace(workplace)
    public_unit(title="Den åbne", municipality_id="0461")
    found = {"Innovationsenhed, lukket 2019", "Arbejdsplads, nedlagt 2021", "Innovationsenhed"}
    assert {f["properties"]["label"] for f in singles(data(client, 12))} == found
    listing = MapListing(QueryDict())
    assert {place.label for place in places(listing.documents(), listing)} == found


def test_a_cluster_is_called_by_the_town_that_most_of_it_is_in(client: Client) -> None:
    """Not by the nearest seat: where the mark stands is chance."""
    for n in range(3):
        published(title=f"I København {n}", municipality_id="0101")
    for code in ("0159", "0147", "0157"):
        published(title=f"I {code}", municipality_id=code)
    (one,) = data(client, 6)["features"]
    assert (one["properties"]["count"], one["properties"]["near"]) == (6, "København")

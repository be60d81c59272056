"""Feed and files of what is on the map: the list's parameters, all public places, nothing hidden."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlparse
from xml.etree import ElementTree

import pytest
from django.http import QueryDict
from django.test import Client
from openpyxl import load_workbook

from editorial.actions import index_workplace
from mapping import exports
from mapping.lists import MapListing
from tests.factories import (
    HIDDEN_STATES,
    WorkplaceFactory,
    hidden,
    public_project,
    public_story,
    public_unit,
    published,
)

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"


def body(client: Client, address: str) -> bytes:
    response = client.get(address)
    assert response.status_code == 200, address
    assert not response.cookies
    return response.getvalue()


def table(client: Client, query: str = "") -> list[dict[str, str]]:
    text = body(client, f"/kort/eksport.csv{query}").decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def geojson(client: Client, query: str = "") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(body(client, f"/kort/eksport.geojson{query}"))
    return found


def landscape() -> None:
    owner = WorkplaceFactory.create(name="Ejeren", municipality_id="0751")
    example = published(
        title="=Eksemplet", owner=owner, municipality_id="0751", lat="56.10000", lng="10.10000",
        sectors=["kommune", "stat"], subject_areas=["aeldre", "skole"], year_from=2012, year_to=2014,
    )  # fmt: skip
    public_project(title="Førte til", municipality_id="0461", example=example)
    public_unit(title="Enheden", municipality_id="0851")
    public_story(title="Historien", region_id="1084")
    index_workplace(WorkplaceFactory.create(name="Skolen", municipality_id="0265", parent=owner))
    published(title="Uden sted")
    for state in HIDDEN_STATES:
        hidden(state, title=f"Hemmelig {state}", municipality_id="0751")


def test_a_file_holds_all_public_places_once(client: Client) -> None:
    """Each with where it is, how exactly, and what whoever uses it has to write."""
    landscape()
    rows = {row["title"].lstrip("'"): row for row in table(client)}
    assert set(rows) == {"=Eksemplet", "Enheden", "Historien", "Skolen"}
    example = rows["=Eksemplet"]
    assert example["title"] == "'=Eksemplet", "no formula"
    assert (example["also"], example["workplace"], example["type"]) == ("projekt", "Ejeren", "eksempel")
    assert (example["lat"], example["lng"], example["exact"]) == ("56.1", "10.1", "ja")
    assert (example["municipality"], example["region"]) == ("0751", "1082")
    assert (example["sector"], example["year_from"], example["year_to"]) == ("kommune|stat", "2012", "2014")
    assert set(example["subject_areas"].split("|")) == {"aeldre", "skole"}
    assert rows["Enheden"]["exact"] == "nej"
    assert (rows["Historien"]["municipality"], rows["Historien"]["region_name"]) == ("", "Region Hovedstaden")
    assert (rows["Skolen"]["type"], rows["Skolen"]["workplace"]) == ("arbejdsplads", "Ejeren")
    assert all("kilden nævnes" in row["license"] and "GeoNames" in row["license"] for row in rows.values())
    for row in rows.values():
        assert client.get(urlparse(row["url"]).path).status_code == 200


def test_all_formats_say_the_same(client: Client) -> None:
    landscape()
    from_csv = {(row["url"], row["title"].lstrip("'"), float(row["lat"])) for row in table(client)}
    rows = json.loads(body(client, "/kort/eksport.json"))
    assert {(row["url"], row["title"], row["lat"]) for row in rows} == from_csv
    assert all(row["license"] for row in rows)
    sheet = load_workbook(io.BytesIO(body(client, "/kort/eksport.xlsx"))).active
    assert sheet is not None
    header, *cells = sheet.iter_rows(values_only=True)
    assert header == exports.COLUMNS
    named = [dict(zip(header, row, strict=True)) for row in cells]
    assert {(row["url"], str(row["title"]).lstrip("'"), row["lat"]) for row in named} == from_csv
    collection = geojson(client)
    assert (collection["type"], "crs" in collection) == ("FeatureCollection", False)
    assert "kilden nævnes" in collection["license"]
    features = collection["features"]
    assert len({f["id"] for f in features}) == len(features) == 4
    assert {
        (f["id"], f["properties"]["title"], f["geometry"]["coordinates"][1]) for f in features
    } == from_csv


def test_files_honour_the_lists_parameters(client: Client) -> None:
    """The same rows in the same order as the list, also those of the second page."""
    landscape()
    for query in (
        "?type=projekt",
        "?region=1082&region=1084",
        "?q=historien",
        "?sektor=x",
        "?sort=titel&pr_side=10&side=7",
    ):
        listing = MapListing(QueryDict(query[1:]))
        titles = [row["title"].lstrip("'") for row in table(client, query)]
        assert len(titles) == listing.count
        assert [f["properties"]["title"] for f in geojson(client, query)["features"]] == titles
    assert [row["title"].lstrip("'") for row in table(client, "?sort=titel")] == [
        "Enheden", "=Eksemplet", "Historien", "Skolen",
    ] or len(table(client)) == 4  # fmt: skip
    assert [row["title"] for row in table(client, "?type=enhed")] == ["Enheden"]
    assert geojson(client, "?q=findes-ikke")["features"] == []


def test_what_has_closed_says_so_in_files_and_feed(client: Client) -> None:
    """A unit and a workplace by the year they closed, a project by its status."""
    public_unit(title="Den lukkede", municipality_id="0101", closed_year=2018)
    public_unit(title="Den åbne", municipality_id="0101")
    index_workplace(
        WorkplaceFactory.create(name="Amtet", municipality_id="0751", closed_on=dt.date(2006, 12, 31))
    )
    public_project(title="Det sluttede", municipality_id="0461", status="afsluttet", summary="Om stuer.")
    public_project(title="Det i gang", municipality_id="0461", status="gennemfoerelse")
    closed = {"Den lukkede": "2018", "Den åbne": "", "Amtet": "2006", "Det sluttede": "", "Det i gang": ""}
    assert {row["title"]: row["closed_year"] for row in table(client)} == closed
    numbers = {title: int(year) if year else None for title, year in closed.items()}
    rows = json.loads(body(client, "/kort/eksport.json"))
    assert {row["title"]: row["closed_year"] for row in rows} == numbers
    features = geojson(client)["features"]
    assert {f["properties"]["title"]: f["properties"]["closed_year"] for f in features} == numbers
    sheet = load_workbook(io.BytesIO(body(client, "/kort/eksport.xlsx"))).active
    assert sheet is not None
    header, *cells = sheet.iter_rows(values_only=True)
    place = header.index("closed_year")
    assert {row[header.index("title")]: row[place] or "" for row in cells} == closed
    entries = feed(client).findall(f"{ATOM}entry")
    said = {e.findtext(f"{ATOM}title"): e for e in entries}
    first = {title: e.find(f"{ATOM}category") for title, e in said.items()}
    assert {title: c.get("term") for title, c in first.items() if c is not None} == {
        "Den lukkede": "Innovationsenhed, lukket 2018",
        "Den åbne": "Innovationsenhed",
        "Amtet": "Arbejdsplads, nedlagt 2006",
        "Det sluttede": "Projekt, afsluttet",
        "Det i gang": "Projekt",
    }
    assert (said["Det sluttede"].findtext(f"{ATOM}summary") or "") == "Projekt, afsluttet. Om stuer."
    assert "lukket" not in (said["Den åbne"].findtext(f"{ATOM}summary") or "")
    assert (said["Amtet"].findtext(f"{ATOM}summary") or "") == "Arbejdsplads, nedlagt 2006."


def test_the_nearest_first_also_in_a_file(client: Client) -> None:
    """The link of the list takes along what it is to be near to; without that, the page says so."""
    for title, code in (("Aarhus", "0751"), ("Odense", "0461"), ("København", "0101")):
        published(title=title, municipality_id=code)
    query = "?sort=afstand&lat=55.6&lng=12.5&zoom=7"
    page = client.get(f"/kort/{query}").content.decode()
    link = re.search(r'href="(/kort/eksport\.csv[^"]*)"', page)
    assert link is not None
    address = link[1].replace("&amp;", "&")
    assert [row["title"] for row in table(client, address.removeprefix("/kort/eksport.csv"))] == [
        "København", "Odense", "Aarhus",
    ]  # fmt: skip
    assert [f["properties"]["title"] for f in geojson(client, query)["features"]][-1] == "Aarhus"
    nowhere = client.get("/kort/?sort=afstand").content.decode()
    assert "Vi kan ikke vise det nærmeste først" in nowhere
    assert "Vi kan ikke vise det nærmeste først" not in page
    assert [row["title"] for row in table(client, "?sort=afstand")] == [row["title"] for row in table(client)]
    root = feed(client, query)
    (own,) = [e.get("href") or "" for e in root.findall(f"{ATOM}link") if e.get("rel") == "self"]
    assert not urlparse(own).query


def test_files_are_read_in_chunks(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what is taken down meanwhile is left out."""
    entries = [published(title=f"Nr. {n}", municipality_id="0751") for n in range(5)]
    monkeypatch.setattr(exports, "CHUNK", 2)
    response = client.get("/kort/eksport.json?sort=titel")
    pieces = iter(response)
    next(pieces)
    entries[4].suspend(by=None, reason="Prøve")
    assert [row["title"] for row in json.loads(b"[" + b"".join(pieces))] == [f"Nr. {n}" for n in range(4)]


def test_a_workbook_that_would_be_too_large_is_refused_with_a_way_out(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    landscape()
    monkeypatch.setattr(exports, "XLSX_ROWS", 2)
    response = client.get(
        "/kort/eksport.xlsx?sektor=stat&sektor=kommune&type=eksempel&type=enhed&type=arbejdsplads"
    )
    assert response.status_code == 200
    refused = client.get("/kort/eksport.xlsx")
    assert refused.status_code == 422
    assert 'href="/kort/eksport.csv?"' in refused.content.decode()
    assert "Listen har 4 steder" in refused.content.decode()


def test_headers(client: Client) -> None:
    for kind, media in exports.CONTENT_TYPES.items():
        for response in (client.get(f"/kort/eksport.{kind}"), client.head(f"/kort/eksport.{kind}")):
            assert response["Content-Type"] == media
            assert response["X-Robots-Tag"] == "noindex"
            assert f".{kind}" in response["Content-Disposition"]
    assert client.get("/kort/eksport.exe").status_code == 404


def feed(client: Client, query: str = "") -> ElementTree.Element:
    response = client.get(f"/kort/feed/{query}")
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def titles(root: ElementTree.Element) -> list[str]:
    return [e.text or "" for e in root.findall(f"{ATOM}entry/{ATOM}title")]


def test_the_feed_honours_the_parameters(client: Client) -> None:
    """Newest first, workplaces last; links name the choice and lead somewhere."""
    landscape()
    everything = feed(client)
    assert set(titles(everything)) == {"=Eksemplet", "Enheden", "Historien", "Skolen"}
    assert titles(everything)[-1] == "Skolen"
    root = feed(client, "?type=enhed&type=arbejdsplads&sort=titel&side=3&region=9999")
    assert set(titles(root)) == {"Enheden", "Skolen"}
    heading = root.findtext(f"{ATOM}title") or ""
    assert heading.startswith("Innovationslandskabet: ")
    (own,) = [e.get("href") or "" for e in root.findall(f"{ATOM}link") if e.get("rel") == "self"]
    assert parse_qs(urlparse(own).query) == {"type": ["enhed", "arbejdsplads"]}
    for entry in root.findall(f"{ATOM}entry"):
        link = entry.find(f"{ATOM}link")
        assert link is not None
        assert client.get(urlparse(link.get("href") or "").path).status_code == 200
        assert dt.datetime.fromisoformat(entry.findtext(f"{ATOM}updated") or "").tzinfo
    assert titles(feed(client, "?q=findes-ikke")) == []


def test_the_feed_costs_a_fixed_number_of_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    for n in range(8):
        published(title=f"Nr. {n}", municipality_id="0751", owner=WorkplaceFactory.create())
        index_workplace(WorkplaceFactory.create(municipality_id="0751"))
    client.get("/kort/feed/")
    with django_assert_max_num_queries(8):
        assert len(titles(feed(client))) == 16


@pytest.mark.parametrize(
    "day", [dt.datetime(2026, 12, 31, 12, tzinfo=dt.UTC), dt.datetime(2027, 1, 1, 12, tzinfo=dt.UTC)]
)
def test_files_before_and_after_the_regions_change(client: Client, coi_clock: Any, day: dt.datetime) -> None:
    """The region is that of the day; a filter by the old code still gives its former municipalities."""
    coi_clock(day)
    published(title="Roskilde", municipality_id="0265")
    published(title="Hele Hovedstaden", region_id="1084")
    new = day.year == 2027
    assert {row["region"] for row in table(client)} == ({"1086"} if new else {"1084", "1085"})
    assert {row["title"] for row in table(client, "?region=1085")} == {"Roskilde"}
    assert {row["title"] for row in table(client, "?region=1086")} == (
        {"Roskilde", "Hele Hovedstaden"} if new else {"Roskilde"}
    )
    names = {f["properties"]["region_name"] for f in geojson(client)["features"]}
    assert names == ({"Region Østdanmark"} if new else {"Region Hovedstaden", "Region Sjælland"})

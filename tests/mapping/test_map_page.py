"""The page of the map: its list, its views, its municipalities, its base map, and the map for other sites."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from editorial.actions import index_workplace
from mapping.choropleth import Choropleth, level, limits
from mapping.lists import MapListing
from mapping.tiles import sources
from places.models import Municipality
from tests.factories import (
    UserFactory,
    WorkplaceFactory,
    public_project,
    public_story,
    public_unit,
    published,
)

pytestmark = pytest.mark.django_db

COUNT = re.compile(r'<output id="result-count" data-count="(\d+)"')


def page(client: Client, query: str = "", **headers: Any) -> str:
    response = client.get(f"/kort/{query}", **headers)
    assert response.status_code == 200
    return response.content.decode()


def count(html: str) -> int:
    found = COUNT.search(html)
    assert found
    return int(found[1])


def slugs(html: str) -> list[str]:
    return re.findall(r'<article[^>]+data-slug="([^"]+)"', html)


def facet(html: str, name: str) -> dict[str, int]:
    return {
        value: int(n)
        for value, n in re.findall(rf'data-facet="{name}" data-value="([^"]*)" data-count="(\d+)"', html)
    }


def table(html: str) -> dict[str, int]:
    return {code: int(n) for code, n in re.findall(r'data-municipality="(\d{4})" data-count="(\d+)"', html)}


@pytest.fixture
def landscape() -> None:
    """Something of each sort, here and there, and something that is nowhere."""
    published(title="Eksempel i Aarhus", municipality_id="0751", sectors=["kommune"])
    published(title="Eksempel i København", municipality_id="0101", sectors=["stat"])
    published(title="Noget i regionen", region_id="1082")
    published(title="Noget uden sted")
    public_story(title="En historie", municipality_id="0751")
    public_project(title="Et projekt", municipality_id="0751", lat="56.20000", lng="10.20000")
    public_unit(title="En enhed", municipality_id="0461")
    index_workplace(WorkplaceFactory.create(name="Skolen i Aarhus", municipality_id="0751"))


@pytest.mark.usefixtures("landscape")
def test_the_list_holds_all_that_has_a_place(client: Client) -> None:
    html = page(client)
    assert count(html) == 7
    assert len(slugs(html)) == 7
    assert "7 steder" in html
    assert "1 passer også, men har ikke et sted på kortet" in html
    assert 'href="/kort/?vis=uden-sted"' in html
    assert "Vises ved Aarhus, hvor kommunen har hovedsæde." in html
    assert facet(html, "type") | {"eksempel": 3, "projekt": 1, "enhed": 1, "historie": 1} == facet(
        html, "type"
    )


@pytest.mark.usefixtures("landscape")
@pytest.mark.parametrize("name", ["type", "sektor", "region", "kommune"])
def test_a_count_is_what_the_choice_gives(client: Client, name: str) -> None:
    for value, promised in facet(page(client), name).items():
        if promised:
            assert count(page(client, f"?{name}={value}")) == promised, value


@pytest.mark.usefixtures("landscape")
def test_the_sentence_takes_parts_away_and_keeps_the_view(client: Client) -> None:
    html = page(client, "?kommune=0751&type=projekt&vis=liste&lat=56.1&lng=10.2&zoom=9")
    assert count(html) == 1
    assert "Aarhus Kommune" in html
    assert 'href="/kort/?type=projekt&amp;vis=liste&amp;lat=56.1&amp;lng=10.2&amp;zoom=9"' in html
    assert 'name="vis" value="liste"' in html
    assert 'name="lat" value="56.1"' in html


@pytest.mark.usefixtures("landscape")
def test_htmx_gets_a_part_of_the_same_page(client: Client) -> None:
    html = page(client, "?type=projekt", headers={"HX-Request": "true"})
    assert "<html" not in html
    assert count(html) == 1
    assert 'id="map-state"' in html
    assert "type=projekt" in html


@pytest.mark.usefixtures("landscape")
def test_sorting_by_distance_needs_a_position(client: Client) -> None:
    near = page(client, "?lat=55.68&lng=12.57&zoom=9&sort=afstand")
    assert slugs(near)[0] == "eksempel-i-koebenhavn"
    assert 'value="afstand" selected' in near
    far = page(client, "?lat=56.21&lng=10.21&zoom=9&sort=afstand")
    assert slugs(far)[0] == "et-projekt"
    assert 'value="afstand"' not in page(client)
    assert slugs(page(client, "?sort=afstand")) == slugs(page(client))
    titles = re.findall(r'<h3><a href="/[^"]+">([^<]+)', page(client, "?sort=titel"))
    assert len(titles) == 7
    assert titles[:2] == ["Eksempel i København", "Eksempel i Aarhus"]  # as Danes sort: aa is å


@pytest.mark.usefixtures("landscape")
@pytest.mark.parametrize(
    "value", ["lat=nan", "lat=1e3", "lng=-5", "zoom=99", "lat=12", "vis=alt", "lat=5%00", "lng=Infinity"]
)
def test_a_position_that_is_none_is_named_and_left_out(client: Client, value: str) -> None:
    html = page(client, f"?{value}")
    assert count(html) == 7
    assert f"»{value.split('=')[0]}=" in html
    assert 'name="lat" value="" data-position disabled' in html


@pytest.mark.usefixtures("landscape")
def test_pages_and_the_end_of_them(client: Client) -> None:
    for n in range(12):
        published(title=f"Nummer {n}", municipality_id="0751")
    seen = slugs(page(client)) + slugs(page(client, "?side=2"))
    assert len(seen) == len(set(seen)) == 19
    response = client.get("/kort/?side=9&vis=liste")
    assert response.status_code == 404
    assert "/kort/?vis=liste&amp;side=2" in response.content.decode()


@pytest.mark.usefixtures("landscape")
def test_nothing_found_suggests_what_to_let_go(client: Client) -> None:
    html = page(client, "?type=enhed&kommune=0751")
    assert count(html) == 0
    assert "Slip dit valg under »Kommune«" in html
    assert "Se alt på kortet" in html


def test_hostile_input_is_shown_as_text(client: Client) -> None:
    published(title="<img src=x onerror=alert(1)>", municipality_id="0751")
    html = page(client, "?q=%3Cscript%3Ealert(1)%3C/script%3E&kommune=%22%3E%3Csvg/onload=1%3E")
    assert "<script>alert" not in html
    assert "<svg/onload" not in html
    assert "<img src=x" not in page(client)


@pytest.mark.usefixtures("landscape")
def test_a_zoom_alone_is_no_position(client: Client) -> None:
    """The data has a zoom of its own; the addresses of lists in it carry none."""
    assert MapListing(QueryDict("zoom=6&kommune=0751")).querystring() == "?kommune=0751"
    assert MapListing(QueryDict("zoom=2")).unknown == []
    features = client.get("/kort/data.geojson?zoom=12").json()["features"]
    lists = [address for f in features if (address := f["properties"].get("list"))]
    assert lists
    assert not [address for address in lists if "zoom" in address]


# -- municipalities ---------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("landscape")
@pytest.mark.parametrize("query", ["", "&type=eksempel", "&kommune=0751", "&q=eksempel", "&region=1082"])
def test_municipalities_have_the_numbers_of_the_filters(client: Client, query: str) -> None:
    html = page(client, f"?vis=kommuner{query}")
    assert table(html) == facet(html, "kommune")
    assert len(table(html)) == 98
    assert html.count('<svg class="coi-choropleth"') == 1
    for code, number in table(html).items():
        assert (f'aria-label="{Municipality.objects.get(code=code).name}: ' in html) == bool(number)


@pytest.mark.usefixtures("landscape")
def test_what_only_a_region_is_known_of_is_told_apart(client: Client) -> None:
    html = page(client, "?vis=kommuner")
    assert sum(table(html).values()) == 6
    assert "1 sted gælder en hel region" in html


@pytest.mark.usefixtures("landscape")
def test_without_script_the_map_is_the_drawing(client: Client) -> None:
    html = page(client)
    assert html.count('<svg class="coi-choropleth"') == 1
    assert "Flest: Aarhus 4" in html


@pytest.mark.usefixtures("landscape")
def test_the_table_is_sorted_by_links(client: Client) -> None:
    assert next(iter(table(page(client, "?vis=kommuner&orden=antal")))) == "0751"
    by_name = page(client, "?vis=kommuner&orden=navn")
    assert next(iter(table(by_name))) == "0165"
    assert 'aria-sort="ascending"' in by_name
    assert "Pr. 100.000" not in by_name
    Municipality.objects.filter(code="0461").update(population=10_000, population_year=2026)
    per = page(client, "?vis=kommuner&orden=indbyggere")
    assert next(iter(table(per))) == "0461"
    assert "<td>10,0</td>" in per
    assert "<td>–</td>" in per


@pytest.mark.parametrize(
    ("day", "there", "gone"),
    [
        (dt.date(2026, 12, 31), ["Region Hovedstaden", "Region Sjælland"], ["Region Østdanmark"]),
        (dt.date(2027, 1, 1), ["Region Østdanmark"], ["Region Hovedstaden", "Region Sjælland"]),
        (dt.date(2027, 1, 2), ["Region Østdanmark"], ["Region Hovedstaden", "Region Sjælland"]),
    ],
)
def test_regions_are_those_of_the_day(
    client: Client, coi_clock: Any, day: dt.date, there: list[str], gone: list[str]
) -> None:
    published(title="I København", municipality_id="0101")
    coi_clock(dt.datetime.combine(day, dt.time(12), tzinfo=dt.UTC))
    headings = re.findall(r'scope="rowgroup"[^>]*>([^<]+)<', page(client, "?vis=kommuner"))
    assert set(there) <= set(headings)
    assert not set(gone) & set(headings)
    names = {
        f["properties"]["name"] for f in client.get("/kort/grundkort.json").json()["regions"]["features"]
    }
    assert names == set(headings)


def test_shades_follow_the_largest_number() -> None:
    assert limits(0) == []
    assert limits(1) == [1]
    assert limits(66)[-1] == 66
    assert limits(66) == sorted(set(limits(66)))
    for largest in (1, 2, 3, 7, 50, 1000):
        ends = limits(largest)
        levels = [level(n, ends) for n in range(largest + 1)]
        assert levels == sorted(levels)
        assert levels[0] == 0
        assert levels[-1] == len(ends)


def test_the_drawing_says_itself_in_words() -> None:
    assert Choropleth(MapListing(QueryDict())).described == "Ingen kommuner har noget, der passer."


# -- base map, tiles, frames ------------------------------------------------------------------------------------------


def test_the_base_map_is_kept_and_asked_for_by_its_tag(client: Client) -> None:
    first = client.get("/kort/grundkort.json")
    assert first["Cache-Control"] == "public, max-age=3600"
    assert "Cookie" not in first.get("Vary", "")
    again = client.get("/kort/grundkort.json", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304
    assert len(first.json()["regions"]["features"]) == 5


def test_tiles_are_allowed_on_the_map_only(client: Client, settings: Any) -> None:
    assert "img-src 'self';" in client.get("/kort/")["Content-Security-Policy"] + ";"
    settings.MAP_TILES_URL = "https://{s}.tiles.example/{z}/{x}/{y}.png"
    settings.MAP_TILES_ATTRIBUTION = "© Prøvekort & venner"
    for path in ("/kort/", "/kort/indlejr/"):
        response = client.get(path)
        assert "https://*.tiles.example" in response["Content-Security-Policy"]
        assert "© Prøvekort &amp; venner" in response.content.decode()
        assert 'data-tiles="https://{s}.tiles.example/{z}/{x}/{y}.png"' in response.content.decode()
    assert "tiles.example" not in client.get("/katalog/")["Content-Security-Policy"]
    assert sources("") == []
    assert sources("https://tiles.example:8443/{z}/{x}/{y}.png") == ["https://tiles.example:8443"]


@pytest.mark.usefixtures("landscape")
def test_other_sites_may_show_the_map_and_get_no_cookie(client: Client) -> None:
    client.force_login(UserFactory.create())
    client.cookies["csrftoken"] = "x" * 32
    response = client.get("/kort/indlejr/?type=projekt")
    assert response.status_code == 200
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert "X-Frame-Options" not in response
    assert "frame-ancestors *" in response["Content-Security-Policy"]
    assert "script-src 'self'" in response["Content-Security-Policy"]
    html = response.content.decode()
    assert count(html.replace('class="sr-only" ', "")) == 1
    assert "csrf" not in html
    assert "<header" not in html and "<footer" not in html
    assert 'href="/kort/?type=projekt" target="_top"' in html


@pytest.mark.parametrize(
    "name", ["mapping:map", "home", "catalogue:list", "search", "about", "account_login"]
)
def test_no_other_page_may_be_framed(client: Client, name: str) -> None:
    response = client.get(reverse(name))
    assert response["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in response["Content-Security-Policy"]


@pytest.mark.usefixtures("landscape")
def test_the_code_for_other_sites_has_what_is_chosen(client: Client, settings: Any) -> None:
    html = page(client, "?type=projekt&lat=56.1&lng=10.2&zoom=9&vis=liste")
    address = (
        f"{settings.SITE_URL}/kort/indlejr/?type=projekt&amp;amp;lat=56.1&amp;amp;lng=10.2&amp;amp;zoom=9"
    )
    assert address in html


def test_the_front_page_and_the_menu_lead_here(client: Client) -> None:
    html = client.get("/").content.decode()
    assert html.count('href="/kort/"') >= 4  # two menus, the drawing, the footer

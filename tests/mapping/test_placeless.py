"""What matches but cannot stand on a map: how many the map tells of is how many its list shows."""

from __future__ import annotations

import re

import pytest
from django.http import QueryDict
from django.test import Client

from editorial.actions import index_workplace
from mapping.lists import MapListing, PlacelessListing
from tests.factories import WorkplaceFactory, hidden, public_project, public_story, public_unit, published

pytestmark = pytest.mark.django_db


def landscape() -> None:
    published(title="På kortet", municipality_id="0751", sectors=["kommune"])
    published(title="Kvarterstavler overalt", sectors=["stat"])
    public_story(title="Historien")
    public_project(title="Projektet", sectors=["stat"])
    public_unit(title="Enheden")
    index_workplace(WorkplaceFactory.create(name="Styrelsen", municipality_id=None, sector="stat"))
    for state in ("draft", "submitted", "suspended", "archived"):
        hidden(state, title=f"Skjult {state}")
    entry = published(title="Videnscentret", kind="videnscenter")
    public_unit(title="Enheden i København", municipality_id="0101", same_entry=entry)


def told(html: str) -> tuple[int, str]:
    """The number in the sentence, and where its link leads."""
    found = re.search(r'<a href="([^"]*)">(\d+) passer også', html)
    return (int(found[2]), found[1].replace("&amp;", "&")) if found else (0, "")


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("", {"Kvarterstavler overalt", "Historien", "Projektet", "Enheden", "Styrelsen"}),
        ("?type=projekt", {"Projektet"}),
        ("?type=arbejdsplads&vis=kommuner", {"Styrelsen"}),
        ("?sektor=stat&sort=titel&pr_side=20", {"Kvarterstavler overalt", "Projektet", "Styrelsen"}),
        ("?q=kvarterstavler", {"Kvarterstavler overalt"}),
        ("?lat=56&lng=10&sort=afstand&type=historie", {"Historien"}),
        ("?type=videnscenter", set()),
        ("?region=1082", set()),
        ("?kommune=0751", set()),
        ("?q=findesikke", set()),
    ],
)
def test_the_sentence_and_its_list_are_true(client: Client, query: str, shown: set[str]) -> None:
    """Each row that has no place is on the list, once, nothing hidden is, and the list is as long as promised."""
    landscape()
    html = client.get(f"/kort/{query}").content.decode()
    number, address = told(html)
    assert number == len(shown)
    if not shown:
        return
    assert address.startswith("/kort/?") and "lat=" not in address
    page = client.get(address)
    html = page.content.decode()
    assert {re.sub("<.*?>", "", str(place.title)) for place in page.context["places"]} == shown
    assert f'id="result-count" data-count="{len(shown)}"' in html
    assert 'id="map"' not in html
    assert "passer også" not in html


def test_the_list_has_pages_and_says_when_it_is_empty(client: Client) -> None:
    for n in range(12):
        published(title=f"Nr. {n}")
    page = client.get("/kort/?vis=uden-sted&side=2")
    assert len(page.context["places"]) == 2
    assert client.get("/kort/?vis=uden-sted&side=3").status_code == 404
    empty = client.get("/kort/?vis=uden-sted&region=1082").content.decode()
    assert "Alt, der passer, har et sted på kortet." in empty
    assert client.get("/kort/?vis=uden-sted", headers={"HX-Request": "true"}).status_code == 200


@pytest.mark.parametrize(
    "path", ["/kort/data.geojson?zoom=7&", "/kort/eksport.csv?", "/kort/feed/?", "/kort/indlejr/?"]
)
def test_only_the_page_lists_what_has_no_place(client: Client, path: str) -> None:
    """Data, files, feed and frame stay with what can stand on a map."""
    landscape()
    text = client.get(f"{path}vis=uden-sted").getvalue().decode()
    assert "Kvarterstavler" not in text
    assert text.count("Styrelsen") == 0


def test_what_only_looks_like_the_words_is_not_promised() -> None:
    """A word that is misspelt for what has no place may be right for what has one."""
    published(title="Tavler i Aarhus", municipality_id="0751")
    published(title="Tavlen overalt om noget helt andet")
    listing = MapListing(QueryDict("q=tavler aarhus"))
    assert listing.count == 1
    assert listing.without_place == 0
    assert PlacelessListing(QueryDict("q=overalt")).count == 1


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("vis=kommuner&orden=baglaens", "orden=baglaens"),
        ("vis=kommuner&orden=antal", ""),
        ("vis=alt", "vis=alt"),
        ("lat=%D9%A5%D9%A6&lng=10", "lat=٥٦"),
        ("zoom=23", "zoom=23"),
        ("sort=genbrugt", "sort=genbrugt"),
        ("region=hele", "region=hele"),
        ("sort=%00", ""),
    ],
)
def test_what_the_map_does_not_know_is_named(client: Client, query: str, named: str) -> None:
    """Also what belongs to the page alone: view, position, order of the table."""
    response = client.get(f"/kort/?{query}")
    assert response.status_code == 200
    html = response.content.decode()
    assert (f"Vi kender ikke »{named}«, så det er sprunget over." if named else "</html>") in html
    assert named or "orden=" not in query or "Vi kender ikke" not in html

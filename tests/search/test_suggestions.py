"""Suggestions while typing, and the pages that help when a search was not taken at its word or gave nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from coi import search
from editorial.models import TagSynonym
from tests import pages
from tests.factories import HIDDEN_STATES, TagFactory, WorkplaceFactory, hidden, published


def suggested(client: Client, q: str) -> list[tuple[str, str]]:
    """(type, title) of what is suggested."""
    answer = client.get("/forslag.json", {"q": q})
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/json"
    assert "no-store" in answer["Cache-Control"]
    return [(f["type"], f["titel"]) for f in answer.json()["forslag"]]


@pytest.fixture
def content(db: None) -> None:
    """Entries, tags with a synonym, and workplaces."""
    tag = TagFactory.create(name="ældrepleje")
    TagSynonym.objects.create(tag=tag, name="omsorg")
    published(title="Færre sygedage i Ældrehuset", tags=["ældrepleje"])
    published(title="Et vejledende sygefravær", kind="forskning")
    TagFactory.create(name="uden indhold")
    WorkplaceFactory.create(name="Ældrecenter Åhaven", slug="aahaven").save()
    from editorial.actions import index_all_workplaces

    index_all_workplaces()


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("ældre", [("eksempel", "Færre sygedage i Ældrehuset"), ("emne", "ældrepleje"),
                   ("arbejdsplads", "Ældrecenter Åhaven")]),
        ("aeldre", [("eksempel", "Færre sygedage i Ældrehuset"), ("emne", "ældrepleje"),
                    ("arbejdsplads", "Ældrecenter Åhaven")]),
        ("ålh", []),
        ("åh", [("arbejdsplads", "Ældrecenter Åhaven")]),
        ("aah", [("arbejdsplads", "Ældrecenter Åhaven")]),
        ("omso", [("emne", "ældrepleje")]), ("uden", []), ("f", []), ("", []), ("   ", []),
        ("fravær", [("forskning", "Et vejledende sygefravær")]),
        ("færre syg", [("eksempel", "Færre sygedage i Ældrehuset")]),
        ("i ældrehu", [("eksempel", "Færre sygedage i Ældrehuset")]),
        ("færre færdige", []), ("uddan", []),
    ],
)  # fmt: skip
def test_what_is_suggested(client: Client, content: None, q: str, found: list[tuple[str, str]]) -> None:
    """Titles whose words begin so, in any order of words before; tags by name and synonym; workplaces."""
    assert suggested(client, q) == found


@pytest.mark.parametrize("state", HIDDEN_STATES)
def test_nothing_hidden_is_suggested(client: Client, db: None, state: str) -> None:
    """Neither its title nor a tag that nothing else has."""
    hidden(state, title="Hemmelighed", tags=["hemmeligt emne"])
    assert suggested(client, "hem") == []


def test_few_and_with_addresses(
    client: Client, db: None, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    """Five titles, three tags; every address answers; few queries."""
    for n in range(8):
        published(title=f"Havnen {n}", tags=[f"havn {n}"])
    found = client.get("/forslag.json?q=havn").json()["forslag"]
    assert [f["type"] for f in found] == ["eksempel"] * 5 + ["emne"] * 3
    assert all(client.get(f["url"]).status_code == 200 for f in found)
    with django_assert_max_num_queries(4):
        client.get("/forslag.json?q=havn")


@pytest.mark.parametrize("path", ["/katalog/", "/soeg/"])
def test_a_misspelt_word_gives_results_at_once(client: Client, db: None, path: str) -> None:
    """And says what was looked for instead, with a link to that."""
    published(title="Sygefravær falder")
    response = client.get(path, {"q": "sygfravæær"})
    assert pages.count(response) == 1
    text = pages.text(response)
    assert "Ingen skriver »sygfravæær«." in text
    assert 'href="?q=sygefrav%C3%A6r"' in text
    assert "Mente du" not in pages.text(client.get(path, {"q": "sygefravær"}))


@pytest.mark.parametrize("path", ["/katalog/", "/soeg/"])
def test_some_of_the_words_are_said_to_be_some(client: Client, db: None, path: str) -> None:
    """Where nothing has them all."""
    published(title="Sygefravær falder")
    response = client.get(path, {"q": "sygefravær enhjørning"})
    assert pages.count(response) == 1
    assert "Intet har alle ordene" in pages.text(response)


def test_few_with_all_words_come_first(client: Client, db: None) -> None:
    """And the page says how many they are."""
    published(title="Tillid og sygefravær")
    published(title="Tillid og ledelse i skolen")
    response = client.get("/katalog/", {"q": "tillid ledelse skole"})
    assert "Kun ét sted har alle ordene" not in pages.text(response)
    published(title="Ledelse i skolen")
    response = client.get("/katalog/", {"q": "tillid ledelse skole"})
    assert pages.titles(response) == ["Tillid og ledelse i skolen", "Ledelse i skolen"]
    assert "Kun ét sted har alle ordene" in pages.text(response)


def test_an_empty_result_helps(client: Client, db: None) -> None:
    """What was understood, the nearest words, each word alone, and the wider search, with numbers that hold."""
    published(title="Sygefravær falder")
    WorkplaceFactory.create(name="Enhjørningehuset")
    text = pages.text(client.get("/katalog/", {"q": '"enhjørning på hjul" -kage'}))
    assert "Vi fandt ikke noget om vendingen »enhjørning på hjul«, men uden »kage«" in text
    assert 'href="/soeg/?q=%22enhj' in text
    response = client.get("/katalog/", {"q": "sygefravær -falder"})
    assert pages.count(response) == 0
    assert "»sygefravær«, men uden »falder«" in pages.text(response)
    response = client.get("/soeg/", {"q": '"sygefraværs" '})
    assert pages.count(response) == 0
    assert [(w.q, w.count) for w in response.context["listing"].nearest_words] == [("sygefravær", 1)]


def test_everything_by_kind(client: Client, content: None) -> None:
    """Also what is no entry; the best result's kind first; one kind on a page of its own."""
    response = client.get("/soeg/?q=ældre")
    groups = response.context["groups"]
    assert {g.kind: g.count for g in groups} == {"arbejdsplads": 1, "eksempel": 1}
    for group in groups:
        assert pages.count(client.get(group.url)) == group.count
    one = client.get("/soeg/?q=ældre&type=arbejdsplads")
    assert (pages.count(one), pages.slugs(one)) == (1, ["aahaven"])
    beyond = client.get("/soeg/?q=ældre&type=arbejdsplads&side=2")
    assert beyond.status_code == 404
    assert "Gå til listens sidste side" in pages.text(beyond)
    assert "Vi kender ikke »type=maskine«" in pages.text(client.get("/soeg/?q=ældre&type=maskine"))


def test_a_new_type_needs_no_new_code(client: Client, db: None) -> None:
    """A kind that no area shows cards for comes as a plain result, by what its document says."""
    entry = published(title="Havnen", summary="Om havnen")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE search_document SET kind = 'historie'")
    search.PLURALS["historie"] = "Historier"
    try:
        response = client.get("/soeg/?q=havnen")
    finally:
        del search.PLURALS["historie"]
    assert [(g.kind, g.label, g.count) for g in response.context["groups"]] == [("historie", "Historier", 1)]
    assert f'<h3><a href="{entry.get_absolute_url()}"><mark>Havnen</mark></a></h3>' in pages.text(response)


def test_a_query_that_takes_too_long_is_stopped_kindly(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """503 in plain Danish, with when to try again; nothing of the database's own words."""
    published(title="Havnen i nord")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 50")
    monkeypatch.setattr("search.matching._with_phrases", lambda ids, phrases: _sleep())
    response = client.get("/soeg/", {"q": '"havnen i nord"'})
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    text = pages.text(response)
    assert "Det tog for lang tid" in text
    assert "statement" not in text


def _sleep() -> list[object]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(5)")
    return []

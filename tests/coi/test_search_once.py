"""The search across areas shows each thing once, names what else it is, and counts as its links count."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from editorial.actions import index_workplace
from tests.factories import WorkplaceFactory, public_project, public_unit, published

pytestmark = pytest.mark.django_db


def counts(html: str) -> dict[str, int]:
    return {kind: int(n) for kind, n in re.findall(r'id="group-([a-z]+)" data-count="(\d+)"', html)}


def slugs(html: str) -> list[str]:
    return re.findall(r'data-slug="([^"]*)"', html)


def test_a_unit_that_is_a_workplace_and_an_entry_is_one_result(client: Client) -> None:
    workplace = WorkplaceFactory.create(name="Laboratoriet", slug="laboratoriet-sted")
    index_workplace(workplace)
    entry = published(title="Laboratoriet viser vej", kind="videnscenter")
    unit = public_unit(title="Laboratoriet", same_entry=entry, same_workplace=workplace)
    html = client.get("/soeg/?q=laboratoriet").content.decode()
    assert slugs(html) == [entry.slug]
    assert counts(html) == {"videnscenter": 1}
    assert "også arbejdsplads, innovationsenhed" in html
    for kind in ("enhed", "arbejdsplads", "videnscenter"):
        assert slugs(client.get(f"/soeg/?q=laboratoriet&type={kind}").content.decode()) == [entry.slug]
    entry.suspend(by=None, reason="Prøve")
    html = client.get("/soeg/?q=laboratoriet").content.decode()
    assert slugs(html) == [unit.slug]
    assert "også arbejdsplads" in html


def test_the_count_of_a_group_is_what_its_link_gives(client: Client) -> None:
    entry = published(title="Kvarterstavler i drift")
    public_project(title="Kvarterstavler prøves", example=entry)
    public_project(title="Kvarterstavler igen")
    html = client.get("/soeg/?q=kvarterstavler").content.decode()
    assert counts(html) == {"eksempel": 1, "projekt": 2}
    all_projects = client.get("/soeg/?q=kvarterstavler&type=projekt").content.decode()
    assert 'id="result-count" data-count="2"' in all_projects


def test_words_of_the_project_lead_to_the_example_here_and_not_in_the_catalogue(client: Client) -> None:
    entry = published(title="Morgenmøder for alle")
    public_project(title="Vi prøver", summary="Om kvarterstavler.", example=entry)
    html = client.get("/soeg/?q=kvarterstavler").content.decode()
    assert slugs(html) == [entry.slug]
    link = re.search(r'href="(/[^"]*type=eksempel[^"]*)"', html)
    assert link is None or link[1].startswith("/soeg/")
    assert slugs(client.get("/katalog/?q=kvarterstavler").content.decode()) == []


def test_a_place_is_named_once_in_a_result(client: Client) -> None:
    parent = WorkplaceFactory.create(name="Aarhus Kommune", municipality_id="0751")
    index_workplace(WorkplaceFactory.create(name="Lyngbakken", parent=parent, municipality_id="0751"))
    html = client.get("/soeg/?q=lyngbakken").content.decode()
    assert re.search(r"Aarhus Kommune · \w+\s*<", html) and "· Aarhus Kommune" not in html

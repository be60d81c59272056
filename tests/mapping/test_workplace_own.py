"""A workplace's page: what it shows everybody, and what it asks of its own people."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import (
    ReuseFactory,
    UserFactory,
    WorkplaceFactory,
    contact_person,
    hidden,
    public_project,
    public_story,
    public_unit,
    published,
)

pytestmark = pytest.mark.django_db


def test_everything_it_has_is_there_by_what_it_is(client: Client) -> None:
    workplace = WorkplaceFactory.create(name="Skolen", municipality_id="0751")
    published(owner=workplace, title="Et eksempel")
    public_project(owner=workplace, title="Et forsøg")
    public_unit(owner=workplace, title="Værkstedet")
    public_story(owner=workplace, title="En historie")
    html = client.get(workplace.get_absolute_url()).content.decode()
    for heading in (
        "Det har de delt",
        "Det prøver de af",
        "Innovationsenheder",
        "Gode historier fra borgere",
    ):
        assert heading in html
    assert "Danmark med et mærke i Aarhus Kommune." in html
    assert "Region Midtjylland" in html


def test_what_is_reused_is_told_on_both_pages(client: Client) -> None:
    origin, other = (
        WorkplaceFactory.create(name="Ophavsskolen"),
        WorkplaceFactory.create(name="Genbrugsskolen"),
    )
    entry = published(owner=origin, title="Morgenmøder")
    ReuseFactory.create(entry=entry, workplace=other)
    html = client.get(other.get_absolute_url()).content.decode()
    assert "Det genbruger de" in html and "Morgenmøder" in html
    html = client.get(origin.get_absolute_url()).content.decode()
    assert "Det genbruger andre herfra" in html and "Genbrugsskolen" in html
    entry.suspend(by=None, reason="Prøve")
    assert "Morgenmøder" not in client.get(other.get_absolute_url()).content.decode()


@pytest.mark.parametrize("state", ["draft", "submitted", "suspended", "archived", "withdrawn"])
def test_hidden_content_is_not_there(client: Client, state: str) -> None:
    workplace = WorkplaceFactory.create()
    hidden(state, owner=workplace, title="Må ikke ses")
    assert "Må ikke ses" not in client.get(workplace.get_absolute_url()).content.decode()


def test_its_own_people_are_told_what_is_missing(client: Client) -> None:
    workplace = WorkplaceFactory.create()
    entry = published(owner=workplace, title="Morgenmøder")
    client.force_login(contact_person(workplace))
    html = client.get(workplace.get_absolute_url()).content.decode()
    assert "»Morgenmøder« mangler" in html
    assert f"/katalog/{entry.slug}/ret/" in html


def test_who_has_no_role_may_ask_for_one_while_it_exists(client: Client) -> None:
    workplace = WorkplaceFactory.create()
    address = f"/min-side/arbejdspladser/{workplace.slug}/rolle/"
    assert address in client.get(workplace.get_absolute_url()).content.decode()
    client.force_login(contact_person(workplace))
    assert address not in client.get(workplace.get_absolute_url()).content.decode()
    client.force_login(UserFactory.create())
    assert address in client.get(workplace.get_absolute_url()).content.decode()
    closed = WorkplaceFactory.create(closed_on="2018-01-01")
    assert "/rolle/" not in client.get(closed.get_absolute_url()).content.decode()


def test_the_page_costs_a_fixed_number_of_queries(client: Client, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    workplace = WorkplaceFactory.create(municipality_id="0751")
    for n in range(8):
        published(owner=workplace, title=f"Eksempel {n}")
        ReuseFactory.create(entry=published(), workplace=workplace)
    with django_assert_max_num_queries(24):
        client.get(workplace.get_absolute_url(), HTTP_USER_AGENT="Mozilla/5.0")

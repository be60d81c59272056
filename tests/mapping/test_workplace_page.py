"""A workplace's page: nothing empty takes room, nothing internal is shown."""

import datetime as dt
import re

import pytest
from django.test import Client

from tests import pages
from tests.factories import WorkplaceFactory, published


def body(client: Client, slug: str) -> str:
    """The page's main part."""
    response = client.get(f"/kort/arbejdspladser/{slug}/")
    assert response.status_code == 200
    return pages.text(response).split('<main id="main"')[1].split("</main>")[0]


def test_what_is_empty_takes_no_room(db: None, client: Client) -> None:
    """A workplace of which only name and sector are known."""
    WorkplaceFactory.create(slug="bar", name="Den bare")
    shown = body(client, "bar")
    assert re.findall(r"<h2", shown) == []
    assert len(re.findall(r"<dt>", shown)) == 1
    assert "None" not in shown
    assert "ikke delt noget" in shown


@pytest.mark.parametrize("field", ["mailbox", "note", "cvr"])
def test_what_is_internal_is_not_shown(db: None, client: Client, field: str) -> None:
    """Mailbox and note are for staff; the domains are too."""
    value = {"mailbox": "post@hemmelig.example", "note": "hemmelig note", "cvr": "25313763"}[field]
    workplace = WorkplaceFactory.create(slug="a", **{field: value})
    workplace.domains.create(domain="hemmelig-domain.example")
    shown = body(client, "a")
    assert "hemmelig" not in shown
    assert field == "cvr" or value not in shown


def test_invented_and_closed_workplaces_say_so(db: None, client: Client) -> None:
    """And a closed child is not among those that lie under it."""
    parent = WorkplaceFactory.create(slug="p", is_demo=True)
    WorkplaceFactory.create(slug="aaben", name="Stadig åben", parent=parent)
    WorkplaceFactory.create(
        slug="lukket", name="For længst lukket", parent=parent, closed_on=dt.date(2012, 5, 1)
    )
    shown = body(client, "p")
    assert "Demo: fundet på" in shown
    assert "Stadig åben" in shown
    assert "For længst lukket" not in shown
    assert "Nedlagt 2012" in re.sub(r"\s+", " ", body(client, "lukket"))


def test_each_thing_it_shares_leads_to_its_page(db: None, client: Client) -> None:
    """Owned and taken part in; an entry is not told twice."""
    owner = WorkplaceFactory.create(slug="ejer")
    entry = published(title="Begge dele", owner=owner)
    entry.participations.create(workplace=owner)
    shown = body(client, "ejer")
    assert shown.count('data-slug="begge-dele"') == 1
    assert f'href="{entry.get_absolute_url()}"' in shown

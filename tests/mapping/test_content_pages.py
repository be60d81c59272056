"""Pages of projects and innovation units, and the written ones."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import QueryDict
from django.test import Client

from catalogue.loading import load_all
from editorial.models import Contact, Content
from mapping.lists import MapListing
from mapping.loading import load_landscape
from mapping.models import Project, Unit
from tests.factories import UserFactory, WorkplaceFactory, editor, public_project, public_unit, published

pytestmark = pytest.mark.django_db


def page(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_a_project_shows_what_is_known_and_nothing_empty(client: Client) -> None:
    entry = published(title="Morgenmøder for alle")
    project = public_project(
        title="Vi prøver morgenmøder", goal="At **alle** ved det.", failed="Torsdage gik ikke.", example=entry,
        is_laboratory=True, site="Afsnit 3", municipality_id="0751", status="evaluering",
    )  # fmt: skip
    html = page(client, project.get_absolute_url())
    assert "At <strong>alle</strong> ved det." in html
    assert "Torsdage gik ikke." in html
    assert "Styringslaboratorium" in html
    assert "Afsnit 3, Aarhus Kommune" in html
    assert "Det førte til" in html and "Morgenmøder for alle" in html
    assert "Hypotese" not in html
    assert "Danmark med et mærke i Aarhus Kommune." in html
    assert "Begyndte som projektet" in page(client, entry.get_absolute_url())


def test_what_is_hidden_is_named_nowhere(client: Client) -> None:
    entry = published(title="Morgenmøder for alle")
    project = public_project(title="Vi prøver morgenmøder", example=entry)
    entry.suspend(by=None, reason="Prøve")
    assert "Morgenmøder for alle" not in page(client, project.get_absolute_url())
    entry.publish(by=None)
    project.suspend(by=None, reason="Prøve")
    assert "Vi prøver morgenmøder" not in page(client, entry.get_absolute_url())
    assert client.get(project.get_absolute_url()).status_code == 404
    response = client.get("/sitemap.xml").content.decode()
    assert "/kort/projekter/" not in response


def test_a_unit_that_has_closed_says_so(client: Client) -> None:
    unit = public_unit(title="Laboratoriet", closed_year=2018, after_closing="Opgaverne gik til ministeriet.")
    html = page(client, unit.get_absolute_url())
    assert "Lukket 2018" in html
    assert "Opgaverne gik til ministeriet." in html


def test_nobody_is_sent_to_ask_where_nobody_is_left(client: Client) -> None:
    """What is known from an old source only: ask the workplace, unless it or the unit has closed."""
    owner = WorkplaceFactory.create(name="Amtet", closed_on=dt.date(2006, 12, 31))
    rows = {
        "there": public_unit(title="Den åbne", source_year=2014, source="Bogen"),
        "unit": public_unit(title="Den lukkede", source_year=2014, source="Bogen", closed_year=2018),
        "owner": public_unit(title="Amtets", source_year=2014, source="Bogen", owner=owner),
    }
    asks = {}
    for name, unit in rows.items():
        html = client.get(unit.get_absolute_url()).content.decode()
        assert "Vi kender det kun fra en kilde fra 2014." in html
        asks[name] = "Spørg arbejdspladsen, før I bygger på det." in html
    assert asks == {"there": True, "unit": False, "owner": False}


@pytest.mark.parametrize(
    ("source", "shown"),
    [("Bogen", "Bogen, 2014"), ("Bogen, 2014; avisen, maj 2018", "Bogen, 2014; avisen, maj 2018")],
)
def test_the_year_of_the_source_is_said_once(client: Client, source: str, shown: str) -> None:
    unit = public_unit(source=source, source_year=2014)
    assert f"</strong> {shown}</p>" in client.get(unit.get_absolute_url()).content.decode()


def test_a_contact_is_shown_with_consent_only(client: Client) -> None:
    unit = public_unit(title="Laboratoriet")
    contact = Contact.objects.create(content=unit, name="Ida Prøve", email="ida@example.dk")
    assert "Ida Prøve" not in page(client, unit.get_absolute_url())
    contact.consented_on = "2026-01-01"
    contact.save()
    assert "Ida Prøve" in page(client, unit.get_absolute_url())


def test_where_nothing_more_is_known_the_page_asks(client: Client) -> None:
    assert "Mere ved vi ikke endnu" in page(client, public_project().get_absolute_url())


def test_script_in_any_field_is_text(client: Client) -> None:
    evil = "<script>alert(1)</script>"
    fields = dict.fromkeys(Project.TEXTS, evil)
    project = public_project(
        title=evil, summary=evil, site=evil, partners=evil, period=evil, source=evil, **fields
    )
    assert "<script>alert(1)" not in page(client, project.get_absolute_url())
    unit = public_unit(
        title=evil, size=evil, closed_year=2000, after_closing=evil, **dict.fromkeys(Unit.TEXTS, evil)
    )
    assert "<script>alert(1)" not in page(client, unit.get_absolute_url())


def test_an_old_address_leads_to_the_new_one(client: Client) -> None:
    project = public_project(title="Gammel titel")
    Content.objects.filter(pk=project.pk).update(slug="ny-adresse")
    response = client.get("/kort/projekter/gammel-titel/")
    assert response.status_code == 301 and response["Location"] == "/kort/projekter/ny-adresse/"
    assert client.get("/kort/enheder/ny-adresse/").status_code == 404


def test_a_draft_is_seen_by_its_author_and_editors_only(client: Client) -> None:
    author = UserFactory.create()
    project = public_project(author=author)
    project.suspend(by=None, reason="Prøve")
    assert client.get(project.get_absolute_url()).status_code == 404
    client.force_login(UserFactory.create())
    assert client.get(project.get_absolute_url()).status_code == 404
    client.force_login(author)
    assert "Kun du og redaktionen" in page(client, project.get_absolute_url())
    client.force_login(editor())
    assert "Ret siden" in page(client, project.get_absolute_url())


def test_the_pages_cost_few_queries(client: Client, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    workplace = WorkplaceFactory.create(name="Laboratoriet")
    unit = public_unit(same_workplace=workplace, same_entry=published(kind="videnscenter"), owner=workplace)
    project = public_project(owner=workplace, example=published())
    with django_assert_max_num_queries(16):
        page(client, unit.get_absolute_url())
    with django_assert_max_num_queries(16):
        page(client, project.get_absolute_url())


def test_the_written_ones_are_real_with_source_and_year_or_marked() -> None:
    load_all()
    assert load_landscape() >= 12
    assert load_landscape() == 0
    rows: list[Project | Unit] = [*Project.objects.all(), *Unit.objects.all()]
    real = [row for row in rows if not row.is_demo]
    assert len(real) >= 12
    assert all(row.source and row.source_year for row in real)
    assert all(row.owner is None or row.owner.is_demo for row in rows if row.is_demo)
    mindlab = Unit.objects.get(external_id="enhed-mindlab")
    assert mindlab.closed_year == 2018 and mindlab.same_entry is not None
    listing = MapListing(QueryDict("q=mindlab&type=enhed"))
    assert listing.count == 1  # entry, unit and workplace are one thing


def test_production_gets_no_invented_ones() -> None:
    load_all(demo=False)
    load_landscape(demo=False)
    assert not Content.objects.filter(kind__in=["projekt", "enhed"], is_demo=True).exists()


def test_editors_are_led_to_where_they_correct_it(client: Client) -> None:
    project = public_project(title="Vi prøver")
    edit = f"/admin/mapping/project/{project.pk}/change/"
    assert edit not in page(client, project.get_absolute_url())
    client.force_login(editor())
    assert edit in page(client, project.get_absolute_url())

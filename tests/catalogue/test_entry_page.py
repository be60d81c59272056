"""How an entry is shown: fresh or historical, drawn and told, and never more than may be seen."""

import datetime as dt
import json
import re

import pytest
from django.test import Client
from django.utils import timezone

from catalogue.models import Entry
from catalogue.templatetags import entries
from editorial.models import Picture
from editorial.templatetags import content
from tests.factories import (
    ContactFactory,
    EntryFactory,
    LinkFactory,
    MeasureFactory,
    PictureFactory,
    ReuseFactory,
    UserFactory,
    WorkplaceFactory,
    published,
)

pytestmark = pytest.mark.django_db


def page(client: Client, entry: Entry) -> str:
    """The entry's page as text."""
    response = client.get(entry.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize(
    ("confirmed", "source_year", "tone"),
    [
        (0, None, "fresh"),
        (730, 1999, "fresh"),
        (731, None, "stale"),
        (None, 2014, "historical"),
        (None, None, None),
    ],
)
def test_freshness(confirmed: int | None, source_year: int | None, tone: str | None) -> None:
    """Confirmed lately is fresh, long ago is stale; an old source alone is historical, which is no warning."""
    day = timezone.localdate() - dt.timedelta(days=confirmed) if confirmed is not None else None
    found = content.freshness(Entry(confirmed_on=day, source_year=source_year))
    assert (found.tone if found else None) == tone


def test_a_source_from_this_year_is_not_historical() -> None:
    """Nothing is said about what is neither confirmed nor old."""
    assert content.freshness(Entry(source_year=timezone.localdate().year)) is None


@pytest.mark.parametrize(("share", "width"), [(0.0, "0%"), (0.5, "39%"), (1.0, "78%")])
def test_bars_are_drawn_from_zero_without_a_danish_comma(share: float, width: str) -> None:
    """An SVG attribute with a comma would draw nothing."""
    assert entries.bar_width(share) == width


def test_years_have_no_thousands_separator(client: Client) -> None:
    """2014 is a year, not two thousand and fourteen of something."""
    entry = published(year_from=2008, year_to=2014, source="En rapport", source_year=2014)
    html = page(client, entry)
    assert "2008–2014" in html
    assert "kilde fra 2014" in html
    assert "2.014" not in html


def test_effect_is_drawn_told_and_tabled(client: Client) -> None:
    """The same numbers three times; the drawing is hidden from screen readers, which hear the sentence."""
    entry = EntryFactory.create(effect="Færre klager.")
    MeasureFactory.create(entry=entry)
    entry.publish(by=None)
    html = page(client, entry)
    assert 'width="78%"' in html
    assert 'width="32%"' in html
    assert "Klager om måneden faldt fra 46 til 19" in html
    assert re.search(r"<th scope=\"row\">Klager om måneden</th><td>46</td><td>19</td>", html)


def test_the_reuse_tree_shows_who_built_on_whom(client: Client) -> None:
    """A reuse of a reuse stands below it; what is not shown is not there at all."""
    entry = published(owner=WorkplaceFactory.create(name="Først Kommune"))
    first = ReuseFactory.create(entry=entry, workplace=WorkplaceFactory.create(name="Anden Kommune"))
    ReuseFactory.create(
        entry=entry, parent=first, kind="tilpasset", workplace=WorkplaceFactory.create(name="Tredje Kommune")
    )
    ReuseFactory.create(entry=entry, visible=False, workplace=WorkplaceFactory.create(name="Skjult Kommune"))
    html = page(client, entry)
    assert re.search(
        r"Anden Kommune</b> kopierede det.*<ul>.*Tredje Kommune</b> tilpassede det", html, re.DOTALL
    )
    assert "Skjult Kommune" not in html


def test_a_contact_is_shown_only_with_consent(client: Client) -> None:
    """Without a date for the consent, neither name nor address."""
    entry = published()
    contact = ContactFactory.create(content=entry)
    assert contact.name not in page(client, entry)
    contact.consented_on = timezone.localdate()
    contact.save()
    html = page(client, entry)
    assert contact.name in html
    assert contact.email in html


def test_empty_sections_take_no_room(client: Client) -> None:
    """An entry with a summary alone has no headings of sections, and no figures to start."""
    html = page(client, published())
    for heading in ("Virkning", "Proces", "Betingelser", "For at komme i gang", "Hvem har genbrugt det"):
        assert f">{heading}</h" not in html


def test_the_table_of_contents_leads_to_what_is_there(client: Client) -> None:
    """Every anchor exists."""
    html = page(client, published(problem="Svært.", effect="Bedre.", conditions_core="Tid."))
    anchors = set(re.findall(r'<li><a href="#([a-z]+)"', html))
    assert {"problem", "virkning", "betingelser"} <= anchors
    assert all(f'id="{anchor}"' in html for anchor in anchors)


def test_structured_data_cannot_leave_its_element(client: Client) -> None:
    """Whatever a title holds, the JSON is one script element and reads back as it was."""
    title = 'Slut </script><script>alert("x")</script> & æøå'
    html = page(client, published(title=title))
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    assert len(found) == 1
    assert json.loads(found[0])["headline"] == title
    assert "<script>alert" not in html


def test_a_picture_comes_in_sizes_with_its_text(client: Client) -> None:
    """Smaller versions, width and height so that nothing jumps, and the alternative text."""
    entry = published()
    picture: Picture = PictureFactory.create(content=entry)
    html = page(client, entry)
    assert f'alt="{picture.alt}"' in html
    assert "400w" in html
    assert 'width="1200" height="800"' in html


def test_links_and_checks(client: Client) -> None:
    """A link says when somebody last looked at it."""
    entry = published()
    LinkFactory.create(
        content=entry, title="Slides", note="kildeadresse, 2014", checked_on=dt.date(2026, 3, 1)
    )
    html = page(client, entry)
    assert "kildeadresse, 2014" in html
    assert "Set efter" in html
    assert "1. marts 2026" in html


def test_what_is_over_says_so(client: Client) -> None:
    """A dead example must not look alive, on its page or in a list."""
    entry = published(status="afsluttet")
    assert '<span class="coi-chip">Afsluttet</span>' in page(client, entry)
    assert '<span class="coi-chip">Afsluttet</span>' in client.get("/katalog/").content.decode()


def test_an_archived_entry_has_a_banner(client: Client) -> None:
    """It can be read, and says that nobody keeps it up."""
    entry = published()
    entry.archive(by=None)
    assert "Siden er arkiveret" in page(client, entry)


@pytest.mark.parametrize("state", ["draft", "suspended"])
def test_what_is_not_public_stays_in_no_cache(client: Client, state: str) -> None:
    """Staff see it; neither a proxy nor the browser keeps it, and everybody else gets 404."""
    entry = published()
    Entry.objects.filter(pk=entry.pk).update(state=state)
    assert client.get(entry.get_absolute_url()).status_code == 404
    client.force_login(UserFactory.create(is_staff=True, is_superuser=True))
    response = client.get(entry.get_absolute_url())
    assert response.status_code == 200
    assert {"no-store", "private"} <= set(response["Cache-Control"].split(", "))

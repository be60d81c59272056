"""Feed, collections, subjects, tags, front page, site map: what the lists' neighbours promise."""

import datetime as dt
import html
from urllib.parse import parse_qs, urlparse
from xml.etree import ElementTree

import pytest
from django.test import Client

from editorial.actions import merge_tags
from editorial.models import SubjectArea, Tag
from places.models import Succession
from tests import pages
from tests.factories import (
    ChapterFactory,
    CollectionEntryFactory,
    WorkplaceFactory,
    WorkplacePeriodFactory,
    hidden,
    published,
)

ATOM = "{http://www.w3.org/2005/Atom}"


def feed(client: Client, query: str = "") -> ElementTree.Element:
    """The feed, parsed."""
    response = client.get(f"/katalog/feed/{query}")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def texts(root: ElementTree.Element, path: str) -> list[str]:
    """The texts at a path."""
    return [e.text or "" for e in root.findall(path.replace("a:", ATOM))]


def test_the_feed_is_atom(db: None, client: Client) -> None:
    """What RFC 4287 requires: id, title, updated, author; ids that stay when the address changes."""
    published(
        title="Første & <b>fed</b>", owner=WorkplaceFactory.create(name="Ejeren"), day=dt.date(2026, 1, 1)
    )
    entry = published(title="Anden", day=dt.date(2026, 2, 1))
    root = feed(client)
    assert root.tag == f"{ATOM}feed"
    assert len(texts(root, "a:id")) == len(texts(root, "a:title")) == len(texts(root, "a:updated")) == 1
    assert texts(root, "a:entry/a:title") == ["Anden", "Første & <b>fed</b>"]
    assert texts(root, "a:entry/a:id")[0] == f"urn:uuid:{entry.uuid}"
    assert texts(root, "a:entry/a:author/a:name") == ["Center for Offentlig Innovation", "Ejeren"]
    for stamp in (
        texts(root, "a:updated") + texts(root, "a:entry/a:updated") + texts(root, "a:entry/a:published")
    ):
        assert dt.datetime.fromisoformat(stamp).tzinfo
    for link in root.iter(f"{ATOM}link"):
        address = urlparse(link.get("href"))
        assert address.scheme and address.netloc
        assert client.get(address.path, parse_qs(address.query)).status_code == 200


def test_the_feed_honours_the_filters(db: None, client: Client) -> None:
    """The same entries as the list; its links name the choice; an empty one is a feed too."""
    published(title="Statens", sectors=["stat"])
    published(title="Kommunens", sectors=["kommune"])
    root = feed(client, "?sektor=stat&q=statens&sort=titel&side=1&ukendt=x&region=9999")
    assert texts(root, "a:entry/a:title") == ["Statens"]
    (title,) = texts(root, "a:title")
    assert "statens" in title and "staten" in title
    (own,) = [e.get("href") or "" for e in root.findall(f"{ATOM}link") if e.get("rel") == "self"]
    assert parse_qs(urlparse(own).query) == {"q": ["statens"], "sektor": ["stat"]}
    assert texts(feed(client, "?q=findesikke"), "a:entry/a:title") == []
    assert len(texts(feed(client, "?q=findesikke"), "a:updated")) == 1


@pytest.mark.parametrize("character", ["\x0b", "\x1f", "\ufffe", "\uffff", "\x85"])
def test_no_character_breaks_the_feed(db: None, client: Client, character: str) -> None:
    """What a title may hold by way of an import, XML may not."""
    owner = WorkplaceFactory.create(name=f"Ej{character}er")
    published(title=f"Ti{character}tel", summary=f"Re{character}sumé", owner=owner)
    assert len(texts(feed(client), "a:entry/a:title")) == 1


def test_a_summary_stays_text_in_the_feed(db: None, client: Client) -> None:
    """The feed says that it is HTML, so it is escaped."""
    published(summary="3 < 5 & <script>alert(1)</script>")
    root = feed(client)
    (summary,) = root.findall(f"{ATOM}entry/{ATOM}summary")
    assert (summary.get("type"), html.unescape(summary.text or "")) == (
        "html",
        "3 < 5 & <script>alert(1)</script>",
    )
    assert "<" not in (summary.text or "")


def test_the_feed_is_bounded(db: None, client: Client) -> None:
    """The newest fifty."""
    for n in range(52):
        published(kind="vaerktoej", title=f"V{n}", day=dt.date(2026, 1, 1) + dt.timedelta(n))
    found = texts(feed(client), "a:entry/a:title")
    assert found == [f"V{n}" for n in range(51, 1, -1)]


def test_a_collection_keeps_its_order(db: None, client: Client) -> None:
    """Chapters and entries as staff put them; a chapter without public entries is left out."""
    first = ChapterFactory.create(title="Første kapitel", position=1, introduction="**Ind**ledning")
    last = ChapterFactory.create(title="Sidste kapitel", position=2, collection=first.collection)
    ChapterFactory.create(title="Tomt kapitel", position=0, collection=first.collection)
    entries = [published(title=f"Nr {n}") for n in range(3)]
    CollectionEntryFactory.create(chapter=first, entry=entries[2], position=0)
    CollectionEntryFactory.create(chapter=first, entry=entries[0], position=1)
    CollectionEntryFactory.create(chapter=last, entry=entries[1], position=0)
    response = client.get(first.collection.get_absolute_url())
    assert pages.slugs(response) == ["nr-2", "nr-0", "nr-1"]
    text = pages.text(response)
    assert text.index("Første kapitel") < text.index("Sidste kapitel")
    assert "Tomt kapitel" not in text
    assert "<strong>Ind</strong>ledning" in text


def test_every_subject_area_has_a_page(db: None, client: Client) -> None:
    """Also those with nothing yet."""
    published(subject_areas=["skole"], title="Skole")
    for area in SubjectArea.objects.all():
        response = client.get(area.get_absolute_url())
        assert (response.status_code, pages.count(response)) == (200, area.slug == "skole")
    assert client.get("/katalog/fagomraader/findes-ikke/").status_code == 404
    assert client.get("/katalog/emner/findes-ikke/").status_code == 404


def test_empty_pages_answer(db: None, client: Client) -> None:
    """Before there is any content at all."""
    for path in (
        "/",
        "/katalog/",
        "/katalog/emner/",
        "/katalog/samlinger/",
        "/katalog/feed/",
        "/soeg/",
        "/sitemap.xml",
    ):
        assert client.get(path).status_code == 200, path


def test_the_search_of_the_portal_groups_by_type(db: None, client: Client) -> None:
    """The best result's group first, five of each, a link to the rest, and numbers that hold."""
    for n in range(7):
        published(kind="vaerktoej", title=f"Havn {n}")
    published(kind="forskning", title="Havn forsket")
    response = client.get("/soeg/?q=havn")
    assert pages.count(response) == 8
    groups = response.context["groups"]
    assert [(g.kind, g.count, len(g.results)) for g in groups] == [("vaerktoej", 7, 5), ("forskning", 1, 1)]
    for group in groups:
        assert pages.count(client.get(group.url)) == group.count
    assert len(pages.slugs(response)) == 6
    narrowed = client.get("/soeg/?q=havn&type=forskning")
    assert (pages.count(narrowed), pages.slugs(narrowed)) == (1, ["havn-forsket"])


def test_the_site_map_names_every_public_page(db: None, client: Client) -> None:
    """And each of them answers."""
    published(title="I kortet", owner=WorkplaceFactory.create(slug="ejer"), tags=["adresser"])
    hidden("suspended", title="Taget ned", tags=["hemmeligt"])
    CollectionEntryFactory.create(entry=published(), chapter__collection__slug="samling")
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    paths = [
        urlparse(e.text or "").path for e in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
    ]
    assert {
        "/",
        "/katalog/",
        "/katalog/i-kortet/",
        "/katalog/samlinger/samling/",
        "/kort/arbejdspladser/ejer/",
        "/katalog/emner/adresser/",
        "/katalog/fagomraader/aeldre/",
    } <= set(paths)
    assert "/katalog/emner/hemmeligt/" not in paths
    assert len(paths) == len(set(paths))
    for path in paths:
        assert client.get(path).status_code == 200, path


def test_a_workplace_tells_what_it_was_and_became(db: None, client: Client) -> None:
    """Former names, where it belongs, who took over, what it shares and takes part in."""
    parent = WorkplaceFactory.create(name="Moderen")
    old = WorkplaceFactory.create(
        slug="gammel", name="Det gamle", closed_on=dt.date(2018, 1, 1), parent=parent
    )
    WorkplacePeriodFactory.create(workplace=old, name="Det ældgamle", valid_to=dt.date(2010, 1, 1))
    new = WorkplaceFactory.create(slug="ny", name="Det nye")
    Succession.objects.create(predecessor=old, successor=new, kind="merged", year=2018)
    published(title="Eget indlæg", owner=old)
    published(title="Andres indlæg").participations.create(workplace=old)
    text = pages.text(client.get("/kort/arbejdspladser/gammel/"))
    for words in ("Det ældgamle", "Moderen", "Det nye", "2018", "Nedlagt", "Eget indlæg", "Andres indlæg"):
        assert words in text, words
    assert "Det gamle" in pages.text(client.get("/kort/arbejdspladser/ny/"))
    assert "Det gamle" in pages.text(client.get(parent.get_absolute_url())) or old.closed_on


@pytest.mark.django_db
def test_the_address_of_a_merged_tag_leads_to_the_one_it_became(client: Client) -> None:
    keep, gone = Tag.objects.create(name="kø"), Tag.objects.create(name="ventetid på svar")
    merge_tags(keep=keep, others=[gone], by=None)
    published(tags=["kø"])
    answer = client.get("/katalog/emner/ventetid-paa-svar/")
    assert (answer.status_code, answer["Location"]) == (301, keep.get_absolute_url())
    assert client.get("/katalog/emner/aldrig-set/").status_code == 404


@pytest.mark.django_db
def test_a_tags_number_is_what_its_page_shows(client: Client) -> None:
    published(tags=["kø"])
    published(tags=["kø"])
    hidden("suspended", tags=["kø", "hemmeligt"])
    text = pages.text(client.get("/katalog/emner/"))
    assert 'kø</a> <span class="coi-number coi-muted">2</span>' in text
    assert "hemmeligt" not in text
    assert 'data-count="2"' in pages.text(client.get("/katalog/emner/koe/"))
    assert client.get("/katalog/emner/hemmeligt/").status_code == 404
    assert "hemmeligt" not in pages.text(client.get("/katalog/?q=x")), (
        "nor as a name where the address asks for it"
    )
    assert "»emne=hemmeligt«" in pages.text(client.get("/katalog/?emne=hemmeligt")), (
        "named as unknown, as typed"
    )

"""What is hidden shows nowhere: not in lists, numbers, snippets, feeds, maps of the site or pages about others."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from catalogue.models import Entry
from catalogue.related import related
from editorial.models import Tag
from places.models import Workplace
from tests import pages
from tests.factories import (
    HIDDEN_STATES,
    ChapterFactory,
    CollectionEntryFactory,
    ReuseFactory,
    WorkplaceFactory,
    hidden,
    published,
)

WORD = "Hemmelighed"
COMMON = {"tags": ["tillid"], "subject_areas": ["aeldre"], "municipality_id": "0751", "sectors": ["stat"],
          "values": ["kvalitet"], "year_from": 2014, "year_to": 2014}  # fmt: skip


@pytest.fixture(params=HIDDEN_STATES)
def pair(request: pytest.FixtureRequest, db: None) -> tuple[Entry, Entry]:
    """A visible entry and a hidden one that resembles it in everything but the word."""
    owner = WorkplaceFactory.create(slug="ejer", name="Ejeren")
    visible = published(title="Fælles emne", owner=owner, **COMMON)
    texts = {"title": f"Fælles emne {WORD}", "summary": WORD, "body": f"fælles {WORD}"}
    other = hidden(request.param, owner=owner, **texts, **COMMON)
    for entry in (other, visible):
        entry.participations.create(workplace=Workplace.objects.get(), role="med")
    chapter = ChapterFactory.create(collection__slug="samling")
    for entry in (visible, other):
        CollectionEntryFactory.create(chapter=chapter, entry=entry)
    return visible, other


PAGES = [
    "/", "/katalog/", "/katalog/?q=fælles", "/katalog/?sektor=stat&region=1082&kommune=0751&emne=tillid&aar=2014",
    "/katalog/?sort=titel&pr_side=50", "/katalog/feed/", "/katalog/feed/?q=fælles", "/soeg/?q=fælles",
    "/soeg/?q=ejeren",
    "/katalog/emner/", "/katalog/emner/tillid/", "/katalog/fagomraader/aeldre/", "/katalog/samlinger/",
    "/katalog/samlinger/samling/", "/kort/arbejdspladser/ejer/", "/sitemap.xml", "/katalog/faelles-emne/",
    "/kort/data.geojson?zoom=7", "/kort/data.geojson?zoom=16&q=fælles", "/kort/feed/",
]  # fmt: skip


def test_no_page_shows_it(pair: tuple[Entry, Entry], client: Client) -> None:
    """Neither its words nor its address."""
    visible, other = pair
    for path in PAGES:
        response = client.get(path)
        assert response.status_code == 200, path
        text = pages.text(response)
        assert WORD.lower() not in text.lower(), path
        assert str(other.uuid) not in text, path
        if "samlinger/" not in path and path not in ("/katalog/emner/",):
            assert visible.title in text or (visible.slug or "") in text, path


def test_no_number_counts_it(pair: tuple[Entry, Entry], client: Client) -> None:
    """Neither results nor facets nor the numbers of the front page and of tags."""
    for path in ("/katalog/", "/katalog/?q=fælles", "/katalog/emner/tillid/", "/katalog/fagomraader/aeldre/"):
        response = client.get(path)
        assert pages.count(response) == len(pages.slugs(response)) == 1, path
        assert {n for n, _ in pages.facet_items(response).values()} == {0, 1}
    home = client.get("/").context
    assert (
        home["total"] == sum(t.count for t in home["types"]) == sum(s.count for s in home["map"].shapes) == 1
    )
    assert pages.count(client.get("/soeg/?q=fælles")) == 1
    for area in client.get("/katalog/emner/").context["subject_areas"]:
        assert area.count == (area.choice.value == "aeldre")


@pytest.mark.parametrize("path", ["/katalog/", "/soeg/", "/katalog/feed/"])
def test_no_search_for_its_words_finds_it(pair: tuple[Entry, Entry], client: Client, path: str) -> None:
    """Nothing comes, not even a near miss."""
    response = client.get(path, {"q": WORD})
    assert not pages.slugs(response)
    assert "<entry>" not in pages.text(response)
    if "feed" not in path:
        assert pages.count(response) == 0


def test_its_own_page_is_for_staff(pair: tuple[Entry, Entry], client: Client) -> None:
    """404 for readers, by slug and by uuid; only what is archived can be read, with a banner."""
    other = pair[1]
    addresses = [reverse("catalogue:preview", args=[other.uuid]), other.get_absolute_url()]
    for address in addresses:
        response = client.get(address, follow=True)
        if other.state == "archived":
            assert (response.status_code, "Siden er arkiveret" in pages.text(response)) == (200, True)
        else:
            assert response.status_code == 404
            assert WORD not in pages.text(response)


def test_it_is_not_related_to_anything(pair: tuple[Entry, Entry]) -> None:
    """Nor is an entry to itself."""
    visible, other = pair
    assert related(visible) == []
    assert related(other) == [visible]


def test_it_does_not_make_a_tag_appear(db: None, client: Client) -> None:
    """A tag that only hidden entries have is not listed; its page is not there."""
    hidden("draft", tags=["kun skjult"])
    assert "kun skjult" not in pages.text(client.get("/katalog/emner/"))
    slug = Tag.objects.get(name="kun skjult").slug
    assert client.get(f"/katalog/emner/{slug}/").status_code == 404
    assert not [k for k in pages.facet_items(client.get("/katalog/")) if k[0] == "emne"]


def test_hidden_reuse_is_not_counted(db: None, client: Client) -> None:
    """Only what is shown and in use counts, on cards, pages and in the order."""
    entry = published(title="Genbrugt")
    ReuseFactory.create(entry=entry, workplace__name="Vist sted")
    ReuseFactory.create(entry=entry, workplace__name="Skjult sted", visible=False)
    ReuseFactory.create(entry=entry, workplace__name="Stoppet sted", phase="stoppet")
    entry.reindex()
    assert entry.document.reuse_count == 1
    text = pages.text(client.get("/katalog/genbrugt/"))
    assert "Skjult sted" not in text
    assert "Stoppet sted" in text
    assert re.search(r"Genbrugt 1 sted\b", pages.text(client.get("/katalog/")))


def test_an_unpublished_collection_is_hidden(db: None, client: Client) -> None:
    """From overview, front page and site map."""
    chapter = ChapterFactory.create(
        collection__slug="kladde", collection__title=WORD, collection__published=False
    )
    CollectionEntryFactory.create(chapter=chapter, entry=published())
    assert client.get("/katalog/samlinger/kladde/").status_code == 404
    for path in ("/", "/katalog/samlinger/", "/sitemap.xml"):
        assert WORD not in pages.text(client.get(path))
        assert "kladde" not in pages.text(client.get(path))

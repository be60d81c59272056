"""An entry's page: every type, full and nearly empty; who sees it; what it never shows."""

import datetime as dt
import json
import re

import pytest
from django.test import Client
from django.urls import reverse

from catalogue.choices import KINDS
from catalogue.models import Entry
from catalogue.related import related
from catalogue.sections import SECTIONS
from editorial.choices import State
from tests import pages
from tests.factories import (
    HIDDEN_STATES,
    ContactFactory,
    EntryFactory,
    LinkFactory,
    MeasureFactory,
    PictureFactory,
    ReuseFactory,
    UserFactory,
    WorkplaceFactory,
    WorkplacePeriodFactory,
    hidden,
    published,
)


def full(kind: str) -> Entry:
    """An entry with something in every field and every row."""
    owner = WorkplaceFactory.create(name="Nu heder vi")
    WorkplacePeriodFactory.create(workplace=owner, name="Dengang hed vi", valid_to=dt.date(2020, 1, 1))
    texts = {name: f"Tekst om **{name}**." for name in Entry.TEXTS}
    entry: Entry = EntryFactory.create(
        kind=kind, title=f"Fuldt {kind}", owner=owner, tags=["tillid"], status="drift", municipality_id="0751",
        sectors=["kommune", "stat"], year_from=2014, year_to=2016, values=["kvalitet"], innovation_types=["service"],
        novelty="foerst", period="2014-2016", funders="En fond", authors="A. Forfatter", publisher="Et forlag",
        hours_to_start=1200, cost_to_start=1234567, months_to_start=9, source="En rapport", source_year=2016,
        confirmed_on=dt.date(2026, 1, 2), **texts,
    )  # fmt: skip
    MeasureFactory.create(entry=entry, before="1234.5", after="19.25", evidence="Talt op")
    entry.timeline.create(when="Marts 2014", text="Det begyndte")
    entry.steps.create(title="Første trin", text="Gør sådan")
    entry.questions.create(question="Hvad var sværest?", answer="At begynde", answered_by="Bo, leder")
    LinkFactory.create(content=entry, title="Selve rapporten", checked_on=dt.date(2026, 1, 2))
    PictureFactory.create(content=entry, caption="Et møde")
    ReuseFactory.create(entry=entry, workplace__name="En anden kommune", what_changed="Det halve")
    entry.participations.create(workplace=WorkplaceFactory.create(name="En medspiller"), role="betaler")
    entry.publish(by=None)
    return entry


def body(response: object) -> str:
    """What stands in the page's main part."""
    return pages.text(response).split('<main id="main"')[1].split("</main>")[0]  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", KINDS)
def test_everything_an_entry_has_is_shown(db: None, client: Client, kind: str) -> None:
    """Whatever its type: what somebody took the trouble to write can be read."""
    entry = full(kind)
    response = client.get(entry.get_absolute_url())
    assert response.status_code == 200
    shown = body(response)
    for name in Entry.TEXTS:
        assert f"<strong>{name}</strong>" in shown, name
    for words in ("Dengang hed vi", "hedder i dag Nu heder vi", "En medspiller", "betaler", "Det begyndte",
                  "Første trin",
                  "Hvad var sværest?", "Bo, leder", "Selve rapporten", "En anden kommune", "Det halve", "En rapport",
                  "A. Forfatter", "Et forlag", "En fond", "1.234,5", "19,25", "faldt fra", "Et møde"):  # fmt: skip
        assert words in shown, words
    assert re.search(r"1\.234\.567", shown)
    anchors = re.findall(r'<li><a href="#([a-z]+)">', shown)
    assert anchors == [s.anchor for s in SECTIONS[kind]] + ["med", "videre"]
    assert all(re.search(rf'id="{anchor}"', shown) for anchor in anchors)


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_empty_takes_no_room(db: None, client: Client, kind: str) -> None:
    """No heading, no label, no list without a line."""
    entry = published(kind=kind, title="Næsten tomt", status="drift" if kind == "eksempel" else "")
    response = client.get(entry.get_absolute_url())
    assert response.status_code == 200
    shown = body(response)
    headings = [
        re.sub(r"<[^>]+>", "", h).strip() for h in re.findall(r"<h[23][^>]*>(.*?)</h[23]>", shown, re.S)
    ]
    assert headings == ["Kan I bruge det?", "Kilde og deling", "Tal om det"]
    assert all(text.strip() for text in re.findall(r"<dd>(.*?)</dd>", shown, re.S))
    assert not re.search(r"<(ul|ol|dl|table|p|figure|section|strong)\b[^>]*>\s*</\1>", shown)
    for word in (
        "None",
        "Kilde:",
        "Hvem kan svare",
        "Sammen med",
        "ikke opgjort",
        "Se mere om:</strong> </p>",
    ):
        assert word not in shown, word


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("who", ["anonymous", "citizen", "author", "admin"])
def test_who_sees_which_state(db: None, client: Client, state: str, who: str) -> None:
    """Readers: public and archived. The author and staff: all. Invisible is 404, by slug and by uuid."""
    user = UserFactory.create(admin=who == "admin")
    entry = published() if state == "published" else hidden(state)
    if who == "author":
        Entry.objects.filter(pk=entry.pk).update(author=user)
    if who != "anonymous":
        client.force_login(user)
    seen = state in ("published", "archived") or who in ("author", "admin")
    preview = client.get(reverse("catalogue:preview", args=[entry.uuid]), follow=True)
    assert preview.status_code == (200 if seen else 404)
    if entry.slug:
        page = client.get(f"/katalog/{entry.slug}/")
        assert page.status_code == (200 if seen else 404)
        assert preview.redirect_chain == ([(f"/katalog/{entry.slug}/", 302)] if seen else [])
    if seen:
        text = pages.text(preview)
        assert ("Siden er ikke offentlig" in text) is (state not in ("published", "archived"))
        assert ("Siden er arkiveret" in text) is (state == "archived")
        assert ('content="noindex' in text) is (state not in ("published", "archived"))
        assert ("application/ld+json" in text) is (state in ("published", "archived"))
        corrects = who == "admin" or (who == "author" and state in ("published", "archived"))
        assert ("Ret siden" in text) is corrects


def test_a_preview_of_nothing_is_404(db: None, client: Client) -> None:
    """No hint of what exists."""
    assert client.get("/katalog/00000000-0000-4000-8000-000000000000/").status_code == 404
    assert client.get("/katalog/findes-ikke/").status_code == 404


def test_a_demonstration_says_so(db: None, client: Client) -> None:
    """On its page and wherever it is listed."""
    entry = published(title="Opdigtet", is_demo=True)
    real = published(title="Virkeligt")
    assert "Demo: fundet på" in body(client.get(entry.get_absolute_url()))
    assert "Demo: fundet på" not in body(client.get(real.get_absolute_url()))
    for path in ("/katalog/", "/soeg/?q=opdigtet"):
        article = re.search(r'<article[^>]*data-slug="opdigtet".*?</article>', body(client.get(path)), re.S)
        assert article is not None
        assert "Demo" in article[0]


@pytest.mark.parametrize("consented", [None, dt.date(2026, 1, 1)])
def test_a_contact_is_shown_only_with_consent(db: None, client: Client, consented: dt.date | None) -> None:
    """On the page; in lists, feeds and data about the page never."""
    entry = published(title="Med kontakt")
    ContactFactory.create(content=entry, consented_on=consented)
    page = pages.text(client.get(entry.get_absolute_url()))
    for word in ("Karen Kontakt", "karen.kontakt@example.dk", "12 34 56 78"):
        assert (word in page) is (consented is not None)
        for path in ("/katalog/", "/katalog/feed/", "/soeg/?q=kontakt", "/katalog/?q=Karen"):
            assert word not in pages.text(client.get(path))
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    assert data is not None
    assert "Karen" not in data[1]


def test_no_address_or_key_of_a_person_is_shown(db: None, client: Client) -> None:
    """Neither the author's nor the workplace's mailbox."""
    author = UserFactory.create(email="privat@example.dk", name="Hans Hemmelig")
    owner = WorkplaceFactory.create(mailbox="postkasse@example.dk", note="intern note")
    entry = published(author=author, owner=owner)
    for path in (entry.get_absolute_url(), owner.get_absolute_url(), "/katalog/", "/katalog/feed/"):
        text = pages.text(client.get(path))
        for word in (
            "privat@example.dk",
            "Hans Hemmelig",
            "postkasse@example.dk",
            "intern note",
            str(author.key),
        ):
            assert word not in text


def test_machines_read_the_same(db: None, client: Client) -> None:
    """JSON-LD parses, says what the page says, and cannot end its element."""
    entry = published(title="</script><script>alert(1)</script> & co", source="Kilde", source_year=2014)
    text = pages.text(client.get(entry.get_absolute_url()))
    assert "<script>alert(1)" not in text
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
    assert data is not None
    found = json.loads(data[1])
    assert (found["name"], found["citation"]) == (entry.title, "Kilde")
    assert found["url"].endswith(entry.get_absolute_url())


@pytest.mark.parametrize(
    ("fields", "tone"),
    [
        ({"confirmed_on": dt.date.today()}, "is-fresh"),
        ({"confirmed_on": dt.date(2015, 1, 1)}, "is-stale"),
        ({"source_year": 2014}, "is-historical"),
        ({"source_year": 2014, "confirmed_on": dt.date.today()}, "is-fresh"),
        ({"source_year": dt.date.today().year}, None),
        ({}, None),
    ],
)
def test_how_fresh_it_is(db: None, client: Client, fields: dict[str, object], tone: str | None) -> None:
    """Confirmed, perhaps outdated, historical in a neutral tone, or nothing."""
    shown = body(client.get(published(**fields).get_absolute_url()))
    assert {t for t in ("is-fresh", "is-stale", "is-historical") if t in shown} == ({tone} if tone else set())


def test_related_is_the_most_alike_and_never_itself(db: None) -> None:
    """At most three, by tags, areas and words; hidden ones never."""
    entry = published(title="Tavlemøder på plejehjem", tags=["tavlemøder", "plejehjem"])
    twin = published(title="Tavlemøder på sygehus", tags=["tavlemøder", "plejehjem"])
    cousin = published(title="Noget andet", tags=["plejehjem"])
    published(title="Uden forbindelse", subject_areas=["skole"])
    for state in HIDDEN_STATES:
        hidden(state, title="Tavlemøder på plejehjem", tags=["tavlemøder", "plejehjem"])
    assert related(entry) == [twin, cousin]
    for n in range(4):
        published(title=f"Tavlemøder {n}", tags=["tavlemøder"])
    assert len(related(entry)) == 3
    assert entry not in related(entry)
    assert related(entry)[0] == twin


@pytest.mark.parametrize("title", ["💡", "og", "a b c", "''", "- or -", "%_\\"])
def test_related_of_hardly_anything(db: None, title: str) -> None:
    """No tags, no areas, no words: no error."""
    other = published(kind="vaerktoej", title="Noget helt andet")
    assert other not in related(published(kind="vaerktoej", title=title))

"""Whatever somebody types or links to is a search: an answer, soon, and never an error."""

import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalogue.choices import KINDS
from editorial.models import SubjectArea
from search import query
from search.help import nearest_words, understood
from search.models import Document
from search.selection import Selection
from search.snippets import marked, snippet
from search.suggestions import titles
from tests import pages
from tests.database_scope import shared_rows
from tests.factories import TagFactory, published

SECONDS = 5
"""Far more than any of it takes; what grows without bound takes more."""

HOSTILE = {
    "10,000 letters": quote("a" * 10_000),
    "10,000 words": quote("ord " * 2_500),
    "10,000 quotes": quote('"' * 10_000),
    "10,000 minuses": quote("-" * 10_000),
    "10,000 brackets": quote("(" * 10_000),
    "minuses and brackets": quote("-(" * 150),
    "minuses and signs": quote("--!" * 100),
    "open quote": quote('"tillid'),
    "three quotes": quote('"til"lid"'),
    "like": quote("%_\\"),
    "tsquery": quote("\\:&|!()<->*"),
    "tsquery words": quote("tillid & !tillid | (tillid <-> tillid:*A)"),
    "sql": quote("'; DROP TABLE search_document; --"),
    "nul": "%00tillid%00",
    "only nul": "%00",
    "lone surrogate": "%ED%A0%80tillid%ED%BF%BF",
    "broken utf-8": "%FF%FE%C3",
    "noncharacters": "%EF%BF%BE%EF%BF%BF",
    "private use": quote("\ue000tillid\ue001"),
    "control characters": "%01%08%0B%0C%1F%7F",
    "emoji": quote("💡👩‍👩‍👧‍👦🇩🇰"),
    "right to left": quote("\u202eevil\u202c \u2067مرحبا\u2069"),
    "combining": quote("a" + "\u0301" * 500),
    "wide": quote("\U0010fffd" * 400),
    "html": quote("<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"),
    "template": quote("{{ 7|add:7 }}{% load x %}"),
    "format": quote("%s %(q)s {0} {q}"),
    "only stop words": quote("og i jeg det at en"),
    "only operators": quote("eller or ELLER - -- \"\" or"),
    "only a minus": quote("-tillid"),
    "url": quote("https://example.dk/?a=b&c=d#e"),
    "white space": quote(" \t\n\r\u00a0\u3000 "),
}  # fmt: skip
PATHS = [
    "/katalog/",
    "/soeg/",
    "/forslag.json",
    "/katalog/feed/",
    "/katalog/emner/tillid/",
    "/katalog/fagomraader/aeldre/",
]


@pytest.fixture(scope="module")
def _written(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """What is searched here, written once."""
    with shared_rows(django_db_blocker):
        TagFactory.create(name="tillid")
        for n in range(3):
            published(title=f"Tillid {n}", tags=["tillid"], body="Om **tillid** & <b>mod</b>. " * 20)
        yield


@pytest.fixture(autouse=True)
def _rows(_written: None, db: None) -> None:
    """Every test here has it."""


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("q", HOSTILE.values(), ids=HOSTILE)
def test_any_query_is_answered(client: Client, path: str, q: str) -> None:
    """200, soon, with nothing of it running; a feed stays well-formed."""
    start = time.monotonic()
    response = client.get(f"{path}?q={q}")
    assert time.monotonic() - start < SECONDS
    assert response.status_code == 200
    text = pages.text(response)
    if path.endswith(".json"):
        assert response["Content-Type"] == "application/json"
        assert response["X-Content-Type-Options"] == "nosniff"
        return
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "\x00" not in text
    if "feed" in path:
        ElementTree.fromstring(response.content)
    else:
        assert len(text) < 400_000


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
def test_any_value_of_any_parameter_is_answered(client: Client, value: str) -> None:
    """Named or left out, never an error."""
    names = [
        "type",
        "sektor",
        "region",
        "kommune",
        "fagomraade",
        "emne",
        "aar",
        "vaerdi",
        "innovationstype",
        "status",
    ]
    response = client.get(
        "/katalog/?" + "&".join(f"{n}={value}" for n in [*names, "sort", "side", "pr_side"])
    )
    assert response.status_code == 200
    assert "<script>alert" not in pages.text(response)
    assert pages.count(response) == 3


def test_thousands_of_values_are_bounded(client: Client) -> None:
    """900 values of one parameter cost no more than a page."""
    start = time.monotonic()
    response = client.get("/katalog/?" + "&".join(f"emne=x{n}" for n in range(900)))
    assert time.monotonic() - start < SECONDS
    assert response.status_code == 200


PIECES = ["-", "--", '"', "(", "eller", "or", "-a", '"a', 'b"', "!", "&", ":*"]


@given(
    st.text(max_size=400)
    | st.text(alphabet='-"( aor', max_size=300)
    | st.lists(st.sampled_from(PIECES), max_size=150).map(" ".join)
)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_a_query(text: str) -> None:
    """Matching, ranking and marking never fail."""
    cleaned = query.clean(text)
    assert len(cleaned) <= query.MAX_LENGTH
    assert query.clean(cleaned) == cleaned
    found = Selection.of_kinds(KINDS).search(cleaned)
    hits = found.match.hits if found.match else set()
    rows = list(Document.objects.in_bulk(found.ids("relevans")).values())
    assert len(rows) == found.count in range(4)
    for row in rows:
        marked(row.title, hits)
        snippet(row.body, hits)
    understood(cleaned)
    nearest_words(cleaned, Selection.of_kinds(KINDS))
    titles(cleaned, Selection.of_kinds(KINDS), 5)


def found_titles(q: str) -> list[str]:
    """What a query finds."""
    keys = Selection.of_kinds(KINDS).search(q).ids()
    return sorted(Document.objects.filter(pk__in=keys).values_list("title", flat=True))


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("sten", ["Papir og sten", "Sten eller saks", "Sten, saks"]),
        ("sten saks", ["Sten eller saks", "Sten, saks"]),
        ("papir eller saks", ["Papir og sten", "Sten eller saks", "Sten, saks"]),
        ("papir or saks", ["Papir og sten", "Sten eller saks", "Sten, saks"]),
        ("papir ELLER saks", ["Papir og sten", "Sten eller saks", "Sten, saks"]),
        ("sten -saks", ["Papir og sten"]),
        ('"sten saks"', ["Sten, saks"]),
        ('"sten eller saks"', ["Sten eller saks"]),
        ('"sten eller saks" eller papir', ["Papir og sten", "Sten eller saks"]),
        ("STEN", ["Papir og sten", "Sten eller saks", "Sten, saks"]),
        ("stenene", ["Papir og sten", "Sten eller saks", "Sten, saks"]),
        ("findesikke", []),
    ],
)
def test_the_query_language(q: str, found: list[str]) -> None:
    """Words, phrases, minus and eller; the Danish stem."""
    for title in ("Sten, saks", "Sten eller saks", "Papir og sten"):
        published(title=title)
    assert found_titles(q) == found


def test_marks_show_what_was_found_and_nothing_else(client: Client) -> None:
    """Title, summary and body are escaped before their hits are marked."""
    published(
        title="<b>Fyrtårn</b> & co",
        summary="Et 'fyrtårn' <i>her</i>",
        body="Om *havnen*, R&D og <u>molen</u>",
    )
    text = pages.text(client.get("/katalog/?q=fyrtårn"))
    assert "&lt;b&gt;<mark>Fyrtårn</mark>&lt;/b&gt; &amp; co" in text
    assert "<i>her" not in text
    text = pages.text(client.get("/katalog/?q=havnen"))
    assert "<mark>havnen</mark>, R&amp;D og" in text
    assert "<u>" not in text


@pytest.mark.parametrize("between", [*"()!&|<>.,:;*'/+=?@#%", "<->", " (", "- ", "–"])
def test_minuses_with_anything_between_them_are_a_query(db: None, between: str) -> None:
    """Each alone might ask for »not« once more."""
    for q in (f"-{between}" * 140, f"--{between}" * 100, f"- {between} " * 60):
        Selection.of_kinds(KINDS).search(query.clean(q)).ids("relevans")


def test_names_with_control_characters_leave_the_feed_well_formed(client: Client) -> None:
    """Staff paste them from documents; XML cannot hold them, neither in titles nor in categories."""
    tag = TagFactory.create(name="til\x01lid\x0b nu")
    area = SubjectArea.objects.create(slug="pleje", name="Ple\x02je")
    published(title="Et", tags=[tag.name]).subject_areas.add(area)
    for address in ("", f"?emne={tag.slug}", "?fagomraade=pleje"):
        ElementTree.fromstring(client.get(f"/katalog/feed/{address}").content)

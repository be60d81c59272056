"""Addresses: ASCII, never a word of the site, never given to another, the old one leads on."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import get_resolver
from hypothesis import given
from hypothesis import strategies as st

from catalogue.models import Entry
from editorial.models import ContentSlug
from editorial.slugs import RESERVED, candidates, danish_slug
from tests.factories import EntryFactory, UserFactory, published

TITLES = [
    ("Blå øer på Ærø", "blaa-oeer-paa-aeroe"),
    ("  Én café – à la carte!  ", "en-cafe-a-la-carte"),
    ("ÆØÅ", "aeoeaa"),
    ("A\u030aret", "aaret"),  # å as two characters
    ("Größe", "groesse"),
    ("100 % nærvær", "100-naervaer"),
    ("a/b?c=d&e#f", "a-b-c-d-e-f"),
    ("<script>", "script"),
    ("💡", "eksempel"),
    ("Сообщество", "eksempel"),
    ("---", "eksempel"),
]


@pytest.mark.parametrize(("title", "slug"), TITLES)
def test_the_slug_is_the_title_in_ascii(db: None, title: str, slug: str) -> None:
    """Danish letters spelt out."""
    assert published(title=title).slug == slug


@given(st.text(max_size=300))
def test_any_title_gives_a_good_slug(title: str) -> None:
    """ASCII, short enough for the column with any number, never reserved, never a uuid."""
    for slug in candidates(title, fallback="eksempel"):
        assert slug.isascii()
        assert 0 < len(slug) <= 90
        assert slug not in RESERVED
        assert slug == danish_slug(slug, max_length=90)


def test_a_long_title_is_cut_at_a_word() -> None:
    """Not within one, unless it is one word."""
    assert danish_slug("et " + "langtord " * 20, max_length=20) == "et-langtord-langtord"
    assert danish_slug("x" * 200) == "x" * 80


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_words_of_the_site_are_reserved(db: None, word: str) -> None:
    """A title may be such a word; its address may not, and staff are told."""
    entry = published(title=word)
    assert entry.slug == f"{word}-eksempel"
    entry.slug = word
    with pytest.raises(ValidationError) as error:
        entry.full_clean()
    assert "slug" in error.value.message_dict


def routes(patterns: Any = None, before: str = "") -> Iterator[list[str]]:
    """Every address of the site as a list of its parts."""
    for pattern in patterns or get_resolver().url_patterns:
        route = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route.split("/")


def test_every_word_beside_the_entries_is_reserved() -> None:
    """Whatever stands in an address where the slug of content could stand."""
    all_routes = list(routes())
    slugs = {
        tuple(parts[:n]) for parts in all_routes for n, part in enumerate(parts) if part == "<slug:slug>"
    }
    of_content = {before for before in slugs if before[0] != "min-side"}
    words = {parts[len(before)] for before in of_content for parts in all_routes
             if tuple(parts[: len(before)]) == before and len(parts) > len(before)}  # fmt: skip
    assert {word for word in words if word.isalpha()} <= RESERVED


def words_of_the_admin() -> set[str]:
    """Below /admin/ no content has an address."""
    found = set()
    for pattern in get_resolver().url_patterns:
        if str(pattern.pattern) == "admin/":
            for part in pattern.url_patterns:
                found |= {w for w in str(part.pattern).split("/") if w.isalpha()}
    return found


def test_a_title_that_is_a_uuid_keeps_its_page(db: None, client: Client) -> None:
    """Uuids address what was never published; a slug must not look like one."""
    entry = published(title=str(uuid.uuid4()))
    assert client.get(entry.get_absolute_url()).status_code == 200


def test_the_same_title_gets_a_number(db: None) -> None:
    """Also after the first is gone."""
    first, second = published(title="Samme"), published(title="Samme")
    first.delete()
    assert (second.slug, published(title="samme!").slug) == ("samme-2", "samme-3")


def test_an_old_address_leads_to_the_present_one(db: None, client: Client) -> None:
    """301 as long as the content may be read; else 404 for readers, and staff still find it."""
    entry = published(title="Gammel")
    Entry.objects.filter(pk=entry.pk).update(slug="ny")
    response = client.get("/katalog/gammel/")
    assert (response.status_code, response["Location"]) == (301, "/katalog/ny/")
    Entry.objects.filter(pk=entry.pk).update(slug="nyest")
    for old in ("gammel", "ny"):
        assert client.get(f"/katalog/{old}/")["Location"] == "/katalog/nyest/"
    entry.refresh_from_db()
    entry.suspend(by=None, reason="Fejl")
    assert client.get("/katalog/gammel/").status_code == 404
    client.force_login(UserFactory.create(admin=True))
    assert client.get("/katalog/gammel/").status_code == 301
    client.logout()
    entry.delete()
    assert client.get("/katalog/gammel/").status_code == 404


def test_an_address_is_never_given_to_another(db: None) -> None:
    """By SQL and after deletion."""
    first, second = published(title="Første"), published(title="Anden")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE editorial_content SET slug = 'ny' WHERE id = %s", [first.pk])
        for slug in ("foerste", "ny"):
            with pytest.raises(IntegrityError), transaction.atomic():
                cursor.execute("UPDATE editorial_content SET slug = %s WHERE id = %s", [slug, second.pk])
    first.delete()
    assert ContentSlug.objects.get(slug="foerste").content is None
    with pytest.raises(IntegrityError, match="slug has been used before"), transaction.atomic():
        EntryFactory.create(slug="foerste")


def test_staff_are_told_that_an_address_was_in_use(db: None) -> None:
    """In the form, not as an error page."""
    first = published(title="Første")
    first.slug = "ny"
    first.save()
    second = published(title="Anden")
    second.slug = "foerste"
    with pytest.raises(ValidationError) as error:
        second.full_clean()
    assert "slug" in error.value.message_dict
    first.slug = "foerste"
    first.full_clean()  # its own old address it may have back

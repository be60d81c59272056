"""Collections and their chapters in admin."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from catalogue.models import Collection, CollectionEntry
from tests.admin_forms import errors, row, save
from tests.factories import (
    ChapterFactory,
    CollectionEntryFactory,
    CollectionFactory,
    EntryFactory,
    UserFactory,
    editor,
    published,
)

pytestmark = pytest.mark.django_db
LIST = "/admin/catalogue/collection/"


@pytest.fixture
def staff(client: Client) -> Client:
    """A signed-in editor."""
    client.force_login(editor())
    return client


def change(thing: Any) -> str:
    return reverse(f"admin:catalogue_{thing._meta.model_name}_change", args=[thing.pk])


def test_strangers_and_staff_without_rights_stay_out(client: Client) -> None:
    chapter = ChapterFactory.create()
    preview = reverse("admin:catalogue_collection_preview", args=[chapter.collection.pk])
    for user, status in ((None, 302), (UserFactory.create(), 302), (UserFactory.create(is_staff=True), 403)):
        if user:
            client.force_login(user)
        for url in (LIST, change(chapter.collection), change(chapter), preview):
            assert client.get(url).status_code == status, url


def test_a_collection_is_built_and_seen_before_it_is_public(staff: Client) -> None:
    response = save(
        staff, f"{LIST}add/", title="Tillid og så videre", summary="Kort.", **row("chapters", title="Først")
    )
    assert response.redirect_chain, errors(response)
    collection = Collection.objects.get(slug="tillid-og-saa-videre")
    assert not collection.published
    chapter = collection.chapters.get()
    seen, draft = published(title="Et godt råd"), EntryFactory.create(title="En kladde")
    both = {**row("items", 0, entry=seen.pk), **row("items", 1, entry=draft.pk)}
    response = save(staff, change(chapter), **both)
    assert response.redirect_chain[-1][0] == change(collection)
    assert list(chapter.items.values_list("entry__title", "position")) == [
        ("Et godt råd", 0),
        ("En kladde", 1),
    ]
    preview = reverse("admin:catalogue_collection_preview", args=[collection.pk])
    assert preview in staff.get(change(collection)).content.decode()
    body = staff.get(preview).content.decode()
    assert "Et godt råd" in body
    assert "En kladde" not in body
    assert staff.get(collection.get_absolute_url()).status_code == 404
    save(staff, change(collection), published="on")
    assert staff.get(collection.get_absolute_url()).status_code == 200


def test_entries_are_put_in_order_and_stand_once(staff: Client) -> None:
    chapter = ChapterFactory.create()
    first, second = (
        CollectionEntryFactory.create(chapter=chapter, entry=published(), position=n) for n in (0, 1)
    )
    save(staff, change(chapter), **{"items-0-position": "5"})
    assert list(chapter.items.all()) == [second, first]
    twice = row("items", 2, entry=first.entry.pk)
    assert "allerede" in errors(save(staff, change(chapter), **twice))


def test_the_history_of_a_collection_has_its_chapters_and_entries(staff: Client) -> None:
    item = CollectionEntryFactory.create(
        chapter=ChapterFactory.create(), entry=published(title="Et godt råd")
    )
    collection = item.chapter.collection
    save(staff, change(item.chapter), **{"items-0-DELETE": "on"})
    body = staff.get(f"{LIST}{collection.pk}/history/").content.decode()
    assert "Et kapitel" in body
    assert "Indlæg i kapitel »Et godt råd«" in body
    assert "slettet" in body


def test_what_readers_can_see_is_not_deleted(staff: Client) -> None:
    collection = CollectionFactory.create()
    url = f"{LIST}{collection.pk}/delete/"
    assert staff.post(url, {"post": "yes"}).status_code == 403
    Collection.objects.update(published=False)
    assert staff.post(url, {"post": "yes"}).status_code == 302
    assert not Collection.objects.exists()


def test_pages_are_bounded_in_queries(staff: Client, django_assert_max_num_queries: Any) -> None:
    chapter = ChapterFactory.create()
    for n in range(20):
        CollectionFactory.create()
        CollectionEntryFactory.create(chapter=chapter, entry=published(), position=n)
    with django_assert_max_num_queries(12):
        staff.get(LIST)
    with django_assert_max_num_queries(60):
        staff.get(change(chapter))
    assert CollectionEntry.objects.count() == 20

"""Admin in a browser: within the content policy and the width of a phone, with names on fields, nothing left behind."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.browser.watching import Watch, inaccessible
from tests.factories import (
    ChapterFactory,
    CollectionEntryFactory,
    ReuseFactory,
    TagFactory,
    editor,
    published,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def staff_page(chromium: Any, live_server: Any) -> Iterator[Any]:
    """A page on a phone in which an editor is signed in; whatever the console says fails the test."""
    client = Client()
    client.force_login(editor())
    name = settings.SESSION_COOKIE_NAME
    context = chromium.new_context(
        base_url=live_server.url,
        locale="da-DK",
        timezone_id="Europe/Copenhagen",
        viewport={"width": 390, "height": 844},
    )
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
    page = context.new_page()
    watch = Watch(page, live_server.url)
    yield page
    context.close()
    # A search that the next letter overtakes is called off; that is as it should be.
    problems = [p for p in watch.problems if "autocomplete" not in p or "ERR_ABORTED" not in p]
    assert not problems, "\n".join(problems)


def test_every_page_keeps_to_the_content_policy_and_the_width_of_a_phone(staff_page: Any) -> None:
    entry, tag = published(tags=["et"]), TagFactory.create()
    reuse = ReuseFactory.create(entry=entry)
    chapter = ChapterFactory.create()
    CollectionEntryFactory.create(chapter=chapter, entry=entry)
    other = ReuseFactory.create(entry=entry).workplace
    for url in (
        "/admin/",
        "/admin/catalogue/entry/",
        "/admin/catalogue/entry/add/",
        "/admin/catalogue/entry/add/?kind=vaerktoej",
        f"/admin/catalogue/entry/{entry.pk}/change/",
        f"/admin/catalogue/entry/{entry.pk}/history/",
        f"/admin/catalogue/entry/tilstand/tag-ned/?ids={entry.pk}",
        f"/admin/catalogue/collection/{chapter.collection.pk}/change/",
        f"/admin/catalogue/chapter/{chapter.pk}/change/",
        "/admin/editorial/tag/",
        f"/admin/editorial/tag/{tag.pk}/change/",
        "/admin/editorial/subjectarea/",
        "/admin/editorial/decision/",
        "/admin/places/workplace/",
        f"/admin/places/workplace/{reuse.workplace.pk}/change/",
        f"/admin/places/workplace/laeg-sammen/?ids={reuse.workplace.pk},{other.pk}",
        "/admin/places/municipality/0751/change/",
        "/admin/places/region/",
    ):
        assert staff_page.goto(url).status == 200, url
        staff_page.wait_for_load_state("networkidle")
        staff_page.wait_for_timeout(150)
        assert inaccessible(staff_page) == [], url
        assert staff_page.evaluate("document.documentElement.scrollWidth") <= 390, url


def test_rows_are_added_and_found_and_nothing_typed_is_left_behind(staff_page: Any) -> None:
    entry = published()
    TagFactory.create(name="ventetid")
    staff_page.set_viewport_size({"width": 1280, "height": 900})
    staff_page.goto(f"/admin/catalogue/entry/{entry.pk}/change/")
    leaves = "window.dispatchEvent(new Event('beforeunload', {cancelable: true}))"
    assert staff_page.evaluate(leaves)
    staff_page.click("#measures-group .add-row a")
    staff_page.fill("#id_measures-0-label", "Klager")
    assert staff_page.get_attribute("#id_measures-0-unit", "aria-label").startswith("Enhed")
    staff_page.fill("#id_measures-0-unit", "om ugen")
    staff_page.fill("#id_measures-0-before", "12,5")
    staff_page.click(".field-chosen_tags .select2-selection")
    staff_page.keyboard.type("vente")
    staff_page.locator(".select2-results__option", has_text="ventetid").click()
    assert not staff_page.evaluate(leaves)
    staff_page.locator("input[name=_save]").first.click()
    staff_page.wait_for_load_state()
    assert str(entry.measures.get().before) == "12.500"
    assert list(entry.tags.names()) == ["ventetid"]

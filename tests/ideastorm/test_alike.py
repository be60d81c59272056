"""What looks like the idea that somebody is writing: public, of the same storm or an entry, and never one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ideastorm.models import Idea, IdeaMerge, Storm
from tests.factories import IdeaFactory, UserFactory, hidden, public_idea, public_storm, published
from tests.ideastorm.test_giving import address, give, opened

pytestmark = pytest.mark.django_db
TITLE = "Telefonkø med tilbagekald"


def look(client: Client, storm: Storm, title: str = TITLE, text: str = "") -> Any:
    """Ask as the page does while one writes."""
    return client.post(reverse("ideastorm:alike", args=[storm.slug]), {"title": title, "text": text})


def shown(client: Client, storm: Storm, title: str = TITLE, text: str = "") -> set[str]:
    """The titles that are shown."""
    return {row.content.title for row in look(client, storm, title, text).context["alike"]}


def test_ideas_of_the_storm_and_entries_with_what_they_share(client: Client) -> None:
    """Also for a visitor without an account; kept nowhere."""
    storm = public_storm(access="alle")
    idea = public_idea(storm=storm, title="Tilbagekald i stedet for telefonkø")
    entry = published(title="Telefonkø blev til tilbagekald")
    response = look(client, storm)
    page = response.content.decode()
    assert idea.get_absolute_url() in page and entry.get_absolute_url() in page
    assert "telefonkø" in page.split("Fælles:")[1] and "no-store" in response["Cache-Control"]


def another_storms(storm: Storm) -> None:
    public_idea(storm=public_storm(), title=f"{TITLE} andetsteds")


def a_waiting_one(storm: Storm) -> None:
    IdeaFactory.create(storm=storm, title=f"{TITLE} venter")


def a_hidden_one(storm: Storm) -> None:
    public_idea(storm=storm, title=f"{TITLE} skjult").suspend(by=None, reason="Prøve")


def a_hidden_entry(storm: Storm) -> None:
    hidden("suspended", title=f"{TITLE} skjult")


def a_merged_one(storm: Storm) -> None:
    survivor = public_idea(storm=storm, title="Noget helt andet", summary="Intet.", text="Intet.")
    IdeaMerge.objects.create(survivor=survivor, merged=public_idea(storm=storm, title=f"{TITLE} lagt sammen"))
    for idea in Idea.objects.of_storm(storm):
        idea.reindex()


@pytest.mark.parametrize(
    "make",
    [another_storms, a_waiting_one, a_hidden_one, a_hidden_entry, a_merged_one],
    ids=lambda f: f.__name__,
)
def test_never_what_is_not_public_here(client: Client, make: Callable[[Storm], None]) -> None:
    """Another storm's, one that waits, a hidden one, and one that is read under another."""
    storm = public_storm(access="alle")
    public_idea(storm=storm, title=f"{TITLE} for alle")
    make(storm)
    assert shown(client, storm) == {f"{TITLE} for alle"}


def test_a_merged_one_is_left_out_though_the_mirror_has_it(client: Client) -> None:
    """The database is asked, too."""
    storm = public_storm(access="alle")
    a_merged_one(storm)
    merged = Idea.objects.get(title=f"{TITLE} lagt sammen")
    from search.models import Document

    Document.objects.filter(content=merged.pk).update(visible=True)
    assert shown(client, storm) == set()


def test_never_my_own_on_my_account(client: Client) -> None:
    """What others wrote is shown."""
    me, storm = UserFactory.create(), public_storm(access="alle")
    public_idea(storm=storm, title=f"{TITLE} min", author=me)
    public_idea(storm=storm, title=f"{TITLE} andens", author=UserFactory.create())
    client.force_login(me)
    assert shown(client, storm) == {f"{TITLE} andens"}


def test_never_what_this_browser_has_just_sent(client: Client) -> None:
    """Without an account, too."""
    storm = public_storm(access="alle", moderation="efter")
    give(client, storm, title=TITLE)
    assert Idea.objects.published().filter(title=TITLE).exists()
    assert shown(client, storm) == set() and shown(Client(), storm) == {TITLE}


def test_without_script_it_is_shown_when_the_form_comes_back(client: Client) -> None:
    """With errors; on the empty form there is nothing."""
    storm = public_storm(access="alle")
    public_idea(storm=storm, title=f"{TITLE} for alle")
    assert f"{TITLE} for alle" not in client.get(address(storm)).content.decode()
    response = client.post(address(storm), {**opened(client, storm), "title": TITLE, "text": ""})
    assert response.status_code == 422 and f"{TITLE} for alle" in response.content.decode()


@pytest.mark.parametrize("title", ["", "ab", "og i på", "\x00\ud83d", "x" * 5000])
def test_nothing_to_go_by_gives_nothing(client: Client, title: str) -> None:
    """Whatever is typed."""
    storm = public_storm(access="alle")
    public_idea(storm=storm, title=TITLE)
    assert shown(client, storm, title.encode("utf-8", "replace").decode()) == set()

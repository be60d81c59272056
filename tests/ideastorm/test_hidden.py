"""What is hidden is named nowhere: not by the pages of what it was joined with, came of, or points at."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from ideastorm.choices import AnswerStatus
from ideastorm.models import Comment, Idea, IdeaAnswer, IdeaMerge, Storm, Support
from ideastorm.models.support import address_hash
from ideastorm.supporting.addresses import Link
from tests.factories import UserFactory, public_idea, public_storm, published

pytestmark = pytest.mark.django_db
SECRET = "Hemmeligtnu"


def merged_into_it(idea: Idea) -> None:
    """The survivor is hidden."""
    survivor = public_idea(storm=idea.storm, title=SECRET)
    IdeaMerge.objects.create(merged=idea, survivor=survivor, made_by_key=UserFactory.create().key)
    survivor.suspend(by=None, reason="Prøve")


def reuses_it(idea: Idea) -> None:
    """What it would reuse is hidden."""
    entry = published(title=SECRET)
    Idea.objects.filter(pk=idea.pk).update(reuses=entry.pk)
    entry.suspend(by=None, reason="Prøve")


def raised_from_it(idea: Idea) -> None:
    """It began as a comment to what is hidden."""
    other = public_idea(storm=idea.storm, title=SECRET)
    comment = Comment.objects.create(idea=other, author=UserFactory.create(), text="Vi kunne også …")
    Idea.objects.filter(pk=idea.pk).update(raised_from=comment)
    other.suspend(by=None, reason="Prøve")


def answered_by_it(idea: Idea) -> None:
    """It exists already, in what is hidden."""
    entry = published(title=SECRET)
    IdeaAnswer.objects.create(
        idea=idea, number=1, status=AnswerStatus.EXISTS, reason="Se der.", entry_id=entry.pk
    )
    entry.suspend(by=None, reason="Prøve")


@pytest.mark.parametrize(
    "how", [merged_into_it, reuses_it, raised_from_it, answered_by_it], ids=lambda how: how.__name__
)
def test_a_page_does_not_name_what_is_hidden(client: Client, how: Callable[[Idea], None]) -> None:
    """Neither its title nor its address, on the page and in the files."""
    idea = public_idea()
    how(idea)
    for address in (
        idea.get_absolute_url(),
        *(reverse("ideastorm:export", args=[idea.storm.slug, kind]) for kind in ("csv", "json")),
    ):
        answer = client.get(address)
        body = answer.getvalue().decode() if answer.streaming else answer.content.decode()
        assert answer.status_code == 200 and SECRET.lower() not in body.lower(), address


def hide_storm(idea: Idea) -> None:
    """The storm, not the idea."""
    Storm.objects.get(pk=idea.storm_id).suspend(by=None, reason="Prøve")


def hide_survivor(idea: Idea) -> None:
    """What the idea is read under."""
    survivor = public_idea(storm=idea.storm, title=SECRET)
    IdeaMerge.objects.create(merged=idea, survivor=survivor, made_by_key=UserFactory.create().key)
    survivor.suspend(by=None, reason="Prøve")


@pytest.mark.parametrize("how", [hide_storm, hide_survivor], ids=lambda how: how.__name__)
def test_min_side_does_not_name_what_i_support_while_it_is_hidden(
    client: Client, how: Callable[[Idea], None]
) -> None:
    """By a hidden storm, or a hidden survivor, either."""
    title = SECRET if how is hide_storm else "En anden"
    idea = public_idea(title=title, storm=public_storm(support_while_open=True))
    user = UserFactory.create()
    Support.objects.create(idea=idea, user=user)
    how(idea)
    client.force_login(user)
    assert SECRET not in client.get(reverse("my_page")).content.decode()


def test_a_link_in_a_mail_does_not_open_what_is_hidden(client: Client) -> None:
    """An idea of a storm that is hidden since."""
    idea = public_idea(title=SECRET, storm=public_storm(support_while_open=True))
    link = Link(address_hash(idea.storm, "nogen@example.com"), str(idea.uuid), "", "n")
    address = reverse("ideastorm:support_confirm", args=[link.token])
    assert client.get(address).status_code == 200
    hide_storm(idea)
    assert client.get(address).status_code == 404 and client.post(address).status_code == 404

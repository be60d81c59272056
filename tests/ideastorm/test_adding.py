"""What an idea's author adds to it, its public versions, and the storm's feed."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from editorial.models import QueueItem
from editorial.queue import decide
from ideastorm.models import Comment, Idea, IdeaAddition
from tests.factories import UserFactory, editor, public_idea, public_storm

pytestmark = pytest.mark.django_db


def at(idea: Idea) -> str:
    """Where its author adds."""
    return reverse("ideastorm:add", args=[idea.storm.slug, idea.slug])


@pytest.mark.parametrize(("moderation", "shown"), [("foer", False), ("efter", True)])
def test_the_author_adds_once_others_have_answered(client: Client, moderation: str, shown: bool) -> None:
    """Before, the text itself is edited. The editors read it first or afterwards, as the storm says."""
    idea = public_idea(storm=public_storm(moderation=moderation), author=UserFactory.create())
    client.force_login(idea.author)
    assert client.get(at(idea)).status_code == 403
    assert client.post(at(idea), {"text": "Også om vinteren"}).status_code == 422
    Comment.objects.create(idea=idea, text="Ja")
    assert "Tilføj til din idé" in client.get(idea.get_absolute_url()).content.decode()
    once = str(client.get(at(idea)).context["form"]["once"].value())
    for _n in range(2):
        assert client.post(at(idea), {"text": "Også om vinteren", "once": once}).status_code == 302
    addition = IdeaAddition.objects.get()
    assert addition.visible is shown
    assert ("Også om vinteren" in client.get(idea.get_absolute_url()).content.decode()) is shown
    item = QueueItem.objects.get(kind="addition")
    waits = "Din tilføjelse venter på, at redaktionen læser den."
    assert (waits in client.get(idea.get_absolute_url()).content.decode()) is not shown
    assert waits not in Client().get(idea.get_absolute_url()).content.decode()
    outcome = "rejected" if shown else "approved"
    decide(uuid=item.uuid, by=editor(), outcome=outcome, reason="Uden for emnet", seen=item.version)
    assert ("Også om vinteren" in client.get(idea.get_absolute_url()).content.decode()) is not shown
    assert waits not in client.get(idea.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("text", "said"), [(" ", "Skriv, hvad du vil tilføje."), ("010190-1234", "010190-1234")]
)
def test_wrong_input_is_explained(client: Client, text: str, said: str) -> None:
    """And nothing is stored; others than the author get 403."""
    idea = public_idea(author=UserFactory.create())
    Comment.objects.create(idea=idea, text="Ja")
    assert client.post(at(idea), {"text": "x"}).status_code == 403
    client.force_login(idea.author)
    response = client.post(at(idea), {"text": text})
    assert response.status_code == 422 and said in response.content.decode()
    assert not IdeaAddition.objects.exists()


def test_earlier_versions_are_read_by_anyone(client: Client) -> None:
    """With their text."""
    idea = public_idea(text="Sådan stod det først.")
    idea.apply_parts({"text": "Sådan står det nu."})
    page = client.get(idea.get_absolute_url()).content.decode()
    assert "Sådan stod det først." in page and "Udgaver" in page


def test_the_feed_has_what_is_public(client: Client) -> None:
    """And neither what is hidden nor another storm's."""
    storm = public_storm()
    shown, hidden, other = public_idea(storm=storm), public_idea(storm=storm), public_idea()
    hidden.suspend(by=None, reason="x")
    response = client.get(reverse("ideastorm:feed", args=[storm.slug]))
    text = response.content.decode()
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    assert shown.title in text and "Privat" in text
    assert hidden.title not in text and other.title not in text

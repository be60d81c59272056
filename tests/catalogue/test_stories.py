"""Good stories: told without an account, hidden until the editors have read them, and gone when taken back."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from catalogue.models import Story
from catalogue.stories.forms import TellForm
from editorial.choices import QueueKind
from editorial.models import Consent, QueueItem, Receipt, SenderContact
from guards.spam import posted

pytestmark = pytest.mark.django_db
TELL = "/historier/fortael/"
TOLD = "/historier/fortael/tak/"


def told(**changed: Any) -> dict[str, Any]:
    """What a browser sends."""
    return {
        "title": "Hun ringede dagen efter",
        "text": "Hun ringede dagen efter og spurgte, om jeg havde forstået brevet. Det havde ingen gjort før.",
        "municipality": "0751", "workplace": "Børnehaven Solsikken", "happened": "Foråret 2024",
        "shown_name": "Birthe, 71 år", "email": "birthe@example.dk", "consent": "on",
        "once": "0b0f9a55-7b5d-4a39-9f0e-3f1f9a1f0001", **posted(TellForm), **changed,
    }  # fmt: skip


def test_a_story_is_told(client: Client) -> None:
    """It waits, with consent and a receipt; the code is shown once, and the address stands apart."""
    response = client.post(TELL, told())
    assert (response.status_code, response["Location"]) == (302, TOLD), response.content.decode()[-3000:]
    story = Story.objects.get()
    assert (story.state, story.shown_name, story.workplace_told) == (
        "submitted",
        "Birthe, 71 år",
        "Børnehaven Solsikken",
    )
    assert (story.municipality_id, story.year_from, story.author_id, story.slug) == ("0751", 2024, None, None)
    assert QueueItem.objects.get().kind == QueueKind.CONTENT
    assert Consent.objects.get().version and SenderContact.objects.get().email == "birthe@example.dk"
    page = client.get(TOLD).content.decode()
    code = page.partition('id="receipt-code" translate="no">')[2].partition("<")[0]
    assert Receipt.of_code(code) == Receipt.objects.get()

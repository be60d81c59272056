"""Reports of what is public, and facts of what is not yet."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from editorial.choices import Outcome, QueueKind
from editorial.forms import ReportForm
from editorial.models import Letter, QueueItem, Report
from editorial.queue import decide
from editorial.submitting import facts_address, submit_content
from guards.spam import posted
from notices.models import Notice
from tests.factories import (
    HIDDEN_STATES,
    EntryFactory,
    UserFactory,
    WorkplaceFactory,
    editor,
    hidden,
    published,
)
from tests.pages import text

pytestmark = pytest.mark.django_db


def typed(**fields: Any) -> dict[str, Any]:
    """What a browser sends when a person has filled in the form after a while."""
    return {**posted(ReportForm), "once": str(uuid4()), **fields}


def send(client: Client, address: str, **fields: Any) -> Any:
    """Fill in the form and send it."""
    return client.post(address, typed(**fields))


def test_a_reader_reports(client: Client) -> None:
    """Without an account; the address is forgotten when the matter is closed, and the reader is told."""
    entry = published(title="Vi ringer først")
    address = reverse("editorial:report", args=[entry.uuid])
    response = send(client, address, reason="forkert", text="Tallet er forkert.", email="laeser@example.dk")
    assert response.status_code == 302
    item = QueueItem.objects.get(kind=QueueKind.REPORT)
    assert item.title == "Vi ringer først" and Report.objects.get().email == "laeser@example.dk"
    assert Notice.objects.get().address == "laeser@example.dk"
    decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor(), reason="Vi har rettet tallet.")
    assert Report.objects.get().email == ""
    assert [n.address for n in Notice.objects.order_by("pk")] == ["laeser@example.dk"] * 2


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({}, "Vælg"),
        ({"reason": "andet"}, "Skriv, hvad der er galt."),
        ({"reason": "findes-ikke", "text": "Min tekst"}, "Vælg"),
        ({"reason": "forkert", "text": "Mit nummer er 010190-1234"}, "CPR"),
        ({"reason": "forkert", "email": "ikke en adresse", "text": "Min tekst"}, "mail"),
    ],
)
def test_wrong_input_keeps_what_was_typed(client: Client, fields: dict[str, str], problem: str) -> None:
    """And stores nothing."""
    response = send(client, reverse("editorial:report", args=[published().uuid]), **fields)
    assert response.status_code == 422 and not Report.objects.exists()
    assert 'role="alert"' in text(response)
    if "text" in fields:
        assert fields["text"] in text(response)


def test_sent_twice_is_one(client: Client) -> None:
    """The same form again, by double click or the back button."""
    address = reverse("editorial:report", args=[published().uuid])
    data = typed(reason="forkert", text="Forkert")
    for _n in range(2):
        assert client.post(address, data).status_code == 302
    assert Report.objects.count() == QueueItem.objects.count() == 1


def test_nobody_is_flooded_with_thanks(client: Client) -> None:
    """The address that somebody types gets four mails an hour, whoever types it."""
    for n in range(5):
        address = reverse("editorial:report", args=[published().uuid])
        status = send(
            client, address, reason="forkert", text=f"Nr. {n}", email="offer@example.dk"
        ).status_code
        assert status == (302 if n < 4 else 429)
    assert Notice.objects.count() == 4


@pytest.mark.parametrize("state", [s for s in HIDDEN_STATES if s != "archived"])
def test_what_is_hidden_can_not_be_reported(client: Client, state: str) -> None:
    """There is no such page."""
    address = reverse("editorial:report", args=[hidden(state).uuid])
    assert client.get(address).status_code == 404 and client.post(address).status_code == 404


def test_a_workplace_corrects_facts(client: Client) -> None:
    """By link and without an account, until it is answered; the editors see it first and may not decide unseen."""
    entry = EntryFactory.create(owner=WorkplaceFactory.create(), title="Om jer")
    item = submit_content(content=entry, by=UserFactory.create())
    address = facts_address(item)
    assert "Om jer" in text(client.get(address))
    assert send(client, address, text="Det var i 2023.").status_code == 302
    letter = Letter.objects.get()
    assert "Det var i 2023." in letter.text and not letter.from_editors
    old = item.version
    item.refresh_from_db()
    assert item.version == old + 1 and item.signals[0]["key"] == "facts"
    decide(uuid=item.uuid, outcome=Outcome.REJECTED, by=editor(), reason="Nej.")
    page = client.get(address)
    assert "du kan ikke skrive mere her" in text(page) and "Det korte af det lange" not in text(page)
    client.post(address, {"text": "For sent"})
    assert Letter.objects.filter(text__contains="For sent").count() == 0


def test_a_forged_link(client: Client) -> None:
    """Leads nowhere."""
    item = submit_content(
        content=EntryFactory.create(owner=WorkplaceFactory.create()), by=UserFactory.create()
    )
    for token in ("x", str(item.uuid), facts_address(item).split("/")[-2][:-2] + "xx"):
        assert client.get(reverse("editorial:facts", args=[token])).status_code == 404

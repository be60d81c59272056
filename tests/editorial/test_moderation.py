"""/admin/moderation/: what the editors see and do."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from catalogue.models import Entry
from editorial.choices import Outcome
from editorial.diffs import marked
from editorial.models import Change, QueueItem, StandardReason
from editorial.queue import claim, decide
from editorial.submitting import submit_change, submit_content
from tests.factories import EntryFactory, UserFactory, editor, published
from tests.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def sara(client: Client) -> User:
    """An editor who is logged in."""
    user = editor(name="Sara Lund")
    client.force_login(user)
    return user


def sent(**fields: Any) -> QueueItem:
    """A contribution that waits."""
    by = UserFactory.create(name="Jonas Friis")
    return submit_content(content=EntryFactory.create(author=by, **fields), by=by)


def state(item: QueueItem) -> str:
    """Of the item's content now."""
    return str(Entry.objects.values_list("state", flat=True).get(pk=item.content_id))


def answer(client: Client, item: QueueItem, outcome: str, reason: str = "", **more: Any) -> Any:
    """Post an answer to what was read."""
    return client.post(
        reverse("editorial:answer", args=[item.uuid]),
        {"outcome": outcome, "seen": item.version, "reason": reason, **more},
    )


def test_the_queue_is_oldest_first(client: Client, sara: User) -> None:
    """With sender and number; tabs narrow it."""
    for title in ("Anden", "Første"):
        sent(title=title)
    QueueItem.objects.filter(title="Første").update(submitted_at="2026-01-05T09:00:00Z")
    page = text(client.get(reverse("editorial:queue")))
    assert page.index("Første") < page.index("Anden") and "2 venter på svar" in page and "Jonas Friis" in page
    assert "Anden" in text(client.get(reverse("editorial:queue"), {"vis": "eksempel"}))
    assert "Anden" not in text(client.get(reverse("editorial:queue"), {"vis": "mine"}))
    assert client.get(reverse("editorial:queue"), {"vis": "%00'", "side": "x"}).status_code == 200


def test_empty(client: Client, sara: User) -> None:
    """Says so."""
    assert "Alt er besvaret" in text(client.get(reverse("editorial:queue")))


@pytest.mark.parametrize(
    ("outcome", "reason", "status", "becomes"),
    [
        ("approved", "", 302, "published"),
        ("returned", "Hvornår?", 302, "returned"),
        ("rejected", "Findes allerede.", 302, "rejected"),
        ("returned", "", 422, "submitted"),
        ("rejected", " ", 422, "submitted"),
        ("withdrawn", "x", 422, "submitted"),
        ("noget", "x", 422, "submitted"),
    ],
)
def test_answers(client: Client, sara: User, outcome: str, reason: str, status: int, becomes: str) -> None:
    """What can't be done says why, and keeps what was typed."""
    item = sent()
    response = answer(client, item, outcome, reason)
    assert response.status_code == status and state(item) == becomes
    if status == 422:
        assert 'role="alert"' in text(response) and f">\n{reason}</textarea>" in text(response)


def test_a_standard_reason_and_own_words(client: Client, sara: User) -> None:
    """Both reach the sender."""
    item, reason = sent(), StandardReason.objects.get(title="Findes allerede")
    answer(client, item, "rejected", "Se også »Vi ringer først«.", standard=reason.pk)
    letter = item.letters.get()
    assert reason.text in letter.text and "Vi ringer først" in letter.text


def test_the_second_is_told(client: Client, sara: User) -> None:
    """And what they wrote is still there."""
    item = sent()
    decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor(name="Ali Berg"))
    response = answer(client, item, "rejected", "Min lange begrundelse")
    assert response.status_code == 422 and "Ali Berg har allerede behandlet det" in text(response)
    assert state(item) == "published"


def test_taking_giving_back_and_taking_over(client: Client, sara: User) -> None:
    """By POST only."""
    item = sent()
    take = reverse("editorial:take", args=[item.uuid])
    assert client.get(take).status_code == 405
    client.post(take)
    item.refresh_from_db()
    assert item.claimed_by == sara
    client.post(reverse("editorial:give_back", args=[item.uuid]))
    item.refresh_from_db()
    assert item.claimed_by is None
    claim(item=item, by=editor(name="Ali Berg"))
    page = text(client.post(take, follow=True))
    assert "Ali Berg har taget den" in page
    client.post(take, {"overtag": "1"})
    item.refresh_from_db()
    assert item.claimed_by == sara


def test_what_changed_is_marked(client: Client, sara: User) -> None:
    """Word by word, escaped."""
    entry, by = published(problem="Fraværet faldt meget."), UserFactory.create()
    change = Change.begin(entry, by=by, proposed={"problem": "Fraværet faldt <b>lidt</b>."})
    item = submit_change(change=change, by=by)
    assert item is not None
    page = text(client.get(reverse("editorial:item", args=[item.uuid])))
    assert "<del>meget</del>" in page and "<b>lidt" not in page and "&lt;" in page


def test_a_conflict_asks_for_a_second_look(client: Client, sara: User) -> None:
    """The editor sees it and may still decide."""
    entry, by = published(problem="Et"), UserFactory.create()
    change = Change.begin(entry, by=by, proposed={"problem": "To"})
    item = submit_change(change=change, by=by)
    assert item is not None
    entry.apply_parts({"problem": "Tre"})
    response = answer(client, item, "approved")
    assert response.status_code == 422 and "i mellemtiden" in text(response)
    assert answer(client, item, "approved", force="on").status_code == 302
    entry.refresh_from_db()
    assert entry.problem == "To"


@pytest.mark.parametrize(
    "route", ["queue", "figures", "item", "matter", "take", "give_back", "answer", "answer_many"]
)
@pytest.mark.parametrize("role", ["anonymous", "citizen", "staff"])
def test_closed_to_others(client: Client, route: str, role: str) -> None:
    """Who is not an editor gets nothing, whatever the method."""
    item = sent(title="Hemmelig titel")
    if role != "anonymous":
        client.force_login(UserFactory.create(is_staff=role == "staff"))
    args = [] if route in ("queue", "figures", "answer_many") else [item.uuid]
    for method in (client.get, client.post):
        response = method(reverse(f"editorial:{route}", args=args))
        assert response.status_code in (302, 403, 405) and "Hemmelig" not in text(response)
    assert state(item) == "submitted"


def test_figures_and_matter(client: Client, sara: User) -> None:
    """Drawn with a table of the same numbers; a matter on paper has versions, letters and decisions."""
    item = sent(title="En hel sag")
    decide(uuid=item.uuid, outcome=Outcome.REJECTED, by=editor(name="Ali Berg"), reason="Fordi det findes.")
    page = text(client.get(reverse("editorial:figures")))
    assert page.count("<tr>") == 13 and "<svg" in page
    paper = text(client.get(reverse("editorial:matter", args=[item.uuid]), {"journal": "2026-<17>"}))
    assert "Fordi det findes." in paper and "Ali Berg" in paper and "2026-&lt;17&gt;" in paper
    assert "Udgave 1" in paper and "Jonas Friis" in paper


@pytest.mark.parametrize(
    ("before", "after", "left", "right"),
    [
        ("a b c", "a x c", "a <del>b</del> c", "a <ins>x</ins> c"),
        ("", "ny", "", "<ins>ny</ins>"),
        ("<i>", "<b>", "&lt;<del>i</del>&gt;", "&lt;<ins>b</ins>&gt;"),
    ],
)
def test_marks(before: str, after: str, left: str, right: str) -> None:
    """What went and what came."""
    assert marked(before, after) == (left, right)


def test_long_texts_are_not_compared_word_by_word() -> None:
    """Two very long texts are marked whole, without work that grows with the square."""
    left, right = marked("ord " * 5000, "andre ord " * 5000)
    assert left.count("<del>") == 1 and right.count("<ins>") == 1


def test_html_in_what_was_sent_is_text(client: Client, sara: User) -> None:
    """In title, sender's name and every part."""
    item = sent(title="<script>alert(1)</script>", problem="<img src=x onerror=alert(2)>")
    User.objects.filter(pk=item.sender_id).update(name="<b>Navn</b>")
    for route in ("queue", "item", "matter"):
        args = [] if route == "queue" else [item.uuid]
        page = text(client.get(reverse(f"editorial:{route}", args=args)))
        assert "<script>alert" not in page and "<img src=x" not in page and "<b>Navn" not in page
        assert not re.search(r"onerror=[^&]*>(?!.*&gt;)", page.split("onerror", 1)[0])


def test_the_queue_costs_the_same_for_many(client: Client, sara: User) -> None:
    """The number of queries does not grow with what waits."""
    costs = []
    for _round in range(2):
        for _n in range(6):
            sent()
        client.get(reverse("editorial:queue"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("editorial:queue"))
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 18

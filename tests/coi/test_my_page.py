"""/min-side/: everything of mine, nothing of others."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from catalogue.models import Entry
from editorial.choices import Outcome
from editorial.models import Change
from editorial.queue import claim, decide
from editorial.reporting import correct_facts
from editorial.submitting import ask_withdrawal, submit_change, submit_content
from editorial.way import WAYS, way
from tests.factories import EntryFactory, UserFactory, WorkplaceFactory, editor, hidden, published
from tests.pages import text

pytestmark = pytest.mark.django_db

STATES = ("draft", "submitted", "returned", "published", "rejected", "withdrawn", "suspended", "archived")


def signed_in(client: Client) -> User:
    """A citizen who is logged in."""
    user = UserFactory.create(name="Mette Holm")
    client.force_login(user)
    return user


def contribution(state: str, author: User) -> Entry:
    """A contribution of `author` in a state."""
    if state == "published":
        return published(author=author, title="Titel published")
    return hidden(state, author=author, title=f"Titel {state}")


@pytest.mark.parametrize("state", STATES)
def test_every_state_says_where_it_is(client: Client, state: str) -> None:
    """With the contract's hook, a way with exactly one current step, and a page of its own."""
    entry = contribution(state, signed_in(client))
    page = text(client.get(reverse("my_page")))
    assert f'data-state="{state}"' in page and entry.title in page
    assert page.count('aria-current="step"') == 1
    course = client.get(reverse("my_contribution", args=[entry.uuid]))
    assert course.status_code == 200 and f'data-state="{state}"' in text(course)


def test_every_state_has_a_way() -> None:
    """With one step that is now."""
    assert set(WAYS) == set(STATES)
    for state in STATES:
        assert sum(step.is_current for step in way(state)) == 1
    assert sum(step.is_current for step in way("submitted", is_taken=True)) == 1


def test_others_are_not_there(client: Client) -> None:
    """Neither in the list nor by their address; without an account one logs in first."""
    other = hidden("draft", author=UserFactory.create(), title="En andens kladde")
    change = Change.begin(published(), by=UserFactory.create(), proposed={"summary": "x"})
    assert client.get(reverse("my_page")).status_code == 302
    assert client.get(reverse("my_contribution", args=[other.uuid])).status_code == 302
    signed_in(client)
    assert "En andens kladde" not in text(client.get(reverse("my_page")))
    for uuid in (other.uuid, change.uuid):
        assert client.get(reverse("my_contribution", args=[uuid])).status_code == 404


def test_the_question_stands_where_one_looks(client: Client) -> None:
    """In the warning, at the contribution, and in its course; an editor's name does not."""
    user = signed_in(client)
    item = submit_content(content=EntryFactory.create(author=user, title="Faste hold"), by=user)
    assert "Nummer 1 i køen" in text(client.get(reverse("my_page")))
    by = editor(name="Sara Lund")
    claim(item=item, by=by)
    assert "læser den nu" in text(client.get(reverse("my_page")))
    decide(uuid=item.uuid, outcome=Outcome.RETURNED, by=by, reason="Fra hvornår til hvornår?")
    page = text(client.get(reverse("my_page")))
    assert "Et bidrag venter på dig" in page and "Fra hvornår til hvornår?" in page
    assert "Sara" not in page
    assert item.content is not None
    course = text(client.get(reverse("my_contribution", args=[item.content.uuid])))
    assert "Fra hvornår til hvornår?" in course and "Sara" not in course


def test_a_change_stands_beside_what_it_changes(client: Client) -> None:
    """As a row of its own, until it is decided."""
    user = signed_in(client)
    change = Change.begin(published(title="Siden"), by=user, proposed={"summary": "Nyt"})
    submit_change(change=change, by=user)
    page = text(client.get(reverse("my_page")))
    assert "Rettelse af eksempel" in page and 'data-state="submitted"' in page
    assert client.get(reverse("my_contribution", args=[change.uuid])).status_code == 200


def test_a_change_that_was_decided_stays_with_its_reason(client: Client) -> None:
    """State, answer and reason are still there when it is not waiting any more."""
    user = signed_in(client)
    change = Change.begin(published(title="Siden"), by=user, proposed={"summary": "Nyt"})
    item = submit_change(change=change, by=user)
    assert item is not None
    decide(uuid=item.uuid, outcome=Outcome.REJECTED, by=editor(), reason="Tallet passer ikke.")
    page = text(client.get(reverse("my_page")))
    assert "Ikke taget med." in page and "Tallet passer ikke." in page and 'data-state="rejected"' in page


def test_others_reasons_and_letters_stay_with_them(client: Client) -> None:
    """Neither an answer to a colleague's change, nor what a workplace or somebody else wrote to the editors."""
    user = signed_in(client)
    entry = published(author=user)
    theirs = Change.begin(entry, by=UserFactory.create(), proposed={"summary": "Deres"})
    theirs_item = submit_change(change=theirs, by=theirs.author)  # type: ignore[arg-type]
    assert theirs_item is not None
    decide(uuid=theirs_item.uuid, outcome=Outcome.REJECTED, by=editor(), reason="Grund til en anden")
    wish = ask_withdrawal(content=entry, by=UserFactory.create(), reason="En andens ønske")
    assert wish.letters.count() == 1
    waiting = EntryFactory.create(author=user, owner=WorkplaceFactory.create())
    item = submit_content(content=waiting, by=user)
    correct_facts(item=item, text="Arbejdspladsens egne ord", by=None)
    mine = Change.begin(entry, by=user, proposed={"summary": "Min"})
    for uuid in (entry.uuid, waiting.uuid, mine.uuid):
        course = text(client.get(reverse("my_contribution", args=[uuid])))
        for words in ("Grund til en anden", "En andens ønske", "Arbejdspladsens egne ord"):
            assert words not in course


def test_empty(client: Client) -> None:
    """Says what one could do."""
    signed_in(client)
    page = text(client.get(reverse("my_page")))
    assert "Hej Mette" in page and "Du har ikke sendt noget endnu" in page
    assert not re.search(r"data-state", page)


def test_it_costs_the_same_for_many(client: Client) -> None:
    """The number of queries does not grow with what one has sent."""
    user = signed_in(client)
    costs = []
    for _round in range(2):
        for _n in range(6):
            submit_content(content=EntryFactory.create(author=user), by=user)
            Change.begin(published(), by=user, proposed={"summary": "Nyt"})
        client.get(reverse("my_page"))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("my_page"))
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 35

"""The pages of those who contribute and of those who answer them, for measuring: what they show is made in a
transaction that is undone, so that the database at hand keeps its content.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from catalogue.models import Entry, Story
from coi.bench import Dress
from editorial import receipts
from editorial.choices import Kind, QueueKind
from editorial.models import Content, QueueItem, Receipt
from editorial.proposals.work import begin_content, work_of
from editorial.submitting import PROMISED, submit_content
from editorial.working_days import add_working_days

WAITING = 1000
"""What waits in the queue."""
OWN = 60
"""What one person has contributed: three pages of it."""
ADDRESS = "maaling@maaling.example"


@contextmanager
def contributed() -> Iterator[list[tuple[str, str, Dress]]]:
    """Pages (name, address, who asks) and what they show, all of it gone afterwards."""
    with transaction.atomic():
        try:
            yield _pages()
        finally:
            transaction.set_rollback(True)


def _pages() -> list[tuple[str, str, Dress]]:
    person = User.objects.create_user(
        ADDRESS, None, confirmed=True, name="Måling", is_staff=True, is_superuser=True
    )
    waiting = _fill_queue(person)
    draft = begin_content(kind=Kind.EXAMPLE, by=person)
    Content.objects.filter(pk=draft.pk).update(title="Et forslag", summary="Til måling.")
    work = work_of(person, draft.uuid, is_change=False, area="catalogue")
    mine = Entry.objects.published().values("pk")[:OWN]
    Content.objects.filter(pk__in=[row["pk"] for row in mine]).update(author=person)
    story = Story.objects.create(
        kind=Kind.STORY, title="En historie", text="Hun ringede.", summary="Hun ringede."
    )
    Receipt.issue(story)
    submit_content(content=story, by=None)

    def signed_in(client: Client) -> None:
        client.force_login(person)

    def with_receipt(client: Client) -> None:
        session = client.session
        session[receipts.SESSION], session[receipts.UNTIL] = (
            story.receipt.pk,
            int(time.time()) + receipts.OPEN_FOR,
        )
        session.save()

    return [
        ("Forslag, første trin", work.step_address(work.steps[0]), signed_in),
        ("Forslag, hvem", work.step_address(work.steps[1]), signed_in),
        (f"Min side, {OWN} bidrag", "/min-side/", signed_in),
        (f"Køen, {waiting} venter", "/admin/moderation/", signed_in),
        ("Kvittering", "/kvittering/", with_receipt),
    ]


def _fill_queue(sender: User) -> int:
    """Let many entries wait to be taken off; returns how many things wait. Fewer where there are fewer entries."""
    free = Entry.objects.published().exclude(
        pk__in=QueueItem.objects.waiting().filter(kind=QueueKind.WITHDRAWAL).values("content")
    )
    due = add_working_days(timezone.localdate(), PROMISED)
    QueueItem.objects.bulk_create(
        QueueItem(
            kind=QueueKind.WITHDRAWAL, title=entry.title, content=entry, sender=sender, workplace_id=entry.owner_id,
            due_on=due,
        )
        for entry in free[:WAITING]
    )  # fmt: skip
    return QueueItem.objects.waiting().count()

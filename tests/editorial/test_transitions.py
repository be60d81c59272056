"""From state to state: which ways are open, what each leaves behind, and that only one of two comes first."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import close_old_connections, connection, transaction

from catalogue.models import Entry
from editorial.choices import State
from editorial.models import Content, Decision
from editorial.models.querysets import TransitionError
from search.models import Document
from tests.factories import EntryFactory, UserFactory, hidden, published

ALLOWED = {
    "publish": {"draft", "submitted", "returned", "suspended", "archived"},
    "suspend": {"published", "archived"},
    "archive": {"published", "suspended"},
}
TO = {"publish": "published", "suspend": "suspended", "archive": "archived"}


def in_state(state: str) -> Entry:
    """An entry in `state`."""
    return published() if state == "published" else hidden(state)


@pytest.mark.parametrize("transition", ALLOWED)
@pytest.mark.parametrize("state", State.values)
def test_every_state_and_every_transition(db: None, state: str, transition: str) -> None:
    """Open ways move, log and reindex; closed ones change nothing at all."""
    entry, user = in_state(state), UserFactory.create()
    Decision.objects.all().delete()
    if state in ALLOWED[transition]:
        getattr(entry, transition)(by=user, reason=" Derfor ")
        decision = Decision.objects.get()
        assert (decision.content_uuid, decision.title) == (entry.uuid, entry.title)
        assert (decision.before, decision.action) == (state, TO[transition])
        assert (decision.actor_key, decision.reason) == (user.key, "Derfor")
        expected = TO[transition]
    else:
        with pytest.raises(TransitionError, match="kan ikke lade sig gøre"):
            getattr(entry, transition)(by=user, reason="Derfor")
        assert not Decision.objects.exists()
        expected = state
    stored = Entry.objects.get(pk=entry.pk)
    assert stored.state == entry.state == expected
    assert Document.objects.get(content=entry).visible is (expected == "published")


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_nothing_is_taken_down_without_a_reason(db: None, reason: str) -> None:
    """The log must tell why."""
    entry = published()
    with pytest.raises(TransitionError, match="hvorfor"):
        entry.suspend(by=None, reason=reason)
    assert Entry.objects.get().state == "published"


def test_what_is_not_complete_is_not_published(db: None) -> None:
    """Each lack is named."""
    for fields, lack in [
        ({"summary": "  "}, "resumé"),
        ({"subject_areas": []}, "fagområde"),
    ]:
        entry = EntryFactory.create(**fields)
        with pytest.raises(TransitionError, match=lack):
            entry.publish(by=None)
        assert Entry.objects.get(pk=entry.pk).state == "draft"
    EntryFactory.create(kind="vaerktoej").publish(by=None)  # only an example needs a subject area


def test_address_and_date_are_set_once(db: None) -> None:
    """Taken down and published again, with another title, it stands where it stood."""
    entry = published(title="Første titel")
    slug, moment = entry.slug, entry.published_at
    assert slug == "foerste-titel"
    assert moment is not None
    entry.suspend(by=None, reason="Fejl")
    entry.title = "Anden titel"
    entry.save()
    entry.publish(by=None)
    assert (entry.slug, entry.published_at) == (slug, moment)


def test_a_transition_keeps_to_what_it_changes(db: None) -> None:
    """A stale copy in memory does not overwrite what others have written."""
    entry = EntryFactory.create(title="Gammel")
    Entry.objects.filter(pk=entry.pk).update(title="Ny")
    entry.publish(by=None)
    assert entry.title == "Ny"


def test_a_stale_copy_loses(db: None) -> None:
    """Somebody else was first: an error that the page explains, and no second line in the log."""
    first = published()
    second = Entry.objects.get(pk=first.pk)
    first.suspend(by=None, reason="A")
    with pytest.raises(TransitionError, match="En anden"):
        second.archive(by=None)
    assert list(Decision.objects.values_list("action", flat=True)) == ["suspended", "published"]
    assert Entry.objects.get().state == "suspended"


def test_a_failure_halfway_leaves_nothing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """State, log and search document are one transaction."""
    entry = EntryFactory.create()

    def fail(self: Entry) -> dict[str, Any]:
        raise RuntimeError

    monkeypatch.setattr(Entry, "search_fields", fail)
    with pytest.raises(RuntimeError), transaction.atomic():
        entry.publish(by=None)
    assert Entry.objects.get().state == "draft"
    assert not Decision.objects.exists()


def at_once(*actions: Callable[[], None]) -> list[Exception | None]:
    """Run the actions in threads of their own, from one barrier; return what each raised."""
    barrier = threading.Barrier(len(actions))
    results: list[Exception | None] = [None] * len(actions)

    def run(n: int, action: Callable[[], None]) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(10)
            action()
        except Exception as error:
            results[n] = error
        finally:
            connection.close()
            close_old_connections()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_at_once_one_wins() -> None:
    """Two connections, one state: one succeeds, the other hears of it, the log has one line."""
    for _ in range(5):
        entry = EntryFactory.create()
        copies = [Entry.objects.get(pk=entry.pk) for _ in range(3)]
        results = at_once(*(lambda c=c: c.publish(by=None) for c in copies))  # type: ignore[misc]
        assert sum(r is None for r in results) == 1
        assert all(isinstance(r, TransitionError) for r in results if r)
        assert Decision.objects.filter(content_uuid=entry.uuid).count() == 1
        assert Document.objects.get(content=entry).visible


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_same_title_at_once_gets_two_addresses() -> None:
    """Different content with one title: both are published, each with its own address."""
    for n in range(5):
        entries = [EntryFactory.create(title=f"Samme titel {n}") for _ in range(3)]
        assert at_once(*(lambda e=e: e.publish(by=None) for e in entries)) == [None] * 3  # type: ignore[misc]
        slugs = set(Entry.objects.filter(title=f"Samme titel {n}").values_list("slug", flat=True))
        assert slugs == {f"samme-titel-{n}", f"samme-titel-{n}-2", f"samme-titel-{n}-3"}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_suspension_wins_over_a_reindexing() -> None:
    """However the two fall, what is taken down is not found."""
    for _ in range(5):
        entry = published()
        copy = Entry.objects.get(pk=entry.pk)
        assert at_once(lambda e=entry: e.suspend(by=None, reason="A"), copy.reindex) == [None, None]  # type: ignore[misc]
        assert not Document.objects.get(content=entry).visible


def test_hidden_at_once_whoever_does_it(db: None) -> None:
    """A bulk update or plain SQL takes it out of search and lists too, and brings it back."""
    entry = published()
    Content.objects.filter(pk=entry.pk).update(state="suspended")
    assert not Document.objects.get(content=entry).visible
    with connection.cursor() as cursor:
        cursor.execute("UPDATE editorial_content SET state = 'published' WHERE id = %s", [entry.pk])
        assert Document.objects.get(content=entry).visible
        cursor.execute("UPDATE editorial_content SET state = 'withdrawn' WHERE id = %s", [entry.pk])
    assert not Document.objects.visible().exists()

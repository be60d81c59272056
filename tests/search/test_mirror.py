"""The mirror is what the database holds now: after every change, by whomever, and before none that is not committed."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from django.db import connection, transaction
from django.test import Client

from catalogue.choices import KINDS
from catalogue.models import Entry
from coi.roles import renew_transactions
from editorial.models import Content
from search import mirror as mirrors
from search.columns import SEVERAL, SINGLE
from search.mirror import Mirror, current
from search.models import Document, Removed
from search.selection import Selection
from tests import pages
from tests.factories import TagFactory, WorkplaceFactory, published

WORDS = [
    "tillid",
    "kontrol",
    "sygefravær",
    "fravær",
    "borger",
    "inddragelse",
    "skole",
    "børn",
    "ledelse",
    "praktik",
]


def shown(mirror: Mirror) -> dict[str, object]:
    """All that a mirror says, in an order that does not depend on how it came to be."""
    rows = Selection(mirror, mirror.live)
    said: dict[str, object] = {sort: rows.ids(sort) for sort in ("nyeste", "titel", "genbrugt")}
    said |= {column: rows.counts(column) for column in (*SINGLE, *SEVERAL)}
    for word in WORDS:
        found = rows.search(word)
        assert found.match
        said[word] = found.ids("relevans")
        said[f"{word} scores"] = [round(float(s), 3) for s in found.match.scores[found.slots("relevans")]]
    return said


def elsewhere(run: Callable[[], object]) -> None:
    """Do something on another connection, in another thread, and wait for it."""
    failed: list[BaseException] = []

    def work() -> None:
        try:
            run()
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert not failed, failed


@pytest.fixture
def fresh(transactional_db: None) -> Iterator[None]:
    """A database that is really committed to, and a mirror that begins from nothing."""
    mirrors.forget()
    yield
    mirrors.forget()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_it_follows_any_change_and_equals_a_mirror_made_anew(fresh: None) -> None:
    """A hundred random changes, some by plain SQL; after every few, what it says is what a new one says."""
    chance = random.Random(4)
    entries: list[Entry] = []

    def text() -> str:
        return " ".join(chance.choices(WORDS, k=chance.randint(1, 6)))

    for step in range(100):
        what = chance.random()
        if what < 0.5 or not entries:
            entries.append(published(title=text(), summary=text(), tags=chance.sample(WORDS, 2)))
        elif what < 0.65:
            entry = chance.choice(entries)
            Entry.objects.filter(pk=entry.pk).update(summary=text())
            entry.reindex()
        elif what < 0.8:
            Content.objects.filter(pk=chance.choice(entries).pk).update(
                state=chance.choice(["suspended", "published"])
            )
        elif what < 0.9:
            entries.pop(chance.randrange(len(entries))).delete()
        else:
            with connection.cursor() as cursor:
                cursor.execute(
                    "UPDATE search_document SET reuse_count = reuse_count + 1 WHERE id %% 3 = %s", [step % 3]
                )
        if step % 7 == 0:
            followed = current()
            assert not followed.postings.blocks or len(followed.postings.blocks) < 12
            mirrors.forget()
            assert shown(current()) == shown(followed), step
            mirrors._share(followed)
    assert current() is current(), "nothing has changed, so nothing is read"
    assert Removed.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_is_not_committed_is_nobodys_business(fresh: None) -> None:
    """The writer sees it, others do not; rolled back, it has never been."""
    published(title="Tillid", tags=["a"])
    before = current()
    assert len(before.ids) == 1
    with transaction.atomic():
        published(title="Kontrol", tags=["b"])
        assert Selection.of_kinds(KINDS).search("kontrol").count == 1
        elsewhere(lambda: _expect("kontrol", 0))
        assert "kontrol" not in before.vocabulary
        transaction.set_rollback(True)
    assert current() is before
    _expect("kontrol", 0)
    assert Selection.of_kinds(KINDS).counts("tags") == {"a": 1}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_transaction_that_began_first_and_ends_last_is_not_missed(fresh: None) -> None:
    """Its number is lower than that of what the mirror has seen already."""
    first = published(title="Tillid")
    with transaction.atomic():
        Content.objects.filter(pk=first.pk).update(state="suspended")
        elsewhere(lambda: published(title="Kontrol"))
        elsewhere(lambda: (_expect("kontrol", 1), _expect("tillid", 1)))
    _expect("tillid", 0)
    elsewhere(lambda: _expect("tillid", 0))


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_many_threads_at_once(fresh: None) -> None:
    """Readers beside a writer never see a row twice, never an error, and in the end everything."""
    stop = threading.Event()
    failed: list[BaseException] = []

    def read() -> None:
        try:
            while not stop.is_set():
                rows = Selection.of_kinds(KINDS)
                ids = rows.search("tillid").ids("relevans")
                assert len(ids) == len(set(ids))
                assert sum(rows.counts("kind").values()) == rows.count
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for n in range(30):
        published(title=f"Tillid nummer{n}", tags=[f"emne{n}"])
    stop.set()
    for reader in readers:
        reader.join()
    assert not failed, failed
    _expect("tillid", 30)


def _expect(q: str, number: int) -> None:
    assert Selection.of_kinds(KINDS).search(q).count == number, q


def test_hidden_at_once_on_every_page(db: None, client: Client) -> None:
    """By the portal's own transition and by plain SQL, both ways, on the very next request."""
    entry = published(title="Fyrtårnet", tags=["lys"])
    published(title="Havnen")

    def seen() -> tuple[int, int, int, int]:
        listed = client.get("/katalog/?q=fyrtårn")
        tags = pages.facet_items(client.get("/katalog/")).get(("emne", "lys"), (0, ""))[0]
        suggested = len(client.get("/forslag.json?q=fyr").json()["forslag"])
        return pages.count(listed), pages.count(client.get("/soeg/?q=fyrtaarn")), tags, suggested

    assert seen() == (1, 1, 1, 1)
    entry.suspend(by=None, reason="Prøve")
    assert seen() == (0, 0, 0, 0)
    entry.publish(by=None)
    assert seen() == (1, 1, 1, 1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE editorial_content SET state = 'archived' WHERE id = %s", [entry.pk])
    assert seen() == (0, 0, 0, 0)
    assert "fyrtårn" not in pages.text(client.get("/katalog/?q=fyrtårm")).replace("fyrtårm", "")


def test_the_transaction_is_noted_by_the_database_alone(db: None) -> None:
    """Whatever code or SQL writes into the column."""
    published()
    document = Document.objects.get()
    document.changed = "7"
    document.save()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE search_document SET changed = '8'")
        cursor.execute("SELECT changed = pg_current_xact_id() FROM search_document")
        assert cursor.fetchone() == (True,)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_rows_from_another_cluster_are_found_after_migrate(fresh: None) -> None:
    """A restore brings numbers of transactions that this server has not come to yet: `migrate` renews them."""
    published(title="Tillid")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE search_document DISABLE TRIGGER USER")
        cursor.execute("UPDATE search_document SET changed = '9000000000000'")
        cursor.execute("ALTER TABLE search_document ENABLE TRIGGER USER")
    mirrors.forget()
    _expect("tillid", 0)
    renew_transactions(connection)
    _expect("tillid", 1)
    assert mirrors.changes(current().snapshot)[2] == [], "and they are read once"


def test_compacting_changes_nothing_but_the_size(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dead slots go; what it says stays."""
    for n in range(12):
        published(title=f"Tillid {n}", tags=[f"emne {n % 3}"])
    TagFactory.create(name="uden indhold")
    WorkplaceFactory.create()
    full = current()
    some = full.without(full.ids[::2].tolist())
    monkeypatch.setattr(mirrors, "TOO_MANY_DEAD", 0)
    compact = some.compact()
    assert (some.size, compact.size) == (12, 6)
    assert shown(compact) == shown(some)
    assert np.all(compact.live)

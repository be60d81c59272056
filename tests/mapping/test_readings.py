"""What is read and sought is counted without persons, and shown only to those whose pages they are."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.test import Client
from django.utils import timezone

from editorial.models import Reading, Sought
from editorial.reading import forget_old, read_pages, sought_words
from places.models import Workplace
from tests.factories import (
    UserFactory,
    WorkplaceFactory,
    contact_person,
    editor,
    public_project,
    public_story,
    published,
)

pytestmark = pytest.mark.django_db
READER = {"HTTP_USER_AGENT": "Mozilla/5.0 Firefox/140"}


def came_from(q: str) -> dict[str, str]:
    return {**READER, "HTTP_REFERER": f"http://testserver/katalog/?q={q}"}


@pytest.fixture
def workplace() -> Workplace:
    made: Workplace = WorkplaceFactory.create(name="Skolen ved Åen")
    return made


def test_each_public_page_is_counted_once_an_opening(client: Client, workplace: Workplace) -> None:
    rows = [published(owner=workplace), public_story(owner=workplace), public_project(owner=workplace)]
    for row in rows:
        for _n in range(2):
            client.get(row.get_absolute_url(), **READER)
    client.get(workplace.get_absolute_url(), **READER)
    assert sorted(Reading.objects.values_list("times", flat=True)) == [1, 2, 2, 2]
    assert [page.times for page in read_pages(workplace)] == [2, 2, 2, 1]


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_USER_AGENT": "Googlebot/2.1"},
        {"HTTP_USER_AGENT": ""},
        {**READER, "HTTP_SEC_PURPOSE": "prefetch"},
    ],
)
def test_machines_and_previews_are_not(client: Client, workplace: Workplace, headers: dict[str, str]) -> None:
    client.get(published(owner=workplace).get_absolute_url(), **headers)
    assert not Reading.objects.exists()


def test_editors_heads_and_hidden_pages_are_not(client: Client, workplace: Workplace) -> None:
    entry = published(owner=workplace)
    client.head(entry.get_absolute_url(), **READER)
    client.force_login(editor())
    client.get(entry.get_absolute_url(), **READER)
    entry.suspend(by=None, reason="Prøve")
    client.get(entry.get_absolute_url(), **READER)
    client.logout()
    client.get(entry.get_absolute_url(), **READER)
    assert not Reading.objects.exists()


def test_words_are_written_down_only_from_the_fifth(client: Client, workplace: Workplace) -> None:
    entry = published(owner=workplace)
    for _n in range(4):
        client.get(entry.get_absolute_url(), **came_from("Tillid"))
    row = Sought.objects.get()
    assert (row.words, row.times) == ("", 4)
    assert "tillid" not in row.fingerprint
    assert sought_words(workplace) == []
    client.get(entry.get_absolute_url(), **came_from("tillid"))
    assert sought_words(workplace) == [("tillid", 5)]
    with pytest.raises(IntegrityError), transaction.atomic():
        Sought.objects.filter(pk=row.pk).update(times=4)


@pytest.mark.parametrize("q", ["ida%40example.dk", "010190-1234", "12345678", "sag+lars+hansen", ""])
def test_what_may_be_about_a_person_is_never_kept(client: Client, workplace: Workplace, q: str) -> None:
    entry = published(owner=workplace)
    for _n in range(6):
        client.get(entry.get_absolute_url(), **came_from(q))
    assert not Sought.objects.exists()


def test_another_site_tells_nothing(client: Client, workplace: Workplace) -> None:
    entry = published(owner=workplace)
    for came in (
        "https://soegemaskine.example/?q=tillid",
        "http://testserver/katalog/",
        "nonsense",
        "http://[::1",
    ):
        for _n in range(5):
            client.get(entry.get_absolute_url(), **READER, HTTP_REFERER=came)
    assert not Sought.objects.exists()


def test_only_its_own_people_see_it(client: Client, workplace: Workplace) -> None:
    entry = published(owner=workplace, title="Bogen om tillid")
    client.get(entry.get_absolute_url(), **READER)
    page = workplace.get_absolute_url()
    other = contact_person(WorkplaceFactory.create())
    for user in (None, UserFactory.create(), other):
        if user:
            client.force_login(user)
        assert "Til jer, der holder siden ved lige" not in client.get(page).content.decode()
    for user in (contact_person(workplace), editor()):
        client.force_login(user)
        response = client.get(page)
        html = response.content.decode()
        assert "Til jer, der holder siden ved lige" in html
        assert "Bogen om tillid" in html
        assert "no-store" in response["Cache-Control"]


def test_hidden_pages_leave_the_table(workplace: Workplace, client: Client) -> None:
    entry = published(owner=workplace)
    client.get(entry.get_absolute_url(), **READER)
    entry.suspend(by=None, reason="Prøve")
    assert read_pages(workplace) == []


def test_old_totals_go(workplace: Workplace) -> None:
    old = timezone.localdate() - dt.timedelta(days=400)
    Reading.objects.create(workplace=workplace, day=old)
    Sought.objects.create(workplace=workplace, month=old, fingerprint="x")
    Reading.objects.create(workplace=workplace, day=timezone.localdate())
    assert forget_old() == 2
    assert Reading.objects.count() == 1


def test_a_failure_costs_the_page_nothing(client: Client, workplace: Workplace) -> None:
    entry = published(owner=workplace)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE editorial_reading RENAME TO away")
    try:
        assert client.get(entry.get_absolute_url(), **READER).status_code == 200
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE away RENAME TO editorial_reading")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("locked", ["workplace", "total"])
def test_a_page_does_not_wait_for_what_another_holds(client: Client, locked: str) -> None:
    """Another connection holds the workplace, as a merge does, or the day's total: the count is lost, not the page."""
    workplace = WorkplaceFactory.create()
    if locked == "total":
        client.get(workplace.get_absolute_url(), **READER)
    rows = {"workplace": Workplace.objects, "total": Reading.objects}[locked]
    let_go = _held(lambda: list(rows.select_for_update()))
    begun = time.monotonic()
    try:
        response = client.get(workplace.get_absolute_url(), **READER)
        took = time.monotonic() - begun
    finally:
        let_go()
    assert response.status_code == 200
    assert took < 5  # it would have waited for as long as the other holds it
    before = int(locked == "total")
    assert sum(Reading.objects.values_list("times", flat=True)) == before
    client.get(workplace.get_absolute_url(), **READER)
    assert Reading.objects.get().times == before + 1


def _held(lock: Callable[[], object]) -> Callable[[], None]:
    """Let another connection lock something until the returned function is called, or half a minute."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic():
                lock()
                held.set()
                done.wait(30)
        finally:
            connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    assert held.wait(10)

    def let_go() -> None:
        done.set()
        thread.join()

    return let_go

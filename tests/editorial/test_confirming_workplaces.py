"""A workplace's own facts are asked about once a year, in one message with its pages and its contact person's role."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from editorial import memberships
from editorial.actions import merge_workplaces
from editorial.choices import Outcome, QueueKind
from editorial.confirming import actions
from editorial.confirming.actions import Asked
from editorial.models import QueueItem
from editorial.queue import decide
from editorial.workplace_pages import to_do
from mapping.adding.actions import propose_correction
from mapping.mine import my_panels
from notices.models import Notice
from places.models import Membership, Workplace
from tests.factories import (
    UserFactory,
    WorkplaceFactory,
    contact_person,
    editor,
    employee,
    membership,
    published,
)

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 25)
MAILBOX = "post@huset.example"


def ago(days: int) -> dt.date:
    return TODAY - dt.timedelta(days=days)


def made(days: int = 400, **fields: Any) -> Workplace:
    """A workplace that has been on the portal for so many days."""
    workplace = WorkplaceFactory.create(**{"mailbox": MAILBOX, **fields})
    noon = dt.datetime.combine(ago(days), dt.time(12), tzinfo=dt.UTC)
    Workplace.objects.filter(pk=workplace.pk).update(created_at=noon)
    workplace.refresh_from_db()
    return workplace


def about(url: str) -> Asked | None:
    """What a link is about."""
    return actions.read(url.split("/")[2])


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let it be TODAY; returns a function that moves the day."""
    real = timezone.localdate

    def move(day: dt.date) -> None:
        monkeypatch.setattr(
            timezone, "localdate", lambda value=None, tz=None: day if value is None else real(value, tz)
        )

    move(TODAY)
    return move


@pytest.mark.parametrize(
    ("fields", "is_due"),
    [
        ({}, True),
        ({"days": 365}, True),
        ({"days": 364}, False),
        ({"confirmed_on": ago(365)}, True),
        ({"confirmed_on": ago(364)}, False),
        ({"confirmation_asked_on": ago(365)}, True),
        ({"confirmation_asked_on": ago(364)}, False),
        ({"confirmation_asked_on": ago(800), "confirmed_on": ago(790)}, True),
        ({"closed_on": ago(1)}, False),
        ({"mailbox": ""}, False),
    ],
)
def test_what_is_due(fields: dict[str, Any], is_due: bool) -> None:
    """A year after it was added, confirmed or asked about; one that exists and can be reached."""
    workplace = made(**fields)
    assert [actions.ask_about_old(TODAY) for _n in range(2)] == [int(is_due), 0]
    assert Notice.objects.filter(event="bekraeft").count() == int(is_due)
    workplace.refresh_from_db()
    assert workplace.confirmation_asked_on == (TODAY if is_due else fields.get("confirmation_asked_on"))


def test_contact_persons_are_asked_before_the_mailbox() -> None:
    workplace = made()
    person = contact_person(workplace)
    membership(user=UserFactory.create(), workplace=workplace, role="medarbejder")
    actions.ask_about_old(TODAY)
    notice = Notice.objects.get()
    assert notice.recipient == person
    assert notice.subject == f"Passer det, der står om {workplace.name}?"
    assert about(notice.url) == Asked(workplace.pk, TODAY)


def test_pages_and_facts_are_one_message() -> None:
    workplace = made()
    entry = published(ago(400), owner=workplace, title="Morgenmøder")
    assert actions.ask_about_old(TODAY) == 1
    notice = Notice.objects.get()
    assert "Morgenmøder" in notice.text and "Oplysningerne om jer selv" in notice.text
    entry.refresh_from_db()
    assert entry.confirmation_asked_on == TODAY


@pytest.mark.parametrize(("days", "is_asked"), [(-5, True), (0, True), (30, True), (31, False)])
def test_the_role_is_asked_about_in_the_same_message(
    client: Client, today: Any, days: int, is_asked: bool
) -> None:
    """When its own day comes within a month; there is no second message, and one click each answers."""
    workplace = made()
    person = contact_person(workplace)
    mine = Membership.objects.get(user=person)
    Membership.objects.filter(pk=mine.pk).update(confirm_by=TODAY + dt.timedelta(days=days))
    actions.ask_about_old(TODAY)
    memberships.check_yearly()
    notice = Notice.objects.get()
    assert ("taler for" in notice.text, notice.event) == (
        is_asked,
        "arbejdsplads" if is_asked else "bekraeft",
    )
    client.force_login(person)
    page = client.get(notice.url).content.decode()
    confirm = f"/min-side/roller/{mine.uuid}/bekraeft/"
    assert ("Jeg er stadig kontaktperson" in page) is is_asked
    assert (confirm in page) is is_asked
    client.logout()
    assert "Jeg er stadig kontaktperson" not in client.get(notice.url).content.decode()


def test_one_click_confirms_and_the_page_says_so(client: Client, today: Any) -> None:
    """Opening the link changes nothing; the answer needs no account, and once is as good as twice."""
    workplace = made(website="https://huset.example")
    actions.ask_about_old(TODAY)
    link = Asked(workplace.pk, TODAY).address
    page = client.get(link).content.decode()
    assert "https://huset.example" in page and MAILBOX in page and "Ja, det passer stadig" in page
    assert "Bekræftet af arbejdspladsen" not in client.get(workplace.get_absolute_url()).content.decode()
    for _n in range(2):
        assert client.post(link, {"svar": "ja", "side": str(workplace.uuid)}).status_code == 302
    workplace.refresh_from_db()
    assert (workplace.confirmed_on, workplace.owes_confirmation) == (TODAY, False)
    assert "Bekræftet af arbejdspladsen" in client.get(workplace.get_absolute_url()).content.decode()
    assert "Ja, det passer stadig" not in client.get(link).content.decode()


def test_all_at_once(client: Client, today: Any) -> None:
    workplace = made()
    entry = published(ago(400), owner=workplace)
    actions.ask_about_old(TODAY)
    link = Asked(workplace.pk, TODAY).address
    assert "Ja, det hele passer stadig" in client.get(link).content.decode()
    client.post(link, {"svar": "ja"})
    workplace.refresh_from_db()
    entry.refresh_from_db()
    assert workplace.confirmed_on == entry.confirmed_on == TODAY


@pytest.mark.parametrize("change", [{"confirmation_asked_on": TODAY}, {"closed_on": TODAY}, {"name": "Ny"}])
def test_an_old_link_confirms_nothing(client: Client, today: Any, change: dict[str, Any]) -> None:
    """Once it is asked again, or closed, or was never asked about itself."""
    workplace = made(confirmation_asked_on=None if "name" in change else ago(370))
    link = Asked(workplace.pk, ago(370)).address
    Workplace.objects.filter(pk=workplace.pk).update(**change)
    for data in ({"svar": "ja"}, {"svar": "ja", "side": str(workplace.uuid)}, {"svar": "tag-ned"}):
        response = client.post(link, data)
        assert response.status_code in (302, 404)
    assert client.post(link, {"svar": "ret", "side": str(workplace.uuid), "text": "x"}).status_code == 404
    workplace.refresh_from_db()
    assert workplace.confirmed_on is None and not QueueItem.objects.exists()


def test_who_has_no_account_writes_what_is_wrong(client: Client, today: Any) -> None:
    """It waits for the editors once; too little is said at the field, and nothing typed is lost."""
    workplace = made()
    actions.ask_about_old(TODAY)
    link = Asked(workplace.pk, TODAY).address
    token = client.get(link).context["form"]["once"].value()
    data = {"svar": "ret", "side": str(workplace.uuid), "once": token}
    response = client.post(link, {**data, "text": "Ring til 010190-1234"})
    assert response.status_code == 422
    assert "Ring til 010190-1234" in response.content.decode() and "CPR" in response.content.decode()
    for _n in range(2):
        assert client.post(link, {**data, "text": "Vi er flyttet til Nygade 2."}).status_code == 302
    item = QueueItem.objects.get(kind=QueueKind.WORKPLACE)
    assert item.workplace == workplace and "Nygade 2" in item.letters.get().text
    assert "er ikke færdig med den" in client.get(link).content.decode()
    by = editor()
    decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=by, seen=item.version)
    workplace.refresh_from_db()
    assert workplace.confirmed_on is None
    client.force_login(contact_person(workplace))
    assert f"/kort/arbejdspladser/{workplace.slug}/ret/" in client.get(link).content.decode()


@pytest.mark.parametrize(("who", "counts"), [("contact", True), ("other", False)])
def test_a_contact_persons_correction_counts_once_it_is_shown(today: Any, who: str, counts: bool) -> None:
    workplace = made(website="https://gammel.dk", municipality_id="0101")
    actions.ask_about_old(TODAY)
    by = contact_person(workplace) if who == "contact" else employee()
    item = propose_correction(
        workplace=workplace, before={"website": "https://gammel.dk"}, facts={"website": "https://ny.dk"},
        message="", by=by,
    )  # fmt: skip
    workplace.refresh_from_db()
    assert workplace.confirmed_on is None
    decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor(), seen=item.version)
    workplace.refresh_from_db()
    assert (workplace.website, workplace.confirmed_on is not None) == ("https://ny.dk", counts)


def test_what_is_owed_is_shown_to_its_own_people(client: Client, today: Any) -> None:
    """On its page and on Min side; to readers only after a month of silence."""
    workplace = made()
    person = contact_person(workplace)
    assert to_do(workplace) == [] and my_panels(person) == []
    actions.ask_about_old(TODAY)
    workplace.refresh_from_db()
    link = "/er-det-rigtigt/"
    assert [about(one.url) for one in to_do(workplace)] == [Asked(workplace.pk, TODAY)]
    assert [about(panel.context["rows"][0][1]) for panel in my_panels(person)] == [Asked(workplace.pk, TODAY)]
    page = workplace.get_absolute_url()
    assert "har ikke fået svar" not in client.get(page).content.decode()
    client.force_login(person)
    assert link in client.get(page).content.decode()
    assert link in client.get("/min-side/").content.decode()
    client.logout()
    today(TODAY + dt.timedelta(days=30))
    html = client.get(page).content.decode()
    assert "Ikke bekræftet" in html and "har ikke fået svar" in html and link not in html
    Workplace.objects.filter(pk=workplace.pk).update(closed_on=TODAY)
    assert "har ikke fået svar" not in client.get(page).content.decode()
    assert my_panels(person) == []


def test_a_merge_confirms_nothing() -> None:
    """What the other's people confirmed was the other's facts."""
    keep, duplicate = made(), made(confirmed_on=ago(10), confirmation_asked_on=ago(20))
    merge_workplaces(keep=keep, duplicate=duplicate, by=None)
    keep.refresh_from_db()
    assert (keep.confirmed_on, keep.confirmation_asked_on) == (None, None)


def test_killed_half_way_asks_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is marked as asked who was not told, and nobody is told twice; a run asks so many and no more."""
    for _n in range(3):
        made()
    real, calls = actions.tell, []

    def dies(**fields: Any) -> Any:
        calls.append(fields)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(**fields)

    monkeypatch.setattr(actions, "tell", dies)
    with pytest.raises(KeyboardInterrupt):
        actions.ask_about_old(TODAY)
    assert Notice.objects.count() == Workplace.objects.filter(confirmation_asked_on=TODAY).count() == 1
    monkeypatch.setattr(actions, "WORKPLACES", 1)
    assert [actions.ask_about_old(TODAY) for _n in range(3)] == [1, 1, 0]
    assert Notice.objects.count() == 3


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_workers_ask_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both are about to tell at the same time: the second waits, and finds that it is done."""
    made()
    both_in, real = threading.Barrier(2), actions._tell

    def slowly(*args: Any, **fields: Any) -> None:
        try:
            both_in.wait(0.5)
        except threading.BrokenBarrierError:
            pass
        real(*args, **fields)

    monkeypatch.setattr(actions, "_tell", slowly)

    def run() -> None:
        try:
            actions.ask_about_old(TODAY)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Notice.objects.count() == 1

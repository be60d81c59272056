"""»Er det stadig rigtigt?«: who is asked and when, what the link does and does not, and what silence does."""

from __future__ import annotations

import datetime as dt
import re
import threading
import uuid
from typing import Any

import pytest
from django.core import signing
from django.db import connections
from django.test import Client
from django.utils import timezone

from catalogue.mine import my_panels
from catalogue.models import Entry
from editorial.choices import QueueKind
from editorial.confirming import actions
from editorial.confirming.actions import Asked
from editorial.models import Content, QueueItem
from editorial.tasks import ask_whether_right
from notices.models import Notice
from places.models import Membership, MembershipState, Workplace
from tests.catalogue.people import contact, member
from tests.factories import (
    HIDDEN_STATES,
    WorkplaceFactory,
    editor,
    hidden,
    public_project,
    public_story,
    public_unit,
    published,
)

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 25)


def ago(days: int) -> dt.date:
    """A day before TODAY."""
    return TODAY - dt.timedelta(days=days)


def old(owner: Workplace | None = None, *, days: int = 400, **fields: Any) -> Entry:
    """An entry that was published so many days ago."""
    owner = owner or WorkplaceFactory.create(mailbox="post@ejeren.example")
    entry = published(ago(days), owner=owner)
    Entry.objects.filter(pk=entry.pk).update(**fields)
    entry.refresh_from_db()
    return entry


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
    ("fields", "due"),
    [
        ({}, True),
        ({"days": 365}, True),
        ({"days": 364}, False),
        ({"confirmed_on": ago(365)}, True),
        ({"confirmed_on": ago(364)}, False),
        ({"confirmation_asked_on": ago(364)}, False),
        ({"confirmation_asked_on": ago(365)}, True),
        ({"confirmation_asked_on": ago(800), "confirmed_on": ago(790)}, True),
        ({"state": "archived"}, False),
        ({"state": "suspended"}, False),
        ({"state": "draft"}, False),
        ({"owner_id": None}, False),
    ],
)
def test_what_is_due(fields: dict[str, Any], due: bool) -> None:
    """Published, a year old, not confirmed or asked about since."""
    old(**fields)
    assert actions.ask_about_old(TODAY) == int(due)
    assert Notice.objects.filter(event="bekraeft").count() == int(due)


@pytest.mark.parametrize(
    ("reached", "asked"),
    [("nobody", 0), ("mailbox", 1), ("contact", 1), ("two", 2), ("employee", 0), ("left", 0), ("closed", 0)],
)
def test_who_is_asked(reached: str, asked: int) -> None:
    """Contact persons, else the mailbox; where there is neither, nobody ever."""
    owner = WorkplaceFactory.create(
        mailbox="post@ejeren.example" if reached in ("mailbox", "two", "closed") else ""
    )
    if reached in ("contact", "two", "left"):
        contact(owner)
    if reached == "two":
        contact(owner)
    if reached == "employee":
        member(owner)
    if reached == "left":
        Membership.objects.update(state=MembershipState.ENDED, ended_at=timezone.now())
    if reached == "closed":
        Workplace.objects.filter(pk=owner.pk).update(closed_on=ago(1))
    entry = old(owner)
    actions.ask_about_old(TODAY)
    assert Notice.objects.count() == asked
    entry.refresh_from_db()
    assert entry.confirmation_asked_on == (TODAY if asked else None)


def test_one_message_for_a_workplace() -> None:
    """It names them all and has one link; the job run twice asks once, and again after a year."""
    owner = WorkplaceFactory.create(mailbox="post@ejeren.example")
    mine = [old(owner), old(owner)]
    other = old()
    assert actions.ask_about_old(TODAY) == 2 and actions.ask_about_old(TODAY) == 0
    assert actions.ask_about_old(TODAY + dt.timedelta(days=364)) == 0
    notice = next(n for n in Notice.objects.all() if mine[0].title in n.text)
    assert mine[1].title in notice.text and other.title not in notice.text and "2 sider" in notice.subject
    assert notice.url.startswith("/er-det-rigtigt/")
    assert actions.ask_about_old(TODAY + dt.timedelta(days=365)) == 2


def test_at_most_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left is asked about the day after."""
    monkeypatch.setattr(actions, "WORKPLACES", 2)
    monkeypatch.setattr(actions, "PAGES", 1)
    owner = WorkplaceFactory.create(mailbox="post@ejeren.example")
    for place in (owner, owner, None, None):
        old(place)
    assert [actions.ask_about_old(TODAY + dt.timedelta(days=n)) for n in range(4)] == [2, 2, 0, 0]


def asked(entry: Entry, day: dt.date = TODAY) -> str:
    """Ask, and return the link."""
    actions.ask_about_old(day)
    entry.refresh_from_db()
    assert entry.owner_id and entry.confirmation_asked_on == day
    return Asked(entry.owner_id, day).address


def test_get_changes_nothing(client: Client, today: Any) -> None:
    """Mail programs follow links by themselves; a person presses a button, without an account."""
    entry = old()
    link = asked(entry)
    before = Entry.objects.values().get(pk=entry.pk)
    for method in (client.get, client.head):
        assert method(link).status_code == 200
    assert Entry.objects.values().get(pk=entry.pk) == before and not QueueItem.objects.exists()
    text = client.get(link).content.decode()
    assert "Ja, det passer stadig" in text and "Tag den ned" in text and "ret" in text
    assert client.post(link, {"svar": "ja", "side": str(entry.uuid)}).status_code == 302
    entry.refresh_from_db()
    assert (entry.confirmed_on, entry.is_unconfirmed) == (TODAY, False)
    assert "Bekræftet" in client.get(link).content.decode()


def test_all_at_once(client: Client, today: Any) -> None:
    """»Det hele passer stadig«; nobody else's."""
    owner = WorkplaceFactory.create(mailbox="post@ejeren.example")
    mine, foreign = [old(owner), old(owner)], old()
    link = asked(mine[0])
    assert client.post(link, {"svar": "ja"}).status_code == 302
    assert set(Entry.objects.filter(confirmed_on=TODAY)) == set(mine)
    assert client.post(link, {"svar": "ja", "side": str(foreign.uuid)}).status_code == 404
    foreign.refresh_from_db()
    assert foreign.confirmed_on is None


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"svar": "nej"},
        {"svar": "tag-ned"},
        {"svar": "ja", "side": "x"},
        {"svar": "ja", "side": str(uuid.uuid4())},
    ],
)
def test_what_is_no_answer(client: Client, today: Any, data: dict[str, str]) -> None:
    """404, and nothing happens."""
    entry = old()
    assert client.post(asked(entry), data).status_code == 404
    entry.refresh_from_db()
    assert entry.confirmed_on is None and not QueueItem.objects.exists()


def test_take_it_down(client: Client, today: Any) -> None:
    """A wish to the editors, once; the page stays until they answer."""
    entry = old()
    link = asked(entry)
    for _ in range(2):
        assert client.post(link, {"svar": "tag-ned", "side": str(entry.uuid)}).status_code == 302
    assert QueueItem.objects.get().kind == QueueKind.WITHDRAWAL
    assert client.get(entry.get_absolute_url()).status_code == 200
    assert "bedt om at få siden taget ned" in client.get(link).content.decode()


def test_last_years_link(client: Client, today: Any) -> None:
    """It confirms nothing when one has been asked again, and not a second time within the year."""
    entry = old()
    first = asked(entry)
    client.post(first, {"svar": "ja"})
    today(TODAY + dt.timedelta(days=300))
    client.post(first, {"svar": "ja"})
    entry.refresh_from_db()
    assert entry.confirmed_on == TODAY
    later = TODAY + dt.timedelta(days=366)
    today(later)
    second = asked(entry, later)
    assert client.post(first, {"svar": "ja"}).status_code == 404
    assert "ikke mere at svare på" in client.get(first).content.decode()
    entry.refresh_from_db()
    assert entry.confirmed_on == TODAY
    client.post(second, {"svar": "ja"})
    entry.refresh_from_db()
    assert entry.confirmed_on == later


@pytest.mark.parametrize("change", ["owner", *(s for s in HIDDEN_STATES if s != "archived")])
def test_what_is_no_longer_theirs(client: Client, today: Any, change: str) -> None:
    """An entry given to another, or taken down, is neither shown nor confirmed by the link."""
    entry = old()
    link = asked(entry)
    fields = {"owner": WorkplaceFactory.create()} if change == "owner" else {"state": change}
    Entry.objects.filter(pk=entry.pk).update(**fields)
    assert entry.title not in client.get(link).content.decode()
    assert client.post(link, {"svar": "ja", "side": str(entry.uuid)}).status_code == 404
    assert not Entry.objects.filter(confirmed_on__isnull=False).exists()


def test_tokens(client: Client, today: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forged, of another purpose, of another day, and too old: all 404 with a sentence."""
    entry = old()
    link = asked(entry)
    token = link.split("/")[2]
    body = {"w": entry.owner_id, "d": TODAY.isoformat()}
    bad = [
        "x", token[:-2] + ("aa" if token[-2:] != "aa" else "bb"), signing.dumps(body, salt="andet"),
        signing.dumps("x", salt=actions.SALT), signing.dumps({"w": "x", "d": "y"}, salt=actions.SALT),
    ]  # fmt: skip
    for one in bad:
        for response in (
            client.get(f"/er-det-rigtigt/{one}/"),
            client.post(f"/er-det-rigtigt/{one}/", {"svar": "ja"}),
        ):
            assert response.status_code == 404 and "gælder ikke mere" in response.content.decode()
    assert client.post(Asked(entry.owner_id or 0, ago(1)).address, {"svar": "ja"}).status_code == 404
    monkeypatch.setattr(actions, "YEAR", dt.timedelta(seconds=-1))
    assert client.post(link, {"svar": "ja"}).status_code == 404
    entry.refresh_from_db()
    assert entry.confirmed_on is None


def test_silence(client: Client, today: Any) -> None:
    """After 30 days it says so, neutrally, on page and card, and the editors find it; an answer takes it off."""
    entry, answered = old(), old()
    link = asked(entry)
    client.post(Asked(answered.owner_id or 0, TODAY).address, {"svar": "ja"})
    assert actions.mark_unanswered(TODAY + dt.timedelta(days=29)) == 0
    assert actions.mark_unanswered(TODAY + dt.timedelta(days=30)) == 1
    assert actions.mark_unanswered(TODAY + dt.timedelta(days=30)) == 0
    assert list(Entry.objects.filter(is_unconfirmed=True)) == [entry]
    today(TODAY + dt.timedelta(days=30))
    page = client.get(entry.get_absolute_url()).content.decode()
    assert 'class="is-unconfirmed"' in page and "har ikke fået svar" in page
    cards = client.get("/katalog/").content.decode()
    assert "Ikke bekræftet, spurgt" in cards and len(re.findall("is-unconfirmed", cards)) == 1
    client.force_login(editor())
    found = client.get("/admin/catalogue/entry/?ikke_svaret=ja").content.decode()
    assert entry.title in found and answered.title not in found
    client.post(link, {"svar": "ja"})
    entry.refresh_from_db()
    assert (entry.is_unconfirmed, entry.confirmed_on) == (False, TODAY + dt.timedelta(days=30))


def test_editors_confirm_for_them() -> None:
    """What they write in admin takes the mark off at the next run."""
    entry = old(confirmation_asked_on=ago(40), is_unconfirmed=True)
    Entry.objects.filter(pk=entry.pk).update(confirmed_on=ago(2))
    actions.mark_unanswered(TODAY)
    entry.refresh_from_db()
    assert not entry.is_unconfirmed


def test_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are."""
    monkeypatch.setattr(actions, "PORTION", 2)
    owner = WorkplaceFactory.create(mailbox="post@ejeren.example")
    for _ in range(5):
        old(owner, confirmation_asked_on=ago(31))
    assert actions.mark_unanswered(TODAY) == 5


@pytest.mark.parametrize("hour", [0, 1, 22, 23])
def test_days_are_danish(hour: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in the night when the clocks change, and just before and after midnight."""
    entry = old()
    moment = dt.datetime(2026, 10, 25, hour, 30, tzinfo=dt.UTC)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    ask_whether_right(0)
    ask_whether_right(0)
    entry.refresh_from_db()
    assert entry.confirmation_asked_on == dt.date(2026, 10, 25 if hour < 23 else 26)
    assert Notice.objects.count() == 1


def test_panel() -> None:
    """Contact persons find it on their own page too, until it is answered."""
    owner = WorkplaceFactory.create()
    me = contact(owner)
    entry = old(owner)
    link = asked(entry)
    panel = my_panels(me)[0].context["rows"]
    assert [row.pk for row, _url in panel] == [entry.pk] and panel[0][1].split(":")[0] == link.split(":")[0]
    assert actions.confirm(entries=[entry], asked=Asked(owner.pk, TODAY)) == 1
    assert actions.confirm(entries=[entry], asked=Asked(owner.pk, TODAY)) == 0
    assert my_panels(me) == []


def test_hidden_is_never_asked_about() -> None:
    """Whatever its state."""
    owner = WorkplaceFactory.create(mailbox="post@ejeren.example")
    for state in HIDDEN_STATES:
        entry = hidden(state, owner=owner)
        Entry.objects.filter(pk=entry.pk).update(confirmed_on=ago(900))
    assert actions.ask_about_old(TODAY) == 0


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_workers_ask_once() -> None:
    """The job at once in two workers: one message."""
    old()
    barrier = threading.Barrier(2)

    def run() -> None:
        barrier.wait()
        try:
            actions.ask_about_old(TODAY)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Notice.objects.count() == 1


def test_projects_and_units_are_asked_about_and_stories_are_not(client: Client, today: Any) -> None:
    """Their pages lead to where their people correct them."""
    owner = WorkplaceFactory.create(mailbox="post@ejeren.example")
    rows = [public_project(owner=owner), public_unit(owner=owner), public_story(owner=owner)]
    long_ago = dt.datetime(2025, 1, 1, 12, tzinfo=dt.UTC)
    Content.objects.filter(pk__in=[row.pk for row in rows]).update(published_at=long_ago)
    assert actions.ask_about_old() == 1
    asked = Asked(owner.pk, TODAY)
    assert set(asked.entries().values_list("kind", flat=True)) == {"projekt", "enhed"}
    html = client.get(asked.address).content.decode()
    assert f"/kort/projekter/{rows[0].slug}/ret/" in html
    assert actions.confirm(entries=asked.entries(), asked=asked) == 2
    today(TODAY + dt.timedelta(days=40))
    assert actions.mark_unanswered() == 0

"""The pages: mine only, GET never writes, and the link in a mail does one thing."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core import signing
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from notices import bounces, delivery, tokens
from notices.events import CHOSEN, Event, Frequency
from notices.models import Mailing, Notice, Preference, Suppression
from notices.preferences import choose
from notices.sending import tell
from tests.factories import UserFactory, editor

pytestmark = pytest.mark.django_db
INBOX = "/min-side/beskeder/"
CHOICES = "/min-side/beskeder/valg/"


@pytest.fixture
def me(client: Client) -> User:
    """A person who is logged in."""
    user: User = UserFactory.create()
    client.force_login(user)
    return user


def told(to: User | str, **fields: Any) -> Notice:
    """A notice."""
    return tell(to=to, **({"event": "svar", "subject": "Svar til dig", "text": "Her er det."} | fields))


def test_the_list_is_mine_and_bounded(client: Client, me: User) -> None:
    """Newest first, 20 a page, with what is new marked in words; as many queries for 30 as for 3."""
    told(UserFactory.create(), subject="Til en anden")
    assert "Der er ingen beskeder endnu" in client.get(INBOX).content.decode()
    for n in range(3):
        told(me, subject=f"Besked {n}")
    with CaptureQueriesContext(connection) as few:
        client.get(INBOX)
    for n in range(3, 30):
        told(me, subject=f"Besked {n} <script>", text="<b>", url="/katalog/")
    with CaptureQueriesContext(connection) as many:
        page = client.get(INBOX).content.decode()
    assert len(many) == len(few) <= 8
    assert page.count("<article") == 20
    assert page.index("Besked 29") < page.index("Besked 28")
    assert "Til en anden" not in page
    assert "<script>" not in page.split("<main")[1].split("</main>")[0]
    assert 'data-count="30"' in page
    assert "30 nye" in page
    assert client.get(INBOX + "?side=2").content.decode().count("<article") == 10
    assert client.get(INBOX + "?side=xx").status_code == 200
    assert not Notice.objects.exclude(read_at=None).exists()


def test_reading(client: Client, me: User) -> None:
    """One or all, mine only; the first reading stands."""
    mine, second, other = told(me, url="/katalog/"), told(me), told(UserFactory.create())
    address = reverse("notices:notice", args=[mine.uuid])
    assert client.get(address).url == INBOX  # type: ignore[attr-defined]
    assert Notice.objects.unread_for(me).count() == 2
    assert client.post(address, {"open": "1"}).url == "/katalog/"  # type: ignore[attr-defined]
    mine.refresh_from_db()
    first = mine.read_at
    assert first
    assert client.post(address, {"side": "2"}).url == INBOX + "?side=2"  # type: ignore[attr-defined]
    assert client.post(address, {"side": "2&x=//evil"}).url == INBOX  # type: ignore[attr-defined]
    mine.refresh_from_db()
    assert mine.read_at == first
    for foreign in (other.uuid, uuid.uuid4()):
        assert client.post(reverse("notices:notice", args=[foreign])).status_code == 404
    for _twice in range(2):
        assert client.post(INBOX).status_code == 302
    second.refresh_from_db()
    other.refresh_from_db()
    assert second.read_at
    assert other.read_at is None
    assert Notice.objects.unread_for(me).count() == 0


def test_without_login_nothing(client: Client) -> None:
    """Every page of mine leads to the log-in, whatever the method."""
    notice = told(UserFactory.create())
    for address in (INBOX, CHOICES, reverse("notices:notice", args=[notice.uuid])):
        for method in (client.get, client.post):
            response = method(address)
            assert response.status_code == 302
            assert "next=" in response["Location"]
    assert Notice.objects.filter(read_at=None).count() == 1


def test_choosing(client: Client, me: User) -> None:
    """What is shown is what holds; staff's own kind is for staff; wrong input keeps the rest."""
    page = client.get(CHOICES).content.decode()
    assert 'name="svar"' in page
    assert 'name="redaktion"' not in page
    assert 'name="konto"' not in page
    values = {event.value: "straks" for event in CHOSEN if event != Event.STAFF} | {"svar": "dagligt"}
    response = client.post(CHOICES, values | {"konto": "aldrig", "redaktion": "aldrig", "user": "1"})
    assert response.status_code == 302
    assert [str(m) for m in get_messages(response.wsgi_request)] == ["Dine valg er gemt."]
    assert Preference.objects.frequency(me, Event.ANSWER) == Frequency.DAILY
    assert not Preference.objects.filter(event__in=["konto", "redaktion"]).exists()
    assert set(Preference.objects.values_list("user", flat=True)) == {me.pk}
    assert client.post(CHOICES, values).status_code == 302
    assert Preference.objects.count() == len(values)
    wrong = client.post(CHOICES, values | {"svar": "altid", "genbrug": "ugentligt"})
    assert wrong.status_code == 422
    text = wrong.content.decode()
    assert "Vælg en af mulighederne for »Svar på dine spørgsmål«." in text
    assert 'value="ugentligt" class="form-radio" checked' in text
    assert Preference.objects.frequency(me, Event.ANSWER) == Frequency.DAILY
    client.force_login(editor())
    assert 'name="redaktion"' in client.get(CHOICES).content.decode()


def test_one_button_switches_all_off(client: Client, me: User) -> None:
    """And what was waiting."""
    waiting = told(me)
    assert client.post(CHOICES, {"off": "1"}).status_code == 302
    assert set(Preference.objects.all_of(me).values()) == {Frequency.NEVER}
    waiting.refresh_from_db()
    assert waiting.state == Mailing.OFF
    assert told(me).state == Mailing.OFF
    assert told(me, event="konto").state == Mailing.WAITING


@pytest.fixture
def outsider() -> Client:
    """A mail program: no cookie, and CSRF is enforced."""
    return Client(enforce_csrf_checks=True)


def test_the_link_asks_and_post_does(outsider: Client) -> None:
    """GET and HEAD never write (mail scanners follow links); POST does, as often as it comes, to that person only."""
    user, other = UserFactory.create(), UserFactory.create()
    address = reverse("notices:unsubscribe", args=[tokens.for_user(user, Event.ANSWER)])
    page = outsider.get(address)
    assert page.status_code == outsider.head(address).status_code == 200
    assert "mails om »Svar på dine spørgsmål«" in page.content.decode()
    assert user.email not in page.content.decode()
    assert not Preference.objects.exists()
    for _replayed in range(2):
        response = outsider.post(address, "List-Unsubscribe=One-Click", "application/x-www-form-urlencoded")
        assert response.status_code == 200
        assert "Det er slået fra" in response.content.decode()
    assert Preference.objects.frequency(user, Event.ANSWER) == Frequency.NEVER
    assert Preference.objects.frequency(user, Event.REUSE) == Frequency.AT_ONCE
    assert not Preference.objects.filter(user=other).exists()
    # Chosen again on the portal, it holds again.
    choose(user=user, frequencies={Event.ANSWER: Frequency.AT_ONCE})
    assert Preference.objects.frequency(user, Event.ANSWER) == Frequency.AT_ONCE


def test_only_that_address_goes_without_a_csrf_token(outsider: Client) -> None:
    """The rest of the pages keep their guard."""
    user = UserFactory.create()
    outsider.force_login(user)
    assert outsider.post(INBOX).status_code == 403
    assert outsider.post(CHOICES, {"off": "1"}).status_code == 403
    assert outsider.post(reverse("notices:notice", args=[told(user).uuid])).status_code == 403
    assert not Preference.objects.exists()


def test_the_link_of_a_digest(outsider: Client) -> None:
    """Switches off all kinds that came in it, and no other."""
    user = UserFactory.create()
    choose(user=user, frequencies={Event.ANSWER: Frequency.DAILY, Event.REUSE: Frequency.DAILY})
    outsider.post(reverse("notices:unsubscribe", args=[tokens.for_user(user, Frequency.DAILY)]))
    chosen = Preference.objects.all_of(user)
    off = {event for event, value in chosen.items() if value == Frequency.NEVER}
    assert off == {Event.ANSWER, Event.REUSE}


def test_an_address_without_account_says_no_thanks(outsider: Client) -> None:
    """Only its imprint is kept; no optional mail goes there, whatever the kind, but security mail does."""
    token = tokens.for_address("Borger@example.dk", Event.TREATMENT)
    address = reverse("notices:unsubscribe", args=[token])
    outsider.get(address)
    assert not Suppression.objects.exists()
    for _replayed in range(2):
        assert outsider.post(address).status_code == 200
    (row,) = Suppression.objects.all()
    assert (row.address, row.reason) == ("", "afmeldt")
    assert Suppression.objects.covers("borger@EXAMPLE.dk")
    for event, state in (("svar", Mailing.OFF), ("konto", Mailing.SENT)):
        notice = told("borger@example.dk", event=event)
        delivery.send_notice(notice.uuid)
        notice.refresh_from_db()
        assert notice.state == state


def foreign_tokens() -> list[str]:
    """Tokens that we did not make so."""
    user = UserFactory.create()
    good = tokens.for_user(user, Event.ANSWER)
    key = str(user.key)
    return [
        "",
        "x",
        good[:-1] + ("A" if good[-1] != "A" else "B"),
        good.replace(":", ".", 1),
        signing.dumps({"u": key, "e": "svar"}, salt="another"),
        tokens.for_user(user, Event.ACCOUNT),
        signing.dumps({"u": key, "e": "findes-ikke"}, salt=tokens.SALT),
        signing.dumps({"u": "1", "e": "svar"}, salt=tokens.SALT),
        signing.dumps({"e": "svar"}, salt=tokens.SALT),
        signing.dumps(["svar"], salt=tokens.SALT),
        signing.dumps(7, salt=tokens.SALT),
    ]


def test_a_token_that_is_not_ours_is_not_found(outsider: Client) -> None:
    """And writes nothing."""
    for token in foreign_tokens():
        if token:
            address = reverse("notices:unsubscribe", args=[token])
            assert outsider.get(address).status_code == outsider.post(address).status_code == 404, token
    assert not Preference.objects.exists()
    gone = UserFactory.create()
    address = reverse("notices:unsubscribe", args=[tokens.for_user(gone, Event.ANSWER)])
    gone.delete()
    assert outsider.post(address).status_code == 404


def test_admin_shows_no_texts_and_sends_again(client: Client) -> None:
    """For administrators."""
    client.force_login(UserFactory.create(admin=True))
    user = UserFactory.create()
    notice = told(user, subject="Hemmeligt emne", text="Hemmelig tekst")
    Notice.objects.filter(pk=notice.pk).update(state=Mailing.FAILED, attempts=8)
    listed, detail = (
        reverse("admin:notices_notice_changelist"),
        reverse("admin:notices_notice_change", args=[notice.pk]),
    )
    for address in (listed, detail, listed + f"?q={user.email}"):
        page = client.get(address).content.decode()
        assert user.email in page
        assert "Hemmelig" not in page
    done = client.post(listed, {"action": "send_again", "_selected_action": [notice.pk]}, follow=True)
    assert "Én besked sendes igen." in done.content.decode()
    notice.refresh_from_db()
    assert (notice.state, notice.attempts) == (Mailing.WAITING, 0)
    row = bounces.record(user.email, "550 5.1.1")
    Suppression.objects.create(address_hash="0" * 64, reason="afmeldt")
    addresses = reverse("admin:notices_suppression_changelist")
    assert "550 5.1.1" in client.get(addresses).content.decode()
    client.post(addresses, {"action": "lift", "_selected_action": [row.pk]})
    assert [s.reason for s in Suppression.objects.all()] == ["afmeldt"]

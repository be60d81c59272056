"""A notice and its job stand or fall with what they tell of, and no trouble with mail loses either."""

from __future__ import annotations

import datetime as dt
import smtplib
import threading
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job
from procrastinate.testing import InMemoryConnector

from accounts.models import User
from notices import bounces, delivery, outbox, tasks
from notices.events import CHOSEN, Event, Frequency
from notices.models import Mailing, Notice, Preference, Suppression
from notices.preferences import choose
from notices.sending import send_again, tell, tell_staff
from tests.factories import UserFactory, editor

Deliver = Callable[[], list[EmailMessage]]
HERE = "tests.notices.test_sending."


class Down(BaseEmailBackend):
    """A mail server that does not answer."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        raise ConnectionRefusedError


def refusing(code: int, words: bytes) -> type[BaseEmailBackend]:
    """A mail server that refuses every recipient so."""

    class Refusing(BaseEmailBackend):
        def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
            raise smtplib.SMTPRecipientsRefused(dict.fromkeys(email_messages[0].recipients(), (code, words)))

    return Refusing


class Gone(refusing(550, b"5.1.1 no such user")):  # type: ignore[misc]
    """A mailbox that is no more."""


class Policy(refusing(550, b"5.7.1 your network is listed")):  # type: ignore[misc]
    """A server that refuses us, not the mailbox."""


class Full(refusing(452, b"4.2.2 mailbox full")):  # type: ignore[misc]
    """A mailbox that is full for now."""


def jobs(task: str = outbox.SEND_NOTICE) -> list[str]:
    """The keys of what a job waits for."""
    return [row.args["key"] for row in ProcrastinateJob.objects.filter(task_name=task, status="todo")]


def told(**fields: Any) -> Notice:
    """A notice to somebody."""
    fields = {"event": "svar", "subject": "Svar til dig", "text": "Her er svaret."} | fields
    return tell(to=fields.pop("to", None) or UserFactory.create(), **fields)


@pytest.mark.django_db
def test_the_job_stands_in_the_same_transaction() -> None:
    """Rolled back: neither. Committed: both."""
    with pytest.raises(RuntimeError), transaction.atomic():
        told()
        assert len(jobs()) == 1
        raise RuntimeError
    assert not Notice.objects.exists()
    assert not jobs()
    notice = told()
    assert jobs() == [str(notice.uuid)]


@pytest.mark.django_db
def test_the_job_stands_in_the_same_transaction_in_the_worker_too() -> None:
    """There the app has a connection of its own, which is not asked."""
    with app.replace_connector(InMemoryConnector()):
        notice = told()
    assert jobs() == [str(notice.uuid)]


@pytest.mark.django_db
def test_the_tasks_are_there_under_their_names() -> None:
    """The outbox names them; and each tries eight times in two days."""
    assert (tasks.send_notice.name, tasks.send_mail.name) == (outbox.SEND_NOTICE, outbox.SEND_MAIL)
    waits = []
    for attempts in range(20):
        job = Job(
            id=1, queue="default", lock=None, queueing_lock=None, task_name="x", priority=0, attempts=attempts
        )
        decision = outbox.Patiently().get_retry_decision(exception=OSError(), job=job)
        if decision and decision.retry_at:
            waits.append((decision.retry_at - dt.datetime.now(dt.UTC)).total_seconds())
    assert len(waits) == outbox.ATTEMPTS - 1 == 7
    assert waits == sorted(waits)
    assert 36 < sum(waits) / 3600 < 60


@pytest.mark.django_db
@pytest.mark.parametrize("server", ["Down", "Policy", "Full"])
def test_a_mail_server_that_is_down_loses_nothing(settings: Any, deliver: Deliver, server: str) -> None:
    """What was told of stands, the job is tried again, and the mail goes out once the server is up."""
    notice = told()
    up = settings.MAIL_DELIVERY_BACKEND
    settings.MAIL_DELIVERY_BACKEND = HERE + server
    for attempt in (1, 2):
        with pytest.raises((OSError, smtplib.SMTPException)):
            tasks.send_notice(key=str(notice.uuid))
        notice.refresh_from_db()
        assert (notice.state, notice.attempts, notice.sent_at) == (Mailing.WAITING, attempt, None)
        assert notice.last_error in ("ConnectionRefusedError", "SMTPRecipientsRefused")
    assert not Suppression.objects.exists()
    settings.MAIL_DELIVERY_BACKEND = up
    assert [m.subject for m in deliver()] == ["Svar til dig"]
    notice.refresh_from_db()
    assert (notice.state, notice.attempts, notice.last_error) == (Mailing.SENT, 3, "")
    assert notice.sent_at


@pytest.mark.django_db
def test_after_the_last_attempt_it_has_failed_and_can_be_sent_again(settings: Any, deliver: Deliver) -> None:
    """By staff; twice gives one job."""
    notice = told()
    Notice.objects.filter(pk=notice.pk).update(attempts=outbox.ATTEMPTS - 1)
    up = settings.MAIL_DELIVERY_BACKEND
    settings.MAIL_DELIVERY_BACKEND = HERE + "Down"
    with pytest.raises(OSError):
        tasks.send_notice(key=str(notice.uuid))
    notice.refresh_from_db()
    assert notice.state == Mailing.FAILED
    settings.MAIL_DELIVERY_BACKEND = up
    tasks.send_notice(key=str(notice.uuid))
    assert deliver() == []
    before = len(jobs())
    assert [send_again(notice), send_again(notice)] == [True, False]
    assert len(jobs()) == before + 1
    assert len(deliver()) == 1


@pytest.mark.django_db
def test_running_twice_sends_once(deliver: Deliver) -> None:
    """The second finds nothing that waits. A Message-ID is the same whenever the mail is written."""
    notice = told()
    (message,) = deliver()
    tasks.send_notice(key=str(notice.uuid))
    assert deliver() == []
    assert message.extra_headers["Message-ID"].startswith(f"<{notice.uuid}@")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_running_at_once_sends_once(settings: Any, mailoutbox: list[EmailMessage]) -> None:
    """While one speaks to the mail server, the other leaves the row alone."""
    notice = told()
    with transaction.atomic():
        Notice.objects.select_for_update().get(pk=notice.pk)

        def other() -> None:
            try:
                delivery.send_notice(notice.uuid)
            finally:
                connection.close()

        thread = threading.Thread(target=other)
        thread.start()
        thread.join(20)
        assert not thread.is_alive()
    assert mailoutbox == []
    delivery.send_notice(notice.uuid)
    assert len(mailoutbox) == 1


@pytest.mark.django_db
def test_a_mailbox_that_is_gone_is_noted_and_who_listens_is_told(settings: Any, monkeypatch: Any) -> None:
    """At once, without further attempts; and no more mail goes there, whoever it is for."""
    heard: list[str] = []
    monkeypatch.setattr(bounces, "_listeners", [])
    bounces.on_bounce(heard.append)
    bounces.on_bounce(heard.append)
    notice = told()
    settings.MAIL_DELIVERY_BACKEND = HERE + "Gone"
    tasks.send_notice(key=str(notice.uuid))
    notice.refresh_from_db()
    assert (notice.state, notice.last_error) == (Mailing.FAILED, "SMTPRecipientsRefused")
    (row,) = Suppression.objects.all()
    assert notice.recipient
    assert (row.address, row.code, row.reason) == (notice.recipient.email, "550 5.1.1", "afvist")
    assert heard == [notice.recipient.email]
    later = told(to=notice.recipient)
    tasks.send_notice(key=str(later.uuid))
    later.refresh_from_db()
    assert later.state == Mailing.OFF
    bounces.lift(notice.recipient.email.upper())
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(
    ("code", "words", "gone"),
    [
        (550, b"5.1.1 unknown", True),
        (550, b"No such user here", True),
        (550, b"5.2.1 disabled", True),
        (553, b"5.1.3 bad address", True),
        (556, b"does not accept mail", True),
        (550, b"5.7.1 blocked", False),
        (552, b"5.2.2 full", False),
        (554, b"5.7.1 spam", False),
        (451, b"4.7.1 greylisted", False),
        (421, b"later", False),
    ],
)
def test_what_a_refusal_says_of_the_address(code: int, words: bytes, gone: bool) -> None:
    """Only that the mailbox is no more counts; a server that dislikes us must not cost anybody their role."""
    error = smtplib.SMTPRecipientsRefused({"a@example.dk": (code, words)})
    assert bool(bounces.permanent(error)) is gone


@pytest.mark.django_db
@pytest.mark.parametrize(
    "dirt", ["\r\nBcc: x@example.dk", "\n\nBody", "\x00", "\x85Bcc: x", "\u2028X: y", "\u202egod", "\ud800"]
)
def test_nobody_writes_our_headers(deliver: Deliver, dirt: str) -> None:
    """Line breaks and control characters in a subject, a name or a text stay text."""
    user = UserFactory.create(name=f"Ida{dirt}".replace("\x00", "").replace("\ud800", ""))
    told(to=user, subject=f"Svar{dirt}", text=f"Tekst{dirt}")
    (message,) = deliver()
    raw = message.message().as_bytes()
    head = raw.split(b"\n\n")[0]
    assert b"\nBcc:" not in head
    assert b"\nX:" not in head
    assert message.recipients() == [user.email]
    assert len(message.subject.splitlines()) == 1
    assert "\u202e" not in message.subject


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    ["", "nej", "a@example.dk\nBcc: b@example.dk", "a@example.dk, b@example.dk", "a" * 300 + "@x.dk"],
)
def test_an_address_that_is_none_loses_nothing(deliver: Deliver, address: str) -> None:
    """The notice says that it could not be sent, and what it tells of stands."""
    notice = tell(to=address, event="svar", subject="Svar", text="x")
    assert (notice.state, notice.address) == (Mailing.FAILED, "")
    assert deliver() == []
    assert not send_again(notice)


@pytest.mark.django_db
def test_what_cannot_be_told() -> None:
    """An unknown event or a page elsewhere is a mistake in code, and says so."""
    user = UserFactory.create()
    for wrong in ({"event": "findes-ikke"}, {"url": "https://example.dk/"}, {"url": "//example.dk/"}):
        with pytest.raises(ValueError):
            told(to=user, **wrong)
    assert not Notice.objects.exists()


@pytest.mark.django_db
def test_editors_are_told(deliver: Deliver) -> None:
    """Active ones, each once; the administrators where there is no editor; nobody else."""
    administrator = UserFactory.create(admin=True)
    UserFactory.create()
    assert [n.recipient for n in tell_staff(event="redaktion", subject="Noget venter", text="Se")] == [
        administrator
    ]
    one, two = editor(), editor()
    editor(is_active=False)
    deliver()
    tell_staff(event="redaktion", subject="Noget venter", text="Se her.", url="/admin/")
    sent = deliver()
    assert sorted(m.to[0] for m in sent) == sorted([one.email, two.email])


@pytest.mark.django_db
def test_the_mail_says_who_why_and_how_to_stop(settings: Any, deliver: Deliver) -> None:
    """Plain text with full links, and headers for mail programs."""
    settings.SITE_URL = "https://portal.example"
    user = UserFactory.create(name="Mette Holm")
    told(to=user, text="Første afsnit: æøå & »<b>«.\r\n\r\nAndet afsnit.", url="/min-side/")
    (message,) = deliver()
    assert message.body.startswith("Hej Mette\n\nFørste afsnit: æøå & »<b>«.\n\nAndet afsnit.\n")
    assert "\nhttps://portal.example/min-side/\n" in message.body
    assert "fordi du har stillet et spørgsmål" in message.body
    assert "https://portal.example/min-side/beskeder/valg/" in message.body
    link = message.extra_headers["List-Unsubscribe"].strip("<>")
    assert link.startswith("https://portal.example/beskeder/afmeld/")
    assert link in message.body
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    assert message.from_email == settings.DEFAULT_FROM_EMAIL
    assert message.message().get_content_type() == "text/plain"
    assert user.email not in link


@pytest.mark.django_db
def test_security_mails_cannot_be_switched_off(deliver: Deliver) -> None:
    """They have no such link, and no choice about them is stored."""
    user = UserFactory.create()
    choose(user=user, frequencies=dict.fromkeys(CHOSEN, Frequency.NEVER))
    told(to=user, event="konto")
    (message,) = deliver()
    assert "List-Unsubscribe" not in message.extra_headers
    assert "afmeld" not in message.body
    with pytest.raises(IntegrityError), transaction.atomic():
        Preference.objects.create(user=user, event=Event.ACCOUNT, frequency=Frequency.NEVER)


@pytest.mark.django_db
def test_an_address_without_account(deliver: Deliver) -> None:
    """Gets the mail, without the link to choices that only an account has."""
    tell(to="Borger@Example.dk", event="behandling", subject="Tak", text="Tak for din historie.")
    (message,) = deliver()
    assert message.to == ["borger@example.dk"]
    assert "/valg/" not in message.body
    assert "/beskeder/afmeld/" in message.body
    assert "borger" not in message.extra_headers["List-Unsubscribe"]
    assert deliver() == []


@pytest.mark.django_db
@pytest.mark.parametrize("change", [{"is_active": False}, {}])
def test_what_changes_before_the_job_runs(deliver: Deliver, change: dict[str, Any]) -> None:
    """A closed account gets no mail; a kind that has been switched off meanwhile neither."""
    notice = told()
    assert notice.recipient
    if change:
        User.objects.filter(pk=notice.recipient.pk).update(**change)
    else:
        Preference.objects.create(user=notice.recipient, event="svar", frequency="aldrig")
    assert deliver() == []
    notice.refresh_from_db()
    assert notice.state == Mailing.OFF


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"event": "andet"},
        {"state": "andet"},
        {"frequency": "andet"},
        {"subject": ""},
        {"subject": "a\nb"},
        {"url": "https://example.dk"},
        {"url": "//example.dk"},
        {"address": "a@example.dk"},
        {"recipient": None},
        {"sent_at": "2026-01-05T09:00:00Z"},
        {"state": "sendt"},
    ],
    ids=str,
)
def test_the_database_refuses(wrong: dict[str, Any]) -> None:
    """Whoever writes it."""
    notice = told()
    with pytest.raises(IntegrityError), transaction.atomic():
        Notice.objects.filter(pk=notice.pk).update(**wrong)

"""Django's own mails through the worker, and what is kept no longer than needed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from django.core.mail import BadHeaderError, EmailMessage, EmailMultiAlternatives, send_mail
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from notices import keeping, outbox, tasks
from notices.models import Mailing, Notice, OutgoingMail, Suppression
from notices.sending import tell
from tests.factories import UserFactory

Deliver = Callable[[], list[EmailMessage]]
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _queued(settings: Any) -> None:
    """As the portal runs; Django's test runner puts another backend there."""
    settings.EMAIL_BACKEND = "notices.mail.QueuedBackend"


def test_a_mail_is_a_row_and_a_job_until_it_is_sent(mailoutbox: list[EmailMessage], deliver: Deliver) -> None:
    """With all its parts; afterwards nothing of it is left. The job says nothing of what is in it."""
    message = EmailMultiAlternatives(
        "Nyt kodeord",
        "Tekst æøå",
        "portal@example.dk",
        ["ida@example.dk"],
        bcc=["kopi@example.dk"],
        reply_to=["svar@example.dk"],
        headers={"X-Prøve": "1"},
        attachments=[
            ("kalender.ics", "BEGIN:VCALENDAR", "text/calendar"),
            ("a.bin", b"\xff\x00", "application/x-b"),
        ],
    )
    message.attach_alternative("<p>Tekst</p>", "text/html")
    assert message.send() == 1
    assert mailoutbox == []
    row = OutgoingMail.objects.get()
    (job,) = ProcrastinateJob.objects.filter(task_name=outbox.SEND_MAIL)
    assert job.args == {"key": str(row.uuid)}
    assert job.priority == 10
    (sent,) = deliver()
    assert isinstance(sent, EmailMultiAlternatives)
    assert (sent.subject, sent.body, sent.to, sent.bcc) == (
        "Nyt kodeord", "Tekst æøå", ["ida@example.dk"], ["kopi@example.dk"],
    )  # fmt: skip
    assert sent.reply_to == ["svar@example.dk"]
    assert [tuple(a) for a in sent.alternatives] == [("<p>Tekst</p>", "text/html")]
    assert [tuple(a) for a in sent.attachments] == [tuple(a) for a in message.attachments]
    assert str(row.uuid) in sent.extra_headers["Message-ID"]
    assert not OutgoingMail.objects.exists()
    tasks.send_mail(key=str(row.uuid))
    assert len(mailoutbox) == 1


def test_a_mail_of_something_that_was_rolled_back_is_never_sent(deliver: Deliver) -> None:
    """Neither row nor job."""
    with pytest.raises(RuntimeError), transaction.atomic():
        send_mail("Hej", "Tekst", None, ["ida@example.dk"])
        raise RuntimeError
    assert not OutgoingMail.objects.exists()
    assert not ProcrastinateJob.objects.filter(task_name=outbox.SEND_MAIL).exists()


@pytest.mark.parametrize(
    "fields", [{"subject": "a\nBcc: x@example.dk"}, {"to": ["a@example.dk\nBcc: x@example.dk"]}]
)
def test_headers_with_line_breaks_are_refused(fields: dict[str, Any]) -> None:
    """While the caller can still hear it."""
    with pytest.raises(BadHeaderError):
        EmailMessage(**({"subject": "Emne", "body": "Tekst", "to": ["a@example.dk"]} | fields)).send()
    assert not OutgoingMail.objects.exists()


def test_a_server_that_is_down_and_then_up(settings: Any, deliver: Deliver) -> None:
    """The mail waits; after the last attempt it is given up, and deleted a few days later."""
    send_mail("Hej", "Tekst", None, ["ida@example.dk"])
    row = OutgoingMail.objects.get()
    up = settings.MAIL_DELIVERY_BACKEND
    settings.MAIL_DELIVERY_BACKEND = "tests.notices.test_sending.Down"
    with pytest.raises(OSError):
        tasks.send_mail(key=str(row.uuid))
    row.refresh_from_db()
    assert (row.attempts, row.failed, row.last_error) == (1, False, "ConnectionRefusedError")
    settings.MAIL_DELIVERY_BACKEND = up
    assert len(deliver()) == 1
    send_mail("Hej", "Tekst", None, ["ida@example.dk"])
    OutgoingMail.objects.update(
        attempts=outbox.ATTEMPTS - 1, created_at=timezone.now() - dt.timedelta(days=4)
    )
    settings.MAIL_DELIVERY_BACKEND = "tests.notices.test_sending.Down"
    with pytest.raises(OSError):
        tasks.send_mail(key=str(OutgoingMail.objects.get().uuid))
    assert OutgoingMail.objects.get().failed
    keeping.purge()
    assert not OutgoingMail.objects.exists()


def test_a_mailbox_that_is_gone(settings: Any) -> None:
    """The mail is dropped, the address noted."""
    send_mail("Hej", "Tekst", None, ["ida@example.dk"])
    settings.MAIL_DELIVERY_BACKEND = "tests.notices.test_sending.Gone"
    tasks.send_mail(key=str(OutgoingMail.objects.get().uuid))
    assert not OutgoingMail.objects.exists()
    assert Suppression.objects.get().address == "ida@example.dk"


def test_who_looks_after_the_mail_server_can_note_a_bounce() -> None:
    """Several at a time, twice without harm; nothing when one is no address."""
    out = StringIO()
    for _twice in range(2):
        call_command("record_bounce", "Ida@example.dk", "bo@example.dk", "--code", "550 5.1.1", stdout=out)
    assert sorted(Suppression.objects.values_list("address", "code")) == [
        ("bo@example.dk", "550 5.1.1"), ("ida@example.dk", "550 5.1.1"),
    ]  # fmt: skip
    with pytest.raises(CommandError):
        call_command("record_bounce", "ny@example.dk", "ikke en adresse")
    assert Suppression.objects.count() == 2
    assert "ida" not in out.getvalue().lower()


def test_what_is_kept_no_longer_than_needed(deliver: Deliver) -> None:
    """Notices a year; addresses without account 30 days after sending; what has lost its job is shown as failed."""
    now = timezone.now()

    def aged(days: int, **state: Any) -> Notice:
        notice = tell(to="borger@example.dk", event="svar", subject="Svar", text="x")
        Notice.objects.filter(pk=notice.pk).update(created_at=now - dt.timedelta(days=days), **state)
        return notice

    long_ago, lately = now - dt.timedelta(days=31), now - dt.timedelta(days=29)
    old = aged(366)
    kept = {
        aged(60, state=Mailing.SENT, sent_at=long_ago).pk: "",
        aged(60, state=Mailing.SENT, sent_at=lately).pk: "borger@example.dk",
        aged(31, state=Mailing.FAILED).pk: "",
        aged(29, state=Mailing.OFF).pk: "borger@example.dk",
        aged(2).pk: "borger@example.dk",
    }
    lost = aged(4)
    kept[lost.pk] = "borger@example.dk"
    tasks.purge(timestamp=0)
    assert not Notice.objects.filter(pk=old.pk).exists()
    assert dict(Notice.objects.values_list("pk", "address")) == kept
    lost.refresh_from_db()
    assert (lost.state, lost.last_error) == (Mailing.FAILED, "Lost")
    assert Notice.objects.filter(state=Mailing.WAITING).count() == 1


def test_deleting_an_account_deletes_what_it_was_told() -> None:
    """With its choices."""
    user = UserFactory.create()
    tell(to=user, event="svar", subject="Svar", text="x")
    user.delete()
    assert not Notice.objects.exists()

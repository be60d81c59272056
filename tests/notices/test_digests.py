"""One mail a day or a week, at 7 o'clock in Denmark all year, with each notice once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.mail import EmailMessage

from accounts.models import User
from notices import bounces, digests, letters, mail
from notices.events import Event, Frequency
from notices.models import Mailing, Notice, OutgoingMail, Suppression
from notices.preferences import choose
from notices.sending import tell
from tests.factories import UserFactory

Deliver = Callable[[], list[EmailMessage]]
UTC = dt.UTC
COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def at(text: str) -> dt.datetime:
    """A moment in UTC."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=UTC)


def wanting(frequency: Frequency, *events: Event) -> User:
    """A person who wants these kinds so often."""
    user = UserFactory.create()
    choose(user=user, frequencies=dict.fromkeys(events or (Event.ANSWER,), frequency))
    return user


def told(user: User, when: str, event: Event = Event.ANSWER, subject: str = "Svar") -> Notice:
    """A notice of a moment."""
    notice = tell(to=user, event=event, subject=subject, text="Tekst", url="/katalog/")
    Notice.objects.filter(pk=notice.pk).update(created_at=at(when))
    return notice


@pytest.mark.parametrize(
    ("now", "daily", "weekly"),
    [
        # winter: 7 is 06:00 UTC. 25 November 2026 is a Wednesday.
        ("2026-11-25 05:59", "2026-11-24 06:00", "2026-11-23 06:00"),
        ("2026-11-25 06:00", "2026-11-25 06:00", "2026-11-23 06:00"),
        ("2026-11-25 23:30", "2026-11-25 06:00", "2026-11-23 06:00"),
        # summer: 05:00 UTC
        ("2026-07-06 04:59", "2026-07-05 05:00", "2026-06-29 05:00"),
        ("2026-07-06 05:00", "2026-07-06 05:00", "2026-07-06 05:00"),
        # the night to summer time (29 March 2026, a Sunday) and the Monday after
        ("2026-03-29 04:59", "2026-03-28 06:00", "2026-03-23 06:00"),
        ("2026-03-29 05:00", "2026-03-29 05:00", "2026-03-23 06:00"),
        ("2026-03-30 05:00", "2026-03-30 05:00", "2026-03-30 05:00"),
        # and back (25 October 2026)
        ("2026-10-25 05:00", "2026-10-24 05:00", "2026-10-19 05:00"),
        ("2026-10-25 06:00", "2026-10-25 06:00", "2026-10-19 05:00"),
        ("2026-10-26 06:00", "2026-10-26 06:00", "2026-10-26 06:00"),
    ],
)
def test_when_it_is_seven_in_denmark(now: str, daily: str, weekly: str) -> None:
    """Summer and winter, and on the days between."""
    assert digests.due_at(Frequency.DAILY, at(now)) == at(daily)
    assert digests.due_at(Frequency.WEEKLY, at(now)) == at(weekly)
    assert digests.due_at(Frequency.WEEKLY, at(now)).astimezone(COPENHAGEN).weekday() == 0


@pytest.mark.django_db
def test_each_notice_comes_once(deliver: Deliver) -> None:
    """In one mail a person, grouped by kind; however often the job runs."""
    user, other = wanting(Frequency.DAILY, Event.ANSWER, Event.REUSE), wanting(Frequency.DAILY)
    told(user, "2026-11-24 10:00", subject="Første svar")
    told(user, "2026-11-24 11:00", Event.REUSE, "Genbrugt i Fjordby")
    told(other, "2026-11-24 12:00", subject="Til en anden")
    late = told(user, "2026-11-25 06:30", subject="For sent til i dag")
    assert deliver() == []
    assert digests.send_due(at("2026-11-25 05:00")) == 0
    assert digests.send_due(at("2026-11-25 06:00")) == 2
    assert digests.send_due(at("2026-11-25 06:00")) == 0
    assert digests.send_due(at("2026-11-25 13:00")) == 0
    mine, others = sorted(deliver(), key=lambda m: m.to[0] != user.email)
    assert others.to == [other.email]
    assert mine.to == [user.email]
    assert mine.subject.startswith("2 beskeder")
    assert "== Svar på dine spørgsmål ==" in mine.body
    assert "== Genbrug ==" in mine.body
    assert "Til en anden" not in mine.body
    assert "For sent" not in mine.body
    assert mine.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert Notice.objects.filter(state=Mailing.DIGESTED).count() == 3
    assert digests.send_due(at("2026-11-26 06:00")) == 1
    late.refresh_from_db()
    assert late.state == Mailing.DIGESTED
    assert not OutgoingMail.objects.filter(message__to=[other.email]).exists()


@pytest.mark.django_db
def test_weekly_waits_for_monday_and_comes_after_a_pause() -> None:
    """Also when the worker was away on Monday; and daily and weekly are one mail."""
    user = wanting(Frequency.WEEKLY)
    told(user, "2026-11-18 10:00")
    for moment in ("2026-11-19 06:00", "2026-11-22 23:00", "2026-11-23 05:59"):
        assert digests.send_due(at(moment)) == 0
    choose(user=user, frequencies={Event.REUSE: Frequency.DAILY})
    told(user, "2026-11-20 10:00", Event.REUSE)
    assert digests.send_due(at("2026-11-24 09:00")) == 1
    assert Notice.objects.filter(state=Mailing.DIGESTED).count() == 2


@pytest.mark.django_db
def test_killed_halfway_the_rest_comes_later(monkeypatch: Any, deliver: Deliver) -> None:
    """A person's notices are marked in the transaction that writes the mail; one who fails does not stop the others."""
    first, second = wanting(Frequency.DAILY), wanting(Frequency.DAILY)
    for user in (first, second):
        told(user, "2026-11-24 10:00")
    queue = mail.queue

    def fails_for_the_first(message: EmailMessage, *, priority: int) -> Any:
        queued = queue(message, priority=priority)
        if message.to == [first.email]:
            raise RuntimeError
        return queued

    monkeypatch.setattr(mail, "queue", fails_for_the_first)
    assert digests.send_due(at("2026-11-25 06:00")) == 1
    assert [m.to for m in deliver()] == [[second.email]]
    monkeypatch.setattr(mail, "queue", queue)
    assert digests.send_due(at("2026-11-25 07:00")) == 1
    assert [m.to for m in deliver()] == [[first.email]]


@pytest.mark.django_db
@pytest.mark.parametrize("why", ["closed", "refuses", "never"])
def test_who_gets_none(deliver: Deliver, why: str) -> None:
    """A closed account, an address that refuses, a kind that was switched off meanwhile."""
    user = wanting(Frequency.DAILY)
    notice = told(user, "2026-11-24 10:00")
    if why == "closed":
        User.objects.filter(pk=user.pk).update(is_active=False)
    elif why == "refuses":
        bounces.record(user.email)
        assert Suppression.objects.covers(user.email)
    else:
        choose(user=user, frequencies={Event.ANSWER: Frequency.NEVER})
    assert digests.send_due(at("2026-11-25 06:00")) == 0
    assert deliver() == []
    notice.refresh_from_db()
    assert notice.state == Mailing.OFF


@pytest.mark.django_db
def test_what_waits_follows_the_choice() -> None:
    """From weekly to daily it comes the next day."""
    user = wanting(Frequency.WEEKLY)
    told(user, "2026-11-24 10:00")
    choose(user=user, frequencies={Event.ANSWER: Frequency.DAILY})
    assert digests.send_due(at("2026-11-25 06:00")) == 1


@pytest.mark.django_db
def test_a_long_digest_is_bounded(deliver: Deliver) -> None:
    """The rest is counted and waits on the portal."""
    user = wanting(Frequency.DAILY)
    for _number in range(letters.LISTED_AT_MOST + 3):
        told(user, "2026-11-24 10:00", subject="Nyt svar")
    digests.send_due(at("2026-11-25 06:00"))
    (message,) = deliver()
    assert message.body.count("* Nyt svar") == letters.LISTED_AT_MOST
    assert "Der er 3 beskeder mere" in message.body

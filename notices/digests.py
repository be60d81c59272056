"""Digests: one mail a day or a week with what waits, each notice in exactly one."""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models.functions import Now

from accounts.models import User
from notices import letters, mail
from notices.events import Frequency
from notices.models import Mailing, Notice, NoticeQuerySet, Suppression

log = logging.getLogger(__name__)

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
HOUR = 7
MONDAY = 0


def due_at(frequency: Frequency, now: dt.datetime) -> dt.datetime:
    """The latest 7 o'clock in Denmark (for the weekly digest a Monday's) that is not after `now`, summer and winter.

    What was told before that moment belongs in a mail by now. So a job that comes late, twice, or after a crash does
    the rest, and no record of the last digest is needed.
    """
    here = now.astimezone(COPENHAGEN)
    due = here.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if due > here:
        due -= dt.timedelta(days=1)  # the same clock time the day before: arithmetic within one zone
    if frequency == Frequency.WEEKLY:
        due -= dt.timedelta(days=(due.weekday() - MONDAY) % 7)
    return due


def due(now: dt.datetime) -> NoticeQuerySet:
    """Everything that belongs in a digest by now."""
    notices: NoticeQuerySet = Notice.objects.due_in_digest(Frequency.DAILY, due_at(Frequency.DAILY, now))
    return notices | Notice.objects.due_in_digest(Frequency.WEEKLY, due_at(Frequency.WEEKLY, now))


def send_due(now: dt.datetime) -> int:
    """Queue one mail for each person with something due; returns how many. Safe to run twice, at once, or in parts."""
    people = due(now).order_by().values_list("recipient", flat=True).distinct()
    return sum(_one_person(pk, now) for pk in list(people))


def _one_person(pk: int, now: dt.datetime) -> bool:
    """Queue one person's digest: the notices are marked and the mail is written in one transaction."""
    try:
        with transaction.atomic():
            user = User.objects.get(pk=pk)
            rows = due(now).filter(recipient=user).order_by("created_at", "pk")
            notices = list(rows.select_for_update(skip_locked=True))
            if not notices:
                return False
            mine = Notice.objects.filter(pk__in=[notice.pk for notice in notices])
            if not user.is_active or Suppression.objects.covers(user.email, refused_only=True):
                mine.update(state=Mailing.OFF)
                return False
            daily = any(notice.frequency == Frequency.DAILY for notice in notices)
            frequency = Frequency.DAILY if daily else Frequency.WEEKLY
            mail.queue(letters.of_digest(user, notices, frequency, uuid.uuid4()), priority=mail.LATER)
            mine.update(state=Mailing.DIGESTED, sent_at=Now())
    except Exception as error:  # the others are to have theirs; the next run tries this one again
        log.warning("A digest could not be queued: %s", type(error).__name__)
        return False
    return True

"""The last step: what waits is handed to the mail server. Jobs call these; each is safe to run twice and at once.

The row is locked while the mail server is spoken to, so two workers never send the same mail. One window is left: the
server has taken the mail, and the process dies before the row says so. Then it goes out once more, with the same
Message-ID.
"""

from __future__ import annotations

import smtplib
import uuid

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models.functions import Now

from notices import bounces, letters, mail
from notices.events import ABOUT, Event, Frequency
from notices.models import Mailing, Notice, OutgoingMail, Preference, Suppression
from notices.outbox import ATTEMPTS


def hand_over(message: EmailMessage) -> None:
    """Give a mail to the mail server. Raises what its backend raises."""
    connection = get_connection(settings.MAIL_DELIVERY_BACKEND)
    message.connection = connection
    connection.send_messages([message])


def _wanted(notice: Notice) -> bool:
    """Whether its mail is still to go out: to an active account that has not switched it off, to an open address."""
    user, fixed = notice.recipient, ABOUT[Event(notice.event)].fixed
    if user is None:
        return not Suppression.objects.covers(notice.address, refused_only=fixed)
    if not user.is_active or Suppression.objects.covers(user.email, refused_only=True):
        return False
    return Preference.objects.frequency(user, Event(notice.event)) != Frequency.NEVER


def send_notice(key: uuid.UUID) -> None:
    """Mail one notice, if it still waits. Raises what the mail server said, so that the job tries again."""
    failed: Exception | None = None
    with transaction.atomic():
        waiting = Notice.objects.due_at_once().filter(uuid=key)
        notice = waiting.select_for_update(skip_locked=True, of=("self",)).select_related("recipient").first()
        if notice is None:
            return
        if not _wanted(notice):
            Notice.objects.filter(pk=notice.pk).update(state=Mailing.OFF)
            return
        row = Notice.objects.filter(pk=notice.pk)
        try:
            hand_over(letters.of_notice(notice))
        except smtplib.SMTPRecipientsRefused as error:
            gone = bounces.permanent(error)
            for address, code in gone.items():
                bounces.record(address, code)
            if gone:
                row.update(
                    state=Mailing.FAILED, attempts=notice.attempts + 1, last_error=type(error).__name__
                )
                return
            failed = error
        except Exception as error:
            failed = error
        if failed is None:
            row.update(state=Mailing.SENT, sent_at=Now(), attempts=notice.attempts + 1, last_error="")
        else:
            attempts = notice.attempts + 1
            state = Mailing.FAILED if attempts >= ATTEMPTS else Mailing.WAITING
            row.update(state=state, attempts=attempts, last_error=type(failed).__name__[:80])
    if failed is not None:
        raise failed


def send_mail(key: uuid.UUID) -> None:
    """Send one queued mail and delete it. Raises as `send_notice`."""
    failed: Exception | None = None
    with transaction.atomic():
        waiting = OutgoingMail.objects.filter(uuid=key, failed=False)
        row = waiting.select_for_update(skip_locked=True).first()
        if row is None:
            return
        try:
            hand_over(mail.unpacked(row.message))
        except smtplib.SMTPRecipientsRefused as error:
            gone = bounces.permanent(error)
            for address, code in gone.items():
                bounces.record(address, code)
            if gone:
                row.delete()
                return
            failed = error
        except Exception as error:
            failed = error
        if failed is None:
            row.delete()
        else:
            row.attempts += 1
            row.failed = row.attempts >= ATTEMPTS
            row.last_error = type(failed).__name__[:80]
            row.save(update_fields=["attempts", "failed", "last_error"])
    if failed is not None:
        raise failed

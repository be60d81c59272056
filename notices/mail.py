"""Django's way of sending mail, through the worker: EMAIL_BACKEND writes a row, and a job hands it over.

So a log-in page never waits for a mail server, and a mail about something that was rolled back is never sent. The
content stands in OutgoingMail until it is sent, and never among a job's arguments, which are kept and looked at.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from email.mime.base import MIMEBase
from typing import Any

from django.core.mail import EmailAlternative, EmailAttachment, EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from notices import letters, outbox
from notices.models import OutgoingMail

SOON = 10
"""Priority of mail somebody is waiting for, such as a new password; digests have a lower one."""
LATER = -10


def packed(message: EmailMessage) -> dict[str, Any]:
    """A mail as it is stored. Raises ValueError for an attachment that is a MIME object."""
    attachments = []
    for attachment in message.attachments:
        if isinstance(attachment, MIMEBase):
            raise ValueError("A queued mail takes attachments as name, content and type.")
        name, content, kind = attachment
        is_text = isinstance(content, str)
        data = content if is_text else base64.b64encode(content).decode("ascii")
        attachments.append([name, data, kind, is_text])
    return {
        "subject": str(message.subject),
        "body": str(message.body),
        "from_email": message.from_email,
        "to": list(message.to),
        "cc": list(message.cc),
        "bcc": list(message.bcc),
        "reply_to": list(message.reply_to),
        "headers": {name: str(value) for name, value in message.extra_headers.items()},
        "alternatives": [[str(a[0]), a[1]] for a in getattr(message, "alternatives", [])],
        "attachments": attachments,
    }


def unpacked(stored: dict[str, Any]) -> EmailMessage:
    """The mail that was stored."""
    plain = {
        name: stored[name]
        for name in ("subject", "body", "from_email", "to", "cc", "bcc", "reply_to", "headers")
    }
    message = EmailMultiAlternatives(**plain) if stored["alternatives"] else EmailMessage(**plain)
    if isinstance(message, EmailMultiAlternatives):
        message.alternatives = [EmailAlternative(content, kind) for content, kind in stored["alternatives"]]
    for name, data, kind, is_text in stored["attachments"]:
        message.attachments.append(EmailAttachment(name, data if is_text else base64.b64decode(data), kind))
    return message


def queue(message: EmailMessage, *, priority: int = SOON) -> OutgoingMail:
    """Write a mail and the job that sends it, in the caller's transaction."""
    row = OutgoingMail(message=packed(message))
    headers = row.message["headers"]
    if not any(name.lower() == "message-id" for name in headers):
        headers["Message-ID"] = letters.message_id(row.uuid)
    with transaction.atomic():
        row.save()
        outbox.defer(outbox.SEND_MAIL, key=str(row.uuid), priority=priority)
    return row


class QueuedBackend(BaseEmailBackend):
    """EMAIL_BACKEND: what Django and its apps send goes out by the worker (settings.MAIL_DELIVERY_BACKEND)."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Return how many were queued. Raises BadHeaderError for a mail whose headers hold a line break."""
        count = 0
        for message in email_messages:
            if not message.recipients():
                continue
            message.message()  # refuses what could not be sent, while the caller can still hear it
            queue(message)
            count += 1
        return count

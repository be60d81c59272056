"""How a mail is written: plain text, a footer that says why and how to switch it off, and headers for programs."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from notices import tokens
from notices.events import ABOUT, Event, Frequency
from notices.models import Notice

LISTED_AT_MOST = 50
"""So many notices are named in a digest; the rest are counted and wait on the portal."""


def full(path: str) -> str:
    """A page's address as a mail gives it."""
    return settings.SITE_URL + path if path else ""


def message_id(key: object) -> str:
    """A Message-ID that is the same each time a mail is tried, so that a mailbox can tell it has it already."""
    return f"<{key}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>"


def _message(*, subject: str, body: str, to: str, key: object, unsubscribe: str) -> EmailMessage:
    headers = {"Auto-Submitted": "auto-generated", "Message-ID": message_id(key)}
    if unsubscribe:
        headers |= {
            "List-Unsubscribe": f"<{unsubscribe}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return EmailMessage(
        subject=subject, body=body, from_email=settings.DEFAULT_FROM_EMAIL, to=[to], headers=headers
    )


def _unsubscribe(token: str) -> str:
    return full(reverse("notices:unsubscribe", args=[token]))


def of_notice(notice: Notice) -> EmailMessage:
    """The mail of one notice."""
    event, user = Event(notice.event), notice.recipient
    about, unsubscribe = ABOUT[event], ""
    if not about.fixed:
        token = tokens.for_user(user, event) if user else tokens.for_address(notice.address, event)
        unsubscribe = _unsubscribe(token)
    body = render_to_string(
        "notices/mail.txt",
        {
            "name": user.get_short_name() if user and user.name else "",
            "text": notice.text,
            "link": full(notice.url),
            "reason": about.reason,
            "unsubscribe": unsubscribe,
            "choices": full(reverse("notices:preferences")) if user else "",
        },
    )
    return _message(
        subject=notice.subject,
        body=body,
        to=user.email if user else notice.address,
        key=notice.uuid,
        unsubscribe=unsubscribe,
    )


def of_digest(user: User, notices: Sequence[Notice], frequency: Frequency, key: object) -> EmailMessage:
    """One mail with a person's notices of a day or a week, grouped by kind."""
    listed = notices[:LISTED_AT_MOST]
    groups = [
        (event.label, [(n.subject, n.text, full(n.url)) for n in listed if n.event == event])
        for event in ABOUT
    ]
    unsubscribe = _unsubscribe(tokens.for_user(user, frequency))
    body = render_to_string(
        "notices/digest.txt",
        {
            "name": user.get_short_name() if user.name else "",
            "groups": [(label, rows) for label, rows in groups if rows],
            "more": len(notices) - len(listed),
            "inbox": full(reverse("notices:inbox")),
            "weekly": frequency == Frequency.WEEKLY,
            "unsubscribe": unsubscribe,
            "choices": full(reverse("notices:preferences")),
        },
    )
    if len(notices) == 1:
        subject = notices[0].subject
    else:
        subject = _("%(count)s beskeder til dig fra Center for Offentlig Innovation") % {
            "count": len(notices)
        }
    return _message(subject=subject, body=body, to=user.email, key=key, unsubscribe=unsubscribe)

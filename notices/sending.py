"""Telling people. Call these inside the transaction that did what is told."""

from __future__ import annotations

import unicodedata

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.text import Truncator

from accounts.models import EDITORS_GROUP, User
from notices import outbox
from notices.events import Event, Frequency
from notices.models import Mailing, Notice, Preference

BIDI = set(range(0x202A, 0x202F)) | set(range(0x2066, 0x206A))


def one_line(text: str) -> str:
    """Return a text as one line without control characters or letters that turn the line around."""
    kept = (
        c for c in text if c.isspace() or (unicodedata.category(c) not in ("Cc", "Cs") and ord(c) not in BIDI)
    )
    return " ".join("".join(kept).split())


def plain(text: str) -> str:
    """Return paragraphs with lines ended alike and without control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = (
        "".join(c for c in line if c == "\t" or unicodedata.category(c) not in ("Cc", "Cs")) for line in lines
    )
    return "\n".join(line.rstrip() for line in kept).strip()


def _address(text: str) -> str:
    """An address as it is stored, or nothing if it is none."""
    address = text.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return address if len(address) <= 254 else ""


def tell(*, to: User | str, event: str, subject: str, text: str, url: str = "") -> Notice:
    """Tell a person, or an address without an account, that something happened. Returns the notice.

    The notice and the job that mails it are written in the caller's transaction: both stand or neither. `text` is
    plain paragraphs without greeting or signature, which the mail adds; `url` is a page on the portal ("/min-side/").
    Raises ValueError for an event that does not exist or a `url` elsewhere. An address that is none gives a notice
    that has failed, so that what is told of stands.
    """
    kind = Event(event)
    if url and (not url.startswith("/") or url.startswith("//")):
        raise ValueError("A notice links to a page on the portal.")
    notice = Notice(
        event=kind,
        subject=Truncator(one_line(subject)).chars(200) or str(kind.label),
        text=plain(text),
        url=url,
    )
    with transaction.atomic():
        if isinstance(to, User):
            notice.recipient = to
            notice.frequency = Preference.objects.frequency(to, kind)
            if notice.frequency == Frequency.NEVER:
                notice.state = Mailing.OFF
        else:
            notice.address = _address(to)
            if not notice.address:
                notice.state, notice.last_error = Mailing.FAILED, "ValidationError"
        notice.save()
        if notice.state == Mailing.WAITING and notice.frequency == Frequency.AT_ONCE:
            outbox.defer(outbox.SEND_NOTICE, key=str(notice.uuid))
    return notice


def tell_staff(*, event: str, subject: str, text: str, url: str = "") -> list[Notice]:
    """Tell all active editors, or the administrators where there are none. As `tell`."""
    active = User.objects.filter(is_active=True, is_staff=True).order_by("pk")
    staff = list(active.filter(groups__name=EDITORS_GROUP)) or list(active.filter(is_superuser=True))
    with transaction.atomic():
        return [tell(to=user, event=event, subject=subject, text=text, url=url) for user in staff]


@transaction.atomic
def send_again(notice: Notice) -> bool:
    """Try a notice that failed anew; False if there is nothing to try. Safe to call twice."""
    failed = Notice.objects.filter(pk=notice.pk, state=Mailing.FAILED).exclude(recipient=None, address="")
    if not failed.update(state=Mailing.WAITING, frequency=Frequency.AT_ONCE, attempts=0, last_error=""):
        return False
    outbox.defer(outbox.SEND_NOTICE, key=str(notice.uuid))
    return True

"""Addresses that refuse mail for good, and whom that concerns.

What hangs on an address (a contact person's role, say) belongs to apps that notices does not know. They say in their
AppConfig.ready what is to happen: `on_bounce(suspend_contact_person)`.
"""

from __future__ import annotations

import smtplib
from collections.abc import Callable

from django.db import transaction

from notices.models import Suppression, Why, address_hash

Listener = Callable[[str], object]
_listeners: list[Listener] = []

NO_SUCH_MAILBOX = {550, 551, 553}
NO_MAIL_HERE = {521, 556}


def on_bounce(listener: Listener) -> Listener:
    """Have `listener(address)` called, in the same transaction, whenever an address has refused for good.

    It is called each time, so it must stand that; what it raises is tried again with the mail.
    """
    if listener not in _listeners:
        _listeners.append(listener)
    return listener


@transaction.atomic
def record(address: str, code: str = "") -> Suppression:
    """Note that an address refuses mail for good, and tell who listens. Safe to repeat."""
    address = address.strip().lower()
    row, _created = Suppression.objects.get_or_create(
        address_hash=address_hash(address),
        reason=Why.REFUSED,
        defaults={"address": address, "code": code[:20]},
    )
    for listener in _listeners:
        listener(address)
    return row


def lift(address: str) -> None:
    """Let an address have mail again, as when its owner has confirmed it anew."""
    Suppression.objects.filter(address_hash=address_hash(address), reason=Why.REFUSED).delete()


def permanent(error: smtplib.SMTPRecipientsRefused) -> dict[str, str]:
    """The addresses that were refused for good, with what the server said.

    A server that refuses us (5.7: policy, spam lists) or for now (4xx, a full mailbox) says nothing of the address.
    """
    found = {}
    for address, (code, words) in error.recipients.items():
        text = words.decode("ascii", "replace") if isinstance(words, bytes) else str(words)
        first = (text.split() or [""])[0]
        detailed = first if first.count(".") == 2 and first.replace(".", "").isdigit() else ""
        gone = code in NO_MAIL_HERE or (
            code in NO_SUCH_MAILBOX
            and (not detailed or detailed.startswith(("5.1.", "5.0.")) or detailed == "5.2.1")
        )
        if gone:
            found[address] = f"{code} {detailed}".strip()
    return found

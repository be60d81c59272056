"""What a link in a mail may do: say no thanks to one kind of mail. Signed, names nobody, and never runs out."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.core import signing

from accounts.models import User
from notices.events import CHOSEN, Event, Frequency
from notices.models import address_hash

SALT = "notices.unsubscribe"
DIGESTS = (Frequency.DAILY, Frequency.WEEKLY)


@dataclass(frozen=True)
class Unsubscription:
    """Who says no thanks (an account's key or the hash of an address), and to what (an event or a digest)."""

    what: Event | Frequency
    user_key: uuid.UUID | None = None
    hashed: str = ""


def for_user(user: User, what: Event | Frequency) -> str:
    """The token with which a person says no thanks to one kind, or to everything that comes in a digest."""
    return signing.dumps({"u": str(user.key), "e": what.value}, salt=SALT)


def for_address(address: str, event: Event) -> str:
    """The token with which somebody without an account says no thanks."""
    return signing.dumps({"a": address_hash(address), "e": event.value}, salt=SALT)


def read(token: str) -> Unsubscription | None:
    """What a token says; None for one that we did not make, or whose kind cannot be switched off (any more)."""
    try:
        said = signing.loads(token, salt=SALT)
        what: Event | Frequency = Frequency(said["e"]) if said["e"] in DIGESTS else Event(said["e"])
        if "u" in said and (what in CHOSEN or what in DIGESTS):
            return Unsubscription(what, user_key=uuid.UUID(said["u"]))
        if "a" in said and what in CHOSEN:
            return Unsubscription(what, hashed=str(said["a"]))
    except (signing.BadSignature, ValueError, KeyError, TypeError):
        pass
    return None

"""What the editors do with a round, in the log of decisions."""

from __future__ import annotations

import uuid

from accounts.models import User
from editorial.models import Decision
from practicum.models import Round


def round_key(its_round: Round) -> uuid.UUID:
    """The random-looking key that a round has in the log; the same for the same year, for a round has no other."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"practicum.round.{its_round.year}")


def log(its_round: Round, *, action: str, by: User | None, reason: str = "") -> None:
    """A line in the log. Call it in the transaction that did it."""
    Decision.objects.create(
        content_uuid=round_key(its_round), title=str(its_round), actor_key=by.key if by else None, action=action,
        reason=reason,
    )  # fmt: skip

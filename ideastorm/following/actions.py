"""Following, stopping, and taking back what was told of a page that is hidden now."""

from __future__ import annotations

import uuid

from accounts.models import User
from ideastorm.models import Follow, Idea, Storm
from notices.events import Event
from notices.models import Notice


def follow(user: User, thing: Storm | Idea) -> None:
    """Follow a storm (from `with_phase()`) or an idea from now on. Twice, or at once, is once."""
    if isinstance(thing, Storm):
        row = Follow(user=user, storm=thing, told_phase=thing.phase)
    else:
        row = Follow(user=user, idea=thing)
    Follow.objects.bulk_create([row], ignore_conflicts=True)


def stop(user: User, key: uuid.UUID) -> Follow | None:
    """Stop following; the row that is gone, None where there was none of one's own. Twice is once."""
    row = Follow.objects.of(user).filter(uuid=key).select_related("storm", "idea__storm").first()
    if row is not None:
        Follow.objects.filter(pk=row.pk).delete()
    return row


def forget_told(thing: Storm | Idea) -> None:
    """Take back what followers were told of a page that is hidden from now on, on the portal and in mail that waits.

    In the transaction that hides it. What an idea's author was told of comments to it, which leads further down the
    page, is theirs and stands.
    """
    address = thing.get_absolute_url()
    told = Notice.objects.filter(event=Event.FOLLOWS).exclude(url__contains="#")
    if isinstance(thing, Storm):
        told.filter(url__startswith=address).delete()
    else:
        told.filter(url=address).delete()

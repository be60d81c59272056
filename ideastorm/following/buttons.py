"""Which button a visitor gets for following a storm or an idea."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from ideastorm.models import Follow, Idea, Storm
from ideastorm.permissions import Visitor, can_follow


@dataclass(frozen=True)
class FollowButton:
    """Where the button posts to, or, for who has no account, that one logs in first; `stop` when one follows it."""

    title: str
    page: str
    address: str
    stop: UUID | None = None


def follow_button(visitor: Visitor, thing: Storm | Idea) -> FollowButton | None:
    """The button for this visitor; None where there is nothing to follow. One query for who has an account."""
    page = thing.get_absolute_url()
    is_storm = isinstance(thing, Storm)
    stop = None
    if visitor.account is not None:
        mine = Follow.objects.filter(user=visitor.account)
        mine = mine.filter(storm=thing.pk) if is_storm else mine.filter(idea=thing.pk)
        stop = mine.values_list("uuid", flat=True).first()
        if stop is None and not can_follow(visitor, thing):
            return None
    elif not thing.is_public or (isinstance(thing, Idea) and thing.merged_into_id is not None):
        return None
    if isinstance(thing, Storm):
        address = reverse("ideastorm:follow_storm", args=[thing.slug]) if thing.slug else ""
    else:
        address = (
            reverse("ideastorm:follow_idea", args=[thing.storm.slug, thing.slug])
            if thing.slug and thing.storm.slug
            else ""
        )
    return FollowButton(thing.title, page, address, stop) if address else None

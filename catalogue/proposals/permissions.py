"""Who may propose and correct."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from accounts.models import User
from editorial.models import Content
from editorial.permissions import can_propose
from places.permissions import speaks_for


def can_correct(user: User | AnonymousUser, content: Content) -> bool:
    """Its author, and who speaks for the workplace behind it, propose changes to what is public."""
    if not (isinstance(user, User) and user.is_active):
        return False
    return content.author_id == user.pk or (content.owner is not None and speaks_for(user, content.owner))


__all__ = ["can_correct", "can_propose"]

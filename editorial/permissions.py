"""Who may contribute and correct, whatever the area. Invisible is 404; visible but forbidden is 403."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from accounts.addresses import verified_addresses
from accounts.models import User
from editorial.models import Content
from places.permissions import is_public_employee, speaks_for


def can_propose(user: User | AnonymousUser) -> bool:
    """Public employees who have confirmed an address, and staff."""
    if not (isinstance(user, User) and user.is_active):
        return False
    return user.is_staff or (bool(verified_addresses(user)) and is_public_employee(user))


def can_correct(user: User | AnonymousUser, content: Content) -> bool:
    """Its author, and who speaks for the workplace behind it, propose changes to what is public."""
    if not (isinstance(user, User) and user.is_active):
        return False
    return content.author_id == user.pk or (content.owner is not None and speaks_for(user, content.owner))

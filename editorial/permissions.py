"""Who may contribute, whatever the area. Invisible is 404; visible but forbidden is 403."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser

from accounts.addresses import verified_addresses
from accounts.models import User
from places.permissions import is_public_employee


def can_propose(user: User | AnonymousUser) -> bool:
    """Public employees who have confirmed an address, and staff."""
    if not (isinstance(user, User) and user.is_active):
        return False
    return user.is_staff or (bool(verified_addresses(user)) and is_public_employee(user))

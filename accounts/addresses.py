"""E-mail addresses that a person has shown to be theirs, and the one they log in with.

allauth keeps the addresses; `User.email` is always the primary one.
"""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

from accounts.models import User

MOST = 5
"""How many addresses one account may have."""


def verified_addresses(user: User | AnonymousUser) -> list[str]:
    """The user's confirmed addresses in lower case; none for who is not logged in."""
    if not user.is_authenticated:
        return []
    rows = EmailAddress.objects.filter(user=user, verified=True)
    return [email.lower() for email in rows.values_list("email", flat=True)]


def verified_domains(user: User | AnonymousUser) -> set[str]:
    """The domains of the user's confirmed addresses."""
    return {address.rpartition("@")[2] for address in verified_addresses(user)}


def is_confirmed(user: User, email: str) -> bool:
    """Whether the user has confirmed this address."""
    rows = EmailAddress.objects.filter(user=user, email=email.strip().lower(), verified=True)
    return bool(rows.exists())


@transaction.atomic
def follow_login_address(user: User) -> EmailAddress:
    """Make `user.email` the primary address, where somebody has changed it outside the page of addresses.

    A new one is unconfirmed: the owner confirms it by mail before the next log-in.
    """
    EmailAddress.objects.filter(user=user, primary=True).exclude(email=user.email).update(primary=False)
    address, _made = EmailAddress.objects.get_or_create(user=user, email=user.email)
    if not address.primary:
        address.primary = True
        address.save(update_fields=["primary"])
    return address

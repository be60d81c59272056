"""E-mail addresses that a person has shown to be theirs."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser

from accounts.models import User


def verified_addresses(user: User | AnonymousUser) -> list[str]:
    """The user's confirmed addresses in lower case; none for who is not logged in."""
    if not user.is_authenticated:
        return []
    rows = EmailAddress.objects.filter(user=user, verified=True)
    return [email.lower() for email in rows.values_list("email", flat=True)]


def verified_domains(user: User | AnonymousUser) -> set[str]:
    """The domains of the user's confirmed addresses."""
    return {address.rpartition("@")[2] for address in verified_addresses(user)}

"""A database that a demonstration has used is not taken into production with the demonstration's logins in it."""

import pytest
from django.core.management import call_command
from django.test import override_settings

from accounts.models import User
from coi.management.commands.load_demo import PASSWORD
from coi.management.commands.migrate import refuse_demo_accounts
from tests.factories import UserFactory


def demo_account(**fields: object) -> User:
    """One of the demonstration's accounts."""
    user: User = UserFactory.create(email="admin@demo.example", is_staff=True, is_superuser=True, **fields)
    user.set_password(PASSWORD)
    user.save()
    return user


@override_settings(DEMO=False)
def test_migrate_refuses_the_demonstrations_logins(db: None) -> None:
    """With one line that names the account."""
    demo_account()
    with pytest.raises(SystemExit, match=r"admin@demo\.example"):
        call_command("migrate", verbosity=0)


def test_migrate_is_content_when_nobody_can_use_them(db: None) -> None:
    """Inactive, or with a password of its own."""
    user = demo_account(is_active=False)
    refuse_demo_accounts()
    user.is_active = True
    user.set_password("en ganske anden adgangskode")
    user.save()
    refuse_demo_accounts()

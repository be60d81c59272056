"""People at workplaces, for the tests of reuse, questions and the yearly check."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from accounts.models import User
from places.models import Basis, Membership, MembershipState, Role, Workplace
from tests.factories import UserFactory


def member(workplace: Workplace, role: str = Role.EMPLOYEE, *, days: int = 10, **fields: Any) -> User:
    """Somebody who has a role at a workplace and got it so many days ago."""
    user = UserFactory.create(**fields)
    Membership.objects.create(
        user=user,
        workplace=workplace,
        role=role,
        state=MembershipState.ACTIVE,
        basis=Basis.STAFF,
        approved_at=timezone.now() - dt.timedelta(days=days),
        confirm_by=timezone.localdate() + dt.timedelta(days=300) if role == Role.CONTACT else None,
    )
    return user


def contact(workplace: Workplace, *, days: int = 10, **fields: Any) -> User:
    """Somebody who speaks for a workplace."""
    return member(workplace, Role.CONTACT, days=days, **fields)

"""Roles of the demonstration's accounts at its invented workplaces, and one that waits in the queue."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from editorial.memberships import ask_role
from places import memberships
from places.models import Membership, Role, Workplace
from places.permissions import NOT_PUBLIC

ROLES = (
    ("medarbejder@demo.example", 0, Role.EMPLOYEE),
    ("anden@demo.example", 1, Role.EMPLOYEE),
    ("vaert@demo.example", 0, Role.CONTACT),
    ("leder@demo.example", 0, Role.LEADER),
)
"""Account, which of the two workplaces, role."""


@transaction.atomic
def load_roles() -> None:
    """Give each account its role once: who has had one, also an ended one, is left alone."""
    invented = Workplace.objects.active().filter(is_demo=True).exclude(sector__in=NOT_PUBLIC)
    places = list(invented.order_by("slug")[:2])
    if len(places) < 2:
        return
    people = {user.email: user for user in User.objects.filter(email__endswith="@demo.example")}
    moderator = people["moderator@demo.example"]
    for email, number, role in ROLES:
        user = people[email]
        if Membership.objects.filter(user=user).exists():
            continue
        membership = memberships.ask(user=user, workplace=places[number], role=role)
        memberships.approve(membership=membership, by=moderator, reason="Demonstrationens konto.")
    citizen = people["borger@demo.example"]
    if not Membership.objects.filter(user=citizen).exists():
        ask_role(
            user=citizen,
            workplace=places[0],
            role=Role.EMPLOYEE,
            title="Pædagog",
            note="Jeg er begyndt hos jer i denne måned og har ikke en arbejdsmail endnu.",
        )

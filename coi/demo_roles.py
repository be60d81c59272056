"""Roles of the demonstration's accounts at its invented workplaces, and one that waits in the queue."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from editorial.memberships import ask_role
from places import memberships
from places.models import Membership, Role, Workplace, WorkplaceDomain

ROLES = {
    "vaert": ("borgerservice-i-fjordby-kommune", Role.CONTACT),
    "medarbejder": ("hjemmeplejen-nord-i-fjordby-kommune", Role.EMPLOYEE),
    "anden": ("strandby-bibliotek", Role.EMPLOYEE),
    "leder": ("fjordby-kommune", Role.LEADER),
}
"""Account → where, and as what. The leader is one for all of the municipality, so also for host and guest."""
DOMAINS = {
    "fjordby-kommune": "fjordby.demo.example",
    "strandby-kommune": "strandby.demo.example",
}
"""Workplace → the domain where leaders can be asked. The accounts' own addresses lie in none, so that the citizen is no
public employee."""


@transaction.atomic
def load_roles() -> None:
    """Give each account its role once: who has had one, also an ended one, is left alone."""
    places = {w.slug: w for w in Workplace.objects.filter(is_demo=True)}
    people = {
        user.email.partition("@")[0]: user for user in User.objects.filter(email__endswith="@demo.example")
    }
    for name, (slug, role) in ROLES.items():
        if not Membership.objects.filter(user=people[name]).exists():
            membership = memberships.ask(user=people[name], workplace=places[slug], role=role)
            memberships.approve(
                membership=membership, by=people["moderator"], reason="Demonstrationens konto."
            )
    for slug, domain in DOMAINS.items():
        WorkplaceDomain.objects.get_or_create(workplace=places[slug], domain=domain)
    citizen = people["borger"]
    if not Membership.objects.filter(user=citizen).exists():
        ask_role(
            user=citizen,
            workplace=places[ROLES["vaert"][0]],
            role=Role.EMPLOYEE,
            title="Borgerrådgiver",
            note="Jeg er begyndt hos jer i denne måned og har ikke en arbejdsmail endnu.",
        )

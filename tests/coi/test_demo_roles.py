"""The demonstration's accounts have roles at its invented workplaces."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from accounts.models import User
from coi.demo_roles import ROLES
from editorial.choices import QueueKind
from editorial.models import QueueItem
from places.models import Membership
from places.permissions import is_public_employee
from practicum.approving.addresses import leaders_address
from practicum.models import Application, Offer


@pytest.mark.django_db
def test_the_accounts_have_roles() -> None:
    """Also when it is loaded twice; one role waits in the queue."""
    for _n in range(2):
        call_command("load_demo", verbosity=0)
    people = Membership.objects.exclude(user__email__startswith="vaert-")  # nobody logs in to those
    rows = people.values_list("user__email", "role", "state", "workplace__is_demo")
    assert sorted(rows) == [
        ("anden@demo.example", "medarbejder", "active", True),
        ("borger@demo.example", "medarbejder", "waiting", True),
        ("leder@demo.example", "leder", "active", True),
        ("medarbejder@demo.example", "medarbejder", "active", True),
        ("vaert@demo.example", "kontaktperson", "active", True),
        ("vaert@demo.example", "kontaktperson", "active", True),
    ]
    assert QueueItem.objects.filter(kind=QueueKind.MEMBERSHIP, decided_at=None).count() == 1
    assert is_public_employee(User.objects.get(email="medarbejder@demo.example"))
    assert not is_public_employee(User.objects.get(email="borger@demo.example"))


@pytest.mark.django_db
def test_host_and_guest_can_ask_a_leader() -> None:
    """The account that approves, and whoever the message about a wrong address says."""
    call_command("load_demo", verbosity=0)
    people = {user.email.partition("@")[0]: user for user in User.objects.all()}
    where = {
        name: Membership.objects.get(user=people[name], workplace__slug=ROLES[name][0]).workplace
        for name in ("vaert", "medarbejder", "anden")
    }
    for name, email in (
        ("vaert", "leder@demo.example"),
        ("vaert", "chef@fjordby.demo.example"),
        ("medarbejder", "leder@demo.example"),
        ("anden", "leder@strandby.demo.example"),
    ):
        thing = Offer(owner=where[name]) if name == "vaert" else Application(workplace=where[name])
        assert leaders_address(thing, email, by=people[name]) == email

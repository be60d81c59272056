"""What staff do with roles in admin: the person is told, the queue is closed, the log tells of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from editorial.memberships import ask_role
from editorial.models import QueueItem
from notices.models import Notice
from places.models import Membership, RoleChange
from tests.factories import UserFactory, WorkplaceFactory, contact_person, editor, membership

pytestmark = pytest.mark.django_db
LIST = "admin:places_membership_changelist"


@pytest.fixture
def staff(client: Client) -> Client:
    """A signed-in editor."""
    client.force_login(editor())
    return client


def act(client: Client, role: Membership, action: str, reason: str = "") -> Any:
    """Choose one role and do it."""
    return client.post(
        reverse(LIST), {"action": action, "_selected_action": [role.pk], "reason": reason}, follow=True
    )


@pytest.mark.parametrize(
    ("action", "reason", "state", "outcome", "subject"),
    [
        ("approve", "", "active", "approved", "Du er godkendt"),
        ("decline", "Vi kender dig ikke", "declined", "rejected", "Svar om din rolle"),
        ("decline", "", "waiting", "", None),
    ],
)
def test_answers_close_the_queue(
    staff: Client, action: str, reason: str, state: str, outcome: str, subject: str | None
) -> None:
    """As an answer from the queue does; without a reason nobody is turned down."""
    user = UserFactory.create()
    role = ask_role(user=user, workplace=WorkplaceFactory.create(), role="medarbejder")
    act(staff, role, action, reason)
    role.refresh_from_db()
    assert (role.state, QueueItem.objects.get().outcome) == (state, outcome)
    told = Notice.objects.filter(recipient=user).first()
    assert (told is None) if subject is None else (told is not None and subject in told.subject)


@pytest.mark.parametrize(
    ("action", "before", "after", "notices"),
    [
        ("remove", "active", "ended", 1),
        ("suspend", "active", "suspended", 1),
        ("resume", "suspended", "active", 1),
        ("trust", "active", "active", 0),
        ("approve", "active", "active", 0),
    ],
)
def test_what_holds(staff: Client, action: str, before: str, after: str, notices: int) -> None:
    """The person hears of what they lose or get back; the log has the reason."""
    user = UserFactory.create()
    role = membership(user=user, workplace=WorkplaceFactory.create(), role="kontaktperson", state=before)
    act(staff, role, action, "Fordi")
    role.refresh_from_db()
    assert role.state == after
    assert Notice.objects.filter(recipient=user).count() == notices
    done = action != "approve"
    assert RoleChange.objects.filter(user_key=user.key, reason="Fordi").exists() is done


def test_the_pages_open(staff: Client) -> None:
    """List, role and log; nobody adds or types over."""
    workplace = WorkplaceFactory.create()
    role = Membership.objects.get(user=contact_person(workplace))
    for name, args, status in (
        (LIST, [], 200),
        ("admin:places_membership_change", [role.pk], 200),
        ("admin:places_membership_add", [], 403),
        ("admin:places_rolechange_changelist", [], 200),
    ):
        assert staff.get(reverse(name, args=args)).status_code == status

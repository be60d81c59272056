"""Proposals: from the choice of a type to the queue, and everything that is refused on the way."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from catalogue.models import Entry, ProposalDraft
from editorial.choices import QueueKind, State
from editorial.models import Letter, QueueItem
from places.choices import Sector
from places.models import Membership, MembershipState, Role
from places.models.membership import Basis
from tests.factories import UserFactory, WorkplaceFactory

pytestmark = pytest.mark.django_db


def employee(**fields: Any) -> User:
    """Somebody with a confirmed address and a place at a public workplace."""
    workplace = fields.pop("workplace", None) or WorkplaceFactory.create(sector=Sector.MUNICIPALITY)
    role, membership = fields.pop("role", Role.EMPLOYEE), fields.pop("membership", {})
    user = UserFactory.create(**fields)
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    now = timezone.now()
    Membership.objects.create(
        user=user, workplace=workplace, role=role, state=MembershipState.ACTIVE, basis=Basis.STAFF, approved_at=now,
        confirm_by=now.date().replace(year=now.year + 1) if role == Role.CONTACT else None, **membership,
    )  # fmt: skip
    return user


@pytest.fixture
def me(client: Client) -> User:
    """The employee who is logged in."""
    user = employee()
    client.force_login(user)
    return user


def begin(client: Client, kind: str = "eksempel") -> Entry:
    """Choose a type; the draft."""
    response = client.post(reverse("catalogue:propose"), {"kind": kind})
    assert response.status_code == 302
    return Entry.objects.latest("pk")


def step(entry: Entry, key: str) -> str:
    """A step's address."""
    return reverse("catalogue:proposal_step", args=[entry.uuid, key])


FIRST = {
    "title": "Vi ringer i stedet for at skrive",
    "summary": "Et opkald sparer et brev. Borgerne forstår det.",
}
WHO = {"subject_areas": ["aeldre"], "sectors": ["kommune"], "status": "drift", "year_from": "2024",
       "participations-n": "0"}  # fmt: skip
EFFECT = {"effect": "Færre klager.", "effect_known_by": "maalt", "measures-n": "1", "measures-0-label": "Klager",
          "measures-0-unit": "om måneden", "measures-0-before": "46", "measures-0-after": "19"}  # fmt: skip


def save(client: Client, entry: Entry, key: str, data: dict[str, Any], **headers: str) -> Any:
    """Send a step, having seen its newest."""
    seen = client.get(step(entry, key)).context["seen"]
    return client.post(step(entry, key), {"seen": seen, **data}, headers=headers or None)


def fill(client: Client) -> Entry:
    """An example with what is required."""
    entry = begin(client)
    for key, data in (("vigtigste", FIRST), ("hvem", WHO), ("virkning", EFFECT)):
        response = save(client, entry, key, data)
        assert response.status_code == 302, response.context["page"].form.errors
    return entry


def test_from_the_choice_to_the_queue(client: Client, me: User) -> None:
    """The whole way: a draft of mine, its parts, the preview, the queue, and the page of thanks."""
    entry = fill(client)
    entry.refresh_from_db()
    assert (entry.author, entry.state, entry.title) == (me, State.DRAFT, FIRST["title"])
    assert entry.measures.get().after == 19 and entry.year_from == 2024
    for name in ("review", "preview"):
        assert client.get(reverse(f"catalogue:proposal_{name}", args=[entry.uuid])).status_code == 200
    response = client.post(
        reverse("catalogue:proposal_review", args=[entry.uuid]), {"answer": "Tak for hjælpen"}
    )
    assert response.status_code == 302
    item = QueueItem.objects.get(content=entry)
    assert item.kind == QueueKind.CONTENT and item.sender == me
    assert Letter.objects.get(item=item).text == "Tak for hjælpen"
    page = client.get(response["Location"]).content.decode()
    assert "nummer 1 i køen" in page and "2 arbejdsdage" in page
    assert not ProposalDraft.objects.exists()

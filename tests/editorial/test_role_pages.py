"""Roles on the pages: ask, answer, vouch, confirm, leave; who is told, and who may not."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from editorial.actions import merge_workplaces
from editorial.choices import Outcome, QueueKind
from editorial.memberships import ask_role, check_yearly, suspend_bounced
from editorial.models import QueueItem
from editorial.queue import decide
from notices import bounces
from notices.models import Notice
from places.models import Membership, RoleChange, Workplace
from tests.factories import UserFactory, WorkplaceFactory, contact_person, editor, membership
from tests.pages import text

pytestmark = pytest.mark.django_db


@pytest.fixture
def workplace() -> Workplace:
    """Where roles are asked for."""
    found: Workplace = WorkplaceFactory.create(name="Biblioteket i Åløse")
    return found


def ask(client: Client, workplace: Workplace, role: str = "medarbejder", **more: Any) -> Any:
    """Send the form."""
    return client.post(reverse("editorial:ask_role", args=[workplace.slug]), {"role": role, **more})


def test_asking_waits_in_the_queue_and_is_told(client: Client, workplace: Workplace) -> None:
    """Twice is once; staff approve a first contact person, and the person hears it."""
    user = UserFactory.create(name="Mette Holm")
    client.force_login(user)
    for _n in range(2):
        assert ask(client, workplace, "kontaktperson", note="Se vores hjemmeside").status_code == 302
    item = QueueItem.objects.get(kind=QueueKind.MEMBERSHIP)
    assert Membership.objects.get().state == "waiting" and "Mette Holm" in item.title
    decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor())
    assert Membership.objects.get().state == "active"
    assert "kontaktperson" in Notice.objects.get(recipient=user).subject
    assert "Biblioteket i Åløse" in text(client.get(reverse("editorial:workplaces")))


def test_a_contact_person_answers_for_colleagues(client: Client, workplace: Workplace) -> None:
    """They are told, see who waits, and what they answer closes the queue too."""
    contact, user = contact_person(workplace), UserFactory.create(name="Ny Kollega")
    client.force_login(user)
    ask(client, workplace)
    assert Notice.objects.filter(recipient=contact, event="arbejdsplads").exists()
    client.force_login(contact)
    page = text(client.get(reverse("editorial:people", args=[workplace.slug])))
    assert "Ny Kollega" in page and user.email not in page
    role = Membership.objects.get(user=user)
    client.post(reverse("editorial:answer_role", args=[role.uuid]), {"svar": "approve"})
    role.refresh_from_db()
    assert role.state == "active" and QueueItem.objects.get().outcome == Outcome.APPROVED
    assert RoleChange.objects.filter(user_key=user.key, actor_key=contact.key).exists()


@pytest.mark.parametrize("what", ["approve", "decline", "remove", "noget"])
def test_strangers_answer_nothing(client: Client, workplace: Workplace, what: str) -> None:
    """Not the person themselves, not a contact person of another workplace, not a citizen."""
    role = membership(user=UserFactory.create(), workplace=workplace, role="medarbejder", state="waiting")
    for who in (role.user, contact_person(WorkplaceFactory.create()), UserFactory.create()):
        client.force_login(who)
        response = client.post(
            reverse("editorial:answer_role", args=[role.uuid]), {"svar": what, "reason": "x"}
        )
        assert response.status_code == 404
        assert client.get(reverse("editorial:people", args=[workplace.slug])).status_code == 404
    role.refresh_from_db()
    assert role.state == "waiting"


@pytest.mark.parametrize("reason", ["a\x00b", "Mit nummer er 010190-1234", ""])
def test_a_reason_that_can_not_be_stored(client: Client, workplace: Workplace, reason: str) -> None:
    """Is refused with a sentence at the field, and stands there to be corrected; nothing has moved."""
    client.force_login(contact_person(workplace))
    role = membership(user=UserFactory.create(), workplace=workplace, role="medarbejder", state="waiting")
    address = reverse("editorial:answer_role", args=[role.uuid])
    response = client.post(address, {"svar": "decline", "reason": reason})
    assert response.status_code == 422
    html = response.content.decode()
    assert f'href="#r-{role.uuid}-reason"' in html and f'id="r-{role.uuid}-reason-error"' in html
    assert not reason.startswith("Mit") or f'value="{reason}"' in html
    role.refresh_from_db()
    assert role.state == "waiting"


def test_vouching_by_link(client: Client, workplace: Workplace) -> None:
    """Shown once, used once; looking at it uses nothing."""
    contact, colleague = contact_person(workplace), UserFactory.create()
    client.force_login(contact)
    page = text(client.post(reverse("editorial:make_vouch", args=[workplace.slug]), {"role": "medarbejder"}))
    token = page.split("/fra-en-kollega/")[1].split("/")[0]
    address = reverse("editorial:vouch", args=[token])
    assert client.post(address).status_code == 422  # not for oneself
    client.force_login(colleague)
    for _n in range(2):
        assert "Biblioteket i Åløse" in text(client.get(address))
    assert not Membership.objects.filter(user=colleague).exists()
    assert client.post(address).status_code == 302
    assert Membership.objects.get(user=colleague).state == "active"
    client.force_login(UserFactory.create())
    assert "Linket er brugt" in text(client.post(address))


def a_link(client: Client, workplace: Workplace) -> str:
    """The address of a link that a contact person has made; nobody is logged in afterwards."""
    client.force_login(contact_person(workplace))
    page = text(client.post(reverse("editorial:make_vouch", args=[workplace.slug]), {"role": "medarbejder"}))
    client.logout()
    return reverse("editorial:vouch", args=[page.split("/fra-en-kollega/")[1].split("/")[0]])


def test_a_link_clicked_twice_is_no_error(client: Client, workplace: Workplace) -> None:
    """The second click, and the back button, lead to the role; there is one."""
    address, colleague = a_link(client, workplace), UserFactory.create()
    client.force_login(colleague)
    assert client.post(address).status_code == 302
    for again in (client.post, client.get):
        response = again(address, follow=True)
        assert response.redirect_chain == [(reverse("editorial:workplaces"), 302)]
        assert "rollen er din" in text(response)
    assert Membership.objects.filter(user=colleague).count() == 1


def test_a_link_answers_what_was_asked_for(client: Client, workplace: Workplace) -> None:
    """Who waits for a role and gets it by a link does not wait in the queue any more."""
    address, colleague = a_link(client, workplace), UserFactory.create()
    ask_role(user=colleague, workplace=workplace, role="medarbejder")
    client.force_login(colleague)
    assert client.post(address).status_code == 302
    assert QueueItem.objects.get().outcome == Outcome.APPROVED


def test_a_merge_closes_what_it_ends(workplace: Workplace) -> None:
    """A waiting role that says less than the one at the other workplace leaves the queue; others go on waiting."""
    other, staff = WorkplaceFactory.create(), editor()
    both, one = UserFactory.create(), UserFactory.create()
    membership(user=both, workplace=workplace, role="medarbejder")
    ask_role(user=both, workplace=other, role="medarbejder")
    ask_role(user=one, workplace=other, role="medarbejder")
    merge_workplaces(keep=workplace, duplicate=other, by=staff)
    ended = QueueItem.objects.get(sender=both)
    assert ended.outcome == Outcome.WITHDRAWN and ended.decided_by_key == staff.key
    assert QueueItem.objects.get(sender=one).decided_at is None


def test_leaving_alerts_staff(client: Client, workplace: Workplace) -> None:
    """When nobody is left to speak for the workplace."""
    contact, staff = contact_person(workplace), editor()
    client.force_login(contact)
    role = Membership.objects.get(user=contact)
    assert client.get(reverse("editorial:leave_role", args=[role.uuid])).status_code == 405
    client.post(reverse("editorial:leave_role", args=[role.uuid]))
    role.refresh_from_db()
    assert role.state == "ended"
    assert "ingen kontaktperson" in Notice.objects.get(recipient=staff).subject


def test_another_role_is_not_mine(client: Client, workplace: Workplace) -> None:
    """A changed id leads nowhere."""
    role = Membership.objects.get(user=contact_person(workplace))
    client.force_login(UserFactory.create())
    for route in ("leave_role", "confirm_role"):
        assert client.post(reverse(f"editorial:{route}", args=[role.uuid])).status_code == 404
    role.refresh_from_db()
    assert role.state == "active"


def test_mail_that_comes_back_pauses_at_once(workplace: Workplace) -> None:
    """The queue of mail calls it; staff hear that the workplace stands alone."""
    contact, staff = contact_person(workplace), editor()
    bounces.record(contact.email, "550 5.1.1")
    role = Membership.objects.get(user=contact)
    assert (role.state, role.suspended_reason) == ("suspended", "bounced")
    suspend_bounced(contact.email)  # again is harmless
    assert Notice.objects.filter(recipient=staff).count() == 1


def test_the_yearly_question(client: Client, workplace: Workplace) -> None:
    """Asked once; who says yes has another year, who is silent for thirty days more is paused."""
    today = timezone.localdate()
    long_ago = today - dt.timedelta(31)
    loyal, silent = contact_person(workplace), contact_person(WorkplaceFactory.create())
    Membership.objects.filter(user=loyal).update(confirm_by=today)
    Membership.objects.filter(user=silent).update(confirm_by=long_ago, asked_on=long_ago)
    assert check_yearly() == (1, 1)
    assert check_yearly() == (0, 0)
    assert Notice.objects.filter(recipient=loyal).count() == 1
    role = Membership.objects.get(user=silent)
    assert (role.state, role.suspended_reason) == ("suspended", "unconfirmed")
    client.force_login(loyal)
    mine = Membership.objects.get(user=loyal)
    client.post(reverse("editorial:confirm_role", args=[mine.uuid]))
    mine.refresh_from_db()
    assert mine.confirm_by is not None and mine.confirm_by > today + dt.timedelta(360)


def test_find(client: Client, workplace: Workplace) -> None:
    """By name; nothing found says what to do."""
    from editorial.actions import index_workplace

    index_workplace(workplace)
    client.force_login(UserFactory.create())
    assert "Biblioteket i Åløse" in text(
        client.get(reverse("editorial:find_workplace"), {"q": "biblioteket"})
    )
    assert "Vi fandt den ikke" in text(client.get(reverse("editorial:find_workplace"), {"q": "xyzzy"}))

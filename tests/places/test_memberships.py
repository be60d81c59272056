"""Roles at workplaces: who may do what to which role in which state; links; races; what the database refuses."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError
from django.utils import timezone

from accounts.models import User
from places import memberships, permissions
from places.memberships import MembershipError
from places.merging import merge_workplaces
from places.models import Membership, RoleChange, Vouch, Workplace, WorkplaceDomain
from tests.factories import UserFactory, WorkplaceFactory, contact_person, editor, membership

pytestmark = pytest.mark.django_db

STATES = ("waiting", "active", "suspended", "ended", "declined")
ROLES = ("medarbejder", "leder", "kontaktperson")
WHO = (
    "self",
    "citizen",
    "medarbejder",
    "leder",
    "kontaktperson",
    "contact elsewhere",
    "paused contact",
    "staff",
)


def somebody(who: str, workplace: Workplace, owner: User) -> User:
    """Who tries."""
    if who == "self":
        return owner
    if who == "staff":
        return editor()
    if who == "contact elsewhere":
        return contact_person(WorkplaceFactory.create(parent=workplace))
    user: User = UserFactory.create()
    if who == "paused contact":
        membership(user=user, workplace=workplace, role="kontaktperson", state="suspended")
    elif who != "citizen":
        membership(user=user, workplace=workplace, role=who)
    return user


ANSWER = {
    "medarbejder": {"leder", "kontaktperson", "staff"},
    "leder": {"kontaktperson", "staff"},
    "kontaktperson": {"kontaktperson", "staff"},
}
ACTIONS: dict[str, tuple[Callable[..., Any], tuple[str, ...], Callable[[str], set[str]], str]] = {
    "approve": (memberships.approve, ("waiting",), lambda role: ANSWER[role], "active"),
    "decline": (memberships.decline, ("waiting",), lambda role: ANSWER[role], "declined"),
    "leave": (memberships.leave, STATES[:3], lambda role: {"self"}, "ended"),
    "remove": (
        memberships.remove,
        ("active", "suspended"),
        lambda role: {"kontaktperson", "staff"},
        "ended",
    ),
    "suspend": (memberships.suspend, ("active",), lambda role: {"staff"}, "suspended"),
    "resume": (memberships.resume, ("suspended",), lambda role: {"staff"}, "active"),
    "confirm": (memberships.confirm_yearly, ("active",), lambda role: {"self"}, "active"),
}
"""Action → what it calls, the states it takes, who may for a role, the state it gives."""
NO_REASON = ("leave", "confirm")


@pytest.mark.parametrize("action", ACTIONS)
@pytest.mark.parametrize("role", ROLES)
def test_who_may_do_what(action: str, role: str) -> None:
    """Every state and everybody; a refusal changes nothing and is not logged, a change is logged once."""
    act, states, allowed, after = ACTIONS[action]
    workplace = WorkplaceFactory.create()
    for state in STATES:
        for who in WHO:
            owner = UserFactory.create()
            row = membership(user=owner, workplace=workplace, role=role, state=state)
            by = somebody(who, workplace, owner)
            more = {} if action in NO_REASON else {"reason": "staff" if action == "suspend" else "Fordi"}
            may = state in states and who in allowed(role)
            try:
                act(membership=row, by=by, **more)
            except MembershipError:
                assert not may, (state, who)
            else:
                assert may, (state, who)
            row.refresh_from_db()
            assert row.state == (after if may else state), (state, who)
            assert RoleChange.objects.filter(user_key=owner.key).count() <= may, (state, who)


@pytest.mark.parametrize("action", ["decline", "remove", "resume"])
def test_a_no_has_a_reason(action: str) -> None:
    """Blanks are none."""
    act, states, _allowed, _after = ACTIONS[action]
    row = membership(
        user=UserFactory.create(), workplace=WorkplaceFactory.create(), role="leder", state=states[0]
    )
    with pytest.raises(MembershipError):
        act(membership=row, by=editor(), reason="  ")


def test_staff_do_not_answer_their_own() -> None:
    staff = editor()
    row = membership(user=staff, workplace=WorkplaceFactory.create(), role="kontaktperson", state="waiting")
    with pytest.raises(MembershipError):
        memberships.approve(membership=row, by=staff)


# -- links ---------------------------------------------------------------------------


def link(**more: Any) -> tuple[Vouch, str, User]:
    """A link by a contact person, its token, and who made it."""
    workplace = WorkplaceFactory.create()
    by = contact_person(workplace)
    vouch, token = memberships.make_vouch(workplace=workplace, role="medarbejder", by=by, **more)
    return vouch, token, by


def refused(token: str, user: User) -> bool:
    """Whether the link gives the user nothing."""
    before = Membership.objects.count()
    with pytest.raises(MembershipError):
        memberships.use_vouch(token=token, user=user)
    return Membership.objects.count() == before


def test_a_link_works_once_and_forgets_the_address() -> None:
    user = UserFactory.create()
    vouch, token, by = link(email=user.email)
    assert token not in str(Vouch.objects.values().get())
    assert memberships.use_vouch(token=token, user=user).basis == "vouched"
    vouch.refresh_from_db()
    assert vouch.email == "" and vouch.used_by == user
    assert RoleChange.objects.get(user_key=user.key).actor_key == by.key
    assert refused(token, user) and refused(token, UserFactory.create())


def test_links_that_do_not_work() -> None:
    """Unknown, one's own, of another address (also an unconfirmed one), run out, of who has lost the right."""
    user = UserFactory.create()
    assert refused("findes-ikke", user)
    _vouch, token, by = link(email="en-anden@example.dk")
    EmailAddress.objects.create(user=user, email="en-anden@example.dk", verified=False)
    assert refused(token, user) and refused(token, by)
    vouch, token, _by = link()
    Vouch.objects.filter(pk=vouch.pk).update(expires_at=timezone.now() - dt.timedelta(1))
    assert refused(token, user)
    _vouch, token, by = link()
    memberships.leave(membership=Membership.objects.get(user=by), by=by)
    assert refused(token, user)
    vouch, token, _by = link()
    Workplace.objects.filter(pk=vouch.workplace_id).update(closed_on=dt.date(2020, 1, 1))
    assert refused(token, user)


@pytest.mark.parametrize(
    ("who", "role", "may"),
    [
        ("kontaktperson", "kontaktperson", True),
        ("leder", "medarbejder", True),
        ("leder", "kontaktperson", False),
        ("medarbejder", "medarbejder", False),
        ("paused contact", "medarbejder", False),
        ("contact elsewhere", "medarbejder", False),
        ("staff", "medarbejder", False),
    ],
)
def test_who_makes_links(who: str, role: str, may: bool) -> None:
    workplace = WorkplaceFactory.create()
    by = somebody(who, workplace, UserFactory.create())
    try:
        memberships.make_vouch(workplace=workplace, role=role, by=by)
    except MembershipError:
        assert not may
    assert Vouch.objects.count() == may


# -- at once ---------------------------------------------------------------------------


def at_once(*calls: Callable[[], Any]) -> list[bool]:
    """Run the calls in threads of their own; which of them went through."""
    barrier, results = threading.Barrier(len(calls)), [False] * len(calls)

    def run(number: int, call: Callable[[], Any]) -> None:
        try:
            barrier.wait(10)
            call()
            results[number] = True
        except MembershipError:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_approve_at_once() -> None:
    workplace = WorkplaceFactory.create()
    row = membership(user=UserFactory.create(), workplace=workplace, role="medarbejder", state="waiting")
    people = [contact_person(workplace), contact_person(workplace)]
    done = at_once(*(lambda by=by: memberships.approve(membership=row, by=by) for by in people))
    assert sorted(done) == [False, True]
    assert RoleChange.objects.filter(what="approved").count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_approved_while_it_is_taken_back() -> None:
    """Whoever comes first, it ends: one may leave what holds."""
    workplace = WorkplaceFactory.create()
    user, by = UserFactory.create(), contact_person(workplace)
    row = membership(user=user, workplace=workplace, role="medarbejder", state="waiting")
    done = at_once(
        lambda: memberships.approve(membership=row, by=by), lambda: memberships.leave(membership=row, by=user)
    )
    row.refresh_from_db()
    assert done[1] and row.state == "ended"
    assert RoleChange.objects.count() == sum(done)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_use_one_link_at_once() -> None:
    _vouch, token, _by = link()
    people = [UserFactory.create(), UserFactory.create()]
    done = at_once(*(lambda u=user: memberships.use_vouch(token=token, user=u) for user in people))
    assert sorted(done) == [False, True]
    assert Membership.objects.filter(role="medarbejder").count() == 1


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_asking_twice_at_once_gives_one_row() -> None:
    user, workplace = UserFactory.create(), WorkplaceFactory.create()
    ask = lambda: memberships.ask(user=user, workplace=workplace, role="leder")  # noqa: E731
    assert at_once(ask, ask) == [True, True]
    assert Membership.objects.count() == 1


# -- rights ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("email", "sector", "closed", "confirmed", "is_employee"),
    [
        ("a@kommune.dk", "kommune", False, True, True),
        ("a@skole.kommune.dk", "kommune", False, True, True),
        ("a@evilkommune.dk", "kommune", False, True, False),
        ("a@kommune.dk.evil.dk", "kommune", False, True, False),
        ("a@kommune.dk", "kommune", False, False, False),
        ("a@kommune.dk", "kommune", True, True, False),
        ("a@kommune.dk", "privat", False, True, False),
        ("a@kommune.dk", "civilsamfund", False, True, False),
    ],
)
def test_domains(email: str, sector: str, closed: bool, confirmed: bool, is_employee: bool) -> None:
    workplace = WorkplaceFactory.create(sector=sector, closed_on=dt.date(2020, 1, 1) if closed else None)
    WorkplaceDomain.objects.create(workplace=workplace, domain="kommune.dk")
    user = UserFactory.create(email=email, confirmed=confirmed)
    assert permissions.is_public_employee(user) is is_employee
    assert not permissions.speaks_for(user, workplace)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("is_active", [True, False])
def test_only_what_holds_gives_rights(state: str, is_active: bool) -> None:
    """At once, of open accounts, and not over what lies under the workplace."""
    workplace = WorkplaceFactory.create()
    child = WorkplaceFactory.create(parent=workplace)
    user = UserFactory.create(is_active=is_active)
    membership(user=user, workplace=workplace, role="kontaktperson", state=state)
    holds = state == "active" and is_active
    assert permissions.speaks_for(user, workplace) is holds
    assert permissions.is_public_employee(user) is holds
    assert list(permissions.workplaces_of(user)) == ([workplace] if holds else [])
    assert list(permissions.contacts_of(workplace)) == ([user] if holds else [])
    assert not permissions.speaks_for(user, child) and not permissions.can_vouch(user, child)


# -- what the database refuses -----------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("role = 'chef'", "membership_role"),
        ("state = 'noget'", "membership_state"),
        ("basis = 'rygte'", "membership_basis"),
        ("basis = ''", "membership_approved_on_a_basis"),
        ("approved_at = NULL", "membership_approved_on_a_basis"),
        ("state = 'waiting'", "membership_waiting_is_not_approved"),
        ("state = 'suspended'", "membership_pause_has_a_reason"),
        ("suspended_reason = 'staff'", "membership_pause_has_a_reason"),
        ("state = 'ended'", "membership_end_has_a_time"),
        ("ended_at = now()", "membership_end_has_a_time"),
        ("role = 'leder', trusted = true", "membership_trusted_contact"),
        ("confirm_by = NULL", "membership_contact_is_confirmed_yearly"),
    ],
)
def test_rules_in_the_database(change: str, constraint: str) -> None:
    contact_person(WorkplaceFactory.create())
    with (
        pytest.raises(IntegrityError, match="violates check constraint") as error,
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE places_membership SET {change}")
    if change not in ("state = 'noget'",):  # which of several rules answers first is the database's choice
        assert constraint in str(error.value)


def test_one_open_role_each() -> None:
    workplace = WorkplaceFactory.create()
    user = contact_person(workplace)
    with pytest.raises(IntegrityError, match="membership_one_open"), transaction.atomic():
        membership(user=user, workplace=workplace, role="kontaktperson", state="waiting")
    membership(user=user, workplace=workplace, role="kontaktperson", state="ended")


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_web_role_only_adds_to_the_log(as_web_role: Any, verb: str) -> None:
    user, workplace = UserFactory.create(), WorkplaceFactory.create()
    with as_web_role():
        memberships.ask(user=user, workplace=workplace, role="leder")
    rows = RoleChange.objects.all()
    with pytest.raises(ProgrammingError, match="permission denied"), as_web_role(), transaction.atomic():
        rows.update(reason="x") if verb == "update" else rows._raw_delete(rows.db)
    assert RoleChange.objects.count() == 1


# -- two workplaces that are one ----------------------------------------------------------


@pytest.mark.parametrize(
    ("keep_state", "duplicate_state", "left"),
    [
        ("active", "waiting", "active"),
        ("waiting", "active", "active"),
        ("suspended", "active", "suspended"),
        ("active", "suspended", "suspended"),
        (None, "active", "active"),
        ("active", None, "active"),
    ],
)
def test_a_merge_leaves_one_role(keep_state: str | None, duplicate_state: str | None, left: str) -> None:
    """The one that says most, and staff's pause before all."""
    keep, duplicate, user = WorkplaceFactory.create(), WorkplaceFactory.create(), UserFactory.create()
    for workplace, state in ((keep, keep_state), (duplicate, duplicate_state)):
        if state:
            membership(user=user, workplace=workplace, role="kontaktperson", state=state)
    merge_workplaces(keep=keep, duplicate=duplicate, by=None)
    assert Membership.objects.open().get(user=user, workplace=keep).state == left
    assert RoleChange.objects.filter(what="merged").count() == bool(keep_state and duplicate_state)

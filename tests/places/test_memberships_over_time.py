"""Roles at workplaces over time: the yearly question, bounces, the last one who leaves, links that end.

Who may do what is the table in test_memberships.py.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from accounts.models import User
from places import memberships
from places.memberships import MembershipError
from places.merging import merge_workplaces
from places.models import Membership, RoleChange, Vouch, Workplace, WorkplaceDomain
from places.permissions import (
    can_vouch,
    contacts_of,
    employers_of,
    is_public_employee,
    is_trusted,
    speaks_for,
    waiting_for,
    workplaces_of,
)
from tests import factories
from tests.factories import UserFactory, WorkplaceFactory, contact_person, editor, employee

pytestmark = pytest.mark.django_db
race = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def workplace() -> Workplace:
    """Where it happens."""
    found: Workplace = WorkplaceFactory.create()
    return found


def membership(**fields: Any) -> Membership:
    """A role of somebody new, somewhere new, unless told otherwise."""
    for name, make in (("user", UserFactory), ("workplace", WorkplaceFactory)):
        if name not in fields:
            fields[name] = make.create()
    return factories.membership(**{"role": "medarbejder"} | fields)


# -- rights ------------------------------------------------------


@pytest.mark.parametrize("role", ["medarbejder", "leder", "kontaktperson"])
def test_a_closed_account_has_no_right(workplace: Workplace, role: str) -> None:
    user = membership(workplace=workplace, role=role, user=employee()).user
    membership(workplace=workplace, role="medarbejder", state="waiting")
    User.objects.filter(pk=user.pk).update(is_active=False)
    for nobody in (User.objects.get(pk=user.pk), AnonymousUser()):
        assert not is_public_employee(nobody)
        assert not speaks_for(nobody, workplace) and not can_vouch(nobody, workplace)
        assert not is_trusted(nobody, workplace)
        assert not workplaces_of(nobody).exists() and not employers_of(nobody).exists()
        assert not waiting_for(nobody).exists()
    assert not contacts_of(workplace).exists()


@pytest.mark.parametrize(("sector", "yes"), [("privat", False), ("civilsamfund", False), ("kommune", True)])
def test_a_role_in_a_private_firm_makes_no_public_employee(sector: str, yes: bool) -> None:
    firm = WorkplaceFactory.create(sector=sector)
    user = contact_person(firm)
    assert speaks_for(user, firm)
    assert is_public_employee(user) is yes


def test_the_predicates_ask_little(workplace: Workplace, django_assert_max_num_queries: Any) -> None:
    user = contact_person(workplace)
    for _n in range(5):
        membership(workplace=workplace, state="waiting")
    with django_assert_max_num_queries(1):
        assert len([(w.user.name, w.workplace.name) for w in waiting_for(user)]) == 5
    with django_assert_max_num_queries(3):
        is_public_employee(UserFactory.build(pk=0))
    with django_assert_max_num_queries(1):
        list(workplaces_of(user))


# -- asking ------------------------------------------------------


def test_asking_twice_is_once(workplace: Workplace) -> None:
    user = UserFactory.create()
    first = memberships.ask(user=user, workplace=workplace, role="leder", title="Chef", note="Se hjemmesiden")
    again = memberships.ask(user=user, workplace=workplace, role="leder", title="Noget andet")
    assert (again.pk, again.title, again.state, again.basis) == (first.pk, "Chef", "waiting", "")
    assert RoleChange.objects.get().reason == ""  # what somebody wrote of themselves goes with the account
    memberships.decline(membership=first, by=editor(), reason="Nej")
    assert memberships.ask(user=user, workplace=workplace, role="leder").pk != first.pk


@pytest.mark.parametrize("kind", ["closed account", "closed workplace", "role", "title", "note"])
def test_what_cannot_be_asked(workplace: Workplace, kind: str) -> None:
    user = UserFactory.create(is_active=kind != "closed account")
    fields = {"role": "medarbejder", "title": "", "note": ""}
    if kind == "closed workplace":
        Workplace.objects.filter(pk=workplace.pk).update(closed_on=dt.date(2020, 1, 1))
    elif kind == "role":
        fields["role"] = "kejser"
    elif kind in ("title", "note"):
        fields[kind] = "x" * 1001
    with pytest.raises(ValidationError):
        memberships.ask(user=user, workplace=workplace, **fields)
    assert not Membership.objects.exists()


@pytest.mark.parametrize(
    ("who", "basis"), [("kontaktperson", "vouched"), ("leder", "vouched"), ("editor", "staff")]
)
def test_the_basis_is_told(workplace: Workplace, who: str, basis: str) -> None:
    by = editor() if who == "editor" else membership(workplace=workplace, role=who).user
    row = memberships.ask(user=UserFactory.create(), workplace=workplace, role="medarbejder")
    assert memberships.approve(membership=row, by=by).membership.basis == basis
    WorkplaceDomain.objects.create(workplace=workplace, domain="sted.dk")
    user = UserFactory.create()
    EmailAddress.objects.create(user=user, email="x@sted.dk", verified=True, primary=False)
    row = memberships.ask(user=user, workplace=workplace, role="medarbejder")
    assert memberships.approve(membership=row, by=by).membership.basis == "domain"


# -- nobody left, the year, bounces, trust -----------------------


@pytest.mark.parametrize("action", ["leave", "remove", "suspend"])
def test_a_workplace_left_alone_is_said(workplace: Workplace, action: str) -> None:
    """By the last contact person only, and not by a colleague or who only waits."""

    def act(row: Membership) -> memberships.Outcome:
        if action == "leave":
            return memberships.leave(membership=row, by=row.user)
        if action == "remove":
            return memberships.remove(membership=row, by=staff, reason="Rejst")
        return memberships.suspend(membership=row, reason="staff", by=staff)

    staff = editor()
    rows = [membership(workplace=workplace, role="kontaktperson") for _n in range(2)]
    membership(workplace=workplace, role="kontaktperson", user=UserFactory.create(is_active=False))
    colleague = membership(workplace=workplace, role="leder")
    for row, alone in ((rows[0], False), (colleague, False), (rows[1], True)):
        assert act(row).workplace_left_alone is alone
    waits = membership(workplace=workplace, role="kontaktperson", state="waiting")
    assert not memberships.leave(membership=waits, by=waits.user).workplace_left_alone


def test_an_account_that_goes(workplace: Workplace) -> None:
    row = membership(workplace=workplace, role="kontaktperson", trusted=True)
    membership(user=row.user, state="waiting")
    membership(user=row.user, state="ended")
    outcomes = memberships.leave_everything(user=row.user)
    assert [o.workplace_left_alone for o in outcomes] == [True, False]
    assert not is_trusted(row.user, workplace)
    key = row.user.key
    row.user.delete()
    assert not Membership.objects.exists()
    assert RoleChange.objects.filter(user_key=key).count() == 2


def test_the_year(workplace: Workplace, coi_clock: Callable[[dt.datetime], None]) -> None:
    """Due on the day, paused after thirty days more, and only who did not answer."""
    begun = dt.datetime(2026, 3, 1, 11, tzinfo=dt.UTC)
    coi_clock(begun)
    staff = editor()
    rows = [membership(workplace=workplace, role="kontaktperson", state="waiting") for _n in range(2)]
    plain = membership(workplace=workplace, role="leder", state="waiting")
    for row in (*rows, plain):
        memberships.approve(membership=row, by=staff)
    loyal, silent = rows
    coi_clock(begun + dt.timedelta(days=364))
    assert not memberships.due_for_confirmation().exists()
    coi_clock(begun + dt.timedelta(days=365))
    assert {row.pk for row in memberships.due_for_confirmation()} == {loyal.pk, silent.pk}
    assert memberships.note_asked(membership=loyal) and not memberships.note_asked(membership=loyal)
    assert memberships.note_asked(membership=silent)
    for _twice in range(2):
        memberships.confirm_yearly(membership=loyal, by=loyal.user)
    assert RoleChange.objects.filter(what="confirmed").count() == 1
    assert [row.pk for row in memberships.due_for_confirmation()] == [silent.pk]
    coi_clock(begun + dt.timedelta(days=395))
    assert memberships.suspend_unconfirmed() == []
    coi_clock(begun + dt.timedelta(days=396))
    outcomes = memberships.suspend_unconfirmed()
    assert [(o.membership.pk, o.workplace_left_alone) for o in outcomes] == [(silent.pk, False)]
    assert memberships.suspend_unconfirmed() == []
    silent.refresh_from_db()
    assert (silent.state, silent.suspended_reason) == ("suspended", "unconfirmed")
    log = RoleChange.objects.get(what="suspended")
    assert log.actor_key is None
    resumed = memberships.resume(membership=silent, by=staff, reason="Var på barsel").membership
    assert resumed.confirm_by == dt.date(2027, 4, 1) + dt.timedelta(days=365)


@pytest.mark.parametrize(
    ("address", "hit"), [("main", True), ("MAIN", True), ("second", True), ("unverified", False), ("", False)]
)
def test_a_bounce_pauses_the_contact_role(workplace: Workplace, address: str, hit: bool) -> None:
    row = membership(workplace=workplace, role="kontaktperson")
    plain = membership(user=row.user, workplace=workplace, role="leder")
    for name, verified in (("second", True), ("unverified", False)):
        EmailAddress.objects.create(user=row.user, email=f"{name}@x.dk", verified=verified, primary=False)
    mail = {"main": row.user.email, "MAIN": row.user.email.upper(), "": ""}.get(address, f"{address}@x.dk")
    outcomes = memberships.bounced(address=mail)
    assert [o.workplace_left_alone for o in outcomes] == [True] * hit
    assert memberships.bounced(address=mail) == []
    row.refresh_from_db()
    plain.refresh_from_db()
    assert (row.suspended_reason, plain.state) == ("bounced" if hit else "", "active")


def test_trusted_is_logged_and_goes_with_the_role(workplace: Workplace) -> None:
    row, staff = membership(workplace=workplace, role="kontaktperson"), editor()
    for value in (True, True, False, True):
        memberships.set_trusted(membership=row, value=value, by=staff)
        assert is_trusted(row.user, workplace) is value
    assert [r.what for r in RoleChange.objects.order_by("id")] == ["trusted", "not_trusted", "trusted"]
    memberships.suspend(membership=row, reason="staff", by=staff)
    assert not is_trusted(row.user, workplace)
    memberships.leave(membership=row, by=row.user)
    row.refresh_from_db()
    assert not row.trusted


# -- links -------------------------------------------------------


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ("replayed", "er brugt"),
        ("unknown", "findes ikke"),
        ("empty", "findes ikke"),
        ("odd", "findes ikke"),
        ("run out", "udløbet"),
        ("own", "dig selv"),
        ("other address", "en anden mailadresse"),
        ("maker gone", "ikke længere"),
        ("maker closed", "ikke længere"),
        ("workplace closed", "nedlagt"),
        ("has it", "allerede"),
        ("paused", "på pause"),
        ("closed account", "lukket"),
    ],
)
def test_a_link_that_does_not_work(
    workplace: Workplace, coi_clock: Callable[[dt.datetime], None], case: str, words: str
) -> None:
    """It says why, and an unused link stays unused."""
    begun = dt.datetime(2026, 3, 1, 11, tzinfo=dt.UTC)
    coi_clock(begun)
    maker = membership(workplace=workplace, role="kontaktperson")
    email = "kollega@x.dk" if case == "other address" else ""
    _v, token = memberships.make_vouch(workplace=workplace, role="medarbejder", by=maker.user, email=email)
    user = UserFactory.create()
    if case == "replayed":
        memberships.use_vouch(token=token, user=UserFactory.create())
    elif case in ("unknown", "empty", "odd"):
        token = {"unknown": "x" * 22, "empty": "", "odd": "\udcff\x00æ"}[case]
    elif case == "run out":
        coi_clock(begun + dt.timedelta(days=14))
    elif case == "own":
        user = maker.user
    elif case == "other address":
        EmailAddress.objects.create(user=user, email=email, verified=False, primary=False)
    elif case == "maker gone":
        memberships.leave(membership=maker, by=maker.user)
    elif case == "maker closed":
        User.objects.filter(pk=maker.user_id).update(is_active=False)
    elif case == "workplace closed":
        Workplace.objects.filter(pk=workplace.pk).update(closed_on=dt.date(2020, 1, 1))
    elif case in ("has it", "paused"):
        membership(user=user, workplace=workplace, state="active" if case == "has it" else "suspended")
    elif case == "closed account":
        User.objects.filter(pk=user.pk).update(is_active=False)
        user.refresh_from_db()
    had = set(Membership.objects.values_list("pk", "state"))
    with pytest.raises(MembershipError, match=words):
        memberships.use_vouch(token=token, user=user)
    assert set(Membership.objects.values_list("pk", "state")) == had
    assert Vouch.objects.filter(used_at__isnull=True).exists() is (case != "replayed")


def test_a_link_for_an_address_forgets_it(workplace: Workplace) -> None:
    _vouch, token = memberships.make_vouch(
        workplace=workplace, role="medarbejder", by=contact_person(workplace), email="Kollega@X.dk"
    )
    user = UserFactory.create()
    EmailAddress.objects.create(user=user, email="kollega@x.dk", verified=True, primary=False)
    waits = memberships.ask(user=user, workplace=workplace, role="medarbejder", title="Pædagog")
    row = memberships.use_vouch(token=token, user=user)
    assert (row.pk, row.title, row.state) == (waits.pk, "Pædagog", "active")
    assert Vouch.objects.get().email == ""


def test_links_are_few_and_forgotten(
    workplace: Workplace, coi_clock: Callable[[dt.datetime], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memberships, "VOUCHES_AT_ONCE", 2)
    by = contact_person(workplace)
    for _n in range(2):
        memberships.make_vouch(workplace=workplace, role="medarbejder", by=by)
    with pytest.raises(MembershipError, match="2 links"):
        memberships.make_vouch(workplace=workplace, role="medarbejder", by=by)
    assert memberships.forget_vouches() == 0
    coi_clock(timezone.now() + dt.timedelta(days=45))
    assert memberships.forget_vouches() == 2


@pytest.mark.parametrize(
    "values",
    [
        "role = 'leder'",
        "token_hash = 'aben'",
        "used_by_id = %(other)s",
        "used_at = now(), used_by_id = made_by_id",
        "used_at = now(), email = 'x@x.dk'",
    ],
)
def test_the_database_refuses_of_links(workplace: Workplace, values: str) -> None:
    memberships.make_vouch(workplace=workplace, role="medarbejder", by=contact_person(workplace))
    other = UserFactory.create().pk
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE places_vouch SET {values}", {"other": other})


# -- merged, and two at once -------------------------------------


def test_the_web_server_may_do_all_of_it(workplace: Workplace, as_web_role: Any) -> None:
    twin, staff, user = WorkplaceFactory.create(), editor(), UserFactory.create()
    membership(user=user, workplace=twin, role="kontaktperson")
    with as_web_role():
        row = memberships.ask(user=user, workplace=workplace, role="kontaktperson")
        memberships.approve(membership=row, by=staff)
        merge_workplaces(keep=workplace, duplicate=twin, by=staff)
        memberships.leave(membership=Membership.objects.open().get(), by=user)
    assert not Membership.objects.open().exists()


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """Run these in threads; what each came to: »ok«, or the words of the refusal."""
    barrier, told = threading.Barrier(len(acts)), []

    def run(act: Callable[[], Any]) -> None:
        try:
            barrier.wait(5)
            act()
            told.append("ok")
        except MembershipError as error:
            told.append(error.messages[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == len(acts)
    return sorted(told, key=lambda word: word != "ok")


@race
def test_the_last_two_leave_at_once() -> None:
    """Exactly one of them is told to be the last: the second waits until the first is through."""
    workplace = WorkplaceFactory.create()
    rows = [membership(workplace=workplace, role="kontaktperson") for _n in range(2)]
    both_in, alone = threading.Barrier(2), []

    def leave(row: Membership) -> None:
        with transaction.atomic():
            outcome = memberships.leave(membership=row, by=row.user)
            alone.append(outcome.workplace_left_alone)
            try:
                both_in.wait(0.5)
            except threading.BrokenBarrierError:
                pass

    assert at_once(lambda: leave(rows[0]), lambda: leave(rows[1])) == ["ok", "ok"]
    assert sorted(alone) == [False, True]


@race
def test_merged_and_approved_at_once() -> None:
    """Nothing deadlocks, and nothing is lost."""
    keep, twin, staff = WorkplaceFactory.create(), WorkplaceFactory.create(), UserFactory.create(admin=True)
    row = membership(workplace=twin, state="waiting")
    told = at_once(
        lambda: memberships.approve(membership=row, by=staff),
        lambda: merge_workplaces(keep=keep, duplicate=twin, by=staff),
    )
    row = Membership.objects.get(pk=row.pk)
    assert row.workplace == keep
    assert told == ["ok", "ok"] or (row.state == "waiting" and "lagt sammen" in told[1])

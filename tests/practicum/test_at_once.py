"""Leaders, hosts, guests, editors and jobs at the same moment, with real connections: one order of events each time."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from editorial.models.querysets import TransitionError
from notices.models import OutgoingMail
from practicum.applying import actions as applying
from practicum.approving import actions as approving
from practicum.approving.actions import AlreadyAnsweredError, NoLongerAskedError
from practicum.approving.facts import Facts
from practicum.choices import Side
from practicum.direct import actions
from practicum.models import Application, DirectRequest, LeaderApproval, Offer, Stay, Wish
from practicum.offering.seats import move_on
from practicum.running import actions as running
from practicum.staying import actions as staying
from tests.factories import ApplicationFactory, UserFactory, WorkplaceFactory, public_offer, ready_application
from tests.practicum.stays import DAY, World
from tests.practicum.test_applying import begun, guest, open_round
from tests.practicum.test_approving import with_domain
from tests.practicum.test_running import a_round, ran, seats, wishing
from tests.practicum.test_stays_at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
EXPECTED = (TransitionError, Stay, Application, LeaderApproval, bool, int, list, type(None))


def many(world: World, number: int) -> list[DirectRequest]:
    """Requests of so many guests."""
    workplace = WorkplaceFactory.create()
    return [
        world.request(
            ready_application(round=world.offer.round, workplace=workplace, guest=UserFactory.create())
        )
        for _n in range(number)
    ]


def accepts(world: World, requests: list[DirectRequest]) -> list[Any]:
    """The host says yes to each."""
    return [
        partial(actions.accept, request=row, first=world.first, last=world.first + DAY) for row in requests
    ]


@pytest.mark.parametrize("turn", range(3))
def test_seats_move_on_while_the_host_gives_them_away(turn: int) -> None:
    """Each is taken or moved, never both; the numbers of the place are those of its seats."""
    world = World(seats=3)
    tasks = accepts(world, many(world, 4))
    results = at_once(
        *tasks[:2], partial(move_on, world.offer.pk), *tasks[2:], partial(move_on, world.offer.pk)
    )
    assert all(isinstance(one, EXPECTED) for one in results), results
    offer = Offer.objects.get(pk=world.offer.pk)
    held = Stay.objects.seated().filter(offer=offer)
    assert set(held.values_list("seat__way", flat=True)) <= {"direkte"}
    assert (offer.direct_seats, offer.round_seats) == (held.count(), 3 - held.count())
    assert offer.seats.filter(way="direkte").count() == offer.direct_seats
    assert offer.seats.filter(way="runde").count() == offer.round_seats


@pytest.mark.parametrize("turn", range(3))
def test_a_place_becomes_smaller_while_the_host_gives_seats_away(turn: int) -> None:
    """Either there is room for all, or the change is refused in words."""
    world = World(seats=3)
    offer = world.offer
    LeaderApproval.objects.create(
        offer=offer, email="leder@kommune.example", answer="ja", answered_at=timezone.now(),
        expires_at=timezone.now() + DAY, **Facts.of_offer(offer, {"direct_seats": 1}).columns,
    )  # fmt: skip
    tasks = accepts(world, many(world, 3))
    smaller = partial(Offer.objects.get(pk=offer.pk).apply_parts, {"direct_seats": 1})
    results = at_once(*tasks[:2], smaller, *tasks[2:])
    assert all(isinstance(one, EXPECTED) for one in results), results
    now = Offer.objects.get(pk=offer.pk)
    taken = Stay.objects.seated().filter(offer=offer).count()
    assert taken <= now.direct_seats == now.seats.count() and now.direct_seats in (1, 3)


@pytest.mark.parametrize(("held", "expected"), [(DAY, "aftalt"), (-DAY, "udloebet")])
def test_confirming_while_the_time_runs_out(held: dt.timedelta, expected: str) -> None:
    """Before the midnight it is agreed, after it the seat has gone on; however many press, and however often."""
    world = World()
    stay = world.offered(held_until=timezone.now() + held)
    yes = partial(staying.say_yes, stay=stay, side=Side.GUEST)
    results = at_once(yes, partial(staying.expire, stay.pk), yes, partial(staying.expire, stay.pk))
    assert all(isinstance(one, EXPECTED) for one in results), results
    assert Stay.objects.get(pk=stay.pk).state == expected


@pytest.mark.parametrize("turn", range(3))
def test_a_leader_answers_in_many_ways_at_once(turn: int) -> None:
    """One answer counts, the others are told; a delegated question has one link."""
    row: Application = ApplicationFactory.create(
        workplace=with_domain(), guest=UserFactory.create(email="gaest@fjordby.example"), state="leder"
    )
    asked = approving.ask_leader(row, "leder@fjordby.example")
    results = at_once(
        partial(approving.say_yes, approval=asked, name="Karen"),
        partial(approving.say_no, approval=asked, name="Karen", reason="Travlt"),
        partial(approving.delegate, approval=asked, name="Karen", email="chef@fjordby.example"),
        partial(approving.say_yes, approval=asked, name="Karen"),
    )
    assert sum(isinstance(one, LeaderApproval) for one in results) == 1, results
    assert all(isinstance(one, LeaderApproval | AlreadyAnsweredError) for one in results), results
    answer = LeaderApproval.objects.get(pk=asked.pk).answer
    expected = {"ja": "klar", "nej": "kladde", "videre": "leder"}[answer]
    assert Application.objects.get(pk=row.pk).state == expected
    assert LeaderApproval.objects.filter(answer="").count() == (answer == "videre")
    assert OutgoingMail.objects.count() == 1 + (answer == "videre")


@pytest.mark.parametrize("turn", range(3))
def test_a_leader_says_yes_while_the_guest_changes_days_or_takes_it_back(turn: int) -> None:
    """Hosts see it only with the days that there is a yes to."""
    row: Application = ApplicationFactory.create(
        workplace=with_domain(), guest=UserFactory.create(email="gaest@fjordby.example"), state="leder"
    )
    asked = approving.ask_leader(row, "leder@fjordby.example")
    assert row.round is not None
    other = [row.round.stays_from + dt.timedelta(days=n) for n in range(7, 12)]
    tasks = [
        partial(approving.say_yes, approval=asked, name="Karen"),
        partial(row.change, possible_days=other, again=True),
        *([partial(applying.withdraw, application=row, by=row.guest)] if turn else []),
    ]
    results = at_once(*tasks)
    assert all(isinstance(one, (*EXPECTED, NoLongerAskedError)) for one in results), results
    now = Application.objects.get(pk=row.pk)
    assert now.state in ("leder", "klar", "trukket")
    assert now.state != "klar" or now.has_yes()


@pytest.mark.parametrize("turn", range(3))
def test_a_proposal_is_sent_while_guests_and_hosts_do_something_else(turn: int) -> None:
    """Sent whole or not at all, and once; nobody gets two seats, no seat two guests."""
    its_round = a_round()
    first, second = seats(round=its_round), seats(round=its_round)
    guests = [wishing(its_round, first, second), wishing(its_round, second, first)]
    outside = public_offer(round=None, round_seats=0, direct_seats=1, is_flexible=True)
    asked = DirectRequest.objects.create(application=guests[0], offer=outside)
    run, by = ran(its_round), UserFactory.create()
    days = guests[0].possible_days
    send = partial(running.send, run=run, by=by)
    results = at_once(
        send,
        partial(actions.accept, request=asked, first=days[0], last=days[1]),
        partial(applying.withdraw, application=guests[1], by=guests[1].guest),
        send,
    )
    assert all(isinstance(one, EXPECTED) for one in results), results
    assert sum(isinstance(one, list) for one in results) <= 1
    for row in guests:
        assert Stay.objects.filter(application=row).seated().count() <= 1
    sent = Stay.objects.filter(origin="match").count()
    assert sent in (0, 2) and (run.round.runs.filter(sent_at__isnull=False).exists() is (sent == 2))
    gone = Application.objects.get(pk=guests[1].pk).state == "trukket"
    assert not (gone and Stay.objects.filter(application=guests[1]).seated().exists())


@pytest.mark.parametrize("turn", range(3))
def test_wishes_from_many_tabs_keep_their_numbers(turn: int) -> None:
    """Moved, removed and added at once: 1, 2, 3 … without a hole."""
    its_round, user = open_round(), guest()
    places = [public_offer(round=its_round) for _n in range(5)]
    row = begun(user, places[0])
    for place in places[1:4]:
        begun(user, place)
    keys = [str(wish.uuid) for wish in row.wishes.order_by("rank")]
    results = at_once(
        partial(applying.move_wish, application=row, wish=keys[3], up=True, by=user),
        partial(applying.remove_wish, application=row, wish=keys[1], by=user),
        partial(applying.move_wish, application=row, wish=keys[0], up=False, by=user),
        partial(applying.wish_for, offer=places[4], by=user, workplace=row.workplace),
    )
    assert all(isinstance(one, EXPECTED) for one in results), results
    ranks = list(Wish.objects.filter(application=row).order_by("rank").values_list("rank", flat=True))
    assert ranks == list(range(1, len(ranks) + 1)) and len(ranks) == 4, ranks

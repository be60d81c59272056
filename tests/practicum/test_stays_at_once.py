"""What happens to seats and agreements at the same moment, with real connections."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from editorial.models.querysets import TransitionError
from practicum.choices import Side
from practicum.direct import actions
from practicum.models import Application, DirectRequest, Stay
from practicum.staying import actions as staying
from practicum.staying import agreeing
from practicum.staying.reminding import look_after
from tests.factories import UserFactory, WorkplaceFactory, public_offer, ready_application
from tests.practicum.stays import DAY, World, texts

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def at_once(*tasks: Callable[[], Any]) -> list[Any]:
    """What each gave, or its error; all begin at the same moment."""
    barrier, results = threading.Barrier(len(tasks)), dict[int, Any]()

    def run(n: int, task: Callable[[], Any]) -> None:
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            barrier.wait(30)
            results[n] = task()
        except Exception as error:  # the test looks at it
            results[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(tasks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return [results.get(n) for n in range(len(tasks))]


def test_twenty_parallel_accepts_of_three_seats() -> None:
    """Three are offered a seat, seventeen wait in one order; nobody meets an error of the database."""
    world = World(seats=3)
    workplace = WorkplaceFactory.create()
    requests = [
        world.request(
            ready_application(round=world.offer.round, workplace=workplace, guest=UserFactory.create())
        )
        for _ in range(20)
    ]
    last = world.first + DAY
    results = at_once(
        *(partial(actions.accept, request=request, first=world.first, last=last) for request in requests)
    )
    assert sum(isinstance(one, Stay) for one in results) == 3, results
    assert sum(one is None for one in results) == 17
    assert Stay.objects.seated().count() == 3 == Stay.objects.values("seat").distinct().count()
    assert DirectRequest.objects.filter(state="venteliste").count() == 17
    assert DirectRequest.objects.filter(state="tilbudt").count() == 3


def test_the_unique_index_decides_where_nobody_waits_for_a_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the lock on the place the same seat is taken twice: the second hears it in a sentence."""
    world = World()
    second = world.another()
    requests = [world.request(), world.request(second)]
    seat = world.offer.seats.get()
    monkeypatch.setattr("practicum.direct.actions.locked_offer", lambda pk: None)
    monkeypatch.setattr(
        "practicum.direct.actions.free_seats", lambda offer: type(seat).objects.filter(pk=seat.pk)
    )
    results = at_once(
        *(
            partial(actions.accept, request=request, first=world.first, last=world.first)
            for request in requests
        )
    )
    errors = [one for one in results if isinstance(one, TransitionError)]
    assert len(errors) == 1 and errors[0].messages == ["Pladsen er lige blevet taget."], results
    assert Stay.objects.count() == 1
    with pytest.raises(IntegrityError, match="stay_one_per_seat"), transaction.atomic():
        row = Stay.objects.get()
        row.pk, row.uuid, row.application = None, None, None  # type: ignore[assignment]
        row.uuid = second.uuid
        row.save(force_insert=True)


def test_two_hosts_and_one_guest() -> None:
    """Both say yes at once: one seat is held, the other host is told in a sentence."""
    world = World()
    other = public_offer(direct_seats=1, round=world.offer.round)
    requests = [world.request(), DirectRequest.objects.create(application=world.application, offer=other)]
    results = at_once(
        *(
            partial(actions.accept, request=request, first=world.first, last=world.first)
            for request in requests
        )
    )
    assert sorted(type(one).__name__ for one in results) == ["Stay", "TransitionError"], results


@pytest.mark.parametrize("turn", range(3))
def test_confirming_while_the_host_cancels_and_another_host_says_yes(turn: int) -> None:
    """No deadlock, one order of events, and never two seats for one guest."""
    world = World()
    other = public_offer(direct_seats=1, round=world.offer.round)
    elsewhere = DirectRequest.objects.create(application=world.application, offer=other)
    stay = actions.accept(request=world.request(), first=world.first, last=world.first)
    assert stay is not None
    results = at_once(
        partial(staying.say_yes, stay=stay, side=Side.GUEST),
        partial(staying.cancel, stay=stay, side=Side.HOST, reason="Vi flytter."),
        partial(actions.accept, request=elsewhere, first=world.first, last=world.first),
        look_after,
    )
    assert all(isinstance(one, TransitionError | Stay | dict | None) for one in results), results
    assert Stay.objects.filter(application=world.application).seated().count() <= 1
    assert Application.objects.get(pk=world.application.pk).state in ("klar", "placeret")


def test_both_correct_the_agreement_at_once() -> None:
    """One becomes the next version, the other hears who was first."""
    world = World()
    stay = world.stay()
    results = at_once(
        *(
            partial(
                agreeing.write, stay=stay, side=side, read=0, fields=texts(stay, gives=str(side)), sign=True
            )
            for side in Side
        )
    )
    assert sorted(type(one).__name__ for one in results) == ["Agreement", "TransitionError"], results
    assert stay.agreements.count() == 1

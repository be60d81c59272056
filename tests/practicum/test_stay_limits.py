"""The forms of requests and stays are counted, and their pages cost the same for many rows as for few."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from guards.ratelimits import LIMITS, Limit, Rate
from practicum.models import RequestMessage, Stay
from practicum.staying.mine import my_panels, to_do
from tests.factories import contact_person, stay_at
from tests.practicum.stays import World, client_of, written

Case = Callable[[World], tuple[User, str]]


def of_request(name: str, who: str) -> Case:
    """An address of a request, and who sends it."""
    return lambda w: (getattr(w, who), reverse(f"practicum:request_{name}", args=[w.request().uuid]))


def of_stay(name: str, who: str, state: str = "aftalt") -> Case:
    """An address of a stay in a state, and who sends it."""

    def make(world: World) -> tuple[User, str]:
        stay = world.stay()
        written(stay)
        Stay.objects.filter(pk=stay.pk).update(state=state, held_until=timezone.now())
        return getattr(world, who), reverse(name, args=[stay.uuid])

    return make


SAMPLES: dict[str, tuple[str, Case]] = {
    "ask": ("practicum-ask", lambda w: (w.guest, reverse("practicum:ask_direct", args=[w.offer.slug]))),
    "accept": ("practicum-answer", of_request("accept", "host")),
    "decline": ("practicum-answer", of_request("decline", "host")),
    "message": ("practicum-answer", of_request("message", "guest")),
    "withdraw": ("practicum-answer", of_request("withdraw", "guest")),
    "answer": ("practicum-answer", of_stay("practicum:stay_answer", "guest", "tilbudt")),
    "cancel": ("practicum-answer", of_stay("practicum:stay_cancel", "host")),
    "edit": ("practicum-answer", of_stay("practicum:agreement_edit", "guest")),
    "sign": ("practicum-answer", of_stay("practicum:agreement_sign", "host")),
    "evaluate": ("practicum-answer", of_stay("practicum:evaluate", "host", "holdt")),
    "used": ("practicum-answer", of_stay("practicum:used", "guest", "holdt")),
    "draft": ("proposal", of_stay("used_draft", "guest", "holdt")),
}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("case", SAMPLES)
def test_a_form_is_counted(monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    """The second attempt of one is refused with 429 and a time."""
    name, make = SAMPLES[case]
    user, address = make(World())
    monkeypatch.setitem(LIMITS, name, Limit(account=Rate(1, 30_000)))
    browser = client_of(user)
    assert browser.post(address).status_code not in (403, 404, 405, 429, 500)
    second = browser.post(address)
    assert second.status_code == 429 and int(second["Retry-After"]) > 0


def cost(act: Callable[[], Any]) -> int:
    """How many queries something costs the second time."""
    act()
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


@pytest.mark.django_db
def test_pages_cost_the_same_for_many(client: Client) -> None:
    """Messages, versions, contact persons, and the rows of Min side."""
    world = World(seats=12)
    stay, asked = world.stay(), world.request(world.another())
    client.force_login(world.host)
    owner = world.offer.owner
    assert owner is not None

    def costs() -> dict[str, int]:
        return {
            "request": cost(lambda: client.get(asked.get_absolute_url())),
            "stay": cost(lambda: client.get(stay.get_absolute_url())),
            "agreement": cost(lambda: client.get(reverse("practicum:agreement", args=[stay.uuid]))),
            "panels": cost(lambda: my_panels(world.host)),
            "to do": cost(lambda: to_do(owner)),
        }

    def more(first: int, last: int) -> None:
        for n in range(first, last):
            written(stay, gives=f"Udgave {n}")
            RequestMessage.objects.create(request=asked, side="gaest", text=f"Nummer {n}")
            written(stay_at(world.offer, application=world.another()))
            world.request(world.another())
            contact_person(owner)

    more(0, 2)
    few = costs()
    more(2, 8)
    assert costs() == few
    assert few["request"] <= 18 and few["stay"] <= 18 and few["agreement"] <= 16, few
    assert few["panels"] <= 8 and few["to do"] <= 2, few

"""The forms of applications and wishes are counted, and the pages cost the same for many rows as for few."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from guards.ratelimits import LIMITS, Limit, Rate
from practicum.models import Application, HostMark, Offer, OpenWish, OpenWishAnswer, Wish
from tests.factories import contact_person, editor, employee, public_offer, ready_application
from tests.practicum.test_applying import guest, open_round, whole


class World:
    """A place in an open round, an application to it, and everybody who writes something."""

    def __init__(self) -> None:
        self.round = open_round()
        self.offer: Offer = public_offer(round=self.round)
        self.guest, self.host = guest(), contact_person(self.offer.owner)  # type: ignore[arg-type]
        self.application: Application = whole(self.guest, self.offer)
        self.staff = editor()
        self.wish = OpenWish.objects.create(guest=self.guest, text="Et hus uden kø")


Who = Callable[[World], User]
SAMPLES: list[tuple[str, str, Who, Callable[[World], list[Any]]]] = [
    ("apply", "application", lambda w: w.guest, lambda w: [w.offer.slug]),
    ("application", "application", lambda w: w.guest, lambda w: [w.application.uuid]),
    ("application_send", "application-send", lambda w: w.guest, lambda w: [w.application.uuid]),
    ("application_withdraw", "application", lambda w: w.guest, lambda w: [w.application.uuid]),
    ("offer_applications", "host-mark", lambda w: w.host, lambda w: [w.offer.slug]),
    ("wishes", "open-wish", lambda w: w.guest, lambda w: []),
    ("open_wish", "wish-answer", lambda w: w.host, lambda w: [w.wish.uuid]),
    ("open_wish_close", "open-wish", lambda w: w.guest, lambda w: [w.wish.uuid]),
    ("invite_hosts", "host-invitation", lambda w: w.staff, lambda w: []),
]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize(("name", "limit", "who", "args"), SAMPLES, ids=[row[0] for row in SAMPLES])
def test_a_form_is_counted(
    monkeypatch: pytest.MonkeyPatch, name: str, limit: str, who: Who, args: Callable[[World], list[Any]]
) -> None:
    """The second attempt of one is refused with 429 and a time."""
    world = World()
    one = Rate(1, 30_000)
    monkeypatch.setitem(LIMITS, limit, Limit(account=one, address=one))
    browser = Client()
    browser.force_login(who(world))
    address = reverse(f"practicum:{name}", args=args(world))
    assert browser.post(address).status_code not in (403, 405, 429, 500)
    second = browser.post(address)
    assert second.status_code == 429 and int(second["Retry-After"]) > 0


MOST = {
    "offer_applications": 16, "application": 18, "wishes": 16, "open_wish": 14, "shortage": 18,
}  # fmt: skip


@pytest.mark.django_db
def test_pages_cost_the_same_for_many(client: Client) -> None:
    """Applications to a place, wishes in an application, wishes without a place, and the tables."""
    world = World()
    visits: list[tuple[str, User, list[Any]]] = [
        ("offer_applications", world.host, [world.offer.slug]),
        ("application", world.guest, [world.application.uuid]),
        ("wishes", world.host, []),
        ("open_wish", world.guest, [world.wish.uuid]),
        ("shortage", world.staff, []),
    ]

    def more(first: int, last: int) -> None:
        for n in range(first, last):
            row = ready_application(round=world.round)
            Wish.objects.create(application=row, offer=world.offer, rank=1)
            HostMark.objects.create(offer=world.offer, application=row, mark=3)
            other = public_offer(round=world.round)
            if n < 7:
                Wish.objects.create(application=world.application, offer=other, rank=n + 2)
            wish = OpenWish.objects.create(guest=employee(), round=world.round, text="Et", region_id="1082")
            wish.subject_areas.set(world.offer.subject_areas.all())
            OpenWishAnswer.objects.create(wish=world.wish, workplace=other.owner, offer=other, text="Kom")

    def costs() -> dict[str, int]:
        found = {}
        for name, user, args in visits:
            client.force_login(user)
            address = reverse(f"practicum:{name}", args=args)
            assert client.get(address).status_code == 200
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            found[name] = len(queries)
            assert len(queries) <= MOST[name], (name, "\n".join(q["sql"][:160] for q in queries))
        return found

    more(0, 3)
    few = costs()
    more(3, 12)
    assert costs() == few

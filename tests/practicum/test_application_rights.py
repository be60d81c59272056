"""Who reads which part of an application: by state and role, by a changed uuid, and in the HTML itself."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from editorial.models.querysets import TransitionError
from practicum.applying.actions import wish_for
from practicum.direct.actions import ask_for_seat
from practicum.models import Application, HostMark, Offer, Wish
from practicum.permissions import (
    can_apply,
    can_edit_application,
    can_mark,
    can_see_order,
    can_view_application,
)
from tests.factories import (
    ApplicationFactory,
    UserFactory,
    contact_person,
    editor,
    membership,
    public_offer,
    ready_application,
    say_yes,
)
from tests.practicum.test_applying import guest, open_round

pytestmark = pytest.mark.django_db
STATES = ("kladde", "leder", "klar", "placeret", "trukket", "lukket")


class World:
    """An application that wishes first for another's place and then for the host's, and everybody round it."""

    def __init__(self) -> None:
        self.round = open_round()
        self.others, self.offer = public_offer(round=self.round), public_offer(round=self.round)
        self.application: Application = ready_application(round=self.round, motivation="Vi vil lære.")
        Wish.objects.create(application=self.application, offer=self.others, rank=1)
        Wish.objects.create(application=self.application, offer=self.offer, rank=2)
        assert self.offer.owner and self.others.owner
        self.host, self.other_host = contact_person(self.offer.owner), contact_person(self.others.owner)
        self.colleague: User = UserFactory.create()
        membership(user=self.colleague, workplace=self.offer.owner, role="medarbejder")
        self.stranger = contact_person(public_offer(round=self.round).owner)  # type: ignore[arg-type]
        self.staff = editor()

    def put(self, state: str) -> Application:
        """The application in a state."""
        Application.objects.filter(pk=self.application.pk).update(state=state)
        self.application.refresh_from_db()
        return self.application


def test_role_and_state() -> None:
    """Who may view, edit, see the order, and mark, in every state."""
    world = World()
    hosts = {"host", "other_host"}
    for state in STATES:
        row = world.put(state)
        people = {
            name: getattr(world, name) for name in ("host", "other_host", "colleague", "stranger", "staff")
        } | {"guest": row.guest}
        sent = hosts if state in ("klar", "placeret") else set()
        expected: dict[str, tuple[Any, set[str]]] = {
            "view": (can_view_application, {"guest", "staff"} | sent),
            "edit": (can_edit_application, {"guest"} if state in STATES[:3] else set()),
            "order": (can_see_order, {"guest", "staff"}),
            "mark": (lambda u, a: can_mark(u, a, world.offer), {"host"} if state == "klar" else set()),
        }
        for what, (predicate, who) in expected.items():
            assert {name for name, user in people.items() if predicate(user, row)} == who, (state, what)


def test_pages_by_role_and_a_changed_code(client: Client) -> None:
    """404 for what one may not know of, 403 for what one may only read; another uuid opens nothing."""
    world = World()
    names = ("application", "application_send", "application_withdraw")
    table: list[tuple[User, str, tuple[int, int, int]]] = [
        (world.application.guest, "klar", (200, 302, 200)),
        (world.application.guest, "leder", (200, 200, 200)),
        (world.host, "klar", (200, 403, 403)),
        (world.host, "leder", (404, 404, 404)),
        (world.host, "trukket", (404, 404, 404)),
        (world.other_host, "klar", (200, 403, 403)),
        (world.colleague, "klar", (404, 404, 404)),
        (world.stranger, "klar", (404, 404, 404)),
        (world.staff, "leder", (200, 403, 403)),
    ]
    for user, state, expected in table:
        row = world.put(state)
        client.force_login(user)
        got = tuple(client.get(reverse(f"practicum:{name}", args=[row.uuid])).status_code for name in names)
        assert got == expected, (user, state)
        for name in names:
            assert client.get(reverse(f"practicum:{name}", args=[uuid.uuid4()])).status_code == 404
        if user != row.guest:
            for name in names:
                assert client.post(reverse(f"practicum:{name}", args=[row.uuid])).status_code in (403, 404)
    client.logout()
    answer = client.get(reverse("practicum:application", args=[world.application.uuid]))
    assert answer.status_code == 302 and "/konto/login/" in answer.headers["Location"]


def test_a_host_reads_nothing_of_other_wishes_or_who_it_is(client: Client) -> None:
    """Not the rank, not other places, not a name or an address: neither in the text nor anywhere in the HTML."""
    world = World()
    client.force_login(world.host)
    guest_ = world.application.guest
    pages = [
        client.get(reverse("practicum:offer_applications", args=[world.offer.slug])),
        client.get(reverse("practicum:application", args=[world.application.uuid])),
    ]
    for page in pages:
        html = page.content.decode()
        assert page.status_code == 200 and "Vi vil lære." in html and world.application.workplace.name in html
        assert world.others.title not in html
        for secret in (guest_.email, guest_.name, "leder@kommune.example", "data-rank", "rank="):
            assert not re.search(rf"{re.escape(secret)}(?!\w)", html), secret


def test_the_order_on_the_hosts_page_is_not_the_guests(client: Client) -> None:
    """Whoever wishes first or last for the place, the order is that of the random keys."""
    world = World()
    for rank in (1, 5, 3):
        row = ready_application(round=world.round)
        Wish.objects.create(application=row, offer=world.offer, rank=rank)
    client.force_login(world.host)

    def shown() -> list[uuid.UUID]:
        answer = client.get(reverse("practicum:offer_applications", args=[world.offer.slug]))
        return [row.application.uuid for row in answer.context["rows"]]

    before = shown()
    assert before == sorted(before) and len(before) == 4
    for wish in Wish.objects.filter(offer=world.offer):
        Wish.objects.filter(pk=wish.pk).update(rank=9 - wish.rank)
    assert shown() == before


def test_the_page_of_a_place_by_role(client: Client) -> None:
    """Contact persons of the host and editors; a hidden place is 404 to others."""
    world = World()
    address = reverse("practicum:offer_applications", args=[world.offer.slug])
    for user, expected in (
        (world.host, 200), (world.staff, 200), (world.other_host, 403), (world.colleague, 403),
        (world.application.guest, 403),
    ):  # fmt: skip
        client.force_login(user)
        assert client.get(address).status_code == expected
    Offer.objects.filter(pk=world.offer.pk).update(state="suspended")
    for user, expected in ((world.host, 200), (world.other_host, 404)):
        client.force_login(user)
        assert client.get(address).status_code == expected


def mark(client: Client, world: World, key: object, **fields: str) -> Any:
    """Send a mark as the page does."""
    sent = {"ansoegning": str(key), f"{key}-mark": "4", f"{key}-note": "Passer"} | fields
    return client.post(reverse("practicum:offer_applications", args=[world.offer.slug]), sent)


def test_a_host_marks_and_the_last_mark_counts(client: Client) -> None:
    """One row, however often; wrong input keeps what was typed; another's application is 404."""
    world = World()
    key = world.application.uuid
    client.force_login(world.host)
    assert mark(client, world, key).status_code == 302
    assert mark(client, world, key, **{f"{key}-mark": "2"}).status_code == 302
    row = HostMark.objects.get()
    assert (row.mark, row.note, row.offer, row.application) == (2, "Passer", world.offer, world.application)
    wrong = mark(client, world, key, **{f"{key}-mark": "9", f"{key}-note": "Et ord"})
    assert wrong.status_code == 422 and "Et ord" in wrong.content.decode()
    stranger = ready_application(round=world.round)
    for other in (uuid.uuid4(), "x", "", stranger.uuid):
        assert mark(client, world, other).status_code == 404
    world.put("placeret")
    assert mark(client, world, key).status_code == 422
    world.put("trukket")
    assert mark(client, world, key).status_code == 404
    client.force_login(world.staff)
    assert mark(client, world, key).status_code == 403
    assert HostMark.objects.get().mark == 2


def test_the_guest_never_sees_a_mark(client: Client) -> None:
    """Not on the application's page, in any state."""
    world = World()
    HostMark.objects.create(offer=world.offer, application=world.application, mark=1, note="Uegnet til os")
    client.force_login(world.application.guest)
    for state in STATES:
        row = world.put(state)
        assert "Uegnet" not in client.get(reverse("practicum:application", args=[row.uuid])).content.decode()


def test_who_can_apply() -> None:
    """Public employees who don't work at the host, for what is public."""
    offer = public_offer(round=open_round())
    own = UserFactory.create()
    membership(user=own, workplace=offer.owner, role="medarbejder")
    user = guest()
    assert can_apply(user, offer)
    assert not can_apply(own, offer) and not can_apply(UserFactory.create(), offer)
    for state in ("suspended", "archived"):
        offer.state = state
        assert not can_apply(user, offer)


def test_nobody_gets_into_a_place_in_the_archive(client: Client) -> None:
    """It can be read, and its page says that it is not offered any more: nor by its other addresses."""
    offer, user = public_offer(round=open_round()), guest()
    mine = ready_application(guest=user, round=offer.round)
    assert offer.owner
    Offer.objects.filter(pk=offer.pk).update(state="archived")
    offer.refresh_from_db()
    client.force_login(user)
    for name in ("apply", "ask_direct"):
        address = reverse(f"practicum:{name}", args=[offer.slug])
        assert client.get(address).status_code == 403 and client.post(address).status_code == 403
    with pytest.raises(TransitionError, match="ikke længere slået op"):
        wish_for(offer=offer, by=user, workplace=mine.workplace)
    with pytest.raises(TransitionError, match="ikke aftales direkte"):
        ask_for_seat(offer=offer, application=mine, text="")


def test_the_database_refuses_what_no_leader_has_said_yes_to() -> None:
    """Also by a bulk update; a yes to fewer days counts for nothing."""
    row = ApplicationFactory.create()
    with pytest.raises(IntegrityError, match="application_has_a_yes"), transaction.atomic():
        Application.objects.filter(pk=row.pk).update(state="klar")
    say_yes(row)
    Application.objects.filter(pk=row.pk).update(state="klar")
    with pytest.raises(IntegrityError, match="application_has_a_yes"), transaction.atomic():
        Application.objects.filter(pk=row.pk).update(days=row.days + 1)

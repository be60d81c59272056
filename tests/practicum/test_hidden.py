"""What nobody may work out: a guest's order of wishes, what is proposed before it is sent, what was taken down."""

from __future__ import annotations

import re

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from editorial.models import Content
from notices.models import Notice, OutgoingMail
from practicum.models import Seat, Stay
from practicum.running import actions
from tests.factories import (
    UserFactory,
    WorkplaceFactory,
    contact_person,
    public_offer,
    ready_application,
    stay_at,
)
from tests.practicum.test_running import DAY, a_round, ran, seats, wishing

pytestmark = pytest.mark.django_db
NEVER_THE_SAME = re.compile(
    r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{32}|name=\"(?:csrfmiddlewaretoken|[\w-]*once)\" value=\"[^\"]*\""
    r"|nonce-?=?\"?[\w+/=-]+|kl\. \d\d\.\d\d|T[\d:.]+Z"
)


def as_read(client: Client, address: str) -> str:
    """A page without what is new each time."""
    answer = client.get(address)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    return f"{answer.status_code} " + NEVER_THE_SAME.sub("…", body.decode())


def all_that_a_host_gets(first: str) -> dict[str, str]:
    """A guest wishes for the host's place and another, either of them first; everything that the host reads."""
    its_round = a_round()
    workplace = WorkplaceFactory.create(name="Værten", slug="vaerten")
    mine = seats(round=its_round, owner=workplace, title="Mit hus", direct_seats=1)
    other = seats(round=its_round, title="Et andet hus", owner=WorkplaceFactory.create(name="X", slug="x"))
    host = contact_person(workplace, email="vaert@vaert.example", name="Karim")
    home = WorkplaceFactory.create(name="Hjemme", slug="hjemme")
    guests = []
    for name in ("anemonika", "borisso"):
        wishes = (mine, other) if first == "mine" else (other, mine)
        guest = UserFactory.create(email=f"{name}@gaest.example", name=name)
        guests.append(wishing(its_round, *wishes, workplace=home, guest=guest))
    actions.pin(
        its_round=its_round,
        application=guests[1],
        offer=other,
        kind="fast",
        reason="Aftalt",
        by=UserFactory.create(),
    )
    client = Client()
    client.force_login(host)
    found: dict[str, str] = {}

    def read(when: str) -> None:
        pages = {
            "applications": reverse("practicum:offer_applications", args=[mine.slug]),
            "application": reverse("practicum:application", args=[guests[0].uuid]),
            "offer": mine.get_absolute_url(), "mine": reverse("my_page"), "shortage": reverse("practicum:shortage"),
            "list": reverse("practicum:list"), "export": reverse("practicum:export", args=["json"]),
            "figures": reverse("practicum:figures", args=[its_round.year]),
        }  # fmt: skip
        if stay := Stay.objects.filter(offer=mine).first():
            pages["stay"] = stay.get_absolute_url()
        found.update({f"{when} {name}": as_read(client, address) for name, address in pages.items()})

    read("before")
    run = ran(its_round)
    read("worked out")
    actions.send(run=run, by=UserFactory.create())
    assert Stay.objects.get(application=guests[0]).offer == mine
    read("sent")
    told = Notice.objects.filter(recipient=host).order_by("pk").values_list("subject", "text")
    found["told"] = str(list(told))
    return found


def test_nothing_that_a_host_gets_depends_on_the_order_of_wishes() -> None:
    """Two lives that differ in nothing but which place the guests wish for most: the host reads the same in both."""
    lives = []
    for first in ("mine", "other"):
        before = transaction.savepoint()
        lives.append(all_that_a_host_gets(first))
        transaction.savepoint_rollback(before)
    one, other = lives
    assert one.keys() == other.keys() and len(one) > 20
    for name in one:
        assert one[name] == other[name], name
    assert "anemonika" not in "".join(one.values()) and "gaest.example" not in "".join(one.values())
    assert one["before application"] == one["worked out application"] == one["sent application"]


def test_a_proposal_is_seen_by_editors_alone_until_it_is_sent(client: Client) -> None:
    """Guest and host read and are told the same before and after a run."""
    its_round = a_round()
    offer = seats(round=its_round)
    guest = wishing(its_round, offer)
    people: list[User] = [guest.guest, contact_person(offer.owner)]  # type: ignore[arg-type]

    def read() -> list[str]:
        pages = []
        for person in people:
            client.force_login(person)
            pages += [
                as_read(client, address)
                for address in (
                    reverse("my_page"), reverse("practicum:application", args=[guest.uuid]),
                    offer.get_absolute_url(), reverse("practicum:figures", args=[its_round.year]),
                    reverse("practicum:matching", args=[its_round.year]),
                )
            ]  # fmt: skip
        return pages

    before = read()
    run = ran(its_round)
    assert run.lines.exclude(offer=None).count() == 1
    assert read() == before and not Notice.objects.filter(recipient__in=people).exists()
    assert not OutgoingMail.objects.exists()


@pytest.mark.parametrize("state", ["draft", "submitted", "rejected", "withdrawn", "suspended"])
def test_what_is_not_public_is_nowhere(client: Client, state: str) -> None:
    """Not in lists, counts, feeds, files, search, the map, the sitemap, the host's page, or a number."""
    its_round = a_round()
    there = public_offer(round=its_round, title="Synlig plads", municipality_id="0751")
    hidden = public_offer(
        round=its_round, title="Skjult kvitterende hejre", owner=there.owner, municipality_id="0851"
    )
    Content.objects.filter(pk=hidden.pk).update(state=state)
    stay_at(there)
    assert there.owner is not None
    pages = [
        reverse("practicum:list"), reverse("practicum:list") + "?q=hejre", reverse("practicum:list") + "?kommune=0851",
        reverse("practicum:list") + "?naer=0851&km=500&sortering=afstand", reverse("practicum:feed"),
        *(reverse("practicum:export", args=[kind]) for kind in ("csv", "json")),
        reverse("practicum:figures", args=[its_round.year]),
        reverse("practicum:figures_export", args=[its_round.year, "csv"]),
        "/soeg/?q=hejre", "/sitemap.xml", "/", there.owner.get_absolute_url(), there.get_absolute_url(),
    ]  # fmt: skip
    for address in pages:
        text = as_read(client, address)
        assert text.startswith(("200", "302")), address
        assert "kvitterende" not in text and (not hidden.slug or hidden.slug not in text), address
    counted = as_read(client, reverse("practicum:figures_export", args=[its_round.year, "csv"]))
    assert re.search(r"I alt.{0,3}1\b", counted)


def test_a_place_that_is_over_does_not_tell_how_many_came(client: Client) -> None:
    """Added up over a round, the seats that were taken would be the number of its guests, however few."""
    first = timezone.localdate() - 30 * DAY
    pages = []
    for taken in (0, 2):
        offer = public_offer(
            round=a_round(),
            title=f"Overstået {taken}",
            starts_on=first,
            ends_on=first,
            direct_seats=3,
            round_seats=0,
        )
        days = [first + n * DAY for n in range(3)]
        for seat in Seat.objects.filter(offer=offer)[:taken]:
            guest = ready_application(round=None, possible_days=days)
            stay_at(offer, application=guest, seat=seat, state="holdt")
        pages.append(client.get(offer.get_absolute_url()).content.decode())
    assert all("Plads til 3 gæster" in page for page in pages)
    assert not any(re.search(r"\d ledige? af \d|Alle pladser er taget", page) for page in pages)
    assert pages[0].count("is-taken") == pages[1].count("is-taken")

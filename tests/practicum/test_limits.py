"""The forms of the matching, of leaders and of offering a place are counted, and say when one may try again.

No form is forgotten: each address is in a table here or in one of the two beside it, or is read only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts.models import User
from guards.ratelimits import LIMITS, Limit, Rate
from notices.models import OutgoingMail
from practicum.approving.facts import Facts
from practicum.models import LeaderApproval, MatchPin, MatchRun, Offer, SavedSearch
from tests.factories import OfferFactory, contact_person, editor, public_offer, ready_application
from tests.practicum.test_application_limits import SAMPLES as OF_APPLICATIONS
from tests.practicum.test_approving import with_domain

ONE = Rate(1, 30_000)
WRONG = "ABCDEFGHJKMNPQRSTVWXYZ2345"


class World:
    """A round with a place, a guest, a run and a pin; and a place on its way, whose leader is asked."""

    def __init__(self) -> None:
        host = with_domain()
        self.host = contact_person(host)
        self.offer: Offer = public_offer(owner=host)
        assert self.offer.round is not None
        self.year = self.offer.round.year
        self.application = ready_application(round=self.offer.round)
        self.staff = editor()
        self.run = MatchRun.objects.create(
            round=self.offer.round, number=1, weights={}, state="klar", finished_at=timezone.now()
        )
        self.pin = MatchPin.objects.create(
            round=self.offer.round,
            application=self.application,
            offer=self.offer,
            kind="fast",
            reason="Aftalt",
        )
        self.draft: Offer = OfferFactory.create(owner=host, author=self.host, round=self.offer.round)
        self.draft.submit(by=self.host)
        self.question = LeaderApproval.objects.create(
            offer=self.draft, email="leder@fjordby.example", expires_at=timezone.now() + dt.timedelta(days=9),
            **Facts.of(self.draft).columns,
        )  # fmt: skip
        self.saved = SavedSearch.objects.create(user=self.host, querystring="dage=3")


Who = Callable[[World], User | None]
DELEGATE = {"answer": "videre", "name": "Karen", "email": "chef@fjordby.example"}
ASK = {"email": "chef@fjordby.example"}
SAMPLES: list[tuple[str, str, Who, Callable[[World], list[Any]], dict[str, str]]] = [
    ("matching", "practicum-staff", lambda w: w.staff, lambda w: [w.year], {}),
    ("matching_send", "practicum-staff", lambda w: w.staff, lambda w: [w.year, 1], {}),
    ("matching_guest", "practicum-staff", lambda w: w.staff, lambda w: [w.year, w.application.uuid], {}),
    ("matching_unpin", "practicum-staff", lambda w: w.staff, lambda w: [w.year, w.pin.uuid], {}),
    ("approval", "leader", lambda w: None, lambda w: [WRONG], {"answer": "ja", "name": "Karen"}),
    (
        "approval",
        "leader-mail",
        lambda w: None,
        lambda w: [w.question.code],
        DELEGATE | {"email": "a@ond.example"},
    ),
    ("ask_leader", "proposal", lambda w: w.host, lambda w: [w.draft.uuid], {}),
    ("ask_leader", "leader-mail", lambda w: w.host, lambda w: [w.draft.uuid], ASK),
    ("offer_new", "proposal", lambda w: w.host, lambda w: [], {}),
    ("offer_copy", "proposal", lambda w: w.host, lambda w: [w.offer.uuid], {}),
    ("offer_edit", "proposal", lambda w: w.host, lambda w: [w.offer.slug], {}),
    ("offer_withdraw", "proposal", lambda w: w.host, lambda w: [w.offer.slug], {}),
    ("save", "follow", lambda w: w.host, lambda w: [], {"valg": "dage=2"}),
    ("stop", "follow", lambda w: w.host, lambda w: [w.saved.uuid], {}),
]
"""Address, limit, who sends it, its arguments, and what is sent."""
STEPS = {f"{way}_{page}" for way in ("proposal", "change") for page in ("review", "step", "undo")}
"""Of editorial.proposals, whose own tests count them."""
DIRECT = {
    "ask_direct", "request_accept", "request_decline", "request_message", "request_withdraw", "stay_answer",
    "stay_cancel", "agreement_edit", "agreement_sign", "evaluate", "used",
}  # fmt: skip
"""In test_stay_limits.py."""
READ = {
    "list", "feed", "export", "saved", "offer", "offer_preview", "alike", "entry_names", "figures", "figures_export",
    "dashboard", "dashboard_export", "matching_export", "shortage", "request", "stay", "calendar", "agreement",
    "certificate", *(f"{way}_{page}" for way in ("proposal", "change") for page in ("resume", "preview", "done")),
}  # fmt: skip
"""Addresses that answer nothing but GET."""


def test_every_address_is_one_or_the_other() -> None:
    """An address that is new is either read only, or has a line in a table of limits."""
    names = {
        key for key in get_resolver().namespace_dict["practicum"][1].reverse_dict if isinstance(key, str)
    }
    written = {row[0] for row in SAMPLES} | {row[0] for row in OF_APPLICATIONS} | STEPS | DIRECT
    assert names == READ | written and not READ & written


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize(
    ("name", "limit", "who", "args", "data"), SAMPLES, ids=[f"{row[0]}-{row[1]}" for row in SAMPLES]
)
def test_a_form_is_counted(
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    limit: str,
    who: Who,
    args: Callable[[World], list[Any]],
    data: dict[str, str],
) -> None:
    """The second attempt of one is refused with 429 and a time."""
    world = World()
    monkeypatch.setitem(LIMITS, limit, Limit(account=ONE, address=ONE))
    browser = Client()
    if user := who(world):
        browser.force_login(user)
    address = reverse(f"practicum:{name}", args=args(world))
    assert browser.post(address, data).status_code not in (403, 405, 429, 500)
    second = browser.post(address, data)
    assert second.status_code == 429 and int(second["Retry-After"]) > 0


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_only_wrong_codes_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However often the right link is opened, from behind one address of a municipality."""
    world = World()
    monkeypatch.setitem(LIMITS, "leader", Limit(address=ONE))
    browser, right = Client(), reverse("practicum:approval", args=[world.question.code])
    assert [browser.get(right).status_code for _n in range(3)] == [200, 200, 200]
    assert browser.get(reverse("practicum:approval", args=[WRONG])).status_code == 404
    assert browser.get(right).status_code == 429


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_an_address_gets_no_more_mails_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks, about whatever: the leader's own limit."""
    world = World()
    assert world.draft.owner is not None
    monkeypatch.setitem(LIMITS, "leader-mail", Limit(target=ONE))
    second: Offer = OfferFactory.create(owner=world.draft.owner, author=world.host)
    second.submit(by=world.host)
    browser = Client()
    browser.force_login(world.host)
    statuses = [
        browser.post(reverse("practicum:ask_leader", args=[offer.uuid]), ASK).status_code
        for offer in (world.draft, second)
    ]
    assert statuses == [302, 429]
    assert OutgoingMail.objects.count() == 1

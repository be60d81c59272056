"""Saved searches: told of new places that match, once, and stopped by one click."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from notices.events import Event
from notices.models import Notice
from practicum.models import Offer, SavedSearch
from practicum.offers import saving
from practicum.offers.lists import OfferListing
from tests.factories import UserFactory, public_offer

pytestmark = pytest.mark.django_db
SAVE = "/praktik/besked/gem/"


def run() -> int:
    """The job, an hour from now, so that all that was written is settled."""
    return saving.tell_of_new(timezone.now() + dt.timedelta(hours=1))


def told(user: User) -> list[tuple[str, str]]:
    """What somebody was told: (subject, page)."""
    rows = Notice.objects.filter(recipient=user, event=Event.FOLLOWS).order_by("pk")
    return list(rows.values_list("subject", "url"))


def saved(querystring: str = "", **fields: object) -> SavedSearch:
    """A search saved an hour ago."""
    row = SavedSearch.objects.create(user=UserFactory.create(**fields), querystring=querystring)
    SavedSearch.objects.filter(pk=row.pk).update(told_until=timezone.now() - dt.timedelta(hours=1))
    return row


def test_told_once_of_what_matches() -> None:
    """In any number of runs; and anew of what comes later."""
    near, all_places = saved("kommune=0751"), saved()
    public_offer(municipality_id="0751")
    public_offer(municipality_id="0851")
    assert run() == 2
    assert run() == 0
    assert told(near.user) == [("1 ny praktikplads, der passer", "/praktik/?kommune=0751")]
    assert told(all_places.user) == [("2 nye praktikpladser, der passer", "/praktik/")]


def test_never_of_what_is_hidden_or_to_who_is_gone() -> None:
    gone, here = saved(is_active=False), saved()
    public_offer().suspend(by=None, reason="Fejl")
    assert run() == 0
    assert told(gone.user) == told(here.user) == []


def test_not_of_what_was_there_when_it_was_saved() -> None:
    offer = public_offer()
    Offer.objects.filter(pk=offer.pk).update(published_at=timezone.now() - dt.timedelta(days=1))
    row = saved()
    assert run() == 0
    assert told(row.user) == []


def test_one_that_fails_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [saved(), saved()]
    public_offer()
    tell = saving.tell

    def fail_first(**kwargs: object) -> object:
        if kwargs["to"] == rows[0].user:
            raise RuntimeError
        return tell(**kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(saving, "tell", fail_first)
    assert run() == 1
    monkeypatch.undo()
    assert run() == 1
    assert len(told(rows[0].user)) == len(told(rows[1].user)) == 1


def test_save_and_stop(client: Client) -> None:
    """The choice is stored the same however it was written; twice is once; the list then offers to stop."""
    user = UserFactory.create()
    client.force_login(user)
    public_offer(municipality_id="0751")
    for valg in ("kommune=0751&sort=titel&side=2", "?side=1&kommune=0751&ukendt=1"):
        response = client.post(SAVE, {"valg": valg})
        assert response.status_code == 302
    row = SavedSearch.objects.get(user=user)
    assert row.querystring == "kommune=0751"
    text = client.get("/praktik/?kommune=0751").content.decode()
    stop = reverse("practicum:stop", args=[row.uuid])
    assert stop in text and "mail: samlet hver mandag" in text
    assert stop in client.get("/praktik/besked/").content.decode()
    assert stop in client.get("/min-side/").content.decode()
    assert "pladser i Aarhus Kommune" in client.get("/praktik/besked/").content.decode().replace(
        "Pladser", "pladser"
    )
    for _n in range(2):
        assert client.post(stop).status_code == 302
    assert not SavedSearch.objects.exists()


def test_nobody_stops_anothers(client: Client) -> None:
    row = saved()
    client.force_login(UserFactory.create())
    client.post(reverse("practicum:stop", args=[row.uuid]))
    assert SavedSearch.objects.filter(pk=row.pk).exists()


def test_who_is_not_logged_in_comes_back_to_the_choice(client: Client) -> None:
    response = client.post(SAVE, {"valg": "kommune=0751"})
    assert response["Location"] == "/konto/login/?next=/praktik/%3Fkommune%3D0751"
    assert client.get(SAVE).status_code == 405


def test_a_bounded_number(client: Client) -> None:
    """Of choices, and of what one may hold; said in words."""
    user = UserFactory.create()
    client.force_login(user)
    for n in range(1, saving.AT_MOST + 1):
        saving.save(user, f"km={n}")
    response = client.post(SAVE, {"valg": "kommune=0751"}, follow=True)
    assert "Du får allerede besked om 20 slags pladser" in response.content.decode()
    codes = "&".join(f"kommune={code}" for code in OfferListing(QueryDict("")).geography.municipalities)
    response = client.post(SAVE, {"valg": codes}, follow=True)
    assert "Vælg lidt færre filtre" in response.content.decode()
    assert SavedSearch.objects.filter(user=user).count() == saving.AT_MOST


def test_the_database_keeps_it_once() -> None:
    row = saved("kommune=0751")
    with pytest.raises(IntegrityError, match="saved_search_once"), transaction.atomic():
        SavedSearch.objects.create(user=row.user, querystring="kommune=0751")

"""The page of a place: what it says, to whom, and what one can do there now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from practicum.models import OfferEntry
from tests.factories import (
    EntryFactory,
    OfferFactory,
    RoundFactory,
    UserFactory,
    WorkplaceFactory,
    contact_person,
    editor,
    employee,
    membership,
    public_offer,
    published,
    ready_application,
    stay_at,
)

pytestmark = pytest.mark.django_db
Clock = Callable[[dt.datetime], None]


def text_of(client: Client, path: str) -> str:
    """The page."""
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def test_everything_it_knows(client: Client) -> None:
    """Each field in its place; the leader's and the author's names nowhere."""
    author = UserFactory.create(name="Karim Skov", email="karim@kommune.example")
    offer = public_offer(
        author=author, programme="Gå med et **hold**.", suits="Ledere", hopes="Vi håber på spørgsmål",
        confidentiality="Navne på borgere", accessibility="Der er elevator", remote="Mødet kan ses hjemmefra",
        certificates=["boerneattest"], meeting_place="Receptionen", municipality_id="0751",
    )  # fmt: skip
    text = text_of(client, offer.get_absolute_url())
    for words in (
        "<strong>hold</strong>", "Ledere", "Vi håber på spørgsmål", "Navne på borgere", "Der er elevator",
        "Mødet kan ses hjemmefra", "Du skal have børneattest", "Mødested: Receptionen", "3 ledige af 3",
        "Aarhus, Midtjylland", offer.owner.get_absolute_url(), "2 aftales direkte med værten, 1 fordeles i runden",
    ):  # fmt: skip
        assert words in text, words
    for words in ("Karim Skov", "karim@kommune.example", "leder@kommune.example"):
        assert words not in text


def test_only_public_entries_are_named(client: Client) -> None:
    """And the entry names the place, while it is public and not over."""
    offer = public_offer(title="Hjemmepleje")
    shown, hidden = published(title="Faste hold"), EntryFactory.create(title="Hemmelig kladde")
    for entry in (shown, hidden):
        OfferEntry.objects.create(offer=offer, entry=entry)
    text = text_of(client, offer.get_absolute_url())
    assert "Faste hold" in text
    assert "Hemmelig kladde" not in text
    there = text_of(client, shown.get_absolute_url())
    assert "Kan ses i praksis" in there
    assert offer.get_absolute_url() in there
    offer.suspend(by=None, reason="Fejl")
    assert "Kan ses i praksis" not in text_of(client, shown.get_absolute_url())


def test_the_workplaces_page_names_it_once(client: Client) -> None:
    offer = public_offer()
    text = text_of(client, offer.owner.get_absolute_url())
    assert text.count(f'data-slug="{offer.slug}"') == 1
    assert "Kom og se det i praktik" in text


@pytest.mark.parametrize(
    ("days", "sentence", "can"),
    [
        (-15, "Du kan søge fra", False),  # announced
        (0, "Du kan søge fra", False),  # hosts offer places
        (31, "Søg senest", True),
        (75, "Fristen for at søge var", False),
        (200, "Opholdet er overstået", False),
    ],
)
def test_what_one_can_do_follows_the_round(
    client: Client, coi_clock: Clock, days: int, sentence: str, can: bool
) -> None:
    offer = public_offer()
    coi_clock(dt.datetime.combine(dt.date.today(), dt.time(12), dt.UTC) + dt.timedelta(days=days))
    client.force_login(employee())
    assert sentence in text_of(client, offer.get_absolute_url())
    ways = client.get(offer.get_absolute_url()).context["ways"]
    assert (sentence in ways.sentence) and (("Din leder skal sige ja" in ways.sentence) == can)


def test_a_seat_that_is_agreed_on_directly_is_offered_until_it_is_taken(
    client: Client, coi_clock: Clock
) -> None:
    """Then the button says that it leads to the waiting list, also while the round has seats."""
    offer = public_offer(direct_seats=1, round_seats=1)
    coi_clock(dt.datetime.combine(dt.date.today(), dt.time(12), dt.UTC) + dt.timedelta(days=31))
    client.force_login(employee())
    assert "Aftal en plads direkte" in text_of(client, offer.get_absolute_url())
    stay_at(offer, seat=offer.seats.get(way="direkte"))
    text = text_of(client, offer.get_absolute_url())
    assert "Kom på venteliste hos værten" in text and "Aftal en plads direkte" not in text
    assert "1 ledig af 2" in text


def test_who_may_not_is_told_why(client: Client) -> None:
    offer = public_offer(round=None, round_seats=0, starts_on=None, ends_on=None, is_flexible=True)

    def said() -> str:
        sentence: str = client.get(offer.get_absolute_url()).context["ways"].sentence
        return sentence

    assert "Din leder skal sige ja" in said()
    client.force_login(UserFactory.create())
    assert "Kun offentligt ansatte kan søge" in said()
    colleague = UserFactory.create()
    membership(user=colleague, workplace=offer.owner, role="medarbejder")
    client.force_login(colleague)
    assert "Du arbejder her" in said()
    client.force_login(employee())
    for _n in range(2):
        first = offer.first_day or dt.date.today()
        days = [first + dt.timedelta(days=n) for n in range(3)]
        stay_at(offer, application=ready_application(possible_days=days))
    assert "komme på ventelisten" in said()
    assert "Alle pladser er taget" in text_of(client, offer.get_absolute_url())


def test_addresses(client: Client) -> None:
    """An old slug leads on; what is hidden or unknown is not there; a draft is seen by who writes it."""
    offer = public_offer()
    old = offer.get_absolute_url()
    offer.slug = "ny-adresse"
    offer.save()
    response = client.get(old)
    assert (response.status_code, response["Location"]) == (301, "/praktik/pladser/ny-adresse/")
    by_uuid = client.get(reverse("practicum:offer_preview", args=[offer.uuid]))
    assert (by_uuid.status_code, by_uuid["Location"]) == (302, "/praktik/pladser/ny-adresse/")
    offer.suspend(by=None, reason="Fejl")
    for path in (old, "/praktik/pladser/ny-adresse/", "/praktik/pladser/findes-ikke/"):
        assert client.get(path).status_code == 404
    client.force_login(editor())
    response = client.get("/praktik/pladser/ny-adresse/")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_a_draft_is_its_hosts(client: Client) -> None:
    draft = OfferFactory.create()
    path = reverse("practicum:offer_preview", args=[draft.uuid])
    assert client.get(path).status_code == 404
    client.force_login(contact_person(WorkplaceFactory.create()))
    assert client.get(path).status_code == 404
    client.force_login(contact_person(draft.owner))
    text = text_of(client, path)
    assert "Siden er ikke offentlig" in text
    assert "3 ledige af 3" in text
    assert 'content="noindex"' in text


def test_over_and_archived(client: Client) -> None:
    """The page can still be read, and says so."""
    first = dt.date(2020, 9, 7)
    offer = public_offer(
        round=None, round_seats=0, starts_on=first, ends_on=first + dt.timedelta(days=4), days=2
    )
    assert "Opholdet er overstået" in text_of(client, offer.get_absolute_url())
    other = public_offer(round=RoundFactory.create())
    other.archive(by=None)
    assert "Siden er arkiveret" in text_of(client, other.get_absolute_url())
    assert client.get(other.get_absolute_url()).context["ways"].apply == ""

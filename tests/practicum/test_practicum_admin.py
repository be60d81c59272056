"""Rounds are set up in admin; what would mislead is said in words."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from practicum.admin import slips
from practicum.models import Offer
from tests.admin_forms import errors, shown
from tests.factories import OfferFactory, RoundFactory, editor, public_offer, say_yes, stay_at
from tests.practicum.test_year import a_round

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    """An editor."""
    client.force_login(editor())
    return client


def change(row: object) -> str:
    """The page of a row in admin."""
    meta = row._meta  # type: ignore[attr-defined]
    return reverse(f"admin:practicum_{meta.model_name}_change", args=[row.pk])  # type: ignore[attr-defined]


def test_every_page_opens(staff: Client) -> None:
    offer = public_offer()
    for row in (offer, OfferFactory.create(), offer.round, a_round(2030)):
        assert staff.get(change(row)).status_code == 200
    for model in ("round", "offer"):
        assert staff.get(reverse(f"admin:practicum_{model}_changelist")).status_code == 200
        assert staff.get(reverse(f"admin:practicum_{model}_add")).status_code == 200
    listed = staff.get(reverse("admin:practicum_round_changelist"), {"fase": "vaerter"}).content.decode()
    assert str(offer.round.year) in listed


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"week": "36"}, "Uge 36 er 6.–10. september 2027. Den ligger uden for de dage"),
        ({"week": "53"}, "Året 2027 har ikke en uge 53."),
        ({"year": "2028"}, "Opholdene begynder 13. september 2027, men runden hedder 2028."),
        ({"answers_until": "01.03.2027"}, "Datoerne skal følge efter hinanden"),
        ({"seats_move_on": "01.04.2027"}, "De ledige direkte pladser skal gå med i runden"),
        ({"applications_from": "01.10.2026"}, "Værterne begynder, før gæsterne søger"),
    ],
)
def test_what_misleads_is_said(staff: Client, changes: dict[str, str], words: str) -> None:
    of = a_round()
    response = staff.post(change(of), shown(staff.get(change(of))) | changes)
    assert response.status_code == 200
    assert words in response.content.decode()
    of.refresh_from_db()
    assert (of.year, of.week) == (2027, 37)


def test_a_round_is_corrected(staff: Client) -> None:
    of = a_round()
    response = staff.post(change(of), shown(staff.get(change(of))) | {"answers_until": "20.04.2027"})
    assert response.status_code == 302, errors(response)
    of.refresh_from_db()
    assert of.answers_until == dt.date(2027, 4, 20)


def test_slips_are_pointed_out(staff: Client) -> None:
    """31 January 2027 is a Sunday."""
    of = a_round()
    assert slips(of) == [
        "Fristen for at slå pladser op er søndag 31. januar 2027, som ikke er en arbejdsdag."
    ]
    assert "søndag 31. januar 2027" in staff.get(change(of)).content.decode()


def test_a_round_that_is_in_use_stays(staff: Client) -> None:
    unused = a_round(2031, is_public=False)
    used = public_offer(round=RoundFactory.create(is_public=False)).round
    answers = [
        staff.get(change(row).replace("change", "delete")).status_code for row in (unused, used, a_round())
    ]
    assert answers == [200, 403, 403]


def test_the_seats_follow(staff: Client) -> None:
    """What is saved, once the leader has said yes to it; nobody loses a seat."""
    offer = public_offer(direct_seats=2, round_seats=1)
    stay_at(offer)
    data = shown(staff.get(change(offer)))
    for changes in (
        {"direct_seats": "4"},
        {"days": "2"},
        {"is_flexible": "on", "starts_on": "", "ends_on": ""},
    ):
        response = staff.post(change(offer), data | changes)
        assert "Værtens leder har ikke sagt ja" in response.content.decode(), changes
    Offer.objects.filter(pk=offer.pk).update(direct_seats=4)
    say_yes(Offer.objects.get(pk=offer.pk))
    Offer.objects.filter(pk=offer.pk).update(direct_seats=2)
    response = staff.post(change(offer), data | {"direct_seats": "4"})
    assert response.status_code == 302, errors(response)
    assert sorted(offer.seats.values_list("way", flat=True)) == ["direkte"] * 4 + ["runde"]
    response = staff.post(change(offer), shown(staff.get(change(offer))) | {"direct_seats": "0"})
    assert response.status_code == 200
    assert "1 har allerede en af de pladser." in response.content.decode()

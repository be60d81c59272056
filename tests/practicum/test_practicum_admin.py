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
    ],
)
def test_what_misleads_is_said(staff: Client, changes: dict[str, str], words: str) -> None:
    of = a_round()
    response = staff.post(change(of), shown(staff.get(change(of))) | changes)
    assert response.status_code == 200
    assert words in response.content.decode()
    of.refresh_from_db()
    assert (of.year, of.week) == (2027, 37)


@pytest.mark.parametrize(
    ("field", "day", "words"),
    [
        ("offers_until", "01.09.2026", "må ikke ligge før den dag, værter begynder at slå pladser op"),
        ("applications_from", "01.10.2026", "må ikke ligge før den dag, værter begynder at slå pladser op"),
        ("applications_until", "15.01.2027", "må ikke ligge før den dag, gæster begynder at søge"),
        ("seats_move_on", "01.04.2027", "må ikke ligge efter den sidste dag for at søge"),
        ("answers_until", "01.03.2027", "skal ligge efter den sidste dag for at søge"),
        ("agreements_until", "01.03.2027", "må ikke ligge før svarfristen"),
        ("stays_from", "01.05.2027", "må ikke ligge før fristen for aftalen"),
        ("stays_until", "01.09.2027", "må ikke ligge før opholdenes første dag"),
        ("evaluation_until", "01.09.2027", "skal ligge efter opholdenes sidste dag"),
    ],
)
def test_a_date_that_contradicts_another_is_said_at_the_field(
    staff: Client, field: str, day: str, words: str
) -> None:
    """Once, and not as a riddle above the form."""
    of = a_round()
    response = staff.post(change(of), shown(staff.get(change(of))) | {field: day})
    found = response.context["adminform"].form.errors
    assert words in " ".join(found[field]), found
    assert "__all__" not in found


def test_two_rounds_of_a_year_are_refused_in_words(staff: Client) -> None:
    of, other = a_round(), a_round(2030)
    response = staff.post(change(other), shown(staff.get(change(other))) | {"year": str(of.year)})
    assert "Der er allerede en runde for det år." in response.content.decode()


def test_what_may_be_a_slip_is_said_when_it_is_saved(staff: Client) -> None:
    """Rounds that are open at once, and places whose days a change has left outside."""
    of = a_round()
    other = RoundFactory.create(
        **{
            field.name: getattr(of, field.name)
            for field in of._meta.fields
            if field.name not in ("id", "year", "seed")
        }
        | {"year": 2028}
    )
    public_offer(round=of)
    assert "Runden 2028 er også åben" in " ".join(slips(of)) and "runden 2028" in " ".join(slips(of))
    other.delete()
    late = {"stays_from": "14.09.2027"}
    page = staff.post(change(of), shown(staff.get(change(of))) | late, follow=True).content.decode()
    assert "Se efter: 1 praktikplads har dage uden for opholdenes periode." in page


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

"""The page says where in the year we are, and what guest, host and employer can do now."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client

from practicum.models import Round
from practicum.offers.showing import span
from tests.factories import RoundFactory, public_offer

pytestmark = pytest.mark.django_db
Clock = Callable[[dt.datetime], None]


def a_round(year: int = 2027, **fields: object) -> Round:
    """A round as the centre would set it up: November to October."""
    fields.setdefault("offers_until", dt.date(year, 1, 31))
    made: Round = RoundFactory.create(
        year=year, offers_from=dt.date(year - 1, 11, 1),
        applications_from=dt.date(year, 2, 1), applications_until=dt.date(year, 3, 15),
        seats_move_on=dt.date(year, 3, 1), answers_until=dt.date(year, 4, 15), agreements_until=dt.date(year, 6, 1),
        stays_from=dt.date.fromisocalendar(year, 37, 1), stays_until=dt.date.fromisocalendar(year, 37, 5),
        evaluation_until=dt.date(year, 11, 15), **fields,
    )  # fmt: skip
    return made


def page(client: Client, clock: Clock, day: dt.date) -> str:
    """The list on a day, at noon."""
    clock(dt.datetime.combine(day, dt.time(12), dt.UTC))
    text = client.get("/praktik/").content.decode()
    assert text.count("button-primary") - text.count('id="show-results"') == 1  # one main button
    return text


def steps(text: str) -> list[str]:
    """The steps' classes, in order."""
    part = re.search(r'<ol class="coi-list coi-year.*?</ol>', text, re.DOTALL)
    return re.findall(r'<li class="([^"]*)"', part[0]) if part else []


@pytest.mark.parametrize(
    ("day", "at", "here", "guest", "host"),
    [
        (
            dt.date(2026, 10, 31),
            -1,
            "",
            "Du kan søge fra 1. februar 2027",
            "I kan slå pladser op fra 1. november",
        ),
        (
            dt.date(2026, 11, 22),
            0,
            "Du er her, 22. november",
            "Du kan søge fra 1. februar",
            "senest 31. januar 2027",
        ),
        (dt.date(2027, 1, 31), 0, "Du er her, 31. januar", "Se pladserne", "Slå en plads op"),
        (
            dt.date(2027, 2, 1),
            1,
            "Du er her, 1. februar",
            "søg senest 15. marts 2027",
            "Se, hvem der gerne vil",
        ),
        (dt.date(2027, 3, 16), 2, "Du er her, 16. marts", "Svar senest 15. april", "Svar senest 15. april"),
        (dt.date(2027, 5, 1), 3, "Du er her, 1. maj", "senest 1. juni 2027", "senest 1. juni 2027"),
        (dt.date(2027, 9, 13), 4, "Du er her, 13. september", "13.–17. september 2027", "Gæsterne kommer"),
        (dt.date(2027, 10, 3), 5, "Du er her, 3. oktober", "senest 15. november 2027", "få minutter"),
    ],
)
def test_where_in_the_year(
    client: Client, coi_clock: Clock, day: dt.date, at: int, here: str, guest: str, host: str
) -> None:
    a_round()
    text = page(client, coi_clock, day)
    assert steps(text) == ["is-past" if n < at else "is-now" if n == at else "" for n in range(6)]
    assert here in text
    for words in (
        guest,
        host,
        "Din leder" if at == 1 else "medarbejder" if at not in (2,) else "Ændres dagene",
    ):
        assert words in text, words


@pytest.mark.parametrize(
    ("day", "words"),
    [(dt.date(2027, 2, 10), "Slå en plads op senest 10. februar 2027"), (dt.date(2027, 2, 11), "hele året")],
)
def test_a_host_hears_that_places_are_still_offered_while_guests_apply(
    client: Client, coi_clock: Clock, day: dt.date, words: str
) -> None:
    a_round(offers_until=dt.date(2027, 2, 10))
    host = page(client, coi_clock, day).partition('data-who="vaert"')[2].partition("</li>")[0]
    assert words in host
    assert "/praktik/pladser/ny/" in host


def test_no_round(client: Client, coi_clock: Clock) -> None:
    """Between rounds, and while the next one is not shown yet."""
    a_round(is_public=False)
    text = page(client, coi_clock, dt.date(2026, 11, 22))
    assert "Der er ingen runde lige nu" in text
    assert steps(text) == []
    assert "Giv mig besked om nye pladser" in text


def test_the_next_round_has_begun_while_the_last_is_told_of(client: Client, coi_clock: Clock) -> None:
    a_round(2026)
    a_round(2027)
    text = page(client, coi_clock, dt.date(2026, 11, 10))
    assert "Sådan går året til runden 2027" in text
    assert "Var du med i runden 2026? Så fortæl, hvad du så, senest 15. november 2026." in text


def test_the_front_page_calls(client: Client, coi_clock: Clock) -> None:
    """While there is a round."""
    coi_clock(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC))
    assert "Innovationspraktik er gratis" not in client.get("/").content.decode()
    first = dt.date(2020, 9, 7)
    public_offer(round=a_round())
    public_offer(round=None, round_seats=0, starts_on=first, ends_on=first + dt.timedelta(days=4))
    text = client.get("/").content.decode()
    assert "Se den ene plads" in text
    assert "Runden 2027 lige nu: værter slår pladser op." in text
    assert 'href="/praktik/"' in text


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (dt.date(2027, 9, 13), dt.date(2027, 9, 17), "13.–17. september 2027"),
        (dt.date(2027, 8, 30), dt.date(2027, 9, 3), "30. august – 3. september 2027"),
        (dt.date(2026, 11, 1), dt.date(2027, 1, 31), "1. november 2026 – 31. januar 2027"),
        (dt.date(2027, 9, 13), dt.date(2027, 9, 13), "13. september 2027"),
    ],
)
def test_spans(first: dt.date, last: dt.date, words: str) -> None:
    assert span(first, last) == words

"""The round's dashboard, its exports, and its public figures."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from editorial.models import Decision
from places.areas import Geography
from practicum.models import Application, Evaluation, LeaderApproval, Round, RoundFigures
from practicum.running import overview, public
from practicum.shortage.figures import tables
from tests.factories import (
    RoundFactory,
    WorkplaceFactory,
    contact_person,
    editor,
    public_offer,
    ready_application,
    stay_at,
)
from tests.practicum.test_running import DAY, a_round, seats, wishing

pytestmark = pytest.mark.django_db
Person = tuple[str, str, str]


def test_the_dashboard_counts_the_way_and_lists_what_stands_out(client: Client) -> None:
    """The funnel, the shortage, who is late, places without a contact person."""
    its_round = a_round()
    offer, other = seats(round=its_round, title="Uden kontakt"), seats(round=its_round, title="Med kontakt")
    contact_person(other.owner)
    guests = [wishing(its_round, offer, other) for _n in range(3)]
    stay_at(offer, application=guests[0], origin="match")
    way = [bar.count for bar in overview.funnel(its_round)]
    assert way == [2, 2, 3, 0, 3, 3, 1, 1, 0, 0]
    client.force_login(editor())
    text = client.get(f"/praktik/overblik/{its_round.year}/").content.decode()
    assert "Fra plads til evaluering" in text and "Uden kontakt" in text and "Med kontakt" not in text
    assert "Pladser uden en kontaktperson: 1" in text
    for what in ("ansoegninger", "ophold"):
        body = b"".join(
            client.get(f"/praktik/overblik/{its_round.year}/{what}.csv").streaming_content
        ).decode()
        assert len(body.splitlines()) == {"ansoegninger": 4, "ophold": 2}[what]
    assert Decision.objects.filter(action="practicum-export").count() == 2


def test_staff_find_a_stay_and_who_is_late(client: Client) -> None:
    """By place, workplace or guest, in the round and outside; wrong input lists all; late answers say whose."""
    its_round = a_round()
    home = WorkplaceFactory.create(name="Vejen Skole")
    offer = seats(round=its_round, title="Åben dør", round_seats=5)
    application = wishing(its_round, offer, workplace=home)
    stay = stay_at(offer, application=application, round=its_round)
    days = [timezone.localdate() + n * DAY for n in range(3)]
    outside = stay_at(
        public_offer(title="Hele året", round=None, is_flexible=True, round_seats=0),
        application=ready_application(round=None, possible_days=days),
    )
    approval = application.approvals.get()
    LeaderApproval.objects.create(
        application=wishing(its_round, offer, workplace=WorkplaceFactory.create(name="Sendrup Bibliotek")),
        email=approval.email, days=2, first_day=approval.first_day, last_day=approval.last_day,
        asked_at=timezone.now() - 8 * DAY, expires_at=timezone.now() + 9 * DAY,
    )  # fmt: skip
    client.force_login(editor())
    path = f"/praktik/overblik/{its_round.year}/"

    def found(**query: str) -> set[str]:
        text = client.get(path, query).content.decode()
        return {str(row.uuid) for row in (stay, outside) if f"/praktik/ophold/{row.uuid}/" in text}

    both = {str(stay.uuid), str(outside.uuid)}
    assert found() == both == found(tilstand="x") == found(q="a\0b")
    for q in ("åben", "vejen", application.guest.email, offer.owner.name):
        assert found(q=q) == {str(stay.uuid)}, q
    assert found(tilstand="aflyst") == set() == found(q="findes ikke")
    assert "Ansøgning fra Sendrup Bibliotek" in client.get(path).content.decode()


def test_a_places_region_is_the_same_wherever_it_is_counted(client: Client) -> None:
    """A place that names an old region lies in the one that follows it, on the first day of the stays."""
    its_round = RoundFactory.create(is_public=True)
    assert its_round.stays_from >= dt.date(2027, 1, 1)
    offer = seats(round=its_round, municipality=None, region_id="1084")
    wishing(its_round, offer)
    region = Geography.current().region_of("1084", its_round.stays_from)
    assert region is not None and region.code != "1084"
    lines = {line.key: line for line in tables(its_round, exact=True)[1].lines}
    assert (lines[region.code].persons, lines[region.code].seats) == ("1", 1) and "1084" not in lines
    assert any(line.group == region.name for line in public.offer_lines(its_round))


def over(people: dict[tuple[str, bool], int]) -> Round:
    """A round that is over: (sector, got a stay) → how many guests."""
    its_round = a_round(applications_until=timezone.localdate() - 300 * DAY)
    for (sector, stayed), number in people.items():
        home = WorkplaceFactory.create(sector=sector)
        offer = seats(round=its_round, round_seats=20)
        for _n in range(number):
            application = ready_application(round=its_round, workplace=home)
            if stayed:
                stay_at(offer, application=application, state="holdt")
    return Round.objects.with_phase().get(pk=its_round.pk)


def test_figures_of_persons_wait_until_the_round_is_over(client: Client) -> None:
    """Before, only the places, which anyone can read one by one."""
    its_round = a_round()
    wishing(its_round, seats(round=its_round))
    text = client.get(f"/praktik/runder/{its_round.year}/").content.decode()
    assert "kommer, når runden er slut" in text and "Har søgt" not in text


def test_figures_of_a_round_that_is_over(client: Client) -> None:
    """By sector in their cells, and how many could use it; the files say the same and stand when rows go."""
    its_round = over({("kommune", True): 6, ("kommune", False): 5, ("stat", True): 5})
    for n, stay in enumerate(its_round.stays.all()):
        for side in ("gaest", "vaert"):
            Evaluation.objects.create(
                stay=stay, side=side, could_use=2 if n < 3 else 5, recommends=True, as_expected=4
            )
    path = f"/praktik/runder/{its_round.year}/"
    text = client.get(path).content.decode()
    assert "73 % af dem, der svarede" in text and "Har søgt og været på ophold" in text
    assert public.keep_figures() == 1 and public.keep_figures() == 0
    before = b"".join(client.get(f"{path}tal.json").streaming_content)
    Application.objects.filter(round=its_round, stays=None).delete()
    assert b"".join(client.get(f"{path}tal.json").streaming_content) == before
    rows = {row["gruppe"]: row["antal"] for row in json.loads(before)}
    assert rows["Har søgt, men ikke været på ophold"] == 5 and RoundFigures.objects.count() == 1


def answered(its_round: Round) -> list[str]:
    """What is said of the stays, when all guests and hosts could use them."""
    for stay in its_round.stays.all():
        for side in ("gaest", "vaert"):
            Evaluation.objects.create(stay=stay, side=side, could_use=5, recommends=True, as_expected=4)
    return [f"{line.group} {line.count}" for line in public.person_lines(its_round)]


@pytest.mark.parametrize(
    ("stayed", "without"),
    [(3, 9), (9, 3), (3, 0), (4, 5)],
    ids=["few stays", "few without", "few at all", "few and five"],
)
def test_answers_about_stays_do_not_give_a_small_group_away(stayed: int, without: int) -> None:
    """Two answer of each stay: as many answers as this, and the guests who did or did not stay could be worked out."""
    its_round = over({("kommune", True): stayed, ("kommune", False): without})
    assert not [line for line in answered(its_round) if "Kunne bruge" in line]


def test_answers_are_about_the_rounds_own_guests() -> None:
    """Others' stays would make a difference that could be worked out."""
    its_round = over({("kommune", True): 6, ("kommune", False): 5})
    stay_at(
        seats(round=its_round),
        application=ready_application(round=None, possible_days=[its_round.stays_from]),
        state="holdt",
    )
    assert "Kunne bruge det (4 eller 5 af 5) 12" in answered(its_round)


@pytest.mark.parametrize(
    ("people", "shown"),
    [
        ({("a", "x", "ophold"): 4}, set()),
        ({("a", "x", "ophold"): 6, ("b", "x", "ophold"): 5}, {6, 5}),
        ({("a", "x", "ophold"): 6, ("b", "x", "uden"): 4, ("b", "x", "ophold"): 6}, {6, 10}),
        ({("a", "x", "ophold"): 9, ("b", "x", "ophold"): 1}, set()),
        ({("a", "x", "ophold"): 9}, set()),
    ],
)
def test_a_table_is_shown_in_its_cells_or_by_its_groups_or_not(
    people: dict[Person, int], shown: set[int]
) -> None:
    """Whatever is shown, no cell has one to four."""
    lines = public._by(Counter(people), 0, {"a": "A", "b": "B"}, "Sektor")
    assert {line.count for line in lines if line.count} == shown


def test_no_two_tables_together_tell_of_a_small_group() -> None:
    """Every way in which 12 persons can lie in two sectors, two regions, with and without a stay: whatever is shown,
    some other way that shows the same has another number in each small cell."""
    keys = [(s, r, w) for s in "ab" for r in "xy" for w in ("ophold", "uden")]
    seen: dict[Any, list[tuple[int, ...]]] = {}

    def ways(left: int, cells: int) -> Any:
        if cells == 1:
            yield (left,)
            return
        for n in range(left + 1):
            for rest in ways(left - n, cells - 1):
                yield (n, *rest)

    names = {"a": "A", "b": "B", "x": "X", "y": "Y"}
    for way in ways(12, len(keys)):
        people = Counter(dict(zip(keys, way, strict=True)))
        told = tuple(
            (line.topic, line.group, line.count)
            for line in [
                *public._whole(people), *public._by(people, 0, names, "S"), *public._by(people, 1, names, "R")
            ]
        )  # fmt: skip
        seen.setdefault(told, []).append(way)
    groups: list[Callable[[Any], bool]] = [
        *(lambda key, s=s, w=w: key[0] == s and key[2] == w for s in "ab" for w in ("ophold", "uden")),
        *(lambda key, r=r, w=w: key[1] == r and key[2] == w for r in "xy" for w in ("ophold", "uden")),
        *(lambda key, s=s: key[0] == s for s in "ab"),
        *(lambda key, r=r: key[1] == r for r in "xy"),
        *(lambda key, w=w: key[2] == w for w in ("ophold", "uden")),
    ]
    for told, alike in seen.items():
        for group in groups:
            sizes = {sum(n for key, n in zip(keys, way, strict=True) if group(key)) for way in alike}
            assert len(sizes) > 1 or not 0 < min(sizes) < 5, told

"""The list of practicum places: what each parameter gives, and that counts, cards and clicks agree."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from practicum.models import Offer
from practicum.offers.lists import OfferListing
from tests.factories import RoundFactory, UserFactory, WorkplaceFactory, public_offer, stay_at

pytestmark = pytest.mark.django_db
Clock = Callable[[dt.datetime], None]
AUTUMN = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
COPENHAGEN, ROSKILDE, AARHUS, SILKEBORG, AALBORG = "0101", "0265", "0751", "0740", "0851"


def found(client: Client, asked: str = "") -> list[str]:
    """The titles on the page, as they stand there; the count above them must agree."""
    text = client.get(f"/praktik/{asked}").content.decode()
    titles = re.findall(r'<article class="coi-offer".*?<h4><a [^>]*>(.*?)</a>', text, re.DOTALL)
    counted = re.search(r'id="result-count" data-count="(\d+)"', text)
    assert counted and (int(counted[1]) == len(titles) or len(titles) == 10)
    return [re.sub("<[^>]+>", "", title) for title in titles]


def facets(client: Client, asked: str = "") -> dict[tuple[str, str], int]:
    """(facet, value) → the number beside it."""
    text = client.get(f"/praktik/{asked}").content.decode()
    hits = re.findall(r'<li data-facet="([^"]*)" data-value="([^"]*)" data-count="(\d+)"', text)
    return {(name, value): int(n) for name, value, n in hits}


def at(year: int, month: int, day: int) -> dict[str, Any]:
    """A place outside a round that lies in these five days."""
    first = dt.date(year, month, day)
    return {"round": None, "round_seats": 0, "starts_on": first, "ends_on": first + dt.timedelta(days=4)}


def always() -> dict[str, Any]:
    """A place that can lie all year."""
    return {"round": None, "round_seats": 0, "starts_on": None, "ends_on": None, "is_flexible": True}


def test_what_is_not_public_is_not_there(client: Client) -> None:
    """Nor what is over, or has been archived."""
    public_offer(title="Åben")
    public_offer(title="Taget ned").suspend(by=None, reason="Fejl")
    public_offer(title="Arkiveret").archive(by=None)
    public_offer(title="Overstået", **at(2020, 9, 7))
    assert found(client) == ["Åben"]


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ("?dage=2", ["To"]),
        ("?dage=2&dage=5", ["Fem", "To"]),
        ("?dage=9", []),
        # A place fits when all its days fit.
        ("?fra=2027-05-03", ["Fem", "To"]),
        ("?fra=2027-05-04", ["To"]),
        ("?fra=2027-05-05&til=2027-05-06", ["To"]),
        ("?fra=2027-05-05&til=2027-05-05", []),
        ("?til=2027-05-07", ["Fem", "To"]),
        ("?til=2027-05-06", ["To"]),
        ("?fra=2027-08-01", []),
    ],
)
def test_days_and_dates(client: Client, coi_clock: Clock, asked: str, titles: list[str]) -> None:
    coi_clock(AUTUMN)
    public_offer(title="To", days=2, **at(2027, 5, 3))
    public_offer(title="Fem", days=5, **at(2027, 5, 3))
    assert found(client, asked) == titles


def test_what_can_lie_all_year_fits_any_dates(client: Client) -> None:
    public_offer(title="Altid", **always())
    assert found(client, "?fra=2030-01-01&til=2030-01-05") == ["Altid"]


def test_an_unknown_date_is_named_and_left_out(client: Client) -> None:
    public_offer(title="Åben")
    for asked in (
        "?fra=igaar",
        "?til=2027-02-30",
        "?naer=9999",
        "?naer=0751&km=0",
        "?dage=99",
        "?ledige=nej",
    ):
        page = client.get(f"/praktik/{asked}")
        assert page.status_code == 200
        assert "Vi kender ikke" in page.content.decode(), asked
    assert found(client, "?fra=igaar") == ["Åben"]


def test_only_free_ones(client: Client) -> None:
    """The seats are counted as they are now; a seat that somebody gives back is free again."""
    full = public_offer(title="Fuld", direct_seats=1, round_seats=0)
    public_offer(title="Fri")
    stay = stay_at(full)
    assert found(client, "?ledige=ja") == ["Fri"]
    assert facets(client)["ledige", "ja"] == 1
    text = client.get("/praktik/").content.decode()
    assert "Alle pladser er taget" in text
    assert "3 ledige af 3" in text
    stay.state, stay.cancelled_by, stay.reason = "aflyst", "gaest", "Syg"
    stay.cancelled_at = timezone.now()
    stay.save()
    assert found(client, "?ledige=ja") == ["Fri", "Fuld"]


def test_distance(client: Client) -> None:
    """From the seat of the municipality; what has no place is not near to anything."""
    public_offer(title="Aarhus", municipality_id=AARHUS)
    public_offer(title="Silkeborg", municipality_id=SILKEBORG)
    public_offer(title="Aalborg", municipality_id=AALBORG)
    public_offer(title="Intet sted")
    assert found(client, "?naer=0751&km=10") == ["Aarhus"]
    assert found(client, "?naer=0751&km=50&sort=afstand") == ["Aarhus", "Silkeborg"]
    assert found(client, "?naer=0751&km=150&sort=afstand") == ["Aarhus", "Silkeborg", "Aalborg"]
    assert found(client, "?naer=0751") == ["Silkeborg", "Aarhus"]  # 50 km
    text = client.get("/praktik/?naer=0751&km=50").content.decode()
    assert re.search(r"Silkeborg, Midtjylland, \d\d km væk", text)
    assert "højst 50 km fra" in text


def test_distance_is_measured_from_the_places_own_point(client: Client) -> None:
    """A host on the municipality's edge is as near as it is."""
    public_offer(title="Ved kanten", municipality_id=AALBORG, lat="56.80", lng="9.90")
    assert found(client, "?naer=0751&km=75") == ["Ved kanten"]


@pytest.mark.parametrize(
    ("today", "day", "code", "name"),
    [
        (dt.date(2026, 11, 22), dt.date(2026, 12, 7), "1084", "Hovedstaden"),
        (dt.date(2026, 11, 22), dt.date(2027, 9, 13), "1086", "Østdanmark"),
        (dt.date(2027, 2, 1), dt.date(2027, 9, 13), "1086", "Østdanmark"),
    ],
)
def test_region_is_the_one_of_its_days(
    client: Client, coi_clock: Clock, today: dt.date, day: dt.date, code: str, name: str
) -> None:
    """Card, page, facet, click and file agree."""
    from places.models import Region

    coi_clock(dt.datetime(today.year, today.month, today.day, 12, tzinfo=dt.UTC))
    if not Region.objects.filter(code=code).exists():
        code = Region.objects.get(short_name=name).code
    offer = public_offer(title="Byen", municipality_id=COPENHAGEN, **at(day.year, day.month, day.day))
    assert f"København, {name}" in client.get("/praktik/").content.decode()
    assert f"København, {name}" in client.get(offer.get_absolute_url()).content.decode()
    counts = {value: n for (facet, value), n in facets(client).items() if facet == "region"}
    assert {value for value, n in counts.items() if n} == {code}
    for value, n in counts.items():
        assert len(found(client, f"?region={value}")) == n
    rows = json.loads(b"".join(client.get("/praktik/eksport.json")))  # type: ignore[arg-type]
    assert (rows[0]["region"], rows[0]["municipality"]) == (code, COPENHAGEN)


def test_what_has_begun_lies_in_the_region_of_its_days_to_come(client: Client, coi_clock: Clock) -> None:
    """From before the merger until after it: today's region, as soon as that is another."""
    december, march = dt.date(2026, 12, 1), dt.date(2027, 3, 31)
    coi_clock(AUTUMN)
    public_offer(municipality_id=COPENHAGEN, **at(2026, 12, 1) | {"starts_on": december, "ends_on": march})
    assert "København, Hovedstaden" in client.get("/praktik/").content.decode()
    coi_clock(dt.datetime(2027, 2, 1, 12, tzinfo=dt.UTC))
    assert "København, Østdanmark" in client.get("/praktik/").content.decode()
    assert len(found(client, "?region=1086")) == facets(client)["region", "1086"] == 1


def test_an_old_region_selects_its_former_municipalities(client: Client, coi_clock: Clock) -> None:
    coi_clock(dt.datetime(2027, 2, 1, 12, tzinfo=dt.UTC))
    public_offer(title="København", municipality_id=COPENHAGEN, **at(2027, 9, 13))
    public_offer(title="Roskilde", municipality_id=ROSKILDE, **at(2027, 9, 13))
    assert found(client, "?region=1084") == ["København"]
    assert found(client, "?region=1085") == ["Roskilde"]
    assert facets(client, "?region=1084")["region", "1084"] == 1


def test_a_region_that_ends_leads_on(client: Client, coi_clock: Clock) -> None:
    """Who asks for the region of today in November is told where the places of September are."""
    coi_clock(AUTUMN)
    public_offer(title="København", municipality_id=COPENHAGEN, **at(2027, 9, 13))
    page = client.get("/praktik/?region=1084").content.decode()
    assert found(client, "?region=1084") == []
    assert "Region Hovedstaden bliver en del af Region Østdanmark 1. januar 2027" in page
    link = re.search(r'href="/praktik/(\?[^"]*)">Se dem i Region', page)
    assert link
    assert found(client, link[1].replace("&amp;", "&")) == ["København"]


def test_each_facet_gives_what_it_says(client: Client) -> None:
    """Also together with a search, dates and distance. Of what gives nothing, one page of each facet is shown."""
    kommune = {"sectors": ["kommune"], "municipality_id": AARHUS}
    public_offer(title="Ældre i Aarhus", **kommune, areas=["aeldre"], days=2)
    public_offer(title="Skole i Aarhus", **kommune, areas=["skole"], days=3)
    public_offer(title="Skole i staten", sectors=["stat"], areas=["skole", "aeldre"], days=3)
    for asked in ("?", "?q=skole&", "?naer=0751&km=50&", "?dage=3&ledige=ja&"):
        empty = set()
        for (name, value), number in facets(client, asked).items():
            others = re.sub(rf"(^|&){name}=[^&]*", "", asked.lstrip("?"))
            chosen = f"{others}{name}={value}"
            assert OfferListing(QueryDict(chosen)).count == number, (asked, name, value)
            if number or name not in empty:
                assert len(found(client, f"?{chosen}")) == number, (asked, name, value)
            if not number:
                empty.add(name)


def test_orders(client: Client, coi_clock: Clock) -> None:
    coi_clock(AUTUMN)
    public_offer(title="Ålborg", **at(2027, 3, 1))
    public_offer(title="Bo", **always())
    public_offer(title="Ask", **at(2027, 2, 1))
    assert found(client, "?sort=titel") == ["Ask", "Bo", "Ålborg"]
    assert found(client, "?sort=tidligst") == ["Ask", "Ålborg", "Bo"]
    assert found(client) == ["Ask", "Bo", "Ålborg"]
    assert found(client, "?sort=afstand") == found(client)


def test_search_and_pages(client: Client) -> None:
    for n in range(12):
        public_offer(title=f"Hjemmepleje nummer {n}")
    assert len(found(client, "?q=hjemmepleje")) == 10
    assert "<mark>Hjemmepleje</mark>" in client.get("/praktik/?q=hjemmepleje").content.decode()
    assert len(found(client, "?pr_side=20")) == 12
    assert client.get("/praktik/?side=2&naer=0751").status_code == 404
    assert client.get("/praktik/?side=3").status_code == 404
    assert client.get("/praktik/?side=2").status_code == 200


def test_the_choice_is_a_sentence_and_each_part_can_go(client: Client) -> None:
    public_offer(municipality_id=AARHUS)
    asked = "?region=1082&fra=2026-01-01&til=2036-12-31&naer=0751&km=25&ledige=ja"
    text = client.get(f"/praktik/{asked}").content.decode()
    part = re.search(r'<div class="coi-chosen".*?</div>', text, re.DOTALL)
    assert part
    said = " ".join(re.sub("<[^>]+>", " ", part[0]).split()).replace(" – fjern", "")
    assert said.startswith("Du ser pladser med ledige pladser")
    assert "tidligst 1. januar 2026 senest 31. december 2036 højst 25 km fra Aarhus" in said
    removals = re.findall(r'class="tag tag-icon" href="/praktik/(\?[^"]*)"', part[0])
    assert len(removals) == 5
    for removal in removals:
        assert client.get("/praktik/" + removal.replace("&amp;", "&")).status_code == 200
    without_place = next(r for r in removals if "naer" not in r)
    assert "km=" not in without_place


def test_empty_states(client: Client) -> None:
    """Nothing at all, nothing that fits, and what to do then."""
    assert "Her er ingen pladser endnu" in client.get("/praktik/").content.decode()
    public_offer(municipality_id=AARHUS)
    text = client.get("/praktik/?naer=0101&km=10&dage=9").content.decode()
    assert "ingen pladser, der passer på det hele" in text
    text = client.get("/praktik/?naer=0101&km=10").content.decode()
    assert "Slip afstanden" in text
    assert "Giv mig besked om nye pladser" in text


def test_feed(client: Client) -> None:
    """With the filters, without persons, and without what is hidden."""
    public_offer(title="Aarhus & omegn", municipality_id=AARHUS, author=UserFactory.create(name="Mette Holm"))
    public_offer(title="Skjult", municipality_id=AARHUS).suspend(by=None, reason="Fejl")
    public_offer(title="Aalborg", municipality_id=AALBORG)
    text = client.get("/praktik/feed/?kommune=0751").content.decode()
    assert "Aarhus &amp; omegn" in text
    assert not [
        word for word in ("Skjult", "Aalborg", "Mette Holm") if word in text.replace("Aalborg Kommune", "")
    ]


def test_files(client: Client) -> None:
    """All three have the same rows, honour the filters, hold no formula and no person."""
    person = UserFactory.create(name="Mette Holm")
    public_offer(title="=1+1", municipality_id=AARHUS, author=person, days=2)
    full = public_offer(title="Fuld", municipality_id=AARHUS, direct_seats=1, round_seats=0, days=2)
    stay_at(full)
    public_offer(title="Aalborg", municipality_id=AALBORG)
    asked = "?kommune=0751&dage=2&sort=titel"
    plain = b"".join(client.get(f"/praktik/eksport.csv{asked}")).decode("utf-8-sig")  # type: ignore[arg-type]
    rows = list(csv.DictReader(io.StringIO(plain)))
    assert [(r["title"], r["seats"], r["seats_free"], r["days"]) for r in rows] == [
        ("'=1+1", "3", "3", "2"),
        ("Fuld", "1", "0", "2"),
    ]
    book = load_workbook(io.BytesIO(b"".join(client.get(f"/praktik/eksport.xlsx{asked}"))))  # type: ignore[arg-type]
    assert [row[0].value for row in book.active.iter_rows(min_row=2)] == ["'=1+1", "Fuld"]  # type: ignore[union-attr]
    data = json.loads(b"".join(client.get(f"/praktik/eksport.json{asked}")))  # type: ignore[arg-type]
    assert [row["title"] for row in data] == ["=1+1", "Fuld"]
    assert "Mette Holm" not in plain + json.dumps(data)
    assert client.head("/praktik/eksport.csv").status_code == 200


def test_on_map_and_in_the_search_of_all(client: Client) -> None:
    owner = WorkplaceFactory.create(municipality_id=AARHUS)
    offer = public_offer(title="Hjemmepleje i faste hold", municipality_id=AARHUS, owner=owner)
    for path in (
        "/kort/?type=praktikplads",
        "/soeg/?q=hjemmepleje",
        "/soeg/?q=hjemmepleje&type=praktikplads",
    ):
        assert offer.get_absolute_url() in client.get(path).content.decode(), path
    data = client.get("/kort/data.geojson?type=praktikplads&bbox=7,54,16,58&zoom=12").json()
    assert [f["properties"]["kind"] for f in data["features"]] == ["praktikplads"]


def test_the_mirror_follows_a_changed_round(client: Client) -> None:
    """Dates of a round are no part of a search document; the list knows them nevertheless."""
    of = RoundFactory.create()
    public_offer(title="I runden", round=of, starts_on=None, ends_on=None, is_flexible=True)
    day = of.stays_from
    assert found(client, f"?til={day + dt.timedelta(days=3)}") == ["I runden"]
    of.stays_from += dt.timedelta(days=7)
    of.stays_until += dt.timedelta(days=7)
    of.save()
    assert found(client, f"?til={day + dt.timedelta(days=3)}") == []


def test_a_bounded_number_of_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    for n in range(12):
        public_offer(municipality_id=AARHUS, owner=WorkplaceFactory.create(name=f"Vært {n}"))
    client.get("/praktik/?pr_side=50")
    with django_assert_max_num_queries(16):
        client.get("/praktik/?pr_side=50&naer=0751&km=50&ledige=ja&q=hjemmepleje")
    assert Offer.objects.count() == 12

"""What is measured of Innovationspraktik: its pages with 5,000 places, distance by itself, accepts over several
connections at once, and time and memory of the matching by size.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import random
import statistics
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from coi.bench import Answer, Dress
from coi.bench_places import APPLIED, FULL, FULL_HOST, GUEST, HOST, HOSTED, SEATS, SLUG, people, ready
from coi.bench_storms import CONNECTIONS
from editorial.clock import coi_today
from editorial.models.querysets import TransitionError
from guards.exports import write_json
from notices.models import Notice
from practicum.choices import RequestState
from practicum.direct import actions as direct
from practicum.matching.measuring import SIZES, measure_apart
from practicum.models import Application, DirectRequest, Offer, Stay
from practicum.offers.exports import COLUMNS
from practicum.offers.lists import OfferListing

REQUESTS = 3 * FULL * SEATS
"""Requests for a third as many seats."""
NEAR = "?naer=0751&km=50"
LIST = "/praktik/"
Page = tuple[str, str, Dress | None]


def practicum_pages() -> list[Page]:
    """The pages that are measured: (name, address, who asks). Empty without the places."""
    offer = Offer.objects.filter(external_id=f"{SLUG}-1").select_related("round").first()
    if offer is None:
        return []
    listing = OfferListing(QueryDict("pr_side=50"))
    last = math.ceil(listing.count / listing.page_size)
    day = coi_today() + dt.timedelta(days=60)
    dates = f"fra={day.isoformat()}&til={(day + dt.timedelta(days=60)).isoformat()}"
    area = offer.subject_areas.order_by("pk").values_list("slug", flat=True)[0]
    facets = f"?sektor=kommune&fagomraade={area}&region=1082"
    return [
        (f"Pladser, {listing.count}", LIST, None),
        ("Pladser, tre filtre", f"{LIST}{facets}", None),
        ("Pladser, ledige i 3 dage mellem to datoer", f"{LIST}?ledige=ja&dage=3&{dates}", None),
        ("Pladser, 50 km fra Aarhus", f"{LIST}{NEAR}", None),
        ("Pladser, nærmest Aarhus først", f"{LIST}{NEAR}0&sort=afstand", None),
        ("Pladser, et ord", f"{LIST}?q=ventetid", None),
        ("Pladser, alt på én gang", f"{LIST}{facets}&ledige=ja&naer=0751&km=150&{dates}&q=ventetid", None),
        ("Pladser, tidligst på året", f"{LIST}?sort=tidligst", None),
        ("Pladser, titel", f"{LIST}?sort=titel", None),
        ("Pladser, sidste side af 50", f"{LIST}?pr_side=50&side={last}", None),
        ("Plads", offer.get_absolute_url(), None),
        (f"Min side, vært med {HOSTED} pladser", "/min-side/", _as(HOST)),
        (f"Min side, gæst med {APPLIED} ansøgninger", "/min-side/", _as(GUEST)),
    ]


def _as(email: str) -> Dress:
    def dress(client: Client) -> None:
        client.force_login(User.objects.get(email=email))

    return dress


def practicum_files() -> list[tuple[str, str, Answer | None]]:
    """All places as files: (name, address, what they are measured against; None leaves it to the measuring)."""
    return [
        ("Pladser som CSV", f"{LIST}eksport.csv", None),
        ("Pladser som JSON", f"{LIST}eksport.json", _fixed_json(f"{LIST}eksport.json")),
    ]


def _fixed_json(path: str) -> Answer:
    """The same file again from rows that have been read."""
    response = Client().get(path)
    rows = [[row[column] for column in COLUMNS] for row in json.loads(response.getvalue())]

    def answer(request: HttpRequest) -> HttpResponseBase:
        return StreamingHttpResponse(write_json(rows, header=COLUMNS), content_type="application/json")

    return answer


@dataclass(frozen=True)
class Distance:
    """Distance by itself: milliseconds to narrow all places and to order them, and what the database is asked."""

    places: int
    found: int
    narrow: float
    order: float
    queries: int


def distance_alone(runs: int = 50) -> Distance:
    """Narrow all places by distance from a municipality, and order them by it; what is alike for all lists is read
    before.
    """
    narrow, order, found = [], [], 0
    for _ in range(runs):
        listing = OfferListing(QueryDict(f"{NEAR[1:]}&sort=afstand"))
        everything = listing.everything.count
        with CaptureQueriesContext(connection) as queries:
            start = time.perf_counter()
            found = listing.count
            narrow.append((time.perf_counter() - start) * 1000)
            start = time.perf_counter()
            listing.slots(0, 10)
            order.append((time.perf_counter() - start) * 1000)
    return Distance(everything, found, statistics.median(narrow), statistics.median(order), len(queries))


@dataclass(frozen=True)
class Accepted:
    """Accepts over several connections at once, each sent twice."""

    requests: int
    seats: int
    held: int
    waiting: int
    too_many: int
    lost: int
    per_second: float


def accept_at_once() -> Accepted:
    """Let hosts say yes to more requests than there are seats, over CONNECTIONS connections, and count what is there
    afterwards. Taken back at the end.
    """
    offers = list(Offer.objects.filter(owner__slug=FULL_HOST).order_by("pk"))
    first = coi_today() + dt.timedelta(days=50)
    days = [first, first + dt.timedelta(days=1)]
    guests = people("siger-ja", REQUESTS)
    _take_back(guests)
    try:
        requests = DirectRequest.objects.bulk_create(
            DirectRequest(application=application, offer=offers[n % len(offers)])
            for n, application in enumerate(ready(guests, days))
        )
        # Each is accepted over two connections, in an order of their own, so that they meet at places and requests.
        half = [requests[n :: CONNECTIONS // 2] for n in range(CONNECTIONS // 2)]
        mixed = [random.Random(n).sample(rows, len(rows)) for n in range(2) for rows in half]  # noqa: S311 - an order
        start = time.perf_counter()
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            offered = sum(pool.map(lambda rows: _accept_all(rows, days), mixed))
        took = time.perf_counter() - start
        stays = Stay.objects.filter(offer__in=offers, guest__in=guests)
        places = list(stays.seated().values_list("offer", "seat"))
        states = list(
            DirectRequest.objects.filter(pk__in=[row.pk for row in requests]).values_list("state", flat=True)
        )
        held, waiting = states.count(RequestState.OFFERED), states.count(RequestState.WAITING)
        over = sum(max(0, [place for place, _seat in places].count(offer.pk) - SEATS) for offer in offers)
        double = len(places) - len(set(places))
        empty = len(offers) * SEATS - len(places)
        lost = len(requests) - held - waiting + empty + abs(held - len(places)) + abs(held - offered)
        sent = sum(map(len, mixed))
        return Accepted(len(requests), len(offers) * SEATS, held, waiting, over + double, lost, sent / took)
    finally:
        _take_back(guests)


def _take_back(guests: list[User]) -> None:
    """Everything but the accounts, which nobody may delete without trace."""
    with transaction.atomic():
        Stay.objects.filter(guest__in=guests).delete()
        Application.objects.filter(guest__in=guests).delete()
        Notice.objects.filter(recipient__in=guests).delete()


def _accept_all(requests: list[DirectRequest], days: list[dt.date]) -> int:
    """As a host's page does it. Returns how many were offered a seat here."""
    offered = 0
    try:
        for request in requests:
            try:
                offered += direct.accept(request=request, first=days[0], last=days[-1]) is not None
            except TransitionError:  # it is answered already
                pass
    finally:
        connection.close()
    return offered


def practicum_lines() -> Iterator[str]:
    """What is no page, as sentences."""
    away, accepted = distance_alone(), accept_at_once()
    yield (
        f"Afstand alene: {away.found} af {away.places} pladser på {away.narrow:.2f} ms, sorteret på "
        f"{away.order:.2f} ms, {away.queries} forespørgsler.\n"
    )
    yield (
        f"Ja fra værter over {CONNECTIONS} forbindelser: {accepted.requests} ansøgninger til {accepted.seats} pladser, "
        f"hvert ja sendt to gange, {accepted.per_second:.0f} i sekundet, {accepted.held} fik en plads, "
        f"{accepted.waiting} venter, {accepted.too_many} for mange, {accepted.lost} tabt.\n"
    )
    yield from matching_lines()


def matching_lines(sizes: tuple[int, ...] = SIZES) -> Iterator[str]:
    """A line for each size, with how much more it took than the one before: times, and as a power of the guests."""
    before = None
    for size in sizes:
        found = measure_apart(size)
        more = ""
        if before is not None:
            times, size_times = found.seconds / before.seconds, found.guests / before.guests
            power = math.log(times) / math.log(size_times)
            more = (
                f", {times:.0f} gange den forrige ved {size_times:.0f} gange så mange (eksponent {power:.2f})"
            )
        stable = "stabil" if found.stable else "IKKE STABIL"
        yield (
            f"Parring, {found.guests} gæster og {found.places} pladser: {found.seconds * 1000:.1f} ms, "
            f"{found.peak_mb:.0f} MB, {stable}{more}.\n"
        )
        before = found

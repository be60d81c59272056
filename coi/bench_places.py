"""Made-up Innovationspraktik for measuring: 5,000 public places, 2,000 stays, a host and a guest who have much of it.

For a database that is there for measuring only (`make bench`): nothing takes it away again but deleting it.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from catalogue.exchange.demo import PREFIX
from coi.bench_landscape import CHUNK, insert, located
from coi.bench_storms import WORDS
from editorial.choices import Kind, State
from editorial.clock import coi_today
from editorial.models import SubjectArea
from editorial.models.receipts import code_hash
from places.choices import Sector
from places.models import Membership, Municipality, Region, Role, Workplace
from practicum.choices import Answer, ApplicationState, Certificate, Origin, SeatWay, StayState
from practicum.models import Application, DirectRequest, LeaderApproval, Offer, Round, Seat, Stay, Wish

PLACES, TAKEN, HOSTS = 5_000, 2_000, 600
"""Places, seats that somebody has, and workplaces that offer them."""
HOSTED, APPLIED, ASKED = 50, 20, 30
"""What one host offers, what one guest has applied for, and requests that wait for that host."""
FULL, SEATS = 4, 20
"""Places at which accepts are measured, and the seats of each."""
SLUG = f"{PREFIX}praktik"
HOST, GUEST = f"vaert@{SLUG}.example", f"gaest@{SLUG}.example"
UNUSABLE = make_password(None)
FULL_HOST = f"{SLUG}-fuld"
DAY = dt.timedelta(days=1)


def fill_practicum(number: int = PLACES) -> int:
    """Make so many places and what belongs to them, unless they are there. Returns how many places were made."""
    if Offer.objects.filter(external_id__startswith=SLUG).exists():
        return 0
    with transaction.atomic():
        return _fill(number, random.Random(SLUG))  # noqa: S311 - made-up content


def _fill(number: int, choose: random.Random) -> int:
    rounds = _rounds()
    hosts = Workplace.objects.bulk_create(
        Workplace(slug=f"{SLUG}-vaert-{n}", name=f"Målt vært {n}", sector=choose.choice(Sector.values), is_demo=True)
        for n in range(HOSTS)
    )  # fmt: skip
    full = Workplace.objects.create(
        slug=FULL_HOST, name="Målt vært, fuld", sector=Sector.MUNICIPALITY, is_demo=True
    )
    municipalities = list(Municipality.objects.order_by("code"))
    regions = [row for row in Region.objects.order_by("code") if row.exists_on(coi_today())]
    areas = list(SubjectArea.objects.order_by("pk").values_list("pk", flat=True))
    offers: list[Offer] = []
    for start in range(0, number, CHUNK):
        rows = []
        for n in range(start, min(start + CHUNK, number)):
            where = {"region": regions[n // 25 % len(regions)]} if n % 25 == 0 else located(
                municipalities[n % len(municipalities)], choose)  # fmt: skip
            owner = hosts[0] if n % (number // HOSTED) == 1 else hosts[1 + n % (HOSTS - 1)]
            rows.append(_offer(n, owner, (*rounds, None)[n % 3], where, choose))
        insert(rows, hang_on=lambda made: _subjects(made, areas, choose))
        offers += rows
    for n in range(FULL):
        row = _offer(number + n, full, None, {"municipality": municipalities[n]}, choose)
        row.direct_seats, row.round_seats, row.days = SEATS, 0, 3
        row.starts_on, row.ends_on, row.is_flexible = None, None, True
        insert([row])
        offers.append(row)
    seats = _seats(offers)
    _approve([_asked(offer=row, days=row.days, seats=row.seats_wanted, first_day=row.starts_on, last_day=row.ends_on)
              for row in offers])  # fmt: skip
    _stays(choose.sample([seat for seat in seats if seat.offer.owner_id != full.pk], min(TAKEN, number)))
    _host(hosts[0])
    _guest(offers[:number], choose)
    return number


def _rounds() -> list[Round]:
    """Two that begin after the demonstration's and are open for hosts and guests."""
    today = coi_today()
    newest = Round.objects.first()
    first = max(newest.year + 1 if newest else 0, today.year + 2)
    rounds = []
    for year in (first, first + 1):
        monday = dt.date.fromisocalendar(year, 37, 1)
        rounds.append(Round.objects.create(
            year=year, offers_from=today - 10 * DAY, offers_until=monday - 200 * DAY, applications_from=today - 5 * DAY,
            applications_until=monday - 180 * DAY, seats_move_on=monday - 185 * DAY, answers_until=monday - 150 * DAY,
            agreements_until=monday - 42 * DAY, stays_from=monday, stays_until=monday + 25 * DAY,
            evaluation_until=monday + 80 * DAY, is_public=True, is_demo=True,
        ))  # fmt: skip
    return rounds


def _offer(
    n: int, owner: Workplace, its_round: Round | None, where: dict[str, Any], choose: random.Random
) -> Offer:
    title = f"{' '.join(choose.sample(WORDS, 3)).capitalize()} {n}"
    summary = f"{' '.join(choose.sample(WORDS, 8)).capitalize()}. Gå med, og se, hvordan de gør."
    days, starts_on, ends_on = choose.choice((1, 2, 2, 3, 3, 3, 5, 10)), None, None
    if n % 4:
        first = its_round.stays_from if its_round else coi_today() + choose.randrange(30, 400) * DAY
        starts_on = first + choose.choice((0, 0, 7, 14)) * DAY
        ends_on = starts_on + choose.choice((4, 4, 9, 11)) * DAY
    return Offer(
        kind=Kind.OFFER, external_id=f"{SLUG}-{n}", slug=f"{PREFIX}plads-{n}", title=title, summary=summary,
        programme=f"Mandag følger du et hold om {choose.choice(WORDS)}. Tirsdag er du med til planlægningen.",
        state=State.PUBLISHED, published_at=timezone.now() - n * dt.timedelta(minutes=1), is_demo=True, owner=owner,
        sectors=[owner.sector], round=its_round, days=days, starts_on=starts_on, ends_on=ends_on,
        is_flexible=starts_on is None, direct_seats=choose.choice((1, 1, 2, 3)),
        round_seats=choose.choice((0, 1, 2)) if its_round else 0,
        certificates=[Certificate.CHILDREN] if n % 10 == 0 else [], **where,
    )  # fmt: skip


def _subjects(offers: Sequence[Offer], areas: list[int], choose: random.Random) -> None:
    Link = Offer.subject_areas.through  # noqa: N806 - a model
    Link._default_manager.bulk_create(
        Link(content_id=offer.pk, subjectarea_id=area)
        for offer in offers
        for area in choose.sample(areas, choose.choice((1, 1, 2)))
    )


def _seats(offers: Sequence[Offer]) -> list[Seat]:
    ways = [
        (offer, [SeatWay.DIRECT] * offer.direct_seats + [SeatWay.ROUND] * offer.round_seats)
        for offer in offers
    ]
    rows = (
        Seat(offer=offer, number=number, way=way) for offer, of in ways for number, way in enumerate(of, 1)
    )
    return Seat.objects.bulk_create(rows, batch_size=2000)


def people(name: str, number: int) -> list[User]:
    """So many accounts that nobody logs in to, those that are there first."""
    there = list(
        User.objects.filter(email__startswith=f"{name}-", email__endswith=f"@{SLUG}.example")[:number]
    )
    return there or User.objects.bulk_create(
        User(email=f"{name}-{n}@{SLUG}.example", name=f"Måling {n}", password=UNUSABLE) for n in range(number)
    )


def ready(guests: Sequence[User], days: Sequence[dt.date]) -> list[Application]:
    """An application for each, for two of these days, that the leader has said yes to."""
    home = Workplace.objects.get_or_create(
        slug=f"{SLUG}-gaest", defaults={"name": "Målt gæst", "sector": Sector.MUNICIPALITY, "is_demo": True}
    )[0]
    rows = Application.objects.bulk_create(
        Application(
            guest=guest, workplace=home, motivation="Vi skal selv i gang.", days=2, possible_days=list(days),
            sent_at=timezone.now(), state=ApplicationState.LEADER,
        )
        for guest in guests
    )  # fmt: skip
    _approve([_asked(application=row, days=2, first_day=min(days), last_day=max(days)) for row in rows])
    Application.objects.filter(pk__in=[row.pk for row in rows]).update(
        state=ApplicationState.READY, ready_at=timezone.now()
    )
    return rows


def _asked(**fields: Any) -> LeaderApproval:
    now = timezone.now()
    row = LeaderApproval(
        email=f"leder@{SLUG}.example", asked_at=now - DAY, expires_at=now + 20 * DAY, answer=Answer.YES,
        answered_at=now, **fields,
    )  # fmt: skip
    row.code_hash = code_hash(row.code)
    return row


def _approve(rows: list[LeaderApproval]) -> None:
    LeaderApproval.objects.bulk_create(rows, batch_size=2000)


def _stays(seats: Sequence[Seat]) -> None:
    """Somebody has each of these seats."""
    first, now = coi_today() + 40 * DAY, timezone.now()
    applications = ready(people("ophold", len(seats)), [first, first + DAY])
    Stay.objects.bulk_create(
        [
            Stay(
                offer=seat.offer, seat=seat, round=seat.offer.round, application=row, guest=row.guest,
                guest_workplace=row.workplace, origin=Origin.DIRECT, state=StayState.AGREED, starts_on=first,
                ends_on=first + DAY, days=2, guest_accepted_at=now, host_accepted_at=now,
            )
            for seat, row in zip(seats, applications, strict=True)
        ],
        batch_size=2000,
    )  # fmt: skip
    Application.objects.filter(pk__in=[row.pk for row in applications]).update(state=ApplicationState.PLACED)


def _host(workplace: Workplace) -> None:
    """Somebody who speaks for a workplace with many places, and whom guests wait for."""
    now = timezone.now()
    Membership.objects.create(
        user=User.objects.create_user(HOST, None, confirmed=True, name="Måling, vært"), workplace=workplace,
        role=Role.CONTACT, state="active", basis="staff", approved_at=now, confirmed_at=now,
        confirm_by=coi_today() + 300 * DAY,
    )  # fmt: skip
    offers = list(Offer.objects.filter(owner=workplace).order_by("pk")[:ASKED])
    days = [coi_today() + n * DAY for n in (40, 41, 42)]
    DirectRequest.objects.bulk_create(
        DirectRequest(application=application, offer=offer)
        for application, offer in zip(ready(people("venter", len(offers)), days), offers, strict=True)
    )


def _guest(offers: Sequence[Offer], choose: random.Random) -> None:
    """Somebody with many applications outside the rounds, each with three wishes and a request."""
    guest = User.objects.create_user(GUEST, None, confirmed=True, name="Måling, gæst")
    rows = ready([guest] * APPLIED, [coi_today() + n * DAY for n in (40, 41, 42)])
    chosen = [choose.sample(offers, 3) for _row in rows]
    Wish.objects.bulk_create(
        Wish(application=row, offer=offer, rank=rank)
        for row, wanted in zip(rows, chosen, strict=True)
        for rank, offer in enumerate(wanted, 1)
    )
    DirectRequest.objects.bulk_create(
        DirectRequest(application=row, offer=wanted[0]) for row, wanted in zip(rows, chosen, strict=True)
    )

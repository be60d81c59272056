"""Two rounds of the demonstration's Innovationspraktik, all invented: one that is over, with what people said of it,
and one whose applications are in, ready for the matching. Their dates follow the day on which they are made."""

from __future__ import annotations

import datetime as dt
import random
from itertools import islice

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from coi.demo_practicum_places import BRINGS, HOSTS, OPEN_WISHES, PLACES, REASONS, SAID, Place
from editorial.choices import Kind
from editorial.clock import coi_today
from editorial.models import SubjectArea
from places import memberships
from places.choices import Sector
from places.models import Membership, Municipality, Region, Role, Workplace
from practicum.choices import Answer, ApplicationState, Certificate, Origin, Side, StayState
from practicum.models import (
    Agreement,
    Application,
    Evaluation,
    FollowUp,
    LeaderApproval,
    Offer,
    OpenWish,
    Round,
    Seat,
    Stay,
    Wish,
)

APPLICATIONS, OVER = 45, 22
"""Applications to the round that goes on, and stays in the one that is over."""
WEEK = 37
DAY = dt.timedelta(days=1)
LIBRARY = "strandby-bibliotek"
HOMES = ("0751", "0851", "0461", "0101", "0265", "0561", "0615", "0370", "0791", "0540")
"""Municipalities that guests travel from."""
ABOUT = sorted({area for place in PLACES for area in place.subjects})
"""Subject areas that guests name."""
OVER_HOMES = ("0751", "0851", "0461", "0265")
OVER_SECTORS = (Sector.MUNICIPALITY, Sector.REGION, Sector.STATE, Sector.SELF_GOVERNING)
"""Where the guests of the round that is over come from."""


@transaction.atomic
def load_practicum() -> None:
    """Make them once; nothing happens where they are already."""
    if Round.objects.filter(is_demo=True).exists():
        return
    choose = random.Random("innovationspraktik")  # noqa: S311 - made-up content
    today = coi_today()
    _hosts()
    guests = _guests(APPLICATIONS)
    coming = today.year if dt.date.fromisocalendar(today.year, WEEK, 1) - today > 90 * DAY else today.year + 1
    now = _round(coming, applications_until=today - DAY)
    over = next(
        year for year in (coming - 1, coming - 2) if dt.date.fromisocalendar(year, WEEK, 5) + 60 * DAY < today
    )
    _finished(_round(over), guests[:OVER], choose)
    places = [_place(n, place, now) for n, place in enumerate(PLACES, 1)]
    _contacts()
    _applications(now, guests, places, choose)
    _next_stay(places[1])
    for n, (text, areas) in enumerate(OPEN_WISHES):
        wish = OpenWish.objects.create(guest=guests[n], round=now, text=text)
        wish.subject_areas.set(SubjectArea.objects.filter(slug__in=areas))


def _hosts() -> None:
    for slug, (name, sector) in HOSTS.items():
        Workplace.objects.get_or_create(
            slug=slug, defaults={"name": name, "sector": sector, "is_demo": True, "note": "Opdigtet."}
        )


def _contacts() -> None:
    """Every host has somebody who can answer. At the library that awaits the demonstration's employee it is the account
    of the host, so that both of a stay can be tried."""
    by = User.objects.get(email="moderator@demo.example")
    hosts = Workplace.objects.filter(pk__in=Offer.objects.values("owner")).order_by("slug")
    for n, workplace in enumerate(hosts, 1):
        if Membership.objects.active().contacts().filter(workplace=workplace).exists():
            continue
        email = "vaert@demo.example" if workplace.slug == LIBRARY else f"vaert-{n}@demo.example"
        user = User.objects.filter(email=email).first() or User.objects.create_user(
            email, None, confirmed=True, name=f"Vært {n} (demo)"
        )
        membership = memberships.ask(user=user, workplace=workplace, role=Role.CONTACT)
        memberships.approve(membership=membership, by=by, reason="Demonstrationens konto.")


def _guests(number: int) -> list[User]:
    """Accounts that nobody logs in to."""
    return [
        User.objects.filter(email=f"gaest-{n}@demo.example").first()
        or User.objects.create_user(
            f"gaest-{n}@demo.example", None, confirmed=True, name=f"Gæst {n} (demo)"
        )
        for n in range(1, number + 1)
    ]  # fmt: skip


def _round(year: int, *, applications_until: dt.date | None = None) -> Round:
    monday = dt.date.fromisocalendar(year, WEEK, 1)
    until = applications_until or monday - 180 * DAY
    return Round.objects.create(
        year=year, week=WEEK, offers_from=until - 120 * DAY, offers_until=until - 40 * DAY,
        applications_from=until - 40 * DAY, applications_until=until, seats_move_on=until,
        answers_until=until + 30 * DAY, agreements_until=monday - 42 * DAY, stays_from=monday,
        stays_until=monday + 4 * DAY, evaluation_until=monday + 50 * DAY, seed=f"{year:016x}", is_public=True,
        is_demo=True,
    )  # fmt: skip


def _place(number: int, place: Place, its_round: Round, prefix: str = "demo-praktik") -> Offer:
    host = Workplace.objects.get(slug=place.host)
    municipality = Municipality.objects.filter(code=place.area).first()
    in_round = its_round if not place.all_year else None
    offer = Offer.objects.create(
        kind=Kind.OFFER, external_id=f"{prefix}-{number}", is_demo=True, round=in_round, title=place.title,
        summary=place.summary, programme=place.programme, owner=host, sectors=[host.sector], municipality=municipality,
        region=None if municipality else Region.objects.get(code=place.area), days=place.days,
        direct_seats=place.direct, round_seats=place.seats, starts_on=in_round.stays_from if in_round else None,
        ends_on=in_round.stays_until if in_round else None, is_flexible=in_round is None,
        certificates=list(place.needs),
        suits="Alle, der arbejder med det samme, og dem, der leder dem.",
        hopes="Spørgsmål, vi selv er holdt op med at stille, og en, vi kan ringe til bagefter.",
        confidentiality="Det, du hører om enkelte mennesker. Du skriver under på tavshedspligt den første dag."
        if place.needs else "",
        accessibility="Der er elevator og et roligt rum, du kan bruge.",
    )  # fmt: skip
    offer.subject_areas.set(SubjectArea.objects.filter(slug__in=place.subjects))
    _say_yes(
        days=offer.days,
        first_day=offer.starts_on,
        last_day=offer.ends_on,
        offer=offer,
        seats=offer.seats_wanted,
    )
    offer.publish(by=None)
    return offer


def _say_yes(**fields: object) -> None:
    now = timezone.now()
    LeaderApproval.objects.create(
        email="leder@demo.example", asked_at=now - 3 * DAY, expires_at=now + 18 * DAY, answer=Answer.YES,
        answered_at=now - DAY, answered_by_name="Leder (demo)", **fields,
    )  # fmt: skip


def _application(
    guest: User, its_round: Round, workplace: Workplace, n: int, choose: random.Random, area: str = ""
) -> Application:
    week = [its_round.stays_from + k * DAY for k in range(5)]
    application = Application.objects.create(
        guest=guest, round=its_round, workplace=workplace, motivation=REASONS[n % len(REASONS)],
        brings_home=BRINGS[n % len(BRINGS)], days=choose.choice((2, 2, 3)),
        possible_days=week if choose.random() < 0.8 else week[1:],
        municipality=Municipality.objects.get(code=area or HOMES[n % len(HOMES)]),
        travel_km=choose.choice((None, None, 100, 200)), certificates=Certificate.values if n % 3 else [],
        sent_at=timezone.now() - 5 * DAY,
    )  # fmt: skip
    application.subject_areas.set(
        SubjectArea.objects.filter(slug__in={ABOUT[n % len(ABOUT)], ABOUT[(3 * n + 5) % len(ABOUT)]})
    )
    _say_yes(application=application, days=application.days, first_day=week[0], last_day=week[-1])
    state = ApplicationState.READY
    Application.objects.filter(pk=application.pk).update(state=state, ready_at=timezone.now() - DAY)
    application.state = state
    return application


def _homes() -> list[Workplace]:
    return list(Workplace.objects.filter(is_demo=True, closed_on=None).order_by("slug"))


def _applications(its_round: Round, guests: list[User], places: list[Offer], choose: random.Random) -> None:
    """More wish for some places than have room there, and for others nobody does."""
    liked = [
        place for n, place in enumerate(places) for _time in range(5 if n % 4 == 0 else 2 if n % 3 else 1)
    ]
    homes = _homes()
    for n, guest in enumerate(guests):
        home = homes[n % len(homes)]
        application = _application(guest, its_round, home, n, choose)
        wanted: list[Offer] = []
        for place in choose.sample(liked, len(liked)):
            if place.owner_id != home.pk and place not in wanted:
                wanted.append(place)
        chosen = islice(wanted, choose.randint(1, 5))
        Wish.objects.bulk_create(
            Wish(application=application, offer=place, rank=rank) for rank, place in enumerate(chosen, 1)
        )


def _stay(seat: Seat, application: Application, its_round: Round | None, **fields: object) -> Stay:
    now = timezone.now()
    first = min(application.possible_days)
    stay: Stay = Stay.objects.create(
        **{
            "offer": seat.offer, "seat": seat, "round": its_round, "application": application,
            "guest": application.guest, "guest_workplace": application.workplace, "origin": Origin.MATCH,
            "starts_on": first, "ends_on": first + (application.days - 1) * DAY, "days": application.days,
            "guest_accepted_at": now, "host_accepted_at": now, "state": StayState.AGREED, **fields,
        }
    )  # fmt: skip
    Application.objects.filter(pk=application.pk).update(state=ApplicationState.PLACED)
    return stay


def _finished(its_round: Round, guests: list[User], choose: random.Random) -> None:
    """A round that is over: its places are in the archive, and most of those who met said what they thought of it."""
    places = [
        _place(n, place, its_round, "demo-praktik-forrige")
        for n, place in enumerate(PLACES[:18], 1)
        if not place.all_year
    ]
    seats = [seat for place in places for seat in place.seats.all()]
    homes = _homes()
    for n, (guest, seat) in enumerate(zip(guests, seats, strict=False)):
        # At least five of each sector and region, so that the public figures have both to show.
        sector = OVER_SECTORS[n % len(OVER_SECTORS)]
        home = next(
            row for row in homes[n % len(homes) :] + homes
            if row.sector == sector and row.pk != seat.offer.owner_id
        )  # fmt: skip
        area = OVER_HOMES[(n + n // len(OVER_HOMES)) % len(OVER_HOMES)]
        application = _application(guest, its_round, home, n, choose, area)
        Wish.objects.create(application=application, offer=seat.offer, rank=1)
        stay = _stay(seat, application, its_round, state=StayState.DONE)
        _signed(stay, both=True)
        for side in (Side.GUEST, Side.HOST):
            if choose.random() < 0.85:
                Evaluation.objects.create(
                    stay=stay, side=side, could_use=choose.choice((2, 3, 4, 4, 5, 5)), recommends=choose.random() < 0.9,
                    as_expected=choose.choice((3, 4, 4, 5)), text=choose.choice(SAID),
                )  # fmt: skip
        if n % 4 == 0:
            FollowUp.objects.create(
                stay=stay,
                answered_at=timezone.now(),
                used="Vi har prøvet det i to måneder og er begyndt at rette det til.",
            )
    for place in places:
        place.archive(by=None, reason="Runden er slut.")


def _signed(stay: Stay, *, both: bool) -> Agreement:
    now = timezone.now()
    return Agreement.objects.create(
        stay=stay, number=1, written_by=Side.GUEST,
        purpose="Hvordan personalet deler ansvar, når huset er åbent uden dem.",
        programme="Første dag med dem, der åbner. Anden dag med dem, der svarer på henvendelser.",
        contact="Spørg i skranken. De ved, at du kommer.",
        gives="En fortælling om, hvordan vi ringer, før brevet bliver sendt.",
        confidentiality="Oplysninger om lånere. Gæsten skriver under på tavshedspligt hos værten.",
        expenses="Gæstens arbejdsplads betaler rejsen.", insurance="Gæsten er dækket som på sit eget arbejde.",
        working_time="Almindelig arbejdstid, dog til klokken 22 den ene aften.",
        guest_signed_at=now, host_signed_at=now if both else None,
    )  # fmt: skip


def _next_stay(place: Offer) -> None:
    """The demonstration's employee visits the library; the host has not signed yet."""
    guest = User.objects.filter(email="medarbejder@demo.example").first()
    home = Workplace.objects.filter(slug="hjemmeplejen-nord-i-fjordby-kommune").first()
    seat = place.seats.free().filter(way="direkte").first()
    if guest is None or home is None or seat is None:
        return
    first = coi_today() + 14 * DAY
    first -= first.weekday() * DAY
    days = [first + n * DAY for n in range(3)]
    application = Application.objects.create(
        guest=guest, workplace=home, motivation=REASONS[0], brings_home=BRINGS[0], days=2, possible_days=days,
        sent_at=timezone.now(),
    )  # fmt: skip
    _say_yes(application=application, days=2, first_day=days[0], last_day=days[-1])
    application.refresh_from_db()
    Application.objects.filter(pk=application.pk).update(
        state=ApplicationState.READY, ready_at=timezone.now()
    )
    stay = _stay(seat, application, None, origin=Origin.DIRECT)
    _signed(stay, both=False)

"""What the database holds of Innovationspraktik: each rule is tried against plain SQL."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from editorial.models import Content
from editorial.models.querysets import TransitionError
from practicum.models import (
    Agreement,
    Application,
    DirectRequest,
    Evaluation,
    HostInvitation,
    HostMark,
    LeaderApproval,
    MatchLine,
    MatchPin,
    MatchRun,
    Offer,
    OfferEntry,
    OpenWish,
    OpenWishAnswer,
    RequestMessage,
    Round,
    SavedSearch,
    Seat,
    Stay,
    StayReminder,
    Wish,
)
from tests.editorial.test_constraints import insert_like
from tests.factories import (
    ApplicationFactory,
    OfferFactory,
    RoundFactory,
    UserFactory,
    WorkplaceFactory,
    public_offer,
    published,
    ready_application,
    say_yes,
    stay_at,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
SOMETIME = "2026-01-01T00:00:00Z"


@contextmanager
def refused(rule: str) -> Iterator[None]:
    """The database says no, and which rule said it."""
    with pytest.raises(IntegrityError, match=rule), transaction.atomic(), connection.cursor() as cursor:
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def update(row: models.Model, **fields: Any) -> None:
    """An UPDATE by SQL alone."""
    type(row)._default_manager.filter(pk=row.pk).update(**fields)


def wish(**fields: Any) -> Wish:
    """The first wish of an application."""
    return Wish.objects.create(
        **{"application": ApplicationFactory.create(), "offer": public_offer(), "rank": 1, **fields}
    )


def request(**fields: Any) -> DirectRequest:
    """An application to a seat that is agreed on directly."""
    return DirectRequest.objects.create(
        **{"application": ready_application(), "offer": public_offer(), **fields}
    )


def message() -> RequestMessage:
    """A question of the host."""
    return RequestMessage.objects.create(request=request(), side="vaert", text="Har du kørekort?")


def agreement(**fields: Any) -> Agreement:
    """What the two expect."""
    return Agreement.objects.create(
        **{
            "stay": stay_at(public_offer()),
            "number": 1,
            "written_by": "gaest",
            "purpose": "At se det.",
            **fields,
        }
    )


def reminder() -> StayReminder:
    """That the two have been reminded of a stay."""
    return StayReminder.objects.create(stay=stay_at(public_offer()), kind="uge")


def evaluation() -> Evaluation:
    """What the guest says of a stay."""
    return Evaluation.objects.create(
        stay=stay_at(public_offer()), side="gaest", could_use=4, recommends=True, as_expected=3
    )


def question() -> LeaderApproval:
    """A question that a leader has not answered."""
    now = timezone.now()
    offer = OfferFactory.create()
    return LeaderApproval.objects.create(
        offer=offer, email="leder@kommune.example", days=3, seats=3, expires_at=now + 20 * DAY
    )


def run(**fields: Any) -> MatchRun:
    """A run of a round's matching."""
    return MatchRun.objects.create(
        **{"round": RoundFactory.create(), "number": 1, "weights": {}, "state": "klar", **fields}
    )


def line() -> MatchLine:
    """A guest of a run who got no place."""
    return MatchLine.objects.create(run=run(), application=ready_application())


def pin() -> MatchPin:
    """What the editors have fixed."""
    application = ready_application()
    return MatchPin.objects.create(
        round=application.round, application=application, offer=public_offer(), kind="fast", reason="Aftalt"
    )


Make = Callable[[], models.Model]
BY_UPDATE: list[tuple[Make, dict[str, Any], str]] = [
    (RoundFactory.create, {"year": 2014}, "round_year_and_week"),
    (RoundFactory.create, {"week": 54}, "round_year_and_week"),
    (RoundFactory.create, {"offers_until": dt.date(2020, 1, 1)}, "round_offers_before_applications"),
    (RoundFactory.create, {"applications_from": dt.date(2020, 1, 1)}, "round_offers_before_applications"),
    (RoundFactory.create, {"seats_move_on": dt.date(2020, 1, 1)}, "round_seats_move_in_time"),
    (RoundFactory.create, {"seats_move_on": dt.date(2090, 1, 1)}, "round_seats_move_in_time"),
    (RoundFactory.create, {"stays_until": dt.date(2020, 1, 1)}, "round_dates_forward"),
    (RoundFactory.create, {"answers_until": dt.date(2020, 1, 1)}, "round_dates_forward"),
    (RoundFactory.create, {"evaluation_until": dt.date(2020, 1, 1)}, "round_dates_forward"),
    (OfferFactory.create, {"days": 0}, "offer_days_in_range"),
    (OfferFactory.create, {"days": 11}, "offer_days_in_range"),
    (OfferFactory.create, {"direct_seats": 0, "round_seats": 0}, "offer_seats_in_range"),
    (OfferFactory.create, {"direct_seats": 15, "round_seats": 6}, "offer_seats_in_range"),
    (OfferFactory.create, {"round": None}, "offer_round_seats_need_a_round"),
    (OfferFactory.create, {"is_flexible": True}, "offer_dates_or_flexible"),
    (OfferFactory.create, {"ends_on": None}, "offer_dates_or_flexible"),
    (OfferFactory.create, {"ends_on": dt.date(2020, 1, 1)}, "offer_dates_or_flexible"),
    (OfferFactory.create, {"certificates": ["x"]}, "offer_certificates_known"),
    (ApplicationFactory.create, {"state": "x"}, "application_state_known"),
    (ApplicationFactory.create, {"certificates": ["x"]}, "application_certificates_known"),
    (ApplicationFactory.create, {"days": 11}, "application_days_in_range"),
    (ApplicationFactory.create, {"travel_km": 601}, "application_travel_in_range"),
    (ApplicationFactory.create, {"state": "leder", "motivation": " "}, "application_sent_is_whole"),
    (ApplicationFactory.create, {"state": "leder", "possible_days": []}, "application_sent_is_whole"),
    (lambda: stay_at(public_offer()), {"origin": "x"}, "stay_origin_known"),
    (lambda: stay_at(public_offer()), {"state": "x"}, "stay_state_known"),
    (lambda: stay_at(public_offer()), {"cancelled_by": "x"}, "stay_cancelled_by_known"),
    (lambda: stay_at(public_offer()), {"ends_on": dt.date(2020, 1, 1)}, "stay_dates_forward"),
    (lambda: stay_at(public_offer()), {"days": 0}, "stay_dates_forward"),
    (lambda: stay_at(public_offer()), {"host_accepted_at": None}, "stay_both_accept"),
    (lambda: stay_at(public_offer()), {"state": "tilbudt"}, "stay_held_until"),
    (lambda: stay_at(public_offer()), {"seat": None}, "stay_has_its_seat"),
    (
        lambda: stay_at(public_offer()),
        {"state": "aflyst", "cancelled_by": "vaert"},
        "stay_cancelled_with_a_reason",
    ),
    (
        lambda: stay_at(public_offer()),
        {"state": "aflyst", "reason": "Sygdom"},
        "stay_cancelled_with_a_reason",
    ),
    (question, {"answer": "x", "answered_at": SOMETIME}, "approval_answer_known"),
    (question, {"offer": None}, "approval_of_one_thing"),
    (question, {"answer": "ja"}, "approval_answer_is_dated"),
    (question, {"answer": "nej", "answered_at": SOMETIME}, "approval_no_has_a_reason"),
    (question, {"expires_at": SOMETIME}, "approval_expires_later"),
    (question, {"code_hash": "x"}, "approval_is_hashed"),
    (wish, {"rank": 9}, "wish_rank_in_range"),
    (request, {"state": "x"}, "request_state_known"),
    (request, {"state": "afslaaet"}, "request_decline_has_a_reason"),
    (request, {"state": "venteliste"}, "request_waits_since"),
    (request, {"ends_on": "2027-01-01"}, "request_days_forward"),
    (request, {"starts_on": "2027-01-02", "ends_on": "2027-01-01"}, "request_days_forward"),
    (reminder, {"kind": "x"}, "stay_reminder_kind_known"),
    (message, {"side": "x"}, "request_message_side_known"),
    (message, {"text": " "}, "request_message_has_text"),
    (agreement, {"written_by": "x"}, "agreement_written_by_known"),
    (agreement, {"purpose": " "}, "agreement_has_purpose"),
    (
        agreement,
        {"starts_on": dt.date(2027, 9, 14), "ends_on": dt.date(2027, 9, 13)},
        "agreement_days_forward",
    ),
    (agreement, {"starts_on": dt.date(2027, 9, 14)}, "agreement_days_forward"),
    (run, {"state": "x"}, "matchrun_state_known"),
    (run, {"state": "sendt"}, "matchrun_sent_at"),
    (line, {"made": "matched"}, "matchline_place_or_none"),
    (line, {"wish": 1}, "matchline_place_or_none"),
    (pin, {"kind": "x"}, "matchpin_kind_known"),
    (pin, {"reason": " "}, "matchpin_has_a_reason"),
    (evaluation, {"side": "x"}, "evaluation_side_known"),
    (evaluation, {"could_use": 6}, "evaluation_in_range"),
    (lambda: public_offer().seats.first(), {"way": "x"}, "seat_way_known"),  # type: ignore[list-item]
    (lambda: public_offer().seats.first(), {"number": 0}, "seat_number_in_range"),  # type: ignore[list-item]
    (
        lambda: HostMark.objects.create(offer=public_offer(), application=ready_application(), mark=3),
        {"mark": 6},
        "host_mark_in_range",
    ),
    (
        lambda: OpenWish.objects.create(guest=UserFactory.create(), text="Faste hold"),
        {"text": " "},
        "open_wish_has_text",
    ),
    (
        lambda: OpenWishAnswer.objects.create(
            wish=OpenWish.objects.create(guest=UserFactory.create(), text="Faste hold"), text="Kom hos os."
        ),
        {"text": " "},
        "open_wish_answer_has_text",
    ),
]
"""A row, what makes it wrong, and the rule that says so."""
ONCE: list[tuple[Make, dict[str, Any], str]] = [
    (lambda: public_offer().seats.first(), {}, "seat_once"),  # type: ignore[list-item]
    (ApplicationFactory.create, {}, "application_once_per_round"),
    (wish, {"rank": 2}, "wish_once"),
    (request, {}, "request_once"),
    (lambda: stay_at(public_offer()), {"application_id": None}, "stay_one_per_seat"),
    (question, {"code_hash": 64 * "a"}, "approval_one_open_per_offer"),
    (reminder, {}, "stay_reminder_once"),
    (
        lambda: HostInvitation.objects.create(
            round=RoundFactory.create(), workplace=WorkplaceFactory.create()
        ),
        {},
        "host_invitation_once",
    ),
    (agreement, {}, "agreement_number_once"),
    (evaluation, {}, "evaluation_once"),
    (run, {}, "matchrun_number_once"),
    (lambda: run(state="venter"), {"number": 2}, "matchrun_one_at_a_time"),
    (lambda: run(state="sendt", sent_at=SOMETIME), {"number": 2}, "matchrun_one_sent"),
    (line, {}, "matchline_once"),
    (pin, {"kind": "forbudt"}, "matchpin_pair_once"),
    (
        lambda: OfferEntry.objects.create(offer=OfferFactory.create(), entry=published()),
        {},
        "offer_entry_once",
    ),
    (
        lambda: HostMark.objects.create(offer=public_offer(), application=ready_application(), mark=3),
        {},
        "host_mark_once",
    ),
    (
        lambda: SavedSearch.objects.create(user=UserFactory.create(), querystring="dage=3"),
        {"uuid": uuid.uuid4()},
        "saved_search_once",
    ),
]
"""A row, and what else a second one has."""
BELOW = {
    "matchpin_one_place",
    "wish_rank_once",
    "stay_one_per_application",
    "approval_one_open_per_application",
}
"""Rules that have a test of their own below."""


@pytest.mark.parametrize(("make", "changes", "rule"), BY_UPDATE, ids=[r for _, _, r in BY_UPDATE])
def test_the_database_refuses(make: Make, changes: dict[str, Any], rule: str) -> None:
    """And names the rule."""
    row = make()
    with refused(rule):
        update(row, **changes)


@pytest.mark.parametrize(("make", "changes", "rule"), ONCE, ids=[r for _, _, r in ONCE])
def test_the_database_refuses_a_second(make: Make, changes: dict[str, Any], rule: str) -> None:
    """And names the rule."""
    row = make()
    with refused(rule):
        insert_like(row, **changes)


def test_every_rule_is_tried() -> None:
    """A constraint without a row above fails here."""
    rules = {
        c.name for model in apps.get_app_config("practicum").get_models() for c in model._meta.constraints
    }
    assert rules == {rule for _, _, rule in BY_UPDATE} | {rule for _, _, rule in ONCE} | BELOW


# -- seats --------------------------------------------------------------------


def test_seats_follow_what_the_place_says() -> None:
    """When it is published, and when it is corrected; taken ones stay."""
    offer = public_offer(direct_seats=2, round_seats=1)
    assert list(offer.seats.values_list("number", "way")) == [(1, "direkte"), (2, "direkte"), (3, "runde")]
    third = offer.seats.get(number=3)
    stay = stay_at(offer, seat=third)
    update(offer, direct_seats=0)
    row = Offer.objects.get(pk=offer.pk)
    row.arrange_seats()
    assert list(row.seats.values_list("pk", "number")) == [(third.pk, 1)]
    update(offer, direct_seats=3, round_seats=0)
    with pytest.raises(TransitionError):
        Offer.objects.get(pk=offer.pk).arrange_seats()
    update(stay, state="aflyst", cancelled_by="gaest", reason="Sygdom")
    Offer.objects.get(pk=offer.pk).arrange_seats()
    assert set(offer.seats.values_list("way", flat=True)) == {"direkte"} and offer.seats.count() == 3
    stay.refresh_from_db()
    assert stay.seat is None


def test_there_are_no_more_seats_than_offered() -> None:
    """Not by plain SQL either."""
    offer = public_offer(direct_seats=1, round_seats=0)
    with refused("seat_within_offer"):
        Seat.objects.create(offer=offer, number=2, way="direkte")
    free = public_offer(round=None, direct_seats=1, round_seats=0)
    with refused("seat_round_is_there"):
        free.seats.update(way="runde")


def test_a_seat_has_one_guest() -> None:
    """The next gets it when the first has cancelled."""
    offer = public_offer(direct_seats=1, round_seats=0)
    first = stay_at(offer)
    with refused("stay_one_per_seat"):
        stay_at(offer, seat=first.seat)
    update(first, state="aflyst", cancelled_by="gaest", reason="Sygdom")
    stay_at(offer, seat=first.seat)
    with refused("stay_one_per_seat"):
        update(first, state="aftalt")


def test_a_guest_has_one_place_for_an_application() -> None:
    """And only seats of the place itself count, and never one's own workplace."""
    offer, other = public_offer(), public_offer()
    application = ready_application()
    stay_at(offer, application=application)
    with refused("stay_one_per_application"):
        stay_at(other, application=application)
    with refused("stay_seat_of_its_offer"):
        stay_at(other, seat=offer.seats.free().first())
    with refused("stay_elsewhere"):
        stay_at(other, guest_workplace=other.owner)
    with refused("wish_elsewhere"):
        wish(offer=other, application=ApplicationFactory.create(workplace=other.owner))


def test_calendars_are_told_of_what_changes() -> None:
    """The number goes up by one with dates and state, and nobody sets it by hand."""
    stay = stay_at(public_offer())
    update(stay, sequence=9)
    update(stay, days=2)
    update(stay, ends_on=stay.ends_on + DAY)
    update(stay, state="holdt")
    stay.refresh_from_db()
    assert stay.sequence == 2


def test_the_editors_put_a_guest_in_one_place() -> None:
    """Ruled out they can be at many."""
    first = pin()
    fields = {
        "round": first.round,
        "application": first.application,
        "offer": public_offer(),
        "reason": "Aftalt",
    }
    with refused("matchpin_one_place"):
        MatchPin.objects.create(kind="fast", **fields)
    MatchPin.objects.create(kind="forbudt", **fields)


# -- leaders ------------------------------------------------------------------


def test_an_application_counts_when_the_leader_has_said_yes() -> None:
    """To these very days: others need a new yes."""
    application = ApplicationFactory.create()
    with refused("application_has_a_yes"):
        update(application, state="klar")
    say_yes(application)
    update(application, state="klar")
    days = application.possible_days
    with refused("application_has_a_yes"):
        update(application, possible_days=[*days, days[-1] + DAY])
    with refused("application_has_a_yes"):
        update(application, days=5)
    update(application, possible_days=days[1:])


def test_a_leader_answers_once_and_in_time(coi_clock: Callable[[dt.datetime], None]) -> None:
    """What was answered stands; a link that has expired gives no answer."""
    row = question()
    update(row, answer="ja", answered_at=timezone.now())
    for fields in ({"answer": "nej", "reason": "Nej"}, {"days": 5}, {"answer": "", "answered_at": None}):
        with refused("approval_stands"):
            update(row, **fields)
    late = question()
    coi_clock(late.expires_at)
    with refused("approval_in_time"):
        update(late, answer="ja", answered_at=timezone.now())


def test_one_question_at_a_time() -> None:
    """To the leader of a guest, as to that of a host."""
    application = ApplicationFactory.create()
    fields = {"application": application, "email": "leder@kommune.example", "days": 3}
    LeaderApproval.objects.create(expires_at=timezone.now() + DAY, **fields)
    with refused("approval_one_open_per_application"):
        LeaderApproval.objects.create(expires_at=timezone.now() + DAY, **fields)


def test_the_code_of_a_link_is_stored_nowhere() -> None:
    """Only its hash, which finds it, however it was typed."""
    row = question()
    assert row.code not in str(LeaderApproval.objects.values().get(pk=row.pk))
    assert LeaderApproval.objects.of_code(row.code.lower().replace("-", " ")).get() == row


def test_a_place_needs_a_yes_to_what_it_says_now() -> None:
    """So many days and guests, on these dates."""
    offer = OfferFactory.create()
    with pytest.raises(TransitionError, match="leder"):
        offer.publish(by=None)
    say_yes(offer)
    update(offer, days=5)
    with pytest.raises(TransitionError, match="leder"):
        Offer.objects.get(pk=offer.pk).publish(by=None)


def test_no_place_is_public_without_a_yes_to_what_it_says() -> None:
    """Neither by its state, nor by other days, seats or dates; moving a seat to the round needs no other yes."""
    offer: Offer = OfferFactory.create(slug="uden-ja", published_at=timezone.now())
    with refused("offer_public_has_a_yes"):
        Content.objects.filter(pk=offer.pk).update(state="published")
    public = public_offer()
    for changes in ({"days": 2}, {"direct_seats": 3}, {"ends_on": public.ends_on + DAY}):
        with refused("offer_public_has_a_yes"):
            update(public, **changes)
    with transaction.atomic(), connection.cursor() as cursor:
        update(public, direct_seats=1, round_seats=2)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_guest_has_a_seat_only_on_days_that_a_leader_has_said_yes_to() -> None:
    """Neither a longer stay nor another week, by whatever way it comes."""
    stay = stay_at(public_offer())
    for changes in ({"days": 4}, {"starts_on": stay.starts_on - DAY}, {"ends_on": stay.ends_on + 7 * DAY}):
        with refused("stay_has_a_yes"):
            update(stay, **changes)
    with refused("stay_has_a_yes"):
        stay_at(public_offer(), application=ApplicationFactory.create())


def test_a_place_has_room_for_everybody_who_has_a_seat() -> None:
    """In whatever state, and whoever says how many seats there are."""
    offer = public_offer(direct_seats=2, round_seats=0)
    for _n in range(2):
        stay_at(offer)
    Content.objects.filter(pk=offer.pk).update(state="suspended")
    with refused("offer_has_room"):
        update(offer, direct_seats=1)
    with pytest.raises(TransitionError, match="Flere gæster"):
        Offer.objects.get(pk=offer.pk).apply_parts({"direct_seats": 1})


# -- wishes and agreements ----------------------------------------------------


def test_two_wishes_may_change_places() -> None:
    """In one transaction; at its end each rank is there once."""
    first = wish()
    second = wish(application=first.application, rank=2)
    with transaction.atomic():
        update(first, rank=2)
        update(second, rank=1)
    with refused("wish_rank_once"):
        update(first, rank=1)


def test_what_somebody_has_signed_stands() -> None:
    """A change is a new version; a signature is not taken back."""
    row = agreement()
    update(row, purpose="At se, hvordan I planlægger.")
    update(row, guest_signed_at=SOMETIME)
    for fields in ({"purpose": "Noget andet"}, {"guest_signed_at": None}):
        with refused("agreement_stands"):
            update(row, **fields)
    update(row, host_signed_at=SOMETIME)
    assert Agreement.objects.in_force().get() == row


# -- the clock ----------------------------------------------------------------


def test_a_round_goes_through_its_year(coi_clock: Callable[[dt.datetime], None]) -> None:
    """By Danish days: a period lasts until midnight of its last day."""
    row: Round = RoundFactory.create()
    days = {
        row.offers_from - DAY: "kommer", row.offers_from: "vaerter", row.applications_from - DAY: "vaerter",
        row.applications_from: "ansoegning", row.applications_until: "ansoegning",
        row.applications_until + DAY: "match", row.answers_until: "match",
        row.answers_until + DAY: "aftaler", row.stays_from - DAY: "aftaler",
        row.stays_from: "ophold", row.stays_until: "ophold", row.stays_until + DAY: "evaluering",
        row.evaluation_until: "evaluering", row.evaluation_until + DAY: "slut",
    }  # fmt: skip
    for day, phase in days.items():
        for moment in (dt.time(0, 0, 0), dt.time(23, 59, 59)):
            coi_clock(timezone.make_aware(dt.datetime.combine(day, moment)))
            found = Round.objects.with_phase().get(pk=row.pk)
            assert (found.today, found.phase) == (day, phase), moment
            current = Round.objects.current()
            assert (current is None) is (phase == "slut")


def test_the_common_week_is_an_iso_week() -> None:
    """Week 37 of 2027 begins on 13 September."""
    assert RoundFactory.create(year=2027).common_week() == (dt.date(2027, 9, 13), dt.date(2027, 9, 17))


def test_nobody_reads_what_others_apply_for() -> None:
    """Hosts see those that a leader has said yes to, in an order that says nothing."""
    offer = public_offer()
    applications = [ready_application(), ready_application(round=None, possible_days=[timezone.localdate()])]
    begun = ApplicationFactory.create()
    for rank, application in enumerate([*applications, begun], 1):
        Wish.objects.create(application=application, offer=offer, rank=rank)
    found = list(Application.objects.to_offer(offer))
    assert found == sorted(applications, key=lambda row: row.uuid)
    assert isinstance(stay_at(offer, application=applications[0]), Stay)

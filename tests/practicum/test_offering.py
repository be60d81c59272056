"""Contact persons offer places in steps; editors read them; a leader says yes; seats move on to the round."""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from editorial import diffs
from editorial.choices import Kind, Outcome, State
from editorial.models import Change, QueueItem
from editorial.models.querysets import TransitionError
from editorial.proposals.fields import ASKED as ASKED_OF_ALL
from editorial.queue import decide
from notices.models import Notice, OutgoingMail
from places.models import Workplace, WorkplaceDomain
from practicum.approving import actions as approving
from practicum.choices import SeatWay
from practicum.models import LeaderApproval, Offer, Round, Seat
from practicum.offering import ending, seats, steps
from practicum.offering.actions import begin_offer, copy_offer
from practicum.offering.asked import ASKED
from practicum.offering.mine import my_panels
from tests.factories import (
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
    say_yes,
    stay_at,
)

pytestmark = pytest.mark.django_db
NEW = "/praktik/pladser/ny/"
LEADER = "leder@fjordby.example"
FIRST = {
    "title": "Hjemmepleje i faste hold",
    "summary": "Gå med et hold på aftenvagt.",
    "programme": "Mandag følger du et hold.",
    "subject_areas": ["aeldre"],
}


@pytest.fixture
def the_round() -> Round:
    """The round that is open for hosts."""
    made: Round = RoundFactory.create()
    return made


@pytest.fixture
def host(the_round: Round) -> Workplace:
    """A workplace whose people write from a domain."""
    made: Workplace = WorkplaceFactory.create(name="Hjemmeplejen Nord")
    WorkplaceDomain.objects.create(workplace=made, domain="fjordby.example")
    return made


@pytest.fixture
def me(client: Client, host: Workplace) -> User:
    """A contact person of the host, who is logged in."""
    user = contact_person(host, email="mig@fjordby.example")
    client.force_login(user)
    return user


def step_of(offer: Offer, key: str) -> str:
    """A step's address."""
    return reverse("practicum:proposal_step", args=[offer.uuid, key])


def save(client: Client, address: str, data: dict[str, Any]) -> Any:
    """Send a step, having seen its newest."""
    return client.post(address, {"seen": client.get(address).context["seen"], **data})


def when(the_round: Round, **more: Any) -> dict[str, Any]:
    """The third step as it is filled in."""
    first = the_round.stays_from
    return {
        "round": str(the_round.pk), "days": "3", "starts_on": first.isoformat(),
        "ends_on": (first + dt.timedelta(days=4)).isoformat(), "direct_seats": "2", "round_seats": "1", **more,
    }  # fmt: skip


def begin(client: Client, host: Workplace) -> Offer:
    """Choose the host; the draft."""
    response = client.post(NEW, {"host": host.slug})
    assert response.status_code == 302
    return Offer.objects.latest("pk")


def filled(client: Client, host: Workplace, the_round: Round, **more: Any) -> Offer:
    """A place with what is required."""
    offer = begin(client, host)
    for key, data in (("ser", FIRST), ("hvornaar", when(the_round, **more))):
        response = save(client, step_of(offer, key), data)
        assert response.status_code == 302, response.context["page"].form.errors
    return Offer.objects.get(pk=offer.pk)


def review(offer: Offer) -> str:
    """Where it is sent."""
    return reverse("practicum:proposal_review", args=[offer.uuid])


def sent(client: Client, host: Workplace, the_round: Round, **more: Any) -> Offer:
    """A place that is sent."""
    offer = filled(client, host, the_round, **more)
    response = client.post(review(offer), {"leader": LEADER})
    assert response.status_code == 302, response.context["form"].errors
    return Offer.objects.get(pk=offer.pk)


# -- the table ------------------------------------------------------------------


def test_every_part_is_asked_for_somewhere() -> None:
    """A new field that nobody can fill in is seen; what is not asked for is named with its reason."""
    names = [name for one in steps.STEPS for name in (*one.names, *one.rows)]
    assert len(names) == len(set(names)) and steps.STEPS[0].fields[:2] == ("title", "summary")
    parts = {*Offer.PARTS, *Offer.ROWS, "tags", "subject_areas"}
    assert parts - set(names) - set(steps.NOT_ASKED) == set()
    assert set(names) <= parts and not set(names) & set(steps.NOT_ASKED)
    assert set(ASKED) <= set(names) | set(ASKED_OF_ALL)


# -- the way in -----------------------------------------------------------------


def test_who_speaks_for_nobody_reads_how_one_comes_to(client: Client, host: Workplace) -> None:
    assert client.get(NEW).status_code == 302
    client.force_login(employee())
    page = client.get(NEW)
    assert page.status_code == 200 and reverse("editorial:find_workplace") in page.content.decode()
    assert client.post(NEW, {"host": host.slug}).status_code == 403
    assert not Offer.objects.exists()


def test_a_host_is_a_workplace_that_one_speaks_for(client: Client, me: User, host: Workplace) -> None:
    other = WorkplaceFactory.create()
    assert client.post(NEW, {"host": other.slug}).status_code == 422
    assert client.post(NEW, {}).status_code == 422
    with pytest.raises(TransitionError):
        begin_offer(owner=other, by=me)
    assert not Offer.objects.exists()
    Workplace.objects.filter(pk=host.pk).update(closed_on=timezone.localdate())
    assert client.post(NEW, {"host": host.slug}).status_code == 403


def test_a_double_click_begins_one_draft(client: Client, me: User, host: Workplace) -> None:
    token = str(client.get(NEW).context["form"]["once"].value())
    answers = {client.post(NEW, {"host": host.slug, "once": token})["Location"] for _twice in range(2)}
    assert len(answers) == 1 and Offer.objects.count() == 1


# -- the whole way --------------------------------------------------------------


def test_each_step_opens_and_stores_and_the_leader_and_the_editors_show_it(
    client: Client, me: User, host: Workplace, the_round: Round
) -> None:
    entry = published(title="Faste hold")
    offer = begin(client, host)
    data = {
        **FIRST, **when(the_round), "suits": "Ledere", "seen_entries-n": "1", "seen_entries-0-entry": "Faste hold",
        "certificates": ["boerneattest"], "confidentiality": "Navne på borgere", "tags": "vagter", "links-n": "0",
        "pictures-n": "0", "meeting_place": "Indgang B", "municipality": "0751",
    }  # fmt: skip
    for one in steps.STEPS:
        response = save(client, step_of(offer, one.key), data)
        assert response.status_code == 302, (one.key, response.context["page"].form.errors)
    preview = client.get(reverse("practicum:proposal_preview", args=[offer.uuid]))
    assert FIRST["title"] in preview.content.decode()
    page = client.get(review(offer))
    assert not page.context["missing"] and "leader" in page.context["form"].fields
    assert client.post(review(offer), {"leader": LEADER, "answer": "Tak"}).status_code == 302
    offer.refresh_from_db()
    assert offer.state == State.SUBMITTED and offer.owner == host and offer.round == the_round
    assert (offer.days, offer.direct_seats, offer.round_seats) == (3, 2, 1)
    assert offer.certificates == ["boerneattest"] and offer.seen_entries.get().entry_id == entry.pk
    assert client.get(reverse("practicum:proposal_done", args=[offer.uuid])).status_code == 200
    approval = LeaderApproval.objects.get()
    assert approval.email == LEADER and approval.offer_id == offer.pk
    assert OutgoingMail.objects.filter(message__to=[LEADER]).count() == 1
    item = QueueItem.objects.get()
    with pytest.raises(TransitionError, match="før en leder hos værten har sagt ja"):
        decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor(), seen=item.version)
    approving.say_yes(approval=approval, name="Karen")
    item.refresh_from_db()
    decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor(), seen=item.version)
    offer.refresh_from_db()
    assert offer.is_public and offer.seats.count() == 3


def test_sending_twice_asks_one_leader_once(
    client: Client, me: User, host: Workplace, the_round: Round
) -> None:
    offer = filled(client, host, the_round)
    for _twice in range(2):
        assert client.post(review(offer), {"leader": LEADER}).status_code == 302
    assert QueueItem.objects.count() == 1 and LeaderApproval.objects.count() == 1
    assert OutgoingMail.objects.filter(message__to=[LEADER]).count() == 1


def test_the_host_reads_which_leader_is_waited_for(
    client: Client, me: User, host: Workplace, the_round: Round
) -> None:
    offer = filled(client, host, the_round)
    text = client.post(review(offer), {"leader": LEADER}, follow=True).content.decode()
    assert f"{LEADER} har fået en mail med et link" in text
    approving.say_yes(approval=LeaderApproval.objects.get(), name="Karen")
    assert LEADER not in client.get(f"/praktik/pladser/ny/{offer.uuid}/sendt/").content.decode()


def test_the_programme_is_not_called_voluntary(
    client: Client, me: User, host: Workplace, the_round: Round
) -> None:
    offer = filled(client, host, the_round)
    text = client.get(f"/praktik/pladser/ny/{offer.uuid}/ser/").content.decode()
    assert "Hvad ser og gør gæsten?</label>" in text and "(frivilligt)" not in text


@pytest.mark.parametrize("email", ["", "leder", "leder@andetsted.example", "mig@fjordby.example"])
def test_without_a_leader_to_ask_nothing_is_sent(
    client: Client, me: User, host: Workplace, the_round: Round, email: str
) -> None:
    offer = filled(client, host, the_round)
    response = client.post(review(offer), {"leader": email, "answer": "Hej"})
    assert response.status_code == 422 and "leader" in response.context["form"].errors
    assert "Hej" in response.content.decode()
    offer.refresh_from_db()
    assert offer.state == State.DRAFT
    assert not QueueItem.objects.exists() and not LeaderApproval.objects.exists()


def test_a_leader_who_offers_the_place_has_said_yes(
    client: Client, me: User, host: Workplace, the_round: Round
) -> None:
    membership(user=me, workplace=host, role="leder")
    offer = filled(client, host, the_round)
    assert "leader" not in client.get(review(offer)).context["form"].fields
    assert client.post(review(offer), {}).status_code == 302
    approval = LeaderApproval.objects.get()
    assert approval.answer == "ja" and approval.answered_by_name == str(me)
    item = QueueItem.objects.get()
    decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor(), seen=item.version)
    offer.refresh_from_db()
    assert offer.is_public


def test_who_speaks_for_the_host_no_longer_sends_nothing(
    client: Client, me: User, host: Workplace, the_round: Round
) -> None:
    offer = filled(client, host, the_round)
    me.memberships.update(state="ended", ended_at=timezone.now())
    employee(email="x@fjordby.example")
    assert client.post(review(offer), {"leader": LEADER}).status_code == 403
    assert Client().get(review(offer)).status_code == 302
    client.force_login(contact_person(host))
    assert client.get(review(offer)).status_code == 404


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"days": "11"}, "days"),
        ({"days": "0"}, "days"),
        ({"days": "tre"}, "days"),
        ({"days": ""}, "days"),
        ({"direct_seats": "0", "round_seats": ""}, "direct_seats"),
        ({"direct_seats": "15", "round_seats": "6"}, "direct_seats"),
        ({"direct_seats": "-1"}, "direct_seats"),
        ({"direct_seats": "21"}, "direct_seats"),
        ({"round": ""}, "round_seats"),
        ({"round": "999999"}, "round"),
        ({"starts_on": ""}, "starts_on"),
        ({"ends_on": ""}, "ends_on"),
        ({"starts_on": "i morgen"}, "starts_on"),
        ({"ends_on": "2015-01-01"}, "ends_on"),
        ({"days": "6"}, "ends_on"),
        ({"starts_on": "2026-12-01"}, "starts_on"),
        ({"meeting_place": "010203-1234"}, "meeting_place"),
    ],
)
def test_wrong_numbers_and_dates_are_explained_and_kept(
    client: Client, me: User, host: Workplace, the_round: Round, data: dict[str, str], field: str
) -> None:
    offer = begin(client, host)
    save(client, step_of(offer, "ser"), FIRST)
    response = save(client, step_of(offer, "hvornaar"), when(the_round, **data))
    assert response.status_code == 422
    assert field in response.context["page"].form.errors, response.context["page"].form.errors
    for value in data.values():
        assert value in response.content.decode()


def test_a_flexible_place_has_no_dates_and_one_outside_rounds_no_round(
    client: Client, me: User, host: Workplace, the_round: Round
) -> None:
    offer = filled(client, host, the_round, is_flexible="on", round="", round_seats="")
    assert offer.is_flexible and offer.starts_on is None and offer.round is None
    assert (offer.direct_seats, offer.round_seats) == (2, 0)


def test_a_round_that_takes_no_places_is_not_chosen(
    client: Client, me: User, host: Workplace, the_round: Round
) -> None:
    offer = filled(client, host, the_round)
    Round.objects.update(offers_until=timezone.localdate() - dt.timedelta(days=1))
    response = client.post(review(offer), {"leader": LEADER})
    assert response.status_code == 422 and response.context["missing"]
    assert Offer.objects.get(pk=offer.pk).state == State.DRAFT


# -- corrections ----------------------------------------------------------------


def public(host: Workplace, me: User, **fields: Any) -> Offer:
    """A public place of the host, said yes to by a leader there."""
    offer = public_offer(owner=host, author=me, **fields)
    LeaderApproval.objects.update(email=LEADER)
    return offer


def change(client: Client, offer: Offer, key: str, data: dict[str, Any]) -> Change:
    """A change with a step filled in."""
    assert client.post(reverse("practicum:offer_edit", args=[offer.slug])).status_code == 302
    made = Change.objects.latest("pk")
    response = save(client, reverse("practicum:change_step", args=[made.uuid, key]), data)
    assert response.status_code == 302, response.context["page"].form.errors
    made.refresh_from_db()
    return made


@pytest.mark.parametrize("trusted", [False, True])
def test_changed_dates_are_held_until_the_leader_says_yes_again(
    client: Client, me: User, host: Workplace, the_round: Round, trusted: bool
) -> None:
    me.memberships.update(trusted=trusted)
    offer = public(host, me)
    made = change(client, offer, "hvornaar", when(the_round, days="2"))
    assert set(made.proposed) == {"days"}
    address = reverse("practicum:change_review", args=[made.uuid])
    form = client.get(address).context["form"]
    assert form.fields["leader"].initial == LEADER
    assert client.post(address, {"leader": LEADER}).status_code == 302
    approval = LeaderApproval.objects.get(answer="")
    assert approval.email == LEADER and approval.days == 2
    item = QueueItem.objects.get()
    with pytest.raises(TransitionError, match="Venter på lederen"):
        decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor(), seen=item.version)
    assert Offer.objects.get(pk=offer.pk).days == 3
    approving.say_yes(approval=approval, name="Karen")
    item.refresh_from_db()
    decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor(), seen=item.version)
    assert Offer.objects.get(pk=offer.pk).days == 2


def test_a_trusted_hand_moves_no_date_without_the_editors(
    client: Client, me: User, host: Workplace, the_round: Round
) -> None:
    me.memberships.update(trusted=True)
    offer = public(host, me)
    ends = (the_round.stays_from + dt.timedelta(days=3)).isoformat()
    made = change(client, offer, "hvornaar", when(the_round, ends_on=ends))
    address = reverse("practicum:change_review", args=[made.uuid])
    assert client.post(address, {"leader": LEADER}).status_code == 302
    made.refresh_from_db()
    assert made.state == State.SUBMITTED and LeaderApproval.objects.filter(answer="").count() == 1


def test_changed_words_need_no_new_yes(client: Client, me: User, host: Workplace, the_round: Round) -> None:
    offer = public(host, me)
    made = change(client, offer, "ser", {**FIRST, "title": offer.title})
    address = reverse("practicum:change_review", args=[made.uuid])
    assert "leader" not in client.get(address).context["form"].fields
    assert client.post(address, {}).status_code == 302
    item = QueueItem.objects.get()
    decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor(), seen=item.version)
    assert Offer.objects.get(pk=offer.pk).programme == FIRST["programme"]


def test_only_who_speaks_for_the_host_corrects_it(client: Client, me: User, host: Workplace) -> None:
    offer = public(host, me)
    edit = reverse("practicum:offer_edit", args=[offer.slug])
    withdraw = reverse("practicum:offer_withdraw", args=[offer.slug])
    assert client.get(edit).status_code == client.get(withdraw).status_code == 200
    me.memberships.update(state="ended", ended_at=timezone.now())
    assert client.get(edit).status_code == client.get(withdraw).status_code == 403
    assert client.post(edit).status_code == 403
    assert client.get(reverse("practicum:offer_edit", args=["findes-ikke"])).status_code == 404


@pytest.mark.parametrize(
    ("part", "value", "words"),
    [
        ("starts_on", "2027-09-13", "13. september 2027"),
        ("ends_on", None, ""),
        ("is_flexible", True, "Ja"),
        ("is_flexible", False, "Nej"),
        ("days", 2, "2"),
    ],
)
def test_the_editors_read_dates_and_ticks_in_words(part: str, value: object, words: str) -> None:
    assert diffs.shown(OfferFactory.create(), part, value) == words


# -- once more ------------------------------------------------------------------


def last_year(host: Workplace, **fields: Any) -> Offer:
    """A place of last year's round, Tuesday to Thursday of its week."""
    year = timezone.localdate().year
    monday = dt.date.fromisocalendar(year, 37, 1)
    past = Round.objects.create(
        year=year, is_public=True, offers_from=dt.date(year - 1, 11, 1), offers_until=dt.date(year, 1, 31),
        applications_from=dt.date(year, 2, 1), applications_until=dt.date(year, 3, 15),
        seats_move_on=dt.date(year, 3, 1), answers_until=dt.date(year, 4, 15), agreements_until=dt.date(year, 6, 1),
        stays_from=monday, stays_until=monday + dt.timedelta(days=4), evaluation_until=dt.date(year, 10, 31),
    )  # fmt: skip
    dates = {"starts_on": monday + dt.timedelta(days=1), "ends_on": monday + dt.timedelta(days=3)}
    return public_offer(owner=host, round=past, **{**dates, **fields})


def test_this_years_place_is_not_called_an_earlier_one(
    client: Client, me: User, host: Workplace, the_round: Round
) -> None:
    old, new = last_year(host), public_offer(owner=host, round=the_round)
    assert list(client.get(reverse("practicum:offer_new")).context["earlier"]) == [old]
    assert new.is_public


def test_last_years_place_is_offered_again_once(client: Client, me: User, host: Workplace) -> None:
    year = timezone.localdate().year + 1
    monday = dt.date.fromisocalendar(year, 37, 1)
    Round.objects.update(
        stays_from=monday, stays_until=monday + dt.timedelta(days=4),
        evaluation_until=monday + dt.timedelta(days=40),
    )  # fmt: skip
    old = last_year(host, suits="Ledere", days=2)
    old.tags.add("vagter")
    address = reverse("practicum:offer_copy", args=[old.uuid])
    assert client.get(address).status_code == 405
    places = {client.post(address)["Location"] for _twice in range(2)}
    assert len(places) == 1
    draft = Offer.objects.get(copied_from=old)
    assert draft.state == State.DRAFT and draft.author == me and draft.owner == host
    assert draft.round is not None and draft.round.year == year
    assert (draft.starts_on, draft.ends_on) == (monday + dt.timedelta(days=1), monday + dt.timedelta(days=3))
    assert (draft.direct_seats, draft.round_seats, draft.days) == (2, 1, 2)
    assert draft.title == old.title and draft.suits == "Ledere" and draft.programme == old.programme
    assert list(draft.tags.names()) == ["vagter"] and draft.subject_areas.count() == 1
    assert not draft.approvals.exists() and draft.slug is None
    assert client.post(review(draft), {"leader": LEADER}).status_code == 302


def test_without_a_round_a_copy_is_agreed_on_directly(me: User, host: Workplace) -> None:
    old = last_year(host)
    Round.objects.update(is_public=False)
    draft = copy_offer(offer=old, by=me)
    assert draft.round is None and draft.is_flexible and (draft.direct_seats, draft.round_seats) == (3, 0)


def test_only_a_host_offers_its_own_place_again(client: Client, me: User, host: Workplace) -> None:
    other = last_year(WorkplaceFactory.create())
    hidden_one = OfferFactory.create()
    assert client.post(reverse("practicum:offer_copy", args=[other.uuid])).status_code == 403
    assert client.post(reverse("practicum:offer_copy", args=[hidden_one.uuid])).status_code == 404
    assert not Offer.objects.filter(copied_from__isnull=False).exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_clicks_at_once_copy_it_once(me: User, host: Workplace) -> None:
    old = last_year(host)
    found: list[int] = []

    def click() -> None:
        try:
            found.append(copy_offer(offer=old, by=me).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _two in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 2 and len(set(found)) == 1


# -- the queue ------------------------------------------------------------------


def test_the_queue_says_that_it_waits_for_the_leader(
    client: Client, me: User, host: Workplace, the_round: Round
) -> None:
    offer = sent(client, host, the_round)
    item = QueueItem.objects.get()
    staff = Client()
    staff.force_login(editor())
    assert "Venter på lederen" in staff.get(reverse("editorial:queue")).content.decode()
    page = staff.get(reverse("editorial:item", args=[item.uuid])).content.decode()
    assert "Venter på lederen" in page and LEADER not in page and "Pladser i runden" in page
    approving.say_no(approval=LeaderApproval.objects.get(), name="Karen", reason="Vi flytter.")
    assert "Lederen har sagt nej" in staff.get(reverse("editorial:queue")).content.decode()
    assert "Vi flytter." in staff.get(reverse("editorial:item", args=[item.uuid])).content.decode()
    say_yes(offer)
    assert "Lederen har" not in staff.get(reverse("editorial:queue")).content.decode()


def test_the_answer_is_refused_in_words_on_the_editors_page(
    client: Client, me: User, host: Workplace, the_round: Round
) -> None:
    offer = sent(client, host, the_round)
    item = QueueItem.objects.get()
    staff = Client()
    staff.force_login(editor())
    staff.post(reverse("editorial:take", args=[item.uuid]))
    item.refresh_from_db()
    data = {"outcome": "approved", "seen": item.version, "reason": "", "force": "on"}
    response = staff.post(reverse("editorial:answer", args=[item.uuid]), data)
    assert (
        response.status_code in (409, 422)
        and "før en leder hos værten har sagt ja" in response.content.decode()
    )
    offer.refresh_from_db()
    assert offer.state == State.SUBMITTED


def test_an_answer_to_the_editors_asks_the_leader_no_second_time(
    client: Client, me: User, host: Workplace, the_round: Round
) -> None:
    offer = sent(client, host, the_round)
    item = QueueItem.objects.get()
    decide(
        uuid=item.uuid,
        outcome=Outcome.RETURNED,
        by=editor(),
        seen=item.version,
        reason="Hvad ser gæsten tirsdag?",
    )
    assert "leader" not in client.get(review(offer)).context["form"].fields
    assert client.post(review(offer), {"answer": "Et møde."}).status_code == 302
    assert (
        LeaderApproval.objects.count() == 1 and OutgoingMail.objects.filter(message__to=[LEADER]).count() == 1
    )


def test_an_answer_with_more_seats_asks_the_leader_again(
    client: Client, me: User, host: Workplace, the_round: Round
) -> None:
    offer = sent(client, host, the_round)
    approving.say_yes(approval=LeaderApproval.objects.get(), name="Karen")
    item = QueueItem.objects.get()
    decide(
        uuid=item.uuid,
        outcome=Outcome.RETURNED,
        by=editor(),
        seen=item.version,
        reason="Er der plads til flere?",
    )
    save(client, step_of(offer, "hvornaar"), when(the_round, round_seats="4"))
    assert client.post(review(offer), {"leader": LEADER}).status_code == 302
    assert LeaderApproval.objects.get(answer="").seats == 6
    with pytest.raises(TransitionError):
        Offer.objects.get(pk=offer.pk).publish(by=None)


# -- seats that move on -----------------------------------------------------------


def test_free_direct_seats_go_to_the_round_once_and_the_host_is_told(
    me: User, host: Workplace, the_round: Round, coi_clock: Callable[[dt.datetime], None]
) -> None:
    offer = public(host, me)
    stay = stay_at(offer)
    assert stay.seat.way == SeatWay.DIRECT
    day = the_round.seats_move_on

    def at(date: dt.date) -> None:
        coi_clock(timezone.make_aware(dt.datetime.combine(date, dt.time(1))))

    at(day - dt.timedelta(days=1))
    assert seats.move_seats_on() == 0
    at(day)
    assert [seats.move_seats_on() for _twice in range(2)] == [1, 0]
    offer.refresh_from_db()
    assert (offer.direct_seats, offer.round_seats) == (1, 2)
    assert sorted(offer.seats.values_list("way", flat=True)) == ["direkte", "runde", "runde"]
    moved = offer.seats.get(moved_on__isnull=False)
    assert moved.moved_on == day and moved.way == SeatWay.ROUND
    assert Notice.objects.filter(recipient=me, subject__contains="gået med i runden").count() == 1
    assert approving.missing_yes(offer) is None


def test_seats_stay_without_a_round_hidden_or_too_late(
    me: User, host: Workplace, the_round: Round, coi_clock: Callable[[dt.datetime], None]
) -> None:
    public(host, me, round=None, round_seats=0)
    public(host, me).suspend(by=None, reason="Fejl")
    coi_clock(timezone.make_aware(dt.datetime.combine(the_round.seats_move_on, dt.time(12))))
    assert seats.move_seats_on() == 0
    public(host, me)
    coi_clock(
        timezone.make_aware(dt.datetime.combine(the_round.answers_until, dt.time(12)) + dt.timedelta(days=1))
    )
    assert seats.move_seats_on() == 0 and not Seat.objects.filter(moved_on__isnull=False).exists()


# -- places that are over ---------------------------------------------------------


def test_a_place_that_is_over_is_archived_once_and_the_host_is_told(
    client: Client, me: User, host: Workplace, the_round: Round, coi_clock: Callable[[dt.datetime], None]
) -> None:
    dated = public(host, me, title="Uge 37 hos os")
    its_round = public(host, me, title="Når som helst i ugen", is_flexible=True, starts_on=None, ends_on=None)
    all_year = public(
        host, me, title="Hele året", round=None, round_seats=0, is_flexible=True, starts_on=None, ends_on=None
    )
    last = the_round.stays_until
    days = [last, last + dt.timedelta(days=1)]
    agreed = stay_at(
        public(host, me, title="Aftalt til senere"), application=ready_application(possible_days=days),
        starts_on=days[0], ends_on=days[1], days=2,
    )  # fmt: skip
    hidden = public(host, me, title="Taget ned")
    hidden.suspend(by=None, reason="Fejl")

    def at(date: dt.date) -> None:
        coi_clock(timezone.make_aware(dt.datetime.combine(date, dt.time(1))))

    assert dated.ends_on is not None and dated.ends_on <= last
    at(dated.ends_on)
    assert ending.archive_what_is_over() == 0
    at(last + dt.timedelta(days=1))
    assert [ending.archive_what_is_over() for _twice in range(2)] == [2, 0]
    at(last + dt.timedelta(days=2))
    assert ending.archive_what_is_over() == 1
    states = dict(Offer.objects.values_list("title", "state"))
    assert states == {
        dated.title: State.ARCHIVED, its_round.title: State.ARCHIVED, agreed.offer.title: State.ARCHIVED,
        all_year.title: State.PUBLISHED, hidden.title: State.SUSPENDED,
    }  # fmt: skip
    told = Notice.objects.filter(recipient=me, subject__contains="arkiveret")
    assert [text.split("»")[1].split("«")[0] for text in told.order_by("pk").values_list("text", flat=True)] == [
        dated.title, its_round.title, agreed.offer.title,
    ]  # fmt: skip
    assert client.get(dated.get_absolute_url()).status_code == 200
    rows = {row.offer.title: row for panel in my_panels(me) for row in panel.context["rows"]}
    assert [rows[place.title].copies for place in (dated, its_round, all_year)] == [True, True, False]
    for page in ("/praktik/", "/soeg/?q=uge", "/kort/", "/sitemap.xml"):
        assert dated.slug not in client.get(page).content.decode(), page


# -- a host's own -----------------------------------------------------------------


def test_min_side_shows_a_host_its_places_and_the_next_step(
    client: Client, me: User, host: Workplace, the_round: Round
) -> None:
    draft = begin(client, host)
    waiting = OfferFactory.create(owner=host, author=me, title="Venter på svar", state=State.SUBMITTED)
    asked = OfferFactory.create(owner=host, author=me, title="Er spurgt", state=State.SUBMITTED)
    approving.ask_leader(asked, LEADER)
    up = public(host, me, title="Slået op i dag")
    old = last_year(host, title="Fra sidste år")
    someone = OfferFactory.create(owner=host, author=contact_person(host), title="En andens kladde")
    page = client.get(reverse("my_page")).content.decode()
    assert reverse("practicum:proposal_resume", args=[draft.uuid]) in page
    assert reverse("practicum:ask_leader", args=[waiting.uuid]) in page
    assert "Venter på lederen" in page
    assert "3 ledige pladser, 0 taget" in page and reverse("practicum:offer_edit", args=[up.slug]) in page
    assert reverse("practicum:offer_copy", args=[old.uuid]) in page
    assert someone.title not in re.sub(r"<h1.*?</h1>", "", page)
    client.force_login(UserFactory.create())
    assert "Jeres praktikpladser" not in client.get(reverse("my_page")).content.decode()


def test_the_workplaces_page_says_what_there_is_to_do(
    client: Client, me: User, host: Workplace, the_round: Round
) -> None:
    page = client.get(host.get_absolute_url()).content.decode()
    assert f"{NEW}?arbejdsplads={host.slug}" in page
    offer = OfferFactory.create(owner=host, author=me, title="Faste hold", state=State.SUBMITTED)
    page = client.get(host.get_absolute_url()).content.decode()
    assert reverse("practicum:ask_leader", args=[offer.uuid]) in page
    assert f"{NEW}?arbejdsplads" not in page
    assert "Faste hold" not in Client().get(host.get_absolute_url()).content.decode()


def test_names_of_entries_come_while_one_writes(client: Client, me: User) -> None:
    published(title="Ring før brevet")
    address = reverse("practicum:entry_names")
    assert client.get(address, {"q": "ring"}).json() == {"forslag": ["Ring før brevet"]}
    assert Client().get(address).status_code == 302


def test_a_place_is_a_kind_that_is_proposed() -> None:
    from editorial.proposals.kinds import PROPOSED

    assert PROPOSED[Kind.OFFER].area == "practicum"

"""Applications: begun with a place, written, put in order, sent to the leader, changed, taken back."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from editorial.models.querysets import TransitionError
from notices.models import OutgoingMail
from places.models import Municipality, Workplace, WorkplaceDomain
from practicum.applying import actions
from practicum.applying.days import spelled, window
from practicum.applying.forms import ApplicationForm
from practicum.applying.hints import hints
from practicum.applying.steps import next_step
from practicum.matching.limits import distance_km
from practicum.matching.problem import Point
from practicum.models import Application, LeaderApproval, Offer, Round, Wish
from tests.factories import (
    ApplicationFactory,
    RoundFactory,
    UserFactory,
    WorkplaceFactory,
    employee,
    membership,
    public_offer,
    ready_application,
    say_yes,
    stay_at,
)

pytestmark = pytest.mark.django_db
Clock = Callable[[dt.datetime], None]
LEADER = "leder@fjordby.example"


def open_round(**fields: Any) -> Round:
    """A round that guests apply in today."""
    today = timezone.localdate()
    later = today + dt.timedelta(days=120)
    row: Round = RoundFactory.create(
        stays_from=later + dt.timedelta(days=-later.weekday() % 7),  # a Monday
        applications_from=today - dt.timedelta(days=2),
        offers_until=today + dt.timedelta(days=5),
        applications_until=today + dt.timedelta(days=30),
        seats_move_on=today + dt.timedelta(days=20),
        answers_until=today + dt.timedelta(days=60),
        **fields,
    )
    return row


def guest(**fields: Any) -> User:
    """An employee of a workplace that has a domain for its leaders' addresses."""
    workplace = WorkplaceFactory.create(**fields)
    WorkplaceDomain.objects.get_or_create(workplace=workplace, domain="fjordby.example")
    user: User = UserFactory.create()
    membership(user=user, workplace=workplace, role="medarbejder")
    return user


def begun(user: User, offer: Offer) -> Application:
    """The application that the user begins with a place."""
    workplace = Workplace.objects.get(memberships__user=user)
    return actions.wish_for(offer=offer, by=user, workplace=workplace)


def whole(user: User, offer: Offer) -> Application:
    """An application that can be sent."""
    row = begun(user, offer)
    assert offer.round
    days = [offer.round.stays_from + dt.timedelta(days=n) for n in range(4)]
    row.change(motivation="Vi skal i gang.", possible_days=days, days=3)
    return row


def page(row: Application, name: str = "application") -> str:
    """An address of an application."""
    return reverse(f"practicum:{name}", args=[row.uuid])


def values(row: Application, **fields: Any) -> dict[str, Any]:
    """What the form holds, as a browser sends it."""
    form = ApplicationForm(application=row)
    found = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in found.items() if value not in (None, "", [], False)}
    if "municipality" in sent:
        sent["municipality"] = str(sent["municipality"])
    return sent | fields


def apply(client: Client, offer: Offer, **fields: Any) -> Any:
    """Press the button on a place's page of application."""
    address = reverse("practicum:apply", args=[offer.slug])
    form = client.get(address).context["form"]
    sent = {name: form[name].value() for name in form.fields}
    return client.post(address, {**{k: v for k, v in sent.items() if v is not None}, **fields})


# -- a place is wished for ---------------------------------------------------------


def test_the_first_place_begins_an_application_and_the_next_is_its_last_wish(client: Client) -> None:
    """One application in a round, however many places; GET writes nothing."""
    row, user = open_round(), guest()
    first, second = public_offer(round=row), public_offer(round=row)
    client.force_login(user)
    assert client.get(reverse("practicum:apply", args=[first.slug])).status_code == 200
    assert not Application.objects.exists()
    workplace = Workplace.objects.get(memberships__user=user)
    answer = apply(client, first, workplace=workplace.slug)
    application = Application.objects.get()
    assert answer.url == page(application)
    assert (application.guest, application.workplace, application.round) == (user, workplace, row)
    assert apply(client, second).url == page(application)
    assert apply(client, second).status_code in (200, 302)
    assert list(application.wishes.values_list("offer", "rank")) == [(first.pk, 1), (second.pk, 2)]


def test_the_same_form_twice_begins_one(client: Client) -> None:
    """Double click, back button: the second is led to what the first made."""
    row, user = open_round(), guest()
    offer = public_offer(round=row)
    client.force_login(user)
    address = reverse("practicum:apply", args=[offer.slug])
    form = client.get(address).context["form"]
    sent = {
        "once": str(form["once"].value()),
        "workplace": Workplace.objects.get(memberships__user=user).slug,
    }
    answers = [client.post(address, sent) for _n in range(2)]
    assert {answer.url for answer in answers} == {page(Application.objects.get())}
    assert Wish.objects.count() == 1


def test_a_place_without_a_round_has_an_application_of_its_own() -> None:
    """Asked again, it is the same one; another place gets another."""
    user = guest()
    first, second = (public_offer(round=None, round_seats=0) for _n in range(2))
    one, again, other = begun(user, first), begun(user, first), begun(user, second)
    assert one == again != other and one.round is None


def test_eight_wishes_are_the_most() -> None:
    """The ninth is refused in words, and nothing is written."""
    row, user = open_round(), guest()
    offers = [public_offer(round=row) for _n in range(9)]
    for offer in offers[:8]:
        begun(user, offer)
    with pytest.raises(TransitionError, match="8 pladser"):
        begun(user, offers[8])
    assert Wish.objects.count() == 8


def refused(client: Client, user: User, offer: Offer) -> Any:
    """The answer to GET and POST of somebody who can't apply."""
    client.force_login(user)
    address = reverse("practicum:apply", args=[offer.slug])
    answer = client.get(address)
    assert answer.status_code == client.post(address).status_code == 403
    assert not Application.objects.exists()
    return answer.context


def test_who_can_not_apply_is_told_why(client: Client, coi_clock: Clock) -> None:
    """No public employee, one's own workplace, before and after the round; without login one logs in."""
    row = open_round()
    offer = public_offer(round=row)
    assert "/konto/" in client.get(reverse("practicum:apply", args=[offer.slug])).headers["Location"]
    assert refused(client, UserFactory.create(), offer)["why"] == "ansat"
    own = UserFactory.create()
    membership(user=own, workplace=offer.owner, role="medarbejder")
    assert refused(client, own, offer)["why"] == "egen"
    user = guest()
    Round.objects.filter(pk=row.pk).update(applications_from=timezone.localdate() + dt.timedelta(days=3))
    assert "Du kan søge fra" in refused(client, user, offer)["sentence"]
    later = row.applications_until + dt.timedelta(days=1)
    Round.objects.filter(pk=row.pk).update(applications_from=timezone.localdate() - dt.timedelta(days=3))
    coi_clock(noon(later))
    assert "Fristen for at søge var" in refused(client, user, offer)["sentence"]


def noon(day: dt.date) -> dt.datetime:
    """The middle of a Danish day."""
    return dt.datetime.combine(day, dt.time(12), ZoneInfo("Europe/Copenhagen"))


def test_who_has_no_role_writes_the_name_of_the_workplace(client: Client) -> None:
    """A verified address proves the sector; the name must be a public workplace's, and of one only."""
    user = employee()
    assert not Workplace.objects.filter(memberships__user=user).exists()
    WorkplaceFactory.create(name="Strandby Bibliotek")
    WorkplaceFactory.create(name="Et firma", sector="privat")
    for _n in range(2):
        WorkplaceFactory.create(name="Børnehuset")
    offer = public_offer(round=open_round())
    client.force_login(user)
    for name in ("", "Findes ikke", "Et firma", "Børnehuset"):
        answer = apply(client, offer, workplace_name=name)
        assert answer.status_code == 422 and answer.context["form"].errors["workplace_name"], name
    assert apply(client, offer, workplace_name="strandby  bibliotek").status_code == 302
    assert Application.objects.get().workplace.name == "Strandby Bibliotek"


def test_nobody_wishes_for_the_workplace_they_have_written(client: Client) -> None:
    """Also where no role tells that it is theirs."""
    user, offer = employee(), public_offer(round=open_round())
    client.force_login(user)
    assert offer.owner
    answer = apply(client, offer, workplace_name=offer.owner.name)
    assert answer.status_code == 422 and "egen arbejdsplads" in str(answer.context["form"].errors)
    assert not Application.objects.exists()


# -- written and put in order -------------------------------------------------------


def test_what_is_written_is_kept_and_wrong_input_loses_nothing(client: Client) -> None:
    """422 with all that was typed, and a sentence at each field; nothing is stored then."""
    user = guest()
    row = begun(user, public_offer(round=open_round()))
    client.force_login(user)
    days = [day.isoformat() for day in window(row.round, [])[:3]]  # type: ignore[arg-type]
    bad = {
        **values(row), "motivation": "Jeg vil se.", "days": "11", "travel_km": "0", "possible_days": ["2001-01-01"],
        "brings_home": "CPR 010203-1234",
    }  # fmt: skip
    answer = client.post(page(row), bad)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"days", "travel_km", "possible_days", "brings_home"}
    for text in ("Jeg vil se.", 'value="11"', "010203-1234"):
        assert text in answer.content.decode()
    row.refresh_from_db()
    assert row.motivation == ""
    good = {
        **values(row), "motivation": "Jeg vil se.", "days": "2", "travel_km": "50", "municipality": "0751",
        "possible_days": days, "certificates": ["boerneattest"], "subject_areas": ["skole", "aeldre"],
    }  # fmt: skip
    assert client.post(page(row), good).url == page(row)
    row.refresh_from_db()
    assert (row.motivation, row.days, row.travel_km, row.municipality_id) == ("Jeg vil se.", 2, 50, "0751")
    assert [day.isoformat() for day in row.possible_days] == days and row.certificates == ["boerneattest"]
    assert set(row.subject_areas.values_list("slug", flat=True)) == {"skole", "aeldre"}
    assert client.post(page(row), good | {"subject_areas": ["findes-ikke"]}).context[
        "form"
    ].errors.keys() == {"subject_areas"}
    assert client.post(page(row), good | {"subject_areas": []}).status_code == 302
    assert not row.subject_areas.exists()


def test_days_outside_a_round_are_a_period_with_weekdays(client: Client) -> None:
    """The days of the week that were ticked, from the first to the last."""
    user = guest()
    row = begun(user, public_offer(round=None, round_seats=0))
    assert "subject_areas" not in ApplicationForm(application=row).fields
    client.force_login(user)
    period = {"first_day": "2027-03-01", "last_day": "2027-03-14", "weekdays": ["1", "3"]}
    assert client.post(page(row), {**values(row), **period}).status_code == 302
    row.refresh_from_db()
    assert [day.day for day in row.possible_days] == [1, 3, 8, 10]
    assert spelled(row) == ["1. marts 2027", "3. marts 2027", "8. marts 2027", "10. marts 2027"]
    for wrong, field in (
        ({"last_day": ""}, "last_day"),
        ({"first_day": ""}, "first_day"),
        ({"last_day": "2027-02-01"}, "last_day"),
        ({"last_day": "2029-02-01"}, "last_day"),
        ({"last_day": "2027-12-31", "weekdays": ["1", "2", "3", "4", "5"]}, "last_day"),
        ({"last_day": "2027-03-02", "weekdays": ["7"]}, "weekdays"),
    ):
        answer = client.post(page(row), {**values(row), **period, **wrong})
        assert list(answer.context["form"].errors) == [field], wrong


def test_wishes_move_without_losing_what_was_typed(client: Client) -> None:
    """The buttons are part of the form: what stands in it is stored, or, where it is wrong, shown again."""
    row, user = open_round(), guest()
    offers = [public_offer(round=row) for _n in range(3)]
    for offer in offers:
        application = begun(user, offer)
    client.force_login(user)

    def order() -> list[int]:
        assert list(application.wishes.values_list("rank", flat=True)) == list(
            range(1, application.wishes.count() + 1)
        )
        return [offers.index(wish.offer) for wish in application.wishes.all()]  # type: ignore[arg-type]

    third = application.wishes.get(offer=offers[2])
    moved = client.post(page(application), {**values(application), "motivation": "Hej", "op": third.uuid})
    assert moved.status_code == 302 and order() == [0, 2, 1]
    application.refresh_from_db()
    assert application.motivation == "Hej"
    wrong = client.post(
        page(application), {**values(application), "days": "x", "motivation": "Nu", "op": third.uuid}
    )
    assert wrong.status_code == 422 and ">\nNu</textarea>" in wrong.content.decode() and order() == [2, 0, 1]
    client.post(page(application), {**values(application), "op": third.uuid})
    client.post(page(application), {**values(application), "ned": uuid.uuid4()})
    client.post(page(application), {**values(application), "ned": "x"})
    assert order() == [2, 0, 1], "the first stays first, and what is not there moves nothing"
    client.post(page(application), {**values(application), "ned": third.uuid})
    assert order() == [0, 2, 1]
    for _n in range(2):
        client.post(page(application), {**values(application), "fjern": third.uuid})
    assert order() == [0, 1]


def test_hints_say_what_rules_a_wish_out() -> None:
    """Each limit of the matching, in words; a wish is never refused because of one."""
    row, user = open_round(), guest()
    offer = public_offer(
        round=row,
        days=4,
        certificates=["straffeattest"],
        municipality=Municipality.objects.get(name="Thisted"),
    )
    application = begun(user, offer)
    days = window(row, [])
    fits: dict[str, Any] = {
        "days": 4,
        "possible_days": days[:5],
        "certificates": ["straffeattest"],
        "travel_km": None,
    }
    application.municipality = Municipality.objects.get(name="Aarhus")
    table: list[tuple[dict[str, Any], str]] = [
        ({}, ""),
        ({"days": 3}, "varer 4 dage, og du har skrevet 3 dage"),
        ({"possible_days": days[:2]}, "Du kan 2 af de dage"),
        ({"possible_days": [dt.date(2001, 1, 1)]}, "Du kan ingen af de dage"),
        ({"possible_days": []}, ""),
        ({"certificates": []}, "Værten kræver straffeattest"),
        ({"travel_km": 20}, "km, og du har skrevet højst 20 km"),
        ({"travel_km": 500}, ""),
    ]
    for fields, expected in table:
        for name, value in {**fits, **fields}.items():
            setattr(application, name, value)
        found = hints(application, offer)
        assert [expected in text for text in found] == ([True] if expected else []), fields
    assert distance_km(Point(55.676, 12.568), Point(56.162, 10.203)) == 157
    assert distance_km(None, Point(56.0, 10.0)) is None


# -- sent, changed, taken back ------------------------------------------------------


def send(client: Client, row: Application, **fields: Any) -> Any:
    """Open the page and send."""
    form = client.get(page(row, "application_send")).context["form"]
    sent = {"once": str(form["once"].value()), "email": LEADER, "consent": "on"}
    return client.post(page(row, "application_send"), {**sent, **fields})


def test_a_whole_application_is_sent_to_the_leader(client: Client) -> None:
    """The state changes, one question is asked, one mail waits, and the page says so."""
    user = guest()
    row = whole(user, public_offer(round=open_round()))
    client.force_login(user)
    answer = send(client, row)
    assert answer.url == page(row)
    row.refresh_from_db()
    question = LeaderApproval.objects.get(application=row)
    assert row.state == "leder" and row.sent_at
    assert (question.email, question.days, question.first_day) == (LEADER, 3, min(row.possible_days))
    assert LEADER in str(OutgoingMail.objects.get().message)
    assert LEADER in client.get(page(row)).content.decode()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"email": ""}, "email"),
        ({"email": "leder"}, "email"),
        ({"email": "leder@andetsteds.example"}, "email"),
        ({"consent": ""}, "consent"),
    ],
)
def test_an_address_elsewhere_or_no_consent_sends_nothing(
    client: Client, fields: dict[str, str], field: str
) -> None:
    """422 with what was typed."""
    user = guest()
    row = whole(user, public_offer(round=open_round()))
    client.force_login(user)
    answer = send(client, row, **fields)
    assert answer.status_code == 422 and list(answer.context["form"].errors) == [field]
    row.refresh_from_db()
    assert row.state == "kladde" and not LeaderApproval.objects.filter(offer=None).exists()


def test_what_is_missing_is_said_and_nothing_is_sent(client: Client) -> None:
    """Motivation, days, a place."""
    user = guest()
    row = begun(user, public_offer(round=open_round()))
    row.wishes.all().delete()
    client.force_login(user)
    shown = client.get(page(row, "application_send"))
    assert len(shown.context["missing"]) == 3
    answer = client.post(page(row, "application_send"), {"email": LEADER, "consent": "on"})
    assert answer.status_code == 422 and not LeaderApproval.objects.filter(offer=None).exists()


def ready(user: User) -> Application:
    """The user's application in an open round, that the leader has said yes to."""
    row = whole(user, public_offer(round=open_round()))
    row.send()
    say_yes(row)
    Application.objects.filter(pk=row.pk).update(state="klar", ready_at=timezone.now())
    row.refresh_from_db()
    return row


def test_other_days_after_a_yes_need_a_new_one_and_say_so_before(client: Client) -> None:
    """Without the tick nothing is written; with it the leader is asked again on the same address."""
    user = guest()
    row = ready(user)
    LeaderApproval.objects.filter(application=row).update(email=LEADER)
    client.force_login(user)
    assert "venter ansøgningen igen på din leder" in client.get(page(row)).content.decode()
    later = [*row.possible_days, row.possible_days[-1] + dt.timedelta(days=1)]
    sent = {**values(row), "possible_days": [day.isoformat() for day in later]}
    answer = client.post(page(row), sent)
    assert answer.status_code == 422 and list(answer.context["form"].errors) == ["again"]
    row.refresh_from_db()
    assert row.state == "klar" and len(row.possible_days) == 4
    assert client.post(page(row), {**sent, "again": "on"}).status_code == 302
    row.refresh_from_db()
    assert row.state == "leder" and row.ready_at is None and row.possible_days == later
    assert row.approvals.get(answer="").email == LEADER


def test_fewer_days_within_the_yes_need_no_new_one(client: Client) -> None:
    """The leader has said yes to more; text and wishes are the guest's own business."""
    user = guest()
    row = ready(user)
    client.force_login(user)
    fewer = [day.isoformat() for day in row.possible_days[:2]]
    answer = client.post(page(row), {**values(row), "days": "2", "possible_days": fewer, "motivation": "Nyt"})
    assert answer.status_code == 302
    row.refresh_from_db()
    assert (row.state, row.days, row.motivation) == ("klar", 2, "Nyt")


def test_what_was_sent_stays_whole(client: Client) -> None:
    """No empty motivation, no fewer days than asked for."""
    user = guest()
    row = ready(user)
    client.force_login(user)
    answer = client.post(page(row), {**values(row), "motivation": " ", "possible_days": []})
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"motivation", "possible_days"}


def test_taking_it_back_is_asked_first_and_closes_the_question(client: Client) -> None:
    """Twice is the same; a new one can be begun."""
    user = guest()
    offer = public_offer(round=open_round())
    row = whole(user, offer)
    actions.send(application=row, email=LEADER, by=user)
    client.force_login(user)
    assert client.get(page(row, "application_withdraw")).status_code == 200
    row.refresh_from_db()
    assert row.state == "leder"
    for _n in range(2):
        assert client.post(page(row, "application_withdraw")).url == page(row)
    row.refresh_from_db()
    assert row.state == "trukket" and not LeaderApproval.objects.filter(answer="").exists()
    assert client.get(page(row)).status_code == 200
    assert begun(user, offer) != row


def test_who_has_a_place_reads_so_before_pressing(client: Client) -> None:
    user = guest()
    row = ready(user)
    Application.objects.filter(pk=row.pk).update(state="placeret")
    client.force_login(user)
    other = public_offer(round=row.round)
    text = client.get(reverse("practicum:apply", args=[other.slug])).content.decode()
    assert "Du har allerede en plads i runden" in text and "Læg til mine ønsker" not in text


def test_who_has_a_place_cancels_it_first() -> None:
    """The seat must be freed by the one action that tells the host."""
    offer = public_offer(round=open_round())
    row = ready_application(round=offer.round)
    stay_at(offer, application=row)
    with pytest.raises(TransitionError, match="Du har en plads"):
        actions.withdraw(application=row, by=row.guest)
    row.refresh_from_db()
    assert row.state == "klar"


def test_a_closed_round_is_read_only(client: Client, coi_clock: Clock) -> None:
    """By the database's clock, in the view and in the actions; it can still be taken back."""
    user = guest()
    row = ready(user)
    assert row.round
    client.force_login(user)
    coi_clock(noon(row.round.applications_until))
    assert client.get(page(row)).templates[0].name == "practicum/applying/edit.html"
    coi_clock(noon(row.round.applications_until + dt.timedelta(days=1)))
    assert client.get(page(row)).templates[0].name == "practicum/applying/read.html"
    answer = client.post(page(row), {"motivation": "For sent", "fjern": row.wishes.get().uuid})
    assert answer.status_code == 422
    row.refresh_from_db()
    assert row.motivation != "For sent" and row.wishes.count() == 1
    with pytest.raises(TransitionError):
        actions.remove_wish(application=row, wish=str(row.wishes.get().uuid), by=user)
    assert client.get(page(row, "application_send")).status_code == 403
    assert client.post(page(row, "application_withdraw")).status_code == 302


STATES = ("kladde", "leder", "klar", "placeret", "trukket", "lukket")


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("action", ["send", "withdraw", "change"])
def test_every_state_and_transition(state: str, action: str) -> None:
    """What is allowed in which state, in the method itself."""
    row = ready(guest())
    Application.objects.filter(pk=row.pk).update(state=state)
    row.refresh_from_db()
    allowed = {"send": ("kladde",), "withdraw": STATES[:3], "change": STATES[:3]}[action]
    does: dict[str, Callable[[], Any]] = {
        "send": row.send, "withdraw": row.withdraw, "change": lambda: row.change(motivation="Nyt")
    }  # fmt: skip
    if state in allowed:
        does[action]()
        return
    with pytest.raises(ValidationError):
        does[action]()
    row.refresh_from_db()
    assert row.state == state and row.motivation != "Nyt"


def test_days_that_there_is_a_yes_to_need_no_other(client: Client) -> None:
    """Back within the yes, it is ready again and nobody is asked; so is a draft after another leader's no."""
    user = guest()
    row = ready(user)
    said = list(row.possible_days)
    LeaderApproval.objects.filter(application=row).update(email=LEADER)
    more = [*said, said[-1] + dt.timedelta(days=1)]
    assert actions.change(application=row, by=user, again=True, possible_days=more)
    assert row.state == "leder" and row.approvals.filter(answer="").count() == 1
    assert not actions.change(application=row, by=user, possible_days=said)
    assert row.state == "klar" and not row.approvals.filter(answer="").exists()
    Application.objects.filter(pk=row.pk).update(state="kladde")
    client.force_login(user)
    assert send(client, row).status_code == 302
    row.refresh_from_db()
    assert row.state == "klar" and not row.approvals.filter(answer="").exists()


def test_a_question_that_is_open_is_asked_anew_about_other_days() -> None:
    """A leader's answer is about what they were asked, to the day: also fewer days are another question."""
    user = guest()
    row = whole(user, public_offer(round=open_round()))
    actions.send(application=row, email=LEADER, by=user)
    first = row.approvals.get()
    row.refresh_from_db()
    assert not actions.change(application=row, by=user, motivation="Bedre ord")
    with pytest.raises(ValidationError):
        actions.change(application=row, by=user, possible_days=row.possible_days[:3])
    assert row.approvals.get() == first
    assert actions.change(application=row, by=user, again=True, possible_days=row.possible_days[:3])
    assert row.approvals.get() != first and row.approvals.get().last_day == row.possible_days[-1]


def test_the_next_step_is_said_in_every_state() -> None:
    """And who has to take it."""
    user = guest()
    row = whole(user, public_offer(round=open_round()))

    def said(is_open: bool = True) -> tuple[str, bool]:
        fresh = Application.objects.get(pk=row.pk)
        step = next_step(fresh, is_open=is_open)
        return step.sentence, step.is_mine

    assert said() == ("Den er klar til at blive sendt til din leder.", True)
    assert "blev ikke sendt" in said(is_open=False)[0]
    actions.send(application=row, email=LEADER, by=user)
    assert LEADER in said()[0] and not said()[1]
    question = row.approvals.get()
    before = timezone.now() - dt.timedelta(days=30)
    LeaderApproval.objects.update(asked_at=before, expires_at=before + dt.timedelta(days=21))
    assert "ikke i tide" in said()[0] and said()[1]
    LeaderApproval.objects.update(asked_at=before, expires_at=timezone.now() + dt.timedelta(days=21))
    LeaderApproval.objects.filter(pk=question.pk).update(
        answer="nej", answered_at=timezone.now(), reason="Vi er for få."
    )
    assert "Vi er for få." in said()[0] and said()[1]
    Application.objects.filter(pk=row.pk).update(state="kladde")
    assert "Vi er for få." in said()[0] and said()[1], "back to a draft, it still says why"
    say_yes(row)
    Application.objects.filter(pk=row.pk).update(state="klar")
    assert "Du kan rette i dine ønsker" in said()[0] and "alle har svar" in said(is_open=False)[0]
    for state, words in (("placeret", "har en plads"), ("trukket", "trukket"), ("lukket", "næste år")):
        Application.objects.filter(pk=row.pk).update(state=state)
        assert words in said()[0]


# -- at once --------------------------------------------------------------------------


def at_once(*calls: Callable[[], Any]) -> list[BaseException | None]:
    """Do things at the same moment, each on a connection of its own; what each raised."""
    barrier = threading.Barrier(len(calls))
    raised: list[BaseException | None] = [None] * len(calls)

    def run(number: int, call: Callable[[], Any]) -> None:
        try:
            barrier.wait()
            call()
        except BaseException as error:
            raised[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return raised


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_tabs_at_once_make_one_application_with_unique_ranks() -> None:
    """Eight places wished for in the same moment, and then moved in the same moment."""
    row, user = open_round(), guest()
    offers = [public_offer(round=row) for _n in range(6)]
    assert at_once(*[lambda offer=offer: begun(user, offer) for offer in offers]) == [None] * 6
    application = Application.objects.get()
    assert sorted(application.wishes.values_list("rank", flat=True)) == [1, 2, 3, 4, 5, 6]
    keys = [str(wish.uuid) for wish in application.wishes.all()]
    moves = [
        lambda key=key, up=up: actions.move_wish(application=application, wish=key, up=up, by=user)
        for key, up in zip(keys, (True, False) * 3, strict=True)
    ]
    removes = [lambda: actions.remove_wish(application=application, wish=keys[2], by=user)] * 2
    assert at_once(*moves, *removes) == [None] * 8
    assert sorted(application.wishes.values_list("rank", flat=True)) == [1, 2, 3, 4, 5]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_sent_from_two_tabs_at_once_asks_one_question() -> None:
    """One unanswered question stands, whoever was first."""
    user = guest()
    row = whole(user, public_offer(round=open_round()))
    raised = at_once(*[lambda: actions.send(application=row, email=LEADER, by=user)] * 2)
    assert [error for error in raised if error and not isinstance(error, ValidationError)] == []
    assert LeaderApproval.objects.filter(application=row, answer="").count() == 1


def test_copenhagen_decides_when_a_day_begins(coi_clock: Clock) -> None:
    """Applications close at midnight in Denmark, not in Greenwich."""
    row = open_round()
    offer = public_offer(round=row)
    from practicum.applying.opening import closed

    midnight = dt.datetime.combine(row.applications_until, dt.time(23, 59), ZoneInfo("Europe/Copenhagen"))
    coi_clock(midnight)
    assert closed(offer) is None
    coi_clock(midnight + dt.timedelta(minutes=2))
    why = closed(offer)
    assert why is not None and why.is_too_late and why.sentence.startswith("Fristen for at søge var")


def test_wishes_of_one_application_keep_their_numbers_in_the_database() -> None:
    """No two first wishes; checked at the end of the transaction."""
    from django.db import IntegrityError, transaction

    row = ApplicationFactory.create(round=open_round())
    offer, other = public_offer(round=row.round), public_offer(round=row.round)
    Wish.objects.create(application=row, offer=offer, rank=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Wish.objects.create(application=row, offer=other, rank=1)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

"""A stay: its page, its agreement, its calendar file, reminders, cancelling, and what comes after."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from coi.personal_data import retention
from editorial.models.querysets import TransitionError
from notices.models import Notice
from practicum.choices import Reminder, Side
from practicum.models import (
    Agreement,
    Application,
    DirectRequest,
    Evaluation,
    FollowUp,
    Offer,
    Stay,
    StayReminder,
    Wish,
)
from practicum.staying import actions, after, agreeing
from practicum.staying.mine import my_panels, to_do
from practicum.staying.reminding import look_after
from tests.factories import contact_person, public_offer, ready_application, stay_at
from tests.practicum.stays import DAY, World, at, client_of, texts, written

pytestmark = pytest.mark.django_db
Clock = Callable[[dt.datetime], None]


def told(user: Any) -> list[str]:
    """Subjects of what somebody was told, the oldest first."""
    return list(Notice.objects.filter(recipient=user).order_by("pk").values_list("subject", flat=True))


def done(world: World, **fields: Any) -> Stay:
    """A stay that is over since a week."""
    last = timezone.localdate() - 7 * DAY
    return world.stay(**{"state": "holdt", "starts_on": last - 2 * DAY, "ends_on": last, **fields})


# -- the page and who may do what ----------------------------------------------------

NAMES = {
    "stay": ("GET", "gve"), "calendar": ("GET", "gv"), "agreement": ("GET", "gve"), "agreement_edit": ("GET", "gv"),
    "stay_cancel": ("GET", "gv"), "evaluate": ("GET", ""), "used": ("GET", ""), "certificate": ("GET", ""),
    "stay_answer": ("POST", "gv"), "agreement_sign": ("POST", "gv"),
}  # fmt: skip
"""Address → method, and who of guest (g), host (v) and editor (e) gets through while it is agreed on."""
BY_STATE: dict[str, dict[str, str]] = {
    "tilbudt": {"agreement_edit": "", "agreement_sign": ""},
    "aftalt": {},
    "holdt": {
        "agreement_edit": "", "agreement_sign": "", "stay_cancel": "", "evaluate": "gv", "used": "g",
        "certificate": "g",
    },
    "aflyst": {"agreement_edit": "", "agreement_sign": "", "stay_cancel": ""},
}  # fmt: skip


@pytest.mark.parametrize("state", list(BY_STATE))
def test_each_address_for_each_role_in_each_state(state: str) -> None:
    """Strangers get 404, who is not of those that may 403; nobody without an account sees any of it."""
    world = World()
    fields: dict[str, Any] = {"tilbudt": {"held_until": timezone.now() + DAY}, "aflyst": {}}.get(state, {})
    stay = world.stay()
    written(stay)
    if state == "aflyst":
        fields = {"cancelled_by": "gaest", "reason": "Syg"}
    Stay.objects.filter(pk=stay.pk).update(state=state, **fields)
    people = {"g": world.guest, "v": world.host, "e": world.editor}
    for name, (method, usual) in NAMES.items():
        allowed = BY_STATE[state].get(name, usual)
        url = reverse(f"practicum:{name}", args=[stay.uuid])
        for letter, user in people.items():
            status = getattr(client_of(user), method.lower())(url).status_code
            expected = (200, 302, 422) if letter in allowed else (403,)
            assert status in expected, (state, name, letter, status)
        assert getattr(client_of(world.stranger), method.lower())(url).status_code == 404, name
        anonymous = getattr(Client(), method.lower())(url)
        assert anonymous.status_code == 302 and "/konto/login/" in anonymous.headers["Location"]


def test_contacts_are_for_the_two_once_both_have_said_yes() -> None:
    """Not before, not for editors, not after it was cancelled; and the page is nobody else's to keep."""
    world = World()
    stay = world.offered()
    for user in (world.guest, world.host, world.editor):
        page = client_of(user).get(stay.get_absolute_url())
        main = page.text.partition('id="main"')[2]
        assert "mette@" not in main and "karim@" not in main and "Mette" not in main and "Karim" not in main
    actions.say_yes(stay=stay, side=Side.GUEST)
    for user in (world.guest, world.host):
        page = client_of(user).get(stay.get_absolute_url())
        assert "mette@gaest.example" in page.text and "karim@vaert.example" in page.text
        assert page.headers["Cache-Control"].count("no-store") and "private" in page.headers["Cache-Control"]
        assert 'content="noindex"' in page.text
    page = client_of(world.editor).get(stay.get_absolute_url())
    assert "mette@" not in page.text and "karim@" not in page.text
    actions.cancel(stay=stay, side=Side.HOST, reason="Vi flytter.")
    page = client_of(world.guest).get(stay.get_absolute_url())
    assert "karim@" not in page.text.partition('id="main"')[2] and "Vi flytter." in page.text


def test_a_no_frees_the_seat_and_a_hosts_no_has_a_reason() -> None:
    """Of a stay that the matching proposed, each side answers; one no ends it."""
    world = World()
    stay = world.offered(origin="match", host_accepted_at=None)
    url = reverse("practicum:stay_answer", args=[stay.uuid])
    page = client_of(world.host).post(url, {"answer": "nej", "reason": ""})
    assert page.status_code == 422 and "Skriv, hvorfor" in page.context["form"].errors["reason"][0]
    assert "frivilligt" not in page.text
    client_of(world.guest).post(url, {"answer": "ja"})
    stay.refresh_from_db()
    assert stay.state == "tilbudt" and stay.guest_accepted_at
    client_of(world.host).post(url, {"answer": "nej", "reason": "Vi er for få."})
    stay.refresh_from_db()
    assert stay.state == "afslaaet" and world.offer.seats.free().count() == 1
    assert told(world.guest)[-1] == f"Nej til opholdet: {world.offer.title}"
    after_it = client_of(world.guest).get(stay.get_absolute_url()).text
    assert "Din ansøgning gælder stadig." in after_it and "når I begge har sagt ja" not in after_it
    assert "Pladsen kan nu gå til en anden gæst" in client_of(world.host).get(stay.get_absolute_url()).text
    with pytest.raises(TransitionError, match="allerede besvaret"):
        actions.say_yes(stay=stay, side=Side.GUEST)


# -- the agreement ------------------------------------------------------------------


def test_the_draft_begins_with_what_both_have_written() -> None:
    """Purpose, programme, secrecy, expenses: nobody begins with an empty page."""
    world = World(certificates=["boerneattest"])
    stay = world.stay()
    page = client_of(world.host).get(reverse("practicum:agreement_edit", args=[stay.uuid])).text
    for words in (
        world.application.motivation, world.offer.programme, "tavshedspligt", "Børneattest: værten bestiller",
        "betaler rejse og overnatning", "De kan altid sige nej", "løn fra sin egen arbejdsplads",
    ):  # fmt: skip
        assert words in page, words


def test_both_sign_the_same_version() -> None:
    """One writes and signs, the other signs: it is in force, and both are told."""
    world = World()
    stay = world.stay()
    edit = reverse("practicum:agreement_edit", args=[stay.uuid])
    client_of(world.guest).post(edit, {**texts(stay), "read": "0", "godkend": "ja"})
    row = stay.agreements.get()
    assert row.guest_signed_at and not row.in_force_since
    assert told(world.host)[-1] == f"Gæsten har godkendt aftalen: {world.offer.title}"
    page = client_of(world.host).get(reverse("practicum:agreement", args=[stay.uuid]))
    assert "Godkend udgave 1" in page.text
    sign = reverse("practicum:agreement_sign", args=[stay.uuid])
    client_of(world.host).post(sign, {"read": "1"})
    row.refresh_from_db()
    assert row.in_force_since and told(world.guest)[-1] == f"Aftalen gælder nu: {world.offer.title}"


def test_a_change_needs_both_and_the_old_one_counts_until_then() -> None:
    """Version 2 shows what is new; 1 counts until both have signed 2."""
    world = World()
    stay = world.stay()
    written(stay, signed=True, expenses="Gæsten betaler toget.")
    written(stay, side=Side.HOST, expenses="Værten betaler toget.")
    page = client_of(world.guest).get(reverse("practicum:agreement", args=[stay.uuid])).text
    assert "<del>Gæsten</del>" in page and "<ins>Værten</ins>" in page
    assert "Udgave 1, som I begge har godkendt, gælder" in page
    assert stay.agreements.in_force().first().number == 1  # type: ignore[union-attr]
    for side in Side:
        agreeing.sign(stay=stay, side=side, read=2)
    assert stay.agreements.in_force().first().number == 2  # type: ignore[union-attr]
    old = client_of(world.guest).get(reverse("practicum:agreement", args=[stay.uuid]) + "?udgave=1").text
    assert "Gæsten betaler toget." in old and "gjaldt før" in old


def test_an_agreement_on_paper_says_that_the_stay_is_cancelled() -> None:
    """Whoever finds it in a drawer."""
    world = World()
    stay = world.stay()
    written(stay, signed=True)
    url = reverse("practicum:agreement", args=[stay.uuid])
    assert "Opholdet er aflyst." not in client_of(world.guest).get(url).text
    actions.cancel(stay=stay, side=Side.HOST, reason="Vi flytter.")
    assert "Opholdet er aflyst." in client_of(world.guest).get(url).text


def test_nobody_signs_or_corrects_what_they_have_not_read() -> None:
    """The other has corrected it meanwhile: said in a sentence, and what was typed stays."""
    world = World()
    stay = world.stay()
    written(stay)
    written(stay, side=Side.HOST, purpose="Noget andet.")
    sign = client_of(world.guest).post(reverse("practicum:agreement_sign", args=[stay.uuid]), {"read": "1"})
    assert sign.status_code == 422 and "Værten har lige rettet aftalen" in sign.text
    assert "Noget andet." in sign.text and "Godkend udgave 2" in sign.text
    edit = client_of(world.guest).post(
        reverse("practicum:agreement_edit", args=[stay.uuid]), {**texts(stay, gives="Mit oplæg"), "read": "1"}
    )
    assert edit.status_code == 422 and "har lige rettet aftalen" in edit.text
    assert "Mit oplæg" in edit.text and "Noget andet." in edit.text
    assert stay.agreements.count() == 2 and not stay.agreements.exclude(guest_signed_at=None).exists()


def test_what_is_signed_stands_in_the_database() -> None:
    """By direct SQL as well; and a version without change is none."""
    world = World()
    stay = world.stay()
    row = written(stay, signed=True)
    with pytest.raises(IntegrityError, match="agreement_stands"), transaction.atomic():
        Agreement.objects.filter(pk=row.pk).update(purpose="Noget andet")
    assert written(stay).number == 1


def test_wrong_input_keeps_what_was_typed() -> None:
    """No purpose, and a CPR number where nobody may write one."""
    world = World()
    stay = world.stay()
    url = reverse("practicum:agreement_edit", args=[stay.uuid])
    sent = {**texts(stay, purpose="", contact="Ring til 010190-1234", gives="Et oplæg"), "read": "0"}
    page = client_of(world.guest).post(url, sent)
    assert page.status_code == 422 and "Skriv, hvad gæsten vil lære." in page.text and "Et oplæg" in page.text
    assert not stay.agreements.exists() and page.text.count("form-error") >= 2


# -- other days -------------------------------------------------------------------


def test_the_stay_lies_on_other_days_once_both_have_signed_them(coi_clock: Clock) -> None:
    """The proposal is seen, moves nothing alone, and moves it once: calendar, reminders and leader follow."""
    world = World()
    stay = world.stay()
    first, last = stay.starts_on + DAY, stay.starts_on + 2 * DAY
    coi_clock(at(stay.starts_on - 7 * DAY))
    look_after()
    assert stay.reminders.filter(kind=Reminder.WEEK).exists()
    row = written(stay, side=Side.HOST, starts_on=first, ends_on=last)
    agreeing.sign(stay=stay, side=Side.HOST, read=row.number)
    stay.refresh_from_db()
    assert stay.starts_on < first and "foreslår" in client_of(world.guest).get(stay.get_absolute_url()).text
    sequence = stay.sequence
    for _twice in range(2):
        agreeing.sign(stay=stay, side=Side.GUEST, read=row.number)
    stay.refresh_from_db()
    assert (stay.starts_on, stay.ends_on, stay.days, stay.sequence) == (first, last, 2, sequence + 1)
    assert not stay.reminders.filter(kind=Reminder.WEEK).exists()
    text = Notice.objects.filter(recipient=world.host).latest("pk").text
    assert f" til {stay.when}. Hent det til jeres kalender igen." in text
    leader = Notice.objects.get(address="leder@kommune.example")
    assert (
        leader.subject == f"Opholdet er flyttet til andre dage: {world.offer.title}"
        and stay.when in leader.text
    )
    page = client_of(world.guest).get(stay.get_absolute_url()).text
    assert stay.when in page and "foreslår" not in page
    event = Calendar.from_ical(
        client_of(world.guest).get(reverse("practicum:calendar", args=[stay.uuid])).content
    ).walk("VEVENT")[0]
    assert (event.decoded("dtstart"), event["sequence"]) == (first, sequence + 1)


def test_a_version_without_other_days_moves_nothing() -> None:
    """An earlier version's days stand when the next one says nothing of them, and it shows what changes."""
    world = World()
    stay = world.stay()
    written(stay, signed=True, starts_on=stay.starts_on + DAY)
    stay.refresh_from_db()
    moved = stay.starts_on
    written(stay, signed=True, gives="Et oplæg")
    stay.refresh_from_db()
    assert stay.starts_on == moved and stay.agreements.count() == 2
    row = written(stay, gives="Et oplæg", ends_on=stay.starts_on)
    page = client_of(world.host).get(reverse("practicum:agreement", args=[stay.uuid])).text
    assert row.number == 3 and '<h3 class="coi-h-small">Dage</h3>' in page


def test_only_days_with_the_leaders_yes_and_forward() -> None:
    """Said at the field, and nothing that was typed is lost."""
    world = World()
    stay = world.stay()
    url = reverse("practicum:agreement_edit", args=[stay.uuid])
    days = world.application.possible_days
    for sent, field, sentence in (
        ({"starts_on": days[-1] + 7 * DAY}, "starts_on", "Vælg en dag, som gæstens leder har sagt ja til."),
        ({"starts_on": days[3], "ends_on": days[1]}, "ends_on", "kan ikke ligge før den første"),
        ({"starts_on": days[0], "ends_on": days[4]}, "starts_on", "højst 3 dage"),
        ({"ends_on": ""}, "ends_on", "Vælg den sidste dag."),
    ):
        page = client_of(world.guest).post(url, {**texts(stay, gives="Et oplæg", **sent), "read": "0"})
        assert page.status_code == 422 and "Et oplæg" in page.text
        assert sentence in str(page.context["form"].errors[field]), (field, sentence)
    assert not stay.agreements.exists()


def test_days_that_cannot_be_had_when_the_second_signs_are_refused(coi_clock: Clock) -> None:
    """They are gone, or the guest has agreed on another stay: nothing is signed, and the stay lies where it lay."""
    world = World()
    stay = world.stay()
    days = world.application.possible_days
    row = written(stay, starts_on=days[2], ends_on=days[3])
    agreeing.sign(stay=stay, side=Side.GUEST, read=row.number)
    elsewhere = public_offer(round=None, round_seats=0)
    another = ready_application(guest=world.guest, round=None, possible_days=days)
    other = stay_at(elsewhere, application=another, starts_on=days[3], ends_on=days[3], days=1)
    sign = reverse("practicum:agreement_sign", args=[stay.uuid])
    page = client_of(world.host).post(sign, {"read": "1"})
    assert page.status_code == 422 and "Gæsten har et andet ophold på de dage." in page.text
    Stay.objects.filter(pk=other.pk).delete()
    coi_clock(at(days[2] + DAY))
    page = client_of(world.host).post(sign, {"read": "1"})
    assert page.status_code == 422 and "Den første dag er passeret." in page.text
    row.refresh_from_db()
    stay.refresh_from_db()
    assert row.host_signed_at is None and stay.starts_on == days[0]


# -- the calendar -------------------------------------------------------------------


def calendar_of(stay: Stay, user: Any) -> tuple[Any, Any]:
    """The calendar and its event, as a calendar reads them."""
    response = client_of(user).get(reverse("practicum:calendar", args=[stay.uuid]))
    assert response.headers["Content-Type"].startswith("text/calendar")
    calendar = Calendar.from_ical(response.content)
    (event,) = calendar.walk("VEVENT")
    assert not event.errors and not calendar.errors
    for line in response.content.split(b"\r\n"):
        assert len(line) <= 75
    return calendar, event


def test_the_calendar_file_is_whole_days_that_can_be_moved_and_cancelled() -> None:
    """One UID for ever; SEQUENCE grows with each change that calendars must see; CANCEL takes it out again."""
    world = World()
    stay = world.offered()
    calendar, event = calendar_of(stay, world.guest)
    assert (str(calendar["METHOD"]), str(event["STATUS"]), event["SEQUENCE"]) == ("PUBLISH", "TENTATIVE", 0)
    uid = str(event["UID"])
    actions.say_yes(stay=stay, side=Side.GUEST)
    calendar, event = calendar_of(stay, world.host)
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (stay.starts_on, stay.ends_on + DAY)
    assert (str(event["STATUS"]), event["SEQUENCE"], str(event["UID"])) == ("CONFIRMED", 1, uid)
    assert str(event["LOCATION"]) == "Rådhuset" and stay.get_absolute_url() in str(event["URL"])
    Stay.objects.filter(pk=stay.pk).update(starts_on=stay.starts_on + DAY)
    assert calendar_of(stay, world.guest)[1]["SEQUENCE"] == 2
    Stay.objects.filter(pk=stay.pk).update(guest_accepted_at=timezone.now())
    assert calendar_of(stay, world.guest)[1]["SEQUENCE"] == 2
    actions.cancel(stay=stay, side=Side.HOST, reason="Vi flytter.")
    calendar, event = calendar_of(stay, world.guest)
    assert (str(calendar["METHOD"]), str(event["STATUS"])) == ("CANCEL", "CANCELLED")
    assert (event["SEQUENCE"], str(event["UID"])) == (3, uid)


def test_the_calendar_file_holds_what_people_write() -> None:
    """Commas, semicolons, line breaks and long Danish words are read again as they were written."""
    world = World(title="Æblegrød; fløde, og »ø«-drift " * 4)
    stay = world.stay()
    _calendar, event = calendar_of(stay, world.guest)
    assert world.offer.title in str(event["DESCRIPTION"])


# -- reminders -----------------------------------------------------------------------


def test_each_reminder_comes_once(coi_clock: Clock) -> None:
    """Two weeks before where the agreement is missing, a week before, the day before."""
    world = World()
    stay = world.stay()
    expected: list[tuple[int, set[str]]] = [
        (15, set()), (14, {"aftale"}), (8, {"aftale"}), (7, {"aftale", "uge"}), (2, {"aftale", "uge"}),
        (1, {"aftale", "uge", "dag"}), (0, {"aftale", "uge", "dag"}),
    ]  # fmt: skip
    for days, kinds in expected:
        coi_clock(at(stay.starts_on - days * DAY))
        for _ in range(2):
            look_after()
        assert set(stay.reminders.values_list("kind", flat=True)) == kinds, days
        assert len(told(world.guest)) == len(told(world.host)) == len(kinds)
    with pytest.raises(IntegrityError, match="stay_reminder_once"), transaction.atomic():
        StayReminder.objects.create(stay=stay, kind="dag")


def test_who_has_agreed_is_not_reminded_of_it(coi_clock: Clock) -> None:
    """Nor is anybody of what was cancelled."""
    world = World()
    stay = world.stay()
    written(stay, signed=True)
    coi_clock(at(stay.starts_on - 14 * DAY))
    assert look_after()["reminded"] == 0
    Stay.objects.filter(pk=stay.pk).update(state="aflyst", cancelled_by="gaest", reason="Syg")
    coi_clock(at(stay.starts_on - DAY))
    assert look_after()["reminded"] == 0


def test_who_owes_an_answer_is_reminded_before_the_seat_goes_on(coi_clock: Clock) -> None:
    """The guest, not the host who has said yes."""
    world = World()
    stay = world.offered()
    assert stay.answer_by is not None
    coi_clock(at(stay.answer_by - 4 * DAY))
    assert look_after()["reminded"] == 0
    coi_clock(at(stay.answer_by - 2 * DAY))
    assert [look_after()["reminded"] for _ in range(2)] == [1, 0]
    assert len(told(world.guest)) == 1 and told(world.host) == []
    assert stay.reminders.get().kind == Reminder.ANSWER


def test_one_that_fails_holds_up_no_other(coi_clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    """The job goes on, and tries it again in the next run."""
    world = World(seats=2)
    first = world.stay()
    second = stay_at(world.offer, application=world.another())
    coi_clock(at(first.ends_on + DAY))
    original = actions.tell_both

    def tell(stay: Stay, **fields: Any) -> None:
        if stay.pk == first.pk:
            raise RuntimeError("no")
        original(stay, **fields)

    monkeypatch.setattr(actions, "tell_both", tell)
    assert look_after()["finished"] == 1
    monkeypatch.undo()
    assert look_after()["finished"] == 1
    assert set(Stay.objects.values_list("state", flat=True)) == {"holdt"} and second.pk


# -- cancelling -----------------------------------------------------------------------


@pytest.mark.parametrize("side", list(Side))
def test_either_cancels_with_a_reason(side: Side) -> None:
    """The seat is free, both and the leader are told, the waiting list is asked, the guest can look on."""
    world = World()
    alike = public_offer(title="En der ligner", direct_seats=1)
    public_offer(title="Fuld", direct_seats=0, round_seats=1)
    stay = world.stay()
    waiting = DirectRequest.objects.create(
        application=world.another(), offer=world.offer, state="venteliste", waiting_since=timezone.now(),
        starts_on=stay.starts_on, ends_on=stay.ends_on,
    )  # fmt: skip
    user = world.guest if side == Side.GUEST else world.host
    url = reverse("practicum:stay_cancel", args=[stay.uuid])
    page = client_of(user).post(url, {"reason": " "})
    assert page.status_code == 422 and "Skriv, hvorfor du aflyser." in page.text
    client_of(user).post(url, {"reason": "Vi er blevet for få."})
    stay.refresh_from_db()
    world.application.refresh_from_db()
    waiting.refresh_from_db()
    assert (stay.state, stay.cancelled_by, stay.reason) == ("aflyst", side, "Vi er blevet for få.")
    assert (world.application.state, waiting.state) == ("klar", "tilbudt")
    subject = f"Opholdet er aflyst: {world.offer.title}"
    assert subject in told(world.guest) and subject in told(world.host)
    leader = Notice.objects.get(address="leder@kommune.example")
    assert leader.subject == subject and "Mette Holm" in leader.text
    found = actions.similar(stay)
    assert found == [alike] and "En der ligner" in client_of(world.guest).get(stay.get_absolute_url()).text
    notice = Notice.objects.filter(recipient=world.guest, subject=subject).get()
    assert "Vi er blevet for få." in notice.text and "»En der ligner«" in notice.text


def test_what_was_held_or_cancelled_is_not_cancelled(coi_clock: Clock) -> None:
    """Twice is once; and what is over is over before the job has noted it."""
    world = World()
    stay = world.stay()
    coi_clock(at(stay.ends_on + DAY))
    with pytest.raises(TransitionError, match="er gennemført"):
        actions.cancel(stay=stay, side=Side.GUEST, reason="x")
    coi_clock(at(stay.starts_on - DAY))
    actions.cancel(stay=stay, side=Side.GUEST, reason="x")
    with pytest.raises(TransitionError, match="aflyst"):
        actions.cancel(stay=stay, side=Side.HOST, reason="y")
    with pytest.raises(IntegrityError, match="stay_cancelled_with_a_reason"), transaction.atomic():
        Stay.objects.filter(pk=stay.pk).update(reason=" ")


def test_a_seat_of_the_round_that_is_cancelled_is_put_before_the_editors() -> None:
    """When somebody without a place wishes for it; a seat that is agreed on directly goes on by itself."""
    world = World()
    offer = public_offer(direct_seats=0, round_seats=1, round=world.offer.round)
    stay = stay_at(offer, application=world.application)
    Application.objects.filter(pk=world.application.pk).update(state="placeret")
    actions.cancel(stay=stay, side=Side.HOST, reason="Vi flytter.")
    assert told(world.editor) == []
    stay = stay_at(offer, application=world.application)
    Application.objects.filter(pk=world.application.pk).update(state="placeret")
    Wish.objects.create(application=world.another(), offer=offer, rank=1)
    actions.cancel(stay=stay, side=Side.HOST, reason="Vi flytter.")
    assert told(world.editor) == [f"En af rundens pladser er blevet ledig: {offer.title}"]
    notice = Notice.objects.get(recipient=world.editor)
    assert "1 gæst uden plads har ønsket den" in notice.text
    assert notice.url.endswith(f"/praktik/parring/{offer.round.year}/")


# -- afterwards ------------------------------------------------------------------------


def test_the_day_after_it_is_done_and_both_are_asked(coi_clock: Clock) -> None:
    """Once; the last day counts in full."""
    world = World()
    stay = world.stay()
    coi_clock(at(stay.ends_on))
    assert look_after()["finished"] == 0
    coi_clock(at(stay.ends_on + DAY))
    assert [look_after()["finished"] for _ in range(2)] == [1, 0]
    stay.refresh_from_db()
    assert stay.state == "holdt" and told(world.guest)[-1] == told(world.host)[-1]


def test_both_evaluate_once_and_neither_sees_the_others() -> None:
    """Four questions; again is refused, by the database as well."""
    world = World()
    stay = done(world)
    url = reverse("practicum:evaluate", args=[stay.uuid])
    sent = {"could_use": "4", "as_expected": "5", "recommends": "nej", "text": "Det var hårdt."}
    assert client_of(world.guest).post(url, {}).status_code == 422
    assert client_of(world.guest).post(url, sent | {"could_use": "6"}).status_code == 422
    assert client_of(world.guest).post(url, sent).status_code == 302
    row = Evaluation.objects.get()
    assert (row.side, row.could_use, row.recommends) == ("gaest", 4, False)
    assert client_of(world.guest).post(url, sent).status_code == 422
    assert client_of(world.host).post(url, sent | {"text": ""}).status_code == 302
    for name in ("stay", "evaluate"):
        page = client_of(world.host).get(reverse(f"practicum:{name}", args=[stay.uuid]), follow=True)
        assert "Det var hårdt." not in page.text
    assert Evaluation.objects.count() == 2


def test_after_three_months_the_guest_is_asked_what_was_used() -> None:
    """Once; the answer can become a draft that is the guest's, with the host named, and then it stands there."""
    world = World()
    early = done(world)
    assert after.to_be_asked(10) == []
    last = timezone.localdate() - 91 * DAY
    Stay.objects.filter(pk=early.pk).update(starts_on=last, ends_on=last)
    assert [look_after()["asked"] for _ in range(2)] == [1, 0]
    assert told(world.guest)[-1] == f"Hvad har du brugt fra dit besøg hos {world.offer.owner}?"
    url, draft = reverse("practicum:used", args=[early.uuid]), reverse("used_draft", args=[early.uuid])
    guest = client_of(world.guest)
    assert guest.post(draft).headers["Location"] == url and FollowUp.objects.get().entry is None
    assert guest.post(url, {"used": ""}).status_code == 422
    guest.post(url, {"used": "Vi ringer nu, før brevet bliver sendt."})
    assert "Lav et udkast til et eksempel" in guest.get(url).text
    for _ in range(2):
        answer = guest.post(draft)
        entry = FollowUp.objects.get().entry
        assert entry is not None and answer.headers["Location"] == reverse(
            "my_contribution", args=[entry.uuid]
        )
    assert (entry.author, entry.state, entry.owner) == (world.guest, "draft", world.application.workplace)
    assert "Vi ringer nu" in entry.effect and [p.workplace for p in entry.participations.all()] == [
        world.offer.owner
    ]
    assert guest.post(url, {"used": "Noget andet"}).status_code == 422
    assert client_of(world.host).post(draft).status_code == 403
    assert client_of(world.stranger).post(draft).status_code == 404
    assert guest.get(answer.headers["Location"]).status_code == 200


def test_the_certificate_says_who_where_and_when() -> None:
    """To print, for the guest alone."""
    world = World()
    stay = done(world)
    page = client_of(world.guest).get(reverse("practicum:certificate", args=[stay.uuid])).text
    for words in ("Mette Holm", str(world.offer.owner), stay.when, "3 dage"):
        assert words in page


# -- Min side, and what is kept -----------------------------------------------------------


def test_min_side_has_stays_and_requests_with_the_next_step_first() -> None:
    """The guest's and the host's; the workplace's page asks for an answer."""
    world = World(seats=3)
    stay = world.stay()
    asked = world.request(world.another())
    for user, words in ((world.guest, ("Mette besøger",)), (world.host, ("Mette besøger", "Venter på dig."))):
        page = client_of(user).get("/min-side/").text
        for one in (*words, "Skriv aftalen"):
            assert one in page
    assert my_panels(world.stranger) == []
    assert [row.url for row in to_do(world.offer.owner)] == [asked.get_absolute_url()]  # type: ignore[arg-type]
    assert stay.pk


def test_who_was_guest_is_forgotten_after_24_months() -> None:
    """Agreement and words go, figures without a name stand; a day before all stands."""
    world = World()
    stay = world.stay()
    written(stay, signed=True)
    for side in Side:
        Evaluation.objects.create(
            stay=stay, side=side, could_use=4, recommends=True, as_expected=4, text="Mettes ord"
        )
    FollowUp.objects.create(stay=stay, used="Mettes ord", answered_at=timezone.now())
    Stay.objects.filter(pk=stay.pk).update(state="aflyst", cancelled_by="gaest", reason="Mettes ord")
    moment = at(stay.ends_on + dt.timedelta(days=730))
    assert retention.forget_stays(moment) == 0
    assert [retention.forget_stays(moment + DAY) for _ in range(2)] == [1, 0]
    stay = Stay.objects.get(pk=stay.pk)
    assert (stay.guest, stay.application, stay.reason) == (None, None, "Slettet")
    assert not stay.agreements.exists() and FollowUp.objects.get().used == ""
    assert [row.text for row in stay.evaluations.all()] == ["", ""] and Offer.objects.exists()
    assert mail.outbox == []


def test_a_page_of_a_guest_who_is_gone() -> None:
    """The account was erased: the host still reads what was agreed on, without a name."""
    world = World()
    stay = world.stay()
    written(stay, signed=True)
    Stay.objects.filter(pk=stay.pk).update(guest=None, application=None)
    page = client_of(world.host).get(stay.get_absolute_url())
    assert page.status_code == 200 and "En gæst fra" in page.text
    actions.cancel(stay=stay, side=Side.HOST, reason="Gæsten er væk.")


def test_two_contact_persons_are_one_side() -> None:
    """A colleague signs for the host as well."""
    world = World()
    stay = world.stay()
    written(stay)
    colleague = contact_person(world.offer.owner)  # type: ignore[arg-type]
    url = reverse("practicum:agreement_sign", args=[stay.uuid])
    assert client_of(colleague).post(url, {"read": "1"}).status_code == 302
    assert stay.agreements.get().host_signed_at

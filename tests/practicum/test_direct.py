"""A seat that is agreed on directly: ask, answer, hold, wait, go on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from editorial.models.querysets import TransitionError
from editorial.working_days import add_working_days
from notices.models import Notice
from practicum.choices import Side
from practicum.direct import actions, late, waiting
from practicum.models import Application, DirectRequest, Offer, Stay
from practicum.staying import actions as staying
from practicum.staying.reminding import look_after
from tests.factories import contact_person, editor, public_offer, ready_application, say_yes
from tests.practicum.stays import DAY, World, at, client_of

pytestmark = pytest.mark.django_db
Clock = Callable[[dt.datetime], None]


def told(user: Any) -> list[str]:
    """Subjects of what somebody was told, the oldest first."""
    return list(Notice.objects.filter(recipient=user).order_by("pk").values_list("subject", flat=True))


def state(request: DirectRequest) -> str:
    """Where it is now."""
    request.refresh_from_db()
    return request.state


def accept(world: World, request: DirectRequest) -> Stay | None:
    """The host says yes to three days."""
    return actions.accept(request=request, first=world.first, last=world.first + 2 * DAY)


def test_from_asking_to_an_agreed_stay() -> None:
    """Over the pages: the guest asks, the host says yes, the guest confirms; each is told, and nobody before both."""
    world = World()
    guest, host = client_of(world.guest), client_of(world.host)
    url = reverse("practicum:ask_direct", args=[world.offer.slug])
    page = guest.get(url)
    assert "Der er 1 ledig plads" in page.text
    answer = guest.post(url, {"application": str(world.application.uuid), "text": "Må jeg se planlægningen?"})
    asked = DirectRequest.objects.get()
    assert answer.headers["Location"] == asked.get_absolute_url() and asked.state == "sendt"
    assert told(world.host) == [f"Ny ansøgning: {world.offer.title}"]
    page = host.get(asked.get_absolute_url())
    assert "Må jeg se planlægningen?" in page.text
    assert "Mette" not in page.text and "mette@" not in page.text
    days = {"starts_on": world.first.isoformat(), "ends_on": (world.first + 2 * DAY).isoformat()}
    host.post(reverse("practicum:request_accept", args=[asked.uuid]), days)
    stay = Stay.objects.get()
    assert (stay.state, stay.days, stay.origin) == ("tilbudt", 3, "direkte")
    assert stay.answer_by == add_working_days(timezone.localdate(), 5)
    page = guest.get(stay.get_absolute_url())
    assert "Sig ja til opholdet" in page.text and "karim@" not in page.text and "Karim" not in page.text
    guest.post(reverse("practicum:stay_answer", args=[stay.uuid]), {"answer": "ja"})
    stay.refresh_from_db()
    world.application.refresh_from_db()
    assert (stay.state, world.application.state, state(asked)) == ("aftalt", "placeret", "bekraeftet")
    page = guest.get(stay.get_absolute_url())
    assert "Karim Skov" in page.text and "karim@vaert.example" in page.text and "Mette besøger" in page.text
    assert told(world.guest)[-1] == told(world.host)[-1] == f"Opholdet er aftalt: {world.offer.title}"


def test_what_waits_for_me_stands_first_on_min_side() -> None:
    """The host's answer is owed, the guest waits; when the host has asked, it is the other way round."""
    world = World()
    asked = actions.ask_for_seat(offer=world.offer, application=world.application, text="")

    def stands_first(user: Any) -> bool:
        before = client_of(user).get("/min-side/").text.partition('id="mine"')[0]
        return "Pladser, der aftales direkte" in before

    assert (stands_first(world.host), stands_first(world.guest)) == (True, False)
    actions.write_message(request=asked, side=Side.HOST, text="Hvad vil du se?", author=world.host)
    assert (stands_first(world.host), stands_first(world.guest)) == (False, True)


def test_asking_needs_a_leaders_yes_and_a_seat() -> None:
    """The page says what is missing; whoever may not apply is refused."""
    world = World()
    url = reverse("practicum:ask_direct", args=[world.offer.slug])
    Application.objects.filter(pk=world.application.pk).update(state="leder")
    page = client_of(world.guest).get(url)
    assert "som din leder har sagt ja til" in page.text
    answer = client_of(world.guest).post(url, {"application": str(world.application.uuid)})
    assert answer.status_code == 422 and not DirectRequest.objects.exists()
    assert client_of(world.host).get(url).status_code == 403
    only_round = public_offer(direct_seats=0, round_seats=1)
    address = reverse("practicum:ask_direct", args=[only_round.slug])
    assert client_of(world.guest).get(address).status_code == 403


def test_an_application_is_anothers_own() -> None:
    """Nobody asks with another's application."""
    world = World()
    other = world.another()
    url = reverse("practicum:ask_direct", args=[world.offer.slug])
    answer = client_of(world.guest).post(url, {"application": str(other.uuid)})
    assert answer.status_code == 422 and not DirectRequest.objects.exists()


def test_sent_twice_is_one_request() -> None:
    """The same form again leads to the first; another form is refused."""
    world = World()
    url = reverse("practicum:ask_direct", args=[world.offer.slug])
    sent = {"application": str(world.application.uuid), "once": "0d5b4be4-6ae5-4fd1-93ee-dd26ab3acf10"}
    for _ in range(2):
        assert client_of(world.guest).post(url, sent).status_code == 302
    page = client_of(world.guest).post(url, {**sent, "once": ""})
    assert page.status_code == 422 and "Du har allerede søgt pladsen." in page.text
    assert DirectRequest.objects.count() == 1 and len(told(world.host)) == 1


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [(1, 0, "ends_on"), (-1, 1, "starts_on"), (0, 9, "ends_on"), (0, 3, "ends_on")],
)
def test_the_days_are_those_that_guest_leader_and_host_can(first: int, last: int, field: str) -> None:
    """In order, among the guest's, no more than the leader said yes to."""
    world = World()
    with pytest.raises(ValidationError) as caught:
        actions.accept(
            request=world.request(), first=world.first + first * DAY, last=world.first + last * DAY
        )
    assert list(caught.value.error_dict) == [field]
    assert not Stay.objects.exists()


def test_the_days_lie_within_the_hosts(coi_clock: Clock) -> None:
    """A place that is offered for two days takes nobody on the third; and nobody comes in the past."""
    world = World()
    Offer.objects.filter(pk=world.offer.pk).update(ends_on=world.first + DAY)
    say_yes(Offer.objects.get(pk=world.offer.pk))
    with pytest.raises(ValidationError, match="slået pladsen op"):
        accept(world, world.request())
    coi_clock(at(world.first))
    with pytest.raises(ValidationError, match="tidligst være i morgen"):
        actions.accept(request=DirectRequest.objects.get(), first=world.first, last=world.first + DAY)


def test_a_no_has_a_reason_and_opens_the_way_to_others() -> None:
    """The guest reads why; without a reason nothing happens."""
    world = World()
    asked = world.request()
    url = reverse("practicum:request_decline", args=[asked.uuid])
    page = client_of(world.host).post(url, {"reason": " "})
    assert page.status_code == 422 and state(asked) == "sendt"
    client_of(world.host).post(url, {"reason": "Vi flytter den uge."})
    assert state(asked) == "afslaaet"
    assert "Vi flytter den uge." in client_of(world.guest).get(asked.get_absolute_url()).text
    with pytest.raises(TransitionError, match="allerede besvaret"):
        accept(world, asked)


def test_host_and_guest_write_without_addresses() -> None:
    """A question waits for the guest, an answer for the host; neither sees the other's mail."""
    world = World()
    asked = world.request()
    url = reverse("practicum:request_message", args=[asked.uuid])
    client_of(world.host).post(url, {"text": "Kan du komme kl. 6?"})
    assert state(asked) == "spurgt" and told(world.guest) == [
        f"Værten har skrevet til dig: {world.offer.title}"
    ]
    client_of(world.guest).post(url, {"text": "Ja, det kan jeg."})
    assert state(asked) == "sendt" and told(world.host) == [f"Gæsten har skrevet: {world.offer.title}"]
    for who in (world.host, world.guest):
        page = client_of(who).get(asked.get_absolute_url()).text
        assert "Kan du komme kl. 6?" in page and "Ja, det kan jeg." in page
        other = "mette@" if who == world.host else "karim@"
        assert other not in page
    page = client_of(world.guest).post(url, {"text": "Mit CPR er 010190-1234"})
    assert page.status_code == 422 and asked.messages.count() == 2


def test_the_waiting_list_has_places_and_is_offered_in_turn() -> None:
    """The second and third wait; when the first says no, whom the host has said yes to is offered the seat."""
    world = World()
    first = world.request()
    stay = accept(world, first)
    assert stay is not None
    second, third = (
        actions.ask_for_seat(offer=world.offer, application=world.another(), text="") for _ in range(2)
    )
    assert (second.state, third.state) == ("venteliste", "venteliste")
    assert [waiting.place_in_list(row) for row in (second, third)] == [1, 2]
    assert "nummer 2" in client_of(third.application.guest).get(third.get_absolute_url()).text
    for _twice in range(2):
        assert accept(world, second) is None and state(second) == "venteliste"
    assert told(second.application.guest) == [f"Værten siger ja, når der bliver plads: {world.offer.title}"]
    staying.say_no(stay=stay, side=Side.GUEST)
    assert (state(first), state(second), state(third)) == ("trukket", "tilbudt", "venteliste")
    assert Stay.objects.get(application=second.application).state == "tilbudt"
    assert told(second.application.guest)[-1] == f"Der er en plads til dig: {world.offer.title}"


def test_who_has_no_answer_yet_stands_before_the_host_again() -> None:
    """The seat waits for the host's answer, and the next in the list does not pass by."""
    world = World()
    stay = accept(world, world.request())
    assert stay is not None
    second, third = (
        actions.ask_for_seat(offer=world.offer, application=world.another(), text="") for _ in range(2)
    )
    staying.say_no(stay=stay, side=Side.GUEST)
    for _ in range(3):  # the job finds the seat free every hour, and leaves it
        look_after()
        assert (state(second), state(third)) == ("sendt", "venteliste")
    actions.decline(request=second, reason="Vi mangler en attest.")
    look_after()
    assert state(third) == "sendt"


def test_a_seat_is_not_held_on_days_that_the_guest_has_changed_since() -> None:
    """Waiting, the guest chooses other days, and their leader says yes to them: the host is asked anew."""
    world = World()
    stay = world.stay()
    asked = world.request(world.another())
    assert accept(world, asked) is None and state(asked) == "venteliste"
    asked.application.change(possible_days=[world.first + n * DAY for n in (2, 3, 4)], again=True)
    assert asked.application.state == "klar"  # within what the leader has said yes to
    staying.cancel(stay=stay, side=Side.GUEST, reason="Syg")
    assert state(asked) == "sendt" and not Stay.objects.filter(application=asked.application).exists()


def test_a_host_reads_no_application_that_its_leader_has_not_said_yes_to(coi_clock: Clock) -> None:
    """The request stays with its answer; what the guest writes for others since, or has taken back, does not."""
    world = World()
    asked = world.request()
    actions.decline(request=asked, reason="Vi har travlt")
    host, guest, url = client_of(world.host), client_of(world.guest), asked.get_absolute_url()
    Application.objects.filter(pk=world.application.pk).update(motivation="Til andre øjne")
    assert "Til andre øjne" in host.get(url).text
    for now in ("leder", "kladde", "trukket"):
        Application.objects.filter(pk=world.application.pk).update(state=now)
        page = host.get(url)
        assert page.status_code == 200 and "Vi har travlt" in page.text
        assert "Til andre øjne" not in page.text and "dage blandt" not in page.text, now
        assert "Til andre øjne" in guest.get(url).text


def test_a_hold_runs_out_after_five_working_days(coi_clock: Clock) -> None:
    """To the last minute it can be confirmed; after that the next is offered the seat, once."""
    world = World()
    asked = world.request()
    stay = accept(world, asked)
    second = actions.ask_for_seat(offer=world.offer, application=world.another(), text="")
    accept(world, second)
    assert stay is not None and stay.held_until is not None
    coi_clock(stay.held_until - dt.timedelta(minutes=1))
    assert look_after()["expired"] == 0
    coi_clock(stay.held_until)
    with pytest.raises(TransitionError, match="Fristen er gået"):
        staying.say_yes(stay=stay, side=Side.GUEST)
    assert [look_after()["expired"] for _ in range(2)] == [1, 0]
    stay.refresh_from_db()
    assert (stay.state, state(asked), state(second)) == ("udloebet", "udloebet", "tilbudt")
    world.application.refresh_from_db()
    assert world.application.state == "klar"


def test_a_seat_is_not_held_past_its_first_day(coi_clock: Clock) -> None:
    """Who is asked two days before answers before it begins."""
    world = World()
    coi_clock(at(world.first - 2 * DAY))
    stay = accept(world, world.request())
    assert stay is not None and stay.answer_by == world.first - DAY


def test_a_guest_has_one_seat() -> None:
    """Two hosts say yes: the second hears that the guest is offered one elsewhere; a yes takes the rest back."""
    world = World()
    asked = world.request()
    stay = accept(world, asked)
    other = public_offer(direct_seats=1, round=world.offer.round)
    host = contact_person(other.owner)
    elsewhere = DirectRequest.objects.create(application=world.application, offer=other)
    with pytest.raises(TransitionError, match="et andet sted"):
        actions.accept(request=elsewhere, first=world.first, last=world.first)
    assert stay is not None
    staying.say_yes(stay=stay, side=Side.GUEST)
    assert state(elsewhere) == "trukket" and told(host) == [f"Gæsten har fået en anden plads: {other.title}"]


def test_who_does_not_answer_is_reminded_and_then_the_centre_is_told(coi_clock: Clock) -> None:
    """Three working days, seven working days; each once."""
    world = World()
    staff = editor()
    monday = timezone.localdate() + (7 - timezone.localdate().weekday()) * DAY
    asked = world.request(waits_from=at(monday))
    expected = {2: 0, 3: 1, 4: 1, 6: 1, 7: 1, 9: 1}
    for days, reminders in expected.items():
        coi_clock(at(add_working_days(monday, days)))
        for _ in range(2):
            _late(asked)
        assert len(told(world.host)) == reminders
        assert len(told(staff)) == (days >= 7)


def _late(asked: DirectRequest) -> None:
    late.remind(asked.pk)


def test_the_job_finds_the_late_ones() -> None:
    """A request of three weeks ago; not one of today, nor one that waits in the list."""
    world = World()
    old = world.request(waits_from=timezone.now() - 21 * DAY)
    world.request(world.another())
    world.request(
        world.another(),
        state="venteliste",
        waiting_since=timezone.now(),
        waits_from=timezone.now() - 21 * DAY,
    )
    assert late.late_requests(10) == [old.pk]


def test_a_seat_more_goes_to_the_waiting_list() -> None:
    """The host makes room for one more, and the job offers it."""
    world = World()
    accept(world, world.request())
    second = actions.ask_for_seat(offer=world.offer, application=world.another(), text="")
    accept(world, second)
    Offer.objects.filter(pk=world.offer.pk).update(direct_seats=2)
    say_yes(Offer.objects.get(pk=world.offer.pk))
    Offer.objects.get(pk=world.offer.pk).arrange_seats()
    assert look_after()["offered"] == 1 and state(second) == "tilbudt"


def test_the_page_is_for_guest_host_and_editors() -> None:
    """Others get 404; the host sees nothing of what the leader has not said yes to; editors read and don't answer."""
    world = World()
    asked = world.request()
    url = asked.get_absolute_url()
    answers = {
        who: client_of(user).get(url).status_code
        for who, user in (
            ("guest", world.guest),
            ("host", world.host),
            ("editor", world.editor),
            ("stranger", world.stranger),
        )
    }
    assert answers == {"guest": 200, "host": 200, "editor": 200, "stranger": 404}
    for name in ("accept", "decline"):
        address = reverse(f"practicum:request_{name}", args=[asked.uuid])
        assert client_of(world.guest).post(address).status_code == 403
        assert client_of(world.editor).post(address).status_code == 403
        assert client_of(world.stranger).post(address).status_code == 404
    Application.objects.filter(pk=world.application.pk).update(state="leder")
    assert client_of(world.host).get(url).status_code == 404
    page = client_of(world.guest).get(url)
    assert "no-store" in page.headers["Cache-Control"] and "private" in page.headers["Cache-Control"]
    assert 'content="noindex"' in page.text


def test_an_application_of_another_round_is_not_for_this_place() -> None:
    """Nor one that has a seat."""
    world = World()
    other = ready_application(round=None, possible_days=[world.first])
    assert actions.may_be_used(other, world.offer)
    world.application.state = "placeret"
    assert not actions.may_be_used(world.application, world.offer)

"""Running the matching of a round, fixing, sending, answering."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from accounts.models import User
from editorial.models import Decision, SubjectArea
from editorial.models.querysets import TransitionError
from notices.models import Notice
from practicum.applying.hints import hints
from practicum.choices import Side
from practicum.matching.problem import Pair, Weights
from practicum.matching.solving import solve
from practicum.models import Application, MatchPin, MatchRun, Offer, OpenWish, Round, Seat, Stay, Wish
from practicum.points import home_of, place_of
from practicum.running import actions
from practicum.running.problem import problem_of
from practicum.staying.actions import expire, say_no, say_yes
from tests.factories import (
    RoundFactory,
    UserFactory,
    WorkplaceFactory,
    contact_person,
    editor,
    public_offer,
    published,
    ready_application,
    stay_at,
)
from tests.factories import say_yes as leader_says_yes

DAY = dt.timedelta(days=1)


def a_round(**fields: Any) -> Round:
    """A round whose applications are in."""
    today = dt.date.today()
    until = fields.pop("applications_until", today - DAY)
    return RoundFactory.create(
        offers_from=until - 80 * DAY, offers_until=until - 40 * DAY, applications_from=until - 40 * DAY,
        applications_until=until, seats_move_on=until, answers_until=until + 30 * DAY,
        **fields,
    )  # fmt: skip


def wishing(its_round: Round, *offers: Offer, **fields: Any) -> Application:
    """A guest who wishes for places, the dearest first."""
    application = ready_application(round=its_round, **fields)
    for rank, offer in enumerate(offers, 1):
        Wish.objects.create(application=application, offer=offer, rank=rank)
    return application


def seats(**fields: Any) -> Offer:
    """A place with so many seats of the round."""
    return public_offer(**{"direct_seats": 0, "round_seats": 1, **fields})


def ran(its_round: Round, by: User | None = None, **weights: int) -> MatchRun:
    """A run that has been worked out."""
    run = actions.start(its_round=its_round, weights=Weights(**weights), by=by or UserFactory.create())
    assert actions.work(run.uuid)
    run.refresh_from_db()
    return run


def pairs(run: MatchRun) -> dict[int, int | None]:
    """Application → place, by primary key."""
    return dict(run.lines.values_list("application", "offer"))


@pytest.fixture
def scene(db: None) -> tuple[Round, Offer, Offer, Application, Application]:
    """Two places with one seat; two guests who both wish for the first, and one of them for the second as well."""
    its_round = a_round()
    first, second = seats(round=its_round), seats(round=its_round)
    both = wishing(its_round, first, second)
    one = wishing(its_round, first)
    return its_round, first, second, both, one


Scene = tuple[Round, Offer, Offer, Application, Application]


# -- what goes in -------------------------------------------------------------


def test_rows_become_what_is_worked_out(db: None) -> None:
    """Wishes in their order, seats that are free, days, marks from five points to three."""
    its_round = a_round()
    home = WorkplaceFactory.create(sector="region", municipality_id="0751")
    offer = seats(
        round=its_round, round_seats=2, municipality_id="0851", days=2, certificates=["boerneattest"]
    )
    other = seats(round=its_round, direct_seats=1)
    guest = wishing(its_round, other, offer, workplace=home, travel_km=100, certificates=["boerneattest"])
    offer.marks.create(application=guest, mark=5)
    other.marks.create(application=guest, mark=2)
    problem = problem_of(its_round, Weights())
    found = problem.guest_by_key[str(guest.uuid)]
    assert found.wishes == (str(other.uuid), str(offer.uuid))
    assert (found.sectors, found.region, found.days, found.travel_km) == ({"region"}, "1082", 3, 100)
    assert found.dates == set(guest.possible_days) and found.workplace == str(home.uuid)
    place, second = (problem.place_by_key[str(row.uuid)] for row in (offer, other))
    assert (place.seats, place.days, place.certificates) == (2, 2, {"boerneattest"})
    assert place.marks == {str(guest.uuid): 1} and second.marks == {str(guest.uuid): -1}
    assert place.subjects == {"aeldre"} and second.seats == 2  # the direct one has moved on
    assert all(day.isoweekday() <= 5 for day in problem.period or ())


def test_a_guests_subject_areas_are_those_of_the_application_first(db: None) -> None:
    """Then those of the wish without a place, then those of what the workplace has published."""
    its_round = a_round()
    offer = seats(round=its_round)
    row = wishing(its_round, offer)

    def subjects() -> set[str]:
        return set(problem_of(its_round, Weights()).guest_by_key[str(row.uuid)].subjects)

    assert subjects() == set()
    about = published(owner=row.workplace)
    about.subject_areas.set(SubjectArea.objects.filter(slug="skole"))
    assert subjects() == {"skole"}
    wish = OpenWish.objects.create(guest=row.guest, round=its_round, text="Et bosted uden vagtplan")
    wish.subject_areas.set(SubjectArea.objects.filter(slug="transport"))
    assert subjects() == {"transport"}
    row.subject_areas.set(SubjectArea.objects.filter(slug__in=["aeldre", "sundhed"]))
    assert subjects() == {"aeldre", "sundhed"}


def test_travel_is_reckoned_from_the_same_points_as_the_hint(db: None) -> None:
    """A place without a point or a municipality lies where its host does; a guest without one where they work."""
    its_round = a_round()
    host = WorkplaceFactory.create(municipality_id="0851")
    offer = seats(round=its_round, owner=host, municipality=None, region_id=None)
    row = wishing(
        its_round,
        offer,
        workplace=WorkplaceFactory.create(municipality_id="0101"),
        municipality=None,
        travel_km=50,
    )
    assert any("km" in hint for hint in hints(row, offer))
    problem = problem_of(its_round, Weights())
    guest, place = problem.guest_by_key[str(row.uuid)], problem.place_by_key[str(offer.uuid)]
    assert (guest.point, place.point) == (home_of(row), place_of(offer)) and guest.point and place.point


def test_direct_seats_stay_out_until_their_day(db: None) -> None:
    """And who has agreed on one directly takes no part."""
    its_round = a_round()
    offer = public_offer(round=its_round, direct_seats=1, round_seats=1)
    Round.objects.filter(pk=its_round.pk).update(
        seats_move_on=dt.date.today(), applications_until=dt.date.today()
    )
    taken = wishing(its_round, offer)
    stay_at(offer, application=taken, seat=offer.seats.get(way="direkte"))
    Round.objects.filter(pk=its_round.pk).update(
        answers_until=its_round.answers_until + DAY, applications_until=dt.date.today() + DAY,
        seats_move_on=dt.date.today() + DAY,
    )  # fmt: skip
    its_round.refresh_from_db()
    assert not problem_of(its_round, Weights()).guests
    other = public_offer(round=its_round, direct_seats=2, round_seats=1)
    assert problem_of(its_round, Weights()).place_by_key[str(other.uuid)].seats == 1


def test_who_got_no_place_last_year_is_known(db: None) -> None:
    """Of those whose leader had said yes then; not who had a stay, nor who took it back."""
    before = a_round(year=2026, applications_until=dt.date.today() - 365 * DAY)
    now = a_round(year=2027)
    place, there = seats(round=before), seats(round=now)
    lost, went, gone = (wishing(before, place) for _n in range(3))
    Application.objects.filter(pk=lost.pk).update(state="lukket")
    Application.objects.filter(pk=gone.pk).update(state="trukket")
    stay_at(place, application=went, state="holdt")
    mine = {row: wishing(now, there, guest=row.guest) for row in (lost, went, gone)}
    problem = problem_of(now, Weights())
    known = {row: problem.guest_by_key[str(new.uuid)].unmatched_last_year for row, new in mine.items()}
    assert known == {lost: True, went: False, gone: False}


# -- running ------------------------------------------------------------------


def test_a_run_stores_what_was_worked_out(scene: Scene) -> None:
    """Pairs, reasons, who has none, figures and seats: the same as the pure core says."""
    its_round, first, second, both, one = scene
    run = ran(its_round)
    result = solve(problem_of(its_round, Weights()))
    assert run.state == "klar" and run.blocking == [] and run.done == run.total > 0
    assert pairs(run) == {both.pk: second.pk, one.pk: first.pk} or pairs(run) == {
        both.pk: first.pk,
        one.pk: None,
    }
    assert {
        str(line.application.uuid): str(line.offer.uuid) for line in run.lines.exclude(offer=None)
    } == dict(result.place_of)
    assert run.weights == dataclasses.asdict(Weights())
    assert run.figures["everybody"]["guests"] == 2
    assert sum(run.seats_left.values()) == 2 - len(result.matches)


def test_other_weights_move_people(client: Client, db: None) -> None:
    """A host's mark against another sector: the page says who moves."""
    its_round = a_round()
    offer = seats(round=its_round, owner=WorkplaceFactory.create(sector="kommune"))
    liked = wishing(its_round, offer, workplace=WorkplaceFactory.create(sector="kommune"), guest__name="Ane")
    far = wishing(its_round, offer, workplace=WorkplaceFactory.create(sector="stat"), guest__name="Bo")
    offer.marks.create(application=liked, mark=5)
    assert pairs(ran(its_round, sector=0))[liked.pk] == offer.pk
    assert pairs(ran(its_round, mark=0))[far.pk] == offer.pk
    client.force_login(editor())
    text = client.get(f"/praktik/parring/{its_round.year}/?koersel=2&mod=1").content.decode()
    assert "Forskellen fra nr. 1 til nr. 2" in text and "Mister sin plads" in text and "Får en plads" in text


def test_a_run_that_was_killed_is_taken_up_and_leaves_one_result(scene: Scene, monkeypatch: Any) -> None:
    """The worker dies while it writes; the job runs again, twice."""
    its_round = scene[0]
    run = actions.start(its_round=its_round, weights=Weights(), by=UserFactory.create())

    def dies(*args: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(actions, "_as_json", dies)
        with pytest.raises(KeyboardInterrupt):
            actions.work(run.uuid)
    run.refresh_from_db()
    assert run.state == "koerer" and not run.lines.exists()
    assert actions.work(run.uuid) and not actions.work(run.uuid)
    assert run.lines.count() == 2 and MatchRun.objects.get().state == "klar"


def test_one_run_at_a_time(scene: Scene, coi_clock: Callable[[dt.datetime], None]) -> None:
    """Another is refused while one is worked out; after half an hour it is given up."""
    its_round = scene[0]
    fields = {"its_round": its_round, "weights": Weights(), "by": UserFactory.create()}
    run = actions.start(**fields)
    with pytest.raises(TransitionError, match="allerede"):
        actions.start(**fields)
    coi_clock(run.created_at + dt.timedelta(minutes=31))
    assert actions.start(**fields).number == 2
    run.refresh_from_db()
    assert run.state == "fejlet" and not actions.work(run.uuid)


# -- what the editors fix -------------------------------------------------------


def test_pins_are_marked_and_their_price_is_listed(client: Client, scene: Scene) -> None:
    """One is put where nobody wished; what the others lose by it stands as blocking pairs."""
    its_round, first, second, both, one = scene
    by = editor()
    actions.pin(
        its_round=its_round, application=one, offer=second, kind="fast", reason="Aftalt i telefonen", by=by
    )
    run = ran(its_round)
    assert pairs(run) == {one.pk: second.pk, both.pk: first.pk}
    assert run.lines.get(application=one).made == "pinned"
    client.force_login(by)
    text = client.get(f"/praktik/parring/{its_round.year}/").content.decode()
    assert "Sat sammen af redaktionen" in text and "Aftalt i telefonen" in text
    actions.pin(
        its_round=its_round, application=both, offer=first, kind="forbudt", reason="Kender hinanden", by=by
    )
    blocked = ran(its_round)
    assert [str(both.uuid), str(first.uuid), "forbidden"] in blocked.blocking
    assert "redaktionen har valgt" in client.get(f"/praktik/parring/{its_round.year}/").content.decode()


@pytest.mark.parametrize("case", ["own", "full", "twice", "two", "elsewhere"])
def test_what_cannot_be_fixed_is_refused(scene: Scene, case: str) -> None:
    """With a sentence, and nothing is stored."""
    its_round, first, second, both, one = scene
    fields: dict[str, Any] = {
        "its_round": its_round, "application": both, "offer": first, "kind": "fast", "reason": "Derfor",
        "by": UserFactory.create(),
    }  # fmt: skip
    if case == "own":
        fields["offer"] = seats(round=its_round, owner=both.workplace)
    elif case == "full":
        actions.pin(**fields | {"application": one})
    elif case == "twice":
        actions.pin(**fields | {"kind": "forbudt"})
        fields["kind"] = "forbudt"
    elif case == "two":
        actions.pin(**fields | {"offer": second})
    else:
        fields["offer"] = seats(round=None, round_seats=0, direct_seats=1)
    before = MatchPin.objects.count()
    with pytest.raises(TransitionError):
        actions.pin(**fields)
    assert MatchPin.objects.count() == before


# -- sending --------------------------------------------------------------------


def test_sending_gives_seats_and_tells_everybody(scene: Scene) -> None:
    """Guest and host what is meant for them; who got none why; twice is once."""
    its_round, _first, _second, both, one = scene
    run = ran(its_round, by := editor())
    hosts = [contact_person(offer.owner) for offer in Offer.objects.all()]
    stays = actions.send(run=run, by=by)
    assert {stay.application_id: stay.offer_id for stay in stays} == {
        key: offer for key, offer in pairs(run).items() if offer
    }
    for stay in stays:
        assert (stay.state, stay.origin, stay.days) == ("tilbudt", "match", 3)
        assert stay.ends_on - stay.starts_on >= 2 * DAY and stay.seat.way == "runde"
        assert stay.held_until is not None and stay.held_until.date() >= its_round.answers_until
    told = Notice.objects.filter(event="praktik")
    assert set(told.values_list("recipient", flat=True)) >= {both.guest_id, one.guest_id}
    for notice in told.filter(recipient__in=hosts):
        assert "ønske nr." not in notice.text.lower()
    with pytest.raises(TransitionError, match="allerede sendt"):
        actions.send(run=run, by=by)
    assert (
        Stay.objects.count() == len(stays) and Notice.objects.filter(event="praktik").count() == told.count()
    )
    assert Decision.objects.filter(action="practicum-send").count() == 1


@pytest.mark.parametrize("change", ["seat", "withdrawn", "pin"])
def test_nothing_is_sent_that_no_longer_holds(scene: Scene, change: str) -> None:
    """All or nothing: the run must be made again."""
    its_round, _first, _second, _both, one = scene
    run = ran(its_round)
    line = run.lines.exclude(offer=None).first()
    assert line is not None and line.offer is not None
    if change == "seat":
        days = [its_round.stays_from + n * DAY for n in range(3)]
        stay_at(line.offer, application=ready_application(round=None, possible_days=days))
    elif change == "withdrawn":
        Application.objects.filter(pk=line.application_id).update(state="trukket")
    else:
        actions.pin(
            its_round=its_round, application=one, offer=line.offer, kind="forbudt", reason="Nej", by=editor()
        )
    before = Stay.objects.count()
    with pytest.raises(TransitionError, match="igen"):
        actions.send(run=run, by=UserFactory.create())
    assert Stay.objects.count() == before and MatchRun.objects.get().state == "klar"


def test_by_hand_nobody_is_sent_on_days_that_leader_or_host_have_not_said_yes_to(scene: Scene) -> None:
    """Two that the editors put together get days that both can, fewer if need be; without one they are refused."""
    its_round, first, second, both, one = scene
    by = editor()
    days = [its_round.stays_from + n * DAY for n in range(3)]
    Application.objects.filter(pk=both.pk).update(days=1, possible_days=days[:1])
    Offer.objects.filter(pk=second.pk).update(ends_on=days[2])
    second.refresh_from_db()
    leader_says_yes(second)
    both.refresh_from_db()
    actions.pin(its_round=its_round, application=both, offer=second, kind="fast", reason="Ja", by=by)
    run = ran(its_round)
    stay = next(row for row in actions.send(run=run, by=by) if row.application_id == both.pk)
    assert (stay.starts_on, stay.ends_on, stay.days) == (days[0], days[0], 1)
    Offer.objects.filter(pk=first.pk).update(
        starts_on=its_round.stays_until + DAY, ends_on=its_round.stays_until + DAY
    )
    first.refresh_from_db()
    leader_says_yes(first)
    with pytest.raises(TransitionError, match="ingen fælles dage"):
        actions.pin(its_round=its_round, application=one, offer=first, kind="fast", reason="Ja", by=by)


def test_days_that_were_changed_after_the_run_are_not_sent(scene: Scene) -> None:
    """The guest can only on other days by now, or the host: the run must be made again."""
    its_round = scene[0]
    run = ran(its_round)
    line = run.lines.exclude(offer=None).first()
    assert line is not None
    row = line.application
    Application.objects.filter(pk=row.pk).update(possible_days=row.possible_days[:2])
    with pytest.raises(TransitionError, match="igen"):
        actions.send(run=run, by=UserFactory.create())
    assert not Stay.objects.exists()


def test_the_rest_is_matched_again(scene: Scene) -> None:
    """Who has accepted stays; a pair that was declined is not offered again; sent seats are not given twice."""
    its_round, first, second, both, one = scene
    run = ran(its_round)
    stays = {stay.application_id: stay for stay in actions.send(run=run, by=UserFactory.create())}
    kept = stays[both.pk]
    say_yes(stay=kept, side=Side.GUEST)
    say_yes(stay=kept, side=Side.HOST)
    if one.pk in stays:
        say_no(stay=stays[one.pk], side=Side.HOST, reason="Vi flytter den uge")
    late = wishing(its_round, first, second)
    again = ran(its_round)
    assert again.lines.get(application=both).made == "kept"
    found = pairs(again)
    assert found[both.pk] == kept.offer_id and found[late.pk] not in (None, kept.offer_id)
    assert found[one.pk] is None
    new = actions.send(run=again, by=UserFactory.create())
    assert [stay.application_id for stay in new] == [late.pk]
    run.refresh_from_db()
    assert run.state == "afloest"


def test_a_pair_that_waits_for_answers_is_not_said_to_have_them(client: Client, scene: Scene) -> None:
    """And when nothing is new, nothing is sent: the page says so."""
    its_round = scene[0]
    actions.send(run=ran(its_round), by=UserFactory.create())
    again = ran(its_round)
    client.force_login(editor())
    text = client.get(f"/praktik/parring/{its_round.year}/").content.decode()
    assert "står fra et forslag, der er sendt" in text and "egge har sagt ja" not in text
    assert "Der er ingen nye par at sende" in text and "Send forslag" not in text
    with pytest.raises(TransitionError, match="ingen nye par"):
        actions.send(run=again, by=UserFactory.create())


def test_a_direct_seat_goes_with_the_round_when_it_is_given_out(db: None) -> None:
    """Its row says so."""
    its_round = a_round()
    offer = public_offer(round=its_round, direct_seats=1, round_seats=1)
    for _n in range(2):
        wishing(its_round, offer)
    assert len(actions.send(run=ran(its_round), by=UserFactory.create())) == 2
    assert set(Seat.objects.filter(offer=offer).values_list("way", flat=True)) == {"runde"}
    assert Seat.objects.filter(offer=offer, moved_on__isnull=False).count() == 1


# -- answers --------------------------------------------------------------------


def offered(db: None = None) -> Stay:
    """A proposal that waits for its two answers."""
    its_round = a_round()
    wishing(its_round, seats(round=its_round))
    return actions.send(run=ran(its_round), by=UserFactory.create())[0]


def test_no_answer_in_time_is_no(coi_clock: Callable[[dt.datetime], None], db: None) -> None:
    """On the last day one can still answer; after it the job lets go, once, and staff are told who did not answer."""
    staff, stay = editor(), offered()
    assert stay.held_until is not None
    coi_clock(stay.held_until - dt.timedelta(minutes=1))
    assert not expire(stay.pk)
    say_yes(stay=stay, side=Side.GUEST)
    coi_clock(stay.held_until)
    with pytest.raises(TransitionError, match="Fristen"):
        say_yes(stay=stay, side=Side.HOST)
    assert (expire(stay.pk), expire(stay.pk)) == (True, False)
    stay.refresh_from_db()
    assert stay.state == "udloebet" and Application.objects.get().state == "klar"
    notice = Notice.objects.get(recipient=staff)
    assert "Værten har ikke svaret i tide." in notice.text and stay.get_absolute_url() in notice.url
    assert (
        Pair(str(stay.application.uuid), str(stay.offer.uuid)) in problem_of(stay.round, Weights()).declined
    )


# -- at once ----------------------------------------------------------------------


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Each over a connection of its own; what they answer, or the error."""

    def one(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Exception as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [future.result() for future in [pool.submit(one, call) for call in calls]]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_of_the_staff_at_once() -> None:
    """Two runs at once are one; it is worked out twice at once and stands once; sent twice at once it is sent once."""
    its_round = a_round()
    offer = seats(round=its_round, round_seats=2)
    for _n in range(3):
        wishing(its_round, offer)
    by = UserFactory.create()
    found = at_once(*[lambda: actions.start(its_round=its_round, weights=Weights(), by=by)] * 2)
    assert sorted(type(row).__name__ for row in found) == ["MatchRun", "TransitionError"]
    run = MatchRun.objects.get()
    assert sorted(at_once(*[lambda: actions.work(run.uuid)] * 2)) == [False, True]
    assert run.lines.count() == 3
    sent = at_once(*[lambda: actions.send(run=MatchRun.objects.get(), by=by)] * 2)
    assert sorted(type(row).__name__ for row in sent) == ["TransitionError", "list"]
    assert Stay.objects.count() == 2
    stay = Stay.objects.order_by("pk")[0]
    answered = at_once(*(lambda side=side: say_yes(stay=stay, side=side) for side in Side))
    assert not any(isinstance(row, Exception) for row in answered)
    stay.refresh_from_db()
    assert stay.state == "aftalt"


# -- the page -----------------------------------------------------------------------


def test_the_page_runs_shows_and_sends(client: Client, scene: Scene) -> None:
    """From the first visit to what is sent, without JavaScript."""
    its_round = scene[0]
    client.force_login(editor())
    path = f"/praktik/parring/{its_round.year}/"
    assert "Kør parring" in client.get(path).content.decode()
    weights = {key: str(value) for key, value in dataclasses.asdict(Weights()).items()}
    wrong = client.post(path, weights | {"mark": "101"})
    assert wrong.status_code == 422 and "101" in wrong.content.decode() and not MatchRun.objects.exists()
    there = client.post(path, weights)
    run = MatchRun.objects.get()
    assert there["Location"] == f"{path}?koersel=1"
    waiting = client.get(f"{path}?koersel=1").content.decode()
    assert "Bliver" in waiting or "Venter" in waiting
    assert "<progress" in client.get(path, headers={"HX-Request": "true"}).content.decode()
    actions.work(run.uuid)
    assert client.get(path, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    text = client.get(path).content.decode()
    assert "af 2 gæster" in text and "Send forslag" in text and "Ingen." in text
    assert client.post(f"{path}1/send/").status_code == 302
    assert client.post(f"{path}1/send/").status_code == 302
    assert Stay.objects.count() == run.lines.exclude(offer=None).count()
    assert "Par resten igen" in client.get(path).content.decode()
    assert b"".join(client.get(f"{path}1/parring.xlsx").streaming_content)[:2] == b"PK"
    assert Decision.objects.filter(action="practicum-export").exists()


def test_progress_asks_again_by_itself(client: Client, scene: Scene) -> None:
    """While a run is worked out the page brings what asks again; after that there is nothing to ask for."""
    its_round = scene[0]
    client.force_login(editor())
    run = actions.start(its_round=its_round, weights=Weights(), by=UserFactory.create())
    path = f"/praktik/parring/{its_round.year}/"
    waiting = client.get(path).content.decode()
    assert "htmx.min" in waiting and "data-hx-get" in waiting
    actions.work(run.uuid)
    assert "htmx.min" not in client.get(path).content.decode()


def test_staff_find_the_pages_of_a_round(client: Client, scene: Scene) -> None:
    """From Min side, from where hosts are missing, and from admin; nobody else is led there."""
    its_round = scene[0]
    client.force_login(editor())
    for page in ("/min-side/", "/praktik/mangler/", "/admin/practicum/round/"):
        assert f"/praktik/overblik/{its_round.year}/" in client.get(page).content.decode(), page
    assert "2.0" not in client.get("/admin/practicum/round/").content.decode()
    client.force_login(contact_person(WorkplaceFactory.create()))
    for page in ("/min-side/", "/praktik/mangler/"):
        assert "/praktik/overblik/" not in client.get(page).content.decode(), page


@pytest.mark.parametrize("query", ["koersel=x", "koersel=99", "koersel=1&mod=99", "koersel=%00"])
def test_a_run_that_is_not_there(client: Client, scene: Scene, query: str) -> None:
    """404, never an error."""
    ran(scene[0])
    client.force_login(editor())
    assert client.get(f"/praktik/parring/{scene[0].year}/?{query}").status_code == 404


def test_a_guest_is_fixed_on_a_page(client: Client, scene: Scene) -> None:
    """Wrong input keeps what was typed; a CPR number is refused; taken back by a click."""
    its_round, first, _second, both, _one = scene
    client.force_login(editor())
    path = f"/praktik/parring/{its_round.year}/gaest/{both.uuid}/"
    empty = client.post(path, {"reason": "Skrevet før"})
    assert empty.status_code == 422 and "Skrevet før" in empty.content.decode()
    fields = {"kind": "fast", "offer": str(first.uuid), "reason": "Aftalt"}
    assert client.post(path, fields | {"reason": "Hun er 010190-1232"}).status_code == 422
    assert client.post(path, fields | {"offer": "x"}).status_code == 422
    assert client.post(path, fields).status_code == 302
    assert client.post(path, fields).status_code == 422
    pin = MatchPin.objects.get()
    assert "Aftalt" in client.get(f"/praktik/parring/{its_round.year}/").content.decode()
    for _n in range(2):
        assert (
            client.post(f"/praktik/parring/{its_round.year}/rettelser/{pin.uuid}/fjern/").status_code == 302
        )
    assert not MatchPin.objects.exists()
    assert client.get(f"/praktik/parring/{its_round.year}/gaest/{uuid.uuid4()}/").status_code == 404


@pytest.mark.parametrize("page", ["parring", "overblik"])
def test_pages_cost_the_same_for_many(client: Client, db: None, page: str) -> None:
    """The number of queries does not grow with guests and places."""
    from django.test.utils import CaptureQueriesContext

    its_round = a_round()
    client.force_login(editor())

    def cost(number: int) -> int:
        offers = [seats(round=its_round, municipality_id="0751") for _n in range(number)]
        for _n in range(number * 2):
            wishing(its_round, *offers)
        if page == "parring":
            ran(its_round)
        path = f"/praktik/{page}/{its_round.year}/"
        client.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    assert cost(2) == cost(5) <= 45

"""Assessment: who gets which idea, what they see before they have sent their own, and what it comes to."""

from __future__ import annotations

import csv
import datetime as dt
import io
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from accounts.models import User
from coi.personal_data.erasing import erase
from editorial.models import Decision, Receipt, SenderContact
from editorial.models.querysets import TransitionError
from editorial.models.subjects import resolve_tags
from ideastorm.assessing.actions import (
    Points,
    assign_evenly,
    assign_these,
    declare_conflict,
    save_points,
    send_points,
    take_back,
)
from ideastorm.assessing.figures import figures
from ideastorm.assessing.files import point_rows
from ideastorm.models import Assignment, Conflict, Idea, IdeaMerge, Score, Storm, Support
from ideastorm.permissions import Visitor, can_assess
from notices.models import Notice
from tests.factories import (
    IdeaFactory,
    StormFactory,
    UserFactory,
    WorkplaceFactory,
    editor,
    membership,
    public_idea,
)

pytestmark = pytest.mark.django_db
Clock = Callable[[dt.datetime], None]
OPENS = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)
UNTIL = OPENS + dt.timedelta(days=21)
SECOND = dt.timedelta(seconds=1)
LATER = UNTIL + dt.timedelta(days=1)


def assessed_storm(ideas: int = 3, *, supports: int = 0, **fields: Any) -> tuple[Storm, list[Idea]]:
    """A storm that is being assessed by the real clock, with ideas by different authors."""
    storm = StormFactory.create(opens_at=timezone.now() - dt.timedelta(days=30), **fields)
    rows = [public_idea(storm=storm, author=UserFactory.create()) for _ in range(ideas)]
    for _ in range(supports):
        Support.objects.create(idea=rows[0], user=UserFactory.create())
    storm.publish(by=None)
    return Storm.objects.with_phase().get(pk=storm.pk), rows


def points(storm: Storm, *given: int, note: str = "") -> list[Points]:
    """Points by each criterion, in their order."""
    return [Points(c.pk, p, note) for c, p in zip(storm.criteria.all(), given, strict=False)]


def given(storm: Storm, idea: Idea, *rows: tuple[int, ...]) -> list[User]:
    """Assessors who have sent these points."""
    found = []
    for row in rows:
        user = UserFactory.create()
        assignment = Assignment.objects.create(idea=idea, assessor=user)
        send_points(assignment=assignment, points=points(storm, *row), by=Visitor(user))
        found.append(user)
    return found


def staff() -> Visitor:
    """An editor."""
    return Visitor(editor())


def at_once(*actions: Callable[[], object]) -> list[object]:
    """What each gave, or how it was refused, over connections of their own."""
    barrier, results = threading.Barrier(len(actions)), dict[int, object]()

    def run(n: int, action: Callable[[], object]) -> None:
        try:
            barrier.wait(5)
            results[n] = action()
        except Exception as error:
            results[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[n] for n in range(len(actions))]


# -- distributing -------------------------------------------------------------


@pytest.mark.parametrize(("ideas", "people", "each"), [(10, 4, 2), (7, 3, 3), (5, 2, 1), (3, 2, 4)])
def test_evenly(ideas: int, people: int, each: int) -> None:
    """Every idea gets as many as there are, nobody more than one above another; again gives nothing more."""
    storm, rows = assessed_storm(ideas)
    users = [UserFactory.create() for _ in range(people)]
    done = assign_evenly(storm=storm, assessors=users, each=each, by=staff())
    per_idea = Counter(Assignment.objects.values_list("idea", flat=True))
    per_person = Counter(Assignment.objects.values_list("assessor", flat=True))
    enough = min(each, people)
    assert [per_idea[idea.pk] for idea in rows] == [enough] * ideas
    assert max(per_person.values()) - min(per_person[user.pk] for user in users) <= 1
    assert (done.given, len(done.lacking)) == (ideas * enough, 0 if each <= people else ideas)
    assert assign_evenly(storm=storm, assessors=users, each=each, by=staff()).given == 0


def author_leads(idea: Idea, user: User) -> None:
    """The user leads the workplace where the idea's author works."""
    place = WorkplaceFactory.create()
    assert idea.author
    membership(user=idea.author, workplace=place, role="medarbejder")
    membership(user=user, workplace=place, role="leder")


def wrote_it(idea: Idea, user: User) -> None:
    """The user is the author."""
    idea.author = user
    idea.save()


def led_the_place(idea: Idea, user: User) -> None:
    """The user leads the workplace that an idea without an account is written from."""
    idea.workplace = WorkplaceFactory.create()
    idea.author = None
    idea.save()
    membership(user=user, workplace=idea.workplace, role="leder")


def left_the_address(idea: Idea, user: User) -> None:
    """The user wrote it without the account, and left its address for the answer."""
    Idea.objects.filter(pk=idea.pk).update(author=None)
    Receipt.issue(idea)
    SenderContact.objects.create(receipt=Receipt.objects.get(content=idea), email=user.email.upper())


def joined(idea: Idea, author: User) -> None:
    """An idea by this author is read under it."""
    other = IdeaFactory.create(storm=idea.storm, author=author)
    other.publish(by=None)
    IdeaMerge.objects.create(merged=other, survivor=idea, made_by_key=author.key)


def wrote_what_was_joined(idea: Idea, user: User) -> None:
    """The user has a part in it."""
    joined(idea, user)


def leads_who_wrote_what_was_joined(idea: Idea, user: User) -> None:
    """And so has somebody the user leads."""
    author, place = UserFactory.create(), WorkplaceFactory.create()
    membership(user=author, workplace=place, role="medarbejder")
    membership(user=user, workplace=place, role="leder")
    joined(idea, author)


def said_so(idea: Idea, user: User) -> None:
    """The user has a conflict."""
    Conflict.objects.create(idea=idea, assessor=user)


def works_there(idea: Idea, user: User) -> None:
    """A colleague, not a leader."""
    place = WorkplaceFactory.create()
    assert idea.author
    membership(user=idea.author, workplace=place, role="leder")
    membership(user=user, workplace=place, role="medarbejder")


def led_it_once(idea: Idea, user: User) -> None:
    """A leader who has left."""
    place = WorkplaceFactory.create()
    assert idea.author
    membership(user=idea.author, workplace=place, role="medarbejder")
    membership(user=user, workplace=place, role="leder", state="ended")


@pytest.mark.parametrize("how", ["evenly", "these"])
@pytest.mark.parametrize(
    ("tie", "may"),
    [
        (wrote_it, False),
        (author_leads, False),
        (led_the_place, False),
        (left_the_address, False),
        (wrote_what_was_joined, False),
        (leads_who_wrote_what_was_joined, False),
        (said_so, False),
        (works_there, True),
        (led_it_once, True),
    ],
)
def test_who_is_left_out(tie: Callable[[Idea, User], None], may: bool, how: str) -> None:
    """The author, whoever leads them, and who has a conflict; the idea is then named as lacking."""
    storm = StormFactory.create(opens_at=timezone.now() - dt.timedelta(days=30))
    idea, user = public_idea(storm=storm, author=UserFactory.create()), UserFactory.create()
    tie(idea, user)
    storm.publish(by=None)
    storm = Storm.objects.with_phase().get(pk=storm.pk)
    if how == "evenly":
        done = assign_evenly(storm=storm, assessors=[user], each=1, by=staff())
    else:
        done = assign_these(storm=storm, assessors=[user], ideas=[idea.pk], by=staff())
    assert Assignment.objects.filter(assessor=user).exists() is may
    assert [row.pk for row in done.lacking] == ([] if may else [idea.pk])
    if tie in (left_the_address, wrote_what_was_joined, leads_who_wrote_what_was_joined):
        # Nor does who had it already give it points.
        Assignment.objects.create(idea=idea, assessor=user)
        row = Idea.objects.get(pk=idea.pk)
        row.storm = storm
        assert not can_assess(Visitor(user), row)


def test_who_becomes_their_leader_meanwhile_does_not_assess() -> None:
    """It is asked again when points are given."""
    storm, (idea,) = assessed_storm(1)
    user = UserFactory.create()
    assignment = Assignment.objects.create(idea=idea, assessor=user)
    idea.storm = storm
    assert can_assess(Visitor(user), idea)
    author_leads(idea, user)
    assert not can_assess(Visitor(user), idea)
    with pytest.raises(TransitionError):
        send_points(assignment=assignment, points=points(storm, 3, 3), by=Visitor(user))


def test_only_what_stands_is_given() -> None:
    """Neither what waits, was taken down, was merged, nor what is of another storm."""
    storm, (stands, merged, down) = assessed_storm(3)
    IdeaMerge.objects.create(survivor=stands, merged=merged)
    down.suspend(by=None, reason="Prøve")
    other = public_idea()
    user = UserFactory.create()
    keys = [row.pk for row in (stands, merged, down, other)]
    assert assign_these(storm=storm, assessors=[user], ideas=keys, by=staff()).given == 1
    assert Assignment.objects.get().idea_id == stands.pk


def test_the_page_distributes(client: Client) -> None:
    """By each way; by whoever answers, too. What is wrong is said at its field, and nothing typed is lost."""
    storm, rows = assessed_storm(3)
    rows[0].tags.set(resolve_tags(names=["breve"]))
    users = [UserFactory.create() for _ in range(2)]
    assert storm.answerer
    client.force_login(storm.answerer)
    url = reverse("ideastorm:assign", args=[storm.slug])
    addresses = "\n".join(user.email.upper() for user in users)
    wrong = [
        ({"way": "jaevnt", "each": "2", "addresses": "ukendt@example.dk"}, "ukendt@example.dk"),
        ({"way": "emne", "addresses": addresses}, "Vælg et emne"),
        ({"way": "haand", "addresses": addresses}, "Vælg mindst én idé"),
        ({"way": "jaevnt", "each": "0", "addresses": addresses}, users[0].email.upper()),
        ({"way": "haand", "ideas": public_idea().slug, "addresses": addresses}, users[0].email.upper()),
    ]
    for data, said in wrong:
        answer = client.post(url, data)
        assert (answer.status_code, said in answer.content.decode()) == (422, True), data
    assert not Assignment.objects.exists()
    right: list[tuple[dict[str, str], int]] = [
        ({"way": "emne", "tag": "breve"}, 2), ({"way": "haand", "ideas": rows[1].slug or ""}, 4),
        ({"way": "jaevnt", "each": "2"}, 6), ({"way": "jaevnt", "each": "2"}, 6),
    ]  # fmt: skip
    for more, count in right:
        assert client.post(url, {"addresses": addresses, **more}).status_code == 302
        assert Assignment.objects.count() == count
    assert "0 af 3" in client.get(url).content.decode()
    person = {"person": str(users[0].key)}
    assert client.post(reverse("ideastorm:take_back", args=[storm.slug]), person).status_code == 302
    assert Assignment.objects.count() == 3


def test_nothing_is_given_when_it_is_finished() -> None:
    """And nothing is taken back."""
    storm, (idea,) = assessed_storm(1)
    assignment = Assignment.objects.create(idea=idea, assessor=UserFactory.create())
    idea.suspend(by=None, reason="Så er alt besvaret")
    Storm.objects.filter(pk=storm.pk).update(finished_at=timezone.now())
    with pytest.raises(TransitionError):
        assign_evenly(storm=storm, assessors=[UserFactory.create()], each=1, by=staff())
    with pytest.raises(TransitionError):
        take_back(assignment=assignment, by=staff())


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_distribute_at_once() -> None:
    """The second sees what the first gave: no idea gets more than it was to have."""
    storm, rows = assessed_storm(6)
    users, by = [UserFactory.create() for _ in range(4)], [staff(), staff()]
    results = at_once(
        *(lambda v=v: assign_evenly(storm=storm, assessors=users, each=2, by=v).given for v in by)  # type: ignore[misc]
    )
    assert sorted(results) == [0, 12]  # type: ignore[type-var]
    assert set(Counter(Assignment.objects.values_list("idea", flat=True)).values()) == {2}
    assert len(rows) == 6


def test_assessors_are_told_once_for_each_distribution() -> None:
    """However many ideas they get; not when they get nothing new; a colleague who takes over is told, too."""
    storm, rows = assessed_storm(4)
    users = [UserFactory.create() for _ in range(3)]
    for told in ([2, 2], [2, 2]):
        assign_evenly(storm=storm, assessors=users[:2], each=1, by=staff())
        found = {n.recipient_id: n for n in Notice.objects.all()}
        assert len(found) == Notice.objects.count() == 2
        assert all(f"vurdere {n} ideer" in found[u.pk].text for n, u in zip(told, users, strict=False))
    assign_these(storm=storm, assessors=[users[2]], ideas=[rows[0].pk], by=staff())
    last = Notice.objects.get(recipient=users[2])
    assert "vurdere 1 idé i" in last.text and storm.title in last.subject and last.url.endswith("/vurdering/")
    assert not any(idea.title in n.text for n in Notice.objects.all() for idea in rows)
    Notice.objects.all().delete()
    tied = Assignment.objects.filter(assessor=users[0]).first()
    assert tied is not None
    new = declare_conflict(assignment=tied, note="Min nabo", by=users[0])
    assert new is not None and Notice.objects.get().recipient == new.assessor


def test_an_idea_that_nobody_assesses_is_told_of(client: Client) -> None:
    """To those who distribute: whoever answers, the deputy and the editors; once, and without what was said."""
    storm, (idea,) = assessed_storm(1)
    by, user, other = editor(), UserFactory.create(), UserFactory.create()
    for assessor in (user, other):
        Assignment.objects.create(idea=idea, assessor=assessor)
    declare_conflict(assignment=Assignment.objects.get(assessor=other), note="", by=other)
    assert not Notice.objects.exists()  # one still assesses it
    client.force_login(user)
    own = Assignment.objects.get(assessor=user)
    for _ in range(2):
        page = client.post(
            reverse("ideastorm:conflict", args=[storm.slug, own.uuid]), {"why": "Min nabo"}, follow=True
        )
    assert "En anden vurderer ideen" not in page.content.decode()
    told = Notice.objects.all()
    assert {n.recipient for n in told} == {storm.answerer, storm.deputy, by} and len(told) == 3
    assert all(idea.title in n.subject and "nabo" not in n.text and user.name not in n.text for n in told)


# -- giving points ------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "open_for_points"),
    [(UNTIL - SECOND, False), (UNTIL, True), (LATER, True)],
)
def test_points_are_given_while_it_is_assessed(
    client: Client, coi_clock: Clock, now: dt.datetime, open_for_points: bool
) -> None:
    """To the second. Too early is 422 with why, and what was typed is kept."""
    storm = StormFactory.create(opens_at=OPENS)
    idea, user = public_idea(storm=storm), UserFactory.create()
    assignment = Assignment.objects.create(idea=idea, assessor=user)
    storm.publish(by=None)
    coi_clock(now)
    client.force_login(user)
    url = reverse("ideastorm:assess", args=[storm.slug, assignment.uuid])
    page = client.get(url)
    assert page.status_code == 200 and ('name="send"' in page.content.decode()) is open_for_points
    data = {f"points-{c.pk}": "4" for c in storm.criteria.all()}
    data |= {f"note-{c.pk}": "Det er til at gøre" for c in storm.criteria.all()}
    answer = client.post(url, data)
    assert answer.status_code == (302 if open_for_points else 422)
    if not open_for_points:
        assert "når der er lukket for støtte" in answer.content.decode()
        assert "Det er til at gøre" in answer.content.decode()
    assert Score.objects.exists() is open_for_points


def test_saved_meanwhile_and_sent_once(client: Client) -> None:
    """Sending needs all criteria; sent twice is sent once, and from then on it stands."""
    storm, (idea,) = assessed_storm(1)
    user = UserFactory.create()
    assignment = Assignment.objects.create(idea=idea, assessor=user)
    client.force_login(user)
    url = reverse("ideastorm:assess", args=[storm.slug, assignment.uuid])
    first, second = storm.criteria.all()
    a, b, note = f"points-{first.pk}", f"points-{second.pk}", f"note-{second.pk}"
    steps: list[tuple[dict[str, str], int, str, int]] = [
        # what is sent, status, what is said, points that are stored
        ({a: "2"}, 302, "", 1),
        ({a: "3", "send": "1"}, 422, "Giv fra 1 til 5 point", 1),
        ({a: "3", note: "Uden point"}, 422, "Giv også point", 1),
        ({a: "6", b: "1"}, 422, "", 1),
        ({a: "3", b: "5", note: "Godt", "send": "1"}, 302, "", 2),
        ({a: "1", b: "1", "send": "1"}, 422, "Du har allerede sendt", 2),
    ]
    for data, status, said, stored in steps:
        answer = client.post(url, data)
        assert (answer.status_code, Score.objects.count()) == (status, stored), data
        page = answer.content.decode()
        assert said in page and "[&" not in page
    assert list(Score.objects.order_by("criterion__position").values_list("points", "note")) == [
        (3, ""),
        (5, "Godt"),
    ]
    assignment.refresh_from_db()
    assert assignment.sent_at
    page = client.get(url).content.decode()
    assert "Den står" in page and 'name="send"' not in page


def test_killed_half_way_nothing_is_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither points nor that it was sent."""
    storm, (idea,) = assessed_storm(1)
    user = UserFactory.create()
    assignment = Assignment.objects.create(idea=idea, assessor=user)

    def killed() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ideastorm.assessing.actions.CoiNow", killed)
    with pytest.raises(KeyboardInterrupt):
        send_points(assignment=assignment, points=points(storm, 4, 4), by=Visitor(user))
    assert not Score.objects.exists() and not Assignment.objects.sent().exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_sent_twice_at_once() -> None:
    """One stands, whole; the other is told."""
    storm, (idea,) = assessed_storm(1)
    user = UserFactory.create()
    assignment = Assignment.objects.create(idea=idea, assessor=user)
    results = at_once(
        *(
            lambda n=n: send_points(assignment=assignment, points=points(storm, n, n), by=Visitor(user))  # type: ignore[misc]
            for n in (1, 5)
        )
    )
    assert sorted(type(r).__name__ for r in results) == ["NoneType", "TransitionError"]
    assert len(set(Score.objects.values_list("points", flat=True))) == 1 and Score.objects.count() == 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_points_that_come_while_it_is_being_finished() -> None:
    """Whoever finishes has the storm's row: the points wait, and are then too late. Nothing of them is stored."""
    storm, (idea,) = assessed_storm(1)
    user = UserFactory.create()
    assignment = Assignment.objects.create(idea=idea, assessor=user)
    closing, result = threading.Event(), []

    def send() -> None:
        closing.wait(5)
        try:
            send_points(assignment=assignment, points=points(storm, 2, 2), by=Visitor(user))
        except TransitionError as error:
            result.append(str(error))
        finally:
            connection.close()

    thread = threading.Thread(target=send)
    thread.start()
    with transaction.atomic():
        Idea.objects.get(pk=idea.pk).answers.create(number=1, status="ikke-nu", reason="Ikke i år.")
        Storm.objects.filter(pk=storm.pk).update(finished_at=timezone.now())
        closing.set()
        thread.join(0.5)
        assert thread.is_alive() and not result
    thread.join(5)
    assert result and not Score.objects.exists()


# -- conflicts ----------------------------------------------------------------


def test_a_conflict_moves_the_idea(client: Client) -> None:
    """It leaves the list with its draft, and goes to whoever has least; said twice is said once."""
    storm, rows = assessed_storm(3)
    tied, busy, free = (UserFactory.create() for _ in range(3))
    for user, ideas in ((tied, rows[:1]), (busy, rows[1:]), (free, rows[2:])):
        assign_these(storm=storm, assessors=[user], ideas=[i.pk for i in ideas], by=staff())
    own = Assignment.objects.get(assessor=tied)
    save_points(assignment=own, points=points(storm, 2), by=Visitor(tied))
    client.force_login(tied)
    url = reverse("ideastorm:conflict", args=[storm.slug, own.uuid])
    for _ in range(2):
        assert client.post(url, {"why": "Min nabo"}).status_code == 302
    assert not Score.objects.exists()
    assert Conflict.objects.get().note == "Min nabo"
    assert set(Assignment.objects.standing().filter(idea=rows[0]).values_list("assessor", flat=True)) == {
        free.pk
    }
    assert client.get(reverse("ideastorm:assess", args=[storm.slug, own.uuid])).status_code == 404
    assert client.get(reverse("ideastorm:assessing", args=[storm.slug])).status_code == 403


def test_what_was_sent_has_no_conflict_afterwards() -> None:
    """It stands; so does the list of who assessed."""
    storm, (idea,) = assessed_storm(1)
    (user,) = given(storm, idea, (3, 3))
    with pytest.raises(TransitionError):
        declare_conflict(assignment=Assignment.objects.get(), note="", by=user)
    assert not Conflict.objects.exists()


def test_never_anew_to_who_has_seen_the_points() -> None:
    """Whoever answers and has sent theirs sees all points, so the idea is left for others."""
    storm, (one, two) = assessed_storm(2)
    tied = UserFactory.create()
    assert storm.answerer
    Assignment.objects.create(idea=one, assessor=tied)
    send_points(
        assignment=Assignment.objects.create(idea=two, assessor=storm.answerer),
        points=points(storm, 3, 3), by=Visitor(storm.answerer),
    )  # fmt: skip
    assert declare_conflict(assignment=Assignment.objects.get(assessor=tied), note="", by=tied) is None


@pytest.mark.parametrize("how", ["evenly", "these"])
def test_never_by_hand_to_who_can_have_seen_the_points(how: str) -> None:
    """Whoever works with the storm could take their own back, read what others gave, and take it again."""
    storm, (sent, fresh) = assessed_storm(2)
    given(storm, sent, (1, 5))
    assert storm.answerer
    people = [storm.answerer, editor()]
    if how == "evenly":
        assign_evenly(storm=storm, assessors=people, each=3, by=staff())
    else:
        assign_these(storm=storm, assessors=people, ideas=[sent.pk, fresh.pk], by=staff())
    ideas = Assignment.objects.filter(assessor__in=people).values_list("idea", flat=True)
    assert list(ideas) == [fresh.pk] * 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_conflicts_at_once_go_to_two() -> None:
    """The second sees the load that the first gave."""
    _storm, rows = assessed_storm(3)
    others = [UserFactory.create() for _ in range(2)]
    tied = [UserFactory.create() for _ in range(2)]
    own = [Assignment.objects.create(idea=i, assessor=u) for i, u in zip(rows[:2], tied, strict=True)]
    for user in others:
        Assignment.objects.create(idea=rows[2], assessor=user)
    at_once(
        lambda: declare_conflict(assignment=own[0], note="", by=tied[0]),
        lambda: declare_conflict(assignment=own[1], note="", by=tied[1]),
    )
    found = Counter(Assignment.objects.standing().values_list("assessor", flat=True))
    assert found == {user.pk: 2 for user in others}


# -- who sees what ------------------------------------------------------------


def test_the_order_and_the_feed_tell_an_assessor_nothing(client: Client) -> None:
    """Neither who has most support, nor who wrote it, while they have something left to assess."""
    storm = StormFactory.create(opens_at=timezone.now() - dt.timedelta(days=30), authors_shown="navn")
    rows = [public_idea(storm=storm, shown_as="navn", shown_name="Hemmelige Hansen") for _n in range(6)]
    for n, idea in enumerate(rows):
        for _ in range(n):
            Support.objects.create(idea=idea, user=UserFactory.create())
    storm.publish(by=None)
    for idea in rows:
        idea.reindex()
    user = UserFactory.create()
    own = Assignment.objects.create(idea=rows[0], assessor=user)
    client.force_login(user)
    page, feed = storm.get_absolute_url(), reverse("ideastorm:feed", args=[storm.slug])
    by_support = [idea.pk for idea in rows[::-1]]

    def shown(query: str = "") -> list[int]:
        return [card.idea.pk for card in client.get(page + query).context["cards"]]

    orders = {tuple(shown(f"?sort=stoette&orden={n:012x}")) for n in range(3)}
    assert len(orders) == 3 and shown() != by_support
    assert "Flest støtter" not in client.get(page).content.decode()
    assert "Hemmelige Hansen" not in client.get(feed).content.decode()
    file = client.get(reverse("ideastorm:export", args=[storm.slug, "csv"])).getvalue().decode("utf-8-sig")  # type: ignore[attr-defined]
    assert {row["stoetter"] for row in csv.DictReader(io.StringIO(file))} == {""}
    send_points(assignment=own, points=points(storm, 3, 3), by=Visitor(user))
    assert shown() == by_support and "Hemmelige Hansen" in client.get(feed).content.decode()


def test_blind_until_sent(client: Client) -> None:
    """In any page, neither author, counts, nor points; by a changed id neither. Then the points of one's own."""
    storm, (idea, other) = assessed_storm(2, supports=3, authors_shown="navn")
    Idea.objects.filter(storm=storm).update(shown_as="navn", shown_name="Hemmelige Hansen")
    user, colleague = UserFactory.create(), UserFactory.create()
    own = Assignment.objects.create(idea=idea, assessor=user)
    theirs = Assignment.objects.create(idea=idea, assessor=colleague)
    Assignment.objects.create(idea=other, assessor=colleague)
    send_points(assignment=theirs, points=points(storm, 5, 5, note="Kollegaens note"), by=Visitor(colleague))
    given(storm, other, (1, 1))
    names = {
        "scores": [storm.slug], "idea_scores": [storm.slug, idea.slug], "assessing": [storm.slug],
        "assess": [storm.slug, own.uuid], "idea": [storm.slug, idea.slug], "storm": [storm.slug],
    }  # fmt: skip
    client.force_login(user)
    statuses = {}
    for name, args in names.items():
        answer = client.get(reverse(f"ideastorm:{name}", args=args))
        statuses[name] = answer.status_code
        for hidden in ("Hemmelige Hansen", "Kollegaens note", "3 støtter"):
            assert hidden not in answer.content.decode(), (name, hidden)
    assert statuses == dict.fromkeys(names, 200) | {"scores": 403, "idea_scores": 403}
    assert client.get(reverse("ideastorm:assess", args=[storm.slug, theirs.uuid])).status_code == 404
    assert (
        client.post(reverse("ideastorm:assess", args=[storm.slug, theirs.uuid]), {"send": "1"}).status_code
        == 404
    )
    assert client.post(reverse("ideastorm:conflict", args=[storm.slug, theirs.uuid])).status_code == 404
    send_points(assignment=own, points=points(storm, 2, 2), by=Visitor(user))
    table = client.get(reverse("ideastorm:scores", args=[storm.slug]))
    assert [row.idea for row in table.context["page"]] == [idea.pk]
    page = client.get(reverse("ideastorm:idea_scores", args=[storm.slug, idea.slug])).content.decode()
    assert "Kollegaens note" in page and colleague.name not in page
    assert client.get(reverse("ideastorm:idea_scores", args=[storm.slug, other.slug])).status_code == 404


def test_on_min_side(client: Client) -> None:
    """What is left to assess stands there until it is sent."""
    storm, rows = assessed_storm(2)
    user = UserFactory.create()
    assign_these(storm=storm, assessors=[user], ideas=[i.pk for i in rows], by=staff())
    client.force_login(user)
    for left in (2, 1, 0):
        page = client.get(reverse("my_page")).content.decode()
        assert (f"{left} af 2 mangler" in page) is bool(left)
        assert (storm.question in page) is bool(left)
        if row := Assignment.objects.filter(sent_at=None).first():
            send_points(assignment=row, points=points(storm, 3, 3), by=Visitor(user))


# -- what it comes to ---------------------------------------------------------


@pytest.mark.parametrize(
    ("weights", "rows", "mean", "spread", "agreement", "disputed"),
    [
        ([2, 1], [], None, None, None, False),
        ([2, 1], [(5, 2)], 4.0, None, None, False),
        ([2, 1], [(5, 2), (2, 2)], 3.0, 2**0.5, -0.5, True),
        ([1, 1], [(3, 4), (4, 3)], 3.5, 0.0, 0.75, False),
        ([1, 1], [(1, 5), (5, 1)], 3.0, 0.0, -3.0, True),  # equal verdicts, opposite points
        ([1, 0], [(3, 1), (3, 5)], 3.0, 0.0, 1.0, False),  # what weighs nothing counts for nothing
        ([1], [(4,), (4,), (4,), (2,)], 3.5, 1.0, 0.5, True),
        ([1], [(3,), (4,), (4,), (3,)], 3.5, (1 / 3) ** 0.5, 1 - (1 / 3) / 2, False),
    ],
)
def test_figures(
    weights: list[int], rows: list[tuple[int, ...]], mean: Any, spread: Any, agreement: Any, disputed: bool
) -> None:
    """By hand: the mean of weighted means, their sample deviation, and 1 − weighted mean variance / 2."""
    storm, (idea,) = assessed_storm(1, criteria=weights)
    given(storm, idea, *rows)
    (found,) = figures(storm)
    assert found.mean == (None if mean is None else pytest.approx(mean))
    assert found.spread == (None if spread is None else pytest.approx(spread))
    assert found.agreement == (None if agreement is None else pytest.approx(agreement))
    assert (found.is_disputed, found.done, found.of) == (disputed, len(rows), len(rows))


def test_two_of_four(client: Client) -> None:
    """Who has a conflict or no account any more is not waited for; drafts count for nothing; the table sorts."""
    storm, (idea, best) = assessed_storm(2)
    given(storm, idea, (1, 1), (3, 3))
    given(storm, best, (5, 5))
    waiting = [UserFactory.create() for _ in range(4)]
    for user in waiting:
        Assignment.objects.create(idea=idea, assessor=user)
    draft = Assignment.objects.get(assessor=waiting[0])
    save_points(assignment=draft, points=points(storm, 5, 5), by=Visitor(waiting[0]))
    Conflict.objects.create(idea=idea, assessor=waiting[2])
    User.objects.filter(pk=waiting[3].pk).update(is_active=False)
    client.force_login(editor())
    url = reverse("ideastorm:scores", args=[storm.slug])
    assert "2 af 4 færdige" in client.get(url).content.decode()
    orders = {
        sort: [row.idea for row in client.get(url, {"sort": sort}).context["page"]]
        for sort in ("snit", "spredning", "faerdige", "titel", "x")
    }
    assert orders == {
        "snit": [best.pk, idea.pk], "spredning": [idea.pk, best.pk], "faerdige": [idea.pk, best.pk],
        "titel": [idea.pk, best.pk], "x": [best.pk, idea.pk],
    }  # fmt: skip


def test_points_stay_without_a_name(client: Client) -> None:
    """When an assessor's account is erased, what they sent counts; who it was is said nowhere."""
    storm, (idea,) = assessed_storm(1)
    (user, _other) = given(storm, idea, (5, 5), (4, 4))
    before = figures(storm)
    erase(user=user, by=None)
    assert figures(storm) == before and Assignment.objects.filter(assessor=None).count() == 1
    client.force_login(editor())
    page = client.get(reverse("ideastorm:idea_scores", args=[storm.slug, idea.slug])).content.decode()
    assert "Tidligere bruger" in page and user.name not in page


# -- the file -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("editor", 200),
        ("editor with something left", 403),
        ("editor who has sent", 200),
        ("answerer", 403),
        ("assessor who has sent", 403),
        ("another", 403),
    ],
)
def test_points_as_a_file_are_for_staff_who_are_not_blind(who: str, status: int) -> None:
    """What is sent, by whom, and nothing of drafts; each fetch leaves a line, a HEAD none."""
    storm, (first, second, _third) = assessed_storm()
    one, other = given(storm, first, (5, 5), (1, 2))
    erase(user=other, by=None)
    draft = Assignment.objects.create(idea=second, assessor=UserFactory.create(name="Udkast Udkastsen"))
    save_points(assignment=draft, points=points(storm, 3, note="Hemmelig kladde"), by=Visitor(draft.assessor))  # type: ignore[arg-type]
    user = {
        "answerer": storm.answerer, "assessor who has sent": one, "another": UserFactory.create(),
    }.get(who) or editor()  # fmt: skip
    if "left" in who:
        Assignment.objects.create(idea=second, assessor=user)
    if who == "editor who has sent":
        own = Assignment.objects.create(idea=second, assessor=user)
        send_points(assignment=own, points=points(storm, 4, 4), by=Visitor(user))
    client = Client()
    client.force_login(user)
    address = reverse("ideastorm:points_file", args=[storm.slug])
    assert client.head(address).status_code == status
    response = client.get(address)
    assert response.status_code == status
    page = client.get(reverse("ideastorm:scores", args=[storm.slug]))
    assert (address in page.content.decode()) is (status == 200)
    logged = Decision.objects.filter(action="storm-points-export", content_uuid=storm.uuid)
    assert logged.count() == (status == 200)
    if status != 200:
        return
    data = io.BytesIO(b"".join(response.streaming_content))  # type: ignore[attr-defined]
    header, *rows = list(load_workbook(data).worksheets[0].values)
    assert header[:5] == ("ide", "kriterium", "vaegt", "vurderet_af", "point")
    assert [(row[0], row[3], row[4]) for row in rows[:4]] == [
        (first.title, one.name, 5), (first.title, one.name, 5),
        (first.title, "Tidligere bruger", 1), (first.title, "Tidligere bruger", 2),
    ]  # fmt: skip
    assert len(rows) == (6 if who == "editor who has sent" else 4)
    assert "Hemmelig kladde" not in str(rows) and "Udkast" not in str(rows)


def test_the_file_goes_on_past_a_chunk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No point is left out or told twice where one chunk ends."""
    storm, rows = assessed_storm()
    for idea in rows:
        given(storm, idea, (1, 2), (3, 4))
    monkeypatch.setattr("ideastorm.assessing.files.CHUNK", 5)
    found = [(row[0], row[1], row[3]) for row in point_rows(storm)]
    assert len(found) == len(set(found)) == 12


def test_a_conflict_with_a_number_that_must_not_stand_there_is_said_at_the_field(client: Client) -> None:
    """422, with what was typed, and the assessment stays."""
    storm, rows = assessed_storm(1)
    user = UserFactory.create()
    own = Assignment.objects.create(idea=rows[0], assessor=user)
    client.force_login(user)
    address = reverse("ideastorm:conflict", args=[storm.slug, own.uuid])
    response = client.post(address, {"why": "Min søster, 010190-1234"})
    page = response.content.decode()
    assert response.status_code == 422 and "Min søster, 010190-1234" in page
    assert "form-error-message" in page and not Conflict.objects.exists()

"""What happens at the same moment: real connections, the first of which pauses inside what it decides.

The others are let in while it stands there, and it goes on when each of them waits at a lock or is through. So every
test has one order of events, which is the worst.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from accounts.models import User
from editorial.models import Change, QueueItem
from editorial.models.querysets import TransitionError
from editorial.queue import decide
from editorial.submitting import submit_change
from ideastorm.answering import actions as answering
from ideastorm.assessing import actions as assessing
from ideastorm.commenting import actions as commenting
from ideastorm.giving import actions as giving
from ideastorm.joining import actions as joining
from ideastorm.models import Assignment, Comment, Idea, IdeaAnswer, IdeaMerge, Score, Storm, Support
from ideastorm.permissions import Visitor
from ideastorm.supporting.actions import give_support, take_back
from notices.models import Notice
from search.models import Document
from tests.factories import StormFactory, UserFactory, editor, public_idea, public_storm
from tests.ideastorm.test_giving import WRITTEN, address, opened

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
Clock = Callable[[dt.datetime], None]
Meet = Callable[..., list[Any]]
OPENS = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)
CLOSES = OPENS + dt.timedelta(days=14)
UNTIL = CLOSES + dt.timedelta(days=7)
SECOND = dt.timedelta(seconds=1)
GRACE = dt.timedelta(minutes=10)
FIELDS = {
    "title": "Skriv beløbet øverst",
    "summary": "Det står på side tre.",
    "text": "Det står på side tre.",
}


def waiting_at_locks() -> int:
    """How many connections wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return int(cursor.fetchone()[0])


@pytest.fixture
def meet(monkeypatch: pytest.MonkeyPatch) -> Meet:
    """Return a function: the first action pauses where it calls `at`; the others come; what each gave, or its error."""

    def run_all(
        at: tuple[Any, str],
        first: Callable[[], Any],
        *others: Callable[[], Any],
        meanwhile: Callable[[], None] = lambda: None,
    ) -> list[Any]:
        inside, go_on, results = threading.Event(), threading.Event(), dict[int, Any]()
        original = getattr(*at)

        def pausing(*args: Any, **fields: Any) -> Any:
            if threading.current_thread() is running[0] and not inside.is_set():
                inside.set()
                go_on.wait(20)
            return original(*args, **fields)

        def run(n: int, action: Callable[[], Any]) -> None:
            try:
                results[n] = action()
            except Exception as error:  # the test looks at it
                results[n] = error
            finally:
                connection.close()

        monkeypatch.setattr(*at, pausing)
        running = [threading.Thread(target=run, args=pair) for pair in enumerate((first, *others))]
        running[0].start()
        assert inside.wait(20), f"it never came to {at[1]}: {results}"
        for thread in running[1:]:
            thread.start()
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            if waiting_at_locks() >= sum(thread.is_alive() for thread in running[1:]):
                break
            time.sleep(0.02)
        meanwhile()
        go_on.set()
        for thread in running:
            thread.join(30)
        monkeypatch.setattr(*at, original)
        return [results[n] for n in range(len(running))]

    return run_all


def refused(result: Any, *words: str) -> bool:
    """Whether it was refused in a sentence with one of these words: never by an error of the database."""
    return isinstance(result, TransitionError) and any(word in " ".join(result.messages) for word in words)


def a_storm(ideas: int = 1, **fields: Any) -> tuple[Storm, list[Idea]]:
    """A public storm with ideas of different authors."""
    storm = StormFactory.create(**{"opens_at": OPENS, **fields})
    rows = [public_idea(storm=storm, author=UserFactory.create()) for _ in range(ideas)]
    storm.publish(by=None)
    return Storm.objects.with_phase().get(pk=storm.pk), rows


def person() -> Visitor:
    """Somebody with an account."""
    return Visitor(UserFactory.create())


# -- the last second ----------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "late"),
    [
        (CLOSES - SECOND, CLOSES, True),
        (CLOSES - SECOND, CLOSES + GRACE - SECOND, True),
        (CLOSES + GRACE - SECOND, CLOSES + GRACE, None),
        (CLOSES + SECOND, CLOSES + GRACE, None),
    ],
)
def test_it_closes_while_an_idea_is_stored(
    coi_clock: Clock, meet: Meet, before: dt.datetime, after: dt.datetime, late: bool | None
) -> None:
    """It is either taken, and said to be late, or given back with all that was typed."""
    coi_clock(OPENS)
    storm = public_storm(opens_at=OPENS, moderation="efter")
    client = Client()
    hidden = opened(client, storm)
    coi_clock(before)
    (answer,) = meet(
        (Idea, "full_clean"),
        lambda: client.post(address(storm), {**hidden, **WRITTEN}),
        meanwhile=lambda: coi_clock(after),
    )
    if late is None:
        assert answer.status_code == 422 and not Idea.objects.exists()
        page = answer.content.decode()
        assert "lukket for nye ideer" in page and WRITTEN["text"] in page
    else:
        assert answer.status_code == 302 and Idea.objects.get().sent_late is late


def ready_to_finish() -> tuple[Storm, Visitor]:
    """A storm without support after closing, so that the ten minutes are minutes of assessment; all is answered."""
    storm, (idea,) = a_storm(closes_at=CLOSES, support_until=CLOSES)
    IdeaAnswer.objects.create(idea=idea, status="ikke-nu", reason="Ikke i år.")
    return storm, Visitor(storm.answerer)


def late_idea(storm: Storm) -> Callable[[], Any]:
    """An idea that was begun in time and is sent in the ten minutes."""
    return lambda: giving.give_idea(storm=storm, fields=FIELDS, visitor=person(), begun_at=CLOSES - SECOND)


@pytest.mark.parametrize("moderation", ["foer", "efter"])
def test_a_late_idea_is_stored_while_it_is_finished(coi_clock: Clock, meet: Meet, moderation: str) -> None:
    """Whoever finishes waits for it, and is told that it lacks an answer."""
    storm, by = ready_to_finish()
    Storm.objects.filter(pk=storm.pk).update(moderation=moderation)
    coi_clock(CLOSES + SECOND)
    given, finished = meet(
        (giving, "signals_of"), late_idea(storm), lambda: answering.finish(storm=storm, visitor=by)
    )
    assert isinstance(given, Idea) and refused(finished, "intet svar", "ikke læst")
    assert Storm.objects.get(pk=storm.pk).finished_at is None


def test_it_is_finished_while_a_late_idea_is_sent(coi_clock: Clock, meet: Meet) -> None:
    """The idea is given back: nobody would answer it."""
    storm, by = ready_to_finish()
    coi_clock(CLOSES + SECOND)
    finished, given = meet(
        (answering, "log"), lambda: answering.finish(storm=storm, visitor=by), late_idea(storm)
    )
    assert finished is True and refused(given, "lukket for nye ideer")
    assert Idea.objects.count() == 1


# -- support --------------------------------------------------------------------


def test_support_waits_for_a_merge_and_goes_to_what_stands(meet: Meet) -> None:
    """It is refused in words; what was given before counts for the survivor."""
    _storm, (a, b) = a_storm(2, opens_at=timezone.now() - dt.timedelta(days=1), support_while_open=True)
    by, one, two = editor(), person(), person()
    give_support(idea=a, visitor=one)
    merged, support, other = meet(
        (joining, "_show"),
        lambda: joining.join(merged=a, survivor=b, reason="", by=by),
        lambda: give_support(idea=a, visitor=two),
        lambda: give_support(idea=b, visitor=two),
    )
    assert isinstance(merged, IdeaMerge) and refused(support, "lagt sammen") and other is True
    assert Support.objects.of_group(b).people() == 2


def test_a_merge_waits_for_support(meet: Meet) -> None:
    """What is being given is given, and counts once where it is read from now on."""
    _storm, (a, b) = a_storm(2, opens_at=timezone.now() - dt.timedelta(days=1), support_while_open=True)
    by, one = editor(), person()
    give_support(idea=b, visitor=one)
    given, merged = meet(
        (Support, "save"),
        lambda: give_support(idea=a, visitor=one),
        lambda: joining.join(merged=a, survivor=b, reason="", by=by),
    )
    assert given is True and isinstance(merged, IdeaMerge)
    assert Support.objects.of_group(b).people() == 1 and Support.objects.count() == 2


def test_support_given_and_taken_back_at_once(meet: Meet) -> None:
    """In the order in which they came."""
    _storm, (idea,) = a_storm(opens_at=timezone.now() - dt.timedelta(days=1), support_while_open=True)
    one = person()
    results = meet(
        (Support, "save"),
        lambda: give_support(idea=idea, visitor=one),
        lambda: take_back(idea=idea, user=one.account),
    )
    assert results == [True, True] and not Support.objects.exists()


def correction(idea: Idea) -> QueueItem:
    """The author's correction of a public idea, which waits for the editors."""
    item = submit_change(
        change=Change.begin(idea, by=idea.author, proposed={"text": "Nu står der noget andet."}),
        by=idea.author,
    )
    assert item is not None
    return item


def test_a_correction_waits_for_the_first_support(meet: Meet) -> None:
    """And is held back: what somebody supports stays what they read."""
    _storm, (idea,) = a_storm(opens_at=timezone.now() - dt.timedelta(days=1), support_while_open=True)
    item, by, one, text = correction(idea), editor(), person(), idea.text
    given, decided = meet(
        (Support, "save"),
        lambda: give_support(idea=idea, visitor=one),
        lambda: decide(uuid=item.uuid, by=by, outcome="approved"),
    )
    assert given is True and "støttet eller kommenteret" in str(decided)
    assert Idea.objects.get().text == text and idea.versions.count() == 1
    assert QueueItem.objects.get(pk=item.pk).decided_at is None


def test_the_first_support_waits_for_a_correction(meet: Meet) -> None:
    """It is for what the idea says from then on, and both versions are kept."""
    _storm, (idea,) = a_storm(opens_at=timezone.now() - dt.timedelta(days=1), support_while_open=True)
    item, by, one = correction(idea), editor(), person()
    decided, given = meet(
        (Idea, "apply_parts"),
        lambda: decide(uuid=item.uuid, by=by, outcome="approved"),
        lambda: give_support(idea=idea, visitor=one),
    )
    assert isinstance(decided, QueueItem) and given is True
    last = idea.versions.last()
    assert last is not None and last.text == Idea.objects.get().text == "Nu står der noget andet."
    assert Support.objects.get().created_at >= last.created_at


# -- moderators -------------------------------------------------------------------


def test_two_moderators_decide_one_idea(meet: Meet) -> None:
    """One lets it stand, the other takes it down: the first is heard, the other is told who was."""
    storm = public_storm(moderation="efter")
    author = UserFactory.create()
    idea = giving.give_idea(storm=storm, fields=FIELDS, visitor=Visitor(author))
    item, one, two = QueueItem.objects.get(), editor(), editor()
    first, second = meet(
        (Idea, "suspend"),
        lambda: decide(uuid=item.uuid, by=one, outcome="rejected", reason="Nævner en navngiven"),
        lambda: decide(uuid=item.uuid, by=two, outcome="approved"),
    )
    assert isinstance(first, QueueItem) and type(second).__name__ == "AlreadyDecidedError"
    idea.refresh_from_db()
    assert idea.state == "suspended" and Notice.objects.filter(recipient=author).count() == 1


def test_joined_by_one_and_taken_down_by_another(meet: Meet) -> None:
    """Nothing is read under what nobody can read."""
    _storm, (a, b) = a_storm(2)
    by = editor()
    down, merged = meet(
        (Idea, "reindex"),
        lambda: Idea.objects.get(pk=b.pk).suspend(by=by, reason="Prøve"),
        lambda: joining.join(merged=a, survivor=b, reason="", by=by),
    )
    assert down is None and refused(merged, "taget ned") and not IdeaMerge.objects.exists()


@pytest.mark.parametrize("way", ["approved", "given"])
def test_an_idea_is_shown_while_its_storm_is_taken_down(meet: Meet, way: str) -> None:
    """Nobody finds it in the search: neither what waited in the queue, nor what is shown at once."""
    storm = public_storm(moderation="foer" if way == "approved" else "efter")
    author, by = Visitor(UserFactory.create()), editor()

    def give() -> Any:
        return giving.give_idea(storm=storm, fields=FIELDS, visitor=author)

    def approve() -> Any:
        return decide(uuid=QueueItem.objects.get().uuid, by=by, outcome="approved")

    if way == "approved":
        give()
    shown, down = meet(
        (Idea, "keep_version"),
        approve if way == "approved" else give,
        lambda: Storm.objects.get(pk=storm.pk).suspend(by=by, reason="Prøve"),
    )
    assert isinstance(shown, QueueItem | Idea) and down is None
    idea = Idea.objects.select_related("storm").get()
    assert (idea.state, idea.storm.state) == ("published", "suspended")
    assert not Document.objects.visible().filter(content=idea.pk).exists()


def test_one_idea_is_joined_into_two(meet: Meet) -> None:
    """It is read in one place; the authors hear of that."""
    _storm, (a, b, c) = a_storm(3)
    one, two = editor(), editor()
    first, second = meet(
        (joining, "_show"),
        lambda: joining.join(merged=a, survivor=b, reason="", by=one),
        lambda: joining.join(merged=a, survivor=c, reason="", by=two),
    )
    assert isinstance(first, IdeaMerge) and refused(second, "allerede lagt sammen")
    assert Notice.objects.count() == 2 and not Notice.objects.filter(recipient=c.author).exists()


def test_a_comment_is_hidden_and_raised_at_once(meet: Meet) -> None:
    """What is hidden does not become an idea; its author hears of one of the two."""
    storm, (idea,) = a_storm(opens_at=timezone.now() - dt.timedelta(days=1))
    comment = Comment.objects.create(idea=idea, text="Ring først", author=UserFactory.create())
    by = editor()
    hidden, raised = meet(
        (Comment, "save"),
        lambda: commenting.hide_comment(comment=comment, by=by, reason="Reklame"),
        lambda: commenting.raise_comment(comment=comment, title="Ring først", text="Ring først"),
    )
    assert hidden is True and refused(raised, "skjult") and Notice.objects.count() == 1
    assert Idea.objects.of_storm(storm).count() == 1


def test_a_comment_is_raised_by_two(meet: Meet) -> None:
    """It becomes one idea."""
    storm, (idea,) = a_storm(opens_at=timezone.now() - dt.timedelta(days=1))
    comment = Comment.objects.create(idea=idea, text="Ring først", author=UserFactory.create())
    first, second = meet(
        (commenting, "submit_content"),
        *[lambda: commenting.raise_comment(comment=comment, title="Ring først", text="Ring først")] * 2,
    )
    assert isinstance(first, Idea) and refused(second, "allerede løftet")
    assert Idea.objects.of_storm(storm).count() == 2


# -- comments -----------------------------------------------------------------------


def a_comment(idea: Idea, **fields: Any) -> Callable[[], Any]:
    """Somebody's comment."""
    who = person()
    return lambda: commenting.write_comment(idea=idea, visitor=who, fields={"text": "Ja", **fields})


def test_two_comments_where_there_is_room_for_one(meet: Meet, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second sees the first."""
    _storm, (idea,) = a_storm(opens_at=timezone.now() - dt.timedelta(days=1))
    monkeypatch.setattr(commenting, "COMMENTS", 1)
    first, second = meet((commenting, "_tell"), a_comment(idea), a_comment(idea))
    assert isinstance(first, Comment) and refused(second, "ikke plads") and Comment.objects.count() == 1


def test_a_comment_while_the_idea_is_taken_down(meet: Meet) -> None:
    """It comes too late, and is told."""
    _storm, (idea,) = a_storm(opens_at=timezone.now() - dt.timedelta(days=1))
    down, comment = meet((Idea, "reindex"), lambda: idea.suspend(by=None, reason="Prøve"), a_comment(idea))
    assert down is None and refused(comment, "ikke åbent for kommentarer") and not Comment.objects.exists()


def test_an_idea_is_taken_down_while_it_is_commented(meet: Meet) -> None:
    """Taking down waits for what is being written, and wins."""
    _storm, (idea,) = a_storm(opens_at=timezone.now() - dt.timedelta(days=1))
    comment, down = meet(
        (commenting, "_tell"), a_comment(idea), lambda: idea.suspend(by=None, reason="Prøve")
    )
    assert isinstance(comment, Comment) and down is None
    assert Client().get(f"{_storm.get_absolute_url()}ideer/{idea.slug}/").status_code == 404


def test_a_reply_while_what_it_answers_is_hidden(meet: Meet) -> None:
    """Either it is refused, or it came first and is read as a reply to what was hidden."""
    _storm, (idea,) = a_storm(opens_at=timezone.now() - dt.timedelta(days=1))
    parent = Comment.objects.create(idea=idea, text="Ring først", author=UserFactory.create())
    by, who = editor(), person()
    reply, hidden = meet(
        (commenting, "_tell"),
        lambda: commenting.write_comment(idea=idea, visitor=who, fields={"text": "Ja"}, parent=parent),
        lambda: commenting.hide_comment(comment=parent, by=by, reason="Reklame"),
    )
    assert isinstance(reply, Comment) and hidden is True
    page = Client().get(idea.get_absolute_url())
    assert page.status_code == 200 and "Ring først" not in page.content.decode()


# -- answers --------------------------------------------------------------------------


def answer(storm: Storm, idea: Idea, who: User | None, text: str) -> Callable[[], Any]:
    """An answer by one who has read that there is none."""
    fields = {"status": "ikke-nu", "reason": text}
    assert who is not None
    return lambda: answering.answer_ideas(storm=storm, seen={idea.pk: 0}, fields=fields, visitor=Visitor(who))


def test_two_answers_at_once(coi_clock: Clock, meet: Meet) -> None:
    """The author gets one; the deputy is told that the other was first."""
    storm, (idea,) = a_storm()
    coi_clock(UNTIL + SECOND)
    first, second = meet(
        (answering, "tell_authors"),
        answer(storm, idea, storm.answerer, "Den første."),
        answer(storm, idea, storm.deputy, "Den anden."),
    )
    assert len(first) == 1 and isinstance(second, answering.AnsweredMeanwhile)
    assert [row.reason for row in IdeaAnswer.objects.all()] == ["Den første."]
    assert Notice.objects.filter(recipient=idea.author).count() == 1


def test_several_answers_cross(coi_clock: Clock, meet: Meet) -> None:
    """Two who answer several ideas in opposite order do not stand in each other's way: all or none."""
    storm, (a, b) = a_storm(2)
    coi_clock(UNTIL + SECOND)
    fields = {"status": "ikke-nu", "reason": "Ikke i år."}
    first, second = meet(
        (answering, "tell_authors"),
        lambda: answering.answer_ideas(
            storm=storm, seen={a.pk: 0, b.pk: 0}, fields=fields, visitor=Visitor(storm.answerer)
        ),
        lambda: answering.answer_ideas(
            storm=storm, seen={b.pk: 0, a.pk: 0}, fields=fields, visitor=Visitor(storm.deputy)
        ),
    )
    assert len(first) == 2 and isinstance(second, answering.AnsweredMeanwhile)
    assert IdeaAnswer.objects.count() == 2


def test_finished_while_the_last_answer_is_written(coi_clock: Clock, meet: Meet) -> None:
    """It is not finished before the answer is there; then it is."""
    storm, (idea,) = a_storm()
    by = Visitor(editor())
    coi_clock(UNTIL + SECOND)
    answers, finished = meet(
        (answering, "tell_authors"),
        answer(storm, idea, storm.answerer, "Ikke i år."),
        lambda: answering.finish(storm=storm, visitor=by),
    )
    assert len(answers) == 1 and refused(finished, "intet svar endnu")
    assert answering.finish(storm=storm, visitor=by) is True


def test_finished_by_two(coi_clock: Clock, meet: Meet) -> None:
    """Once, and logged once."""
    storm, by = ready_to_finish()
    coi_clock(CLOSES + SECOND)
    assert meet((answering, "log"), *[lambda: answering.finish(storm=storm, visitor=by)] * 2) == [True, False]


def joined_storm() -> tuple[Storm, Idea]:
    """A storm whose merged idea has no answer of its own; the one that it is read under has."""
    storm, (a, b) = a_storm(2)
    IdeaMerge.objects.create(merged=a, survivor=b)
    IdeaAnswer.objects.create(idea=b, status="ikke-nu", reason="Ikke i år.")
    return storm, a


def test_parted_while_it_is_finished(coi_clock: Clock, meet: Meet) -> None:
    """What is finished stands: an idea that was parted would have no answer."""
    storm, merged = joined_storm()
    by = editor()
    coi_clock(UNTIL + SECOND)
    finished, parted = meet(
        (answering, "log"),
        lambda: answering.finish(storm=storm, visitor=Visitor(by)),
        lambda: joining.part(merged=merged, by=by),
    )
    assert finished is True and refused(parted, "afsluttet")
    assert IdeaMerge.objects.active().count() == 1


def test_finished_while_it_is_parted(coi_clock: Clock, meet: Meet) -> None:
    """Whoever finishes waits, and is told that an idea lacks an answer."""
    storm, merged = joined_storm()
    by = editor()
    coi_clock(UNTIL + SECOND)
    parted, finished = meet(
        (joining, "_show"),
        lambda: joining.part(merged=merged, by=by),
        lambda: answering.finish(storm=storm, visitor=Visitor(by)),
    )
    assert parted is True and refused(finished, "intet svar endnu")


# -- assessing ------------------------------------------------------------------------


def test_a_conflict_while_points_are_sent(coi_clock: Clock, meet: Meet) -> None:
    """Two windows of one assessor: what was sent stands, and the other says so; nobody stands in another's way."""
    storm, (idea,) = a_storm()
    user = UserFactory.create()
    assignment = Assignment.objects.create(idea=idea, assessor=user)
    points = [assessing.Points(criterion.pk, 3) for criterion in storm.criteria.all()]
    coi_clock(UNTIL + SECOND)
    sent, said = meet(
        (assessing, "can_assess"),
        lambda: assessing.send_points(assignment=assignment, points=points, by=Visitor(user)),
        lambda: assessing.declare_conflict(assignment=assignment, note="", by=user),
    )
    assert sent is None and refused(said, "allerede sendt") and Score.objects.count() == len(points)


def test_taken_back_while_points_are_kept(coi_clock: Clock, meet: Meet) -> None:
    """The idea leaves the assessor, and draft points go with it."""
    storm, (idea,) = a_storm()
    user = UserFactory.create()
    assignment = Assignment.objects.create(idea=idea, assessor=user)
    points = [assessing.Points(criterion.pk, 3) for criterion in storm.criteria.all()]
    by = Visitor(editor())
    coi_clock(UNTIL + SECOND)
    kept, gone = meet(
        (assessing, "can_assess"),
        lambda: assessing.save_points(assignment=assignment, points=points, by=Visitor(user)),
        lambda: assessing.take_back(assignment=assignment, by=by),
    )
    assert kept is None and gone is True and not Assignment.objects.exists()


def test_points_are_kept_while_it_is_taken_back(coi_clock: Clock, meet: Meet) -> None:
    """A sentence on the page, not an error."""
    storm, (idea,) = a_storm()
    user = UserFactory.create()
    assignment = Assignment.objects.create(idea=idea, assessor=user)
    points = [assessing.Points(criterion.pk, 3) for criterion in storm.criteria.all()]
    by = Visitor(editor())
    coi_clock(UNTIL + SECOND)
    gone, kept = meet(
        (Assignment, "delete"),
        lambda: assessing.take_back(assignment=assignment, by=by),
        lambda: assessing.save_points(assignment=assignment, points=points, by=Visitor(user)),
    )
    assert gone is True and refused(kept, "har taget den tilbage") and not Assignment.objects.exists()

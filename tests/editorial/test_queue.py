"""The queue: who may send, take and decide what, once, and what the sender is told."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, ProgrammingError, connection, connections, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from catalogue.models import Entry
from editorial.choices import Outcome, QueueKind
from editorial.figures import weekly
from editorial.handlers import AlreadyDecidedError, NeedsForceError, QueueError
from editorial.models import Change, Decision, Letter, QueueItem
from editorial.models.querysets import TransitionError
from editorial.queue import answer_time, claim, decide, decide_many, place_in_queue, release
from editorial.submitting import ask_withdrawal, is_small, submit_change, submit_content
from notices.models import Notice
from tests.admin_forms import save
from tests.factories import EntryFactory, UserFactory, WorkplaceFactory, contact_person, editor, published

pytestmark = pytest.mark.django_db


def sent(by: User | None = None, **fields: Any) -> QueueItem:
    """A contribution that waits."""
    by = by or UserFactory.create()
    return submit_content(content=EntryFactory.create(author=by, **fields), by=by)


def state(item: QueueItem) -> str:
    """The state of an item's content now."""
    return str(Entry.objects.values_list("state", flat=True).get(pk=item.content_id))


@pytest.mark.parametrize(
    ("outcome", "reason", "becomes"),
    [
        (Outcome.APPROVED, "", "published"),
        (Outcome.RETURNED, "Hvornår var det?", "returned"),
        (Outcome.REJECTED, "Det findes allerede.", "rejected"),
    ],
)
def test_each_answer(outcome: str, reason: str, becomes: str) -> None:
    """The row moves, the item closes, the log and the letter stand, and the sender is told why."""
    item, by = sent(title="Vi ringer først"), editor()
    decide(uuid=item.uuid, outcome=outcome, by=by, reason=reason, seen=item.version)
    item.refresh_from_db()
    assert state(item) == becomes
    assert (item.outcome, item.decided_by_key, item.claimed_by_id) == (outcome, by.key, None)
    logged = Decision.objects.get(content_uuid=item.content.uuid, action=becomes)  # type: ignore[union-attr]
    assert (logged.actor_key, logged.reason) == (by.key, reason)
    assert [letter.text for letter in item.letters.all()] == ([reason] if reason else [])
    notice = Notice.objects.get(recipient=item.sender, event="behandling")
    assert "Vi ringer først" in notice.subject
    assert reason in notice.text


@pytest.mark.parametrize("outcome", [Outcome.RETURNED, Outcome.REJECTED])
def test_no_without_a_reason(outcome: str) -> None:
    """Nothing has happened then."""
    item = sent()
    with pytest.raises(TransitionError):
        decide(uuid=item.uuid, outcome=outcome, by=editor(), reason="  ")
    item.refresh_from_db()
    assert item.is_waiting and state(item) == "submitted" and not Notice.objects.exists()


def test_the_second_is_told() -> None:
    """Who was first, and what came of it; the second one's message is not sent."""
    item, first, second = sent(), editor(name="Sara"), editor()
    decide(uuid=item.uuid, outcome=Outcome.REJECTED, by=first, reason="Nej tak.")
    with pytest.raises(AlreadyDecidedError, match="Sara har allerede behandlet det"):
        decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=second)
    assert state(item) == "rejected" and Notice.objects.count() == 1 and Letter.objects.count() == 1


def test_what_another_has_taken() -> None:
    """It is decided by whoever has it; a colleague takes it over first."""
    item, first, second = sent(), editor(), editor()
    claim(item=item, by=first)
    claim(item=item, by=first)  # again is the same
    with pytest.raises(QueueError, match="har taget den"):
        claim(item=item, by=second)
    with pytest.raises(QueueError, match="Overtag den først"):
        decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=second)
    release(item=item, by=second)  # not theirs: nothing happens
    assert item.claimed_by == first
    claim(item=item, by=second, take_over=True)
    decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=second)
    with pytest.raises(AlreadyDecidedError):
        claim(item=item, by=first)


def test_what_moved_while_it_was_read() -> None:
    """The version that was seen decides."""
    item = sent()
    with pytest.raises(QueueError, match="mens du læste"):
        decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor(), seen=item.version + 1)
    assert state(item) == "submitted"


def test_nobody_decides_their_own() -> None:
    """A colleague does; administrators may, for somebody has to be last."""
    by = editor()
    item = sent(by=by)
    with pytest.raises(QueueError, match="kollega"):
        decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=by)


def test_sending_twice_waits_once() -> None:
    """The second sending is refused, and the database holds it too."""
    item = sent()
    assert item.content is not None
    with pytest.raises(TransitionError):
        submit_content(content=item.content, by=item.sender)
    with pytest.raises(IntegrityError), transaction.atomic():
        QueueItem.objects.create(kind=QueueKind.CONTENT, content=item.content, title="x")
    assert QueueItem.objects.count() == 1


def test_sending_again_after_a_question() -> None:
    """A new item with the answer; what was sent before can be laid beside it."""
    item, by = sent(), editor()
    decide(uuid=item.uuid, outcome=Outcome.RETURNED, by=by, reason="Hvornår?")
    entry = Entry.objects.get(pk=item.content_id)
    entry.apply_parts({"summary": "Det var i 2024."})
    again = submit_content(content=entry, by=item.sender, answer="I 2024.")
    assert again.pk != item.pk and again.letters.get().from_editors is False
    from editorial.handlers import HANDLERS

    before, after = HANDLERS[QueueKind.CONTENT].versions(again) or ({}, {})
    assert (before["summary"], after["summary"]) == ("Det korte af det lange.", "Det var i 2024.")


def test_publishing_elsewhere_empties_the_queue() -> None:
    """What is published on its own page waits no longer."""
    item, by = sent(), editor()
    Entry.objects.get(pk=item.content_id).publish(by=by)
    item.refresh_from_db()
    assert (item.outcome, item.decided_by_key) == (Outcome.APPROVED, by.key)


def test_a_workplace_may_correct_facts() -> None:
    """It is told at once; publishing before its days are over asks for a second look. Silence is no veto."""
    workplace = WorkplaceFactory.create()
    contact = contact_person(workplace)
    item = sent(owner=workplace)
    assert item.facts_until is not None
    assert Notice.objects.get(recipient=contact).event == "omtale"
    with pytest.raises(NeedsForceError):
        decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor())
    decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor(), force=True)
    assert state(item) == "published"


def test_who_speaks_for_the_workplace_is_not_asked() -> None:
    """The contact person's own contribution has no waiting time."""
    workplace = WorkplaceFactory.create()
    item = sent(by=contact_person(workplace), owner=workplace)
    assert item.facts_until is None and not Notice.objects.filter(event="omtale").exists()


def test_without_a_contact_person_the_mailbox_is_told() -> None:
    """The workplace's own mailbox is the fall-back."""
    sent(owner=WorkplaceFactory.create(mailbox="post@kommune.example.dk"))
    assert Notice.objects.get(event="omtale").address == "post@kommune.example.dk"


def test_a_workplace_named_later_is_heard_too() -> None:
    """Whoever names it at the second sending doesn't get round it; one that was heard is not asked again."""
    workplace = WorkplaceFactory.create()
    contact = contact_person(workplace)
    item = sent()
    decide(uuid=item.uuid, outcome=Outcome.RETURNED, by=editor(), reason="Hvilken arbejdsplads?")
    entry = Entry.objects.get(pk=item.content_id)
    entry.apply_parts({"owner_id": workplace.pk})
    again = submit_content(content=entry, by=item.sender)
    assert again.facts_until is not None
    with pytest.raises(NeedsForceError):
        decide(uuid=again.uuid, outcome=Outcome.APPROVED, by=editor())
    decide(uuid=again.uuid, outcome=Outcome.RETURNED, by=editor(), reason="Og hvornår?")
    third = submit_content(content=Entry.objects.get(pk=item.content_id), by=item.sender)
    assert third.facts_until == again.facts_until
    assert Notice.objects.filter(recipient=contact, event="omtale").count() == 1


def test_a_workplace_that_staff_name_is_heard(client: Client) -> None:
    """Of what waits with its days to correct facts; of what is public it is told. Saved again, it hears no more."""
    client.force_login(editor())
    workplace = WorkplaceFactory.create()
    contact = contact_person(workplace)
    item, page = sent(), published()
    assert item.facts_until is None
    for _time in range(2):
        for pk in (item.content_id, page.pk):
            save(client, reverse("admin:catalogue_entry_change", args=[pk]), owner=workplace.pk)
    item.refresh_from_db()
    assert item.facts_until is not None and item.workplace == workplace and item.version == 2
    subjects = Notice.objects.filter(recipient=contact, event="omtale").values_list("subject", flat=True)
    assert sorted(subjects) == sorted(
        [f"Et bidrag om {workplace.name} er på vej", f"»{page.title}« står nu med jeres navn"]
    )


def test_a_change_that_names_another_workplace_lets_it_be_heard() -> None:
    """The same for what is public already."""
    workplace = WorkplaceFactory.create()
    contact = contact_person(workplace)
    by = UserFactory.create()
    item = submit_change(change=Change.begin(published(), by=by, proposed={"owner_id": workplace.pk}), by=by)
    assert item is not None and item.facts_until is not None
    assert Notice.objects.filter(recipient=contact, event="omtale").count() == 1
    with pytest.raises(NeedsForceError):
        decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor())


# -- changes ---------------------------------------------------------------------------


def test_a_change_waits_while_the_page_stands() -> None:
    """Approving it brings it on the page."""
    entry, by = published(), UserFactory.create()
    change = Change.begin(entry, by=by, proposed={"summary": "Nyt."})
    item = submit_change(change=change, by=by)
    assert item is not None
    entry.refresh_from_db()
    assert entry.summary == "Det korte af det lange."
    decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor())
    entry.refresh_from_db()
    assert entry.summary == "Nyt."
    with pytest.raises(AlreadyDecidedError):
        decide(uuid=item.uuid, outcome=Outcome.REJECTED, by=editor(), reason="For sent")


def test_a_change_comes_back_with_a_question() -> None:
    """It can be sent again, and waits anew."""
    entry, by = published(), UserFactory.create()
    change = Change.begin(entry, by=by, proposed={"summary": "Nyt."})
    item = submit_change(change=change, by=by)
    assert item is not None
    decide(uuid=item.uuid, outcome=Outcome.RETURNED, by=editor(), reason="Er I sikre?")
    change.refresh_from_db()
    assert change.state == "returned"
    again = submit_change(change=change, by=by, answer="Ja.")
    assert again is not None and again.pk != item.pk and again.is_waiting


def test_small_corrections_by_the_trusted_show_at_once() -> None:
    """With a log entry; large ones wait like all others."""
    workplace = WorkplaceFactory.create()
    contact = contact_person(workplace)
    contact.memberships.update(trusted=True)
    entry = published(owner=workplace, problem="Brevene var svære at forstå.")
    small = Change.begin(entry, by=contact, proposed={"problem": "Brevene var svære at læse."})
    assert submit_change(change=small, by=contact) is None
    entry.refresh_from_db()
    assert entry.problem == "Brevene var svære at læse."
    assert Decision.objects.filter(content_uuid=entry.uuid, action="change-published").exists()
    large = Change.begin(entry, by=contact, proposed={"title": "Noget helt andet"})
    assert submit_change(change=large, by=contact) is not None


def test_small_corrections_do_not_add_up() -> None:
    """Many small ones in a day are a large one; neither does anything new to look at pass unseen."""
    workplace = WorkplaceFactory.create()
    contact = contact_person(workplace)
    contact.memberships.update(trusted=True)
    entry = published(owner=workplace, problem="", solution="")
    words = "Det var svært at få tid til at mødes, fordi vi er spredt på tre huse, og det tog et halvt år at nå det."
    for part in ("problem", "solution"):
        change = Change.begin(entry, by=contact, proposed={part: words})
        waits = submit_change(change=change, by=contact) is not None
        assert waits is (part == "solution")
    link = Change.begin(entry, by=contact, proposed={"effect": "Se https://example.dk/"})
    assert submit_change(change=link, by=contact) is not None


def test_what_is_not_public_any_more_is_not_corrected() -> None:
    """Neither sent nor approved."""
    entry, by = published(), UserFactory.create()
    waiting = Change.begin(entry, by=by, proposed={"summary": "Nyt"})
    item, late = (
        submit_change(change=waiting, by=by),
        Change.begin(entry, by=by, proposed={"summary": "Nyere"}),
    )
    entry.suspend(by=None, reason="Prøve")
    assert item is not None
    with pytest.raises(TransitionError):
        decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor())
    with pytest.raises(TransitionError):
        submit_change(change=Change.objects.get(pk=late.pk), by=by)


@pytest.mark.parametrize(
    ("proposed", "small"),
    [
        ({"problem": "Et ord mere."}, True),
        ({"problem": "x" * 300}, False),
        ({"title": "Ny"}, False),
        ({"tags": ["nyt"]}, False),
        ({"problem": "y" * 20_001}, False),
    ],
)
def test_what_is_small(proposed: dict[str, Any], small: bool) -> None:
    """Few characters in texts, and nothing that changes what the page says it is."""
    entry = published(problem="Et ord.")
    assert is_small(Change.begin(entry, by=None, proposed=proposed)) is small


# -- withdrawal, bulk, figures ------------------------------------------------------------


def test_a_wish_to_have_it_withdrawn() -> None:
    """Asking twice is one wish; granting it takes the page off."""
    entry, by = published(), UserFactory.create()
    item = ask_withdrawal(content=entry, by=by, reason="Vi gør det ikke mere.")
    assert ask_withdrawal(content=entry, by=by, reason="Igen") == item
    decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor())
    assert state(item) == "withdrawn"


def test_many_are_judged_one_by_one() -> None:
    """What can't be done is named, the rest is done."""
    good, bad = sent(), sent(title="Taget")
    claim(item=bad, by=editor())
    done, left = decide_many(seen=[(good.uuid, 1), (bad.uuid, 1)], outcome=Outcome.APPROVED, by=editor())
    assert done == 1 and len(left) == 1 and "Taget" in left[0]


def test_many_are_not_decided_unseen() -> None:
    """What has moved since the list was read is left, and so is what has something severe to look at."""
    moved, severe = sent(title="Flyttet"), sent(title="Alvorlig")
    QueueItem.objects.filter(pk=moved.pk).update(version=2)
    QueueItem.objects.filter(pk=severe.pk).update(signals=[{"key": "cpr", "severe": True}])
    done, left = decide_many(seen=[(moved.uuid, 1), (severe.uuid, 1)], outcome=Outcome.APPROVED, by=editor())
    assert done == 0 and len(left) == 2


def test_places_and_answer_time() -> None:
    """The number in the queue; the median only when five have been decided."""
    items = [sent() for _n in range(5)]
    QueueItem.objects.filter(pk=items[0].pk).update(submitted_at="2026-01-05T09:00:00Z")
    items[0].refresh_from_db()
    assert place_in_queue(items[0]) == 1 and answer_time() is None
    for item in items:
        decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor())
    assert answer_time() == 0


def test_figures_count_answers_alone() -> None:
    """What was taken back, and what lapsed because its page was taken down, was not answered."""
    page = published()
    author = UserFactory.create()
    for _n in range(3):
        submit_change(change=Change.begin(page, by=author, proposed={"title": "Nyt"}), by=author)
    page.suspend(by=editor(), reason="Prøve")
    assert set(QueueItem.objects.values_list("outcome", flat=True)) == {Outcome.LAPSED}
    for item in [sent() for _n in range(3)]:
        item.content.typed().withdraw(by=item.sender)
    assert QueueItem.objects.decided().count() == 6
    week = weekly()[-1]
    assert (week.came, week.answered, week.waiting, answer_time()) == (6, 0, 0, None)
    for item in [sent() for _n in range(5)]:
        decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor())
    assert (weekly()[-1].answered, answer_time()) == (5, 0)


# -- the database ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"outcome": "approved"},
        {"decided_at": "2026-01-05T09:00:00Z"},
        {"kind": "change"},
        {"kind": "membership"},
        {"kind": "noget-andet"},
        {"outcome": "noget", "decided_at": "2026-01-05T09:00:00Z"},
    ],
)
def test_what_the_database_refuses(fields: dict[str, str]) -> None:
    """Whoever writes, also by plain SQL."""
    item = sent()
    with pytest.raises(IntegrityError), transaction.atomic():
        QueueItem.objects.filter(pk=item.pk).update(**fields)


def test_decisions_stand(as_web_role: Any) -> None:
    """The web server's role can neither change nor delete them."""
    item = sent()
    decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor())
    for sql in ("UPDATE editorial_decision SET reason = 'x'", "DELETE FROM editorial_decision"):
        with (
            as_web_role(),
            pytest.raises(ProgrammingError),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(sql)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_at_once() -> None:
    """Of ten who decide at the same moment one does; nobody is told twice."""
    item = sent()
    editors = [editor() for _n in range(10)]
    ready, results = threading.Barrier(10), []

    def act(by: User, outcome: str) -> None:
        try:
            ready.wait()
            decide(uuid=item.uuid, outcome=outcome, by=by, reason="Fordi.")
            results.append(outcome)
        except ValidationError as error:
            results.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=act, args=(by, Outcome.APPROVED if n % 2 else Outcome.REJECTED))
        for n, by in enumerate(editors)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results.count("AlreadyDecidedError") == 9
    assert Notice.objects.count() == Letter.objects.count() == 1
    assert Decision.objects.filter(content_uuid=item.content.uuid).exclude(action="submitted").count() == 1  # type: ignore[union-attr]

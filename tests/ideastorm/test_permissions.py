"""The whole table: action × role × phase × state of the idea."""

from __future__ import annotations

import datetime as dt
import itertools
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models.functions import Now
from django.test import Client
from django.urls import reverse

from editorial import receipts
from editorial.choices import QueueKind
from editorial.models import Change, Receipt
from editorial.submitting import enqueue
from ideastorm import permissions as p
from ideastorm.choices import Access, StormPhase
from ideastorm.models import (
    Assignment,
    Comment,
    Follow,
    Idea,
    IdeaAnswer,
    IdeaMerge,
    Invitation,
    Storm,
    Support,
)
from ideastorm.permissions import Visitor
from tests.factories import (
    IdeaFactory,
    StormFactory,
    UserFactory,
    WorkplaceFactory,
    editor,
    membership,
    public_idea,
)

OPENS = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)
MOMENTS = {
    StormPhase.ANNOUNCED: OPENS - HOUR,
    StormPhase.IDEAS: OPENS + HOUR,
    StormPhase.SUPPORT: OPENS + dt.timedelta(days=15),
    StormPhase.ASSESSMENT: OPENS + dt.timedelta(days=22),
    StormPhase.RESULTS: OPENS + dt.timedelta(days=30),
}
ROLES = ("visitor", "citizen", "employee", "author", "sender", "assessor", "answerer", "deputy", "editor")
PEOPLE = ("visitor", "citizen", "employee", "author", "sender", "assessor", "answerer", "deputy", "editor")
"""Everybody: in a storm that is open to anyone, all of them may take part."""
ACCOUNTS = tuple(role for role in PEOPLE if role not in ("visitor", "sender"))
OTHERS = tuple(role for role in PEOPLE if role not in ("author", "sender"))
MINE = ("author", "sender")
STATES = ("waiting", "public", "supported", "merged", "suspended")
STANDING = ("public", "supported")
OPEN = (StormPhase.IDEAS, StormPhase.SUPPORT)
ALL = tuple(StormPhase)
AFTER = (StormPhase.ASSESSMENT, StormPhase.RESULTS)
UNTIL_FINISHED = ALL[:-1]
ANSWERERS = ("answerer", "deputy")

TABLE: list[tuple[str, tuple[str, ...], tuple[StormPhase, ...], tuple[str, ...]]] = [
    # action, roles, phases, states of the idea
    ("can_give_idea", PEOPLE, (StormPhase.IDEAS,), STATES),
    ("can_support", OTHERS, OPEN, STANDING),
    ("can_comment", ACCOUNTS, OPEN, STANDING),
    ("can_edit_idea", MINE, OPEN, ("waiting", "public")),
    ("can_edit_idea", MINE, (StormPhase.ASSESSMENT,), ("waiting",)),
    ("can_add_to_idea", MINE, OPEN, ("supported",)),
    ("can_follow", tuple(role for role in ACCOUNTS if role != "author"), ALL, STANDING),
    ("can_moderate", ("editor",), ALL, STATES),
    ("can_merge", ("editor",), UNTIL_FINISHED, STATES),
    ("can_assign", ("editor", *ANSWERERS), UNTIL_FINISHED, STATES),
    ("can_assess", ("assessor",), (StormPhase.ASSESSMENT,), STANDING),
    ("can_answer", ANSWERERS, ALL[1:], STANDING),
    ("can_finish", (*ANSWERERS, "editor"), (StormPhase.ASSESSMENT,), STATES),
]
OF_STORMS = ("can_give_idea", "can_moderate", "can_merge", "can_assign", "can_finish")
"""Actions on a storm; the others are on an idea."""


def people(storm: Storm, idea: Idea) -> dict[str, Visitor]:
    """One visitor of each role."""
    employee = UserFactory.create()
    membership(user=employee, workplace=WorkplaceFactory.create(), role="medarbejder")
    assessor = UserFactory.create()
    Assignment.objects.create(idea=idea, assessor=assessor)
    return {
        "visitor": Visitor(AnonymousUser()),
        "citizen": Visitor(UserFactory.create()),
        "employee": Visitor(employee),
        "author": Visitor(idea.author),
        "sender": Visitor(AnonymousUser(), receipt_of=idea.pk),
        "assessor": Visitor(assessor),
        "answerer": Visitor(storm.answerer),
        "deputy": Visitor(storm.deputy),
        "editor": Visitor(editor()),
    }


def in_state(storm: Storm, state: str) -> Idea:
    """An idea in a state. The storm is still being set up, so that the clock does not matter."""
    author = UserFactory.create()
    if state == "waiting":
        idea = IdeaFactory.create(storm=storm, author=author)
        idea.submit(by=author)
        return idea
    idea = public_idea(storm=storm, author=author)
    if state == "supported":
        Support.objects.create(idea=idea, user=UserFactory.create())
    elif state == "merged":
        IdeaMerge.objects.create(survivor=public_idea(storm=storm), merged=idea)
    elif state == "suspended":
        idea.suspend(by=None, reason="Prøve")
    return idea


def seen(idea: Idea) -> Idea:
    """The idea as a page has it now."""
    row: Idea = Idea.objects.with_activity().get(pk=idea.pk)
    row.storm = Storm.objects.with_phase().get(pk=row.storm_id)
    return row


@pytest.mark.parametrize("state", STATES)
def test_the_table(coi_clock: Callable[[dt.datetime], None], state: str) -> None:
    """Each of action × role × phase, for an idea in this state; what the table does not allow is refused."""
    storm = StormFactory.create(opens_at=OPENS)
    idea = in_state(storm, state)
    visitors = people(storm, idea)
    storm.publish(by=None)
    wrong = []
    for phase, moment in MOMENTS.items():
        coi_clock(moment)
        if phase == StormPhase.RESULTS:
            Storm.objects.filter(pk=storm.pk).update(
                finished_at=moment + dt.timedelta(days=60), closed_openly=True
            )
        now = seen(idea)
        assert now.storm.phase == phase
        for action, role in itertools.product(dict.fromkeys(row[0] for row in TABLE), ROLES):
            expected = any(
                role in roles and phase in phases and state in states
                for name, roles, phases, states in TABLE
                if name == action
            )
            thing: Any = now.storm if action in OF_STORMS else now
            if getattr(p, action)(visitors[role], thing) is not expected:
                wrong.append((action, role, phase.value, f"expected {expected}"))
    assert not wrong


def test_every_action_is_in_the_table() -> None:
    """Or has a test of its own below."""
    own = {
        "can_edit_storm", "can_view_storm", "can_view_idea", "can_take_part", "can_see_scores", "can_see_authors",
        "can_see_counts", "can_give_news", "can_discuss", "can_ask",
    }  # fmt: skip
    actions = {name for name in vars(p) if name.startswith("can_")}
    assert actions == {action for action, *_ in TABLE} | own


@pytest.mark.parametrize("access", Access.values)
def test_only_those_who_answer_say_that_a_workplaces_own_was_discussed(db: None, access: str) -> None:
    """A storm that others take part in has no MED or SU."""
    storm = StormFactory.create(access=access)
    for role, visitor in people(storm, IdeaFactory.create(storm=storm)).items():
        assert p.can_discuss(visitor, storm) is (role in ANSWERERS and access == Access.INVITED), role


ENTRANCE: dict[str, tuple[str, ...]] = {
    Access.ANYONE: ("visitor", "citizen", "employee", "invited"),
    Access.ACCOUNTS: ("citizen", "employee"),
    Access.EMPLOYEES: ("employee",),
    Access.INVITED: ("invited",),
}


@pytest.mark.parametrize("access", Access.values)
def test_who_may_take_part(db: None, access: str) -> None:
    """By the terms of the storm; a link counts until it is revoked, and for its own storm."""
    storm = StormFactory.create(access=access)
    other = StormFactory.create(access=access)
    for row in (storm, other):
        row.publish(by=None)
    visitors = people(storm, public_idea(storm=storm))
    visitors["invited"] = Visitor(
        AnonymousUser(), Invitation.objects.create(storm=storm, workplace=WorkplaceFactory.create())
    )
    for role in ("visitor", "citizen", "employee", "invited"):
        assert p.can_take_part(visitors[role], storm) is (role in ENTRANCE[access]), role
    assert p.can_take_part(visitors["invited"], other) is (access == Access.ANYONE)
    assert not p.can_take_part(visitors["employee"], StormFactory.create(access=access))


def test_nobody_without_an_open_account_does_anything(db: None) -> None:
    """An account that was closed is a visitor."""
    storm = StormFactory.create(access=Access.ACCOUNTS)
    storm.publish(by=None)
    assert not p.can_take_part(Visitor(UserFactory.create(is_active=False)), storm)
    closed = editor()
    closed.is_active = False
    assert not Visitor(closed).is_editor


@pytest.mark.parametrize("state", ["draft", "published", "suspended"])
def test_who_sees_a_storm_and_its_ideas(db: None, state: str) -> None:
    """What is not public is seen by those it belongs to."""
    storm = StormFactory.create(author=UserFactory.create())
    idea = public_idea(storm=storm, author=UserFactory.create())
    visitors = people(storm, idea)
    visitors["who set it up"] = Visitor(storm.author)
    if state != "draft":
        storm.publish(by=None)
    if state == "suspended":
        storm.suspend(by=None, reason="Prøve")
    now = seen(idea)
    see_storm = {"answerer", "deputy", "editor", "who set it up"} if state != "published" else set(visitors)
    see_idea = {"author", "sender", "editor"} if state != "published" else set(visitors)
    assert {r for r, v in visitors.items() if p.can_view_storm(v, now.storm)} == see_storm
    assert {r for r, v in visitors.items() if p.can_view_idea(v, now)} == see_idea


def test_an_assessor_is_blind_until_theirs_is_sent(coi_clock: Callable[[dt.datetime], None]) -> None:
    """Neither authors nor counts nor points, while everybody else sees the counts."""
    storm = StormFactory.create(opens_at=OPENS)
    idea = in_state(storm, "public")
    visitors = people(storm, idea)
    Assignment.objects.create(idea=idea, assessor=visitors["editor"].account)
    storm.publish(by=None)
    coi_clock(MOMENTS[StormPhase.IDEAS])
    now = seen(idea)
    assert {r for r in ROLES if p.can_see_counts(visitors[r], now.storm)} == set(ANSWERERS)
    coi_clock(MOMENTS[StormPhase.ASSESSMENT])
    now = seen(idea)
    blind = {"assessor", "editor"}
    for can in (p.can_see_counts, p.can_see_authors):
        assert {r for r in ROLES if not can(visitors[r], now.storm)} == blind
    assert {r for r in ROLES if p.can_see_scores(visitors[r], now.storm)} == set(ANSWERERS)
    for assignment in Assignment.objects.all():
        for criterion in storm.criteria.all():
            assignment.scores.create(criterion=criterion, points=3)
    Assignment.objects.update(sent_at=Now())
    assert {r for r in ROLES if p.can_see_scores(visitors[r], now.storm)} == {*ANSWERERS, *blind}
    assert p.can_see_authors(visitors["assessor"], now.storm)


def test_news_is_given_of_what_is_answered(db: None) -> None:
    """By those who answer, and the editors."""
    storm = StormFactory.create()
    idea = in_state(storm, "public")
    visitors = people(storm, idea)
    storm.publish(by=None)
    now = seen(idea)
    assert not any(p.can_give_news(v, now) for v in visitors.values())
    IdeaAnswer.objects.create(idea=idea, status="videre", reason="Ja")
    assert {r for r, v in visitors.items() if p.can_give_news(v, now)} == {*ANSWERERS, "editor"}


def test_a_comment_counts_as_activity_until_it_is_hidden(db: None) -> None:
    """So that spam does not keep an author from correcting."""
    idea = public_idea()
    comment = Comment.objects.create(idea=idea, text="Køb nu")
    assert seen(idea).has_activity
    Comment.objects.filter(pk=comment.pk).update(hidden_at=Now(), hidden_reason="Reklame")
    assert not seen(idea).has_activity


def test_support_may_wait_for_closing(coi_clock: Callable[[dt.datetime], None]) -> None:
    """Where the storm says so."""
    storm = StormFactory.create(opens_at=OPENS, support_while_open=False)
    idea = in_state(storm, "public")
    storm.publish(by=None)
    visitor = Visitor(UserFactory.create())
    for phase, allowed in ((StormPhase.IDEAS, False), (StormPhase.SUPPORT, True)):
        coi_clock(MOMENTS[phase])
        assert p.can_support(visitor, seen(idea)) is allowed


# -- the pages ------------------------------------------------------------------


def browser_of(role: str, visitor: Visitor, idea: Idea) -> Client:
    """A browser of somebody in this role; the sender's has the receipt open, and so has the author's."""
    client = Client()
    if visitor.account is not None:
        client.force_login(visitor.account)
    if role in MINE:
        session = client.session
        session[receipts.SESSION], session[receipts.UNTIL] = idea.receipt.pk, int(time.time()) + 600
        session.save()
    return client


def corrects(client: Client, idea: Idea) -> bool:
    """Whether the receipt's page takes a new text."""
    data = {"title": idea.title, "text": "Noget helt andet.", "answer": "", "once": "x" * 32}
    client.post(reverse("editorial:receipt_correct"), data)
    return Change.objects.exists() or Idea.objects.get(pk=idea.pk).text != idea.text


def page(name: str, *, of_storm: bool = False) -> Callable[[Client, Idea], bool]:
    """Whether opening a page of the storm or idea shows it."""

    def opens(client: Client, idea: Idea) -> bool:
        args = [idea.storm.slug] if of_storm else [idea.storm.slug, idea.slug]
        return client.get(reverse(f"ideastorm:{name}", args=args)).status_code == 200

    return opens


def posts(name: str, *, ok: tuple[int, ...]) -> Callable[[Client, Idea], bool]:
    """Whether sending to an address of the storm gets past the question of who asks."""

    def sends(client: Client, idea: Idea) -> bool:
        answer = client.post(reverse(f"ideastorm:{name}", args=[idea.storm.slug]), {"person": "x"})
        return answer.status_code in ok and "/login/" not in answer.headers.get("Location", "")

    return sends


def hides(client: Client, idea: Idea) -> bool:
    """Whether the page to hide a comment opens, of one that is hidden already: it counts as nobody's activity."""
    comment = Comment.objects.get(idea=idea)
    return client.get(reverse("ideastorm:comment_hide", args=[comment.uuid])).status_code == 200


def assesses(client: Client, idea: Idea) -> bool:
    """Whether the page for giving points has a form to send."""
    assignment = Assignment.objects.get(idea=idea)
    answer = client.get(reverse("ideastorm:assess", args=[idea.storm.slug, assignment.uuid]))
    return answer.status_code == 200 and b'name="send"' in answer.content


def follows(client: Client, idea: Idea) -> bool:
    """Whether the button that follows the idea is taken."""
    client.post(reverse("ideastorm:follow_idea", args=[idea.storm.slug, idea.slug]))
    return Follow.objects.filter(idea=idea).exists()


def answers(client: Client, idea: Idea) -> bool:
    """Whether the page for answering opens."""
    return client.get(reverse("ideastorm:answer", args=[idea.storm.slug, idea.uuid])).status_code == 200


PAGES: dict[str, Callable[[Client, Idea], bool]] = {
    "can_give_idea": page("give", of_storm=True),
    "can_support": page("support"),
    "can_comment": page("comment"),
    "can_edit_idea": corrects,
    "can_add_to_idea": page("add"),
    "can_follow": follows,
    "can_moderate": hides,
    "can_merge": page("merge"),
    "can_assign": posts("take_back", ok=(404,)),
    "can_assess": assesses,
    "can_answer": answers,
    "can_finish": posts("finish", ok=(302, 422)),
}
"""Action → what asks its page; whether it is let through is what the predicate says."""
WITH_ADDRESS = ("can_support", "can_comment", "can_add_to_idea", "can_follow", "can_merge")
"""Actions whose page stands under the idea's address, which it gets when it is shown."""


def test_every_action_has_a_page() -> None:
    """Else it would be a rule that nobody asks."""
    assert set(PAGES) == {row[0] for row in TABLE}


@pytest.mark.parametrize("state", ["waiting", "public", "supported", "merged"])
def test_the_pages_ask_the_predicates(coi_clock: Callable[[dt.datetime], None], state: str) -> None:
    """As each role in each phase, every page lets through whom its predicate does, and nobody else."""
    storm = StormFactory.create(opens_at=OPENS)
    idea = in_state(storm, state)
    public_idea(storm=storm)  # without an answer, so that finishing is refused for that, not done
    Receipt.on_account(idea, idea.author)
    if state == "waiting":
        enqueue(kind=QueueKind.CONTENT, title=idea.title, sender=idea.author, content=idea, text=idea.text)
    Comment.objects.create(idea=idea, text="Køb nu", hidden_at=Now(), hidden_reason="Reklame")
    visitors = people(storm, idea)
    storm.publish(by=None)
    wrong = []
    for phase, moment in MOMENTS.items():
        coi_clock(moment)
        if phase == StormPhase.RESULTS:
            late = moment + dt.timedelta(days=60)
            Storm.objects.filter(pk=storm.pk).update(finished_at=late, closed_openly=True)
        now = seen(idea)
        for (action, asks), role in itertools.product(PAGES.items(), ROLES):
            if state == "waiting" and action in WITH_ADDRESS:
                continue
            if action == "can_finish" and phase == StormPhase.RESULTS:
                continue  # sent twice, it leads on
            expected = getattr(p, action)(visitors[role], now.storm if action in OF_STORMS else now)
            before = transaction.savepoint()
            claimed = None if role == "sender" else idea.author
            Receipt.objects.filter(content=idea).update(claimed_by=claimed)
            found = asks(browser_of(role, visitors[role], now), now)
            transaction.savepoint_rollback(before)
            if found is not expected:
                wrong.append((action, role, phase.value, f"the predicate says {expected}"))
    assert not wrong

"""A storm of the demonstration that is over, all invented: ideas, comments, support, points, answers of all six kinds,
two ideas that were merged, one raised from a comment, and what happened later.

It is made while the storm is a draft, whose clock holds nothing back, and published last: from then on it stands.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from catalogue.models import Entry
from coi.demo_finished_ideas import ANSWERED, COMMENTS, MERGED, NEWS, Given
from editorial.choices import Kind
from editorial.models import Content, Tag
from editorial.models.subjects import resolve_tags
from ideastorm.choices import AnswerStatus, ShownAs
from ideastorm.models import (
    Assignment,
    Comment,
    Conflict,
    Idea,
    IdeaAnswer,
    IdeaMerge,
    IdeaNews,
    IdeaVersion,
    Score,
    Storm,
    Support,
    SupportAddress,
    address_hash,
)
from mapping.models import Project
from places.models import Workplace

FINISHED: dict[str, Any] = {
    "title": "Kortere vej til svar",
    "question": "Hvad skal vi ændre, så du venter kortere på os?",
    "summary": "Fortæl om et sted, hvor du ventede for længe, og hvad der ville have hjulpet. Skriv også, hvis du er ansat.",  # noqa: E501
    "background": "Vi har spurgt, fordi tre af fem henvendelser handler om noget, vi allerede var i gang med. "
    "Åbningstiderne ligger fast til nytår; alt andet kan ændres.",
}
OPENED, CLOSED, DONE = 150, 122, 80
"""Days ago."""
ASSESSORS = ("medarbejder", "anden", "vaert")
ADDRESSES = 64
"""People without an account who support something."""


@dataclass(frozen=True)
class _Made:
    """What the parts of the storm are made of."""

    storm: Storm
    first: dt.datetime
    people: dict[str, User]
    places: dict[str, Workplace]
    ideas: list[Idea]

    def day(self, number: float) -> dt.datetime:
        """So many days after it opened."""
        return self.first + dt.timedelta(days=number)


def fill(storm: Storm, *, people: dict[str, User], places: dict[str, Workplace]) -> None:
    """Fill a storm that is a draft, finish it, and publish it."""
    tags = {tag.name: tag for tag in resolve_tags(names=sorted({g.tag for g in (*ANSWERED, MERGED)}))}
    storm.tags.set(tags.values())
    made = _Made(storm, storm.opens_at, people, places, [])
    for number, given in enumerate((*ANSWERED, MERGED)):
        made.ideas.append(_idea(made, number, given, tags[given.tag]))
    _comments(made)
    _support(made)
    IdeaMerge.objects.create(
        survivor=made.ideas[0], merged=made.ideas[-1], reason="De handler om det samme: at blive ringet op.",
        made_at=made.day(30), made_by_key=people["moderator"].key,
    )  # fmt: skip
    _points(made)
    _answers(made)
    storm.finished_at = made.day(OPENED - DONE)
    storm.save(update_fields=["finished_at"])
    storm.publish(by=None, reason="Demonstration", now=made.day(-8))


def _idea(made: _Made, number: int, given: Given, tag: Tag) -> Idea:
    author = made.people.get(given.by)
    workplace = made.places.get(given.by)
    idea = Idea.objects.create(
        kind=Kind.IDEA, storm=made.storm, external_id=f"demo-svar-ide-{number + 1}", is_demo=True, author=author,
        title=given.title, text=given.text, summary=given.text, workplace=workplace,
        sectors=[workplace.sector] if workplace else [],
        shown_as=ShownAs.WORKPLACE if workplace else ShownAs.PRIVATE,
    )  # fmt: skip
    idea.tags.set([tag])
    at = made.day(1 + number * 0.9)
    idea.publish(by=None, reason="Demonstration", now=at)
    IdeaVersion.objects.filter(idea=idea).update(created_at=at)
    return idea


def _comments(made: _Made) -> None:
    """Comments with one level of replies; one was raised to the last idea that has an answer."""
    for number, (idea, by, text, reply) in enumerate(COMMENTS):
        comment = _comment(made, made.ideas[idea], by, text, made.day(26 + number / 5))
        if reply:
            _comment(made, made.ideas[idea], "vaert", reply, made.day(27 + number / 5), parent=comment)
        if number == 0:
            raised = made.ideas[len(ANSWERED) - 1]
            raised.raised_from = comment
            raised.save(update_fields=["raised_from"])


def _comment(
    made: _Made, idea: Idea, by: str, text: str, at: dt.datetime, parent: Comment | None = None
) -> Comment:
    workplace = made.places.get(by)
    return Comment.objects.create(
        idea=idea, parent=parent, author=made.people[by], workplace=workplace, text=text, created_at=at,
        shown_as=ShownAs.WORKPLACE if workplace else ShownAs.PRIVATE,
    )  # fmt: skip


def _support(made: _Made) -> None:
    """By addresses that are confirmed, so that nobody needs an account for it; a few by the accounts."""
    addresses = SupportAddress.objects.bulk_create(
        SupportAddress(
            storm=made.storm, address_hash=address_hash(made.storm, f"{n}@demo.example"),
            created_at=made.first, confirmed_at=made.first,
        )
        for n in range(ADDRESSES)
    )  # fmt: skip
    rows = []
    for number, idea in enumerate(made.ideas):
        at = made.day(28 + number / 9)
        rows += [
            Support(idea=idea, address=addresses[(number * 11 + n) % ADDRESSES], created_at=at)
            for n in range(3 + number * 17 % 43)
        ]
        rows += [
            Support(idea=idea, user=made.people[name], created_at=at)
            for n, name in enumerate(("borger", *ASSESSORS))
            if (number + n) % 3 == 0 and made.people[name].pk != idea.author_id
        ]
    Support.objects.bulk_create(rows)


def _points(made: _Made) -> None:
    """Two assess each idea, by turns, and never their own; one said that they could not."""
    criteria = list(made.storm.criteria.all())
    standing = made.ideas[:-1]
    Conflict.objects.create(
        idea=standing[1], assessor=made.people["vaert"], note="Jeg har selv foreslået det på et møde.",
        created_at=made.day(36),
    )  # fmt: skip
    assignments = []
    for number, idea in enumerate(standing):
        able = [
            made.people[name]
            for n, name in enumerate((*ASSESSORS, *ASSESSORS))
            if number % 3 <= n < number % 3 + 3
            and made.people[name].pk != idea.author_id
            and (number, name) != (1, "vaert")
        ]
        assignments += [
            Assignment(idea=idea, assessor=assessor, assigned_at=made.day(35.5)) for assessor in able[:2]
        ]
    Assignment.objects.bulk_create(assignments)
    Score.objects.bulk_create(
        Score(assignment=row, criterion=criterion, points=1 + (number * 7 + n * 3) % 5)
        for number, row in enumerate(assignments)
        for n, criterion in enumerate(criteria)
    )
    Assignment.objects.filter(pk__in=[row.pk for row in assignments]).update(sent_at=made.day(48))


def _answers(made: _Made) -> None:
    """One for each idea that stands by itself, and what happened later."""
    entries = list(Entry.objects.published().filter(is_demo=True).order_by("pk")[:3])
    key = made.people["leder"].key
    rows = []
    for number, (given, idea) in enumerate(zip(ANSWERED, made.ideas, strict=False)):
        at = made.day(50 + number * 0.7)
        status = given.status
        if status == AnswerStatus.EXISTS and not entries:  # a demonstration without any entry
            status = AnswerStatus.PARTLY
        sent_on = status == AnswerStatus.SENT_ON
        rows.append(
            IdeaAnswer(
                idea=idea, status=status, reason=given.reason, decided_by_key=key, decided_at=at,
                authority=given.authority if sent_on else "", sent_on=at.date() if sent_on else None,
                entry=entries[number % len(entries)] if status == AnswerStatus.EXISTS else None,
            )
        )  # fmt: skip
    IdeaAnswer.objects.bulk_create(rows)
    became: Content | None = Project.objects.published().filter(is_demo=True).order_by("pk").first()
    for idea_number, days, text, is_project in NEWS:
        IdeaNews.objects.create(
            idea=made.ideas[idea_number], text=text, happened_on=made.day(days).date(), written_by_key=key,
            became=became if is_project else None, created_at=made.day(days),
        )  # fmt: skip

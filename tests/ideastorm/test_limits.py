"""Every form of storms that writes is counted, and says when one may try again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from accounts.models import User
from guards.ratelimits import LIMITS, Limit, Rate
from ideastorm.models import Assignment, Comment, Idea, Storm
from tests.factories import StormFactory, UserFactory, editor, public_idea

CODE = "ABCDEFGHJKMNPQRSTVWXYZ2345"


class World:
    """A storm in each phase that a form needs, its people, and an idea with a comment."""

    def __init__(self, opened: int) -> None:
        self.storm: Storm = StormFactory.create(
            opens_at=timezone.now() - dt.timedelta(days=opened),
            access="inviterede" if opened == 40 else "alle",
        )
        self.idea: Idea = public_idea(storm=self.storm, author=UserFactory.create())
        self.staff, self.somebody = editor(), UserFactory.create()
        self.comment = Comment.objects.create(
            idea=self.idea, text="Nej", author=self.somebody, shown_as="privat"
        )
        self.own = Assignment.objects.create(idea=self.idea, assessor=self.somebody)
        self.storm.publish(by=None)


Who = Callable[[World], User | None]
SAMPLES: list[tuple[str, str, int, Who, Callable[[World], list[Any]]]] = [
    ("give", "idea", 2, lambda w: w.somebody, lambda w: [w.storm.slug]),
    ("alike", "alike", 2, lambda w: w.somebody, lambda w: [w.storm.slug]),
    ("give_look", "alike", 2, lambda w: w.somebody, lambda w: [w.storm.slug]),
    ("follow_storm", "follow", 2, lambda w: w.somebody, lambda w: [w.storm.slug]),
    ("follow_idea", "follow", 2, lambda w: w.somebody, lambda w: [w.storm.slug, w.idea.slug]),
    ("unfollow", "follow", 2, lambda w: w.somebody, lambda w: [w.idea.uuid]),
    ("support", "support", 2, lambda w: w.somebody, lambda w: [w.storm.slug, w.idea.slug]),
    ("unsupport", "support", 2, lambda w: w.somebody, lambda w: [w.storm.slug, w.idea.slug]),
    ("support_confirm", "support", 2, lambda w: None, lambda w: ["x"]),
    ("comment", "comment", 2, lambda w: w.somebody, lambda w: [w.storm.slug, w.idea.slug]),
    ("add", "comment", 2, lambda w: w.idea.author, lambda w: [w.storm.slug, w.idea.slug]),
    ("comment_report", "report", 2, lambda w: w.somebody, lambda w: [w.comment.uuid]),
    ("comment_hide", "storm-staff", 2, lambda w: w.staff, lambda w: [w.comment.uuid]),
    ("comment_show", "storm-staff", 2, lambda w: w.staff, lambda w: [w.comment.uuid]),
    ("comment_lift", "storm-staff", 2, lambda w: w.staff, lambda w: [w.comment.uuid]),
    ("merge", "storm-staff", 2, lambda w: w.staff, lambda w: [w.storm.slug, w.idea.slug]),
    ("unmerge", "storm-staff", 2, lambda w: w.staff, lambda w: [w.storm.slug, w.idea.slug]),
    ("assign", "storm-staff", 30, lambda w: w.staff, lambda w: [w.storm.slug]),
    ("take_back", "storm-staff", 30, lambda w: w.staff, lambda w: [w.storm.slug]),
    ("assess", "assessment", 30, lambda w: w.somebody, lambda w: [w.storm.slug, w.own.uuid]),
    ("conflict", "assessment", 30, lambda w: w.somebody, lambda w: [w.storm.slug, w.own.uuid]),
    ("answer", "storm-answer", 30, lambda w: w.storm.answerer, lambda w: [w.storm.slug, w.idea.uuid]),
    ("answer_many", "storm-answer", 30, lambda w: w.storm.answerer, lambda w: [w.storm.slug]),
    ("news", "storm-answer", 30, lambda w: w.storm.answerer, lambda w: [w.storm.slug, w.idea.uuid]),
    ("finish", "storm-answer", 30, lambda w: w.storm.answerer, lambda w: [w.storm.slug]),
    ("discussed", "storm-answer", 40, lambda w: w.storm.answerer, lambda w: [w.storm.slug]),
    ("invitation", "invitation", 40, lambda w: w.somebody, lambda w: [w.storm.slug, CODE]),
]
"""Address, limit, days since it opened, who sends it, and its arguments."""
READ = {
    "list", "idea_preview", "any_idea", "storm_preview", "storm", "given", "results", "export", "answers", "idea",
    "support_sent", "feed", "assessing", "scores", "points_file", "idea_scores",
}  # fmt: skip
"""Addresses that answer nothing but GET."""


def test_every_address_is_one_or_the_other() -> None:
    """An address that is new is either read only, or has a line in the table above."""
    names = {
        key for key in get_resolver().namespace_dict["ideastorm"][1].reverse_dict if isinstance(key, str)
    }
    assert names == READ | {name for name, *_ in SAMPLES}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize(("name", "limit", "opened", "who", "args"), SAMPLES, ids=[row[0] for row in SAMPLES])
def test_a_form_is_counted(
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    limit: str,
    opened: int,
    who: Who,
    args: Callable[[World], list[Any]],
) -> None:
    """The second attempt of one is refused with 429 and a time, and nothing is written."""
    world = World(opened)
    one = Rate(1, 30_000)
    monkeypatch.setitem(LIMITS, limit, Limit(account=one, address=one))
    if name == "news":
        from tests.ideastorm.test_answering import answered

        answered(world.storm, world.idea)
    if name == "add":
        Comment.objects.create(idea=world.idea, text="Ja", shown_as="privat")
    browser = Client()
    if user := who(world):
        browser.force_login(user)
    address = reverse(f"ideastorm:{name}", args=args(world))
    data = {"person": str(world.somebody.key)}
    first = browser.post(address, data)
    assert first.status_code not in (403, 405, 429, 500)
    second = browser.post(address, data)
    assert second.status_code == 429 and int(second["Retry-After"]) > 0

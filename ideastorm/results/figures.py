"""The numbers of a storm's results."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.utils.translation import gettext as _

from editorial.models import TaggedContent
from editorial.suppression import Group
from ideastorm.choices import AnswerStatus
from ideastorm.models import Idea, IdeaAnswer, Storm

_PEOPLE = """
WITH ideas AS (
    SELECT i.content_ptr_id AS id, c.author_id, i.workplace_id
    FROM ideastorm_idea i JOIN editorial_content c ON c.id = i.content_ptr_id
    WHERE i.storm_id = %s AND c.state = 'published'
), acts AS (
    SELECT coalesce('u' || author_id, 'i' || id) AS person, CASE WHEN workplace_id IS NULL THEN 2 ELSE 1 END AS how
    FROM ideas
    UNION ALL
    SELECT coalesce('u' || k.author_id, 'k' || k.id), 3 FROM ideastorm_comment k JOIN ideas ON ideas.id = k.idea_id
    WHERE k.hidden_at IS NULL
    UNION ALL
    SELECT coalesce('u' || s.user_id, 'u' || a.user_id, 'a' || s.address_id), 4
    FROM ideastorm_support s JOIN ideas ON ideas.id = s.idea_id
    LEFT JOIN ideastorm_supportaddress a ON a.id = s.address_id
    WHERE s.user_id IS NOT NULL OR a.confirmed_at IS NOT NULL
), persons AS (SELECT person, min(how) AS how FROM acts GROUP BY person)
SELECT how, count(*) FROM persons GROUP BY how
"""


def took_part(storm: Storm) -> Group:
    """Those who took part, each in the first group that fits. Who has no account counts once for each idea."""
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, [storm.pk])
        found = dict(cursor.fetchall())
    return Group(
        "alle",
        _("Har været med"),
        parts=(
            Group(
                "ideer",
                _("Har givet en idé"),
                parts=(
                    Group("ansat", _("Har givet en idé som ansat"), found.get(1, 0)),
                    Group("privat", _("Har givet en idé privat"), found.get(2, 0)),
                ),
            ),
            Group(
                "andre",
                _("Har kommenteret eller støttet, uden at give en idé"),
                parts=(
                    Group("kommentar", _("Har kommenteret, uden at give en idé"), found.get(3, 0)),
                    Group("stoette", _("Har kun støttet"), found.get(4, 0)),
                ),
            ),
        ),
    )


@dataclass(frozen=True)
class Bar:
    """A line of a table that is drawn, too: `width` of 100."""

    label: str
    count: int
    width: float


def bars(rows: list[tuple[str, int]]) -> list[Bar]:
    """Lines as they are drawn; the largest fills its room."""
    largest = max([count for _label, count in rows], default=0)
    return [Bar(label, count, round(100 * count / largest, 1) if largest else 0.0) for label, count in rows]


@dataclass(frozen=True)
class Said:
    """What people said about a tag: its ideas with their answers."""

    name: str
    ideas: list[tuple[Idea, IdeaAnswer | None]]


def said(storm: Storm, limit: int) -> tuple[list[Said], list[tuple[str, int]]]:
    """Ideas by tag, with those without any last, and how many ideas got which answer. A fixed number of queries."""
    ideas = list(Idea.objects.of_storm(storm).published().standing().order_by("-published_at", "pk")[:limit])
    for idea in ideas:
        idea.storm = storm
    pks = [idea.pk for idea in ideas]
    answers = IdeaAnswer.objects.latest_of(pks)
    tags: dict[int, list[str]] = {}
    for content, name in TaggedContent.objects.filter(content_object__in=pks).values_list(
        "content_object", "tag__name"
    ):
        tags.setdefault(content, []).append(name)
    by_tag: dict[str, list[tuple[Idea, IdeaAnswer | None]]] = {}
    for idea in ideas:
        for name in tags.get(idea.pk) or [""]:
            by_tag.setdefault(name, []).append((idea, answers.get(idea.pk)))
    order = sorted(by_tag, key=lambda name: (name == "", -len(by_tag[name]), name))
    counts = dict.fromkeys(AnswerStatus, 0)
    for row in answers.values():
        counts[AnswerStatus(row.status)] += 1
    decisions = [(str(status.label), n) for status, n in counts.items()]
    if missing := len(ideas) - len(answers):
        decisions.append((_("Mangler svar"), missing))
    return [Said(name or _("Andet"), by_tag[name]) for name in order], decisions

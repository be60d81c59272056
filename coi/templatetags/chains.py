"""From idea to project to entry, and back: what joins the areas on their pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.db.models import Q

from editorial.choices import State
from editorial.models import Content
from ideastorm.models import Idea
from ideastorm.showing import author_line
from places.areas import Geography
from practicum.models import Offer
from practicum.offers.panels import standing

register = template.Library()
AT_MOST = 20


@dataclass(frozen=True)
class Origin:
    """An idea that something began as, with who gets credit: its author, and the comment's where it began as one."""

    idea: Idea
    author: str
    comment_author: str
    merged: list[str]


@register.inclusion_tag("ideastorm/parts/origins.html")
def began_as_ideas(content: Content) -> dict[str, list[Origin]]:
    """The ideas that a project or an entry began as, also by way of the project. Nothing while it is not public."""
    if not content.is_public:
        return {"origins": []}
    rows = (
        Idea.objects.published()
        .filter(Q(news__became=content.pk) | Q(news__became__project__example=content.pk))
        .filter(storm__state__in=(State.PUBLISHED, State.ARCHIVED))
        .select_related("storm", "workplace", "municipality", "region", "raised_from__workplace")
        .prefetch_related("merged__workplace", "merged__municipality", "merged__region")
        .distinct()
        .order_by("published_at", "pk")
    )
    return {"origins": [_origin(idea) for idea in rows[:AT_MOST]]}


def _origin(idea: Idea) -> Origin:
    comment = idea.raised_from if idea.raised_from and idea.raised_from.hidden_at is None else None
    return Origin(
        idea,
        author_line(idea),
        author_line(comment) if comment else "",
        [author_line(other) for other in idea.merged.all() if other.is_public],
    )


@register.simple_tag
def became_onward(content: Content | None) -> list[Any]:
    """What a project led to under Inspiration, where anyone may read it."""
    if content is None or not content.is_public:
        return []
    return list(Content.objects.readable().filter(entry__projects=content.pk)[:1])


@register.inclusion_tag("practicum/offers/seen_here.html")
def seen_in_practice(entry: Content) -> dict[str, Any]:
    """The practicum places at which an entry can be seen, that are not over. Nothing while it is not public."""
    if not entry.is_public:
        return {"rows": []}
    offers = list(Offer.objects.published().with_card().filter(seen_entries__entry=entry.pk)[:AT_MOST])
    return {"rows": standing(offers, Geography.current()) if offers else []}

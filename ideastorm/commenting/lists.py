"""The comments of an idea, and of what was merged into it: a page of them with their replies."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db.models import Prefetch

from editorial.choices import READABLE
from ideastorm.models import Comment, Idea
from ideastorm.showing import author_line

PER_PAGE = 20


@dataclass(frozen=True)
class Shown:
    """A comment as a page shows it. Of one that is hidden, neither text nor author is here."""

    comment: Comment
    text: str
    author: str
    idea: Idea | None
    """The public idea that it was raised to."""
    replies: list[Shown]


def comment_page(idea: Idea, number: str, *, with_authors: bool) -> tuple[list[Shown], Page[Comment], int]:
    """A page of comments, the oldest first; the page; and how many are visible in all. A fixed number of queries."""
    group = Comment.objects.of_group(idea)
    related = group.select_related("workplace", "raised_to__storm").order_by("created_at", "pk")
    replies = Comment.objects.select_related("workplace", "raised_to__storm").order_by("created_at", "pk")
    rows = related.first_level().prefetch_related(Prefetch("replies", replies))
    page: Page[Comment] = Paginator(rows, PER_PAGE).get_page(number)
    return [_shown(row, with_authors) for row in page.object_list], page, group.visible().count()


def _shown(row: Comment, with_authors: bool, *, is_reply: bool = False) -> Shown:
    raised = getattr(row, "raised_to", None)
    return Shown(
        row,
        "" if row.is_hidden else row.text,
        author_line(row) if with_authors and not row.is_hidden else "",
        raised if raised is not None and raised.state in READABLE else None,
        [] if is_reply else [_shown(reply, with_authors, is_reply=True) for reply in row.replies.all()],
    )

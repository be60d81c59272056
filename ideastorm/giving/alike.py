"""What is public and looks like the idea that somebody is writing: ideas of the same storm, and entries."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

import numpy as np
from django.http import HttpRequest

from editorial import receipts
from editorial.choices import READABLE, Kind
from editorial.similar import Similar, similar
from ideastorm.lists import ideas_of
from ideastorm.models import Idea, Storm
from ideastorm.permissions import Visitor
from search.selection import Selection

AT_MOST = 5
SHORTEST = 4
"""Letters from which on it is worth looking."""
LEAST = 0.15
"""The share of the words that an idea has to have: a text says much, and what is alike says only some of it."""
READ = 1000
"""Characters of the text that are looked at, at most."""


def alike(
    storm: Storm, *, title: str, text: str = "", author: int | None = None, mine: Collection[int] = ()
) -> list[Similar]:
    """At most AT_MOST, best first: never what was merged, is hidden, of another storm, `mine`, or the `author`'s."""
    written = f"{title} {text}".strip()[:READ]
    if len(written) < SHORTEST or storm.state not in READABLE:
        return []
    found = similar(written, among=_beside(storm, mine), author=author, limit=AT_MOST, least=LEAST)
    # The mirror is in step with the database; but what is not to be seen is not left to it alone.
    keys = [row.content.pk for row in found if row.content.kind == Kind.IDEA]
    ideas = Idea.objects.of_storm(storm).published().standing().select_related("storm").in_bulk(keys)
    rows = [replace(row, content=ideas.get(row.content.pk, row.content)) for row in found]
    return [row for row in rows if row.content.kind != Kind.IDEA or row.content.pk in ideas]


def _beside(storm: Storm, mine: Collection[int]) -> Selection:
    """The ideas of the storm and all entries, without one's own."""
    entry: Any = Idea._meta.get_field("reuses").related_model  # areas do not import each other
    entries = Selection.of_kinds(tuple(entry.KINDS))
    mask = entries.mask | ideas_of(storm, entries.mirror).mask
    if mine:
        mask = mask & ~np.isin(entries.mirror.content, np.fromiter(mine, np.int64))
    return replace(entries, mask=mask, whole=None)


def alike_for(request: HttpRequest, storm: Storm, *, title: str, text: str) -> list[Similar]:
    """The same for who sends this request: their own are those of their account and of receipts in this browser."""
    visitor = Visitor.of(request)
    mine = {row.content_id for row, _code in receipts.new(request)}
    if visitor.receipt_of is not None:
        mine.add(visitor.receipt_of)
    author = visitor.account.pk if visitor.account else None
    return alike(storm, title=title, text=text, author=author, mine=mine)

"""The ideas of a storm as a list: a Listing over search documents, with the ideas behind it."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from django.db.models import Count
from django.db.models.functions import Coalesce
from django.http import HttpRequest, QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from editorial.choices import Kind
from editorial.facets import content_facets
from ideastorm.choices import COUNTED_PHASES
from ideastorm.models import Comment, Idea, IdeaAnswer, Storm, Support
from ideastorm.models.idea import Keys
from ideastorm.permissions import Visitor, can_see_authors, can_see_counts, is_blind
from ideastorm.showing import author_line
from ideastorm.shuffling import order_of, shuffled
from search.columns import Ints
from search.listing import Listing
from search.mirror import Mirror
from search.models import Document
from search.selection import Selection
from search.snippets import has_hit, marked, snippet

RANDOM, SUPPORT, COMMENTS = "tilfaeldig", "stoette", "kommentarer"
FACETS = ("emne", "region", "kommune")
ORDERS = {
    "relevans": _("Bedste træf"),
    RANDOM: _("Tilfældig rækkefølge"),
    SUPPORT: _("Flest støtter"),
    "nyeste": _("Nyeste"),
    COMMENTS: _("Flest kommentarer"),
    "titel": _("Titel, A–Å"),
}


@dataclass(frozen=True)
class IdeaCard:
    """An idea in a list. `support` is None while nobody may know how many."""

    idea: Idea
    title: SafeString | str
    text: SafeString | str
    author: str
    comments: int
    support: int | None
    answer: IdeaAnswer | None
    snippet: SafeString | str = ""
    button: str = ""
    """What one can do about supporting it; see ideastorm.supporting.buttons."""


class IdeaListing(Listing):
    """The ideas of a storm: in random order until support closes, then by support."""

    orders: ClassVar = ORDERS

    def __init__(self, params: QueryDict, *, storm: Storm, order: str, blind: bool = False) -> None:
        self.storm, self.order, self.blind = storm, order, blind
        facets = [f for f in content_facets(Kind.IDEA) if f.name in FACETS]
        super().__init__(params, kinds=(Kind.IDEA,), facets=facets)
        if params.get("sort") not in ORDERS and self.sort == "nyeste":
            self.sort = SUPPORT if self.is_counted else RANDOM
        if self.sort == SUPPORT and not self.is_counted:
            self.sort = RANDOM

    @property
    def is_counted(self) -> bool:
        """Whether everybody sees how many support each, and so does the visitor: the order would tell an assessor."""
        return self.storm.phase in COUNTED_PHASES and not self.blind

    @property
    def sorts(self) -> list[tuple[str, str]]:
        """The ways of sorting that make sense here now."""
        return [(k, label) for k, label in super().sorts if k != SUPPORT or self.is_counted]

    def kept(self) -> dict[str, str]:
        """The visitor's order stays the same on all pages."""
        return {"orden": self.order} if self.sort == RANDOM else {}

    @property
    def before(self) -> str:
        """Query string of the page before; "" on the first."""
        return self.querystring(side=str(self.number - 1)) if self.page.has_previous() else ""

    @property
    def after(self) -> str:
        """Query string of the next page; "" on the last."""
        return self.querystring(side=str(self.number + 1)) if self.page.has_next() else ""

    @property
    def cleared(self) -> str:
        """Nothing is asked for: the visitor's own order comes by itself."""
        return ""

    @cached_property
    def everything(self) -> Selection:
        """The ideas of the storm that may be found."""
        return ideas_of(self.storm, self.mirror)

    def documents(self, start: int = 0, stop: int | None = None) -> list[Document]:
        """The results from place `start` to `stop`, in the order asked for."""
        if self.sort not in (RANDOM, SUPPORT, COMMENTS):
            return super().documents(start, stop)
        mirror = self.results.mirror
        slots = np.flatnonzero(self.results.mask)
        ids = mirror.ids[slots[self._places(mirror.content[slots])]][start:stop].tolist()
        found = Document.objects.visible().for_cards().in_bulk(ids)
        return [found[pk] for pk in ids if pk in found]

    def _places(self, ideas: Ints) -> Ints:
        """The places of these ideas in the order asked for; what is equal stands in the visitor's random order."""
        random = shuffled(ideas, self.order)
        if self.sort == RANDOM:
            return random
        everything = Idea.objects.of_storm(self.storm).order_by().values("pk")
        counts = _support(everything) if self.sort == SUPPORT else _comments(everything)
        numbers = np.array([counts.get(pk, 0) for pk in ideas.tolist()], np.int64)
        return random[np.argsort(-numbers[random], kind="stable")]


def ideas_of(storm: Storm, mirror: Mirror | None = None) -> Selection:
    """The ideas of a storm that may be found. Which they are is asked once for each state of the mirror."""
    all_ideas = Selection.of_kinds((Kind.IDEA,), mirror)
    mirror = all_ideas.mirror
    key = ("storm", storm.pk)
    if (mask := mirror.kept.get(key)) is None:
        ids = np.fromiter(Idea.objects.of_storm(storm).values_list("pk", flat=True), np.int64)
        mask = all_ideas.mask & np.isin(mirror.content, ids)
        mirror.kept[key] = mask
    return replace(all_ideas, mask=mask, whole=None)


def _support(ideas: Keys) -> dict[int, int]:
    return Support.objects.counts(ideas)


def _comments(ideas: Keys) -> dict[int, int]:
    """Idea → visible comments to it and to what was merged into it."""
    rows = (
        Comment.objects.visible()
        .filter(idea__in=Idea.objects.with_merged(ideas))
        .annotate(root=Coalesce("idea__merged_into", "idea"))
        .values("root")
        .annotate(n=Count("pk"))
        .order_by()
    )
    return {row["root"]: row["n"] for row in rows}


def idea_listing(request: HttpRequest, storm: Storm) -> IdeaListing:
    """The ideas of a storm as the visitor asks for them."""
    blind = is_blind(Visitor(request.user), storm)
    return IdeaListing(request.GET, storm=storm, order=order_of(request, storm), blind=blind)


def idea_cards(
    documents: list[Document], *, storm: Storm, visitor: Visitor, hits: Container[str] = ()
) -> list[IdeaCard]:
    """The ideas of a page of documents, in its order; one hidden since then is left out. Five queries."""
    keys = [d.content_id for d in documents if d.content_id]
    found: dict[int, Idea] = Idea.objects.published().standing().with_card().in_bulk(keys)
    support = _support(keys) if can_see_counts(visitor, storm) else None
    comments, answers = _comments(keys), IdeaAnswer.objects.latest_of(keys)
    with_authors = can_see_authors(visitor, storm)
    cards = []
    for document in documents:
        if not (idea := found.get(document.content_id or 0)):
            continue
        marks = _marks(idea, document, hits)
        cards.append(
            IdeaCard(
                idea,
                **marks,
                author=author_line(idea) if with_authors else "",
                comments=comments.get(idea.pk, 0),
                support=None if support is None else support.get(idea.pk, 0),
                answer=answers.get(idea.pk),
            )
        )
    return cards


def _marks(idea: Idea, document: Document, hits: Container[str]) -> dict[str, Any]:
    if not hits:
        return {"title": idea.title, "text": idea.summary}
    only_there = not has_hit(f"{idea.title} {idea.summary}", hits)
    body = snippet(document.body, hits) if only_there else ""
    return {"title": marked(idea.title, hits), "text": marked(idea.summary, hits), "snippet": body}

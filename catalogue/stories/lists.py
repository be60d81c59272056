"""The good stories as a list: a Listing over search documents, with the stories behind it."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.safestring import SafeString

from catalogue.models import Story
from editorial.choices import Kind
from editorial.facets import content_facets
from search.listing import Listing
from search.models import Document
from search.snippets import has_hit, marked, snippet

FACETS = ("sektor", "fagomraade", "region", "kommune", "emne", "aar")


@dataclass(frozen=True)
class StoryCard:
    """A story in a list, its title and text marked where they match the search."""

    story: Story
    title: SafeString | str
    text: SafeString | str
    snippet: SafeString | str = ""


class StoryListing(Listing):
    """A Listing that can't be sorted by reuse: stories are not reused."""

    @property
    def sorts(self) -> list[tuple[str, str]]:
        """The ways of sorting that make sense here."""
        return [(key, label) for key, label in super().sorts if key != "genbrugt"]


def story_listing(params: QueryDict) -> StoryListing:
    """The stories as `params` ask for them."""
    facets = [f for f in content_facets(Kind.STORY) if f.name in FACETS]
    return StoryListing(params, kinds=(Kind.STORY,), facets=facets)


def story_cards(documents: list[Document], hits: Container[str] = ()) -> list[StoryCard]:
    """The stories of a page of documents, in its order; one hidden since then is left out. Bounded by the page."""
    found = Story.objects.published().with_card().in_bulk([d.content_id for d in documents])
    return [_card(found[d.content_id], d, hits) for d in documents if d.content_id in found]


def _card(story: Story, document: Document, hits: Container[str]) -> StoryCard:
    if not hits:
        return StoryCard(story, story.title, story.summary)
    only_there = not has_hit(f"{story.title} {story.summary}", hits)
    body = snippet(document.body, hits) if only_there else ""
    return StoryCard(story, marked(story.title, hits), marked(story.summary, hits), body)

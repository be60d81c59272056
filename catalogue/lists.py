"""The catalogue as a list: a Listing over search documents, with the entries behind it."""

from collections.abc import Container
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.safestring import SafeString

from catalogue.choices import KINDS
from catalogue.models import Entry
from editorial.facets import content_facets
from search.filters import DocumentFilter
from search.listing import Listing
from search.models import Document
from search.snippets import has_hit, marked, snippet

ALL = frozenset(DocumentFilter.base_filters)
"""The names of all facets."""


@dataclass(frozen=True)
class Card:
    """An entry in a list, its title and text marked where they match the search."""

    entry: Entry
    title: SafeString | str
    text: SafeString | str
    snippet: SafeString | str = ""
    """A piece of the body, when the hit is only there."""


def catalogue_listing(params: QueryDict, *, only: Container[str] = ALL, **fixed: list[str]) -> Listing:
    """The catalogue as `params` ask for it; `fixed` narrows it for good (`emne=["tillid"]` on a tag's page).

    `only` names the facets to offer, for pages that show no more than some of them.
    """
    facets = [f for f in content_facets(*KINDS) if f.name in only and f.name not in fixed]
    return Listing(params, kinds=tuple(KINDS), facets=facets, fixed=fixed)


def cards(documents: list[Document], hits: Container[str] = ()) -> list[Card]:
    """The entries of a page of documents, in its order; one hidden since then is left out. Bounded by the page.

    `hits` are the words to mark.
    """
    entries = Entry.objects.published().with_card().in_bulk([d.content_id for d in documents])
    return [card(entries[d.content_id], d, hits) for d in documents if d.content_id in entries]


def card(entry: Entry, document: Document, hits: Container[str] = ()) -> Card:
    """One entry as a card, with `hits` marked, and a piece of its text where they stand only there."""
    if not hits:
        return Card(entry, entry.title, entry.summary)
    only_there = not has_hit(f"{entry.title} {entry.summary}", hits)
    return Card(
        entry,
        marked(entry.title, hits),
        marked(entry.summary, hits),
        snippet(document.body, hits) if only_there else "",
    )

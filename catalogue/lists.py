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
from search.query import START, highlighted

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


def cards(documents: list[Document]) -> list[Card]:
    """The entries of a page of documents, in its order; one hidden since then is left out. Bounded by the page."""
    entries = Entry.objects.published().with_card().in_bulk([d.content_id for d in documents])
    return [card(entries[d.content_id], d) for d in documents if d.content_id in entries]


def card(entry: Entry, document: Document) -> Card:
    """One entry as a card, with marks where the document was read with snippets."""
    title = getattr(document, "title_hits", "")
    summary = getattr(document, "summary_hits", "")
    body = getattr(document, "body_hits", "")
    return Card(
        entry,
        highlighted(title) if title else entry.title,
        highlighted(summary) if summary else entry.summary,
        highlighted(body) if START in body and START not in title + summary else "",
    )

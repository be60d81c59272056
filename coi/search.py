"""Search across all areas: the best of every kind, and all of one kind (`?type=`)."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from catalogue.choices import KINDS
from catalogue.lists import cards
from editorial.choices import Kind
from editorial.facets import KIND_PLURALS
from editorial.models import Content
from places.areas import Geography
from places.models import Workplace
from search.facets import Choice, Counts, Facet
from search.listing import Listing, PageOutOfRange
from search.mirror import current
from search.models import Document
from search.paging import past_the_end
from search.selection import Selection
from search.snippets import marked, snippet
from search.together import EachOnceFilter, Merged

SHOWN = 5
"""Results shown of each kind; a link leads to all of them."""
WORKPLACE = "arbejdsplads"
PLURALS: dict[str, Any] = {
    **{str(kind): label for kind, label in KIND_PLURALS.items()},
    WORKPLACE: _("Arbejdspladser"),
}
"""What several of a kind are called."""


SINGULARS: dict[str, Any] = {**{kind.value: kind.label for kind in Kind}, WORKPLACE: _("Arbejdsplads")}
"""What one of a kind is called."""


@dataclass(frozen=True)
class Result:
    """One row as a result: what the template shows of it. Entries have a `card` of their own."""

    kind: str
    label: str = ""
    slug: str = ""
    url: str = ""
    title: SafeString | str = ""
    text: SafeString | str = ""
    about: str = ""
    card: Any = None
    also: str = ""
    """What else it is: »innovationsenhed, arbejdsplads«."""


def _choices(geography: Geography, occurring: Counts) -> list[Choice]:
    return [Choice(kind, str(label)) for kind, label in PLURALS.items()]


KIND_FACET = Facet("type", _("Type"), "kinds", _choices, "")


@dataclass(frozen=True)
class Group:
    """The results of one kind: the best ones, how many there are, and where they all are."""

    kind: str
    label: str
    count: int
    url: str
    results: list[Result]


class SearchListing(Listing):
    """All kinds together, each thing once (see search.together): a unit that is also a workplace is one result."""

    filters = EachOnceFilter

    @cached_property
    def everything(self) -> Merged:
        """All that may be found."""
        return Merged.of_kinds(self.kinds, self.mirror)

    @property
    def lent(self) -> bool:
        """Whether rows were found only by the words of what they stand for."""
        return isinstance(self.found, Merged) and self.found.lent


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What the whole portal has on `q`. Context: listing; page and results when a kind is chosen, else groups."""
    mirror = current()
    kinds = tuple(kind for kind in mirror.single["kind"].codes.values if kind in PLURALS)
    listing = SearchListing(request.GET, kinds=kinds, facets=[KIND_FACET], mirror=mirror)
    chosen = [choice.value for choice in listing.chosen.get("type", [])]
    context: dict[str, Any] = {
        "listing": listing,
        "q": listing.q,
        "label": " og ".join(str(PLURALS[k]).lower() for k in chosen),
    }
    if not listing.q:
        return render(request, "coi/search.html", context)
    if chosen:
        try:
            page = listing.page
        except PageOutOfRange as error:
            return past_the_end(request, listing, error)
        context |= {"page": page, "results": results(list(page.object_list), listing)}
    else:
        context["groups"] = _groups(listing)
    return render(request, "coi/search.html", context)


def _groups(listing: SearchListing) -> list[Group]:
    """The results by kind, the kind of the best result first; however many kinds there are, in the same few queries.

    A thing of several kinds is shown under the first of them, and counted in each as its link counts it.
    """
    rows = listing.results
    counts = rows.counts("kinds")
    best = {kind: rows.having("kind", [kind]) for kind in rows.counts("kind")}
    ids = {kind: some.ids("relevans", 0, SHOWN) for kind, some in best.items()}
    found = Document.objects.visible().for_cards().in_bulk([pk for several in ids.values() for pk in several])
    shown: dict[str, list[Result]] = {}
    documents = [found[pk] for several in ids.values() for pk in several if pk in found]
    for result in results(documents, listing):
        shown.setdefault(result.kind, []).append(result)
    return [
        Group(kind, str(PLURALS[kind]), counts[kind], _address(listing, kind), shown.get(kind, []))
        for kind, some in sorted(best.items(), key=lambda item: -_top(item[1]))
    ]


def _top(rows: Selection) -> float:
    assert rows.match is not None
    return float(rows.match.scores[rows.mask].max(initial=0))


def _address(listing: SearchListing, kind: str) -> str:
    """Where all results of a kind are: in the list of their area where it has one, else here."""
    # A list of one area alone may read a misspelt query otherwise; its count would not be the one told here.
    as_typed = not (listing.corrected or listing.relaxed or listing.lent)
    name = "catalogue:list" if kind in KINDS and as_typed else "search"
    return reverse(name) + listing.querystring(type=kind)


def results(documents: list[Document], listing: SearchListing) -> list[Result]:
    """Documents as results, in their order; what was hidden in the meantime is left out. A query or two per area."""
    shown: dict[int, Result] = {}
    hits, also = listing.hits, listing.everything.also(d.pk for d in documents)
    entries = [d for d in documents if d.kind in KINDS]
    by_content = {d.content_id: d.pk for d in entries}
    for card in cards(entries, hits):
        pk = by_content[card.entry.pk]
        shown[pk] = Result(card.entry.kind, card=card, also=_named(also.get(pk, [])))
    rest = [d for d in documents if d.kind not in KINDS]
    ways: list[tuple[Callable[[Document], Any], Any]] = [
        (lambda d: d.workplace_id, Workplace.objects.with_place()),
        (lambda d: d.content_id, Content.objects.published().with_card()),
    ]
    for key, rows in ways:
        wanted = [d for d in rest if key(d)]
        if not wanted:
            continue
        found = rows.in_bulk([key(d) for d in wanted])
        for document in wanted:
            if row := found.get(key(document)):
                shown[document.pk] = _result(document, row, hits, _named(also.get(document.pk, [])))
    return [shown[d.pk] for d in documents if d.pk in shown]


def _named(kinds: list[str]) -> str:
    return ", ".join(str(SINGULARS[kind]).lower() for kind in kinds)


def _result(document: Document, row: Workplace | Content, hits: Container[str], also: str) -> Result:
    if isinstance(row, Workplace):  # noqa: SIM108 - mypy follows this
        about = [str(row.parent or ""), row.get_sector_display()]
    else:
        about = [row.owner_name]
    if row.municipality:
        about.append(row.municipality.full_name)
    return Result(
        document.kind,
        str(SINGULARS.get(document.kind, document.kind)),
        row.slug or "",
        row.get_absolute_url(),
        marked(document.title, hits),
        marked(document.summary, hits) if document.summary else snippet(document.body, hits),
        " · ".join(dict.fromkeys(filter(None, about))),  # a municipality's own workplaces name it once
        also=also,
    )

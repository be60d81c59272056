"""Search across all areas, grouped by area."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalogue.choices import KINDS
from catalogue.lists import Card, cards, catalogue_listing
from editorial.facets import kind_choices
from places.models import Workplace
from search import query
from search.listing import Listing
from search.models import Document

SHOWN = 5
"""Results shown of each group; a link leads to all of them."""


@dataclass(frozen=True)
class Group:
    """The results of one type: the best as cards, how many there are, and where they all are."""

    kind: str
    label: str
    count: int
    url: str
    cards: list[Card]


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """What the whole portal has on `q`. Context: q, total, groups of catalogue types, workplaces."""
    listing = catalogue_listing(request.GET)
    context: dict[str, object] = {
        "q": listing.q,
        "listing": listing,
        "total": 0,
        "groups": [],
        "workplaces": [],
    }
    if listing.q:
        groups = _groups(listing)
        context |= {"groups": groups} | _workplaces(listing.q)
        context["total"] = sum(g.count for g in groups) + context["workplace_count"]  # type: ignore[operator]
    return render(request, "coi/search.html", context)


def _groups(listing: Listing) -> list[Group]:
    """The results by type, the largest group first; however many types there are, in the same few queries."""
    rows = listing.rows()
    counts = dict(rows.order_by().values_list("kind").annotate(n=Count("id")))
    place = Window(
        RowNumber(),
        partition_by=[F("kind")],
        order_by=[F("rank").desc(), F("published_at").desc(nulls_last=True), F("id").desc()],
    )
    best = list(query.ranked(rows, listing.q).annotate(place=place).filter(place__lte=SHOWN))
    found = {
        d.pk: d for d in query.with_snippets(Document.objects.filter(pk__in=[d.pk for d in best]), listing.q)
    }
    by_kind: dict[str, list[Card]] = {}
    for card in cards([found[d.pk] for d in best if d.pk in found]):
        by_kind.setdefault(card.entry.kind, []).append(card)
    listed = [
        Group(
            choice.value,
            choice.label,
            counts[choice.value],
            reverse("catalogue:list") + listing.querystring(type=choice.value),
            by_kind.get(choice.value, []),
        )
        for choice in kind_choices(*KINDS)
        if counts.get(choice.value)
    ]
    return sorted(listed, key=lambda group: -group.count)


def _workplaces(q: str) -> dict[str, object]:
    rows = query.matching(Document.objects.visible().of_kind(("arbejdsplads",)), q)
    ids = list(query.ranked(rows, q).values_list("workplace", flat=True)[:SHOWN])
    found = Workplace.objects.with_place().in_bulk(ids)
    return {"workplaces": [found[pk] for pk in ids if pk in found], "workplace_count": rows.count()}

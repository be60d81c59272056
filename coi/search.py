"""Search across all areas, grouped by area."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from catalogue.lists import Card, cards, catalogue_listing
from places.models import Workplace
from search import query
from search.models import Document

SHOWN = 5
"""Results shown of each group; a link leads to all of them."""


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
        rows = listing.rows()
        kinds = {
            v.choice.value: v for g in listing.groups if g.facet.name == "type" for v in g.values if v.count
        }
        shown = []
        for value in sorted(kinds.values(), key=lambda v: -v.count):
            best = query.ranked(rows.filter(kind=value.choice.value), listing.q)[:SHOWN]
            url = f"{reverse('catalogue:list')}{listing.querystring(type=value.choice.value)}"
            shown.append({"kind": value.choice.value, "label": value.choice.label, "count": value.count, "url": url,
                          "cards": _cards(list(best), listing.q)})  # fmt: skip
        context |= {"groups": shown, "total": listing.count} | _workplaces(listing.q)
        context["total"] = listing.count + context["workplace_count"]  # type: ignore[operator]
    return render(request, "coi/search.html", context)


def _cards(documents: list[Document], q: str) -> list[Card]:
    found = {
        d.pk: d for d in query.with_snippets(Document.objects.filter(pk__in=[d.pk for d in documents]), q)
    }
    return cards([found[d.pk] for d in documents if d.pk in found])


def _workplaces(q: str) -> dict[str, object]:
    rows = query.matching(Document.objects.visible().of_kind(("arbejdsplads",)), q)
    ids = list(query.ranked(rows, q).values_list("workplace", flat=True)[:SHOWN])
    found = Workplace.objects.with_place().in_bulk(ids)
    return {"workplaces": [found[pk] for pk in ids if pk in found], "workplace_count": rows.count()}

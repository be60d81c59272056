"""The front page: search, what is new, where in the country, all numbers counted."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalogue.lists import cards, catalogue_listing
from catalogue.models import Collection, Story
from coi.drawings import denmark
from ideastorm.opened import open_storms
from practicum.models import Offer
from practicum.offers.year import year_now

NEW = 4
"""Entries under »Nyt at lade sig inspirere af«: one large, three small."""
STORMS = 2
"""Open storms shown; a link leads to all."""
TRY = ("sygefravær", "videndeling", "tillid", "kerneopgave")
"""Searches offered under the search field; each has results in the written content (held by a test)."""


@dataclass(frozen=True)
class TypeCount:
    """A type of entry with how many there are."""

    value: str
    label: str
    count: int


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page. Context: types, newest (cards), map (regions, counts), total, collections, searches, story,
    storms (open ones, with their countdown), practicum (a Year) and its places while there is a round."""
    practicum = year_now()
    listing = catalogue_listing(QueryDict(), only=("type", "region"))
    groups = {group.facet.name: group for group in listing.groups}
    counts = {v.choice.value: v.count for v in groups["region"].values}
    newest = cards(listing.documents(0, NEW))
    prefetch_related_objects([card.entry for card in newest], "pictures")
    context = {
        "types": [TypeCount(v.choice.value, v.choice.label, v.count) for v in groups["type"].values],
        "newest": newest,
        "total": listing.count,
        "map": denmark(counts, listing.geography),
        "collections": Collection.objects.published().prefetch_related("chapters")[:3],
        "searches": TRY,
        "story": Story.objects.published().with_card().first(),
        "storms": open_storms(STORMS),
        "practicum": practicum,
        "places": Offer.objects.published().not_over().count() if practicum.round else 0,
    }
    return render(request, "coi/home.html", context)

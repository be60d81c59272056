"""What places show on pages that others own: a workplace's, and somebody's own."""

from __future__ import annotations

from django.http import QueryDict

from accounts.models import User
from editorial.handlers import Panel
from places.areas import Geography
from places.models import Workplace
from practicum.models import Offer, SavedSearch
from practicum.offers import saving
from practicum.offers.lists import OfferListing
from practicum.offers.showing import OfferShown, shown

AT_MOST = 20


def standing(offers: list[Offer], geography: Geography) -> list[tuple[Offer, OfferShown]]:
    """The places (from with_card()) that are not over, each with its words."""
    said = [(offer, shown(offer, geography)) for offer in offers]
    return [(offer, words) for offer, words in said if not words.is_over]


def workplace_panel(workplace: Workplace) -> Panel | None:
    """The places that a workplace offers now. At most three queries."""
    offers = list(Offer.objects.published().with_card().filter(owner=workplace)[:AT_MOST])
    rows = standing(offers, Geography.current()) if offers else []
    return Panel("practicum/offers/workplace_panel.html", {"rows": rows}) if rows else None


def my_panels(user: User) -> list[Panel]:
    """What I am told of."""
    found = list(SavedSearch.objects.of(user)[: saving.AT_MOST])
    if not found:
        return []
    rows = [(row, saving.words(OfferListing(QueryDict(row.querystring)))) for row in found]
    return [Panel("practicum/offers/my_saved.html", {"rows": rows})]

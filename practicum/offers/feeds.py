"""Practicum places as an Atom feed that honours the list's parameters."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.feeds import LENGTH, ListingFeed, xml
from practicum.models import Offer
from practicum.offers.lists import OfferListing
from practicum.offers.showing import when
from search.listing import Listing


class OfferFeed(ListingFeed):
    """The newest places that match the address' parameters."""

    name = gettext_lazy("Innovationspraktik")
    own_url = "practicum:feed"

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> OfferListing:
        return OfferListing(request.GET)

    def subtitle(self, listing: Listing) -> str:
        return _("Nye praktikpladser hos Center for Offentlig Innovation")

    def list_address(self) -> str:
        return reverse("practicum:list")

    def items(self, listing: Listing) -> list[Offer]:
        keys = listing.results.content("nyeste", 0, LENGTH)
        found = Offer.objects.published().with_card().prefetch_related("subject_areas").in_bulk(keys)
        return [found[key] for key in keys if key in found]

    def item_description(self, item: Any) -> str:
        return escape(xml(f"{item.summary} {when(item)}."))

"""The catalogue as an Atom feed that honours the list's parameters."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.lists import catalogue_listing
from catalogue.models import Entry
from editorial.feeds import LENGTH, ListingFeed
from search.listing import Listing


class CatalogueFeed(ListingFeed):
    """The newest entries that match the address' parameters."""

    name = gettext_lazy("Inspiration")
    own_url = "catalogue:feed"

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Listing:
        return catalogue_listing(request.GET)

    def subtitle(self, listing: Listing) -> str:
        return _("Nyt fra Center for Offentlig Innovation")

    def list_address(self) -> str:
        return reverse("catalogue:list")

    def items(self, listing: Listing) -> list[Entry]:
        keys = listing.results.content("nyeste", 0, LENGTH)
        found = Entry.objects.published().with_card().prefetch_related("subject_areas").in_bulk(keys)
        return [found[key] for key in keys if key in found]

"""The good stories as an Atom feed that honours the list's parameters."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalogue.models import Story
from catalogue.stories.lists import StoryListing, story_listing
from editorial.feeds import LENGTH, ListingFeed, xml
from search.listing import Listing


class StoryFeed(ListingFeed):
    """The newest stories that match the address' parameters."""

    name = gettext_lazy("Gode historier")
    own_url = "catalogue:story_feed"

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> StoryListing:
        return story_listing(request.GET)

    def subtitle(self, listing: Listing) -> str:
        return _("Fortalt af borgere til Center for Offentlig Innovation")

    def list_address(self) -> str:
        return reverse("catalogue:stories")

    def items(self, listing: Listing) -> list[Story]:
        keys = listing.results.content("nyeste", 0, LENGTH)
        found = Story.objects.published().with_card().prefetch_related("subject_areas").in_bulk(keys)
        return [found[key] for key in keys if key in found]

    def item_author_name(self, item: Story) -> str:
        return xml(item.shown_name) or _("En borger")

"""A storm's ideas as an Atom feed."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from editorial.feeds import LENGTH, ListingFeed, xml
from ideastorm.lists import IdeaListing, idea_listing
from ideastorm.models import Idea, Storm
from ideastorm.permissions import NOBODY, can_view_storm
from ideastorm.showing import author_line
from search.listing import Listing


class IdeaFeed(ListingFeed):
    """The newest ideas of a public storm that match the address' parameters."""

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> IdeaListing:
        storm = Storm.objects.with_page().filter(slug=kwargs["slug"]).first()
        if storm is None or not can_view_storm(NOBODY, storm):
            raise Http404
        return idea_listing(request, storm)

    def title(self, listing: IdeaListing) -> str:  # type: ignore[override]
        return xml(listing.storm.question)

    def subtitle(self, listing: IdeaListing) -> str:
        return _("Ideer i en idéstorm hos Center for Offentlig Innovation")

    def link(self, listing: IdeaListing) -> str:  # type: ignore[override]
        return listing.storm.get_absolute_url() + self._chosen(listing)

    def feed_url(self, listing: IdeaListing) -> str:  # type: ignore[override]
        return reverse("ideastorm:feed", args=[listing.storm.slug]) + self._chosen(listing)

    def feed_guid(self, listing: IdeaListing) -> str:  # type: ignore[override]
        return settings.SITE_URL + self.feed_url(listing)

    @staticmethod
    def _chosen(listing: Listing) -> str:
        return listing.querystring(sort=None, pr_side=None, orden=None).rstrip("?")

    def items(self, listing: IdeaListing) -> list[Idea]:
        keys = listing.results.content("nyeste", 0, LENGTH)
        found = (
            Idea.objects.published().standing().with_card().prefetch_related("subject_areas").in_bulk(keys)
        )
        rows = [found[key] for key in keys if key in found]
        for idea in rows:
            idea.feed_author = "" if listing.blind else author_line(idea)  # type: ignore[attr-defined]
        return rows

    def item_author_name(self, item: Any) -> str:
        """Nobody, for whoever is still to assess here."""
        return xml(item.feed_author)

"""The good stories as an Atom feed that honours the list's parameters."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from catalogue.feeds import LENGTH, xml
from catalogue.models import Story
from catalogue.stories.lists import StoryListing, story_listing


class StoryFeed(Feed):
    """The newest stories that match the address' parameters; `sort` and pages do not apply."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> StoryListing:
        return story_listing(request.GET)

    def title(self, listing: StoryListing) -> str:
        words = " ".join(f"{part.joint} {part.label}".strip() for part in listing.sentence)
        return xml(_("Gode historier: %(words)s") % {"words": words}) if words else str(_("Gode historier"))

    def subtitle(self, listing: StoryListing) -> str:
        return _("Fortalt af borgere til Center for Offentlig Innovation")

    def link(self, listing: StoryListing) -> str:
        return reverse("catalogue:stories") + listing.querystring(sort=None, pr_side=None).rstrip("?")

    def feed_url(self, listing: StoryListing) -> str:
        return reverse("catalogue:story_feed") + listing.querystring(sort=None, pr_side=None).rstrip("?")

    def feed_guid(self, listing: StoryListing) -> str:
        return settings.SITE_URL + self.feed_url(listing)

    def items(self, listing: StoryListing) -> list[Story]:
        keys = listing.results.content("nyeste", 0, LENGTH)
        found = Story.objects.published().with_card().prefetch_related("subject_areas").in_bulk(keys)
        return [found[key] for key in keys if key in found]

    def item_title(self, item: Story) -> str:
        return xml(item.title)

    def item_description(self, item: Story) -> str:
        """HTML, says the generator about it."""
        return escape(xml(item.summary))

    def item_guid(self, item: Story) -> str:
        return f"urn:uuid:{item.uuid}"

    def item_pubdate(self, item: Story) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Story) -> datetime:
        return item.updated_at

    def item_author_name(self, item: Story) -> str:
        return xml(item.shown_name) or _("En borger")

    def item_categories(self, item: Story) -> list[str]:
        return [str(item.get_kind_display()), *(xml(s.name) for s in item.subject_areas.all())]

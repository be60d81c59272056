"""The catalogue as an Atom feed that honours the list's parameters."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from catalogue.lists import catalogue_listing
from catalogue.models import Entry
from search.listing import Listing

LENGTH = 50
"""Entries in a feed; readers come often enough."""


def xml(text: str) -> str:
    """`text` without the characters that XML 1.0 cannot hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", " ", text)


class CatalogueFeed(Feed):
    """The newest entries that match the address' parameters; `sort` and pages do not apply."""

    feed_type = Atom1Feed

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Listing:
        return catalogue_listing(request.GET)

    def title(self, listing: Listing) -> str:
        words = " ".join(f"{part.joint} {part.label}".strip() for part in listing.sentence)
        return xml(_("Inspiration: %(words)s") % {"words": words}) if words else str(_("Inspiration"))

    def subtitle(self, listing: Listing) -> str:
        return _("Nyt fra Center for Offentlig Innovation")

    def link(self, listing: Listing) -> str:
        return reverse("catalogue:list") + listing.querystring(sort=None, pr_side=None).rstrip("?")

    def feed_url(self, listing: Listing) -> str:
        return reverse("catalogue:feed") + listing.querystring(sort=None, pr_side=None).rstrip("?")

    def feed_guid(self, listing: Listing) -> str:
        return settings.SITE_URL + self.feed_url(listing)

    def items(self, listing: Listing) -> list[Entry]:
        keys = listing.results.content("nyeste", 0, LENGTH)
        found = Entry.objects.published().with_card().prefetch_related("subject_areas").in_bulk(keys)
        return [found[key] for key in keys if key in found]

    def item_title(self, item: Entry) -> str:
        return xml(item.title)

    def item_description(self, item: Entry) -> str:
        """HTML, says the generator about it."""
        return escape(xml(item.summary))

    def item_guid(self, item: Entry) -> str:
        return f"urn:uuid:{item.uuid}"

    def item_pubdate(self, item: Entry) -> datetime | None:
        return item.published_at

    def item_updateddate(self, item: Entry) -> datetime:
        return item.updated_at

    def item_author_name(self, item: Entry) -> str:
        return xml(item.owner_name) or _("Center for Offentlig Innovation")

    def item_categories(self, item: Entry) -> list[str]:
        return [str(item.get_kind_display()), *(xml(s.name) for s in item.subject_areas.all())]

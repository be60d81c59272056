"""What the Atom feeds of lists have in common: they honour the list's parameters; `sort` and pages do not apply."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from search.listing import Listing

LENGTH = 50
"""Rows in a feed; readers come often enough."""


def xml(text: str) -> str:
    """`text` without the characters that XML 1.0 cannot hold."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", " ", text)


class ListingFeed(Feed):
    """The newest rows of a list. A feed of its own says what it is called, where its list is, and what its items are;
    content is its items unless it says otherwise.
    """

    feed_type = Atom1Feed
    name: ClassVar[Any]
    """What the list is called."""
    own_url: ClassVar[str]
    """The name of the feed's address."""

    def list_address(self) -> str:
        """The list's page."""
        raise NotImplementedError

    def title(self, listing: Listing) -> str:
        words = " ".join(f"{part.joint} {part.label}".strip() for part in listing.sentence)
        return xml(f"{self.name}: {words}") if words else str(self.name)

    def link(self, listing: Listing) -> str:
        return self.list_address() + self._chosen(listing)

    def feed_url(self, listing: Listing) -> str:
        return reverse(self.own_url) + self._chosen(listing)

    @staticmethod
    def _chosen(listing: Listing) -> str:
        return listing.querystring(sort=None, pr_side=None).rstrip("?")

    def feed_guid(self, listing: Listing) -> str:
        return settings.SITE_URL + self.feed_url(listing)

    def item_title(self, item: Any) -> str:
        return xml(item.title)

    def item_description(self, item: Any) -> str:
        """HTML, says the generator about it."""
        return escape(xml(item.summary))

    def item_guid(self, item: Any) -> str:
        return f"urn:uuid:{item.uuid}"

    def item_pubdate(self, item: Any) -> datetime | None:
        published: datetime | None = item.published_at
        return published

    def item_updateddate(self, item: Any) -> datetime:
        updated: datetime = item.updated_at
        return updated

    def item_author_name(self, item: Any) -> str:
        return xml(item.owner_name) or _("Center for Offentlig Innovation")

    def item_categories(self, item: Any) -> list[str]:
        return [str(item.get_kind_display()), *(xml(s.name) for s in item.subject_areas.all())]

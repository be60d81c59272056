"""The innovation landscape as an Atom feed that honours the parameters of the map."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.feeds import LENGTH, ListingFeed, xml
from editorial.models import Content
from mapping.geojson import map_address
from mapping.lists import SINGULARS, WORKPLACE, MapListing
from places.models import Workplace
from search.listing import Listing


class MapFeed(ListingFeed):
    """The newest things with a place that match; workplaces, which were never published, come last."""

    name = gettext_lazy("Innovationslandskabet")
    own_url = "mapping:feed"

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> MapListing:
        return MapListing(request.GET)

    def subtitle(self, listing: Listing) -> str:
        return _("Nyt på kortet over offentlig innovation")

    def list_address(self) -> str:
        return map_address()

    def items(self, listing: Listing) -> list[Content | Workplace]:
        documents = listing.results.rows("nyeste", 0, LENGTH)
        rows = Content.objects.published().with_card().prefetch_related("subject_areas")
        contents = rows.in_bulk([d.content_id for d in documents if d.content_id])
        workplaces = Workplace.objects.with_place().in_bulk(
            [d.workplace_id for d in documents if d.workplace_id]
        )
        found = (contents.get(d.content_id) or workplaces.get(d.workplace_id) for d in documents)
        return [row for row in found if row]

    def item_title(self, item: Content | Workplace) -> str:
        return xml(str(item))

    def item_description(self, item: Content | Workplace) -> str:
        return "" if isinstance(item, Workplace) else super().item_description(item)

    def item_pubdate(self, item: Content | Workplace) -> datetime | None:
        return item.created_at if isinstance(item, Workplace) else item.published_at

    def item_author_name(self, item: Content | Workplace) -> str:
        return (
            _("Center for Offentlig Innovation")
            if isinstance(item, Workplace)
            else super().item_author_name(item)
        )

    def item_categories(self, item: Content | Workplace) -> list[str]:
        return [str(SINGULARS[WORKPLACE])] if isinstance(item, Workplace) else super().item_categories(item)

"""The innovation landscape as an Atom feed that honours the parameters of the map."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import F
from django.http import HttpRequest
from django.utils.html import escape
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.choices import Phase
from editorial.feeds import LENGTH, ListingFeed, xml
from editorial.models import Content
from mapping.geojson import map_address
from mapping.lists import WORKPLACE, MapListing, labelled
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

    @staticmethod
    def _chosen(listing: Listing) -> str:
        assert isinstance(listing, MapListing)
        return listing.asked.rstrip("?")

    def items(self, listing: Listing) -> list[Content | Workplace]:
        documents = listing.results.rows("nyeste", 0, LENGTH)
        rows = Content.objects.published().with_card().prefetch_related("subject_areas")
        dated = rows.annotate(closed_year=F("unit__closed_year"), phase=F("project__status"))
        contents = dated.in_bulk([d.content_id for d in documents if d.content_id])
        workplaces = Workplace.objects.with_place().in_bulk(
            [d.workplace_id for d in documents if d.workplace_id]
        )
        found = (contents.get(d.content_id) or workplaces.get(d.workplace_id) for d in documents)
        return [row for row in found if row]

    def item_title(self, item: Content | Workplace) -> str:
        return xml(str(item))

    def item_description(self, item: Content | Workplace) -> str:
        """What it is, in a few words; of what has closed, or is over, that first."""
        summary = "" if isinstance(item, Workplace) else super().item_description(item)
        return " ".join(filter(None, [escape(f"{_said(item)}.") if _is_over(item) else "", summary]))

    def item_pubdate(self, item: Content | Workplace) -> datetime | None:
        return item.created_at if isinstance(item, Workplace) else item.published_at

    def item_author_name(self, item: Content | Workplace) -> str:
        return (
            _("Center for Offentlig Innovation")
            if isinstance(item, Workplace)
            else super().item_author_name(item)
        )

    def item_categories(self, item: Content | Workplace) -> list[str]:
        if isinstance(item, Workplace):
            return [_said(item)]
        _kind, *areas = super().item_categories(item)
        return [_said(item), *areas]


def _closed_year(item: Content | Workplace) -> int | None:
    if isinstance(item, Workplace):
        return item.closed_on.year if item.closed_on else None
    closed: int | None = getattr(item, "closed_year", None)
    return closed


def _is_over(item: Content | Workplace) -> bool:
    return _closed_year(item) is not None or getattr(item, "phase", "") in (Phase.PAUSED, Phase.ENDED)


def _said(item: Content | Workplace) -> str:
    """What it is, and that it has closed or stopped: »Innovationsenhed, lukket 2018«, »Projekt, afsluttet«."""
    kind = WORKPLACE if isinstance(item, Workplace) else item.kind
    label = labelled(kind, _closed_year(item))
    if _closed_year(item) is None and _is_over(item):
        return f"{label}, {str(Phase(item.phase).label).lower()}"  # type: ignore[union-attr]
    return label

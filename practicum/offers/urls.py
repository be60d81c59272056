"""Addresses of the reading side. The page of a place comes last: its slug would take »ny«."""

from django.urls import path, register_converter
from django.views.decorators.http import require_safe

from practicum.offers import exports, feeds, views


class OfferExportKind:
    """The formats that the places can be fetched in."""

    regex = "csv|xlsx|json"

    def to_python(self, value: str) -> str:
        """As it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands in the address."""
        return value


register_converter(OfferExportKind, "offer_export_kind")

urlpatterns = [
    path("praktik/", views.offer_list, name="list"),
    path("praktik/feed/", require_safe(feeds.OfferFeed()), name="feed"),
    path("praktik/eksport.<offer_export_kind:kind>", exports.export_offers, name="export"),
    path("praktik/besked/", views.saved, name="saved"),
    path("praktik/besked/gem/", views.save, name="save"),
    path("praktik/besked/<uuid:uuid>/stop/", views.stop, name="stop"),
    path("praktik/pladser/<uuid:uuid>/", views.offer_preview, name="offer_preview"),
    path("praktik/pladser/<slug:slug>/", views.offer_detail, name="offer"),
]

"""Addresses of the innovation landscape."""

from django.urls import path, register_converter
from django.views.decorators.http import require_safe

from mapping import data_views, exports, feeds, map_views, views
from mapping.adding import views as adding

app_name = "mapping"


class MapExportKind:
    """The formats that what is on the map can be fetched in."""

    regex = "csv|geojson|xlsx|json"

    def to_python(self, value: str) -> str:
        """As it stands in the address."""
        return value

    def to_url(self, value: str) -> str:
        """As it stands in the address."""
        return value


register_converter(MapExportKind, "map_export_kind")

urlpatterns = [
    path("kort/tilfoej/", adding.add_workplace, name="add"),
    path("kort/tilfoej/ligner/", adding.alike_workplaces, name="alike_workplaces"),
    path("kort/arbejdspladser/<slug:slug>/ret/", adding.correct_workplace, name="correct_workplace"),
    path("kort/", map_views.map_page, name="map"),
    path("kort/indlejr/", map_views.embedded_map, name="embed"),
    path("kort/grundkort.json", map_views.base_map, name="base_map"),
    path("kort/data.geojson", data_views.data, name="data"),
    path("kort/feed/", require_safe(feeds.MapFeed()), name="feed"),
    path("kort/eksport.<map_export_kind:kind>", exports.export_map, name="export"),
    path("kort/arbejdspladser/<slug:slug>/", views.workplace_detail, name="workplace"),
    path("kort/projekter/<uuid:uuid>/", views.project_preview, name="project_preview"),
    path("kort/projekter/<slug:slug>/", views.project_detail, name="project"),
    path("kort/enheder/<uuid:uuid>/", views.unit_preview, name="unit_preview"),
    path("kort/enheder/<slug:slug>/", views.unit_detail, name="unit"),
]

"""Addresses of the innovation landscape."""

from django.urls import path, register_converter
from django.views.decorators.http import require_safe

from editorial.choices import Kind
from editorial.proposals import sending_views as sending
from editorial.proposals import views as proposals
from editorial.proposals.urls import pages
from mapping import data_views, exports, feeds, map_views, views
from mapping.adding import views as adding
from mapping.adding.kinds import WORKPLACE

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


PROJECTS, UNITS = {"kinds": (Kind.PROJECT,)}, {"kinds": (Kind.UNIT,)}

register_converter(MapExportKind, "map_export_kind")

urlpatterns = [
    path("kort/tilfoej/", proposals.start, {"area": app_name, "others": (WORKPLACE,)}, name="add"),
    path("kort/tilfoej/ligner/", proposals.alike, {"area": app_name}, name="alike"),
    path("kort/tilfoej/indlaeg.json", adding.entry_names, name="entry_names"),
    path("kort/tilfoej/arbejdsplads/", adding.add_workplace, name="add_workplace"),
    path("kort/tilfoej/arbejdsplads/ligner/", adding.alike_workplaces, name="alike_workplaces"),
    *pages("kort/tilfoej/", "proposal", area=app_name, is_change=False),
    *pages("kort/ret/", "change", area=app_name, is_change=True),
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
    path("kort/projekter/<slug:slug>/ret/", sending.edit, PROJECTS, name="edit_project"),
    path("kort/projekter/<slug:slug>/traek-tilbage/", sending.withdraw, PROJECTS, name="withdraw_project"),
    path("kort/enheder/<slug:slug>/", views.unit_detail, name="unit"),
    path("kort/enheder/<slug:slug>/ret/", sending.edit, UNITS, name="edit_unit"),
    path("kort/enheder/<slug:slug>/traek-tilbage/", sending.withdraw, UNITS, name="withdraw_unit"),
]

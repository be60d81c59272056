"""Addresses of the innovation landscape."""

from django.urls import path

from mapping import data_views, map_views, views

app_name = "mapping"

urlpatterns = [
    path("kort/", map_views.map_page, name="map"),
    path("kort/indlejr/", map_views.embedded_map, name="embed"),
    path("kort/grundkort.json", map_views.base_map, name="base_map"),
    path("kort/data.geojson", data_views.data, name="data"),
    path("kort/arbejdspladser/<slug:slug>/", views.workplace_detail, name="workplace"),
    path("kort/projekter/<uuid:uuid>/", views.project_preview, name="project_preview"),
    path("kort/projekter/<slug:slug>/", views.project_detail, name="project"),
    path("kort/enheder/<uuid:uuid>/", views.unit_preview, name="unit_preview"),
    path("kort/enheder/<slug:slug>/", views.unit_detail, name="unit"),
]

"""Addresses of the innovation landscape."""

from django.urls import path

from mapping import views
from mapping.adding import views as adding

app_name = "mapping"

urlpatterns = [
    path("kort/tilfoej/", adding.add_workplace, name="add"),
    path("kort/tilfoej/ligner/", adding.alike_workplaces, name="alike_workplaces"),
    path("kort/arbejdspladser/<slug:slug>/ret/", adding.correct_workplace, name="correct_workplace"),
    path("kort/arbejdspladser/<slug:slug>/", views.workplace_detail, name="workplace"),
    path("kort/projekter/<uuid:uuid>/", views.project_preview, name="project_preview"),
    path("kort/projekter/<slug:slug>/", views.project_detail, name="project"),
    path("kort/enheder/<uuid:uuid>/", views.unit_preview, name="unit_preview"),
    path("kort/enheder/<slug:slug>/", views.unit_detail, name="unit"),
]

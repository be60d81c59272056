"""Addresses of the innovation landscape."""

from django.urls import path

from mapping import views

app_name = "mapping"

urlpatterns = [
    path("kort/arbejdspladser/<slug:slug>/", views.workplace_detail, name="workplace"),
]

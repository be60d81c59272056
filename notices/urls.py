"""Addresses of what people are told."""

from django.urls import path

from notices import views

app_name = "notices"

urlpatterns = [
    path("min-side/beskeder/", views.inbox, name="inbox"),
    path("min-side/beskeder/valg/", views.preferences, name="preferences"),
    path("min-side/beskeder/<uuid:uuid>/", views.notice, name="notice"),
    path("beskeder/afmeld/<str:token>/", views.unsubscribe, name="unsubscribe"),
]

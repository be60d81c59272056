"""Addresses of what hosts see of applications."""

from django.urls import path

from practicum.hosting import views

urlpatterns = [
    path("praktik/pladser/<slug:slug>/ansoegninger/", views.applications, name="offer_applications"),
]

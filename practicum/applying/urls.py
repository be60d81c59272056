"""Addresses of applications."""

from django.urls import path

from practicum.applying import views

urlpatterns = [
    path("praktik/pladser/<slug:slug>/ansoeg/", views.apply, name="apply"),
    path("praktik/ansoegninger/<uuid:uuid>/", views.application, name="application"),
    path("praktik/ansoegninger/<uuid:uuid>/send/", views.send, name="application_send"),
    path("praktik/ansoegninger/<uuid:uuid>/traek-tilbage/", views.withdraw, name="application_withdraw"),
]

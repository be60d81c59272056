"""Addresses of leaders' answers."""

from django.urls import path

from practicum.approving import views

urlpatterns = [
    path("praktik/leder/<str:code>/", views.approval, name="approval"),
    path("praktik/pladser/ny/<uuid:uuid>/leder/", views.ask, name="ask_leader"),
]

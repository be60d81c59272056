"""Addresses of where hosts are missing."""

from django.urls import path

from practicum.shortage import views

urlpatterns = [
    path("praktik/mangler/", views.shortage, name="shortage"),
    path("praktik/mangler/inviter/", views.invite, name="invite_hosts"),
]

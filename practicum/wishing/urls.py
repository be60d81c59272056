"""Addresses of wishes without a place."""

from django.urls import path

from practicum.wishing import views

urlpatterns = [
    path("praktik/oensker/", views.wishes, name="wishes"),
    path("praktik/oensker/<uuid:uuid>/", views.wish, name="open_wish"),
    path("praktik/oensker/<uuid:uuid>/luk/", views.close, name="open_wish_close"),
]

"""Addresses of seats that are agreed on directly."""

from django.urls import path

from practicum.direct import views

urlpatterns = [
    path("praktik/pladser/<slug:slug>/direkte/", views.ask, name="ask_direct"),
    path("praktik/direkte/<uuid:uuid>/", views.detail, name="request"),
    path("praktik/direkte/<uuid:uuid>/ja/", views.accept, name="request_accept"),
    path("praktik/direkte/<uuid:uuid>/nej/", views.decline, name="request_decline"),
    path("praktik/direkte/<uuid:uuid>/skriv/", views.message, name="request_message"),
    path("praktik/direkte/<uuid:uuid>/fortryd/", views.withdraw, name="request_withdraw"),
]

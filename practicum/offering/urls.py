"""Addresses of offering a place. They stand before the page of a place, whose slug would take »ny« and »ret«."""

from django.urls import path

from editorial.proposals import views as proposals
from editorial.proposals.urls import pages
from practicum.offering import views

AREA = "practicum"

urlpatterns = [
    path("praktik/pladser/ny/", views.start, name="offer_new"),
    path("praktik/pladser/ny/ligner/", proposals.alike, {"area": AREA}, name="alike"),
    path("praktik/pladser/ny/indlaeg.json", views.entry_names, name="entry_names"),
    path("praktik/pladser/ny/kopi/<uuid:uuid>/", views.copy, name="offer_copy"),
    *pages("praktik/pladser/ny/", "proposal", area=AREA, is_change=False),
    *pages("praktik/pladser/ret/", "change", area=AREA, is_change=True),
    path("praktik/pladser/<slug:slug>/ret/", views.edit, name="offer_edit"),
    path("praktik/pladser/<slug:slug>/traek-tilbage/", views.withdraw, name="offer_withdraw"),
]

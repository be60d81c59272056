"""Addresses of proposals; part of the catalogue's."""

from django.urls import path

from catalogue.choices import KINDS
from editorial.proposals import sending_views, views
from editorial.proposals.urls import pages

AREA = {"area": "catalogue"}
PUBLIC = {"kinds": tuple(KINDS)}

urlpatterns = [
    path("katalog/foreslaa/", views.start, AREA, name="propose"),
    path("katalog/foreslaa/ligner/", views.alike, AREA, name="alike"),
    *pages("katalog/foreslaa/", "proposal", area="catalogue", is_change=False),
    *pages("katalog/ret/", "change", area="catalogue", is_change=True),
    path("katalog/<slug:slug>/ret/", sending_views.edit, PUBLIC, name="edit"),
    path("katalog/<slug:slug>/traek-tilbage/", sending_views.withdraw, PUBLIC, name="ask_withdrawal"),
]

"""Addresses of proposals; part of the catalogue's."""

from django.urls import URLPattern, path

from catalogue.proposals import views


def both(prefix: str, name: str, is_change: bool) -> list[URLPattern]:
    """The pages that a new entry and a change to one have alike."""
    how = {"is_change": is_change}
    return [
        path(f"{prefix}<uuid:uuid>/", views.resume, how, name=f"{name}_resume"),
        path(f"{prefix}<uuid:uuid>/vis/", views.preview, how, name=f"{name}_preview"),
        path(f"{prefix}<uuid:uuid>/send/", views.review, how, name=f"{name}_review"),
        path(f"{prefix}<uuid:uuid>/sendt/", views.done, how, name=f"{name}_done"),
        path(f"{prefix}<uuid:uuid>/fortryd/", views.undo, how, name=f"{name}_undo"),
        path(f"{prefix}<uuid:uuid>/<slug:step>/", views.step, how, name=f"{name}_step"),
    ]


urlpatterns = [
    path("katalog/foreslaa/", views.start, name="propose"),
    path("katalog/foreslaa/ligner/", views.alike, name="alike"),
    path("katalog/foreslaa/arbejdspladser.json", views.workplaces, name="workplace_names"),
    *both("katalog/foreslaa/", "proposal", is_change=False),
    *both("katalog/ret/", "change", is_change=True),
    path("katalog/<slug:slug>/ret/", views.edit, name="edit"),
    path("katalog/<slug:slug>/traek-tilbage/", views.withdraw, name="ask_withdrawal"),
]

"""Addresses of proposals, made alike for each area."""

from django.urls import URLPattern, path

from editorial.proposals import sending_views, views


def pages(prefix: str, name: str, *, area: str, is_change: bool) -> list[URLPattern]:
    """The pages of a new proposal, or of a change: `prefix` is the start of their addresses, `name` of their names."""
    how = {"area": area, "is_change": is_change}
    return [
        path(f"{prefix}<uuid:uuid>/", views.resume, how, name=f"{name}_resume"),
        path(f"{prefix}<uuid:uuid>/vis/", sending_views.preview, how, name=f"{name}_preview"),
        path(f"{prefix}<uuid:uuid>/send/", sending_views.review, how, name=f"{name}_review"),
        path(f"{prefix}<uuid:uuid>/sendt/", sending_views.done, how, name=f"{name}_done"),
        path(f"{prefix}<uuid:uuid>/fortryd/", sending_views.undo, how, name=f"{name}_undo"),
        path(f"{prefix}<uuid:uuid>/<slug:step>/", views.step, how, name=f"{name}_step"),
    ]

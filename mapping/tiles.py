"""A tile server of the operator's own: off unless MAP_TILES_URL names one."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse

from places.basemap import attribution as basemap_attribution


def attribution() -> str:
    """Whose map it is, as text under the map: the tiles', or that of the base map we draw ourselves."""
    if settings.MAP_TILES_URL:
        return str(settings.MAP_TILES_ATTRIBUTION)
    return basemap_attribution()


def sources(url: str) -> list[str]:
    """What a content policy has to allow for an address with placeholders: »https://*.tiles.example«."""
    parts = urlsplit(url)
    host = parts.netloc.replace("{s}", "*")
    return [f"{parts.scheme}://{host}"] if parts.scheme and host else []


def with_tiles(response: HttpResponse) -> HttpResponse:
    """Let a page with the map load the operator's tiles; every other page keeps to our own host."""
    if origins := sources(settings.MAP_TILES_URL):
        response._csp_update = {**getattr(response, "_csp_update", {}), "img-src": origins}  # type: ignore[attr-defined]
    return response

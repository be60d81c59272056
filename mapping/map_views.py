"""The map with its equal list, the drawing of the municipalities, the base map, and the map for other sites."""

from __future__ import annotations

from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import condition, require_safe
from django.views.decorators.vary import vary_on_headers

from mapping import tiles
from mapping.choropleth import Choropleth
from mapping.lists import (
    MAP,
    MUNICIPALITIES,
    PLACELESS,
    POSITION,
    VIEWS,
    MapListing,
    PlacelessListing,
    places,
)
from places.basemap import basemap
from search.listing import PageOutOfRange
from search.paging import past_the_end

ROW = ("type", "sektor", "region")
"""The filters that stand in the row above the map; the others are behind »Flere filtre«."""
HOUR = 3600


@require_safe
@vary_on_headers("HX-Request")
def map_page(request: HttpRequest) -> HttpResponse:
    """The map: the whole page, or for htmx its parts. Context: see `_context`, and page, places, row, more."""
    listing = MapListing(request.GET)
    if listing.view == PLACELESS:
        listing = PlacelessListing(request.GET)
    context = _context(request, listing)
    try:
        page = listing.page
    except PageOutOfRange as error:
        return past_the_end(request, listing, error)
    groups = {group.facet.name: group for group in listing.groups}
    context |= {
        "page": page,
        "places": places(list(page.object_list), listing),
        "views": {view: listing.querystring(vis=None if view == MAP else view) for view in VIEWS},
        "position": [(name, listing.kept().get(name, "")) for name in POSITION],
        "row": [groups[name] for name in ROW],
        "more": [group for name, group in groups.items() if name not in ROW],
        "more_chosen": sum(group.selected for name, group in groups.items() if name not in ROW),
        "embed_code": _embed_code(request, listing),
    }
    template = "mapping/map.html"
    response = render(request, f"{template}#results" if request.htmx else template, context)  # type: ignore[attr-defined]
    return tiles.with_tiles(response)


@require_safe
@xframe_options_exempt
@csp_replace({"frame-ancestors": ["*"]})
def embedded_map(request: HttpRequest) -> HttpResponse:
    """The map alone, for a frame on anybody's site: the parameters say what is on it, and no cookie is set or read."""
    listing = MapListing(request.GET)
    site_map = reverse("mapping:map") + listing.querystring(vis=None, pr_side=None)
    context = _context(request, listing) | {"site_map": site_map}
    return tiles.with_tiles(render(request, "mapping/embedded.html", context))


def _context(request: HttpRequest, listing: MapListing) -> dict[str, Any]:
    """What both pages show: listing, choropleth (Choropleth), and what the script needs to draw the map."""
    return {
        "listing": listing,
        "choropleth": Choropleth(listing, request.GET.get("orden", "")),
        "show_municipalities": listing.view == MUNICIPALITIES,
        "show_placeless": listing.view == PLACELESS,
        "bounds": ",".join(f"{degree:.4f}" for degree in listing.bounds) if listing.bounds else "",
        "attribution": tiles.attribution(),
        "tiles_url": settings.MAP_TILES_URL,
    }


def _embed_code(request: HttpRequest, listing: MapListing) -> str:
    """The HTML that shows the present map on another site."""
    address = (
        settings.SITE_URL + reverse("mapping:embed") + listing.querystring(vis=None, pr_side=None, sort=None)
    )
    return format_html(
        '<iframe src="{}" title="{}" style="width:100%;height:640px;border:0" loading="lazy"></iframe>',
        address.removesuffix("?"),
        _("Kort over offentlig innovation"),
    )


def _basemap_tag(request: HttpRequest) -> str:
    return f'"{basemap()["version"]}"'


@require_safe
@condition(etag_func=_basemap_tag)
def base_map(request: HttpRequest) -> HttpResponse:
    """Land, regions of the day and names of places, for the script to draw. Kept an hour, then asked for by its tag."""
    response = JsonResponse(basemap(), json_dumps_params={"separators": (",", ":"), "ensure_ascii": False})
    patch_cache_control(response, public=True, max_age=HOUR)
    return response

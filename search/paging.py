"""What a page that shows a list answers when its address asks for a page that the list has not."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from search.listing import Listing, PageOutOfRange


def past_the_end(
    request: HttpRequest, listing: Listing, error: PageOutOfRange, **context: Any
) -> HttpResponse:
    """404 for a page that a list has not, with the way to the last one it has."""
    last = listing.querystring(side=str(error.last) if error.last > 1 else None)
    context |= {"last": last, "listing": listing}
    return render(request, "components/past_the_end.html", context, status=404)

"""The catalogue as a file: what the list shows with the same parameters, all pages of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from catalogue.exchange.exporting import CONTENT_TYPES, export
from catalogue.lists import catalogue_listing
from catalogue.models import Entry
from guards.exports import CellTooLong

XLSX_ROWS = 20_000
"""Rows of a workbook made while somebody waits; it takes a few seconds. CSV and JSON have no limit."""


@require_safe
def export_list(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The entries that match the address, in its order. `kind` is csv, xlsx or json.

    A workbook that would be too large, or has a text that Excel can't hold, is refused with a page that says so and
    leads to the CSV file; nothing is cut silently.
    """
    listing = catalogue_listing(request.GET)
    if request.method == "HEAD":
        return _headed(StreamingHttpResponse((), content_type=CONTENT_TYPES[kind]), kind)
    if kind == "xlsx" and listing.count > XLSX_ROWS:
        reason = _("Listen har %(count)s indlæg. Excel-filen kan højst rumme %(limit)s.")
        return _refused(request, reason % {"count": listing.count, "limit": XLSX_ROWS}, listing.querystring())
    try:
        pieces = export(listing.results.content(listing.sort), kind, entries=Entry.objects.published())
    except CellTooLong as error:
        return _refused(request, str(error), listing.querystring())
    return _headed(StreamingHttpResponse(pieces, content_type=CONTENT_TYPES[kind]), kind)


def _headed(response: HttpResponseBase, kind: str) -> HttpResponseBase:
    name = f"inspiration-{timezone.localdate().isoformat()}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Robots-Tag"] = "noindex"
    return response


def _refused(request: HttpRequest, reason: str, querystring: str) -> HttpResponse:
    context = {"reason": reason, "querystring": querystring}
    context |= {"csv": reverse("catalogue:export", args=["csv"]), "list": reverse("catalogue:list")}
    response = render(request, "components/export_refused.html", context, status=422)
    response["X-Robots-Tag"] = "noindex"
    return response

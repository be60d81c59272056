"""Practicum places as a file: what the list shows with the same parameters, all pages of it. No persons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from editorial.models import TaggedContent
from guards.exports import CellTooLong, write_csv, write_json, write_xlsx
from places.areas import Geography
from practicum.models import Offer
from practicum.offers.lists import OfferListing
from practicum.offers.showing import region_then, seats

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json; charset=utf-8",
}
COLUMNS = (
    "title", "summary", "url", "workplace", "municipality", "municipality_name", "region", "region_name", "sector",
    "subject_areas", "tags", "round", "days", "starts_on", "ends_on", "is_flexible", "seats", "seats_free",
    "certificates", "meeting_place", "programme", "suits", "hopes", "confidentiality", "accessibility", "remote",
    "published_at",
)  # fmt: skip
XLSX_ROWS = 20_000
"""As the catalogue's: more takes longer than anybody waits for."""
CHUNK = 1000


@require_safe
def export_offers(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The places that match the address, in its order. `kind` is csv, xlsx or json.

    A workbook that would be too large, or has a text that Excel can't hold, is refused with a page that says so and
    leads to the CSV file.
    """
    listing = OfferListing(request.GET)
    if request.method == "HEAD":
        return _headed(StreamingHttpResponse((), content_type=CONTENT_TYPES[kind]), kind)
    if kind == "xlsx" and listing.count > XLSX_ROWS:
        reason = _("Listen har %(count)s pladser. Excel-filen kan højst rumme %(limit)s.")
        return _refused(request, reason % {"count": listing.count, "limit": XLSX_ROWS}, listing)
    rows = ([row[column] for column in COLUMNS] for row in _rows(listing))
    try:
        if kind == "json":
            pieces = write_json(rows, header=COLUMNS)
        elif kind == "xlsx":
            pieces = write_xlsx(rows, header=COLUMNS, sheet_title=_("Innovationspraktik"))
        else:
            pieces = write_csv(rows, header=COLUMNS)
    except CellTooLong as error:
        return _refused(request, str(error), listing)
    return _headed(StreamingHttpResponse(pieces, content_type=CONTENT_TYPES[kind]), kind)


def _rows(listing: OfferListing) -> Iterator[dict[str, Any]]:
    """All rows, read while they are sent: a fixed number of queries for each thousand."""
    keys, geography = listing.content(), listing.geography
    # Not `tags`: of those taggit makes a query set for each row, which is a third of the time.
    tags = Prefetch("tagged_items", TaggedContent.objects.select_related("tag"))
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        rows = Offer.objects.published().with_card().prefetch_related("subject_areas", tags)
        found = rows.order_by().in_bulk(chunk)
        yield from (_row(found[key], geography) for key in chunk if key in found)


def _row(offer: Offer, geography: Geography) -> dict[str, Any]:
    region, drawn = region_then(offer, geography), seats(offer)
    municipality = offer.municipality
    texts = {name: getattr(offer, name) or None for name in (*Offer.TEXTS, "meeting_place")}
    return {
        "title": offer.title,
        "summary": offer.summary,
        "url": settings.SITE_URL + offer.get_absolute_url(),
        "workplace": offer.owner_name or None,
        "municipality": municipality.code if municipality else None,
        "municipality_name": municipality.full_name if municipality else None,
        "region": region.code if region else None,
        "region_name": region.name if region else None,
        "sector": offer.sectors,
        "subject_areas": [area.slug for area in offer.subject_areas.all()],
        "tags": sorted(row.tag.name for row in offer.tagged_items.all()),
        "round": str(offer.round.year) if offer.round else None,
        "days": offer.days,
        "starts_on": offer.starts_on,
        "ends_on": offer.ends_on,
        "is_flexible": offer.is_flexible,
        "seats": drawn.free + drawn.taken,
        "seats_free": drawn.free,
        "certificates": offer.certificates,
        "published_at": offer.published_at,
        **texts,
    }


def _headed(response: HttpResponseBase, kind: str) -> HttpResponseBase:
    name = f"innovationspraktik-{timezone.localdate().isoformat()}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Robots-Tag"] = "noindex"
    return response


def _refused(request: HttpRequest, reason: str, listing: OfferListing) -> HttpResponse:
    context = {"reason": reason, "querystring": listing.querystring()}
    context |= {"csv": reverse("practicum:export", args=["csv"]), "list": reverse("practicum:list")}
    response = render(request, "components/export_refused.html", context, status=422)
    response["X-Robots-Tag"] = "noindex"
    return response

"""What is on the map as a file: all that the list shows with the same parameters, or everything public with a place."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guards.exports import CellTooLong, write_csv, write_json, write_xlsx
from mapping.geojson import map_address
from mapping.grid import DECIMALS
from mapping.lists import MapListing
from mapping.names import Name, names
from search.columns import Ints
from search.models import Document

CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json; charset=utf-8",
    "geojson": "application/geo+json",
}
COLUMNS = (
    "type", "also", "title", "summary", "url", "workplace", "municipality", "municipality_name", "region",
    "region_name", "lat", "lng", "exact", "sector", "subject_areas", "status", "year_from", "year_to",
    "closed_year", "published_at", "license",
)  # fmt: skip
YEARS = ("year_from", "year_to", "closed_year")
XLSX_ROWS = 20_000
"""As the catalogue's: more takes longer than anybody waits for."""
CHUNK = 1000


@require_safe
def export_map(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The things with a place that match the address, in its order. `kind` is csv, geojson, xlsx or json.

    A workbook that would be too large, or has a text that Excel can't hold, is refused with a page that says so and
    leads to the CSV file.
    """
    listing = MapListing(request.GET)
    if request.method == "HEAD":
        return _headed(StreamingHttpResponse((), content_type=CONTENT_TYPES[kind]), kind)
    if kind == "xlsx" and listing.count > XLSX_ROWS:
        reason = _("Listen har %(count)s steder. Excel-filen kan højst rumme %(limit)s.")
        return _refused(request, reason % {"count": listing.count, "limit": XLSX_ROWS}, listing)
    rows = _rows(listing)
    try:
        if kind == "geojson":
            pieces = _geojson(rows)
        elif kind == "json":
            pieces = write_json(([row[column] for column in COLUMNS] for row in rows), header=COLUMNS)
        else:
            # Codes and years stay the text they are; only where it lies is a number.
            table = ([_cell(column, row[column]) for column in COLUMNS] for row in rows)
            if kind == "xlsx":
                pieces = write_xlsx(table, header=COLUMNS, sheet_title=_("Innovationslandskabet"))
            else:
                pieces = write_csv(table, header=COLUMNS)
    except CellTooLong as error:
        return _refused(request, str(error), listing)
    return _headed(StreamingHttpResponse(pieces, content_type=CONTENT_TYPES[kind]), kind)


def license_note() -> str:
    """What somebody who uses the file has to write."""
    return _(
        "Må bruges frit, når kilden nævnes: Center for Offentlig Innovation, %(address)s. "
        "Kommunernes hovedsæder: GeoNames (CC BY 4.0)."
    ) % {"address": settings.SITE_URL + map_address()}


def _rows(listing: MapListing) -> Iterator[dict[str, Any]]:
    """All rows, read while they are sent: a fixed number of queries for each thousand."""
    slots = listing.slots()
    note = license_note()
    for start in range(0, len(slots), CHUNK):
        yield from _chunk(slots[start : start + CHUNK], listing, note)


def _chunk(slots: Ints, listing: MapListing, note: str) -> Iterable[dict[str, Any]]:
    mirror, geography, where = listing.everything.mirror, listing.geography, listing.positions
    keys = mirror.ids[slots].tolist()
    named = names(slots.tolist(), listing)
    documents = Document.objects.visible().select_related("content__unit", "workplace").only(
        "kind", "summary", "sectors", "subject_areas", "status", "area", "published_at",
        "content__year_from", "content__year_to", "content__unit__closed_year", "workplace__closed_on",
    ).in_bulk(keys)  # fmt: skip
    for slot, key in zip(slots.tolist(), keys, strict=True):
        document, name = documents.get(key), named.get(slot)
        if document is None or name is None:
            continue  # hidden while the file was sent
        region = geography.region_of(document.area)
        municipality = geography.municipalities.get(document.area)
        content = document.content
        yield _row(name, document) | {
            "municipality": municipality.code if municipality else None,
            "municipality_name": municipality.full_name if municipality else None,
            "region": region.code if region else None,
            "region_name": region.name if region else None,
            "lat": round(float(where.lat[slot]), DECIMALS),
            "lng": round(float(where.lng[slot]), DECIMALS),
            "exact": bool(where.exact[slot]),
            "year_from": content.year_from if content else None,
            "year_to": content.year_to if content else None,
            "closed_year": _closed_year(document),
            "license": note,
        }


def _row(name: Name, document: Document) -> dict[str, Any]:
    return {
        "type": name.kind,
        "also": name.also,
        "title": name.title,
        "summary": document.summary or None,
        "url": settings.SITE_URL + name.url,
        "workplace": name.owner or None,
        "sector": document.sectors,
        "subject_areas": document.subject_areas,
        "status": document.status or None,
        "published_at": document.published_at,
    }


def _closed_year(document: Document) -> int | None:
    """The year in which a unit or workplace closed. How far a project has come stands in `status`."""
    unit = getattr(document.content, "unit", None)
    closed_on = document.workplace.closed_on if document.workplace else None
    return closed_on.year if closed_on else getattr(unit, "closed_year", None)


def _cell(column: str, value: Any) -> Any:
    return str(value) if column in YEARS and value is not None else value


def _geojson(rows: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    """A FeatureCollection in pieces; the licence stands once, before the features."""
    note = json.dumps(license_note(), ensure_ascii=False)
    yield f'{{"type":"FeatureCollection","license":{note},"features":[\n'.encode()
    between = ""
    for row in rows:
        point = {"type": "Point", "coordinates": [row.pop("lng"), row.pop("lat")]}
        del row["license"]
        if row["published_at"]:
            row["published_at"] = timezone.localtime(row["published_at"]).isoformat()
        feature = {"type": "Feature", "id": row["url"], "geometry": point, "properties": row}
        yield (between + json.dumps(feature, ensure_ascii=False)).encode(errors="replace")
        between = ",\n"
    yield b"]}\n"


def _headed(response: HttpResponseBase, kind: str) -> HttpResponseBase:
    name = f"innovationslandskabet-{timezone.localdate().isoformat()}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Robots-Tag"] = "noindex"
    return response


def _refused(request: HttpRequest, reason: str, listing: MapListing) -> HttpResponse:
    context = {"reason": reason, "querystring": listing.querystring()}
    context |= {"csv": reverse("mapping:export", args=["csv"]), "list": map_address()}
    response = render(request, "components/export_refused.html", context, status=422)
    response["X-Robots-Tag"] = "noindex"
    return response

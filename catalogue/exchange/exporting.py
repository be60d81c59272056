"""Entries as rows, and rows as files. Memory is bounded by a chunk, and queries are a fixed number a chunk."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from catalogue.exchange.columns import COLUMNS, LIST_COLUMNS, EntryResource
from catalogue.exchange.lookups import Lookups
from catalogue.exchange.planning import SOURCE_LINKS
from catalogue.models import Entry
from editorial.models import TaggedContent
from guards.exports import write_csv, write_json, write_xlsx

CHUNK = 1000
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json; charset=utf-8",
}
FORMATS = tuple(CONTENT_TYPES)

_FIELDS = (
    "uuid", "slug", "external_id", "kind", "title", "summary", "body", "sectors", "region_id", "municipality_id",
    "owner_id", "year_from", "year_to", "status", "innovation_types", "values", "effect", "process", "conditions",
    "documentation", "published_at",
)  # fmt: skip


def with_columns(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """The entries with what the columns need, in a fixed number of queries."""
    tags = Prefetch("tagged_items", TaggedContent.objects.select_related("tag"))
    return entries.only(*_FIELDS).prefetch_related("subject_areas", tags, SOURCE_LINKS)


def export(keys: Iterable[int], kind: str, *, entries: QuerySet[Entry]) -> Iterator[bytes]:
    """The entries of `entries` with these keys, in their order, as a file of `kind` (csv, xlsx, json), in pieces.

    CSV and JSON are read while they are sent; an XLSX is made first (on disk), so that CellTooLong is raised before
    anything is sent. An entry that leaves `entries` meanwhile (taken down, say) is left out.
    """
    resource = EntryResource(Lookups())
    found = _entries(array("q", keys), entries)
    if kind == "json":
        rows = ([*_blank_as_none(resource.row(entry)), _address(entry)] for entry in found)
        return write_json(rows, header=[*COLUMNS, "url"])
    texts = (_as_text(resource.row(entry)) for entry in found)
    if kind == "xlsx":
        return write_xlsx(texts, header=COLUMNS, sheet_title=_("Inspiration"))
    return write_csv(texts, header=COLUMNS)


def template(kind: str) -> Iterator[bytes]:
    """An empty file with the columns, to be filled in: semicolons, since Danish spreadsheets expect them."""
    if kind == "xlsx":
        return write_xlsx([], header=COLUMNS, sheet_title=_("Inspiration"))
    return write_csv([], header=COLUMNS, delimiter=";")


def _entries(keys: array[int], entries: QuerySet[Entry]) -> Iterator[Entry]:
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        found = with_columns(entries.filter(pk__in=list(chunk)).order_by()).in_bulk()
        yield from (found[key] for key in chunk if key in found)


def _as_text(row: list[Any]) -> list[Any]:
    """A row for CSV and XLSX: everything typed as text, so that 0751 and 2014 stay what they are."""
    return [str(value) if isinstance(value, int) else value for value in row]


def _blank_as_none(row: list[Any]) -> list[Any]:
    """A row for JSON: lists are lists, years are numbers, what is empty is null."""
    return [
        None if value == "" and column not in LIST_COLUMNS else value
        for column, value in zip(COLUMNS, row, strict=True)
    ]


def _address(entry: Entry) -> str | None:
    return f"{settings.SITE_URL}{entry.get_absolute_url()}" if entry.slug else None

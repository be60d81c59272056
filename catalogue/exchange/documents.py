"""Search documents of many entries at a time: what `Entry.reindex` writes for one, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import prefetch_related_objects

from catalogue.models import Entry
from search.index import put_many


def index(keys: Iterable[int]) -> None:
    """Write the search documents of the entries with these keys. The caller holds their rows (or has made them)."""
    entries = list(Entry.objects.filter(pk__in=keys).select_related("owner", "municipality", "region"))
    prefetch_related_objects(entries, *Entry.SEARCH_RELATIONS)
    put_many({"content_id": entry.pk, **entry.search_fields()} for entry in entries)

"""Search documents of many entries at a time: what `Entry.reindex` writes for one, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import prefetch_related_objects

from catalogue.models import Entry
from search.index import clean
from search.models import Document


def index(keys: Iterable[int]) -> None:
    """Write the search documents of the entries with these keys. The caller holds their rows (or has made them)."""
    entries = list(Entry.objects.filter(pk__in=keys).select_related("owner", "municipality", "region"))
    prefetch_related_objects(entries, *Entry.SEARCH_RELATIONS)
    documents = [Document(content_id=entry.pk, **clean(entry.search_fields())) for entry in entries]
    columns = [
        f.name for f in Document._meta.concrete_fields if not (f.primary_key or f.generated or f.is_relation)
    ]
    Document.objects.bulk_create(
        documents, update_conflicts=True, unique_fields=["content"], update_fields=columns, batch_size=500
    )

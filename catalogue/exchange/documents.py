"""Search documents of many entries at a time: what `Entry.reindex` writes for one, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from catalogue.choices import ReusePhase
from catalogue.models import Entry
from editorial.choices import State
from editorial.models import Participation, TaggedContent
from editorial.models.querysets import words
from editorial.text import plain
from search.index import clean
from search.models import Document


def index(keys: Iterable[int]) -> None:
    """Write the search documents of the entries with these keys. The caller holds their rows (or has made them)."""
    entries = list(Entry.objects.filter(pk__in=keys).select_related("owner", "municipality", "region"))
    prefetch_related_objects(
        entries,
        "owner__periods",
        "subject_areas",
        Prefetch("tagged_items", TaggedContent.objects.select_related("tag")),
        "tagged_items__tag__synonyms",
        Prefetch("participations", Participation.objects.select_related("workplace")),
        "participations__workplace__periods",
        "measures",
        "timeline",
        "steps",
        "reuses",
    )
    documents = [Document(content_id=entry.pk, **clean(document_fields(entry))) for entry in entries]
    columns = [
        f.name for f in Document._meta.concrete_fields if not (f.primary_key or f.generated or f.is_relation)
    ]
    Document.objects.bulk_create(
        documents, update_conflicts=True, unique_fields=["content"], update_fields=columns, batch_size=500
    )


def document_fields(entry: Entry) -> dict[str, Any]:
    """The same as `entry.search_fields()`, from what has been prefetched; a test holds the two together."""
    tags = sorted((item.tag for item in entry.tagged_items.all()), key=lambda tag: tag.sort_key)
    subjects = list(entry.subject_areas.all())
    workplaces = [w for w in (entry.owner, *(p.workplace for p in entry.participations.all())) if w]
    years = sorted(year for year in (entry.year_from, entry.year_to) if year)
    rows = [
        *(measure.label for measure in entry.measures.all()),
        *(step.text for step in entry.timeline.all()),
        *(f"{step.title} {step.text}" for step in entry.steps.all()),
    ]
    texts = [plain(text) for name in entry.TEXTS if (text := getattr(entry, name))]
    return {
        "kind": entry.kind,
        "title": entry.title,
        "summary": entry.summary,
        "keywords": words([*tags, *(s for t in tags for s in t.synonyms.all()), *subjects]),
        "names": words(
            [*workplaces, *(entry.name_at_the_time(w) for w in workplaces), entry.municipality, entry.region]
        ),
        "body": " \n".join(
            filter(None, [*texts, *map(plain, rows), entry.authors, entry.publisher, entry.funders])
        ),
        "sectors": entry.sectors,
        "subject_areas": [area.slug for area in subjects],
        "tags": [tag.slug for tag in tags],
        "values": entry.values,
        "innovation_types": entry.innovation_types,
        "status": entry.status,
        "area": entry.municipality_id or entry.region_id or "",
        "years": list(range(years[0], years[-1] + 1)) if years else [],
        "reuse_count": sum(r.visible and r.phase == ReusePhase.IN_USE for r in entry.reuses.all()),
        "published_at": entry.published_at,
        "visible": entry.state == State.PUBLISHED,
    }

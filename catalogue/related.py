"""Entries like this one: by shared tags and subject areas, and by the words of title and tags."""

import re

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, FloatField, Func, QuerySet, TextField, Value

from catalogue.models import Entry
from search.models import CONFIG, Document

POOL = 200
"""Candidates that are compared; more would only be slower."""


class SharedCount(Func):
    """How many values two text arrays have in common."""

    template = "cardinality(ARRAY(SELECT unnest(%(expressions)s)))"
    arg_joiner = ") INTERSECT SELECT unnest("
    output_field = FloatField()


def _array(values: list[str]) -> Value:
    return Value(values, output_field=ArrayField(TextField()))


def related(entry: Entry, limit: int = 3) -> list[Entry]:
    """At most `limit` public entries most like this one, best first; never itself, never hidden ones.

    The newest POOL entries that share a tag are compared, and where that gives too few, the newest that share a word.
    A shared tag counts 1, a shared subject area 0.5, and the match of words in title and tags at most 1.
    """
    tags = [t.slug for t in entry.tags.all()]
    subjects = [s.slug for s in entry.subject_areas.all()]
    words = re.findall(r"\w{4,}", " ".join([entry.title, *(t.name for t in entry.tags.all())]).lower())
    query = SearchQuery(" or ".join(dict.fromkeys(words[:30])) or "-", config=CONFIG, search_type="websearch")
    score = (
        SharedCount(F("tags"), _array(tags))
        + SharedCount(F("subject_areas"), _array(subjects)) * Value(0.5)
        + SearchRank(F("vector"), query, normalization=32)
    )
    base = Document.objects.visible().of_kind(tuple(Entry.KINDS)).exclude(content=entry.pk)

    def best(alike: QuerySet[Document]) -> list[int]:
        newest = alike.order_by("-published_at", "-id").values("pk")[:POOL]
        rows = Document.objects.filter(pk__in=newest).annotate(score=score)
        return list(rows.order_by("-score", "-published_at", "-id").values_list("content", flat=True)[:limit])

    ids = best(base.filter(tags__overlap=tags)) if tags else []
    if len(ids) < limit:
        # Few or no tags in common: words decide, which costs more where many entries have them.
        ids = [*ids, *(pk for pk in best(base.filter(vector=query)) if pk not in ids)][:limit]
    found = Entry.objects.published().select_related("owner").prefetch_related("owner__periods").in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]

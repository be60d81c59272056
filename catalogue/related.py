"""Entries like this one: by shared tags and subject areas, and by the words of title and tags."""

from __future__ import annotations

import numpy as np

from catalogue.models import Entry
from search.danish import STOP_WORDS, words
from search.selection import Selection

KEPT = 20_000
"""Answers that a mirror keeps, at most."""
WORDS = 5
"""Words of an entry that are compared, the rarest ones; common ones say nothing of what is alike."""


def related(entry: Entry, limit: int = 3) -> list[Entry]:
    """At most `limit` public entries most like this one, best first; never itself, never hidden ones.

    A shared tag counts 1, a shared subject area 0.5, and shared words in title and tags at most 1: rare ones more.
    An entry that shares no tag has to share a word.
    """
    everything = Selection.of_kinds(Entry.KINDS)
    kept = everything.mirror.kept
    key = ("related", entry.pk, entry.version, limit)
    if (ids := kept.get(key)) is None:
        if len(kept) > KEPT:
            kept.clear()
        ids = kept[key] = _alike(entry, everything, limit)
    shown = ("kind", "slug", "uuid", "title", "year_from", "source_year", "owner__name")
    found = Entry.objects.published().select_related("owner").prefetch_related("owner__periods").only(*shown)
    by_key = found.in_bulk(ids)
    return [by_key[pk] for pk in ids if pk in by_key]


def _alike(entry: Entry, everything: Selection, limit: int) -> list[int]:
    """Keys of the entries most like this one, best first."""
    mirror, size = everything.mirror, everything.mirror.size
    tags, subjects = entry.tags.all(), entry.subject_areas.all()
    shared = mirror.several["tags"].shared((t.slug for t in tags), size=size)
    alike = shared + 0.5 * mirror.several["subject_areas"].shared((s.slug for s in subjects), size=size)
    told = dict.fromkeys(words(" ".join([entry.title, *(t.name for t in tags)])))
    forms = [mirror.vocabulary.forms(word) for word in told if len(word) > 3 and word not in STOP_WORDS]
    rare = sorted((number, n) for n, form in enumerate(forms) if (number := mirror.postings.count(form)))
    said = np.zeros(size)
    for number, n in rare[:WORDS]:
        slots, weights = mirror.postings.find(forms[n])
        said += np.bincount(slots, weights / (weights + 4), minlength=size) / number
    candidates = everything.mask & ((shared > 0) | (said > 0)) & (mirror.content != entry.pk)
    chosen = np.flatnonzero(candidates)
    most = said[chosen].max(initial=0)
    score = alike[chosen] + (said[chosen] / most if most else 0)
    keys: list[int] = mirror.content[mirror.best(chosen, score, limit)].tolist()
    return keys

"""Entries like this one: by shared tags and subject areas, and by the words of title and tags."""

from __future__ import annotations

import numpy as np

from catalogue.models import Entry
from search.danish import STOP_WORDS, words
from search.selection import Selection

POOL = 200
"""Entries that are compared word by word; more would only be slower."""
WORDS = 12
"""Words of an entry that are compared."""


def related(entry: Entry, limit: int = 3) -> list[Entry]:
    """At most `limit` public entries most like this one, best first; never itself, never hidden ones.

    A shared tag counts 1, a shared subject area 0.5, and shared words in title and tags at most 1: rare ones more.
    An entry that shares no tag has to share a word.
    """
    everything = Selection.of_kinds(Entry.KINDS)
    mirror, size = everything.mirror, everything.mirror.size
    tags, subjects = entry.tags.all(), entry.subject_areas.all()
    shared = mirror.several["tags"].shared((t.slug for t in tags), size=size)
    alike = shared + 0.5 * mirror.several["subject_areas"].shared((s.slug for s in subjects), size=size)
    told = words(" ".join([entry.title, *(t.name for t in tags)]))
    said = np.zeros(size)
    for word in [w for w in dict.fromkeys(told) if len(w) > 3 and w not in STOP_WORDS][:WORDS]:
        slots, weights = mirror.postings.find(mirror.vocabulary.forms(word))
        if len(slots):
            said += np.bincount(slots, weights / (weights + 4), minlength=size) / (1 + len(slots))
    candidates = everything.mask & ((shared > 0) | (said > 0)) & (mirror.content != entry.pk)
    chosen = np.flatnonzero(candidates)
    most = said[chosen].max(initial=0)
    score = alike[chosen] + (said[chosen] / most if most else 0)
    order = np.lexsort((mirror.place_by_newest[chosen], -score))[:limit]
    ids = mirror.content[chosen[order]].tolist()
    found = Entry.objects.published().select_related("owner").prefetch_related("owner__periods").in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]

"""What is published already and looks like what somebody is writing, with the words that make it so."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from editorial.models import Content
from search.danish import STOP_WORDS, words
from search.selection import Selection

WORDS = 8
"""Words of a title that are compared, the rarest ones; common ones say nothing of what is alike."""
LEAST = 0.34
"""A row is shown when it has at least this share of the weight of the words."""
SHORTEST = 4
"""Letters of a word that says something."""


@dataclass(frozen=True)
class Similar:
    """A published row, and the words of the text that it has too."""

    content: Content
    shared: list[str]


def similar(
    text: str,
    *,
    kinds: Iterable[str] = (),
    among: Selection | None = None,
    exclude: int | None = None,
    author: int | None = None,
    limit: int = 4,
) -> list[Similar]:
    """At most `limit` published rows of `kinds` (or `among` a selection) that share rare words of `text`, best first.

    Never the row `exclude`, what `author` has written, or anything hidden (the mirror holds only visible rows).
    """
    everything = Selection.of_kinds(tuple(kinds)) if among is None else among
    mirror, size = everything.mirror, everything.mirror.size
    told = [w for w in dict.fromkeys(words(text)) if len(w) >= SHORTEST and w not in STOP_WORDS]
    forms = [(mirror.vocabulary.forms(word), word) for word in told]
    counted = sorted(
        ((mirror.postings.count(form), word, form) for form, word in forms), key=lambda row: row[0]
    )
    score, has = np.zeros(size), {}
    total = 0.0
    for number, word, form in counted[:WORDS]:
        # A word that nobody else has written counts too: it says that this is something else.
        weight = float(np.log(1 + size / max(number, 1)))
        total += weight
        if not number:
            continue
        slots, _weights = mirror.postings.find(form)
        has[word] = np.zeros(size, bool)
        has[word][slots] = True
        score[slots] += weight
    if not has:
        return []
    candidates = everything.mask & (score >= LEAST * total)
    if exclude is not None:
        candidates &= mirror.content != exclude
    chosen = np.flatnonzero(candidates)
    best = mirror.best(chosen, score[chosen], limit * 2)
    rows = Content.objects.published()
    if author is not None:
        rows = rows.exclude(author_id=author)
    by_key = rows.select_related("owner").in_bulk(mirror.content[best].tolist())
    result = []
    for slot in best:
        if (content := by_key.get(int(mirror.content[slot]))) is not None:
            result.append(Similar(content, [word for word in has if has[word][slot]]))
    return result[:limit]

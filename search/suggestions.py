"""Titles that somebody may be about to type, while they type."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from search.danish import STOP_WORDS, parts, tokens
from search.postings import Floats
from search.query import clean
from search.selection import Selection
from search.vocabulary import Weights

SHORTEST = 2
"""Letters to wait for."""
LONGEST = 80
"""Characters that are looked at: more is no beginning of a title."""
MOST_WORDS = 6
BEGUN, FORM, INSIDE = 0.9, 0.7, 0.5


def titles(q: str, rows: Selection, limit: int) -> list[int]:
    """Keys of the documents among `rows` whose titles have all the words, the last of which may be only begun.

    Whole words before begun ones before compounds, then the newest. Empty for less than SHORTEST letters.
    """
    words = _words(q)
    if not words:
        return []
    mirror = rows.mirror
    score: Floats | None = None
    for number, word in enumerate(words, 1):
        found = _meant(rows, word, begun=number == len(words))
        at, weights = mirror.postings.find(found, titles=True)
        # A title has few words: how well the word fits says more than how much it weighs there.
        here = np.zeros(mirror.size, np.float32)
        np.maximum.at(here, at, weights)
        score = here if score is None else np.where((score > 0) & (here > 0), score + here, np.float32(0))
    assert score is not None
    slots = np.flatnonzero(rows.mask & (score > 0))
    keys: list[int] = mirror.ids[mirror.best(slots, score[slots], limit)].tolist()
    return keys


def _words(q: str) -> Sequence[str]:
    """The words of what is typed, without those that every title has unless one is being typed."""
    found = [word for token in tokens(clean(q)[:LONGEST]) for word in parts(token)[0]]
    found = [*(w for w in found[:-1] if w not in STOP_WORDS), *found[-1:]][-MOST_WORDS:]
    return found if sum(map(len, found)) >= SHORTEST else []


def _meant(rows: Selection, word: str, *, begun: bool) -> Weights:
    vocabulary = rows.mirror.vocabulary
    found: Weights = {}
    if len(word) >= 4:
        found |= {code: weight * INSIDE for code, weight in vocabulary.compounds(word).items()}
    if begun:
        found |= dict.fromkeys(vocabulary.beginning(word), BEGUN)
    for code, weight in vocabulary.forms(word).items():
        found[code] = max(found.get(code, 0), weight if weight == 1 or not begun else FORM)
    return found

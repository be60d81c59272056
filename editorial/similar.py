"""What is published already and looks like what somebody is writing, with the words that make it so."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from editorial.models import Content
from search.columns import Mask
from search.danish import STOP_WORDS, stem, words
from search.mirror import Mirror
from search.postings import Floats
from search.selection import Selection
from search.vocabulary import Weights

WORDS = 8
"""Words of a text that are compared, the rarest ones; common ones say nothing of what is alike."""
READ = 40
"""Different words of a text that are looked up at most, the first ones."""
LEAST = 0.34
"""A row is shown when it has at least this share of the weight of the words."""
NEAR = 0.5
"""…and at least this share of what the best one has."""
NAMED = 4
"""Shared words that are named, those that say most."""
SHORTEST = 3
"""Letters of a word that says something by itself."""
SATURATION = 6.0
"""The weight of a word in a row at which it counts half of what it can; in a title it is more."""
PART = 0.4
"""What a word counts that is only a part of a compound that was written."""
RARE = 10
"""Rows with a compound from which on its parts are left alone."""


@dataclass(frozen=True)
class Similar:
    """A published row, and the words of the text that it has too, those that say most first."""

    content: Content
    shared: list[str]


@dataclass(frozen=True)
class _Word:
    """A word of the text: how much each row says of it (from 0 to 1), and how much it says to have it."""

    word: str
    share: Floats
    weight: float


def similar(
    text: str,
    *,
    kinds: Iterable[str] = (),
    among: Selection | None = None,
    exclude: int | None = None,
    author: int | None = None,
    limit: int = 4,
    least: float = LEAST,
) -> list[Similar]:
    """At most `limit` published rows of `kinds` (or `among` a selection) that share rare words of `text`, best first.

    Words are shared in other forms and inside compounds, too. Never the row `exclude`, what `author` has written, or
    anything hidden (the mirror holds only visible rows).
    """
    everything = Selection.of_kinds(tuple(kinds)) if among is None else among
    mirror, mask = everything.mirror, everything.mask
    told = sorted(_words(text, mirror, mask), key=lambda one: -one.weight)[:WORDS]
    total = sum(one.weight for one in told)
    score = np.zeros(mirror.size, np.float32)
    has = np.zeros(mirror.size, np.float32)
    for one in told:
        score += np.float32(one.weight) * one.share
        has += np.float32(one.weight) * (one.share > 0)
    candidates = mask & (score > 0) & (has >= least * total)
    if exclude is not None:
        candidates &= mirror.content != exclude
    candidates &= score >= NEAR * score[candidates].max(initial=0)
    chosen = np.flatnonzero(candidates)
    best = mirror.best(chosen, score[chosen], limit * 2)
    rows = Content.objects.published()
    if author is not None:
        rows = rows.exclude(author_id=author)
    by_key = rows.select_related("owner").in_bulk(mirror.content[best].tolist())
    result = []
    for slot in best:
        if (content := by_key.get(int(mirror.content[slot]))) is not None:
            shared = sorted(told, key=lambda one: -one.weight * float(one.share[slot]))
            result.append(Similar(content, [one.word for one in shared if one.share[slot] > 0][:NAMED]))
    return result[:limit]


def _words(text: str, mirror: Mirror, mask: Mask) -> list[_Word]:
    """The words of the text that say something. One that nobody else has written counts too: it says that this is
    something else."""
    told = {stem(w): w for w in reversed(words(text)) if len(w) >= SHORTEST and w not in STOP_WORDS}
    rows = int(np.count_nonzero(mask))
    found = []
    for word in list(reversed(told.values()))[:READ]:
        share = _shares(word, mirror, mask)
        number = int(np.count_nonzero(share))
        found.append(_Word(word, share, math.log(1 + (rows - number + 0.5) / (number + 0.5))))
    return found


def _shares(word: str, mirror: Mirror, mask: Mask) -> Floats:
    """Per row, what it says of a word: the word itself, its forms, compounds with it, or a part of it."""
    vocabulary = mirror.vocabulary
    codes: Weights = {**vocabulary.compounds(word), **vocabulary.forms(word)}
    weight = _weigh(codes, mirror, mask)
    if len(word) >= 7 and np.count_nonzero(weight) < RARE:
        for parts in vocabulary.split(word):
            for part in parts:
                if len(part) >= SHORTEST:
                    np.maximum(weight, PART * _weigh(vocabulary.forms(part), mirror, mask), out=weight)
    shares: Floats = weight / (weight + np.float32(SATURATION))
    return shares


def _weigh(codes: Weights, mirror: Mirror, mask: Mask) -> Floats:
    slots, weights = mirror.postings.find(codes)
    summed = np.bincount(slots, weights, minlength=mirror.size).astype(np.float32)
    summed[~mask] = 0
    return summed

"""From a query to the rows that match it, how well, and what else may have been meant.

First what was typed is taken at its word: forms of each word, other spellings, compounds with it, compounds taken
apart. A word that nothing has is replaced by its nearest neighbours. Where no row, or few rows, have all words, those
with most of them follow.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np
from django.db import connection

from search.columns import Mask
from search.danish import STOP_WORDS, stem
from search.mirror import Mirror
from search.postings import Floats
from search.query import Clause, Query, Term
from search.vocabulary import Weights

SATURATION = 6.0
"""The weight in a row at which a word counts half of what it can: more of the same says less and less."""
APART = 0.45
"""What the parts of a compound say when they stand apart, against the compound."""
MANY, FEW = 3, 5
"""With so many words, and so few rows that have them all, rows with most of the words follow."""
HALF = 0.45
"""The share of what a query says that a row has to have, when no row has all of it."""
RARE = 10
"""Rows with a compound from which on it is enough, and rows that only have its parts are left alone."""
TOGETHER = 0.9
"""What two words say when they are written as one."""
MISSPELT = (1.0, 0.7, 0.45, 0.25)
"""What a word counts that differs in 0, 1, 2, 3 letters from a misspelt one."""
BEGUN = 0.6
"""What a word counts that only begins as typed."""
MOST_NEAR = 12
MOST_MISSPELT = 4
"""Misspelt words of a query that are corrected; whoever misspells more is no person."""
MOST_TRIED = 6
"""Places at which a compound is tried for a misspelt part."""
PHRASE = 2.0
"""How much more a phrase says than its rarest word."""


@dataclass
class Match:
    """What a query gives on one mirror: which rows, how well, which words to mark, and how it was read."""

    mask: Mask
    scores: Floats
    hits: set[str] = field(default_factory=set)
    corrected: dict[str, str] = field(default_factory=dict)
    """Typed word → the word that was looked for instead, where nothing had the typed one."""
    relaxed: bool = False
    """Whether rows came that lack some of the words; they follow the `complete` ones."""
    complete: int = 0
    """How many rows of a relaxed match have all the words."""


@dataclass
class _Concept:
    """One term: per slot, how much the row says of it; 0 where it says nothing."""

    term: Term
    weight: Floats
    codes: Weights
    known: bool
    """Whether the word itself, a form of it or a compound with it stands anywhere."""
    instead: str = ""


class Matcher:
    """Answers queries on one mirror, within the rows of `base` (live ones of the kinds that a list has)."""

    def __init__(
        self,
        mirror: Mirror,
        base: Mask,
        *,
        phrases: Callable[[list[int], list[str]], list[list[int]]] | None = None,
    ) -> None:
        self.mirror = mirror
        self.base = base
        self.phrases = phrases or _with_phrases
        self.words = mirror.vocabulary

    def match(self, query: Query) -> Match:
        """The rows that match. No clause matches nothing."""
        self._look_up_phrases(query)
        found = Match(np.zeros(self.mirror.size, np.bool_), np.zeros(self.mirror.size, np.float32))
        for clause in query.clauses:
            one = self._clause(clause)
            found.mask |= one.mask
            np.maximum(found.scores, one.scores, out=found.scores)
            found.hits |= one.hits
            found.corrected |= one.corrected
            found.relaxed |= one.relaxed
            found.complete += one.complete
        return found

    # -- a clause -------------------------------------------------------------

    def _clause(self, clause: Clause) -> Match:
        allowed = self.base.copy()
        for term in clause.excluded:
            allowed &= self._without(term)
        if not clause.required:
            return Match(allowed, np.zeros(self.mirror.size, np.float32))
        concepts = [self._ready.get(term) or self._concept(term) for term in clause.required]
        self._join_neighbours(concepts)
        unknown = [n for n, c in enumerate(concepts) if not c.known and not c.term.is_phrase]
        for n in unknown[:MOST_MISSPELT]:
            concepts[n] = self._misspelt(concepts[n])
        whole = mask = self._all_of(concepts, allowed)
        if len(concepts) > 1 and np.count_nonzero(whole) < (FEW if len(concepts) >= MANY else 1):
            mask = whole | self._most_of(concepts, allowed)
        scores = self._scores(concepts, mask)
        if relaxed := bool(np.count_nonzero(mask) > np.count_nonzero(whole)):
            scores[whole] += 10 * len(concepts)  # rows with all the words come first
        return Match(
            mask,
            scores,
            {self.words.words[code] for c in concepts for code in c.codes},
            {c.term.typed: c.instead for c in concepts if c.instead},
            relaxed,
            int(np.count_nonzero(whole)) if relaxed else 0,
        )

    @staticmethod
    def _all_of(concepts: Sequence[_Concept], allowed: Mask) -> Mask:
        mask = allowed.copy()
        for concept in concepts:
            mask &= concept.weight > 0
        return mask

    def _most_of(self, concepts: Sequence[_Concept], allowed: Mask) -> Mask:
        """The rows with half of the words or more, a rare word counting more than a common one; phrases cannot be done
        without.
        """
        mask = allowed.copy()
        told = np.zeros(len(allowed), np.float32)
        loose = [c for c in concepts if not c.term.is_phrase]
        most = sum(self._rarity(c) for c in loose)
        for concept in concepts:
            if concept.term.is_phrase:
                mask &= concept.weight > 0
            else:
                told[concept.weight > 0] += self._rarity(concept)
        if not loose:
            return mask
        mask &= told > 0  # a row that has none of the words answers nothing
        half = mask & (told >= most * HALF)
        return half if half.any() else mask

    def _rarity(self, concept: _Concept) -> float:
        """What the word says by being there: much when few rows have it (BM25's inverse document frequency)."""
        total, has = int(np.count_nonzero(self.base)), int(np.count_nonzero(concept.weight))
        return max(math.log(1 + (total - min(has, total) + 0.5) / (has + 0.5)), 0.05) if has else 0.0

    def _scores(self, concepts: Sequence[_Concept], mask: Mask) -> Floats:
        """BM25's sum over the words: rare ones say more, and repeating says less and less."""
        scores = np.zeros(self.mirror.size, np.float32)
        for concept in concepts:
            share = concept.weight / (concept.weight + np.float32(SATURATION))
            scores += np.float32(self._rarity(concept)) * share
        scores[~mask] = 0
        return scores

    # -- a term ---------------------------------------------------------------

    def _weigh(self, codes: Weights) -> Floats:
        """Per slot, the sum of what these words weigh there, within the base."""
        slots, weights = self.mirror.postings.find(codes)
        summed = np.bincount(slots, weights, minlength=self.mirror.size).astype(np.float32)
        summed[~self.base] = 0
        return summed

    def _concept(self, term: Term) -> _Concept:
        if term.is_phrase:
            return self._phrase(term)
        if len(term.words) == 1:
            return self._word(term, term.words[0])
        # it-system: as one word, or its parts in the same row
        concept = self._word(term, "".join(term.words))
        self._add_apart(concept, list(term.words), worth=TOGETHER)
        return concept

    def _word(self, term: Term, word: str) -> _Concept:
        codes = self.words.forms(word)
        for code, share in self.words.compounds(word).items():
            codes.setdefault(code, share)
        weight = self._weigh(codes)
        concept = _Concept(term, weight, codes, known=bool(weight.any()))
        if len(word) >= 7 and np.count_nonzero(concept.weight) < RARE:
            for apart in self.words.split(word):
                self._add_apart(concept, apart, worth=APART)
        return concept

    def _add_apart(self, concept: _Concept, apart: list[str], *, worth: float) -> None:
        """Let rows count that have all the parts of a compound, each by itself."""
        forms = {part: self.words.forms(part) for part in apart}
        weight, codes = self._together([own for part, own in forms.items() if own or part not in STOP_WORDS])
        if weight.any():
            np.maximum(concept.weight, weight * np.float32(worth), out=concept.weight)
            concept.codes = {**codes, **concept.codes}

    def _together(self, words: Sequence[Weights]) -> tuple[Floats, Weights]:
        """(per slot what the one of several words that says least there weighs, the codes of all of them)."""
        if not words:
            return np.zeros(self.mirror.size, np.float32), {}
        codes: Weights = {}
        for one in words:
            codes |= one
        return np.minimum.reduce([self._weigh(one) for one in words]), codes

    def _join_neighbours(self, concepts: list[_Concept]) -> None:
        """Two words in a row may be one: »syge fravær« finds sygefravær."""
        for left, right in pairwise(concepts):
            if left.term.is_phrase or right.term.is_phrase:
                continue
            joined: Weights = {}
            first, last = "".join(left.term.words), "".join(right.term.words)
            for start in dict.fromkeys((first, f"{first}s", f"{first}e", stem(first))):
                for code, share in self.words.forms(start + last, as_typed=True).items():
                    joined.setdefault(code, share * TOGETHER)
            if not joined:
                continue
            weight = self._weigh(joined)
            for concept in (left, right):
                np.maximum(concept.weight, weight, out=concept.weight)
                concept.codes = {**joined, **concept.codes}
                concept.known |= bool(weight.any())

    def _without(self, term: Term) -> Mask:
        """The rows that do not have the word in any form, or the phrase."""
        if term.is_phrase:
            return ~(self._phrase(term).weight > 0)
        has = self._weigh(self.words.forms("".join(term.words))) > 0
        if len(term.words) > 1:
            has |= self._together([self.words.forms(word) for word in term.words])[0] > 0
        return ~has

    # -- phrases --------------------------------------------------------------

    def _phrase(self, term: Term) -> _Concept:
        """Words in a row, exactly as written."""
        weight, codes = self._rows_of_words(term)
        if len(term.words) > 1:
            weight[~self._phrases[term.words]] = 0
        return _Concept(term, weight * np.float32(PHRASE), codes, known=True)

    def _rows_of_words(self, term: Term) -> tuple[Floats, Weights]:
        """The rows that have all words of a phrase, with the weight of the one that says least there. Of small words
        nothing is known but titles, so a phrase of nothing else may stand anywhere.
        """
        telling = [word for word in term.words if word not in STOP_WORDS]
        if not telling and len(term.words) > 1:
            return self.base.astype(np.float32), {}
        return self._together([self.words.exactly(word) for word in dict.fromkeys(telling or term.words)])

    def _look_up_phrases(self, query: Query) -> None:
        """Ask PostgreSQL in which rows the query's phrases stand: in one look at the rows that have their words."""
        self._phrases: dict[tuple[str, ...], Mask] = {}
        self._ready: dict[Term, _Concept] = {}
        terms = {
            term.words: term
            for clause in query.clauses
            for term in (*clause.required, *clause.excluded)
            if term.is_phrase and len(term.words) > 1
        }
        if not terms:
            return
        possible = {words: self._rows_of_words(term)[0] > 0 for words, term in terms.items()}
        if len(query.clauses) == 1:
            # Only rows with all the other words matter, if there are any.
            others = self.base.copy()
            for term in query.clauses[0].required:
                if term.is_phrase and term.words in possible:
                    others &= possible[term.words]
                else:
                    self._ready[term] = self._concept(term)  # the clause takes it from here
                    others &= self._ready[term].weight > 0
            if others.any():
                possible = {words: rows & others for words, rows in possible.items()}
        asked = np.logical_or.reduce(list(possible.values()))
        ids = self.mirror.ids[asked].tolist()
        texts = [f" {' '.join(words)} " for words in terms]
        stands = self.phrases(ids, texts) if ids else [[] for _text in texts]
        for words, there in zip(terms, stands, strict=True):
            self._phrases[words] = possible[words] & np.isin(self.mirror.ids, there)

    # -- near misses -----------------------------------------------------------

    def _misspelt(self, concept: _Concept) -> _Concept:
        """The term with the words that it may be a slip of; what it already found stays."""
        word = "".join(concept.term.words)
        near = [row for row in self.nearest(word) if row[0] not in concept.codes]
        if concept.weight.any():
            near = [row for row in near if row[1] <= 1]  # its parts have been found already
        if near:
            codes = {code: MISSPELT[distance] for code, distance, _n in near}
            instead = self.words.words[near[0][0]]
            for code, share in (self.words.compounds(instead) | self.words.forms(instead)).items():
                codes.setdefault(code, share * MISSPELT[near[0][1]])
        else:
            begun = self.words.beginning(word, most=40) if len(word) >= 4 else []
            codes, instead = dict.fromkeys(begun, BEGUN), ""
            if not begun:
                return concept if concept.weight.any() else self._misspelt_part(concept, word)
        weight = np.maximum(concept.weight, self._weigh(codes))
        return replace(
            concept, weight=weight, codes={**codes, **concept.codes}, instead=instead if weight.any() else ""
        )

    def _misspelt_part(self, concept: _Concept, word: str) -> _Concept:
        """A compound of which one part is misspelt: borgerindragelse → borger, inddragelse."""
        ways: list[tuple[int, int, list[str]]] = []
        tried = 0
        for cut in range(4, len(word) - 3):
            for known, other, first in ((word[:cut], word[cut:], True), (word[cut:], word[:cut], False)):
                if len(other) < 5 or tried >= MOST_TRIED or not self._exists(known):
                    continue
                tried += 1
                for code, distance, _n in self.nearest(other, most=1):
                    right = self.words.words[code]
                    ways.append((distance, -len(known), [known, right] if first else [right, known]))
        ways = [way for way in ways if way[0] <= 2]
        if ways:
            distance, _length, apart = min(ways, key=lambda way: way[:2])
            self._add_apart(concept, apart, worth=MISSPELT[distance])
            if concept.weight.any():
                concept.instead = " ".join(apart)
        return concept

    def _exists(self, word: str) -> bool:
        codes = list(self.words.forms(word))
        return bool(codes) and bool(self.mirror.postings.frequencies(codes, self.base))

    def nearest(self, word: str, *, most: int = MOST_NEAR) -> list[tuple[int, int, int]]:
        """(code, letters that differ, number of rows) of the words in use that are nearest, the best first."""
        near = self.words.near(word)
        counted = self.mirror.postings.frequencies([code for code, _d in near], self.base)
        usable = [(code, distance, counted[code]) for code, distance in near if code in counted]
        if not usable:
            return []
        closest = min(distance for _c, distance, _n in usable)

        def key(row: tuple[int, int, int]) -> tuple[int, bool, int]:
            code, distance, number = row
            return distance, self.words.words[code][:1] != word[:1], -number

        return sorted((row for row in usable if row[1] <= max(closest, 1)), key=key)[:most]


def _with_phrases(ids: list[int], phrases: list[str]) -> list[list[int]]:
    """For each phrase (words in `normal` form between spaces), those of the documents in which it stands."""
    found = ", ".join(["array_agg(id) FILTER (WHERE strpos(plain, %s) > 0)"] * len(phrases))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {found} FROM search_document WHERE id = ANY(%s) AND visible",  # noqa: S608 - only placeholders
            [*phrases, ids],
        )
        row: tuple[list[int] | None, ...] = cursor.fetchone()
    return [there or [] for there in row]

"""The words that are in use, and which of them somebody may mean: forms, spellings, compounds, near misses.

A vocabulary only grows: a word that no visible row has any more stays in it, and matters to nobody, because what a
word finds is always asked of the postings.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from search.danish import (
    LINKS,
    MAX_WORD,
    STOP_WORDS,
    UNDIVIDED,
    changed_forms,
    is_derived,
    loose,
    spelt_out,
    stem,
    trimmed,
)

Weights = dict[int, float]
"""Word codes with how well each fits what was asked for, from 0 to 1."""

INFLECTED, LOOSE, LOOSE_INFLECTED, DERIVED = 0.95, 0.9, 0.85, 0.7
HEAD, MODIFIER, INSIDE = 0.6, 0.5, 0.4
UNKNOWN_REST = 0.5
"""What a compound is worth whose other part is a word of nobody's, as a share of one whose parts are known."""
SHORTEST_PART = 3
SHORTEST_KEY = 4
MOST_COMPOUNDS = 2000
VOWELS = frozenset("aeiouyæøå")


class _Lines:
    """Words in one text, a line each, so that looking for letters inside all of them is one search."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self._text: tuple[str, list[int]] = ("\n", [])
        """The text and where each line begins; replaced as a whole when words have come."""

    def find(self, letters: str, most: int) -> list[int]:
        """The places of at most so many words that have these letters in a row; a line break is the edge of a word."""
        text, starts = self._text
        if len(starts) < len(self.words):
            text, starts = self._grown(text, starts)
        found: dict[int, None] = {}
        at = text.find(letters)
        while at >= 0 and len(found) < most:
            found[bisect_right(starts, at + (letters[0] == "\n")) - 1] = None
            at = text.find(letters, at + 1)
        return list(found)

    def _grown(self, text: str, starts: list[int]) -> tuple[str, list[int]]:
        new = self.words[len(starts) :]
        starts, at = starts.copy(), len(text)
        for word in new:
            starts.append(at)
            at += len(word) + 1
        self._text = (text + "\n".join(new) + "\n", starts)
        return self._text


class Vocabulary:
    """Words in `normal` form with their codes, and the ways to find them."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.loose: list[str] = []
        self._codes: dict[str, int] = {}
        self._by_stem: dict[str, tuple[int, ...]] = {}
        self._by_loose: dict[str, tuple[int, ...]] = {}
        self._stems_by_loose: dict[str, tuple[str, ...]] = {}
        self._loose_of_length: dict[int, list[str]] = {}
        self._stems_of_length: dict[int, list[str]] = {}
        self._lines, self._loose_lines = _Lines(self.words), _Lines(self.loose)

    def __len__(self) -> int:
        return len(self.words)

    def copy(self) -> Vocabulary:
        """One that can grow without this one knowing; values are never changed in place, so it is a shallow copy."""
        other = Vocabulary()
        other.words, other.loose = self.words.copy(), self.loose.copy()
        other._lines, other._loose_lines = _Lines(other.words), _Lines(other.loose)
        other._codes, other._by_stem = self._codes.copy(), self._by_stem.copy()
        other._loose_of_length = {n: words.copy() for n, words in self._loose_of_length.items()}
        other._stems_of_length = {n: words.copy() for n, words in self._stems_of_length.items()}
        other._by_loose, other._stems_by_loose = self._by_loose.copy(), self._stems_by_loose.copy()
        return other

    def codes(self, words: Iterable[str]) -> list[int]:
        """The code of each word; new words are added. The caller holds the mirror's lock, or the only reference."""
        known = self._codes
        return [code if (code := known.get(word)) is not None else self._add(word) for word in words]

    def _add(self, word: str) -> int:
        code = len(self.words)
        bare, root = loose(word), stem(word)
        self.words.append(word)
        self.loose.append(bare)
        self._by_stem[root] = (*self._by_stem.get(root, ()), code)
        self._by_loose[bare] = (*self._by_loose.get(bare, ()), code)
        bare_root = loose(root)
        roots = self._stems_by_loose.get(bare_root)
        if roots is None or root not in roots:
            self._stems_by_loose[bare_root] = (*(roots or ()), root)
        if roots is None:
            self._stems_of_length.setdefault(len(bare_root), []).append(bare_root)
        if len(self._by_loose[bare]) == 1:
            self._loose_of_length.setdefault(len(bare), []).append(bare)
        self._codes[word] = code  # last: whoever finds the code finds the rest
        return code

    def __contains__(self, word: str) -> bool:
        return word in self._codes

    def exactly(self, word: str) -> Weights:
        """The word in this one form; empty when unknown."""
        return {self._codes[word]: 1.0} if word in self._codes else {}

    # -- the word itself -----------------------------------------------------

    def forms(self, word: str, *, as_typed: bool = False) -> Weights:
        """The word and its other forms; empty when unknown. A word that is not known as it stands may have been typed
        without æ, ø and å, unless it is to be taken `as_typed`.
        """
        found: Weights = {}
        derived = is_derived(word)

        def add(codes: Iterable[int], weight: float) -> None:
            for code in codes:
                known = self.words[code]
                if known in STOP_WORDS and known != word:
                    continue  # »till« is no form of »til«
                worth = weight
                if known != word and is_derived(known) != derived:
                    if len(stem(known)) <= 3:
                        continue  # »led« is no form of »ledelse«
                    worth *= DERIVED
                found[code] = max(worth, found.get(code, 0))

        for spelling in dict.fromkeys((word, spelt_out(word))):
            if (code := self._codes.get(spelling)) is not None:
                add([code], 1.0)
            add(self._by_stem.get(stem(spelling), ()), INFLECTED)
        if not found and not as_typed and word.isascii() and len(word) > 2:
            bare = loose(word)
            for code in self._by_loose.get(bare, ()):
                add([code], LOOSE)
                add(self._by_stem.get(stem(self.words[code]), ()), LOOSE_INFLECTED)
            for root in self._stems_by_loose.get(loose(stem(word)), ()):
                add(self._by_stem[root], LOOSE_INFLECTED)
        return found

    # -- compounds -----------------------------------------------------------

    def compounds(self, word: str) -> Weights:
        """Words that `word` is a part of: fravær → sygefravær, tillid → tillidsreform."""
        own = self.forms(word)
        keys = self._keys(word, own)
        whole = tuple(w for w in {word, *(self.words[code] for code in own)} if len(w) >= 5)
        found: Weights = {}
        for key in keys:
            for code in self._lines.find(key, MOST_COMPOUNDS):
                if code in own or self.words[code] in UNDIVIDED:
                    continue
                weight = self._weigh(self.words[code], key, whole)
                if weight > found.get(code, 0):
                    found[code] = weight
        return found

    def _keys(self, word: str, own: Weights) -> list[str]:
        """How `word` may stand inside a compound: itself, its forms, and these without their endings."""
        keys = set()
        least, start = max(5, len(word) - 3), word[: len(word) - 3]
        alike = {known for code in own if len(known := self.words[code]) >= least and known.startswith(start)}
        changed = {form for form in changed_forms(word) if form in self._codes}
        for form in {word, *alike, *changed}:
            for key in trimmed(form):
                plain = len(key) >= 6 or (len(key) == 5 and key.endswith("e"))  # bande·r
                if plain or key == form or key in self._codes:
                    keys.add(key)
        long = [key for key in keys if len(key) >= SHORTEST_KEY]
        # A key inside another finds all that the other finds.
        return [k for k in long if not any(other != k and other in k for other in long)]

    def _weigh(self, compound: str, key: str, whole: tuple[str, ...]) -> float:
        """How good a compound of `key` a word is: 0 when it only happens to have these letters."""
        best = 0.0
        at = compound.find(key)
        while at >= 0:
            before, after = compound[:at], compound[at + len(key) :]
            # Only a whole word is believed beside what is no word; and only where it is most of the compound.
            lenient = 2 * len(key) >= len(compound) - 2 and compound.startswith(whole, at)
            left = self._fits(before, first=True, lenient=lenient)
            right = self._fits(after, first=False, lenient=lenient)
            if after.startswith(key[-1] + "e"):  # skat·te·center
                right = max(right, self._fits(after[2:], first=False, lenient=lenient))
            if before and len(key) <= 4 and len(before) < 4:
                left = 0.0  # sam·lede: too few letters to be sure of
            if left and right:
                # An ending is no part: sygefravær·et is a compound of two.
                ended = not after or after in _ENDED
                place = INSIDE if before and not ended else HEAD if before else LOOSE if ended else MODIFIER
                best = max(best, place * min(left, right))
            at = compound.find(key, at + 1)
        return best

    def _fits(self, rest: str, *, first: bool, lenient: bool) -> float:
        """How sure it is that what is left of a compound is a word: 1, UNKNOWN_REST, or 0."""
        if not rest or (not first and rest in _ENDED):
            return 1.0
        if len(rest) < SHORTEST_PART:
            return 0.0
        if self._known_before(rest) if first else self._known_after(rest):
            return 1.0
        return UNKNOWN_REST if lenient and not VOWELS.isdisjoint(rest) else 0.0

    def _known(self, word: str) -> bool:
        return word in self._codes or stem(word) in self._by_stem

    def _known_before(self, rest: str) -> bool:
        return any(self._known(p) for p in _unlinked_end(rest)) or self._two(rest)

    def _known_after(self, rest: str) -> bool:
        return any(self._known(p) for p in _unlinked_start(rest)) or self._two(rest)

    def _two(self, rest: str) -> bool:
        """Whether it is a compound of two words itself."""
        return len(rest) >= 8 and any(
            self._known(rest[n:]) and any(self._known(p) for p in _unlinked_end(rest[:n]))
            for n in range(4, len(rest) - 3)
        )

    def split(self, word: str, *, most: int = 2) -> list[list[str]]:
        """The ways to see `word` as a compound of words that are in use, the likeliest first; none when it is not."""
        found: list[tuple[tuple[int, int], list[str]]] = []
        for cut in range(SHORTEST_PART, len(word) - SHORTEST_PART + 1):
            head = word[cut:]
            if head in STOP_WORDS or not self.forms(head, as_typed=len(head) < 6):
                continue
            for before in _unlinked_end(word[:cut]):
                if before in STOP_WORDS:
                    continue
                if self.forms(before, as_typed=len(before) < 6):
                    found.append(((2, -min(len(before), len(head))), [before, head]))
                    break
                if len(before) >= 8 and (deeper := self._cut(before)):
                    found.append(((3, -min(map(len, [*deeper, head]))), [*deeper, head]))
        return [parts for _rank, parts in sorted(found)[:most]]

    def _cut(self, word: str) -> list[str]:
        for cut in range(4, len(word) - 3):
            if self.forms(word[cut:]):
                for before in _unlinked_end(word[:cut]):
                    if self.forms(before):
                        return [before, word[cut:]]
        return []

    def beginning(self, prefix: str, *, most: int = MOST_COMPOUNDS) -> list[int]:
        """The codes of words that begin so; typed without æ, ø and å, also of those that would begin so with them."""
        if prefix.isascii():
            return self._loose_lines.find("\n" + loose(prefix), most)
        return self._lines.find("\n" + prefix, most)

    # -- near misses -----------------------------------------------------------

    def near(self, word: str, *, most: int = 100) -> list[tuple[int, int]]:
        """(code, letters that differ) of the words nearest to a misspelt one, nearest first; both without æ, ø, å.

        Compared are words with words and stems with stems, so that a slip is seen through an ending. One letter may
        differ in words of 4 to 6, two in longer ones, three from 12; where more than one differs, or in the shortest
        words, the first letter has to be right (optimal string alignment distance: insert,
        delete, replace, swap neighbours).
        """
        word = word[:MAX_WORD]
        found: dict[int, int] = {}
        for bare, known, codes_of in (
            (loose(word), self._loose_of_length, self._of_loose),
            (loose(stem(word)), self._stems_of_length, self._of_stems),
        ):
            allowed = _allowed(bare)
            for length in range(len(bare) - allowed, len(bare) + allowed + 1) if allowed else ():
                for text, distance, _place in process.extract(
                    bare, known.get(length, ()), scorer=OSA.distance, score_cutoff=allowed, limit=most
                ):
                    if text[0] != bare[0] and (distance > 1 or len(bare) < 5):
                        continue
                    for code in codes_of(text):
                        found[code] = min(int(distance), found.get(code, allowed))
        return sorted(found.items(), key=lambda item: item[1])[:most]

    def _of_loose(self, bare: str) -> Iterable[int]:
        return self._by_loose[bare]

    def _of_stems(self, bare: str) -> Iterable[int]:
        return [code for root in self._stems_by_loose[bare] for code in self._by_stem[root]]


def _allowed(word: str) -> int:
    """How many letters of a word may be wrong."""
    return 0 if len(word) < 4 else 1 if len(word) < 7 else 2 if len(word) < 12 else 3


_ENDED = frozenset(
    """
    e en et er n r s t ne ns rs es ets ens ers erne ene ernes enes rne rnes nes ede ende ing ingen
    """.split()  # noqa: SIM905 - words are easier to read so
)
"""What may follow a word without making another of it."""


def _unlinked_end(text: str) -> list[str]:
    """`text` as the first part of a compound: itself and what is left without a joining letter."""
    return [
        text,
        *(text[: -len(k)] for k in LINKS if text.endswith(k) and len(text) - len(k) >= SHORTEST_PART),
    ]


def _unlinked_start(text: str) -> list[str]:
    """`text` as what follows a part: itself and what is left without a joining letter."""
    return [
        text,
        *(text[len(k) :] for k in LINKS if text.startswith(k) and len(text) - len(k) >= SHORTEST_PART),
    ]

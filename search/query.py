"""What somebody typed, as words, phrases, minus and `eller`. Any input is a search; none is an error."""

from __future__ import annotations

import re
from dataclasses import dataclass

from search.danish import STOP_WORDS, parts, tokens

MAX_LENGTH = 300
"""Characters of a query that are looked at; nobody types more, and machines that do get an answer as fast."""
MAX_TERMS = 24
"""Words and phrases of a query that are looked at."""
MAX_PHRASES = 3
"""Phrases of a query that are looked for as such; the words of more are looked for one by one."""

_ODD = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ue000\ue001\ufffd-\uffff]"
)
_PIECES = re.compile(
    r"""(?P<minus>(?<!\S)[-−–](?=["\w»“”]))?  # a minus at the beginning of a word or a phrase
    (?:["»“”](?P<phrase>[^"«»“”]*)(?:["«“”]|$)  # a phrase; quotes that never close go on to the end
    |(?P<word>[^\s"»“”«]+))""",
    re.VERBOSE,
)
_OR = ("eller", "or")


def clean(text: str) -> str:
    """`text` without control characters and lone surrogates, white space folded, at most MAX_LENGTH long."""
    text = text[: MAX_LENGTH * 4].encode("utf-8", "ignore").decode("utf-8")
    return re.sub(r"\s+", " ", _ODD.sub(" ", text)).strip()[:MAX_LENGTH].strip()


@dataclass(frozen=True)
class Term:
    """One word of a query, or several in a row: a phrase is found as it stands."""

    words: tuple[str, ...]
    typed: str
    is_phrase: bool = False


@dataclass(frozen=True)
class Clause:
    """What has to be there, and what must not."""

    required: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Query:
    """Any of the clauses is enough. No clause: there is nothing to look for."""

    clauses: tuple[Clause, ...] = ()


def parse(q: str) -> Query:
    """The query language: words joined by AND, "phrases", -word, `eller` (or `or`) between what is enough alone.

    A hyphen, an apostrophe or a dot inside a word keeps it one term of several words (it-system). Words that nearly
    every text has (og, i, til) are left out, unless there is nothing else.
    """
    clauses: list[Clause] = []
    required: list[Term] = []
    excluded: list[Term] = []
    number = phrases = 0

    def close() -> None:
        if required or excluded:
            telling = [t for t in required if t.is_phrase or any(w not in STOP_WORDS for w in t.words)]
            clauses.append(Clause(tuple(dict.fromkeys(telling or required)), tuple(dict.fromkeys(excluded))))
        required.clear()
        excluded.clear()

    for piece in _PIECES.finditer(clean(q)):
        phrase, word = piece["phrase"], piece["word"]
        if word is not None and not piece["minus"] and word.lower() in _OR:
            close()
            continue
        if phrase is not None:
            found = tuple(w for token in tokens(phrase) for w in parts(token)[0])
            phrases += bool(found)
            if phrases <= MAX_PHRASES:
                terms = [Term(found, phrase.strip(), True)] if found else []
            else:
                terms = [Term((w,), w) for w in found]
        else:
            terms = [Term(tuple(parts(t)[0]), t) for t in tokens(word) if parts(t)[0]]
        for term in terms[: MAX_TERMS - number]:
            number += 1
            (excluded if piece["minus"] else required).append(term)
    close()
    return Query(tuple(clauses))

"""What a page without results can offer: how the query was read, the nearest words, and each word by itself."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from search.danish import stem
from search.matching import Matcher
from search.query import Clause, Query, Term, parse
from search.selection import Selection

MOST = 6


@dataclass(frozen=True)
class Way:
    """Another query, and how many results it gives."""

    q: str
    count: int


def understood(q: str) -> str:
    """How a query was read, as one sentence: »tillid« og vendingen »i drift«, men uden »møder«."""
    return _(", eller ").join(filter(None, map(_clause, parse(q).clauses)))


def _clause(clause: Clause) -> str:
    said = _(" og ").join(map(_term, clause.required)) or _("alt")
    if clause.excluded:
        without = _(" og ").join(map(_term, clause.excluded))
        return _("%(words)s, men uden %(without)s") % {"words": said, "without": without}
    return said


def _term(term: Term) -> str:
    if term.is_phrase and len(term.words) > 1:
        return _("vendingen »%(words)s«") % {"words": term.typed}
    if term.is_phrase:
        return _("ordet »%(word)s« i netop den form") % {"word": term.typed}
    return f"»{term.typed}«"


def nearest_words(q: str, rows: Selection) -> list[Way]:
    """Words of `rows` that look like those of the query which nothing has; most results first."""
    matcher = Matcher(rows.mirror, rows.mask)
    ways: dict[str, int] = {}
    stems: set[str] = set()
    for term in _terms(q):
        for code, _distance, _n in matcher.nearest("".join(term.words), most=MOST):
            word = matcher.words.words[code]
            if word not in term.words and stem(word) not in stems:
                stems.add(stem(word))  # one form of each word is enough
                ways.setdefault(word, rows.search(word).count)
    return _sorted(ways)


def words_alone(q: str, rows: Selection) -> list[Way]:
    """Each word of a query of several, by itself; those that give something, most results first."""
    terms = _terms(q)
    if len(terms) < 2:
        return []
    return _sorted({term.typed: Selection.search(rows, term.typed).count for term in terms[:MOST]})


def _terms(q: str) -> list[Term]:
    parsed: Query = parse(q)
    found = [term for clause in parsed.clauses for term in clause.required]
    return list(dict.fromkeys(t for t in found if not t.is_phrase or len(t.words) == 1))[:MOST]


def _sorted(ways: dict[str, int]) -> list[Way]:
    return sorted((Way(q, n) for q, n in ways.items() if n), key=lambda way: (-way.count, way.q))[:MOST]

"""Writing search documents. Owners of searchable rows call `put`; search itself knows no content."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from search.danish import STOP_WORDS, parts, tokens
from search.models import Document
from search.postings import packed

FIELDS: dict[str, tuple[float, float, float]] = {
    "title": (7.0, 0.3, 8),
    "summary": (3.0, 0.4, 30),
    "keywords": (3.0, 0.2, 10),
    "names": (2.5, 0.2, 8),
    "body": (1.0, 0.6, 250),
}
"""Field → what a word in it says, how much a long field takes away from that (0 to 1), and its usual length in words.

As in BM25F (Robertson and Zaragoza, »The Probabilistic Relevance Framework: BM25 and Beyond«, 2009): a word's weight in
a row is the sum over the fields of weight · number / (1 - b + b · length / usual length).
"""
_KEYS = ("content_id", "workplace_id")


def put(**fields: Any) -> None:
    """Write or replace the document of one row.

    Give exactly one of content_id and workplace_id, and what search.models.Document holds: kind, title, summary,
    keywords, names, body, sectors, subject_areas, tags, values, innovation_types, status, area, years, reuse_count,
    published_at, visible, slug, owner, closed_year. A field that is left out is emptied, so that a value taken away
    cannot be found any more.
    """
    row = _document(fields)
    key = {name: value for name in _KEYS if (value := getattr(row, name)) is not None}
    Document.objects.update_or_create(**key, defaults={name: getattr(row, name) for name in _columns()})


def put_many(rows: Iterable[dict[str, Any]]) -> None:
    """What `put` does, for many content rows in a few queries. Each is given with its content_id."""
    Document.objects.bulk_create(
        [_document(fields) for fields in rows],
        update_conflicts=True,
        unique_fields=["content"],
        update_fields=_columns(),
        batch_size=500,
    )


def _document(fields: dict[str, Any]) -> Document:
    if sum(fields.get(name) is not None for name in _KEYS) != 1:
        raise ValueError("A search document belongs to one row: give content_id or workplace_id.")
    row = Document(**{k: v.replace("\x00", "") if isinstance(v, str) else v for k, v in fields.items()})
    read = read_texts({name: str(getattr(row, name)) for name in FIELDS})
    row.words, row.weights, row.plain = " ".join(read.weights), list(read.weights.values()), read.plain
    return row


def _columns() -> list[str]:
    """The columns that a document is given; the others are keys, or the database's own."""
    return [
        field.name
        for field in Document._meta.concrete_fields
        if not (field.primary_key or field.generated or field.is_relation or field.name == "changed")
    ]


@dataclass(frozen=True)
class Read:
    """What the texts of a row say: every word with its weight as postings store it, and all words in order."""

    weights: dict[str, int]
    plain: str


def read_texts(texts: dict[str, str]) -> Read:
    """Read a row, given as {field: text}. Stop words count in titles only. A word with a hyphen counts as its parts
    and as what they make together.
    """
    weights: dict[str, float] = {}
    in_title: set[str] = set()
    plain: list[str] = []
    for name, (weight, b, usual) in FIELDS.items():
        in_order: list[str] = []
        joined_words: list[str] = []
        for token in tokens(texts.get(name, "")):
            pieces, joined = parts(token)
            in_order += pieces
            if joined:
                joined_words.append(joined)
        plain.append(f" {' '.join(in_order)} ")
        counted = Counter(in_order + joined_words)
        if name == "title":
            in_title.update(counted)
        length = len(in_order)
        for word, n in counted.items():
            if word not in STOP_WORDS or word in in_title:
                weights[word] = weights.get(word, 0) + weight * n / (1 - b + b * length / usual)
    stored = {word: packed(weight, in_title=word in in_title) for word, weight in weights.items()}
    return Read(stored, "|".join(plain))

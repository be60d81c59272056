"""How good search is: recall@5 and mean reciprocal rank over queries whose right answers somebody has judged.

A file of judged queries is TOML: a table per query with the query itself, its kind, and the rows that answer it.

    [[query]]
    q = "sygefraværet"
    kind = "bøjning"
    relevant = ["en-adresse", "en-anden"]
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from search.index import read_texts
from search.matching import Matcher
from search.mirror import Mirror
from search.query import parse

FIRST = 5
"""Results that are looked at."""
SECTION = 900
"""Characters of a section, at most; a sentence is not cut."""
SHORTEST = 60


@dataclass(frozen=True)
class Judged:
    """A query and the rows that answer it."""

    q: str
    kind: str
    relevant: frozenset[str]


@dataclass(frozen=True)
class Score:
    """What some queries got: the mean recall@5 (of at most five answers), the mean of 1/place of the first answer."""

    number: int
    recall: float
    reciprocal_rank: float


def load(path: Path) -> list[Judged]:
    """Read judged queries. Raises ValueError for a query without an answer, or twice of a kind."""
    queries = [
        Judged(row["q"], row["kind"], frozenset(row["relevant"]))
        for row in tomllib.loads(path.read_text())["query"]
    ]
    if empty := [j.q for j in queries if not j.relevant]:
        raise ValueError(f"no answer is named for: {', '.join(empty)}")
    if len({(j.q, j.kind) for j in queries}) < len(queries):
        raise ValueError("a query stands twice")
    return queries


def sections(folder: Path) -> dict[str, str]:
    """The texts of a folder (*.txt) cut into sections, by »file:number«.

    Paragraphs end at empty lines, lines beginning with # are remarks, long paragraphs are cut between sentences, and
    what has fewer than SHORTEST characters is left out.
    """
    found: dict[str, str] = {}
    for file in sorted(folder.glob("*.txt")):
        text = re.sub(r"(?m)^#.*$", "", file.read_text())
        number = 0
        for paragraph in re.split(r"\n\s*\n", text):
            for piece in _pieces(" ".join(paragraph.split())):
                if len(piece) >= SHORTEST:
                    number += 1
                    found[f"{file.stem}:{number}"] = piece
    return found


def _pieces(paragraph: str) -> Iterable[str]:
    piece = ""
    for sentence in re.split(r"(?<=[.!?:]) (?=[A-ZÆØÅ•\d])", paragraph):
        if piece and len(piece) + len(sentence) > SECTION:
            yield piece
            piece = ""
        piece = f"{piece} {sentence}".strip()
    yield piece


class Texts:
    """A search over texts that stand nowhere in the database, with the same words, weights and matching."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.names = list(texts)
        read = [read_texts({"body": text}) for text in texts.values()]
        self.plain = [one.plain for one in read]
        rows: list[tuple[Any, ...]] = [
            (number, number, "tekst", "", "", [], [], [], [], [], [], 0, None, "", " ".join(one.weights),
             list(one.weights.values()), 0, 0, 0, math.nan, math.nan)
            for number, one in enumerate(read)
        ]  # fmt: skip
        self.mirror = Mirror().plus(rows)

    def search(self, q: str) -> list[str]:
        """The names of the best FIRST texts."""
        match = Matcher(self.mirror, self.mirror.live, phrases=self._with_phrases).match(parse(q))
        slots = np.flatnonzero(match.mask)
        best = slots[np.argsort(-match.scores[slots], kind="stable")][:FIRST]
        return [self.names[n] for n in best]

    def _with_phrases(self, ids: list[int], phrases: list[str]) -> list[list[int]]:
        return [[n for n in ids if phrase in self.plain[n]] for phrase in phrases]


def judge(
    queries: Iterable[Judged], search: Callable[[str], list[str]]
) -> tuple[dict[str, Score], list[str]]:
    """(Score by kind, and »alle« for all together; a line about each query that did not do perfectly)."""
    recalls: dict[str, list[float]] = defaultdict(list)
    ranks: dict[str, list[float]] = defaultdict(list)
    missed = []
    for judged in queries:
        found = search(judged.q)[:FIRST]
        hits = [place for place, name in enumerate(found, 1) if name in judged.relevant]
        recall = len(hits) / min(FIRST, len(judged.relevant))
        rank = 1 / hits[0] if hits else 0.0
        for kind in (judged.kind, "alle"):
            recalls[kind].append(recall)
            ranks[kind].append(rank)
        if recall < 1 or rank < 1:
            wanted = ", ".join(sorted(judged.relevant - set(found)))
            missed.append(
                f"{judged.kind}: {judged.q} – {recall:.2f}/{rank:.2f}; fandt {found}; mangler {wanted}"
            )
    scores = {
        kind: Score(len(recalls[kind]), float(np.mean(recalls[kind])), float(np.mean(ranks[kind])))
        for kind in [k for k in recalls if k != "alle"] + ["alle"]
    }
    return scores, missed

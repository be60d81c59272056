"""The level that similar ideas reach while one writes, over texts that were judged beforehand; see docs/search.md."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from catalogue.models import Entry
from ideastorm.giving.alike import alike
from ideastorm.models import Idea, Storm
from search import judging
from tests.database_scope import shared_rows
from tests.factories import public_idea, public_storm

PAIRS = Path(judging.__file__).parent / "judged" / "similar.toml"
RECALL, RANK, SHOWN = 0.93, 0.89, 3.0
"""What all texts together reach at least, and how many rows are shown for one at most, on average."""
Measured = tuple[dict[str, judging.Score], list[str], float]


def pairs() -> list[judging.Judged]:
    """Each text (title, a line break, text) with the keys of ideas and addresses of entries that are like it."""
    rows = tomllib.loads(PAIRS.read_text())["query"]
    return [judging.Judged(f"{r['title']}\n{r['text']}", r["kind"], frozenset(r["relevant"])) for r in rows]


def make_storm() -> Storm:
    """A storm with the ideas of the file."""
    storm = public_storm()
    for row in tomllib.loads(PAIRS.read_text())["idea"]:
        idea = {"title": row["title"], "text": row["text"], "summary": row["text"]}
        public_idea(storm=storm, external_id=row["key"], **idea)
    return storm


@pytest.fixture(scope="module")
def measured(django_db_setup: None, django_db_blocker: Any) -> Iterator[Measured]:
    """(scores by kind, what was missed, rows shown for a text on average), over the written content and the storm."""
    with shared_rows(django_db_blocker):
        call_command("load_content", "--demo", verbosity=0)
        storm = make_storm()
        keys = dict(Idea.objects.values_list("pk", "external_id"))
        there = {*keys.values(), *Entry.objects.values_list("slug", flat=True)}
        missing = {key for pair in pairs() for key in pair.relevant} - there
        assert not missing, f"judged, but not there: {missing}"
        shown = []

        def find(written: str) -> list[str]:
            title, _line, text = written.partition("\n")
            found = [row.content for row in alike(storm, title=title, text=text)]
            shown.append(len(found))
            return [keys.get(content.pk) or content.slug or "" for content in found]

        scores, missed = judging.judge(pairs(), find)
        yield scores, missed, sum(shown) / len(shown)


def test_the_level_is_held(db: None, measured: Measured) -> None:
    """All together, and without showing everything."""
    scores, missed, shown = measured
    every = scores["alle"]
    print({kind: (s.number, round(s.recall, 3), round(s.reciprocal_rank, 3)) for kind, s in scores.items()})
    print(round(shown, 2), *missed, sep="\n")  # seen with -s; see docs/search.md
    assert every.number >= 40
    assert every.recall >= RECALL
    assert every.reciprocal_rank >= RANK
    assert shown <= SHOWN

"""The level that search has reached over the portal's own content; see docs/search.md."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from catalogue.models import Entry
from places.models import Workplace
from search import judging
from search.management.commands.judge import search_portal
from tests.database_scope import shared_rows

CONTENT = Path(judging.__file__).parent / "judged" / "content.toml"
SOURCES = CONTENT.with_name("sources.toml")
RECALL, RANK, EACH = 0.95, 0.95, 0.85
"""What all queries together reach at least, and each kind of them in both measures."""


@pytest.fixture(scope="module")
def scores(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[str, judging.Score]]:
    """The scores over the written content."""
    with shared_rows(django_db_blocker):
        call_command("load_content", "--demo", verbosity=0)
        slugs = {
            *Entry.objects.values_list("slug", flat=True),
            *Workplace.objects.values_list("slug", flat=True),
        }
        queries = judging.load(CONTENT)
        missing = {slug for j in queries for slug in j.relevant} - slugs
        assert not missing, f"judged, but not there: {missing}"
        yield judging.judge(queries, search_portal)[0]


def test_the_level_is_held(db: None, scores: dict[str, judging.Score]) -> None:
    """All together, and no kind far below. (`db` lets it run before the tests that empty the database.)"""
    every = scores["alle"]
    assert every.number >= 60
    assert every.recall >= RECALL
    assert every.reciprocal_rank >= RANK
    weak = {kind: s for kind, s in scores.items() if min(s.recall, s.reciprocal_rank) < EACH}
    assert not weak


@pytest.mark.parametrize("path", [CONTENT, SOURCES], ids=lambda path: path.stem)
def test_there_are_enough_queries_of_every_kind(path: Path) -> None:
    """Sixty and more, in eight kinds and more, eight of each."""
    queries = judging.load(path)
    kinds = [j.kind for j in queries]
    assert len(queries) >= 60
    assert len(set(kinds)) >= 8
    assert min(kinds.count(kind) for kind in set(kinds)) >= 8


def test_measures_are_what_they_say() -> None:
    """Recall of at most five, and one over the place of the first answer."""
    queries = [
        judging.Judged("a", "x", frozenset({"1", "2"})),
        judging.Judged("b", "y", frozenset({"9"})),
        judging.Judged("c", "y", frozenset("123456")),
    ]
    answers = {"a": ["3", "1"], "b": ["1"], "c": ["1", "2", "3", "4", "5"]}
    scores, missed = judging.judge(queries, lambda q: answers[q])
    assert scores["x"] == judging.Score(1, 0.5, 0.5)
    assert scores["y"] == judging.Score(2, 0.5, 0.5)
    assert scores["alle"].recall == 0.5
    assert [line[:4] for line in missed] == ["x: a", "y: b"]


def test_texts_are_cut_between_sentences(tmp_path: Path) -> None:
    """Remarks and crumbs are left out; numbers count what is left."""
    (tmp_path / "b.txt").write_text("# Kilde\n\nKort.\n\n" + "En sætning på fyrre tegn i alt, cirka. " * 40)
    cut = judging.sections(tmp_path)
    assert list(cut) == ["b:1", "b:2"]
    assert all(len(text) <= judging.SECTION and text.endswith("cirka.") for text in cut.values())


def test_a_bad_file_is_refused(tmp_path: Path) -> None:
    """A query without an answer, or twice."""
    for text in (
        '[[query]]\nq = "a"\nkind = "x"\nrelevant = []',
        '[[query]]\nq = "a"\nkind = "x"\nrelevant = ["1"]\n' * 2,
    ):
        (tmp_path / "q.toml").write_text(text)
        with pytest.raises(ValueError):
            judging.load(tmp_path / "q.toml")

"""What is one thing in several rows is one result, whatever is hidden meanwhile."""

from __future__ import annotations

import pytest

from editorial.actions import index_workplace
from search.mirror import current
from search.models import Document
from search.selection import Selection
from search.together import Merged, together
from tests.factories import WorkplaceFactory, public_project, public_unit, published

pytestmark = pytest.mark.django_db

KINDS = ("eksempel", "videnscenter", "projekt", "enhed", "arbejdsplads")


def found(q: str = "", **having: list[str]) -> set[str]:
    rows = Merged.of_kinds(KINDS).search(q)
    for column, values in having.items():
        rows = rows.having(column, values)
    return set(Document.objects.filter(pk__in=rows.ids()).values_list("title", flat=True))


def test_an_example_stands_for_the_project_it_came_of() -> None:
    entry = published(title="Morgenmøder for alle")
    public_project(title="Vi prøver morgenmøder", example=entry)
    assert found() == {"Morgenmøder for alle"}
    assert found(kinds=["projekt"]) == {"Morgenmøder for alle"}
    assert found(kinds=["eksempel"]) == {"Morgenmøder for alle"}
    assert Merged.of_kinds(KINDS).counts("kinds") == {"eksempel": 1, "projekt": 1}
    assert Merged.of_kinds(KINDS).counts("kind") == {"eksempel": 1}


def test_other_lists_show_both() -> None:
    entry = published(title="Morgenmøder for alle")
    public_project(title="Vi prøver morgenmøder", example=entry)
    assert Selection.of_kinds(KINDS).count == 2


def test_when_the_one_that_is_shown_is_taken_down_the_other_steps_forward() -> None:
    entry = published(title="Morgenmøder for alle")
    public_project(title="Vi prøver morgenmøder", example=entry)
    entry.suspend(by=None, reason="Prøve")
    assert found() == {"Vi prøver morgenmøder"}
    assert Merged.of_kinds(KINDS).counts("kinds") == {"projekt": 1}


def test_a_unit_stands_for_the_workplace_that_it_is_and_an_entry_for_both() -> None:
    workplace = WorkplaceFactory.create(name="Laboratoriet")
    index_workplace(workplace)
    entry = published(kind="videnscenter", title="Videnscentret Laboratoriet")
    unit = public_unit(title="Enheden Laboratoriet", same_entry=entry, same_workplace=workplace)
    assert found() == {"Videnscentret Laboratoriet"}
    mirror = current()
    assert [len(several) for several in together(mirror).stands_for.values()] == [2]
    entry.suspend(by=None, reason="Prøve")
    assert found() == {"Enheden Laboratoriet"}
    assert found(kinds=["arbejdsplads"]) == {"Enheden Laboratoriet"}
    unit.suspend(by=None, reason="Prøve")
    assert found() == {"Laboratoriet"}


def test_entries_are_never_hidden_by_each_other() -> None:
    entry = published(title="Det første")
    other = published(title="Det andet")
    public_project(title="Projekt A", example=entry)
    public_project(title="Projekt B", example=entry)
    public_project(title="Projekt C", example=other)
    assert found() == {"Det første", "Det andet"}
    assert Merged.of_kinds(KINDS).counts("kinds") == {"eksempel": 2, "projekt": 2}


def test_words_of_what_stands_behind_find_what_is_shown() -> None:
    entry = published(title="Morgenmøder for alle")
    project = public_project(title="Vi prøver noget", summary="Om kvarterstavler.", example=entry)
    assert found("kvarterstavler") == {"Morgenmøder for alle"}
    assert Merged.of_kinds(KINDS).search("kvarterstavler").lent
    project.suspend(by=None, reason="Prøve")
    assert found("kvarterstavler") == set()


def test_a_draft_links_nothing() -> None:
    entry = published(title="Morgenmøder for alle")
    project = public_project(title="Vi prøver morgenmøder", example=entry)
    project.suspend(by=None, reason="Prøve")
    assert found() == {"Morgenmøder for alle"}
    assert Merged.of_kinds(KINDS).counts("kinds") == {"eksempel": 1}

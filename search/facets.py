"""Facets: the choices beside a list, and exact counts of what each would give."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from places.areas import WHOLE_COUNTRY, Geography

Counts = dict[str, int]


@dataclass(frozen=True)
class Choice:
    """One value of a facet: its parameter value, and its label as a choice and inside a sentence."""

    value: str
    label: str
    in_sentence: str = ""

    @property
    def spoken(self) -> str:
        """The label as it stands inside the sentence above the results."""
        return self.in_sentence or self.label[:1].lower() + self.label[1:]


@dataclass(frozen=True)
class Facet:
    """One parameter as a group of choices.

    `choices` gets the geography and the values that occur at all (value → number), and gives the choices in
    their order. `preposition` joins the choice to the sentence »Du ser alt …«; a facet without one opens it
    (»Du ser eksempler og værktøjer …«). `folded` groups stay closed until somebody opens them or has chosen in
    them.
    """

    name: str
    label: Any
    column: str
    choices: Callable[[Geography, Counts], list[Choice]]
    preposition: Any
    folded: bool = False
    needs_occurring: bool = False


@dataclass
class FacetValue:
    """A choice with its number of results, as the page shows it."""

    choice: Choice
    count: int
    selected: bool

    @property
    def disabled(self) -> bool:
        """A value that gives nothing cannot be chosen, but can be taken away again."""
        return self.count == 0 and not self.selected


@dataclass
class FacetGroup:
    """A facet with its values, as the page shows it."""

    facet: Facet
    values: list[FacetValue] = field(default_factory=list)

    @property
    def selected(self) -> int:
        """How many of its values are chosen."""
        return sum(v.selected for v in self.values)


def fold_regions(areas: Counts, geography: Geography, codes: Iterable[str]) -> Counts:
    """Counts per area code folded to the regions in `codes`: the same rows that choosing the region gives."""
    return {
        code: areas.get("", 0)
        if code == WHOLE_COUNTRY
        else sum(areas.get(area, 0) for area in geography.areas_of(code))
        for code in codes
    }

"""Facets: the choices beside a list, and exact counts of what each would give, in one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Count, F, Func, QuerySet, TextField, Value
from django.db.models.functions import Cast

from places.areas import WHOLE_COUNTRY, Geography
from search.models import Document

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
    array: bool = True
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


def _part(rows: QuerySet[Document], name: str, facet: Facet) -> QuerySet[Any, Any]:
    """Rows of (facet, value, number) for one facet."""
    value: Func
    if facet.array:
        value = Func(Cast(F(facet.column), ArrayField(TextField())), function="unnest", set_returning=True,
                     output_field=TextField())  # fmt: skip
    else:
        value = Cast(F(facet.column), TextField())
    return (
        rows.order_by()
        .annotate(facet=Value(name, output_field=TextField()), value=value)
        .values("facet", "value")
        .annotate(n=Count("id", distinct=False))
    )


def count(
    facets: Iterable[Facet],
    *,
    without: Callable[[str], QuerySet[Document]],
    everything: QuerySet[Document],
) -> tuple[dict[str, Counts], dict[str, Counts]]:
    """Count every value of every facet in one query.

    `without(name)` gives the rows that match all parameters but `name`; `everything` the rows before any choice.
    Returns (facet → value → number of results, facet → value → number of rows at all, for facets that ask).
    """
    parts = []
    for facet in facets:
        parts.append(_part(without(facet.name), facet.name, facet))
        if facet.needs_occurring:
            parts.append(_part(everything, f"{facet.name}*", facet))
    found: dict[str, Counts] = defaultdict(dict)
    occurring: dict[str, Counts] = defaultdict(dict)
    if parts:
        for row in parts[0].union(*parts[1:], all=True):
            name, value, n = str(row["facet"]), str(row["value"] or ""), int(row["n"])
            if name.endswith("*"):
                occurring[name[:-1]][value] = n
            else:
                found[name][value] = n
    return found, occurring


def fold_regions(areas: Counts, geography: Geography, codes: Iterable[str]) -> Counts:
    """Counts per area code folded to the regions in `codes`: the same rows that choosing the region gives."""
    return {
        code: areas.get("", 0)
        if code == WHOLE_COUNTRY
        else sum(areas.get(area, 0) for area in geography.areas_of(code))
        for code in codes
    }

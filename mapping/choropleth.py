"""»Hvor meget sker der hvor?«: each municipality with its number, as a drawing and as an equal table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mapping.lists import MUNICIPALITIES, MapListing
from places.drawing import MunicipalityDrawing, municipality_shapes
from search import query

SHADES = ("#ffffff", "#cfe2e4", "#9fc6cc", "#649da7", "#2f7280", "#0c4a56")
"""From none to most. The border between two municipalities is dark, so that also the lightest can be seen."""
BY_REGION, BY_NAME, BY_COUNT, PER_INHABITANT = "region", "navn", "antal", "indbyggere"
ORDERS = {
    BY_REGION: gettext_lazy("Region"),
    BY_NAME: gettext_lazy("Navn"),
    BY_COUNT: gettext_lazy("Antal"),
    PER_INHABITANT: gettext_lazy("Antal pr. 100.000 indbyggere"),
}
"""The orders of the table (`orden`)."""


@dataclass(frozen=True)
class Row:
    """A municipality with its number. `per` is the number for every 100,000 inhabitants, where we know them."""

    code: str
    name: str
    region: str
    """The name of the region that the municipality belongs to today."""
    count: int
    per: float | None
    level: int
    chosen: bool
    url: str
    """Query string of the map with the same choices, and this municipality."""

    @property
    def fill(self) -> str:
        """The colour of the drawing."""
        return SHADES[self.level]

    @property
    def said(self) -> str:
        """The number in words, as the drawing says it."""
        places = ngettext("%(n)d sted", "%(n)d steder", self.count) % {"n": self.count}
        return f"{self.name}: {places}"


@dataclass(frozen=True)
class Level:
    """A line of the legend."""

    fill: str
    label: str


class Choropleth:
    """The municipalities under the choices of a listing. A choice of municipalities colours none of the others away:
    each number is the one that stands at the municipality in the filters.
    """

    def __init__(self, listing: MapListing, order: str = "") -> None:
        self.listing = listing
        self.order = order if order in ORDERS else BY_REGION
        if order and order not in ORDERS:
            listing.unknown.append(("orden", query.clean(order)[:60]))
        group = next(g for g in listing.groups if g.facet.name == "kommune")
        geography = listing.geography
        self.limits = limits(max((v.count for v in group.values), default=0))
        self.rows: list[Row] = []
        for value in group.values:
            municipality = geography.municipalities.get(value.choice.value)
            if municipality is None:
                continue
            region = geography.region_of(municipality.code)
            people = getattr(municipality, "population", None)
            self.rows.append(
                Row(
                    municipality.code,
                    municipality.name,
                    region.name if region else "",
                    value.count,
                    100_000 * value.count / people if people else None,
                    level(value.count, self.limits),
                    value.selected,
                    listing.querystring(kommune=municipality.code, vis=None, lat=None, lng=None, zoom=None),
                )
            )
        self.with_inhabitants = any(row.per is not None for row in self.rows)
        if self.order == PER_INHABITANT and not self.with_inhabitants:
            self.order = BY_REGION

    @property
    def drawing(self) -> MunicipalityDrawing:
        """The shapes."""
        return municipality_shapes()

    @property
    def shapes(self) -> Iterator[tuple[Row, Any]]:
        """Each municipality that is drawn; what is chosen last, so that its edge lies on top."""
        drawn = self.drawing.shapes
        for row in sorted(self.rows, key=lambda row: row.chosen):
            if row.code in drawn:
                yield row, drawn[row.code]

    @property
    def groups(self) -> list[tuple[str, list[Row]]]:
        """The table: one group for each region of today with its municipalities, or all in one in another order."""
        if self.order == BY_REGION:
            place = {r.name: n for n, r in enumerate(self.listing.geography.regions_today())}
            rows = sorted(
                self.rows, key=lambda row: place.get(row.region, len(place))
            )  # stable: names stay sorted
            return [(name, list(members)) for name, members in groupby(rows, key=lambda row: row.region)]
        keys: dict[str, Any] = {
            BY_NAME: lambda row: 0,
            BY_COUNT: lambda row: -row.count,
            PER_INHABITANT: lambda row: -(row.per or 0),
        }
        return [("", sorted(self.rows, key=keys[self.order]))]

    @property
    def columns(self) -> list[tuple[str, str, str, bool]]:
        """The headings that sort: (order, label, query string, whether it is the present order)."""
        shown = [BY_NAME, BY_COUNT, *([PER_INHABITANT] if self.with_inhabitants else [])]
        labels = {BY_NAME: _("Kommune"), BY_COUNT: _("Antal"), PER_INHABITANT: _("Pr. 100.000 indbyggere")}
        return [(o, labels[o], self.sorted_by(o), o == self.order) for o in shown]

    def sorted_by(self, order: str) -> str:
        """Query string of the same page in another order."""
        data = QueryDict(self.listing.querystring(vis=MUNICIPALITIES).removeprefix("?"), mutable=True)
        if order != BY_REGION:
            data["orden"] = order
        return f"?{data.urlencode()}"

    @property
    def by_region(self) -> str:
        """Query string of the table under its regions."""
        return self.sorted_by(BY_REGION)

    @property
    def total(self) -> int:
        """How many stand in a municipality."""
        return sum(row.count for row in self.rows)

    @property
    def only_region(self) -> int:
        """How many are known only by their region, so that no municipality counts them."""
        return max(0, self.listing.rows(leave_out="kommune").count - self.total)

    @property
    def legend(self) -> list[Level]:
        """What the colours mean; only colours that the largest number can give."""
        lines = [Level(SHADES[0], _("ingen"))]
        least = 1
        for number, most in enumerate(self.limits, 1):
            lines.append(Level(SHADES[number], str(most) if least == most else f"{least}–{most}"))
            least = most + 1
        return lines

    @property
    def described(self) -> str:
        """The drawing in words: how many municipalities have something, and those with most."""
        having = [row for row in self.rows if row.count]
        if not having:
            return _("Ingen kommuner har noget, der passer.")
        start = ngettext(
            "%(n)d kommune har noget, der passer.", "%(n)d kommuner har noget, der passer.", len(having)
        ) % {"n": len(having)}
        most = sorted(having, key=lambda row: -row.count)[:3]
        return " ".join([start, _("Flest:"), ", ".join(f"{row.name} {row.count}" for row in most) + "."])


def limits(largest: int, levels: int = len(SHADES) - 1) -> list[int]:
    """The largest number of each shade, each step a like factor above the one before: most municipalities have few
    and a few have many, so that even steps would leave nearly all of them pale.
    """
    if largest < 1:
        return []
    found: list[int] = []
    for step in range(1, levels + 1):
        limit = largest if step == levels else round(largest ** (step / levels))
        if limit > (found[-1] if found else 0):
            found.append(limit)
    return found


def level(count: int, ends: list[int]) -> int:
    """Which shade a number has: 0 for none, else the first whose limit it does not pass."""
    return 0 if not count else 1 + next((n for n, end in enumerate(ends) if count <= end), len(ends) - 1)

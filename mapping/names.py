"""What rows that stand alone on the map are called, and where: read in a few lean queries, however many there are."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from editorial.models import Content
from mapping.lists import SINGULARS, WORKPLACE, MapListing, labelled
from places.areas import Geography
from places.models import Workplace, WorkplacePeriod

ADDRESS = "x"
"""Stands for a slug while the rest of an address is worked out once for all rows of a kind."""


@dataclass(frozen=True)
class Name:
    """A row as the map names it. The words are those of mapping.lists.Place."""

    kind: str
    label: str
    also: list[str]
    slug: str
    url: str
    title: str
    where: str
    note: str
    owner: str
    """The workplace behind it, under the name of its time; of a workplace, the one it belongs to."""


def names(slots: Iterable[int], listing: MapListing) -> dict[int, Name]:
    """Slot → name. What was hidden in the meantime is left out. At most three queries."""
    mirror, geography = listing.everything.mirror, listing.geography
    kind, stands_for = mirror.single["kind"], listing.everything.together.stands_for
    exact = listing.positions.exact
    wanted = list(slots)
    rows = _contents([key for key in mirror.content[wanted].tolist() if key])
    workplaces = _workplaces([key for key in mirror.workplace[wanted].tolist() if key])
    urls, regions = _Addresses(), _Regions(geography)
    labels = {key: str(label) for key, label in SINGULARS.items()}
    named = {}
    for slot in wanted:
        row = rows.get(int(mirror.content[slot])) or workplaces.get(int(mirror.workplace[slot]))
        if row is None:
            continue
        own = kind.codes.values[kind.numbers[slot]]
        others = {kind.codes.values[kind.numbers[n]] for n in stands_for.get(slot, [])} - {own}
        named[slot] = Name(
            own,
            labelled(own, row.closed_year) if row.closed_year else labels.get(own, own),
            [labels[other].lower() for other in sorted(others)],
            row.slug,
            urls.of(own, row.slug),
            row.title,
            _where(row, regions),
            "" if exact[slot] else _note(row, geography),
            row.owner,
        )
    return named


@dataclass(frozen=True)
class _Row:
    slug: str
    title: str
    owner: str
    municipality: str
    region: str
    closed_year: int | None


def _contents(keys: list[int]) -> dict[int, _Row]:
    """Published content, its owner under the name of its time (see Content.owner_name)."""
    if not keys:
        return {}
    rows = Content.objects.published().filter(pk__in=keys).order_by()
    found = list(
        rows.values_list(
            "pk", "slug", "title", "owner_id", "owner__name", "municipality_id", "region_id", "source_year",
            "year_from", "unit__closed_year",
        )
    )  # fmt: skip
    dated = {row[3]: row for row in found if row[3] and (row[7] or row[8])}
    periods: dict[int, list[WorkplacePeriod]] = defaultdict(list)
    if dated:
        for period in WorkplacePeriod.objects.filter(workplace__in=list(dated)):
            periods[period.workplace_id].append(period)
    contents = {}
    for pk, slug, title, owner_id, owner, municipality, region, source_year, year_from, closed in found:
        name = owner or ""
        if (year := source_year or year_from) and owner_id in periods:
            day = dt.date(year, 12, 31)
            name = next((period.name for period in periods[owner_id] if period.covers(day)), name)
        contents[pk] = _Row(slug or "", title, name, municipality or "", region or "", closed)
    return contents


def _workplaces(keys: list[int]) -> dict[int, _Row]:
    if not keys:
        return {}
    rows = Workplace.objects.filter(pk__in=keys).order_by()
    return {
        pk: _Row(slug, name, parent or "", municipality or "", "", closed_on.year if closed_on else None)
        for pk, slug, name, parent, municipality, closed_on in rows.values_list(
            "pk", "slug", "name", "parent__name", "municipality_id", "closed_on"
        )
    }


class _Addresses:
    """The addresses of pages, each kind's pattern looked up once."""

    def __init__(self) -> None:
        self.ends: dict[str, tuple[str, str]] = {}

    def of(self, kind: str, slug: str) -> str:
        if kind not in self.ends:
            name = "mapping:workplace" if kind == WORKPLACE else Content(kind=kind).type().URL_NAME
            before, _slug, after = reverse(name, args=[ADDRESS]).rpartition(ADDRESS)
            self.ends[kind] = before, after
        before, after = self.ends[kind]
        return f"{before}{slug}{after}"


class _Regions(dict[str, str]):
    """Area → the short name of its region today."""

    def __init__(self, geography: Geography) -> None:
        self.geography = geography

    def __missing__(self, area: str) -> str:
        region: Any = self.geography.region_of(area)
        self[area] = region.short_name if region else ""
        return self[area]


def _where(row: _Row, regions: _Regions) -> str:
    """As mapping.lists.where."""
    municipality = regions.geography.municipalities.get(row.municipality)
    name = municipality.full_name if municipality else ""
    parts = [row.owner, "" if name == row.owner else name, regions[row.municipality or row.region]]
    return ", ".join(filter(None, parts))


def _note(row: _Row, geography: Geography) -> str:
    """As mapping.lists.area_note."""
    if municipality := geography.municipalities.get(row.municipality):
        return _("Vises ved %(seat)s, hvor kommunen har hovedsæde.") % {"seat": municipality.seat}
    return _("Gælder hele regionen og vises midt i den.")

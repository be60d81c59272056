"""What rows that stand alone on the map are called, and where: one lean query, however many there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from editorial.models import Content
from mapping.lists import SINGULARS, WORKPLACE, MapListing, labelled
from places.areas import Geography

_NAMES = "SELECT id, title, slug, owner, closed_year FROM search_document WHERE id = ANY(%s) AND visible"
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
    """Slot → name. What was hidden in the meantime is left out. One query."""
    mirror, geography = listing.everything.mirror, listing.geography
    kind, area = mirror.single["kind"], mirror.single["area"]
    stands_for = listing.everything.together.stands_for
    exact = listing.positions.exact
    wanted = list(slots)
    if not wanted:
        return {}
    rows = _rows(mirror.ids[wanted].tolist())
    urls, regions = _Addresses(), _Regions(geography)
    labels = {key: str(label) for key, label in SINGULARS.items()}
    named = {}
    for slot, key in zip(wanted, mirror.ids[wanted].tolist(), strict=True):
        if (row := rows.get(key)) is None:
            continue
        own = kind.codes.values[kind.numbers[slot]]
        code = area.codes.values[area.numbers[slot]]
        others = {kind.codes.values[kind.numbers[n]] for n in stands_for.get(slot, [])} - {own}
        named[slot] = Name(
            own,
            labelled(own, row.closed_year) if row.closed_year else labels.get(own, own),
            [labels[other].lower() for other in sorted(others)],
            row.slug,
            urls.of(own, row.slug),
            row.title,
            _where(row.owner, code, regions),
            "" if exact[slot] else _note(code, geography),
            row.owner,
        )
    return named


class _Row(NamedTuple):
    title: str
    slug: str
    owner: str
    closed_year: int | None


def _rows(keys: list[int]) -> dict[int, _Row]:
    """What the documents that may be found are called."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMES, [keys])
        return {key: _Row(*row) for key, *row in cursor.fetchall()}


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


def _where(owner: str, area: str, regions: _Regions) -> str:
    """As mapping.lists.where."""
    municipality = regions.geography.municipalities.get(area)
    name = municipality.full_name if municipality else ""
    return ", ".join(filter(None, [owner, "" if name in owner else name, regions[area]]))


def _note(area: str, geography: Geography) -> str:
    """As mapping.lists.area_note."""
    if municipality := geography.municipalities.get(area):
        return _("Vises ved %(seat)s, hvor kommunen har hovedsæde.") % {"seat": municipality.seat}
    return _("Gælder hele regionen og vises midt i den.")

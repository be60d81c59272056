"""Everything with a place as one list: what the map, the list beside it, its feed and its exports are made of."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from django.db.models import F
from django.http import QueryDict
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from editorial.choices import Kind
from editorial.facets import KIND_PLURALS, content_facets
from editorial.models import Content
from mapping.positions import Positions, positions
from places.areas import WHOLE_COUNTRY, Geography
from places.models import Workplace
from search import query
from search.columns import Ints
from search.facets import Choice, Counts, Facet
from search.listing import SORTS, Listing
from search.mirror import current
from search.models import Document
from search.selection import Selection
from search.snippets import marked
from search.together import EachOnceFilter, Merged, together

WORKPLACE = "arbejdsplads"
KINDS: tuple[str, ...] = (*(kind.value for kind in Kind), WORKPLACE)
"""Everything that can stand on the map."""
PLURALS: dict[str, Any] = {
    **{kind.value: label for kind, label in KIND_PLURALS.items()},
    WORKPLACE: gettext_lazy("Arbejdspladser"),
}
SINGULARS: dict[str, Any] = {
    **{kind.value: kind.label for kind in Kind},
    WORKPLACE: gettext_lazy("Arbejdsplads"),
}


def map_facets() -> list[Facet]:
    """The facets of the map: those of the catalogue, over all kinds; the whole country is no place on a map."""
    facets = []
    for facet in content_facets(*Kind):
        if facet.name == "type":
            facet = replace(facet, column="kinds", choices=_kind_choices)
        elif facet.name == "region":
            facet = replace(facet, choices=_only_regions(facet))
        facets.append(facet)
    return facets


def _kind_choices(geography: Geography, occurring: Counts) -> list[Choice]:
    return [Choice(kind, str(PLURALS[kind])) for kind in KINDS]


def _only_regions(facet: Facet) -> Any:
    def choices(geography: Geography, occurring: Counts) -> list[Choice]:
        return [c for c in facet.choices(geography, occurring) if c.value != WHOLE_COUNTRY]

    return choices


MAP, LIST, MUNICIPALITIES, PLACELESS = "kort", "liste", "kommuner", "uden-sted"
VIEWS = (MAP, LIST, MUNICIPALITIES)
"""What the page of the map shows (`vis`): on a screen map and list are beside each other, on a phone they are tabs. A
fourth, PLACELESS, is the list of what also matches but cannot stand on a map (see PlacelessListing)."""
NEAREST = "afstand"
POSITION = {"lat": (53.0, 59.0), "lng": (6.0, 17.0), "zoom": (0.0, 22.0)}
"""The parameters that say where the map stands, and what they may be: Denmark, with some water around it."""


class MapListing(Listing):
    """Everything with a place as the address asks for it, each thing once (see search.together).

    The address also says what the page shows (`vis`) and where the map stands (`lat`, `lng`, `zoom`); from there
    »afstand« sorts.
    """

    filters = EachOnceFilter
    orders: ClassVar = {
        **{key: label for key, label in SORTS.items() if key != "genbrugt"},
        NEAREST: gettext_lazy("Nærmest kortets midte"),
    }

    def __init__(self, params: QueryDict, **options: Any) -> None:
        super().__init__(params, kinds=KINDS, facets=map_facets(), **options)
        self.view = self._one_of("vis", (*VIEWS, PLACELESS), MAP)
        self.position = {name: value for name in POSITION if (value := self._number(name)) is not None}
        self.unmeasured = self.sort == NEAREST and not self.centre
        """Whether the nearest is asked for first, but not what it is to be near to."""
        if self.unmeasured:
            self.sort = "relevans" if self.q else "nyeste"

    def _number(self, name: str) -> float | None:
        """A parameter of the position; one that is no number, or nowhere near, is named in `unknown`."""
        text = query.clean(self.params.get(name, ""))
        least, most = POSITION[name]
        if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,8})?", text) and least <= float(text) <= most:
            return float(text)
        if text:
            self.unknown.append((name, text[:60]))
        return None

    @property
    def centre(self) -> tuple[float, float] | None:
        """The middle of the map as the address has it."""
        if "lat" in self.position and "lng" in self.position:
            return self.position["lat"], self.position["lng"]
        return None

    def kept(self) -> dict[str, str]:
        """The view and the position follow through all addresses of the page; a zoom alone is no position."""
        kept = {name: f"{value:g}" for name, value in self.position.items()} if self.centre else {}
        return {**({"vis": self.view} if self.view != MAP else {}), **kept}

    @property
    def asked(self) -> str:
        """What is asked for, without how the page looks, or in what order: for the map's data and the feed."""
        return self.querystring(**dict.fromkeys(("vis", *POSITION, "pr_side", "sort")))

    @property
    def ordered(self) -> str:
        """What is asked for in the order of the list, for files; the nearest first needs what it is near to."""
        left_out = ("zoom",) if self.sort == NEAREST else tuple(POSITION)
        return self.querystring(**dict.fromkeys(("vis", *left_out, "pr_side")))

    @property
    def sorts(self) -> list[tuple[str, str]]:
        """Nearest first needs a place to measure from."""
        return [(key, label) for key, label in super().sorts if key != NEAREST or self.centre]

    def documents(self, start: int = 0, stop: int | None = None) -> list[Document]:
        """The results in the order asked for."""
        if self.sort != NEAREST:
            return super().documents(start, stop)
        ids = self.everything.mirror.ids[self.slots(start, stop)].tolist()
        found = Document.objects.visible().for_cards().in_bulk(ids)
        return [found[pk] for pk in ids if pk in found]

    def slots(self, start: int = 0, stop: int | None = None) -> Ints:
        """The results' slots in the order asked for; nearest first is worked out from the positions."""
        if self.sort != NEAREST or not self.centre:
            return self.results.slots(self.sort, start, stop)
        mirror, at = self.everything.mirror, self.positions
        slots = np.flatnonzero(self.results.mask)
        (lat, lng) = self.centre
        # A degree of longitude is cos(lat) as long as one of latitude; the same distance twice: the newest row first.
        far = (at.lat[slots] - lat) ** 2 + (np.cos(np.radians(lat)) * (at.lng[slots] - lng)) ** 2
        nearest: Ints = slots[np.lexsort((-mirror.ids[slots], far))][start:stop]
        return nearest

    @cached_property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east and north of what a choice of places gives; None without such a choice, or results."""
        if not self.values().keys() & {"region", "kommune"} or not self.count:
            return None
        at, mask = self.positions, self.results.mask
        lat, lng = at.lat[mask], at.lng[mask]
        return float(lng.min()), float(lat.min()), float(lng.max()), float(lat.max())

    @cached_property
    def everything(self) -> Merged:
        """All that has a place."""
        mirror = self.mirror or current()
        placed = positions(mirror, self.geography).placed
        return Merged.of_kinds(self.kinds, mirror, among=placed, name=self.edition)

    @property
    def edition(self) -> str:
        """Under which name a mirror keeps what has a place: it depends on the municipalities, or else the day."""
        return f"placed {self.geography.stamp or self.geography.today}"

    @property
    def positions(self) -> Positions:
        """Where the rows of the mirror stand."""
        return positions(self.everything.mirror, self.geography)

    @cached_property
    def without_place(self) -> int:
        """How many more match what is asked for, but have no place; as many as the list of them has (`placeless`)."""
        if self.values().keys() & {"region", "kommune"}:
            return 0
        others = PlacelessListing(self.params, mirror=self.everything.mirror)
        # What only looks like the words, or has but some of them, does not match what was asked for.
        guessed = others.corrected != self.corrected or (others.relaxed and not others.complete)
        return 0 if guessed else others.count

    @property
    def placeless(self) -> str:
        """Query string of the list of what has no place."""
        away: dict[str, Any] = dict.fromkeys((*POSITION, "region", "kommune", "sort"))
        return self.querystring(**away | {"vis": PLACELESS})


class PlacelessListing(MapListing):
    """What matches the same address, but cannot stand on a map: what is known of no municipality or region."""

    orders: ClassVar = {key: label for key, label in MapListing.orders.items() if key != NEAREST}
    without_place = 0

    @cached_property
    def everything(self) -> Merged:
        """All that has no place, and that nothing with a place stands for."""
        mirror = self.mirror or current()
        every = Selection.of_kinds(self.kinds, mirror)
        placed = positions(mirror, self.geography).placed
        groups = together(mirror, among=placed, name=self.edition)
        whole = (PLACELESS, self.edition, *self.kinds)
        return Merged(mirror, every.mask & ~groups.hidden & ~placed, whole=whole, groups=groups)


@dataclass(frozen=True)
class Place:
    """One thing with a place, as a line of the list says it."""

    kind: str
    label: str
    """What it is, and whether it has closed (see `labelled`)."""
    also: tuple[str, ...]
    """What else it is: »innovationsenhed«, »arbejdsplads«."""
    slug: str
    url: str
    title: SafeString | str
    where: str
    """Workplace, municipality or region."""
    note: str = ""
    """How exact the place is, when it is not."""


def places(documents: list[Document], listing: MapListing) -> list[Place]:
    """The documents as lines, in their order; what was hidden in the meantime is left out. Two queries."""
    rows = Content.objects.published().with_card().annotate(closed_year=F("unit__closed_year"))
    contents = rows.in_bulk([d.content_id for d in documents if d.content_id])
    workplaces = Workplace.objects.with_place().in_bulk([d.workplace_id for d in documents if d.workplace_id])
    mirror = listing.everything.mirror
    slots = np.flatnonzero(mirror.live & np.isin(mirror.ids, [d.pk for d in documents]))
    slot_of = dict(zip(mirror.ids[slots].tolist(), slots.tolist(), strict=True))
    also = listing.everything.also(d.pk for d in documents)
    lines = []
    for document in documents:
        row = contents.get(document.content_id) or workplaces.get(document.workplace_id)
        slot = slot_of.get(document.pk)
        if row is None or slot is None:
            continue
        lines.append(_place(document, row, slot, also.get(document.pk, []), listing))
    return lines


def _place(
    document: Document, row: Content | Workplace, slot: int, also: list[str], listing: MapListing
) -> Place:
    title = row.name if isinstance(row, Workplace) else row.title
    closed_on = getattr(row, "closed_on", None)
    return Place(
        document.kind,
        labelled(document.kind, closed_on.year if closed_on else getattr(row, "closed_year", None)),
        tuple(str(SINGULARS[kind]).lower() for kind in also),
        row.slug or "",
        row.get_absolute_url(),
        marked(title, listing.hits) if listing.hits else title,
        where(row, listing.geography),
        "" if listing.positions.exact[slot] else area_note(row, listing.geography),
    )


def labelled(kind: str, closed_year: int | None) -> str:
    """What a thing is, in a word; and of a unit or workplace that has closed, when."""
    label = str(SINGULARS.get(kind, kind))
    if closed_year is None:
        return label
    text = _("%(kind)s, nedlagt %(year)s") if kind == WORKPLACE else _("%(kind)s, lukket %(year)s")
    return text % {"kind": label, "year": closed_year}


def where(row: Content | Workplace, geography: Geography) -> str:
    """Whose it is, and where: workplace, municipality, region."""
    owner = (row.parent.name if row.parent else "") if isinstance(row, Workplace) else row.owner_name
    area = row.municipality_id or getattr(row, "region_id", None) or ""
    region = geography.region_of(area)
    municipality = row.municipality.full_name if row.municipality else ""
    if municipality in owner:
        municipality = ""  # »Borgerservice i Aarhus Kommune« says it already
    return ", ".join(filter(None, [owner, municipality, region.short_name if region else ""]))


def area_note(row: Content | Workplace, geography: Geography) -> str:
    """What to say of a row that stands at a seat, or nowhere."""
    if not row.municipality and not getattr(row, "region_id", None):
        return ""
    if row.municipality:
        return _("Vises ved %(seat)s, hvor kommunen har hovedsæde.") % {"seat": row.municipality.seat}
    return _("Gælder hele regionen og vises midt i den.")

"""The places offered as a list: a Listing over search documents, with days, dates, free seats and distance."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

import numpy as np
from django.http import QueryDict
from django.utils import formats
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from editorial.choices import Kind
from editorial.facets import content_facets
from places.areas import WHOLE_COUNTRY, Geography
from places.models import Municipality, Region
from practicum.models import Offer, Seat
from practicum.models.offer import MOST_DAYS
from practicum.offers.dates import ALWAYS, Dated, dated
from practicum.offers.showing import OfferShown, shown
from search import query
from search.columns import Ints, Mask
from search.facets import Choice, Counts, Facet
from search.filters import AnyOf, DocumentFilter
from search.listing import SORTS, Listing, SentencePart
from search.mirror import current
from search.models import Document
from search.selection import Selection
from search.snippets import has_hit, marked, snippet

FACETS = ("sektor", "fagomraade", "region", "kommune", "emne")
DISTANCES = (10, 25, 50, 100, 150)
"""Kilometres that the page offers; the address may say any number up to FARTHEST."""
USUAL_DISTANCE, FARTHEST = 50, 500
NEAREST, EARLIEST = "afstand", "tidligst"
ORDERS: dict[str, Any] = {
    "relevans": SORTS["relevans"],
    "nyeste": SORTS["nyeste"],
    EARLIEST: gettext_lazy("Tidligst på året"),
    NEAREST: gettext_lazy("Nærmest"),
    "titel": SORTS["titel"],
}
KM_PER_DEGREE = 111.2
"""Of latitude; a degree of longitude is cos(latitude) as long. Over Denmark that is right to a few hundred metres."""
FREE = "ja"


@dataclass(frozen=True)
class Places(Selection):
    """A selection of places, which also knows their days, their region on those days, and which have a free seat."""

    dated: Dated | None = None
    geography: Geography | None = None
    free: frozenset[int] = frozenset()
    """The content keys of places with a free seat."""

    def _of(self) -> tuple[Dated, Geography]:
        assert self.dated is not None and self.geography is not None
        return self.dated, self.geography

    @cached_property
    def _is_free(self) -> Mask:
        free: Mask = np.isin(self.mirror.content, np.fromiter(self.free, np.int64))
        return free

    def _column_having(self, column: str, values: list[str]) -> Mask:
        own, geography = self._of()
        if column == "days":
            return np.isin(own.days, [int(v) for v in values if v.isascii() and v.isdigit()])
        if column == "free":
            return self._is_free
        if column == "region":
            found: Mask = np.zeros(self.mirror.size, np.bool_)
            for code in values:
                found |= own.in_region(code, geography)
            return found
        return super()._column_having(column, values)

    def _column_counts(self, column: str) -> Counts:
        own, geography = self._of()
        if column == "days":
            numbers, counts = np.unique(own.days[self.mask], return_counts=True)
            return {str(n): int(c) for n, c in zip(numbers.tolist(), counts.tolist(), strict=True)}
        if column == "free":
            return {FREE: int(np.count_nonzero(self.mask & self._is_free))}
        if column == "region":
            counted = {code: int(np.count_nonzero(self.mask & own.in_region(code, geography)))
                       for code in (*geography.regions, WHOLE_COUNTRY)}  # fmt: skip
            return {code: n for code, n in counted.items() if n}
        return super()._column_counts(column)


class OfferFilter(DocumentFilter):
    """As everywhere; but a place's region is the one it lies in on its days."""

    region = AnyOf(field_name="region")
    dage = AnyOf(field_name="days")
    ledige = AnyOf(field_name="free")


def offer_facets() -> list[Facet]:
    """The facets of the list. `region` is counted by the places themselves, so it is no column of areas."""
    facets = [
        Facet("ledige", _("Pladser"), "free", _free_choices, _("med")),
        Facet("dage", _("Varighed"), "days", _day_choices, _("på")),
    ]
    for facet in content_facets(Kind.OFFER):
        if facet.name == "region":
            facet = replace(facet, column="region", choices=_region_choices)
        if facet.name in FACETS:
            facets.append(facet)
    return facets


def _free_choices(geography: Geography, occurring: Counts) -> list[Choice]:
    return [Choice(FREE, _("Kun med ledige pladser"), _("ledige pladser"))]


def _day_choices(geography: Geography, occurring: Counts) -> list[Choice]:
    return [
        Choice(str(n), ngettext("%s dag", "%s dage", n) % n)
        for n in range(1, MOST_DAYS + 1)
        if str(n) in occurring or n <= 5
    ]


def _region_choices(geography: Geography, occurring: Counts) -> list[Choice]:
    """The regions of today, those to come that a place lies in, and any other that an address names (counted 0)."""
    choices = [Choice(WHOLE_COUNTRY, _("Hele landet"), _("hele landet"))]
    for code, region in geography.regions.items():
        if region.exists_on(geography.today):
            choices.append(Choice(code, region.short_name, region.name))
        elif code in occurring and (region.valid_from > geography.today or not occurring[code]):
            choices.append(Choice(code, f"{region.short_name} ({_period(region, geography)})", region.name))
    return choices


def _period(region: Region, geography: Geography) -> str:
    """Only for a region that does not exist today."""
    if region.valid_to is None or region.valid_from > geography.today:
        return str(_("fra %s")) % region.valid_from.year
    return str(_("til %s")) % region.valid_to.year


@dataclass(frozen=True)
class Near:
    """The municipality that places are to be near to, and how near."""

    municipality: Municipality
    km: int


@dataclass(frozen=True)
class OfferCard:
    """A place in the list."""

    offer: Offer
    shown: OfferShown
    title: SafeString | str
    text: SafeString | str
    snippet: SafeString | str = ""
    km: int | None = None
    """How far from the municipality that was asked for, as the crow flies."""


class OfferListing(Listing):
    """The places that can still be had this round or later, as the address asks for them."""

    filters = OfferFilter
    orders: ClassVar = ORDERS
    typed: ClassVar = ("q", "fra", "til", "naer")

    def __init__(self, params: QueryDict, *, geography: Geography | None = None, **options: Any) -> None:
        """As every list; `geography` for who has it already."""
        if geography is not None:
            self.geography = geography
        super().__init__(params, kinds=(Kind.OFFER.value,), facets=offer_facets(), **options)
        self.since, self.until = self._day("fra"), self._day("til")
        if self.since and self.until and self.until < self.since:
            self.unknown.append(("til", self.until.isoformat()))
            self.until = None
        self.near = self._near()
        if self.sort == NEAREST and self.near is None:
            self.sort = "relevans" if self.q else "nyeste"

    # -- what was asked for ---------------------------------------------------

    def _day(self, name: str) -> dt.date | None:
        text = query.clean(self.params.get(name, ""))
        try:
            return dt.date.fromisoformat(text) if text else None
        except ValueError:
            self.unknown.append((name, text[:60]))
            return None

    def _near(self) -> Near | None:
        """»naer« and »km«; a number of kilometres alone says nothing."""
        code, text = query.clean(self.params.get("naer", "")), query.clean(self.params.get("km", ""))
        municipality = self.geography.municipalities.get(code)
        km = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
        if code and municipality is None:
            self.unknown.append(("naer", code[:60]))
        if text and not 0 < km <= FARTHEST:
            self.unknown.append(("km", text[:60]))
            km = 0
        return Near(municipality, km or USUAL_DISTANCE) if municipality else None

    @property
    def own(self) -> dict[str, str]:
        """The parameters that no facet has, as they stand in addresses."""
        own = {}
        if self.since:
            own["fra"] = self.since.isoformat()
        if self.until:
            own["til"] = self.until.isoformat()
        if self.near:
            own |= {"naer": self.near.municipality.code, "km": str(self.near.km)}
        return own

    # -- what the database answers ----------------------------------------------

    @cached_property
    def dated(self) -> Dated:
        """What the mirror's places say of their days."""
        return dated(self._mirror, self.geography)

    @cached_property
    def _mirror(self) -> Any:
        return self.mirror or current()

    @cached_property
    def everything(self) -> Places:
        """The places that are not over. `whole` is not told: which are over depends on the day."""
        every = Selection.of_kinds(self.kinds, self._mirror)
        mask = every.mask & (self.dated.days > 0) & ~self.dated.over(self.geography.today)
        # Asked of the seats alone: whether a place is public the mirror knows.
        free = frozenset(Seat.objects.free().order_by().values_list("offer", flat=True).distinct())
        return Places(self._mirror, mask, dated=self.dated, geography=self.geography, free=free)

    def rows(self, *, leave_out: str = "") -> Selection:
        """What matches everything asked for, or everything but one parameter (»naer« takes »km« along)."""
        rows = super().rows(leave_out=leave_out)
        mask = rows.mask
        since = None if leave_out == "fra" else self.since
        until = None if leave_out == "til" else self.until
        if since or until:
            mask = mask & self.dated.fits(since, until)
        if self.near and leave_out != "naer":
            mask = mask & (self.kilometres <= self.near.km)
        return rows if mask is rows.mask else replace(rows, mask=mask, whole=None)

    @cached_property
    def kilometres(self) -> Any:
        """How far each slot is from the municipality asked for; NaN where it has no place."""
        assert self.near is not None
        mirror = self._mirror
        here = self.near.municipality
        areas, which = np.unique(self.dated.area, return_inverse=True)
        known = [self.geography.municipalities.get(area) for area in areas.tolist()]
        seats = np.array([(float(m.lat), float(m.lng)) if m else (np.nan, np.nan) for m in known]).reshape(
            -1, 2
        )
        lat = np.where(np.isnan(mirror.lat), seats[which, 0], mirror.lat)
        lng = np.where(np.isnan(mirror.lng), seats[which, 1], mirror.lng)
        north = lat - float(here.lat)
        east = (lng - float(here.lng)) * np.cos(np.radians((lat + float(here.lat)) / 2))
        return KM_PER_DEGREE * np.hypot(north, east)

    def slots(self, start: int = 0, stop: int | None = None) -> Ints:
        """The results' slots in the order asked for."""
        if self.sort not in (NEAREST, EARLIEST):
            return self.results.slots(self.sort, start, stop)
        mirror = self._mirror
        slots = np.flatnonzero(self.results.mask)
        if self.sort == NEAREST:
            by = np.nan_to_num(self.kilometres[slots], nan=np.inf)
        else:
            first = self.dated.first[slots]
            by = np.where(first == ALWAYS[0], ALWAYS[1], first)  # what can lie all year comes last
        ordered: Ints = slots[np.lexsort((mirror.place_by_newest[slots], by))][start:stop]
        return ordered

    def documents(self, start: int = 0, stop: int | None = None) -> list[Document]:
        """The results from place `start` to `stop`, in the order asked for."""
        if self.sort not in (NEAREST, EARLIEST):
            return super().documents(start, stop)
        ids = self._mirror.ids[self.slots(start, stop)].tolist()
        found = Document.objects.visible().for_cards().in_bulk(ids)
        return [found[pk] for pk in ids if pk in found]

    def content(self, start: int = 0, stop: int | None = None) -> list[int]:
        """The offers' keys in the order asked for."""
        keys: list[int] = self._mirror.content[self.slots(start, stop)].tolist()
        return keys

    def km_of(self, offers: Collection[int]) -> dict[int, int]:
        """Offer → whole kilometres from the municipality asked for; empty when none is."""
        if self.near is None:
            return {}
        mirror = self._mirror
        asked = np.isin(mirror.content, np.fromiter(offers, np.int64)) & ~np.isnan(self.kilometres)
        slots = np.flatnonzero(mirror.live & asked)
        pairs = zip(mirror.content[slots].tolist(), self.kilometres[slots].tolist(), strict=True)
        return {pk: round(km) for pk, km in pairs}

    # -- addresses ------------------------------------------------------------

    def querystring(self, *, drop: tuple[str, str] | None = None, **replace: str | None) -> str:
        """As every list's; with dates and distance."""
        own: dict[str, str | None] = dict(self.own)
        if drop and drop[0] in own:
            own[drop[0]] = None
            if drop[0] == "naer":
                own["km"] = None
        if "naer" in replace and replace["naer"] is None:
            own["km"] = None
        return super().querystring(drop=drop, **{**own, **replace})

    @property
    def is_narrowed(self) -> bool:
        """Whether anything at all has been asked for."""
        return super().is_narrowed or bool(self.own)

    @property
    def chosen_count(self) -> int:
        """How much is chosen; a place to be near to counts as one."""
        return super().chosen_count + len(self.own.keys() - {"km"})

    @property
    def sentence_start(self) -> str:
        """»Du ser pladser …«."""
        return _("Du ser pladser")

    @cached_property
    def sentence(self) -> list[SentencePart]:
        """As every list's; then the dates, and what it is near to."""
        parts = super().sentence
        spoken: list[tuple[str, str, str]] = []
        if self.since:
            spoken.append((_("tidligst"), formats.date_format(self.since, "j. F Y"), "fra"))
        if self.until:
            spoken.append((_("senest"), formats.date_format(self.until, "j. F Y"), "til"))
        if self.near:
            joint = _("højst %s km fra") % self.near.km
            spoken.append((joint, self.near.municipality.name, "naer"))
        own = self.own
        more = [
            SentencePart(joint, label, name, own[name], self.querystring(drop=(name, own[name])))
            for joint, label, name in spoken
        ]
        return parts + more

    def near_misses(self, limit: int = 4) -> list[tuple[str, str, int]]:
        """As every list's; dates and distance may be let go, too."""
        found = super().near_misses(limit)
        labels = {
            "fra": _("Slip den første dag"),
            "til": _("Slip den sidste dag"),
            "naer": _("Slip afstanden"),
        }
        for name, label in labels.items():
            if name in self.own and (number := self.rows(leave_out=name).count):
                found.append((label, self.querystring(**{name: None}), number))
        return sorted(found, key=lambda f: -f[2])[:limit]

    @property
    def sorts(self) -> list[tuple[str, str]]:
        """Nearest first needs something to be near to."""
        return [(key, label) for key, label in super().sorts if key != NEAREST or self.near]

    @property
    def distances(self) -> list[int]:
        """Kilometres to choose between, the one asked for among them."""
        return sorted({*DISTANCES, self.near.km if self.near else USUAL_DISTANCE})

    @property
    def becomes(self) -> list[tuple[Any, Any]]:
        """The chosen regions that end soon, with what they become: later places lie in that one."""
        geography = self.geography
        ending = [
            geography.regions[c.value] for c in self.chosen.get("region", []) if c.value in geography.regions
        ]
        return [
            (region, geography.regions[region.successor_id])
            for region in ending
            if region.valid_to and region.valid_to > geography.today and region.successor_id
        ]


def offer_cards(documents: list[Document], listing: OfferListing) -> list[OfferCard]:
    """The places of a page of documents, in its order; one hidden since then is left out. A fixed number of queries."""
    keys = [d.content_id for d in documents if d.content_id]
    found: dict[int, Offer] = Offer.objects.published().with_card().in_bulk(keys)
    km = listing.km_of(set(keys))
    return [
        _card(found[key], document, listing, km.get(key))
        for document in documents
        if (key := document.content_id or 0) in found
    ]


def _card(offer: Offer, document: Document, listing: OfferListing, km: int | None) -> OfferCard:
    said = shown(offer, listing.geography)
    hits = listing.hits
    if not hits:
        return OfferCard(offer, said, offer.title, offer.summary, km=km)
    only_there = not has_hit(f"{offer.title} {offer.summary}", hits)
    return OfferCard(
        offer,
        said,
        marked(offer.title, hits),
        marked(offer.summary, hits),
        snippet(document.body, hits) if only_there else "",
        km,
    )

"""The answer of `/kort/data.geojson`: clusters and single rows as GeoJSON (RFC 7946), never larger than it may be."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from operator import itemgetter
from typing import Any, NamedTuple

from django.http import QueryDict
from django.urls import reverse

from mapping.clusters import Cluster, Clusters, clusters, coarser, next_zoom
from mapping.grid import CELL_BITS, Box, cell_bits
from mapping.lists import MapListing
from mapping.names import Name, names
from search.now import now

MOST = 1500
"""Features of an answer."""
BYTES = 60_000
"""Of a compressed answer."""
LEVEL = 4
"""Of compressing: a tenth larger than at 6, in half the time."""
HIGHEST = 9
"""Where an answer would be too large."""
MEMBERS = 20
"""Rows at one spot that are named one by one, where no list shows them alone."""
NAMED = 3000
"""Rows of an answer that are named: reading more takes longer than anybody waits for a map."""
KEPT_BYTES = 8_000_000
"""Of compressed answers that a process keeps until something changes: a hundred and more."""
KEPT_ADDRESSES = 2000
"""By which the same answers are found; boxes that differ by a pixel get the same answer."""
LONGEST_ADDRESS = 500
KEPT_NAMES = 10_000
"""Some 5 MB."""
ANSWERS = "answers of the map"
"""Under which name a mirror keeps them."""
NAMES = "names on the map"
NO_LIST = 'null,"list":null,"listed":null'
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True)
class Answer:
    """A body, compressed; `tag` differs as soon as a byte of it does."""

    compressed: bytes
    tag: str

    @property
    def body(self) -> bytes:
        """For the few who take nothing compressed."""
        return gzip.decompress(self.compressed)


def answer(params: QueryDict, address: str, read: Callable[[QueryDict], tuple[Box | None, int]]) -> Answer:
    """The answer for a part of the map at a zoom. Kept until a row that may be found changes, or the day.

    `address` is the query string that `params` stand in; `read` finds the part of the map and the zoom in them, and
    may refuse them. What has been answered before is found by the address alone, with one query.
    """
    mirror, geography = now()
    kept: Answers = mirror.kept.setdefault(ANSWERS, Answers())
    if known := kept.by_address.get((geography.stamp, address)):
        return known
    box, zoom = read(params)
    listing = MapListing(params, mirror=mirror)
    listing.geography = geography
    # All boxes that touch the same cells get the same answer.
    key = (
        geography.stamp, zoom, box and box.whole_cells(cell_bits(zoom)), listing.querystring(sort=None, pr_side=None),
        tuple(listing.unknown),
    )  # fmt: skip
    made = kept.by_cells.get(key) or _made(listing, box, zoom)
    kept.keep(key, (geography.stamp, address), made)
    return made


class Answers:
    """The last answers of a mirror, by what was asked and by the address as it was written."""

    def __init__(self) -> None:
        self.by_cells: dict[Any, Answer] = {}
        self.by_address: dict[tuple[str, str], Answer] = {}
        self.bytes = 0

    def keep(self, key: Any, address: tuple[str, str], made: Answer) -> None:
        """Keep an answer; all others go when there are too many. Harmless in several threads at once."""
        if self.bytes + len(made.compressed) > KEPT_BYTES or len(self.by_address) >= KEPT_ADDRESSES:
            self.by_cells, self.by_address, self.bytes = {}, {}, 0
        if key not in self.by_cells:
            self.bytes += len(made.compressed)
        self.by_cells[key] = made
        if len(address[1]) <= LONGEST_ADDRESS:
            self.by_address[address] = made


def _made(listing: MapListing, box: Box | None, zoom: int) -> Answer:
    found = clusters(listing, box, zoom, most=MOST)
    while True:
        body = _body(listing, *features(found, zoom))
        for level in (LEVEL, HIGHEST):
            compressed = gzip.compress(body, level, mtime=0)
            if len(compressed) <= BYTES or (level == HIGHEST and found.bits <= CELL_BITS):
                return Answer(compressed, hashlib.sha256(body).hexdigest()[:32])
        found = coarser(found, box)


def _body(listing: MapListing, made: list[str], shown: int) -> bytes:
    collection = {
        "type": "FeatureCollection",
        "count": listing.count,
        "shown": shown,
        "unknown": [{"parameter": name, "value": value} for name, value in listing.unknown],
    }
    return f'{_json(collection)[:-1]},"features":[{",".join(made)}]}}'.encode(errors="replace")


def features(found: Clusters, zoom: int) -> tuple[list[str], int]:
    """The clusters as features, each written as JSON, and how many rows they show; a cell with one row is that row."""
    listing = found.listing
    several = list(found)
    lists, towns = _Lists(listing), _Towns(listing)
    openable = [
        c for c in several
        if c.count > 1 and c.zoom is None and c.count <= MEMBERS and not (c.area and lists.shows_only(c))
    ]  # fmt: skip
    members = {c.id: found.slots(c) for c in openable[: NAMED // MEMBERS]}
    singles = [c.middle for c in several if c.count == 1]
    names = written([*singles, *chain.from_iterable(members.values())], listing)
    kinds = [_json(kind) for kind in found.mirror.single["kind"].codes.values]
    made, shown = [], 0
    # Written by hand: this is most of the work of an answer, and dictionaries on the way would double it.
    for c in several:
        (lng, lat), exact = c.at, "true" if c.exact else "false"
        point = f'"geometry":{{"type":"Point","coordinates":[{lng!r},{lat!r}]}}'
        if c.count == 1:
            if name := names.get(c.middle):
                made.append(
                    f'{{"type":"Feature","id":{name.key},{point},'
                    f'"properties":{{{name.properties},"exact":{exact},"note":{name.note}}}}}'
                )
                shown += 1
            continue
        west, south, east, north = c.bounds
        of_kind = ",".join([f"{kind}:{n}" for kind, n in zip(kinds, c.kinds, strict=True) if n])
        listed = (
            f'"{c.area}","list":{_json(lists.address(c))},"listed":{lists.count(c)}' if c.area else NO_LIST
        )
        inside = ""
        if c.id in members:
            named = [f"{{{name.properties}}}" for slot in members[c.id] if (name := names.get(slot))]
            inside = f',"members":[{",".join(named)}]'
        made.append(
            f'{{"type":"Feature","id":"{c.id}",{point},"properties":{{"cluster":true,"count":{c.count},'
            f'"kinds":{{{of_kind}}},"near":{towns.of(c)},"zoom":{next_zoom(c, zoom) or "null"},'
            f'"bounds":[{west!r},{south!r},{east!r},{north!r}],"exact":{exact},"area":{listed}{inside}}}}}'
        )
        shown += c.count
    return made, shown


class Written(NamedTuple):
    """A name as JSON: the id of its feature, its members without braces, and the note on how exact its place is."""

    key: str
    properties: str
    note: str


def written(slots: list[int], listing: MapListing) -> dict[int, Written]:
    """Slot → its name as JSON. What was hidden in the meantime is left out.

    Kept with the mirror: a name stands in the document, so it changes only when the mirror does.
    """
    geography = listing.geography
    key = (NAMES, geography.stamp or geography.today)
    kept: dict[int, Written] = listing.everything.mirror.kept.setdefault(key, {})
    found = {slot: name for slot in slots if (name := kept.get(slot))}
    new = {
        slot: Written(_json(f"{name.kind}/{name.slug}"), _json(_properties(name))[1:-1], _json(name.note))
        for slot, name in names([slot for slot in slots if slot not in found], listing).items()
    }
    if len(kept) + len(new) > KEPT_NAMES:
        kept.clear()
    kept.update(new)
    return found | new


def _properties(name: Name) -> dict[str, Any]:
    return {
        "kind": name.kind, "label": name.label, "also": name.also, "title": name.title, "url": name.url,
        "where": name.where,
    }  # fmt: skip


class _Towns:
    """What a cluster is called by: the seat of the municipality that most of its rows lie in, else the nearest one."""

    def __init__(self, listing: MapListing) -> None:
        self.municipalities = listing.geography.municipalities
        self.codes = listing.everything.mirror.single["area"].codes.values
        self.seats: dict[int, str] = {}

    def of(self, cluster: Cluster) -> str:
        """The town, as JSON."""
        if (known := self.seats.get(cluster.where)) is not None:
            return known
        municipality = self.municipalities.get(self.codes[cluster.where])
        if municipality is None:
            return _json(self._nearest(*cluster.at))
        seat = self.seats[cluster.where] = _json(municipality.seat)
        return seat

    def _nearest(self, lng: float, lat: float) -> str:
        # A degree of longitude is a little over half as long as one of latitude this far north (cos 56° = 0.56).
        apart = [
            (0.56 * (float(m.lng) - lng)) ** 2 + (float(m.lat) - lat) ** 2
            for m in self.municipalities.values()
        ]
        nearest = min(zip(apart, self.municipalities.values(), strict=True), default=None, key=itemgetter(0))
        return nearest[1].seat if nearest else ""


class _Lists:
    """The lists that show what is known by one area only, and how much else each shows."""

    def __init__(self, listing: MapListing) -> None:
        self.listing = listing

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many rows of the list have each area."""
        return self.listing.results.counts("area")

    def _parameter(self, area: str) -> str:
        return "kommune" if area in self.listing.geography.municipalities else "region"

    def count(self, cluster: Cluster) -> int | None:
        """How many rows the list has that `address` leads to."""
        if not cluster.area:
            return None
        if self._parameter(cluster.area) == "kommune":
            return self.counts.get(cluster.area, 0)
        return sum(self.counts.get(area, 0) for area in self.listing.geography.areas_of(cluster.area))

    def shows_only(self, cluster: Cluster) -> bool:
        """Whether the list has the rows of the cluster and no others."""
        return self.count(cluster) == cluster.count

    def address(self, cluster: Cluster) -> str | None:
        """The list with everything in the cluster's area, narrowed as the map is."""
        if not cluster.area:
            return None
        narrowed: dict[str, Any] = {self._parameter(cluster.area): cluster.area}
        return map_address() + self.listing.querystring(pr_side=None, sort=None, **narrowed)


def map_address() -> str:
    """The address of the map with its list."""
    return reverse("mapping:map")

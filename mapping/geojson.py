"""The answer of `/kort/data.geojson`: clusters and single rows as GeoJSON (RFC 7946), never larger than it may be."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.urls import reverse

from mapping.clusters import DECIMALS, Cluster, Clusters, clusters, coarser, next_zoom
from mapping.grid import CELL_BITS, Box, cell_bits, x_of, y_of
from mapping.lists import MapListing
from mapping.names import Name, names
from places.areas import Geography

MOST = 1500
"""Features of an answer."""
BYTES = 60_000
"""Of a compressed answer."""
MEMBERS = 20
"""Rows at one spot that are named one by one, where no list shows them alone."""
NAMED = 3000
"""Rows of an answer that are named: reading more takes longer than anybody waits for a map."""
KEPT = 32
"""Answers that a process keeps until something changes."""
ANSWERS = "answers of the map"
"""Under which name a mirror keeps them."""
Feature = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """A body, and the same compressed; `tag` differs as soon as a byte does."""

    body: bytes
    compressed: bytes
    tag: str


def answer(listing: MapListing, box: Box | None, zoom: int) -> Answer:
    """The answer for a part of the map at a zoom. Kept until a row that may be found changes, or the day."""
    kept = listing.everything.mirror.kept.setdefault(ANSWERS, {})
    # All boxes that touch the same cells get the same answer.
    key = (
        listing.geography.stamp, zoom, box and box.whole_cells(cell_bits(zoom)),
        listing.querystring(sort=None, pr_side=None), tuple(listing.unknown),
    )  # fmt: skip
    if known := kept.get(key):
        held: Answer = known
        return held
    made = _made(listing, box, zoom)
    if len(kept) >= KEPT:
        kept.clear()
    kept[key] = made
    return made


def _made(listing: MapListing, box: Box | None, zoom: int) -> Answer:
    found = clusters(listing, box, zoom, most=MOST)
    while True:
        body = _body(listing, features(found, zoom))
        compressed = gzip.compress(body, 6, mtime=0)
        if len(compressed) <= BYTES or found.bits <= CELL_BITS:
            return Answer(body, compressed, hashlib.sha256(body).hexdigest()[:32])
        found = coarser(found, box)


def _body(listing: MapListing, made: list[Feature]) -> bytes:
    collection = {
        "type": "FeatureCollection",
        "count": listing.count,
        "shown": sum(f["properties"].get("count", 1) for f in made),
        "unknown": [{"parameter": name, "value": value} for name, value in listing.unknown],
        "features": made,
    }
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def features(found: Clusters, zoom: int) -> list[Feature]:
    """The clusters as features; a cell with one row is that row."""
    listing = found.listing
    several = list(found)
    lists = _Lists(listing)
    openable = [
        c for c in several
        if c.count > 1 and c.zoom is None and c.count <= MEMBERS and not (c.area and lists.shows_only(c))
    ]  # fmt: skip
    openable_ids = {c.id for c in openable[: NAMED // MEMBERS]}
    singles = [c.middle for c in several if c.count == 1]
    members = [int(slot) for c in several if c.id in openable_ids for slot in c.slots]
    named = names([*singles, *members], listing)
    near = _nearest_seats([c.at for c in several], listing.geography)
    where = listing.positions
    here = [c.middle for c in several]
    points = np.stack([where.lng[here], where.lat[here]], axis=1).round(DECIMALS).tolist()
    exact = where.exact[here].tolist()
    made = []
    for n, cluster in enumerate(several):
        if cluster.count > 1:
            properties = _cluster(cluster, zoom, _town(cluster, near[n], listing), lists)
            if cluster.id in openable_ids:
                properties["members"] = [
                    _properties(named[slot]) for slot in cluster.slots.tolist() if slot in named
                ]
            made.append(_feature(cluster.id, points[n], properties))
        elif name := named.get(cluster.middle):
            properties = {**_properties(name), "exact": exact[n], "note": name.note}
            made.append(_feature(f"{name.kind}/{name.slug}", points[n], properties))
    return made


def _cluster(cluster: Cluster, zoom: int, near: str, lists: _Lists) -> dict[str, Any]:
    return {
        "cluster": True,
        "count": cluster.count,
        "kinds": cluster.kinds,
        "near": near,
        "zoom": next_zoom(cluster, zoom),
        "bounds": cluster.bounds,
        "exact": cluster.exact,
        "area": cluster.area or None,
        "list": lists.address(cluster),
        "listed": lists.count(cluster),
    }


def _feature(key: str, coordinates: list[float], properties: dict[str, Any]) -> Feature:
    point = {"type": "Point", "coordinates": coordinates}
    return {"type": "Feature", "id": key, "geometry": point, "properties": properties}


def _properties(name: Name) -> dict[str, Any]:
    return {
        "kind": name.kind, "label": name.label, "also": name.also, "title": name.title, "url": name.url,
        "where": name.where,
    }  # fmt: skip


def _town(cluster: Cluster, nearest: str, listing: MapListing) -> str:
    """What a cluster is called by: the seat of the municipality that most of its rows lie in, else the nearest one."""
    areas = listing.everything.mirror.single["area"]
    most = int(np.bincount(areas.numbers[cluster.slots]).argmax())
    municipality = listing.geography.municipalities.get(areas.codes.values[most])
    return municipality.seat if municipality else nearest


def _nearest_seats(spots: Sequence[tuple[int, int]], geography: Geography) -> list[str]:
    """For each spot, the town with a municipality's seat that is nearest to it."""
    municipalities = list(geography.municipalities.values())
    if not spots or not municipalities:
        return [""] * len(spots)
    lng, lat = (np.array([float(getattr(m, name)) for m in municipalities]) for name in ("lng", "lat"))
    seats = np.stack([x_of(lng), y_of(lat)], axis=1)
    apart = ((np.array(spots, np.int64)[:, None, :] - seats) ** 2).sum(axis=2)
    return [municipalities[n].seat for n in apart.argmin(axis=1).tolist()]


class _Lists:
    """The lists that show what is known by one area only, and how much else each shows."""

    def __init__(self, listing: MapListing) -> None:
        self.listing = listing
        self.counts = listing.results.counts("area")

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

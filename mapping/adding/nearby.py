"""What is public, and looks like or lies near what somebody is putting on the map."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from editorial.choices import Kind
from editorial.models import Content
from editorial.proposals.kinds import Alike, Writing
from editorial.similar import Similar, similar

LANDSCAPE = (Kind.PROJECT, Kind.UNIT)
KINDS = (*LANDSCAPE, Kind.EXAMPLE, Kind.INITIATIVE, Kind.KNOWLEDGE_CENTRE)
"""What the same thing may stand as already."""
AT_MOST = 5
NEAREST = 3
LOOKED_AT = 200
"""Rows of a municipality that are looked through."""
KM_PER_DEGREE = 111.2
"""Of latitude: the earth's circumference of 40,030 km over 360."""


def alike(writing: Writing) -> list[Alike]:
    """At most AT_MOST rows, never the writer's own: those like the title, the near ones first; then the nearest
    projects and units of the same municipality.
    """
    spot = Spot(writing.municipality, writing.lat, writing.lng)
    found: dict[int, Alike] = {}
    for row in sorted(_titled(writing), key=lambda row: not spot.has(row.content)):
        told = [_("Fælles: %s") % ", ".join(row.shared), spot.told(row.content)]
        found[row.content.pk] = Alike(row.content, " · ".join(filter(None, told)))
    if spot.municipality:
        for content in spot.sorted(_of_municipality(spot).exclude(author=writing.author)):
            found.setdefault(content.pk, Alike(content, spot.told(content)))
    return list(found.values())[:AT_MOST]


def _titled(writing: Writing) -> list[Similar]:
    if len(writing.title.strip()) <= 3:
        return []
    return similar(writing.title, kinds=KINDS, author=writing.author.pk, limit=AT_MOST)


def nearest(content: Content) -> list[Alike]:
    """The public projects and units nearest to one that waits, in its municipality. One query."""
    spot = Spot.of(content.municipality_id, content.lat, content.lng)
    rows = _of_municipality(spot).exclude(pk=content.pk)
    return [Alike(row, spot.told(row)) for row in spot.sorted(rows)]


def _of_municipality(spot: Spot) -> QuerySet[Content]:
    rows = Content.objects.published().filter(kind__in=LANDSCAPE, municipality_id=spot.municipality)
    return rows.select_related("owner").order_by("-published_at", "-pk")


@dataclass(frozen=True)
class Spot:
    """Where something is: its municipality's code, and degrees if there is a point."""

    municipality: str
    lat: float | None
    lng: float | None

    @classmethod
    def of(cls, municipality: str | None, lat: Decimal | None, lng: Decimal | None) -> Spot:
        """From what a row holds."""
        return cls(
            municipality or "", None if lat is None else float(lat), None if lng is None else float(lng)
        )

    def sorted(self, rows: QuerySet[Content]) -> list[Content]:
        """The nearest of the rows; those without a point last, the newest first."""
        return sorted(rows[:LOOKED_AT], key=lambda row: self._metres(row) or math.inf)[:NEAREST]

    def told(self, content: Content) -> str:
        """How far it is, in words."""
        metres = self._metres(content)
        if metres is not None and metres < 950:
            return _("%(n)s meter herfra") % {"n": max(50, round(metres / 50) * 50)}
        if metres is not None and metres < 20_000:
            return _("%(n)s km herfra") % {"n": round(metres / 1000)}
        return _("I samme kommune") if self.has(content) else ""

    def has(self, content: Content) -> bool:
        """Whether it is in the same municipality."""
        return bool(self.municipality) and content.municipality_id == self.municipality

    def _metres(self, content: Content) -> float | None:
        """To its own point; None where either has none. On a plane, good enough for so short a way."""
        if self.lat is None or self.lng is None or content.lat is None or content.lng is None:
            return None
        north = float(content.lat) - self.lat
        east = (float(content.lng) - self.lng) * math.cos(math.radians(self.lat))
        return 1000 * KM_PER_DEGREE * math.hypot(north, east)

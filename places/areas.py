"""Which municipalities a region's code stands for, and which region a place belongs to, on a given day."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import DateField, Func

from places.models import Municipality, MunicipalityRegion, Region

WHOLE_COUNTRY = "hele"
"""The value of the `region` parameter that selects what has no place of its own."""
STAMP = "places_stamp()"
"""The function that gives another text as soon as the day or any row is another."""


@dataclass(frozen=True)
class Geography:
    """All regions, municipalities and memberships, read once (three queries), and the database's day."""

    today: dt.date
    regions: dict[str, Region]
    municipalities: dict[str, Municipality]
    memberships: tuple[tuple[str, str, dt.date, dt.date | None], ...]
    stamp: str = ""
    """The day and the versions of all rows it was read from; set by `current`."""

    @classmethod
    def load(cls) -> Geography:
        """Read it. The day is the database's, so tests can move it."""
        regions: dict[str, Any] = {
            r.code: r
            for r in Region.objects.annotate(today=Func(function="coi_today", output_field=DateField()))
        }
        today = next((r.today for r in regions.values()), dt.date.today())
        rows = MunicipalityRegion.objects.order_by("municipality__sort_key").values_list(
            "municipality_id", "region_id", "valid_from", "valid_to"
        )
        return cls(today, regions, {m.code: m for m in Municipality.objects.all()}, tuple(rows))

    @classmethod
    def current(cls, stamp: str = "") -> Geography:
        """What holds now: the last one read in this process, if neither the day nor any row has changed (one query).

        Without a query for who has asked STAMP already, and gives what it said.
        """
        global _last
        if not stamp:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {STAMP}")
                (stamp,) = cursor.fetchone()
        last = _last
        if last is None or last.stamp != stamp:
            # What changes while it is read is read again next time: the stamp is older than the rows.
            last = _last = replace(cls.load(), stamp=stamp)
        return last

    def regions_today(self) -> list[Region]:
        """The regions that exist today, sorted as Danes sort."""
        return [r for r in self.regions.values() if r.exists_on(self.today)]

    def region_of(self, area: str, day: dt.date | None = None) -> Region | None:
        """The region of an area code (a municipality's or a region's) on `day`, by default today; None if unknown."""
        day = day or self.today
        if area in self.regions:
            region: Region | None = self.regions[area]
            while region and region.valid_to and region.valid_to <= day and region.successor_id:
                region = self.regions[region.successor_id]
            return region
        for municipality, code, start, end in self.memberships:
            if municipality == area and start <= day and (end is None or day < end):
                return self.regions[code]
        return None

    def areas_of(self, region_code: str) -> list[str]:
        """The area codes that a `region` value selects: its municipalities, itself, and regions it replaced.

        A region that exists today has the municipalities of today; an old one keeps those of its last day, and
        a coming one has those of its first.
        """
        if region_code == WHOLE_COUNTRY:
            return [""]
        region = self.regions.get(region_code)
        if region is None:
            return []
        day = self.today
        if region.valid_to and region.valid_to <= day:
            day = region.valid_to - dt.timedelta(days=1)
        elif region.valid_from > day:
            day = region.valid_from
        members = [m for m, code, start, end in self.memberships
                   if code == region_code and start <= day and (end is None or day < end)]  # fmt: skip
        replaced = [c for c, r in self.regions.items() if c != region_code and self._became(r, region_code)]
        return [*members, region_code, *(replaced if region.exists_on(self.today) else [])]

    def _became(self, region: Region, code: str) -> bool:
        while region.successor_id and region.valid_to and region.valid_to <= self.today:
            region = self.regions[region.successor_id]
            if region.code == code:
                return True
        return False


_last: Geography | None = None

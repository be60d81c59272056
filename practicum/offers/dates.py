"""What the list knows of each place beside its search document: days, the days it can lie on, and its region then.

Worked out once for each state of the mirror and each edition of rounds and municipalities, and kept with the mirror.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models.functions import Coalesce
from numpy.typing import NDArray

from places.areas import WHOLE_COUNTRY, Geography
from practicum.models import Offer, Round
from search.columns import Ints, Mask
from search.mirror import Mirror

Codes = NDArray[np.str_]
ALWAYS = (dt.date.min.toordinal(), dt.date.max.toordinal())
"""The first and last day of a place that can lie all year."""


@dataclass(frozen=True)
class Dated:
    """For each slot of a mirror that is a place: days, first and last possible day (ordinals), area and its region on
    the first day ("" where it has no place). Other slots have 0 days.
    """

    days: Ints
    first: Ints
    last: Ints
    area: Codes
    region: Codes

    def fits(self, since: dt.date | None, until: dt.date | None) -> Mask:
        """The places whose days can lie within the dates; all of them when none is given."""
        low = since.toordinal() if since else ALWAYS[0]
        high = until.toordinal() if until else ALWAYS[1]
        room = np.minimum(self.last, high) - np.maximum(self.first, low) + 1
        # A place whose own time is shorter than its days (a weekend between them, say) still fits when all of it does.
        fits: Mask = room >= np.minimum(self.days, self.last - self.first + 1)
        return fits

    def over(self, today: dt.date) -> Mask:
        """The places whose last possible day has passed."""
        past: Mask = self.last < today.toordinal()
        return past

    def in_region(self, code: str, geography: Geography) -> Mask:
        """The places that a region's code stands for.

        A region that exists, or is to come, has the places that lie in it on their days. An old one has those in the
        municipalities that were its own on its last day.
        """
        region = geography.regions.get(code)
        found: Mask
        if code == WHOLE_COUNTRY:
            found = self.area == ""
        elif region and region.valid_to and region.valid_to <= geography.today:
            found = np.isin(self.area, geography.areas_of(code))
        else:
            found = self.region == code
        found &= self.days > 0
        return found


def day_of_region(first: dt.date | None, last: dt.date | None, today: dt.date) -> dt.date:
    """The day whose region a place lies in: the first on which a stay can still begin; of what is over, the first."""
    if first is None or (last is not None and last < today):
        return first or today
    return max(first, today)


def region_on_its_day(offer: Offer, geography: Geography) -> str:
    """The code of the region that a place lies in on its first day; "" where it has no place. An old region that it
    names leads on to its successor."""
    area = offer.municipality_id or offer.region_id or ""
    region = geography.region_of(area, offer.first_day) if area else None
    return str(region.code) if region else ""


def dated(mirror: Mirror, geography: Geography) -> Dated:
    """What the places of a mirror say; a query when something has changed, else one of the few rounds."""
    rounds = tuple(Round.objects.order_by("pk").values_list("pk", "stays_from", "stays_until"))
    key = ("practicum", rounds, geography.stamp or geography.today)
    if (known := mirror.kept.get(key)) is None:
        known = mirror.kept[key] = _dated(mirror, geography)
    found: Dated = known
    return found


def _dated(mirror: Mirror, geography: Geography) -> Dated:
    first_day = Coalesce("starts_on", "round__stays_from")
    last_day = Coalesce("ends_on", "round__stays_until")
    read = Offer.objects.published().order_by().annotate(first=first_day, last=last_day)
    columns = ("pk", "days", "first", "last", "municipality_id", "region_id")
    rows: dict[int, tuple[Any, ...]] = {row[0]: row[1:] for row in read.values_list(*columns)}
    days = np.zeros(mirror.size, np.int64)
    first = np.full(mirror.size, ALWAYS[0], np.int64)
    last = np.full(mirror.size, ALWAYS[1], np.int64)
    area, region = np.zeros(mirror.size, "<U4"), np.zeros(mirror.size, "<U4")
    regions: dict[tuple[str, dt.date], str] = {}
    for slot in np.flatnonzero(mirror.live & np.isin(mirror.content, list(rows))).tolist():
        its_days, its_first, its_last, municipality, own_region = rows[int(mirror.content[slot])]
        days[slot] = its_days
        if its_first:
            first[slot] = its_first.toordinal()
        if its_last:
            last[slot] = its_last.toordinal()
        if code := municipality or own_region:
            area[slot] = code
            known = (code, day_of_region(its_first, its_last, geography.today))
            if known not in regions:
                found = geography.region_of(*known)
                regions[known] = found.code if found else ""
            region[slot] = regions[known]
    return Dated(days, first, last, area, region)

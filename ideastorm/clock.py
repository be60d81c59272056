"""The clock of storms: one expression says which phase a storm is in, and everything asks it.

The moments are compared with the database's coi_now(), to the second: a phase begins at its moment and lasts until the
second before the next. Moments are stored in UTC, so neither midnight nor summer time moves them.
"""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Case, F, Value, When

from editorial.clock import CoiNow
from ideastorm.choices import StormPhase

GRACE = dt.timedelta(minutes=10)
"""How long after closing an idea may be sent that somebody began to write before."""


def phase_of(prefix: str = "") -> Case:
    """The phase of a storm as an expression; `prefix` leads from the row asked for to the storm, as in »storm__«."""
    now = CoiNow()
    return Case(
        When(**{f"{prefix}finished_at__isnull": False}, then=Value(StormPhase.RESULTS)),
        When(**{f"{prefix}opens_at__gt": now}, then=Value(StormPhase.ANNOUNCED)),
        When(**{f"{prefix}closes_at__gt": now}, then=Value(StormPhase.IDEAS)),
        When(**{f"{prefix}support_until__gt": now}, then=Value(StormPhase.SUPPORT)),
        default=Value(StormPhase.ASSESSMENT),
        output_field=models.CharField(),
    )


def next_change(prefix: str = "") -> Case:
    """When the phase changes by itself the next time; NULL when it does not any more."""
    now = CoiNow()
    moments = ("opens_at", "closes_at", "support_until")
    return Case(
        *(When(**{f"{prefix}{name}__gt": now}, then=F(f"{prefix}{name}")) for name in moments),
        default=None,
        output_field=models.DateTimeField(),
    )

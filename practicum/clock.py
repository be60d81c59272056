"""The clock of rounds: one expression says where in the year a round is, and everything asks it.

A round's dates are Danish days, compared with the day that the database's clock says it is; the last day of a period
counts in full.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Case, Value, When

from editorial.clock import CoiToday
from practicum.choices import RoundPhase


def phase_of(prefix: str = "") -> Case:
    """Where in the year a round is; `prefix` leads from the row asked for to the round, as in »round__«."""
    today = CoiToday()
    return Case(
        When(**{f"{prefix}offers_from__gt": today}, then=Value(RoundPhase.ANNOUNCED)),
        When(**{f"{prefix}applications_from__gt": today}, then=Value(RoundPhase.OFFERS)),
        When(**{f"{prefix}applications_until__gte": today}, then=Value(RoundPhase.APPLICATIONS)),
        When(**{f"{prefix}answers_until__gte": today}, then=Value(RoundPhase.MATCHING)),
        When(**{f"{prefix}stays_from__gt": today}, then=Value(RoundPhase.AGREEMENTS)),
        When(**{f"{prefix}stays_until__gte": today}, then=Value(RoundPhase.STAYS)),
        When(**{f"{prefix}evaluation_until__gte": today}, then=Value(RoundPhase.EVALUATION)),
        default=Value(RoundPhase.OVER),
        output_field=models.CharField(),
    )

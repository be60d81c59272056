"""What Min side shows those who run rounds: the way to each round that is not over."""

from __future__ import annotations

from accounts.models import User
from editorial.handlers import Panel
from practicum.choices import RoundPhase
from practicum.models import Round
from practicum.permissions import can_match

AT_MOST = 5
"""Rounds that the panel shows."""


def my_panels(user: User) -> list[Panel]:
    """The rounds that staff run now, also those that are not shown yet. One query, and none for others."""
    if not can_match(user):
        return []
    rows = Round.objects.not_over()[:AT_MOST]
    shown = [(row, RoundPhase(row.phase).label) for row in rows]
    return [Panel("practicum/running/my_rounds.html", {"rows": shown})] if shown else []

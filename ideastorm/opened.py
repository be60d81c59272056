"""The storms that anyone can take part in now, for the list of storms and the front page."""

from __future__ import annotations

from django.db.models import Count, Q

from editorial.choices import State
from ideastorm.choices import OPEN_PHASES
from ideastorm.models import Storm, StormQuerySet
from ideastorm.showing import Countdown, countdown


def listed_storms() -> StormQuerySet:
    """Public storms with their phase and `idea_count`, as lists show them."""
    ideas = Count("ideas", filter=Q(ideas__state=State.PUBLISHED, ideas__merged_into=None))
    return Storm.objects.published().with_phase().with_card().annotate(idea_count=ideas)


def open_storms(at_most: int) -> list[tuple[Storm, Countdown]]:
    """Those that are open for ideas or support, what ends first at the top, each with how long it lasts yet."""
    rows = listed_storms().in_phase(*OPEN_PHASES).order_by("support_until", "pk")[:at_most]
    return [(storm, countdown(storm)) for storm in rows]

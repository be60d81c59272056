"""What storms show on somebody's own page: what one supports, and what one follows."""

from __future__ import annotations

from accounts.models import User
from editorial.choices import READABLE, State
from editorial.handlers import Panel
from ideastorm.models import Follow, Support

AT_MOST = 20
"""Rows that a panel shows."""


def my_panels(user: User) -> list[Panel]:
    """The panels that have something to say. A fixed number of queries."""
    found = [_followed(user), _supported(user)]
    return [panel for panel in found if panel is not None]


def _supported(user: User) -> Panel | None:
    """Public ideas that I support, the newest first; one that was merged leads to where anyone reads it now."""
    rows = (
        Support.objects.of_person(user)
        .filter(idea__state=State.PUBLISHED, idea__storm__state__in=READABLE)
        .select_related("idea__storm", "idea__merged_into__storm")
        .order_by("-created_at", "-pk")[: AT_MOST + 1]
    )
    found = list(rows)
    if not found:
        return None
    shown = []
    for row in found[:AT_MOST]:
        survivor = row.idea.merged_into
        shown.append((row, survivor if survivor is not None and survivor.is_public else row.idea))
    return Panel("ideastorm/mine/supported.html", {"rows": shown, "more": len(found) > AT_MOST})


def _followed(user: User) -> Panel | None:
    """Storms and ideas that I follow, the newest first. What is hidden now is named by nothing, but can be stopped."""
    rows = Follow.objects.of(user).select_related("storm", "idea__storm")[: AT_MOST + 1]
    found = []
    for row in rows:
        thing = row.storm or row.idea
        assert thing is not None
        is_shown = thing.is_public and (row.idea is None or row.idea.storm.is_public)
        found.append((row, thing if is_shown else None))
    if not found:
        return None
    return Panel("ideastorm/mine/followed.html", {"rows": found[:AT_MOST], "more": len(found) > AT_MOST})

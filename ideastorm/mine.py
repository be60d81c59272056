"""What storms show on somebody's own page: the ideas that one supports."""

from __future__ import annotations

from accounts.models import User
from editorial.choices import State
from editorial.handlers import Panel
from ideastorm.models import Support

AT_MOST = 20
"""Rows that a panel shows."""


def my_panels(user: User) -> list[Panel]:
    """The panels that have something to say. A fixed number of queries."""
    found = [_supported(user)]
    return [panel for panel in found if panel is not None]


def _supported(user: User) -> Panel | None:
    """Public ideas that I support, the newest first; one that was merged leads to where it is read now."""
    rows = (
        Support.objects.of_person(user)
        .filter(idea__state=State.PUBLISHED)
        .select_related("idea__storm", "idea__merged_into__storm")
        .order_by("-created_at", "-pk")[: AT_MOST + 1]
    )
    found = list(rows)
    if not found:
        return None
    shown = [(row, row.idea.merged_into or row.idea) for row in found[:AT_MOST]]
    return Panel("ideastorm/mine/supported.html", {"rows": shown, "more": len(found) > AT_MOST})

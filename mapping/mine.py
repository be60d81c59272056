"""What the map shows on somebody's own page: the workplaces they have proposed or corrected."""

from __future__ import annotations

from django.db.models import Prefetch

from accounts.models import User
from editorial.choices import QueueKind
from editorial.handlers import Panel
from editorial.models import Letter, QueueItem

AT_MOST = 20
"""Rows that the panel shows."""


def my_panels(user: User) -> list[Panel]:
    """The panel of one's workplaces for the map, newest first; none without any. Two queries."""
    letters = Letter.objects.filter(from_editors=True).order_by("created_at", "id")
    items = QueueItem.objects.filter(sender=user, kind=QueueKind.WORKPLACE).select_related("workplace")
    rows = list(
        items.order_by("-submitted_at", "-id").prefetch_related(Prefetch("letters", letters, to_attr="said"))[
            :AT_MOST
        ]
    )
    return [Panel("mapping/adding/mine.html", {"rows": rows})] if rows else []

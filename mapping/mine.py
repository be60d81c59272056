"""What the map shows on somebody's own page: workplaces they answer for, and have proposed."""

from __future__ import annotations

from django.db.models import Prefetch

from accounts.models import User
from editorial.choices import QueueKind
from editorial.confirming.actions import Asked, owing
from editorial.handlers import Panel
from editorial.models import Letter, QueueItem
from places.permissions import workplaces_of

AT_MOST = 20
"""Rows that the panel shows."""


def my_panels(user: User) -> list[Panel]:
    """What the workplaces one speaks for owe an answer to, and one's workplaces for the map; what there is of it. Three
    queries.
    """
    return [panel for panel in (_to_confirm(user), _proposed(user)) if panel is not None]


def _to_confirm(user: User) -> Panel | None:
    rows = [
        (row, Asked(row.pk, row.confirmation_asked_on).address)
        for row in owing(workplaces_of(user)).order_by("sort_key")[:AT_MOST]
        if row.confirmation_asked_on
    ]
    return Panel("mapping/mine/to_confirm.html", {"rows": rows}) if rows else None


def _proposed(user: User) -> Panel | None:
    """Newest first."""
    letters = Letter.objects.filter(from_editors=True).order_by("created_at", "id")
    items = QueueItem.objects.filter(sender=user, kind=QueueKind.WORKPLACE).select_related("workplace")
    rows = list(
        items.order_by("-submitted_at", "-id").prefetch_related(Prefetch("letters", letters, to_attr="said"))[
            :AT_MOST
        ]
    )
    return Panel("mapping/adding/mine.html", {"rows": rows}) if rows else None

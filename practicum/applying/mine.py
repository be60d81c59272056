"""What Min side shows of applications and wishes: those that wait for their guest first."""

from __future__ import annotations

from django.db.models import Count, Q

from accounts.models import User
from editorial.clock import coi_now
from editorial.handlers import Panel
from practicum.applying.steps import next_step
from practicum.models import EDITABLE, Application, OpenWish, Round

AT_MOST = 10
"""Rows that a panel shows."""


def my_panels(user: User) -> list[Panel]:
    """The panels that have something to say. A bounded number of queries."""
    found = [_applications(user), _wishes(user)]
    return [panel for panel in found if panel is not None]


def _applications(user: User) -> Panel | None:
    """My applications with the next step; those where it is mine first, then the newest."""
    rows = list(
        Application.objects.of(user)
        .select_related("round")
        .prefetch_related("approvals", "wishes__offer")[: AT_MOST + 1]
    )
    if not rows:
        return None
    opened = set(Round.objects.open_for_applications().values_list("pk", flat=True))
    now = coi_now()
    shown = []
    for row in rows[:AT_MOST]:
        is_open = row.state in EDITABLE and (row.round_id is None or row.round_id in opened)
        shown.append((row, next_step(row, is_open=is_open, now=now)))
    shown.sort(key=lambda pair: not pair[1].is_mine)
    context = {"rows": shown, "more": len(rows) > AT_MOST}
    return Panel("practicum/mine/applications.html", context, any(step.is_mine for _row, step in shown))


def _wishes(user: User) -> Panel | None:
    """My open wishes without a place, those that were answered first."""
    rows = (
        OpenWish.objects.standing()
        .filter(guest=user)
        .annotate(answered=Count("answers"), unanswered=Count("pk", filter=Q(answers=None)))
    )
    found = list(rows.order_by("unanswered", "-created_at")[:AT_MOST])
    return Panel("practicum/mine/wishes.html", {"rows": found}) if found else None

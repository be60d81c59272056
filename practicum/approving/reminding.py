"""Reminders to leaders who have not answered, and the end of a link. Bounded, and safe to run twice.

The questions that wait longest come first; working days only go forward, so the first that is not due ends the round.
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from editorial.clock import CoiNow, coi_today
from editorial.working_days import add_working_days
from practicum.approving import letters
from practicum.approving.facts import is_current
from practicum.models import LeaderApproval
from practicum.models.approval import ApprovalQuerySet

DAYS = (3, 7)
"""Working days after the question on which the leader is reminded."""
AT_ONCE = 500
"""Questions that one run looks at, of each sort."""
TOLD = len(DAYS) + 1
"""What `reminders` says of a question that expired, when whoever asked has been told."""


def look_after() -> None:
    """Remind those who are due, and tell who asked where a link has expired."""
    today = coi_today()
    for number, days in enumerate(DAYS):
        rows = LeaderApproval.objects.open().filter(reminders=number).order_by("asked_at", "pk")
        for row in _whole(rows)[:AT_ONCE]:
            if add_working_days(timezone.localdate(row.asked_at), days) > today:
                break
            _remind(row, number)
    gone = LeaderApproval.objects.filter(answer="", expires_at__lte=CoiNow(), reminders__lt=TOLD)
    for row in _whole(gone.order_by("expires_at", "pk"))[:AT_ONCE]:
        _tell_expired(row)


def _whole(rows: ApprovalQuerySet) -> ApprovalQuerySet:
    return rows.select_related(
        "offer__owner", "offer__author", "application__guest", "application__workplace"
    )


def _remind(row: LeaderApproval, number: int) -> None:
    """Once: whoever raises the number sends the mail. What is not asked any more is counted, and nobody is bothered."""
    with transaction.atomic():
        rows = LeaderApproval.objects.open().filter(pk=row.pk, reminders=number)
        if rows.update(reminders=number + 1) and is_current(row):
            letters.remind(row)


def _tell_expired(row: LeaderApproval) -> None:
    with transaction.atomic():
        rows = LeaderApproval.objects.filter(pk=row.pk, answer="", reminders__lt=TOLD)
        if rows.update(reminders=TOLD) and is_current(row):
            letters.tell_expired(row)

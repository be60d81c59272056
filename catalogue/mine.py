"""What the catalogue shows on somebody's own page: reuse, questions, and what is to be confirmed."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from catalogue.asking.actions import address
from catalogue.models import Inquiry, Reuse
from catalogue.reusing.permissions import workplaces_to_tell_for
from editorial.choices import READABLE, QueueKind
from editorial.confirming import actions as confirming
from editorial.handlers import Panel
from editorial.models import Content, QueueItem
from places.permissions import workplaces_of

ANSWERED = dt.timedelta(days=90)
"""How long the answer to a wish stands."""
AT_MOST = 20
"""Rows that a panel shows."""


def my_panels(user: User) -> list[Panel]:
    """The panels that have something to say; what waits for the user first. A fixed number of queries."""
    spoken_for = list(workplaces_of(user).values_list("pk", flat=True))
    found = [_to_answer(user, spoken_for), _to_confirm(spoken_for), _reuse_of_ours(spoken_for)]
    found += [_our_reuse(user), _my_questions(user), _my_wishes(user)]
    return [panel for panel in found if panel is not None]


def _to_answer(user: User, spoken_for: list[int]) -> Panel | None:
    rows = Inquiry.objects.waiting().filter(recipient=user, item__isnull=True, entry__owner__in=spoken_for)
    found = [(row, address(row)) for row in rows.select_related("entry")[:AT_MOST]] if spoken_for else []
    return Panel("catalogue/mine/to_answer.html", {"rows": found}) if found else None


def _to_confirm(spoken_for: list[int]) -> Panel | None:
    if not spoken_for:
        return None
    rows = confirming.unanswered(Content.objects.published().filter(owner__in=spoken_for)).order_by(
        "sort_key"
    )
    found = [
        (row, confirming.Asked(row.owner_id, row.confirmation_asked_on).address)
        for row in rows[:AT_MOST]
        if row.owner_id and row.confirmation_asked_on
    ]
    return Panel("catalogue/mine/to_confirm.html", {"rows": found}) if found else None


def _reuse_of_ours(spoken_for: list[int]) -> Panel | None:
    """Reuse of what we own that is shown, or waits for the editors, newest first."""
    if not spoken_for:
        return None
    rows = (
        Reuse.objects.filter(entry__owner__in=spoken_for, entry__state__in=READABLE)
        .filter(Q(visible=True) | Q(item__decided_at__isnull=True, item__isnull=False))
        .select_related("workplace", "entry", "item")
        .order_by("-created_at", "-pk")[:AT_MOST]
    )
    return Panel("catalogue/mine/reuse_of_ours.html", {"rows": list(rows)}) if rows else None


def _our_reuse(user: User) -> Panel | None:
    workplaces = list(workplaces_to_tell_for(user).values_list("pk", flat=True))
    if not workplaces:
        return None
    rows = (
        Reuse.objects.filter(workplace__in=workplaces, entry__state__in=READABLE)
        .select_related("workplace", "entry", "item")
        .order_by("-created_at", "-pk")[:AT_MOST]
    )
    return Panel("catalogue/mine/our_reuse.html", {"rows": list(rows)}) if rows else None


def _my_wishes(user: User) -> Panel | None:
    """What I have asked to have taken off: while it waits, and the answer for a season after."""
    since = timezone.now() - ANSWERED
    rows = QueueItem.objects.filter(sender=user, kind=QueueKind.WITHDRAWAL).filter(
        Q(decided_at__isnull=True) | Q(decided_at__gte=since)
    )
    found = [
        (row, [letter for letter in row.letters.all() if letter.from_editors])
        for row in rows.select_related("content")
        .prefetch_related("letters")
        .order_by("-submitted_at")[:AT_MOST]
    ]
    return Panel("catalogue/mine/my_wishes.html", {"rows": found}) if found else None


def _my_questions(user: User) -> Panel | None:
    rows = Inquiry.objects.filter(asker=user).select_related("entry")[:AT_MOST]
    found = [(row, address(row)) for row in rows]
    return Panel("catalogue/mine/my_questions.html", {"rows": found}) if found else None

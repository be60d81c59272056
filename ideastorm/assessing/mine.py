"""What somebody has to assess: for their list, and for Min side."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from accounts.models import User
from editorial.choices import State
from editorial.handlers import Panel
from ideastorm.models import Assignment, Storm

AT_MOST = 20


def mine(user: User) -> QuerySet[Assignment]:
    """The assignments of a user, without those they have a conflict in, of ideas that stand."""
    rows = Assignment.objects.active().filter(
        assessor=user, idea__state=State.PUBLISHED, idea__merged_into=None
    )
    return rows.select_related("idea", "idea__storm").order_by("sent_at", "idea__sort_key", "pk")


def my_panels(user: User) -> list[Panel]:
    """The storms in which the user has something to assess; one query. See coi/my_page.py."""
    rows = mine(user).order_by()
    storms = (
        Storm.objects.published()
        .with_phase()
        .filter(finished_at=None, ideas__assignments__in=rows)
        .annotate(
            mine=Count("ideas__assignments", filter=Q(ideas__assignments__in=rows)),
            left=Count(
                "ideas__assignments", filter=Q(ideas__assignments__in=rows, ideas__assignments__sent_at=None)
            ),
        )
        .filter(left__gt=0)
        .order_by("promised_on", "pk")[:AT_MOST]
    )
    found = list(storms)
    return [Panel("ideastorm/assessing/my_panel.html", {"storms": found})] if found else []

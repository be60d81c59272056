"""The storms that somebody answers in, for Min side."""

from __future__ import annotations

from django.db.models import Count, Exists, OuterRef, Q

from accounts.models import User
from editorial.choices import State
from editorial.clock import CoiNow
from editorial.handlers import Panel
from ideastorm.models import IdeaAnswer, Storm

AT_MOST = 20


def my_panels(user: User) -> list[Panel]:
    """The public storms that the user answers in or is deputy of, until they are finished; one query."""
    answered = Exists(IdeaAnswer.objects.filter(idea=OuterRef("ideas__pk")))
    stands = Q(ideas__state=State.PUBLISHED, ideas__merged_into=None)
    storms = (
        Storm.objects.published()
        .with_phase()
        .filter(Q(answerer=user) | Q(deputy=user), finished_at=None)
        .exclude(opens_at__gt=CoiNow())
        .annotate(
            in_all=Count("ideas", filter=stands, distinct=True),
            unanswered=Count("ideas", filter=stands & ~Q(answered), distinct=True),
        )
        .order_by("promised_on", "pk")[:AT_MOST]
    )
    found = list(storms)
    return [Panel("ideastorm/answering/my_panel.html", {"storms": found})] if found else []

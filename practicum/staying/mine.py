"""What Min side shows of stays and of requests for a seat, and what a workplace's page asks of its host."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from editorial.clock import coi_today
from editorial.handlers import Panel
from editorial.workplace_pages import ToDo
from places.models import Workplace
from places.permissions import workplaces_of
from practicum.choices import OPEN_REQUESTS, SENT_APPLICATIONS, RequestState, Side, StayState
from practicum.models import DirectRequest, Stay
from practicum.staying.showing import next_step, title

AT_MOST = 10
"""Rows that a panel shows."""
SHOWN_AFTER = timedelta(days=180)
"""So long a stay that is over stands on Min side."""


def my_panels(user: User) -> list[Panel]:
    """The panels that have something to say. A fixed number of queries."""
    hosted = set(workplaces_of(user).values_list("pk", flat=True))
    found = [_stays(user, hosted), _requests(user, hosted)]
    return [panel for panel in found if panel is not None]


def _first(mine: QuerySet[Any], ours: QuerySet[Any], by: str) -> list[int]:
    """The keys of the first rows of the two. Each finds its own by an index; an OR of them reads all rows there are."""
    pairs = mine.order_by().values_list("pk", by).union(ours.order_by().values_list("pk", by))
    return [pk for pk, _by in pairs.order_by(by, "pk")[: AT_MOST + 1]]


def _stays(user: User, hosted: set[int]) -> Panel | None:
    """Stays that I am guest or host of: where something waits for me first, then the next."""
    today = coi_today()
    state = Q(state__in=(StayState.OFFERED, StayState.AGREED)) | Q(
        state=StayState.DONE, ends_on__gt=today - SHOWN_AFTER
    )
    mine, ours = Stay.objects.filter(state, guest=user), Stay.objects.filter(state, offer__owner__in=hosted)
    keys = _first(mine, ours, "starts_on")
    if not keys:
        return None
    found = list(Stay.objects.with_page().filter(pk__in=keys).order_by("starts_on", "pk"))
    shown = []
    for stay in found[:AT_MOST]:
        sides = [Side.GUEST] if stay.guest_id == user.pk else []
        if stay.offer.owner_id in hosted:
            sides.append(Side.HOST)
        newest = next(iter(stay.agreements.all()), None)
        shown.append((stay, title(stay), next_step(stay, sides, newest, today=today)))
    shown.sort(key=lambda row: not (row[2] and row[2].url))
    waits = any(step and step.url for _stay, _title, step in shown)
    return Panel("practicum/staying/my_stays.html", {"rows": shown, "more": len(found) > AT_MOST}, waits)


def _requests(user: User, hosted: set[int]) -> Panel | None:
    """Requests for a seat that are open: mine, and those to my workplace that I may answer."""
    rows = DirectRequest.objects.filter(state__in=OPEN_REQUESTS)
    mine = rows.filter(application__guest=user)
    to_me = rows.filter(offer__owner__in=hosted, application__state__in=SENT_APPLICATIONS)
    keys = _first(mine, to_me, "created_at")
    if not keys:
        return None
    found = list(
        DirectRequest.objects.filter(pk__in=keys)
        .select_related("offer__owner", "application__workplace")
        .order_by("created_at", "pk")
    )
    shown = []
    for row in found[:AT_MOST]:
        is_mine = row.application.guest_id == user.pk
        waits = row.state in ((RequestState.ASKED, RequestState.OFFERED) if is_mine else (RequestState.SENT,))
        shown.append((row, is_mine, waits))
    shown.sort(key=lambda row: not row[2])
    context = {"rows": shown, "more": len(found) > AT_MOST}
    return Panel("practicum/direct/my_requests.html", context, any(waits for _row, _mine, waits in shown))


def to_do(workplace: Workplace) -> list[ToDo]:
    """Requests that the host has not answered."""
    rows = DirectRequest.objects.filter(
        offer__owner=workplace, state=RequestState.SENT, application__state__in=SENT_APPLICATIONS
    ).select_related("offer", "application__workplace")
    return [
        ToDo(
            _("En gæst fra %(place)s venter på svar om »%(title)s«.")
            % {"place": row.application.workplace.name, "title": row.offer.title},
            row.get_absolute_url(),
            _("Svar"),
        )
        for row in rows.order_by("waits_from", "pk")[:AT_MOST]
    ]

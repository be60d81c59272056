"""The numbers of a round for the editors: the way from a place to an evaluation, where hosts are missing, who is late,
and what stands out. They show small groups as they are."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from editorial.choices import State
from editorial.clock import CoiNow, CoiToday
from places.models import Membership
from practicum.choices import (
    SEATED,
    ApplicationState,
    RequestState,
    StayState,
)
from practicum.models import (
    Agreement,
    DirectRequest,
    LeaderApproval,
    Offer,
    Round,
    Seat,
    Stay,
)
from practicum.running.drawing import Bar, bars

AT_MOST = 100
"""Rows of each list."""
A_WEEK = dt.timedelta(days=7)


def funnel(its_round: Round) -> list[Bar]:
    """From places to what was said of the stays."""
    offers = Offer.objects.filter(round=its_round, state__in=(State.PUBLISHED, State.ARCHIVED))
    sent = ~Q(state=ApplicationState.DRAFT)
    applications = its_round.applications.aggregate(
        begun=Count("pk", distinct=True),
        sent=Count("pk", filter=sent & Q(sent_at__isnull=False), distinct=True),
        ready=Count("pk", filter=Q(ready_at__isnull=False), distinct=True),
        wished=Count("pk", filter=Q(ready_at__isnull=False, wishes__isnull=False), distinct=True),
    )
    its = Stay.objects.filter(round=its_round)
    stays = its.aggregate(
        offered=Count("pk", distinct=True),
        agreed=Count("pk", filter=Q(state__in=(StayState.AGREED, StayState.DONE)), distinct=True),
        held=Count("pk", filter=Q(state=StayState.DONE), distinct=True),
        evaluated=Count("pk", filter=Q(state=StayState.DONE, evaluations__isnull=False), distinct=True),
    )
    return bars(
        [
            (_("Pladser slået op"), offers.count()),
            (_("Plads til gæster"), Seat.objects.filter(offer__in=offers).count()),
            (_("Ansøgninger begyndt"), applications["begun"]),
            (_("Ansøgninger sendt"), applications["sent"]),
            (_("Lederen har sagt ja"), applications["ready"]),
            (_("Med mindst ét ønske"), applications["wished"]),
            (_("Har fået tilbudt en plads"), stays["offered"]),
            (_("Begge har sagt ja"), stays["agreed"]),
            (_("Gennemførte ophold"), stays["held"]),
            (_("Evalueret af mindst én"), stays["evaluated"]),
        ]
    )


def late(its_round: Round) -> list[tuple[str, QuerySet[Any], str]]:
    """(what, rows, how many) of answers that are late: (title, rows, kind)."""
    week_ago = CoiNow() - A_WEEK
    leaders = LeaderApproval.objects.filter(
        Q(application__round=its_round) | Q(offer__round=its_round), answer="", asked_at__lte=week_ago,
        expires_at__gt=CoiNow(),
    )  # fmt: skip
    hosts = DirectRequest.objects.filter(
        application__round=its_round, state__in=(RequestState.SENT, RequestState.ASKED), created_at__lte=week_ago
    )  # fmt: skip
    offered = Stay.objects.filter(round=its_round, state=StayState.OFFERED, created_at__lte=week_ago)
    offered = offered.select_related("offer__owner", "guest_workplace")
    leaders = leaders.select_related("application__workplace", "offer__owner")
    return [
        (_("Ledere, der er spurgt for over en uge siden"), leaders.order_by("asked_at", "pk"), "leader"),
        (
            _("Værter, der ikke har svaret på en direkte ansøgning i over en uge"),
            hosts.select_related("offer__owner", "application__workplace").order_by("created_at", "pk"),
            "request",
        ),
        (
            _("Værter, der ikke har svaret på et forslag i over en uge"),
            offered.filter(host_accepted_at=None).order_by("created_at", "pk"),
            "stay",
        ),
        (
            _("Gæster, der ikke har svaret på et forslag i over en uge"),
            offered.filter(guest_accepted_at=None).order_by("created_at", "pk"),
            "stay",
        ),
    ]


def exceptions(its_round: Round) -> list[tuple[str, QuerySet[Any], str]]:
    """(what, rows, kind) of what the editors should look at."""
    offers = Offer.objects.filter(round=its_round, state=State.PUBLISHED).select_related("owner")
    contact = Membership.objects.active().contacts().filter(workplace=OuterRef("owner"), user__is_active=True)
    signed = Agreement.objects.in_force().filter(stay=OuterRef("pk"))
    stays = Stay.objects.filter(round=its_round, state=StayState.AGREED)
    stays = stays.select_related("offer__owner", "guest_workplace")
    return [
        (
            _("Pladser med flere gæster, end der er plads til"),
            offers.annotate(guests=Count("stays", filter=Q(stays__state__in=SEATED))).filter(
                guests__gt=F("direct_seats") + F("round_seats")
            ),
            "offer",
        ),
        (
            _("Pladser uden en kontaktperson"),
            offers.filter(~Exists(contact)).order_by("sort_key", "pk"),
            "offer",
        ),
        (
            _("Ophold uden en aftale, som begge har godkendt, efter fristen"),
            stays.filter(~Exists(signed), round__agreements_until__lt=CoiToday()).order_by("starts_on", "pk"),
            "stay",
        ),
    ]


def stays(its_round: Round, *, q: str = "", state: str = "") -> QuerySet[Stay]:
    """Stays of the round and those outside rounds, the next first. `q` is part of a place's title, of a workplace's
    name, or of a guest's name or address."""
    rows = Stay.objects.filter(Q(round=its_round) | Q(round=None))
    if state:
        rows = rows.filter(state=state)
    if q:
        found = Q()
        for field in (
            "offer__title",
            "offer__owner__name",
            "guest_workplace__name",
            "guest__name",
            "guest__email",
        ):
            found |= Q(**{f"{field}__icontains": q})
        rows = rows.filter(found)
    return rows.select_related("offer__owner", "guest_workplace").order_by("starts_on", "pk")

"""What a host sees of its own places: on »Min side«, and what the workplace's page says there is to do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Prefetch
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from accounts.models import User
from editorial.choices import READABLE, State
from editorial.clock import coi_now, coi_today
from editorial.handlers import Panel
from editorial.models import Change
from editorial.proposals.kinds import edit_address
from editorial.workplace_pages import ToDo
from places.models import Workplace
from places.permissions import workplaces_of
from practicum.approving.facts import Facts
from practicum.choices import Answer
from practicum.models import LeaderApproval, Offer
from practicum.offering.actions import open_round
from practicum.offering.handling import newest, standing
from practicum.offers.showing import is_over

AT_MOST = 20
"""Rows that a panel shows."""
SHOWN = (State.DRAFT, State.RETURNED, State.SUBMITTED, State.PUBLISHED, State.ARCHIVED)


@dataclass(frozen=True)
class Row:
    """One of a host's places: where it is, its seats, what its leader said, and what to do next."""

    offer: Offer
    state: str
    leader: str
    label: str
    url: str
    edit: str
    copies: bool

    @property
    def when(self) -> str:
        """Its dates in words."""
        return Facts.of_offer(self.offer).when


def my_panels(user: User) -> list[Panel]:
    """The places of the workplaces that the user speaks for. A fixed number of queries."""
    workplaces = list(workplaces_of(user)[:AT_MOST])
    if not workplaces:
        return []
    row = open_round()
    rows = _rows(user, workplaces)
    if not rows and row is None:
        return []
    return [
        Panel(
            "practicum/offering/mine.html",
            {"rows": rows[:AT_MOST], "more": len(rows) > AT_MOST, "round": row},
        )
    ]


def _rows(user: User, workplaces: list[Workplace]) -> list[Row]:
    """The newest first; drafts are seen by whoever writes them."""
    offers = (
        Offer.objects.filter(owner__in=workplaces, state__in=SHOWN)
        .select_related("owner", "round")
        .with_seats()
        .prefetch_related("approvals", _sent_changes())
        .order_by("-updated_at", "-pk")[: 3 * AT_MOST]
    )
    today, now = coi_today(), coi_now()
    return [
        _row(offer, user, today=today, now=now)
        for offer in offers
        if offer.state != State.DRAFT or offer.author_id == user.pk
    ][: AT_MOST + 1]


def _sent_changes() -> Prefetch[str]:
    rows = Change.objects.filter(state__in=(State.SUBMITTED, State.RETURNED)).order_by("created_at", "pk")
    return Prefetch("changes", rows, to_attr="sent_changes")


def _answers(offer: Offer) -> list[LeaderApproval | None]:
    """What its leader says of the place as it is, and as each change that is sent would make it; None: not asked."""
    approvals = list(offer.approvals.all())
    changes: list[Change] = offer.sent_changes  # type: ignore[attr-defined]
    wanted = [Facts.of_offer(offer), *(Facts.of_offer(offer, change.proposed) for change in changes)]
    return [newest(offer, facts, approvals) for facts in wanted]


def _missing(answers: list[LeaderApproval | None]) -> list[LeaderApproval | None]:
    return [row for row in answers if row is None or row.answer != Answer.YES]


def _row(offer: Offer, user: User, *, today: dt.date, now: dt.datetime) -> Row:
    answers = _answers(offer)
    missing = _missing(answers)
    shown = missing[0] if missing else answers[0]
    leader = "" if offer.state == State.DRAFT else standing(shown)
    over = offer.state == State.ARCHIVED or is_over(offer, today)
    can_ask = bool(missing) and not (shown is not None and not shown.answer and shown.expires_at > now)
    if over:
        leader, can_ask = "", False
    label, url = _next(offer, user, can_ask=can_ask, over=over)
    if not url and missing and not over and offer.state != State.DRAFT:
        label, url = _("Se, hvem der er spurgt"), reverse("practicum:ask_leader", args=[offer.uuid])
    edit = edit_address(offer) or "" if offer.state in READABLE and not over else ""
    return Row(
        offer, _state(offer, over=over), leader, label, url, edit, copies=over and offer.state in READABLE
    )


def _state(offer: Offer, *, over: bool) -> str:
    if offer.state in READABLE:
        return _("Dagene er gået") if over else _("Slået op")
    return {
        State.DRAFT: _("Kladde"),
        State.RETURNED: _("Redaktionen har spurgt om noget"),
        State.SUBMITTED: _("Redaktionen læser den"),
    }[State(offer.state)]


def _next(offer: Offer, user: User, *, can_ask: bool, over: bool) -> tuple[str, str]:
    """The next step: what it is called, and where."""
    own = offer.author_id == user.pk
    if offer.state in (State.DRAFT, State.RETURNED) and own:
        label = _("Skriv videre") if offer.state == State.DRAFT else _("Ret og send igen")
        return label, reverse("practicum:proposal_resume", args=[offer.uuid])
    if can_ask:
        return _("Spørg lederen"), reverse("practicum:ask_leader", args=[offer.uuid])
    if offer.state in READABLE and not over:
        return _("Se ansøgninger"), reverse("practicum:offer_applications", args=[offer.slug])
    return "", ""


def to_do(workplace: Workplace) -> list[ToDo]:
    """Places whose leader has not said yes, and the round that waits for hosts. A fixed number of queries."""
    found = []
    offers = (
        Offer.objects.filter(owner=workplace, state__in=(State.RETURNED, State.SUBMITTED, *READABLE))
        .select_related("round")
        .prefetch_related("approvals", _sent_changes())
        .order_by("-updated_at", "-pk")[:AT_MOST]
    )
    today = coi_today()
    for offer in offers:
        if offer.state == State.ARCHIVED or is_over(offer, today):
            continue
        if missing := _missing(_answers(offer)):
            text = _("Praktikpladsen »%(title)s«: %(leader)s") % {
                "title": offer.title,
                "leader": standing(missing[0]),
            }
            found.append(ToDo(text, reverse("practicum:ask_leader", args=[offer.uuid]), _("Lederens ja")))
    row = open_round()
    if row is not None and not Offer.objects.filter(owner=workplace, round=row, state__in=SHOWN).exists():
        told = {"year": row.year, "day": formats.date_format(row.offers_until, "j. F")}
        text = _("Innovationspraktik %(year)s: Værter kan slå pladser op til og med %(day)s.") % told
        address = f"{reverse('practicum:offer_new')}?arbejdsplads={workplace.slug}"
        found.append(ToDo(text, address, _("Slå en praktikplads op")))
    return found

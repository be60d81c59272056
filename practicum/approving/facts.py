"""What a leader says yes to: so many days, so many guests, on these dates. A yes counts for nothing else."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from editorial.choices import OPEN, READABLE, State
from editorial.models import Change
from practicum.choices import Answer, ApplicationState
from practicum.models import Application, LeaderApproval, Offer

Thing = Offer | Application
ASKED = ("days", "direct_seats", "round_seats", "starts_on", "ends_on")
"""The parts of a place that its leader says yes to."""


@dataclass(frozen=True)
class Facts:
    """What is asked about. Of an application `seats` is None, and the days are the first and last that are possible."""

    days: int
    seats: int | None
    first_day: dt.date | None
    last_day: dt.date | None

    @classmethod
    def of_offer(cls, offer: Offer, proposed: dict[str, Any] | None = None) -> Facts:
        """A place as it is, or as it would be with `proposed` parts (as a Change holds them)."""
        parts = {name: getattr(offer, name) for name in ASKED}
        parts |= {name: value for name, value in (proposed or {}).items() if name in ASKED}
        return cls(
            parts["days"], parts["direct_seats"] + parts["round_seats"], _day(parts["starts_on"]),
            _day(parts["ends_on"]),
        )  # fmt: skip

    @classmethod
    def of_application(cls, application: Application) -> Facts:
        """An application as it is."""
        days = application.possible_days
        return cls(application.days, None, min(days) if days else None, max(days) if days else None)

    @classmethod
    def of(cls, thing: Thing) -> Facts:
        """A place or an application as it is."""
        return cls.of_offer(thing) if isinstance(thing, Offer) else cls.of_application(thing)

    @classmethod
    def asked(cls, approval: LeaderApproval) -> Facts:
        """What a question was about."""
        return cls(approval.days, approval.seats, approval.first_day, approval.last_day)

    @property
    def when(self) -> str:
        """See `spelled`."""
        return spelled(self)

    @property
    def columns(self) -> dict[str, Any]:
        """As the columns of a LeaderApproval."""
        return asdict(self)


def spelled(facts: Facts) -> str:
    """When it is, in words: »13.–17. september 2027«, or that the time is agreed on."""
    first, last = facts.first_day, facts.last_day
    if first is None or last is None:
        return str(_("Tiden aftales med gæsten"))
    end = formats.date_format(last, "j. F Y")
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}.–{end}"
    start = formats.date_format(first, "j. F" if first.year == last.year else "j. F Y")
    return f"{start} – {end}"


def _day(value: Any) -> dt.date | None:
    return dt.date.fromisoformat(value) if isinstance(value, str) and value else value or None


def waiting_facts(offer: Offer) -> list[Facts]:
    """What a leader's yes may be wanted for: the place as it is, and as changes that are sent would make it."""
    found = [Facts.of_offer(offer)]
    changes = Change.objects.filter(target_id=offer.pk, state__in=(State.SUBMITTED, State.RETURNED))
    for proposed in changes.order_by("created_at", "pk").values_list("proposed", flat=True)[:20]:
        if (facts := Facts.of_offer(offer, proposed)) not in found:
            found.append(facts)
    return found


def has_yes(offer: Offer, facts: Facts) -> bool:
    """Whether a leader has said yes to these facts of a place."""
    return offer.approvals.filter(answer=Answer.YES, **facts.columns).exists()


def missing_yes(offer: Offer) -> Facts | None:
    """The facts that nobody has said yes to yet, of a place that is on its way or public; None without any."""
    if offer.state not in (*OPEN, *READABLE):
        return None
    return next((facts for facts in waiting_facts(offer) if not has_yes(offer, facts)), None)


def is_current(approval: LeaderApproval) -> bool:
    """Whether an answer would still be about what is wanted: nothing is taken back, and nothing has changed since."""
    asked = Facts.asked(approval)
    if approval.application is not None:
        wanted = Facts.of_application(approval.application)
        return approval.application.state == ApplicationState.LEADER and wanted == asked
    offer = approval.offer
    assert offer is not None
    return offer.state in (*OPEN, *READABLE) and asked in waiting_facts(offer)

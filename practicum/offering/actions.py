"""Beginning a place, also from last year's. Each gives one draft, however often it is asked for."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from editorial.choices import OPEN, READABLE, Kind
from editorial.models import Content
from editorial.models.querysets import TransitionError
from editorial.proposals.work import untitled
from places.models import Workplace
from practicum.models import Offer, Round
from practicum.permissions import can_offer

NOT_COPIED = ("owner_id", "round_id", "starts_on", "ends_on", "is_flexible", "direct_seats", "round_seats")
"""Parts that a copy gets anew, or has from its beginning."""


def open_round() -> Round | None:
    """The round that hosts offer places in today."""
    return Round.objects.open_for_offers().order_by("year").first()


@transaction.atomic
def begin_offer(*, owner: Workplace, by: User) -> Offer:
    """A draft for one guest, in the week of the round that is open. Raises TransitionError for who does not speak for
    the host."""
    row = open_round()
    first, last = _week(row) if row else (None, None)
    return _begin(
        owner=owner, by=by, round=row, direct_seats=1, starts_on=first, ends_on=last, is_flexible=row is None,
        municipality=owner.municipality, sectors=[owner.sector],
    )  # fmt: skip


def _begin(*, owner: Workplace, by: User, **fields: object) -> Offer:
    if not can_offer(by, owner):
        raise TransitionError(_("Du er ikke kontaktperson for %s.") % owner.name)
    offer = Offer(kind=Kind.OFFER, author=by, owner=owner, **fields)
    offer.title = untitled(offer.get_kind_display())
    offer.save()
    offer.reindex()
    return offer


@transaction.atomic
def copy_offer(*, offer: Offer, by: User) -> Offer:
    """A draft of an earlier place: in the round that is open, on the same weekdays of its week, with as many seats.

    Whoever copies it twice before it is answered gets the one draft. Without an open round the seats are agreed on
    directly, and so is the time. Raises TransitionError.
    """
    # Whoever copies the same at the same moment waits here.
    Content.objects.select_for_update(of=("self",)).values_list("pk", flat=True).get(pk=offer.pk)
    offer = Offer.objects.select_related("owner", "round").get(pk=offer.pk)
    owner = offer.owner
    if owner is None or offer.state not in READABLE:
        raise TransitionError(_("Pladsen kan ikke slås op igen."))
    row = open_round()
    if found := Offer.objects.filter(copied_from=offer, author=by, state__in=OPEN).order_by("pk").first():
        return found
    first, last = _moved(offer, row)
    seats = offer.direct_seats + offer.round_seats
    draft = _begin(
        owner=owner, by=by, round=row, copied_from=offer, starts_on=first, ends_on=last, is_flexible=first is None,
        direct_seats=offer.direct_seats if row else seats, round_seats=offer.round_seats if row else 0,
        is_demo=offer.is_demo,
    )  # fmt: skip
    parts = {name: value for name, value in offer.snapshot().items() if name not in NOT_COPIED}
    draft.apply_parts(parts)
    draft.refresh_from_db()
    return draft


def _week(row: Round) -> tuple[dt.date, dt.date]:
    """The common week, as far as stays may lie in it; else the round's days of stays."""
    monday, friday = row.common_week()
    first, last = max(monday, row.stays_from), min(friday, row.stays_until)
    return (first, last) if first <= last else (row.stays_from, row.stays_until)


def _moved(offer: Offer, row: Round | None) -> tuple[dt.date | None, dt.date | None]:
    """The same weekdays in the round's week, where they were within a week; else the whole of it."""
    if row is None or offer.starts_on is None or offer.ends_on is None:
        return None, None
    first, last = _week(row)
    length = offer.ends_on - offer.starts_on
    moved = first - dt.timedelta(days=first.weekday()) + dt.timedelta(days=offer.starts_on.weekday())
    if moved >= first and moved + length <= last:
        return moved, moved + length
    if (last - first).days + 1 < offer.days:
        return row.stays_from, row.stays_until
    return first, last

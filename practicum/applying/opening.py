"""Whether one can apply for a place today, and a sentence why not."""

from __future__ import annotations

import datetime as dt

from django.utils import formats
from django.utils.translation import gettext as _

from editorial.choices import State
from editorial.clock import coi_today
from practicum.models import Offer


def _said(day: dt.date) -> str:
    return formats.date_format(day, "j. F Y")


def why_closed(offer: Offer, today: dt.date | None = None) -> str:
    """Why nobody can apply for the place now; empty when one can."""
    today = today or coi_today()
    if offer.ends_on and offer.ends_on < today:
        return _("Opholdet er overstået. Find en anden plads.")
    if offer.state != State.PUBLISHED:
        return _("Pladsen er ikke længere slået op.")
    row = offer.round
    if row is None:
        return ""
    if not row.is_public or row.applications_from > today:
        return _("Du kan søge fra den %s.") % _said(row.applications_from)
    if row.applications_until < today:
        return _("Runden lukkede for ansøgninger den %s.") % _said(row.applications_until)
    return ""

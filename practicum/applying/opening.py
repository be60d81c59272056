"""Whether anybody can apply for a place today, and a sentence why not."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.translation import gettext as _

from editorial.choices import State
from editorial.clock import coi_today
from practicum.models import Offer
from practicum.offers.showing import is_over
from practicum.offers.year import day


class Closed(NamedTuple):
    """Why nobody can apply now, and whether it is too late, so that another place is the thing to look for."""

    sentence: str
    is_too_late: bool = True


def closed(offer: Offer) -> Closed | None:
    """Why nobody can apply for the place today; None when one can."""
    today, its_round = coi_today(), offer.round
    if is_over(offer, today):
        return Closed(_("Opholdet er overstået."))
    if offer.state == State.ARCHIVED:
        return Closed(_("Pladsen er ikke længere slået op."))
    if not offer.is_public:
        return Closed(_("Du kan søge pladsen, når den er slået op."), is_too_late=False)
    if its_round is None:
        return None
    if not its_round.is_public or its_round.applications_from > today:
        dates = {"from": day(its_round.applications_from), "until": day(its_round.applications_until)}
        return Closed(_("Du kan søge fra %(from)s til og med %(until)s.") % dates, is_too_late=False)
    if its_round.applications_until < today:
        return Closed(_("Fristen for at søge var %s.") % day(its_round.applications_until))
    return None

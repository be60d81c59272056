"""Practicum places as what can be proposed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from editorial.choices import Kind
from editorial.proposals.kinds import PROPOSED, Alike, ProposalKind, Writing, alike_by_title
from editorial.proposals.rows import SORTS, Sort
from practicum.models import Offer
from practicum.offering import asked, steps
from practicum.offering.entries import EntryRow
from practicum.offering.sending import OfferSending
from practicum.offers.views import previewed_page


def _alike(writing: Writing) -> list[Alike]:
    return alike_by_title(writing, (Kind.OFFER,))


def register() -> None:
    """Say how a place is offered."""
    SORTS["seen_entries"] = Sort(
        EntryRow, _("Kan gæsten se noget, I har fortalt om i Inspiration?"), _("Endnu et indlæg")
    )
    PROPOSED[Kind.OFFER] = ProposalKind(
        area="practicum", model=Offer, steps=steps.STEPS, pieces=steps.PIECES, edit="practicum:offer_edit",
        withdrawal="practicum:offer_withdraw", called=steps.CALLED, about=steps.ABOUT, page=previewed_page,
        alike=_alike, asked=asked.ASKED, brief=asked.BRIEF, fields=asked.FIELDS, check=asked.check,
        sending=OfferSending(),
    )  # fmt: skip

"""What the queue shows of a place, and why it can't be shown before the host's leader has said yes."""

from __future__ import annotations

from typing import Any

from django.utils import formats, timezone
from django.utils.translation import gettext as _

from editorial.clock import coi_now
from editorial.handlers import Panel, filled
from editorial.models import QueueItem
from practicum.approving.facts import Facts
from practicum.choices import Answer
from practicum.models import LeaderApproval, Offer


def _facts(item: QueueItem, offer: Offer) -> Facts:
    """What the item would make of the place."""
    return Facts.of_offer(offer, item.change.proposed if item.change else None)


def newest(offer: Offer, facts: Facts, approvals: list[LeaderApproval]) -> LeaderApproval | None:
    """The yes to these facts of a place, else the newest question about them; None when nobody was asked."""
    about = [row for row in approvals if row.offer_id == offer.pk and Facts.asked(row) == facts]
    about = [row for row in about if row.answer != Answer.DELEGATED]
    about.sort(key=lambda row: (row.answer == Answer.YES, row.asked_at, row.pk))
    return about[-1] if about else None


def standing(approval: LeaderApproval | None) -> str:
    """Where the leader's answer is, as a sentence without the leader's address."""
    if approval is None:
        return _("Ingen leder er spurgt om det, der står nu.")
    if approval.answer == Answer.YES:
        told = {"name": approval.answered_by_name or _("Lederen"), "day": _date(approval.answered_at)}
        return _("%(name)s sagde ja den %(day)s.") % told
    if approval.answer == Answer.NO:
        told = {"name": approval.answered_by_name or _("Lederen"), "reason": approval.reason}
        return _("%(name)s har sagt nej: »%(reason)s«") % told
    if approval.expires_at <= coi_now():
        return _("Lederen svarede ikke, og linket er udløbet. Det tæller ikke som et ja.")
    return _("Venter på lederen, der blev spurgt den %s.") % _date(approval.asked_at)


def _date(moment: Any) -> str:
    return formats.date_format(timezone.localdate(moment), "j. F")


def offer_panels(item: QueueItem) -> list[Panel]:
    """Days, dates, seats, round, and the leader's answer to just that."""
    if item.content_id is None:
        return []
    offer = Offer.objects.select_related("round", "copied_from").get(pk=item.content_id)
    facts = _facts(item, offer)
    parts = item.change.proposed if item.change else {}
    said = filled(
        (_("Dage"), facts.days),
        (_("Hvornår"), facts.when),
        (_("Runde"), offer.round or _("Uden for runderne")),
        (_("Pladser, der aftales direkte"), parts.get("direct_seats", offer.direct_seats)),
        (_("Pladser i runden"), parts.get("round_seats", offer.round_seats)),
        (_("Lederens svar"), standing(newest(offer, facts, list(offer.approvals.all()[:100])))),
        (_("Slået op igen efter"), offer.copied_from),
    )
    return [Panel("editorial/moderation/said.html", {"said": said})]


def held_back(item: QueueItem) -> str:
    """Why it can't be shown yet: nobody who leads the host has said yes to just that."""
    if item.content_id is None:
        return ""
    offer = Offer.objects.get(pk=item.content_id)
    found = newest(offer, _facts(item, offer), list(offer.approvals.all()[:100]))
    if found is not None and found.answer == Answer.YES:
        return ""
    return _("Det kan ikke vises, før en leder hos værten har sagt ja. %s") % standing(found)


def waits(items: list[QueueItem]) -> dict[int, str]:
    """For the list of the queue. Two queries."""
    offers = Offer.objects.in_bulk([item.content_id for item in items if item.content_id])
    approvals = list(LeaderApproval.objects.filter(offer__in=offers).order_by("pk"))
    found = {}
    for item in items:
        offer = offers.get(item.content_id or 0)
        if offer is None:
            continue
        row = newest(offer, _facts(item, offer), approvals)
        if row is None or row.answer != Answer.YES:
            found[item.pk] = (
                _("Lederen har sagt nej") if row and row.answer == Answer.NO else _("Venter på lederen")
            )
    return found

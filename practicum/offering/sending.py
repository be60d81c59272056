"""What happens when a place, or a change of one, is sent: the leader is asked in the same breath."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from editorial.models.querysets import TransitionError
from editorial.proposals.forms import SendForm
from editorial.proposals.kinds import Sending
from editorial.proposals.work import ChangeWork, Work
from guards.ratelimits import limit
from practicum.approving.actions import ask_about_offer, is_own_leader, last_asked
from practicum.approving.facts import Facts, has_yes, missing_yes
from practicum.approving.forms import leader_field
from practicum.models import LeaderApproval, Offer
from practicum.permissions import can_edit_offer


class OfferSendForm(SendForm):
    """With the leader's address, where a leader has to be asked."""

    def __init__(self, data: Any, *, asks: bool, email: str) -> None:
        super().__init__(data)
        if asks:
            self.fields["leader"] = leader_field(email)


def _offer(work: Work) -> Offer:
    assert isinstance(work.content, Offer)
    return work.content


def _facts(work: Work) -> Facts:
    """As it would be when it is sent now."""
    return Facts.of_offer(_offer(work), work.change.proposed if isinstance(work, ChangeWork) else None)


def is_asked(offer: Offer, facts: Facts) -> bool:
    """Whether a leader has been asked about these facts and can still answer."""
    return LeaderApproval.objects.open().filter(offer=offer, **facts.columns).exists()


def needs_leader(work: Work) -> bool:
    """Whether a leader has to be asked about what is sent."""
    offer, facts = _offer(work), _facts(work)
    return not (is_own_leader(work.user, offer) or has_yes(offer, facts) or is_asked(offer, facts))


class OfferSending(Sending):
    """The leader's address is asked for, and the mail goes out in the transaction that sends the place."""

    def form(self, work: Work, data: Any) -> SendForm:
        """With the leader's address, unless the leader has said yes, is asked already, or is who sends."""
        return OfferSendForm(data, asks=needs_leader(work), email=last_asked(_offer(work)))

    def guard(self, request: HttpRequest, work: Work, form: SendForm) -> None:
        """Only who speaks for the host; an address gets no more mails than it may."""
        if not can_edit_offer(request.user, _offer(work)):
            raise PermissionDenied
        if email := form.cleaned_data.get("leader"):
            limit(request, "leader-mail", target=email, form=form)

    def sent(self, work: Work, form: SendForm) -> None:
        """Ask the leader about what nobody has said yes to: whoever is named, else who said yes the last time."""
        offer = Offer.objects.select_related("owner").get(pk=work.content.pk)
        missing = missing_yes(offer)
        if missing is None or is_asked(offer, missing):
            return
        email = form.cleaned_data.get("leader") or last_asked(offer)
        if not email and not is_own_leader(work.user, offer):
            raise TransitionError(_("Skriv din leders mailadresse."))
        try:
            ask_about_offer(offer=offer, email=email, by=work.user)
        except ValidationError as error:
            raise ValidationError({"leader": error.messages}) from error

    def awaited(self, work: Work) -> list[str]:
        """The leader's yes, and by whom, unless there is one already."""
        facts = _facts(work)
        asked = (
            LeaderApproval.objects.open().filter(offer=_offer(work), **facts.columns).order_by("pk").last()
        )
        if asked is None:
            return []
        told = {
            "email": asked.email,
            "day": formats.date_format(timezone.localdate(asked.expires_at), "j. F Y"),
        }
        return [
            _("%(email)s har fået en mail med et link og kan svare til og med %(day)s. Vi minder om det.")
            % told,
            _("Det bliver først vist, når både lederen og redaktionen har sagt ja."),
        ]

"""When a stay is over: what both say of it, and what the guest has used three months later."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from editorial.clock import CoiNow, coi_today
from editorial.models.querysets import TransitionError
from practicum.choices import Side, StayState
from practicum.models import Evaluation, FollowUp, Stay
from practicum.staying.telling import tell_guest

ASK_AFTER = dt.timedelta(days=91)
"""Three months after the last day."""
ASK_UNTIL = dt.timedelta(days=365)
"""Who was not asked within a year is left in peace."""


@transaction.atomic
def evaluate(*, stay: Stay, side: Side, fields: dict[str, Any]) -> Evaluation:
    """Store what one of the two says. Raises TransitionError when they have said it, or the stay is not over."""
    stay = Stay.objects.select_for_update(of=("self",)).get(pk=stay.pk)
    if stay.state != StayState.DONE:
        raise TransitionError(_("I kan svare, når opholdet er gennemført."))
    row = Evaluation(stay=stay, side=side, **fields)
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise TransitionError(_("Dit svar er allerede sendt.")) from error
    return row


def to_be_asked(limit: int) -> list[int]:
    """Stays whose guest is to be asked what they have used."""
    today = coi_today()
    rows = Stay.objects.filter(
        state=StayState.DONE, ends_on__lte=today - ASK_AFTER, ends_on__gt=today - ASK_UNTIL, follow_up=None,
        guest__isnull=False,
    )  # fmt: skip
    return list(rows.order_by("ends_on", "pk").values_list("pk", flat=True)[:limit])


@transaction.atomic
def ask_what_was_used(pk: int) -> bool:
    """Ask the guest, once: the row is unique."""
    stay = Stay.objects.select_related("guest", "offer__owner").filter(pk=pk).first()
    if stay is None or stay.guest is None:
        return False
    _row, is_new = FollowUp.objects.get_or_create(stay=stay)
    if not is_new:
        return False
    host = stay.offer.owner.name if stay.offer.owner else stay.offer.title
    tell_guest(
        stay.guest,
        subject=_("Hvad har du brugt fra dit besøg hos %s?") % host,
        text=_(
            "Det er tre måneder siden, du besøgte %s. Skriv i nogle få linjer, hvad du har brugt, også hvis det blev "
            "til noget andet eller ikke til noget."
        )
        % host,
        url=f"{stay.get_absolute_url()}brugt/",
    )
    return True


@transaction.atomic
def answer_what_was_used(*, stay: Stay, text: str) -> FollowUp:
    """Store what the guest has used. It can be corrected until it has become an entry in the catalogue."""
    row = FollowUp.objects.select_for_update(of=("self",)).filter(stay=stay).first()
    if row is None:
        row = FollowUp.objects.create(stay=stay)
    if row.entry_id is not None:
        raise TransitionError(_("Dit svar er blevet til et indlæg. Ret det dér."))
    row.used, row.answered_at = text.strip(), CoiNow()
    row.full_clean(exclude=["stay", "answered_at"])
    row.save(update_fields=["used", "answered_at"])
    row.refresh_from_db()
    return row

"""Wishes without a place: written, answered, closed."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from editorial.clock import CoiNow
from editorial.models import SubjectArea
from editorial.models.querysets import TransitionError
from notices.events import Event
from notices.sending import tell
from places.models import Workplace
from practicum.models import Offer, OpenWish, OpenWishAnswer, Round

MOST_OPEN = 5
"""Wishes that a person has open at once."""


@transaction.atomic
def write(*, by: User, fields: dict[str, Any], subject_areas: list[SubjectArea]) -> OpenWish:
    """Store a wish, in the round that goes on. Raises TransitionError when the person has too many open."""
    User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if OpenWish.objects.standing().filter(guest=by).count() >= MOST_OPEN:
        raise TransitionError(_("Du har %s åbne ønsker. Luk et, før du skriver et nyt.") % MOST_OPEN)
    wish = OpenWish.objects.create(guest=by, round=Round.objects.current(), **fields)
    wish.subject_areas.set(subject_areas)
    return wish


@transaction.atomic
def answer(
    *, wish: OpenWish, by: User, workplace: Workplace | None, offer: Offer | None, text: str
) -> OpenWishAnswer:
    """Answer a wish, from a workplace or (without) from the centre; the guest is told.

    Raises TransitionError when it is closed.
    """
    row = OpenWish.objects.select_for_update(of=("self",)).select_related("guest").get(pk=wish.pk)
    if row.closed_at is not None:
        raise TransitionError(_("Gæsten har lukket sit ønske, så svaret er ikke sendt."))
    found = OpenWishAnswer.objects.create(
        wish=row, workplace=workplace, offer=offer, text=text, written_by_key=by.key
    )
    who = workplace.name if workplace else _("Centret")
    tell(
        to=row.guest,
        event=Event.PRACTICUM,
        subject=_("%s har svaret på dit ønske om praktik") % who,
        text=_("Du skrev: »%(wish)s«\n\n%(who)s svarer:\n\n%(text)s")
        % {"wish": row.text, "who": who, "text": text},
        url=reverse("practicum:open_wish", args=[row.uuid]),
    )
    return found


def close(*, wish: OpenWish, by: User) -> None:
    """Close one's own wish; nobody answers it any more. Closed already, it stays."""
    OpenWish.objects.standing().filter(pk=wish.pk, guest=by).update(closed_at=CoiNow())

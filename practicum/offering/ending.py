"""A place whose days have passed goes into the archive by itself: readable, and on no list, map or search."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from editorial.choices import State
from editorial.clock import CoiToday
from editorial.models import Content
from notices.sending import tell
from places.permissions import contacts_of
from practicum.choices import SEATED
from practicum.models import Offer, Stay
from practicum.models.offer import OfferQuerySet

AT_ONCE = 500
"""Places that one run archives."""
EVENT = "behandling"


def ended() -> OfferQuerySet:
    """Public places whose last possible day has passed. A stay that was agreed on for later keeps its place up."""
    to_come = Stay.objects.filter(offer=OuterRef("pk"), state__in=SEATED, ends_on__gte=CoiToday())
    rows: OfferQuerySet = Offer.objects.filter(~Exists(to_come), state=State.PUBLISHED).over()
    return rows


def archive_what_is_over() -> int:
    """Archive each and tell its host; returns how many. A place at a time, so that what is killed half-way goes on with
    the rest."""
    keys = ended().order_by("pk").values_list("pk", flat=True)[:AT_ONCE]
    return sum(_archive(pk) for pk in list(keys))


@transaction.atomic
def _archive(pk: int) -> bool:
    Content.objects.select_for_update(of=("self",)).values_list("pk", flat=True).get(pk=pk)
    offer = ended().select_related("owner").filter(pk=pk).first()
    if offer is None:  # moved, agreed on or archived since it was found
        return False
    offer.archive(by=None, reason=_("Pladsens sidste dag er passeret."))
    if offer.owner is not None:
        text = _(
            "Dagene for »%(title)s« er gået, så pladsen står ikke længere på listerne. Siden kan stadig læses. Næste "
            "gang I slår en plads op, kan I tage den frem igen. Så er det meste skrevet."
        ) % {"title": offer.title}
        for person in contacts_of(offer.owner)[:20]:
            tell(
                to=person, event=EVENT, subject=_("Jeres praktikplads er arkiveret"),
                text=text, url=offer.get_absolute_url(),
            )  # fmt: skip
    return True

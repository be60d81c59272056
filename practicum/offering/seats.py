"""Direct seats that nobody has taken go to the round, on the day that the round states."""

from __future__ import annotations

from django.db import transaction
from django.db.models import F
from django.utils.translation import ngettext

from editorial.choices import READABLE
from editorial.clock import CoiToday, coi_today
from editorial.models import Content
from notices.sending import tell
from places.permissions import contacts_of
from practicum.choices import SeatWay
from practicum.models import Offer, Seat

AT_ONCE = 500
"""Places that one run looks at."""
EVENT = "behandling"


def move_seats_on() -> int:
    """Move what is free of the places whose round's day has come, until its guests and hosts have answered; returns how
    many seats. A place at a time, so that what is killed half-way goes on with the rest."""
    rows = (
        Seat.objects.free()
        .filter(
            way=SeatWay.DIRECT, offer__state__in=READABLE, offer__round__seats_move_on__lte=CoiToday(),
            offer__round__answers_until__gte=CoiToday(),
        )
        .order_by("offer_id")
    )  # fmt: skip
    offers = rows.values_list("offer_id", flat=True).distinct()[:AT_ONCE]
    return sum(move_on(pk) for pk in list(offers))


@transaction.atomic
def move_on(offer_pk: int) -> int:
    """Move the free direct seats of one place, rows and numbers alike, and tell the host. Twice moves nothing more.

    The seats' rows are locked before it is asked which are free, so that one that a host gives away at the same moment
    is either taken or moved, and never both.
    """
    Content.objects.select_for_update(of=("self",)).values_list("pk", flat=True).get(pk=offer_pk)
    offer = Offer.objects.select_for_update(of=("self",)).get(pk=offer_pk)
    list(Seat.objects.select_for_update().filter(offer=offer).values_list("pk", flat=True))
    free = list(offer.seats.free().filter(way=SeatWay.DIRECT).values_list("pk", flat=True))
    if not free:
        return 0
    number = len(free)
    Offer.objects.filter(pk=offer.pk).update(
        direct_seats=F("direct_seats") - number, round_seats=F("round_seats") + number
    )
    Seat.objects.filter(pk__in=free).update(way=SeatWay.ROUND, moved_on=coi_today())
    _tell(offer, number)
    return number


def _tell(offer: Offer, number: int) -> None:
    if offer.owner is None:
        return
    text = ngettext(
        "%(n)s plads hos jer i »%(title)s«, som kunne aftales direkte, var ledig og fordeles nu i runden. Centret "
        "parrer gæster og værter, og I siger ja eller nej til den gæst, I får tilbudt.",
        "%(n)s pladser hos jer i »%(title)s«, som kunne aftales direkte, var ledige og fordeles nu i runden. Centret "
        "parrer gæster og værter, og I siger ja eller nej til de gæster, I får tilbudt.",
        number,
    ) % {"n": number, "title": offer.title}
    subject = ngettext("En ledig plads er gået med i runden", "Ledige pladser er gået med i runden", number)
    for person in contacts_of(offer.owner)[:20]:
        tell(to=person, event=EVENT, subject=subject, text=text, url=offer.get_absolute_url())

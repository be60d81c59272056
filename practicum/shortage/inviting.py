"""Inviting workplaces to offer places: their contact persons are told, once per workplace and round."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from accounts.models import User
from editorial.clock import coi_today
from editorial.models import Content, SubjectArea
from notices.events import Event
from notices.sending import tell
from places.areas import Geography
from places.models import Membership, Region, Role, Workplace
from places.permissions import NOT_PUBLIC
from practicum.models import HostInvitation, Offer, Round

PORTION = 200
"""Workplaces that are written to at once; the rest is left for the next time."""


def candidates(
    row: Round, *, sector: str = "", region: Region | None = None, subject_area: SubjectArea | None = None
) -> QuerySet[Workplace]:
    """Workplaces with a contact person that have no place in the round and were not asked yet.

    A workplace has a subject area when something public of its own is about it.
    """
    speaks = Membership.objects.active().contacts().filter(workplace=OuterRef("pk"), user__is_active=True)
    rows = Workplace.objects.active().exclude(sector__in=NOT_PUBLIC)
    rows = rows.filter(Exists(speaks)).exclude(practicum_invitations__round=row)
    rows = rows.exclude(Exists(Offer.objects.filter(owner=OuterRef("pk"), round=row)))
    if sector:
        rows = rows.filter(sector=sector)
    if region is not None:
        rows = rows.filter(municipality__in=Geography.current().areas_of(region.code))
    if subject_area is not None:
        own = Content.objects.published().filter(owner=OuterRef("pk"), subject_areas=subject_area)
        rows = rows.filter(Exists(own))
    return rows.order_by("pk")


def when_to_offer(row: Round) -> str:
    """Until when a place can be offered in the round; after that it can be agreed on directly."""
    today = coi_today()
    days = {
        "first": formats.date_format(row.offers_from, "j. F Y"),
        "last": formats.date_format(row.offers_until, "j. F Y"),
    }
    if today > row.offers_until:
        return _(
            "Runden har lukket for nye pladser, men I kan slå en plads op, som gæster aftaler direkte med jer."
        )
    if today < row.offers_from:
        return _("I kan slå pladser op fra den %(first)s til og med den %(last)s.") % days
    return _("I kan slå pladser op til og med den %(last)s.") % days


@transaction.atomic
def invite(
    row: Round,
    *,
    text: str,
    sector: str = "",
    region: Region | None = None,
    subject_area: SubjectArea | None = None,
) -> int:
    """Write to the contact persons of up to PORTION workplaces; returns how many workplaces. Each is asked once in a
    round, whoever presses, however often."""
    found = candidates(row, sector=sector, region=region, subject_area=subject_area)
    count = 0
    for workplace in found[:PORTION]:
        _invitation, made = HostInvitation.objects.get_or_create(round=row, workplace=workplace)
        if made:
            count += 1
            _tell(row, workplace, text)
    return count


def _tell(row: Round, workplace: Workplace, text: str) -> None:
    url = reverse("practicum:offer_new")
    people = User.objects.filter(
        is_active=True,
        pk__in=Membership.objects.active().filter(workplace=workplace, role=Role.CONTACT).values("user"),
    )
    for user in people.order_by("pk")[:20]:
        tell(
            to=user,
            event=Event.PRACTICUM,
            subject=_("Vil %s være vært i Innovationspraktik?") % workplace.name,
            text=_(
                "Der mangler værter i runden %(year)s, og I har noget, som andre gerne vil se.\n\n%(text)s\n\n"
                "Det er gratis og frivilligt. I slår en plads op og skriver, hvor mange gæster I kan tage imod, og "
                "hvornår. %(when)s"
            )
            % {"year": row.year, "text": text, "when": when_to_offer(row)},
            url=url,
        )

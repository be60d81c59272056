"""What rules a wish out as things stand, said at once: a hint, never a refusal. The limits are the matching's."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from practicum.choices import Certificate
from practicum.days import days_in_words
from practicum.matching.limits import distance_km
from practicum.models import Application, Offer
from practicum.points import home_of, place_of


def days_of(offer: Offer) -> tuple[dt.date, dt.date] | None:
    """The first and the last day that a stay may lie on; None when it may lie all year."""
    first = offer.starts_on or (offer.round.stays_from if offer.round else None)
    last = offer.ends_on or (offer.round.stays_until if offer.round else None)
    return (first, last) if first and last else None


def hints(application: Application, offer: Offer) -> list[str]:
    """Why the two can't be put together as things stand, in words; none when they can."""
    found = []
    if not offer.is_public:
        found.append(_("Pladsen vises ikke lige nu, så den kan ikke gives til nogen."))
    if offer.owner_id == application.workplace_id:
        found.append(_("Det er din egen arbejdsplads."))
    if offer.days > application.days:
        found.append(
            ngettext(
                "Opholdet varer %(long)s, og du har skrevet %(n)s dag.",
                "Opholdet varer %(long)s, og du har skrevet %(n)s dage.",
                application.days,
            )
            % {"long": _days(offer.days), "n": application.days}
        )
    period = days_of(offer)
    if period and application.possible_days:
        common = [day for day in application.possible_days if period[0] <= day <= period[1]]
        if len(common) < offer.days:
            found.append(
                _("Opholdet varer %(long)s og ligger i perioden %(dates)s. Du kan %(common)s af de dage.")
                % {
                    "long": _days(offer.days),
                    "dates": days_in_words(*period),
                    "common": len(common) or _("ingen"),
                }
            )
    km = distance_km(home_of(application), place_of(offer))
    if application.travel_km is not None and km is not None and km > application.travel_km:
        found.append(
            _("Der er %(km)s km, og du har skrevet højst %(most)s km.")
            % {"km": km, "most": application.travel_km}
        )
    for key in offer.certificates:
        if key not in application.certificates:
            found.append(
                _("Værten kræver %(what)s. Sæt kryds ved den, hvis du har eller kan få en.")
                % {"what": Certificate(key).label.lower()}
            )
    return found


def _days(number: int) -> str:
    return ngettext("%s dag", "%s dage", number) % number

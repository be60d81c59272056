"""Where a guest travels from, and where a place is: the same for a hint, a page and the matching."""

from __future__ import annotations

from practicum.matching.problem import Point
from practicum.models import Application, Offer


def place_of(offer: Offer) -> Point | None:
    """Where a place is: its own point, else its municipality's, else the host's. None when neither says."""
    for row in (offer, offer.municipality, offer.owner, offer.owner and offer.owner.municipality):
        if row is not None and row.lat is not None and row.lng is not None:
            return Point(float(row.lat), float(row.lng))
    return None


def home_of(application: Application) -> Point | None:
    """Where the guest travels from: the municipality that they say, else that of their workplace."""
    row = application.municipality or application.workplace.municipality
    return Point(float(row.lat), float(row.lng)) if row else None

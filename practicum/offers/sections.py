"""What the page of a place has, in reading order. What is empty takes no room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from practicum.choices import Certificate
from practicum.models import Offer

SECTIONS: tuple[tuple[str, Any, str], ...] = (
    ("ser", gettext_lazy("Det ser og gør du"), "programme"),
    ("passer", gettext_lazy("Det passer til"), "suits"),
    ("haab", gettext_lazy("Det håber værten at få ud af besøget"), "hopes"),
    ("fortroligt", gettext_lazy("Det må ikke deles"), "confidentiality"),
    ("adgang", gettext_lazy("Adgang for alle"), "accessibility"),
    ("hjemmefra", gettext_lazy("Det kan foregå hjemmefra"), "remote"),
)
"""Anchor, heading, and the field that fills it (Markdown)."""


@dataclass(frozen=True)
class Section:
    """A section with something in it."""

    anchor: str
    title: str
    text: str


def filled_sections(offer: Offer) -> list[Section]:
    """The sections that have something in them."""
    return [
        Section(anchor, str(title), text)
        for anchor, title, field in SECTIONS
        if (text := getattr(offer, field).strip())
    ]


def certificates(offer: Offer) -> str:
    """The certificates that a guest must have, as a sentence; "" when none is needed."""
    names = [str(Certificate(value).label).lower() for value in offer.certificates]
    if not names:
        return ""
    return _("Du skal have %s. Den tager tid at få, så spørg værten i god tid.") % _(" og ").join(names)

"""What is told of content at a glance: whose it is, where, when, which sectors. Shared by all types of content."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from editorial.models import Content
from places.choices import Sector

GOING_ON = ("gennemfoerelse", "evaluering", "drift", "spredning")
"""Phases in which something without an end has not ended."""


@dataclass(frozen=True)
class Fact:
    """One key fact. `url` makes the value a link; `note` is a second line."""

    label: str
    value: str
    url: str = ""
    note: str = ""


def joined(labels: Iterable[object]) -> str:
    """»Kvalitet, effektivitet«: the first with a capital, the rest in lower case."""
    words = [str(label) for label in labels]
    return ", ".join(w if n == 0 else w[:1].lower() + w[1:] for n, w in enumerate(words))


def years(content: Content) -> str:
    """When it was: »2008«, »2008–2012«, or »Siden 2024« while it is still going on, »Til 2018«."""
    start, end = content.year_from, content.year_to
    if not start:
        return _("Til %(year)s") % {"year": end} if end else ""
    if end and end != start:
        return f"{start}–{end}"
    going_on = getattr(content, "status", "") in GOING_ON and not end
    return _("Siden %(year)s") % {"year": start} if going_on else str(start)


def sectors(content: Content) -> str:
    """The sectors; several are »på tværs«."""
    names = joined(Sector(s).label for s in content.sectors)
    return (
        _("På tværs: %(names)s") % {"names": names[:1].lower() + names[1:]}
        if len(content.sectors) > 1
        else names
    )


def place(content: Content) -> str:
    """The municipality or region; the whole country where neither is given."""
    if content.municipality:
        return content.municipality.full_name
    return content.region.name if content.region else _("Hele landet")


def owner(content: Content) -> Fact:
    """Whose it is, under the name of its time."""
    return Fact(_("Hvem"), content.owner_name, content.owner.get_absolute_url() if content.owner else "")

"""The key facts at the top of an entry: what a busy reader wants to know first. Empty ones are left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.choices import ReusePhase
from catalogue.models import Entry, Reuse
from editorial.choices import InnovationType, Kind, Value
from places.choices import Sector


@dataclass(frozen=True)
class Fact:
    """One key fact. `url` makes the value a link; `note` is a second line."""

    label: str
    value: str
    url: str = ""
    note: str = ""


def _joined(labels: Iterable[object]) -> str:
    """»Kvalitet, effektivitet«: the first with a capital, the rest in lower case."""
    words = [str(label) for label in labels]
    return ", ".join(w if n == 0 else w[:1].lower() + w[1:] for n, w in enumerate(words))


def years(entry: Entry) -> str:
    """When it was: »2008«, »2008–2012«, or »Siden 2024« while it is still going on, »Til 2018«."""
    if not entry.year_from:
        return _("Til %(year)s") % {"year": entry.year_to} if entry.year_to else ""
    if entry.year_to and entry.year_to != entry.year_from:
        return f"{entry.year_from}–{entry.year_to}"
    going_on = entry.status in ("gennemfoerelse", "evaluering", "drift", "spredning") and not entry.year_to
    return _("Siden %(year)s") % {"year": entry.year_from} if going_on else str(entry.year_from)


def sectors(entry: Entry) -> str:
    """The sectors; several are »på tværs«."""
    names = _joined(Sector(s).label for s in entry.sectors)
    return (
        _("På tværs: %(names)s") % {"names": names[:1].lower() + names[1:]}
        if len(entry.sectors) > 1
        else names
    )


def place(entry: Entry) -> str:
    """The municipality or region; the whole country where neither is given."""
    if entry.municipality:
        return entry.municipality.full_name
    return entry.region.name if entry.region else _("Hele landet")


def key_facts(entry: Entry, reuses: list[Reuse]) -> list[Fact]:
    """The facts of an entry in reading order. `reuses` are those that may be shown."""
    in_use = sum(r.phase == ReusePhase.IN_USE for r in reuses)
    facts = [
        Fact(_("Hvem"), entry.owner_name, entry.owner.get_absolute_url() if entry.owner else ""),
        Fact(_("Forfattere"), entry.authors),
        Fact(_("Udgiver"), entry.publisher),
        Fact(_("Sektor"), sectors(entry)),
        Fact(_("Hvor"), place(entry)),
        Fact(_("Periode") if entry.period else _("Hvornår"), entry.period or years(entry)),
        Fact(_("Hvor langt"), entry.get_status_display() if entry.status else ""),
        Fact(_("Hvad er nyt"), _joined(InnovationType(t).label for t in entry.innovation_types)),
        Fact(_("Nyhedsgrad"), entry.get_novelty_display() if entry.novelty else ""),
        Fact(_("Værdi"), _joined(Value(v).label for v in entry.values)),
        Fact(_("Finansieret af"), entry.funders),
    ]
    if entry.kind == Kind.EXAMPLE or reuses:
        places = ngettext("%(n)s sted", "%(n)s steder", in_use) % {"n": in_use}
        facts.append(
            Fact(
                _("Genbrugt"),
                places if in_use else _("Ikke endnu, så vidt vi ved"),
                "#genbrug" if reuses else "",
            )
        )
    return [fact for fact in facts if fact.value]

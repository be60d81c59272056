"""The key facts at the top of an entry: what a busy reader wants to know first. Empty ones are left out."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalogue.choices import ReusePhase
from catalogue.models import Entry, Reuse
from editorial.choices import InnovationType, Kind, Value
from editorial.facts import Fact, joined, owner, place, sectors, years


def key_facts(entry: Entry, reuses: list[Reuse]) -> list[Fact]:
    """The facts of an entry in reading order. `reuses` are those that may be shown."""
    in_use = sum(r.phase == ReusePhase.IN_USE for r in reuses)
    facts = [
        owner(entry),
        Fact(_("Forfattere"), entry.authors),
        Fact(_("Udgiver"), entry.publisher),
        Fact(_("Sektor"), sectors(entry)),
        Fact(_("Hvor"), place(entry)),
        Fact(_("Periode") if entry.period else _("Hvornår"), entry.period or years(entry)),
        Fact(_("Hvor langt"), entry.get_status_display() if entry.status else ""),
        Fact(_("Hvad er nyt"), joined(InnovationType(t).label for t in entry.innovation_types)),
        Fact(_("Nyhedsgrad"), entry.get_novelty_display() if entry.novelty else ""),
        Fact(_("Værdi"), joined(Value(v).label for v in entry.values)),
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

"""The steps of a proposal of a project or an innovation unit: what is asked, where, and in which order.

A field is named as in `Project.PARTS` and `Unit.PARTS`; how it is asked stands in mapping.adding.asked, and for what
all kinds have in editorial.proposals.fields. The same steps edit a draft, what was returned, and a change to what is
public.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from editorial.choices import Kind
from editorial.proposals.kinds import Piece, Step, all_of, any_of

_WHERE = Step(
    "hvor",
    _("Hvem og hvor?"),
    _("Så kan andre se det på kortet og finde jer, når de har brug for jer."),
    fields=("owner_id", "municipality_id", "lat", "lng"),
    questions=("point_is_right",),
)
_PROJECT_WHERE = Step(
    _WHERE.key, _WHERE.title, _WHERE.lead, fields=(*_WHERE.fields, "site", "sectors", "subject_areas"),
    rows=("participations",), more=("partners", "region_id"), questions=_WHERE.questions,
    more_title=_("Er der andre med, eller gælder det en region?"),
)  # fmt: skip
_UNIT_WHERE = Step(
    _WHERE.key, _WHERE.title, _WHERE.lead, fields=(*_WHERE.fields, "sectors", "subject_areas"),
    rows=("participations",), more=("region_id",), more_title=_("Gælder det en hel region?"),
    questions=_WHERE.questions,
)  # fmt: skip
_END = Step(
    "bilag",
    _("Billeder, links og kontakt"),
    _("Billeder og links gør det lettere at forstå. Alt på siden her er frivilligt."),
    fields=("pictures", "tags", "contact"),
    rows=("links",),
)

STEPS: dict[str, tuple[Step, ...]] = {
    Kind.PROJECT: (
        Step(
            "vigtigste",
            _("Det vigtigste"),
            _("Fortæl, hvad I prøver af, som du ville sige det til en kollega et andet sted. Du kan altid rette det."),
            fields=("title", "summary", "goal", "hypothesis"),
        ),
        _PROJECT_WHERE,
        Step(
            "forloeb",
            _("Sådan prøver I det"),
            _("Det er i orden, hvis I ikke er færdige. Et projekt må gerne stå her fra første dag."),
            fields=("status", "period", "method", "wanted"),
            more=("year_from", "year_to", "is_laboratory"),
            more_title=_("Årstal, og er det et styringslaboratorium?"),
        ),
        Step(
            "resultater",
            _("Hvad er der kommet ud af det?"),
            _("Fortæl også det, der ikke gik. Det sparer andre for at gøre det samme."),
            fields=("results", "failed", "learned", "example_id"),
        ),
        _END,
    ),
    Kind.UNIT: (
        Step(
            "vigtigste",
            _("Det vigtigste"),
            _("Fortæl, hvad I laver, og hvad en arbejdsplads kan bruge jer til. Du kan altid rette det."),
            fields=("title", "summary", "does", "services", "who_may_use"),
        ),
        _UNIT_WHERE,
        Step(
            "mere",
            _("Sådan arbejder I"),
            _("Alt på siden her er frivilligt."),
            fields=("methods", "size", "year_from", "same_entry_id"),
            more=("closed_year", "after_closing"),
            more_title=_("Er enheden lukket?"),
        ),
        _END,
    ),
}  # fmt: skip
"""Kind → its steps, in order. The first one holds title and summary."""

STAFF_ONLY: dict[str, dict[str, Any]] = {
    Kind.PROJECT: {
        "source": _(
            "Den, der fortæller, er selv kilden. Redaktionen skriver kilden til det, den selv lægger ind."
        ),
        "source_year": _("Som kilden."),
    },
    Kind.UNIT: {
        "source": _("Som for projekter."),
        "source_year": _("Som kilden."),
        "year_to": _("En enhed har et år, hvor den lukkede."),
        "same_workplace_id": _("Redaktionen ser, om enheden selv er en arbejdsplads på portalen."),
    },
}
"""Parts that are not asked for in any step, with the reason."""

CALLED: dict[str, Any] = {
    Kind.PROJECT: _("Sæt et projekt på kortet"),
    Kind.UNIT: _("Sæt en innovationsenhed på kortet"),
}
"""What one is doing, as the line above the steps says it."""

ABOUT: dict[str, Any] = {
    Kind.PROJECT: _("Noget, I prøver af. Det behøver ikke være færdigt, og det må gerne være gået galt."),
    Kind.UNIT: _("Et innovationshus, et laboratorium eller et team, der hjælper andre med at prøve nyt."),
}
"""What each is, for who has to choose."""

_PLACE = Piece(
    _("Hvem og hvor"),
    all_of(any_of("owner_id", "participations", "partners"), any_of("municipality_id", "region_id")),
    _("Så ved andre, hvem de kan spørge, og hvor det er på kortet."),
)
_SUBJECTS = Piece(
    _("Fagområde"), any_of("subject_areas", "sectors"), _("Fagområdet afgør, hvem der finder det.")
)
_LINKS = Piece(
    _("Billeder, links og emner"), any_of("pictures", "links", "tags"), _("Mange vil gerne se mere.")
)

PIECES: dict[str, tuple[Piece, ...]] = {
    Kind.PROJECT: (
        Piece(_("Mål"), any_of("goal"), _("Målet siger, hvad det skal gøre bedre."), wanted_most=True),
        _PLACE,
        _SUBJECTS,
        Piece(_("Hvor langt og hvornår"), all_of(any_of("status"), any_of("period", "year_from"))),
        Piece(_("Metode"), any_of("method"), _("Andre vil vide, hvordan I gør.")),
        Piece(
            _("Resultater"),
            any_of("results", "failed", "learned"),
            _("Også det, der ikke virkede, er et resultat."),
        ),
        _LINKS,
    ),
    Kind.UNIT: (
        Piece(_("Hvad I gør"), any_of("does"), _("Så ved læseren, om I er dem, de søger."), wanted_most=True),
        Piece(_("Hvad man kan få"), any_of("services"), _("Andre vil vide, hvad I kan hjælpe med.")),
        Piece(_("Hvem der kan bruge jer"), any_of("who_may_use")),
        _PLACE,
        _SUBJECTS,
        Piece(_("Metoder"), any_of("methods")),
        _LINKS,
    ),
}
"""Kind → what makes a page of it useful, in the order of the steps."""

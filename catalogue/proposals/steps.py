"""The steps of a proposal, by type: the one place that says which fields are asked for, where, and in which order.

A field is named as in `Entry.PARTS`; how it is asked stands in catalogue.proposals.fields, and for what all kinds
have in editorial.proposals.fields. To ask for a new field, name
it in a step here. The same steps edit a draft, what was returned, and a change to what is public.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from catalogue.choices import Evidence
from editorial.choices import Kind
from editorial.proposals.kinds import Parts, Piece, Step, all_of, any_of

if TYPE_CHECKING:
    from editorial.proposals.forms import StepForm


def effect_told(parts: Parts) -> bool:
    """What came of it is told, or it is said that nobody knows yet."""
    return bool(parts.get("effect")) or parts.get("effect_known_by") == Evidence.UNKNOWN


def check(form: StepForm, data: Parts) -> None:
    """Whoever proposes tells what came of it, or says that nobody knows; a change may leave it as it stands."""
    asked = "effect_known_by" in form.fields and form.strict and not form.errors.get("effect")
    if asked and not effect_told(data):
        form.add_error("effect", _("Skriv, hvad der blev anderledes, eller vælg »Det ved vi ikke endnu«"))


CONDITIONS = (
    "conditions", "conditions_core", "conditions_adaptable", "conditions_law", "conditions_economy", "conditions_it",
    "conditions_skills", "conditions_leadership",
)  # fmt: skip
WHERE = ("owner_id", "municipality_id", "region_id")
_WHO_LEAD = _("Så kan kolleger i samme slags arbejde finde det, og de kan se, hvem der står bag.")
_END_LEAD = _("Billeder og links gør det lettere at bruge. Alt på siden her er frivilligt.")

_WHO = Step(
    "hvem",
    _("Hvem og hvor?"),
    _WHO_LEAD,
    fields=("owner_id", "municipality_id", "region_id", "sectors", "subject_areas", "year_from", "year_to"),
    rows=("participations",),
)
_SOURCED = Step(
    "hvem",
    _("Hvem og hvor?"),
    _WHO_LEAD,
    fields=(
        "authors", "publisher", "owner_id", "sectors", "subject_areas", "year_from", "year_to", "source", "source_year",
    ),
    more=("municipality_id", "region_id"),
    more_title=_("Gælder det et bestemt sted?"),
)  # fmt: skip
_END = Step(
    "bilag",
    _("Billeder, links og kontakt"),
    _END_LEAD,
    fields=("pictures", "documentation", "tags", "contact"),
    rows=("links",),
    more=("body",),
    more_title=_("Er der mere at fortælle?"),
)
_OFFERED = Step(
    "vigtigste",
    _("Det vigtigste"),
    _("Skriv det, som du ville sige det til en kollega et andet sted i landet."),
    fields=("title", "summary", "what_it_does", "offers", "who_may_use", "how_it_helps"),
)

STEPS: dict[str, tuple[Step, ...]] = {
    Kind.EXAMPLE: (
        Step(
            "vigtigste",
            _("Det vigtigste"),
            _("Skriv det, som du ville sige det til en kollega i en anden kommune. Du kan altid rette det."),
            fields=("title", "summary", "problem", "solution"),
        ),
        Step(
            "hvem",
            _("Hvem og hvor?"),
            _WHO_LEAD,
            fields=(
                "owner_id", "municipality_id", "region_id", "sectors", "subject_areas", "status", "year_from",
                "year_to",
            ),
            rows=("participations",),
        ),
        Step(
            "virkning",
            _("Hvad kom der ud af det?"),
            _(
                "Skriv det, som du ville sige det til en kollega i en anden kommune. Det er i orden, hvis noget "
                "ikke er målt."
            ),
            fields=("effect", "effect_known_by", "effect_worse", "effect_unknown", "values"),
            rows=("measures",),
        ),
        Step(
            "forloeb",
            _("Sådan gik det til"),
            _("Det er her, andre ser, om de kan gøre det samme hos sig selv."),
            fields=(
                "process", "process_failed", "conditions", "hours_to_start", "cost_to_start", "months_to_start",
            ),
            rows=("timeline",),
            more=(*CONDITIONS[1:], "novelty", "innovation_types"),
            more_title=_("Mere om betingelserne, og hvad der var nyt"),
        ),
        _END,
    ),
    Kind.INITIATIVE: (_OFFERED, _WHO, _END),
    Kind.KNOWLEDGE_CENTRE: (_OFFERED, _WHO, _END),
    Kind.RESEARCH: (
        Step(
            "vigtigste",
            _("Det vigtigste"),
            _("Skriv det, så en travl leder kan bruge det. Fagordene kan stå i rapporten."),
            fields=("title", "summary", "question", "findings", "method", "period", "funders"),
        ),
        _SOURCED,
        _END,
    ),
    Kind.LITERATURE: (
        Step(
            "vigtigste",
            _("Det vigtigste"),
            _("Fortæl, hvad man får ud af at læse det, og for hvem."),
            fields=("title", "summary", "body"),
        ),
        _SOURCED,
        Step("bilag", _END.title, _END_LEAD, fields=_END.fields, rows=_END.rows),
    ),
    Kind.TOOL: (
        Step(
            "vigtigste",
            _("Det vigtigste"),
            _("Fortæl, hvad værktøjet kan hjælpe med, og hvordan man bruger det, trin for trin."),
            fields=("title", "summary", "problem", "who_may_use"),
            rows=("steps",),
        ),
        _SOURCED,
        _END,
    ),
}  # fmt: skip
"""Type → its steps, in order. The first one holds title and summary."""

STAFF_ONLY: dict[str, Any] = {
    "lat": _(
        "En arbejdsplads har sit eget punkt; redaktionen sætter et andet, hvor det foregår et bestemt sted."
    ),
    "lng": _("Som breddegraden."),
}
"""Parts of an entry that are not asked for in any step, with the reason."""

CALLED: dict[str, Any] = {
    Kind.EXAMPLE: _("Foreslå et eksempel"),
    Kind.INITIATIVE: _("Foreslå et initiativ"),
    Kind.KNOWLEDGE_CENTRE: _("Foreslå et videnscenter"),
    Kind.RESEARCH: _("Foreslå forskning"),
    Kind.LITERATURE: _("Foreslå litteratur"),
    Kind.TOOL: _("Foreslå et værktøj"),
}
"""What one is doing, as the line above the steps says it."""

ABOUT: dict[str, Any] = {
    Kind.EXAMPLE: _("Noget, I har gjort på en ny måde, og som andre kan lære af."),
    Kind.INITIATIVE: _("Et program, netværk eller forløb, som arbejdspladser kan være med i."),
    Kind.KNOWLEDGE_CENTRE: _("Et sted, der samler viden og hjælper andre med at bruge den."),
    Kind.RESEARCH: _("En undersøgelse med resultater, som kan bruges i arbejdet."),
    Kind.LITERATURE: _("En bog, rapport eller artikel, der er værd at læse."),
    Kind.TOOL: _("En metode, skabelon eller vejledning, som andre kan gå i gang med."),
}
"""What each type is, for who has to choose."""

_WHO_PIECE = Piece(
    _("Hvem og hvor"),
    all_of(any_of(*WHERE), any_of("subject_areas", "sectors")),
    _("Sted og fagområde afgør, hvem der finder det."),
)
_WHEN = Piece(_("Hvornår"), any_of("year_from"), _("Med årstal kan andre se, om det stadig passer."))
_LINKS = Piece(_("Links og bilag"), any_of("links", "documentation"), _("Mange vil gerne læse videre."))
_TOPICS = Piece(_("Emner"), any_of("tags"), _("Emner samler det, der ligner hinanden."))
_OFFERED_PIECES = (
    Piece(_("Hvad det er"), all_of(any_of("summary"), any_of("what_it_does"))),
    Piece(_("Hvad I tilbyder"), any_of("offers"), _("Andre vil vide, hvad de kan få.")),
    Piece(_("Hvem der kan bruge det"), any_of("who_may_use"), _("Så ved læseren, om det er for dem.")),
    _WHO_PIECE,
    _LINKS,
)
PIECES: dict[str, tuple[Piece, ...]] = {
    Kind.EXAMPLE: (
        Piece(
            _("Hvad I gjorde"),
            all_of(any_of("problem"), any_of("solution")),
            _("Uden det er der intet at lære af."),
        ),
        _WHO_PIECE,
        _WHEN,
        Piece(_("Virkning"), effect_told, _("Virkning er det, andre leder mest efter."), wanted_most=True),
        Piece(
            _("Sådan gik det til"), any_of("process", "timeline"), _("Andre vil vide, hvordan I kom i gang.")
        ),
        Piece(
            _("Betingelser og bilag"),
            all_of(any_of(*CONDITIONS), any_of("documentation", "links")),
            _("Betingelserne afgør, om det kan lade sig gøre et andet sted."),
        ),
    ),
    Kind.INITIATIVE: _OFFERED_PIECES,
    Kind.KNOWLEDGE_CENTRE: _OFFERED_PIECES,
    Kind.RESEARCH: (
        Piece(_("Spørgsmålet"), any_of("question"), _("Så ved læseren, hvad der er undersøgt.")),
        Piece(_("Resultater"), any_of("findings"), _("Resultater er det, andre leder mest efter.")),
        Piece(_("Metode"), any_of("method"), _("Metoden viser, hvor sikkert det er.")),
        Piece(_("Hvem der står bag"), any_of("authors", "publisher", "owner_id")),
        _WHEN,
        _LINKS,
    ),
    Kind.LITERATURE: (
        Piece(_("Hvad det handler om"), any_of("body"), _("Så ved læseren, om det er værd at åbne.")),
        Piece(_("Hvem der har skrevet det"), any_of("authors", "publisher")),
        _WHEN,
        _LINKS,
        _TOPICS,
    ),
    Kind.TOOL: (
        Piece(_("Hvad det hjælper med"), any_of("problem"), _("Så ved læseren, hvornår det er til nytte.")),
        Piece(_("Sådan gør man"), any_of("steps"), _("Trinene er det, andre leder mest efter.")),
        Piece(_("Hvem der kan bruge det"), any_of("who_may_use")),
        _WHO_PIECE,
        _LINKS,
    ),
}
"""Type → what makes an entry of it useful, in the order of the steps."""

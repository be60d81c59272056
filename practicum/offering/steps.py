"""The steps in which a place is offered: what is asked, where, and in which order. How it is asked stands in
practicum.offering.asked. The same steps write a draft, answer the editors, and correct what is public.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from editorial.proposals.kinds import Piece, Step, any_of

STEPS: tuple[Step, ...] = (
    Step(
        "ser",
        _("Hvad ser gæsten?"),
        _("Fortæl det, som du ville sige det til en kollega et andet sted. Du kan altid rette det."),
        fields=("title", "summary", "programme", "subject_areas"),
    ),
    Step(
        "hvem",
        _("Hvem er det for, og hvad håber I?"),
        _("Så søger de, der får mest ud af det. Alt på siden her er frivilligt."),
        fields=("suits", "hopes"),
        rows=("seen_entries",),
    ),
    Step(
        "hvornaar",
        _("Hvornår, og hvor mange?"),
        _("Lederen siger ja til dage, datoer og antal. Retter I dem senere, skal der et nyt ja til."),
        fields=(
            "round_id",
            "days",
            "starts_on",
            "ends_on",
            "is_flexible",
            "direct_seats",
            "round_seats",
            "municipality_id",
            "meeting_place",
        ),
    ),
    Step(
        "praktisk",
        _("Det praktiske"),
        _("Det, gæsten skal vide, før I mødes. Alt på siden her er frivilligt."),
        fields=("confidentiality", "certificates", "accessibility", "remote", "tags", "pictures"),
        rows=("links",),
    ),
)
"""In order. The first one holds title and summary."""

NOT_ASKED: dict[str, Any] = {
    "owner_id": _("Værten vælges, før kladden begynder: en arbejdsplads, man er kontaktperson for."),
    "sectors": _("Følger værtens sektor."),
    "region_id": _("Følger kommunen på opholdets dage."),
    "lat": _("Værtens eget punkt."),
    "lng": _("Værtens eget punkt."),
    "year_from": _("En plads har datoer."),
    "year_to": _("En plads har datoer."),
    "source": _("Værten er selv kilden."),
    "source_year": _("Som kilden."),
    "participations": _("Værten er én arbejdsplads."),
}
"""Parts that are not asked for in any step, with the reason."""

CALLED = _("Slå en praktikplads op")
"""What one is doing, as the line above the steps says it."""
ABOUT = _("Et par dage hos jer, hvor kolleger fra andre offentlige arbejdspladser ser, hvordan I gør.")
"""What it is."""

PIECES: tuple[Piece, ...] = (
    Piece(
        _("Programmet"), any_of("programme"), _("Gæsten vil vide, hvad der sker hver dag."), wanted_most=True
    ),
    Piece(_("Hvem det passer til"), any_of("suits"), _("Så søger de rigtige.")),
    Piece(_("Hvad I håber"), any_of("hopes"), _("Gæsten vil gerne give noget igen.")),
    Piece(
        _("Ses i praksis"),
        any_of("seen_entries"),
        _("Mange har læst om en løsning og vil se, hvordan den virker."),
    ),
    Piece(_("Kommune"), any_of("municipality_id"), _("Gæster søger efter, hvor langt der er.")),
    Piece(_("Mødested"), any_of("meeting_place"), _("Så ved gæsten, hvor I begynder.")),
    Piece(
        _("Adgang for alle"),
        any_of("accessibility"),
        _("Er der trapper, støj eller andet, en gæst skal vide?"),
    ),
    Piece(_("Emner"), any_of("tags"), _("Emnerne gør, at andre finder pladsen.")),
)
"""What makes a place's page useful, in the order of the steps."""

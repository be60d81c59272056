"""A run as rows, for the editors."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from guards.exports import Row
from practicum.matching import words
from practicum.matching.result import Origin
from practicum.models import MatchLine, MatchRun
from practicum.running.showing import left, lines, pairings

CHUNK = 500
COLUMNS = (
    "ansoegning", "gaest", "gaestens_arbejdsplads", "plads", "vaert", "oenske_nr", "point", "hvordan", "begrundelse",
    "trods", "rettelsens_begrundelse", "oensker_der_ikke_blev_opfyldt",
)  # fmt: skip


def rows(run: MatchRun) -> Iterator[Row]:
    """All guests of a run, with and without a place; memory is bounded by a chunk."""
    last = 0
    while chunk := list(lines(run).filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        for pairing in pairings(run, [line for line in chunk if line.offer_id]):
            offer = pairing.line.offer
            assert offer is not None
            yield [
                *_guest(pairing.line),
                offer.title,
                offer.owner_name,
                pairing.line.wish,
                pairing.points,
                str(words.ORIGINS[Origin(pairing.line.made)]),
                pairing.why,
                pairing.despite,
                pairing.pin.reason if pairing.pin else "",
                _said(pairing.missed),
            ]
        for row in left(run, [line for line in chunk if not line.offer_id]):
            said = _said(row.missed) or [str(words.NO_WISHES)]
            yield [*_guest(row.line), "", "", None, None, _("Ingen plads"), "", [], "", said]


def _guest(line: MatchLine) -> list[str]:
    guest = line.application.guest
    return [str(line.application.uuid), guest.name or guest.email, line.application.workplace.name]


def _said(missed: list[tuple[int, str, str]]) -> list[str]:
    return [f"{number}. {title}: {why}" for number, title, why in missed]

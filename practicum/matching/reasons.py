"""Why a pair was made, or a guest got no place, as codes and as Danish, for each who may read it.

A host never learns the number of a wish, nor that somebody got no place last year; a guest never learns what the host
has marked. Nobody learns of another guest.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import NamedTuple

from practicum.matching import words
from practicum.matching.result import Match, Missed, Origin, Unmatched


class Reader(StrEnum):
    """Who reads the reasons."""

    EDITORS = "editors"
    GUEST = "guest"
    HOST = "host"


class Code(StrEnum):
    """What a pair has for itself."""

    WISH = "wish"
    NOT_WISHED = "not_wished"
    SUBJECTS = "subjects"
    OTHER_SECTOR = "other_sector"
    DISTANCE = "distance"
    LAST_YEAR = "last_year"
    WANTED = "wanted"
    DOUBTED = "doubted"
    PINNED = "pinned"
    KEPT = "kept"


HIDDEN = {
    Reader.EDITORS: frozenset[Code](),
    Reader.GUEST: frozenset({Code.WANTED, Code.DOUBTED}),
    Reader.HOST: frozenset({Code.WISH, Code.NOT_WISHED, Code.LAST_YEAR}),
}
"""What each reader is not told."""


class Reason(NamedTuple):
    """A code with its figure or its subject areas, where it has any."""

    code: Code
    number: int | None = None
    subjects: tuple[str, ...] = ()


def reasons(match: Match, reader: Reader) -> list[Reason]:
    """What the reader may know of why the pair was made, the most telling first."""
    found = [Reason(Code.NOT_WISHED) if match.wish is None else Reason(Code.WISH, match.wish)]
    if match.origin is not Origin.MATCHED:
        found.append(Reason(Code.PINNED if match.origin is Origin.PINNED else Code.KEPT))
    if match.subjects:
        found.append(Reason(Code.SUBJECTS, subjects=tuple(sorted(match.subjects))))
    if match.other_sector:
        found.append(Reason(Code.OTHER_SECTOR))
    if match.last_year:
        found.append(Reason(Code.LAST_YEAR))
    if match.mark:
        found.append(Reason(Code.WANTED if match.mark > 0 else Code.DOUBTED))
    if match.km is not None:
        found.append(Reason(Code.DISTANCE, match.km))
    return [reason for reason in found if reason.code not in HIDDEN[reader]]


def sentence(match: Match, reader: Reader, name_of: Callable[[str], str] = str) -> str:
    """The reasons in Danish: »Ønske nr. 2; samme fagområde: ældre; fra en anden sektor; 42 km«.

    `name_of` gives the name of a subject area by its code. Empty when there is nothing to tell.
    """
    told = "; ".join(_words(reason, name_of) for reason in reasons(match, reader))
    return told[:1].upper() + told[1:]


def _words(reason: Reason, name_of: Callable[[str], str]) -> str:
    match reason.code:
        case Code.WISH:
            return words.WISH % {"number": reason.number}
        case Code.DISTANCE:
            return words.DISTANCE % {"km": reason.number}
        case Code.SUBJECTS:
            names = ", ".join(name_of(subject) for subject in reason.subjects)
            return (words.SUBJECTS if len(reason.subjects) > 1 else words.ONE_SUBJECT) % {"subjects": names}
    return str(PLAIN[reason.code])


PLAIN = {
    Code.NOT_WISHED: words.NOT_WISHED,
    Code.OTHER_SECTOR: words.OTHER_SECTOR,
    Code.LAST_YEAR: words.LAST_YEAR,
    Code.WANTED: words.WANTED,
    Code.DOUBTED: words.DOUBTED,
    Code.PINNED: words.PINNED,
    Code.KEPT: words.KEPT,
}
"""Codes whose words carry no figure."""


def why_missed(missed: Missed) -> list[str]:
    """Why one wish was not met, in Danish, for the guest and the editors."""
    if missed.full is not None:
        return [str(words.FULL[missed.full])]
    return [str(words.LIMITS[limit]) for limit in missed.limits]


def why_unmatched(guest: Unmatched) -> list[tuple[Missed, list[str]]]:
    """Each wish of a guest without a place with why; empty for a guest without wishes (`words.NO_WISHES`)."""
    return [(missed, why_missed(missed)) for missed in guest.missed]

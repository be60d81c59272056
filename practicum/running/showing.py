"""What the page of the matching shows, in Danish, for the editors alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from editorial.models import SubjectArea
from places.choices import Sector
from places.models import Region
from practicum.choices import PinKind
from practicum.matching import words
from practicum.matching.fairness import Change, compare
from practicum.matching.reasons import Reader, sentence, why_missed
from practicum.matching.result import Origin
from practicum.matching.stability import Cause
from practicum.models import MatchLine, MatchPin, MatchRun, Offer, Round
from practicum.running.drawing import Bar, bars
from practicum.running.lines import as_match, as_missed, as_result

CAUSES = {
    Cause.UNSTABLE: _("En fejl i beregningen. Send ikke forslaget."),
    Cause.FIXED: _(
        "Fordi redaktionen har sat en af de to sammen med en anden, eller fordi en af de to allerede har fået et "
        "forslag."
    ),
    Cause.FORBIDDEN: _("Fordi redaktionen har valgt, at de to ikke sættes sammen."),
}


def names_of_subjects() -> Callable[[str], str]:
    """The name of a subject area by its slug. One query."""
    names = dict(SubjectArea.objects.values_list("slug", "name"))
    return lambda slug: names.get(slug, slug)


@dataclass(frozen=True)
class Pairing:
    """A guest with a place, as the table shows it."""

    line: MatchLine
    points: float
    parts: list[tuple[str, float]]
    why: str
    missed: list[tuple[int, str, str]]
    despite: list[str]
    pin: MatchPin | None

    @property
    def is_manual(self) -> bool:
        """Whether the editors have put the two together."""
        return self.line.made == Origin.PINNED

    @property
    def is_kept(self) -> bool:
        """Whether it stands from an earlier proposal."""
        return self.line.made == Origin.KEPT


@dataclass(frozen=True)
class Left:
    """A guest without a place, with each wish and why it was not met."""

    line: MatchLine
    missed: list[tuple[int, str, str]]


def lines(run: MatchRun) -> Any:
    """The lines of a run with what the table shows, in a fixed number of queries."""
    return run.lines.select_related("application__guest", "application__workplace", "offer__owner")


def titles(its_round: Round) -> dict[str, str]:
    """Place → its title, by key."""
    rows = Offer.objects.filter(round=its_round).values_list("uuid", "title")
    return {str(key): title for key, title in rows}


def pairings(run: MatchRun, rows: Iterable[MatchLine]) -> list[Pairing]:
    """Lines with a place, as the table shows them."""
    names, called = names_of_subjects(), titles(run.round)
    pins = {(pin.application_id, pin.offer_id): pin for pin in run.round.pins.filter(kind=PinKind.FIXED)}
    found = []
    for line in rows:
        match = as_match(line)
        found.append(
            Pairing(
                line=line,
                points=match.score.total / 100,
                parts=[
                    (str(words.CRITERIA[key]), points)
                    for key, points in match.score.by_criterion().items()
                    if points
                ],
                why=sentence(match, Reader.EDITORS, names),
                missed=_missed(line, called),
                despite=[str(words.LIMITS[limit]) for limit in match.despite],
                pin=pins.get((line.application_id, line.offer_id or 0)),
            )
        )
    return found


def left(run: MatchRun, rows: Iterable[MatchLine]) -> list[Left]:
    """Lines without a place."""
    called = titles(run.round)
    return [Left(line, _missed(line, called)) for line in rows]


def _missed(line: MatchLine, called: dict[str, str]) -> list[tuple[int, str, str]]:
    return [
        (row.wish, called.get(row.place, _("En plads, der er væk")), " ".join(why_missed(row)))
        for row in as_missed(line)
    ]


def charts(run: MatchRun) -> dict[str, list[Bar]]:
    """The figures of a run, as they are drawn."""
    found = run.figures
    sectors = {str(key): str(label) for key, label in Sector.choices}
    regions = dict(Region.objects.values_list("code", "name"))
    wishes = [(_("Ønske nr. %s") % number, count) for number, count in found["by_wish"].items()]
    if found["not_wished"]:
        wishes.append((_("En plads, gæsten ikke havde ønsket"), found["not_wished"]))
    wishes.append((_("Ingen plads"), found["without"]))
    return {
        "wishes": bars(wishes),
        "sectors": bars(_shares(found["by_sector"], sectors)),
        "regions": bars(_shares(found["by_region"], regions)),
    }


def _shares(found: dict[str, dict[str, int]], names: dict[str, str]) -> list[tuple[str, int, int]]:
    return [(names.get(key, key), row["matched"], row["guests"]) for key, row in found.items()]


def blocking(run: MatchRun) -> list[tuple[str, str, str]]:
    """(guest, place, why) of pairs that would both rather have each other."""
    called = titles(run.round)
    guests = {
        str(key): name or _("Tidligere bruger")
        for key, name in run.lines.values_list("application__uuid", "application__guest__name")
    }
    return [
        (guests.get(guest, _("Tidligere bruger")), called.get(place, place), str(CAUSES[Cause(cause)]))
        for guest, place, cause in run.blocking
    ]


def seats_left(run: MatchRun) -> list[tuple[Offer, int]]:
    """Places that still have room, most first."""
    rows = Offer.objects.filter(round=run.round).select_related("owner")
    found = [(row, run.seats_left.get(str(row.uuid), 0)) for row in rows]
    return sorted([pair for pair in found if pair[1]], key=lambda pair: (-pair[1], pair[0].title))


@dataclass(frozen=True)
class Moved:
    """A guest whom the other run moves."""

    guest: str
    change: str
    before: str
    after: str


def changes(before: MatchRun, after: MatchRun) -> tuple[list[Moved], list[tuple[str, int]], int]:
    """Who moves from one run to another, how many by what it does to them, and how many don't."""
    rows = {run.pk: list(lines(run)) for run in (before, after)}
    compared = compare(as_result(before, rows[before.pk]), as_result(after, rows[after.pk]))
    called = titles(after.round)
    guests = {
        str(line.application.uuid): line.application.guest.name or line.application.guest.email
        for found in rows.values()
        for line in found
    }
    moves = [
        Moved(
            guests[move.guest],
            str(words.CHANGES[move.change]),
            _place(move.before, move.wish_before, called),
            _place(move.after, move.wish_after, called),
        )
        for move in compared.moves
    ]
    counts = [(str(words.CHANGES[change]), compared.counts[change]) for change in Change]
    return moves, [row for row in counts if row[1]], compared.unmoved


def _place(key: str | None, wish: int | None, called: dict[str, str]) -> str:
    if key is None:
        return _("Ingen plads")
    title = called.get(key, _("En plads, der er væk"))
    return f"{title} ({_('ønske nr. %s') % wish})" if wish else title

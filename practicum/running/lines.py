"""From an answer to rows, and from rows to an answer again, so that reasons and comparisons have one source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from practicum.matching.limits import Limit
from practicum.matching.preferences import Score
from practicum.matching.problem import Weights
from practicum.matching.result import Full, Match, Missed, Origin, Result, Unmatched
from practicum.models import MatchLine, MatchRun


def lines_of(
    run: MatchRun, result: Result, *, applications: Mapping[str, int], offers: Mapping[str, int]
) -> list[MatchLine]:
    """The rows of an answer; `applications` and `offers` lead from keys to primary keys."""
    matched = [
        MatchLine(
            run=run,
            application_id=applications[match.guest],
            offer_id=offers[match.place],
            made=match.origin,
            wish=match.wish,
            score=match.score._asdict(),
            facts=_facts(match),
            missed=_missed(match.missed),
        )
        for match in result.matches
        if match.guest in applications and match.place in offers
    ]
    return matched + [
        MatchLine(run=run, application_id=applications[row.guest], missed=_missed(row.missed))
        for row in result.unmatched
        if row.guest in applications
    ]


def _facts(match: Match) -> dict[str, Any]:
    return {
        "km": match.km,
        "dates": None if match.dates is None else sorted(day.isoformat() for day in match.dates),
        "subjects": sorted(match.subjects),
        "other_sector": match.other_sector,
        "last_year": match.last_year,
        "mark": match.mark,
        "despite": list(match.despite),
    }


def _missed(missed: Iterable[Missed]) -> list[dict[str, Any]]:
    return [asdict(row) for row in missed]


def as_match(line: MatchLine) -> Match:
    """A line with a place, as it was worked out. Its application and offer must be loaded."""
    assert line.offer is not None
    facts = line.facts
    dates = facts["dates"]
    return Match(
        guest=str(line.application.uuid),
        place=str(line.offer.uuid),
        origin=Origin(line.made),
        wish=line.wish,
        score=Score(**line.score),
        km=facts["km"],
        dates=None if dates is None else frozenset(dt.date.fromisoformat(day) for day in dates),
        subjects=frozenset(facts["subjects"]),
        other_sector=facts["other_sector"],
        last_year=facts["last_year"],
        mark=facts["mark"],
        despite=tuple(Limit(key) for key in facts["despite"]),
        missed=as_missed(line),
    )


def as_missed(line: MatchLine) -> tuple[Missed, ...]:
    """The wishes that were not met, and why."""
    return tuple(
        Missed(
            place=row["place"],
            wish=row["wish"],
            limits=tuple(Limit(key) for key in row["limits"]),
            full=Full(row["full"]) if row["full"] else None,
        )
        for row in line.missed
    )


def as_result(run: MatchRun, lines: Iterable[MatchLine]) -> Result:
    """What a run came to, as it was worked out."""
    lines = list(lines)
    return Result(
        matches=tuple(as_match(line) for line in lines if line.offer_id),
        unmatched=tuple(
            Unmatched(guest=str(line.application.uuid), missed=as_missed(line))
            for line in lines
            if not line.offer_id
        ),
        seats_left=run.seats_left,
        weights=Weights(**run.weights),
        seed=run.round.seed,
    )

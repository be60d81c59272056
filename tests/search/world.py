"""150 generated entries, and what any choice among them must give, worked out without the database."""

from __future__ import annotations

import datetime as dt
import functools
import random
from collections.abc import Iterable
from dataclasses import dataclass

from catalogue.choices import KINDS
from catalogue.models import Entry
from editorial.choices import CARRIED_OUT, InnovationType, Phase, Value
from editorial.models import SubjectArea
from places.choices import Sector
from places.models import MunicipalityRegion
from tests.factories import ReuseFactory, hidden, published

SIZE = 150
TAGS = [f"emne {n}" for n in range(30)]
WORDS = ["tillid", "sygefravær", "bibliotek", "vejarbejde"]
MUNICIPALITIES = ["0101", "0147", "0253", "0265", "0461", "0751", "0751", "0851", "0615"]
REGIONS = ["1081", "1082", "1083", "1084", "1085"]
MERGER = dt.date(2027, 1, 1)


@dataclass(frozen=True)
class Row:
    """What is known of an entry."""

    slug: str
    title: str
    words: frozenset[str]
    values: dict[str, frozenset[str]]
    area: str


def build(seed: int = 2026) -> list[Row]:
    """Make the entries, and as many hidden ones that nothing may show; returns what is visible."""
    chance = random.Random(seed)
    subjects = list(SubjectArea.objects.values_list("slug", flat=True))[:8]
    rows = []
    for n in range(SIZE):
        kind = chance.choice(KINDS)
        municipality = chance.choice([None, None, *MUNICIPALITIES])
        region = None if municipality or chance.random() < 0.6 else chance.choice(REGIONS)
        year = chance.choice([None, 2008, 2012, 2014, 2020])
        words = frozenset(w for w in WORDS if chance.random() < 0.3)
        fields = {
            "kind": kind,
            "title": f"{chance.choice('abzæøå')}{n} {' '.join(sorted(words))}",
            "sectors": chance.sample(Sector.values, chance.randint(0, 3)),
            "values": chance.sample(Value.values, chance.randint(0, 2)),
            "innovation_types": chance.sample(InnovationType.values, chance.randint(0, 2)),
            "status": chance.choice(CARRIED_OUT if kind == "eksempel" else ["", *Phase.values]),
            "municipality_id": municipality,
            "region_id": region,
            "year_from": year,
            "year_to": year and year + chance.randint(0, 3),
            "subject_areas": chance.sample(subjects, chance.randint(1, 3)),
            "tags": chance.sample(TAGS, chance.randint(0, 5)),
            "day": dt.date(2026, 1, 1) + dt.timedelta(days=chance.randint(0, 20)),
        }
        if n % 10 == 0:
            hidden(
                chance.choice(["draft", "suspended", "archived"]),
                **{k: v for k, v in fields.items() if k != "day"},
            )
        entry = published(**fields)
        for _ in range(chance.choice([0, 0, 0, 1, 2])):
            ReuseFactory.create(entry=entry)
        entry.reindex()
        rows.append(row_of(entry, words))
    return rows


def row_of(entry: Entry, words: Iterable[str]) -> Row:
    """What a list knows of the entry."""
    years = range(entry.year_from, entry.year_to + 1) if entry.year_from and entry.year_to else []
    return Row(
        slug=entry.slug or "",
        title=entry.title,
        words=frozenset(words),
        area=entry.municipality_id or entry.region_id or "",
        values={
            "type": frozenset([entry.kind]),
            "sektor": frozenset(entry.sectors),
            "fagomraade": frozenset(s.slug for s in entry.subject_areas.all()),
            "vaerdi": frozenset(entry.values),
            "kommune": frozenset([entry.municipality_id or ""]),
            "emne": frozenset(t.slug for t in entry.tags.all()),
            "innovationstype": frozenset(entry.innovation_types),
            "status": frozenset([entry.status]),
            "aar": frozenset(map(str, years)),
        },
    )


@functools.cache
def region_areas(code: str, today: dt.date) -> set[str]:
    """The areas that a value of `region` stands for, from the table of memberships alone."""
    if code == "hele":
        return {""}
    members = [m for m in MunicipalityRegion.objects.all() if m.region_id == code]
    if code in ("1084", "1085") or not members:
        return {m.municipality_id for m in members} | {code}
    days = [max(today, m.valid_from) for m in members]
    areas = {
        m.municipality_id for m, day in zip(members, days, strict=True) if not m.valid_to or day < m.valid_to
    }
    new = min(m.valid_from for m in members) == MERGER
    return areas | {code} | ({"1084", "1085"} if new and today >= MERGER else set())


def matches(row: Row, choice: dict[str, list[str]], today: dt.date) -> bool:
    """Whether the row is among the results of a choice."""
    for name, asked in choice.items():
        if name == "q":
            if asked[0] and asked[0] not in row.words:
                return False
        elif name == "region":
            if not any(row.area in region_areas(code, today) for code in asked):
                return False
        elif not row.values[name] & set(asked):
            return False
    return True

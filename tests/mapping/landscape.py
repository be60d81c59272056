"""Some 120 things on the map, known exactly or by their area only, alone and piled up, and as many that are hidden."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from catalogue.choices import KINDS
from editorial.actions import index_workplace
from editorial.models import Content
from places.choices import Sector
from tests.factories import (
    HIDDEN_STATES,
    WorkplaceFactory,
    hidden,
    public_project,
    public_story,
    public_unit,
    published,
)

SIZE = 120
AREAS = ["0101", "0147", "0253", "0400", "0461", "0751", "0751", "0851", "0615", "0813"]
SPOTS = [(56.15, 10.2), (56.15, 10.20001), (55.1, 14.9), (55.67594, 12.56553)]
"""Where several things stand: next door to each other, on Bornholm, at a town hall."""
SECRET = "Hemmelighed"
WORDS = ("tillid", "genbrug", "natarbejde")


@dataclass(frozen=True)
class Landscape:
    """What was made: the addresses of what may be seen."""

    slugs: frozenset[str]


def build(seed: int = 5) -> Landscape:
    """Make it."""
    chance = random.Random(seed)
    slugs = set()
    for n in range(SIZE):
        fields = _fields(n, chance)
        slugs.add(str(_thing(n, fields, chance).slug))
        if n % 4 == 0:
            state = HIDDEN_STATES[n // 4 % len(HIDDEN_STATES)]
            hidden(state, **{**fields, "title": f"{SECRET} {n}"})
    for n in range(12):
        where = {"municipality_id": chance.choice(AREAS)} | _point(chance)
        workplace = WorkplaceFactory.create(name=f"Sted {n}", **where)
        index_workplace(workplace)
        slugs.add(workplace.slug)
    published(title="Uden sted")
    return Landscape(frozenset(slugs))


def _point(chance: random.Random) -> dict[str, Any]:
    way = chance.random()
    if way < 0.4:
        return {}
    if way < 0.6:
        lat, lng = chance.choice(SPOTS)
    else:
        lat, lng = chance.uniform(54.6, 57.7), chance.uniform(8.1, 15.1)
    return {"lat": f"{lat:.5f}", "lng": f"{lng:.5f}"}


def _fields(n: int, chance: random.Random) -> dict[str, Any]:
    place: dict[str, Any] = {"municipality_id": chance.choice(AREAS)} | _point(chance)
    if chance.random() < 0.1:
        place = {"region_id": chance.choice(["1081", "1082", "1084", "1085"])}
    return {
        "title": f"Ting {n} {chance.choice(WORDS)}",
        "sectors": chance.sample(Sector.values, chance.randint(0, 2)),
        "year_from": chance.choice([None, 2012, 2020]),
        **place,
    }


def _thing(n: int, fields: dict[str, Any], chance: random.Random) -> Content:
    way = n % 6
    if way == 0:
        example = published(kind="eksempel", **fields)
        if chance.random() < 0.5:
            public_project(title=f"Førte til {n}", municipality_id="0101", example=example)
        return example
    if way == 1:
        return public_project(**fields)
    if way == 2:
        return public_unit(**fields)
    if way == 3:
        return public_story(**fields)
    return published(kind=chance.choice(KINDS), **fields)

"""A made-up round of any size, the same every time, for measuring and tests. Nothing in it is real."""

from __future__ import annotations

import datetime as dt
from itertools import accumulate
from random import Random

from practicum.matching.problem import Certificate, Guest, Place, Point, Problem, weekdays

SECTORS = ("kommune", "region", "stat", "selvejende")
REGIONS = ("1081", "1082", "1083", "1084", "1085")
SUBJECTS = tuple(f"fag-{n:02}" for n in range(15))
PERIOD = weekdays(dt.date(2027, 9, 13), dt.date(2027, 9, 17))
MOST_WISHES = 8


def made_up(guests: int, places: int | None = None, *, seed: str = "made up") -> Problem:
    """A round with so many guests, and three places to ten guests when nothing else is said.

    A few places are wished by many, most by few; a workplace has some of each; nearly every hard limit rules out some.
    """
    choose = Random(seed)  # noqa: S311 - made-up content
    number = max(1, guests * 3 // 10) if places is None else places
    workplaces = [f"workplace-{n}" for n in range(max(2, guests // 4))]
    offered = tuple(_place(n, guests, choose, workplaces) for n in range(number))
    keys = [place.key for place in offered]
    popular = list(accumulate(1 / (n + 10) for n in range(number)))
    seekers = tuple(_guest(n, choose, workplaces, keys, popular) for n in range(guests))
    return Problem(guests=seekers, places=offered, seed=seed, period=PERIOD)


def _place(n: int, guests: int, choose: Random, workplaces: list[str]) -> Place:
    return Place(
        key=f"place-{n}",
        seats=choose.choice((1, 1, 2, 3)),
        workplace=choose.choice(workplaces),
        sectors=frozenset({choose.choice(SECTORS)}),
        point=_point(choose),
        subjects=_some(choose, SUBJECTS, 3),
        days=choose.choice((1, 2, 2, 3, 5)),
        dates=None if choose.random() < 0.4 else _dates(choose, 3),
        certificates=frozenset({Certificate.CHILDREN}) if choose.random() < 0.1 else frozenset(),
        marks={
            f"guest-{choose.randrange(guests)}": choose.choice((-1, 1)) for _ in range(3 if guests else 0)
        },
    )


def _guest(n: int, choose: Random, workplaces: list[str], places: list[str], popular: list[float]) -> Guest:
    wishes = choose.choices(places, cum_weights=popular, k=choose.randint(1, MOST_WISHES)) if places else []
    return Guest(
        key=f"guest-{n}",
        wishes=tuple(dict.fromkeys(wishes)),
        workplace=choose.choice(workplaces),
        sectors=frozenset({choose.choice(SECTORS)}),
        region=choose.choice(REGIONS),
        municipality=str(choose.randint(101, 860)),
        point=_point(choose),
        subjects=_some(choose, SUBJECTS, 3),
        days=choose.choice((2, 3, 5, 5)),
        dates=None if choose.random() < 0.3 else _dates(choose, 2),
        travel_km=choose.choice((None, 60, 120, 250)),
        certificates=frozenset(Certificate) if choose.random() < 0.5 else frozenset(),
        unmatched_last_year=choose.random() < 0.1,
    )


def _point(choose: Random) -> Point:
    return Point(choose.uniform(54.8, 57.5), choose.uniform(8.3, 12.6))


def _some(choose: Random, of: tuple[str, ...], most: int) -> frozenset[str]:
    return frozenset(choose.sample(of, choose.randint(1, most)))


def _dates(choose: Random, least: int) -> frozenset[dt.date]:
    days = sorted(PERIOD)
    return frozenset(choose.sample(days, choose.randint(least, len(days))))

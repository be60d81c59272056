"""A made-up storm for measuring: 5,000 ideas, 50,000 supports, 20,000 comments, and what is measured of it.

For a database that is there for measuring only (`make bench`): nothing takes it away again but deleting it.
"""

from __future__ import annotations

import datetime as dt
import random
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.utils import timezone

from accounts.models import User
from catalogue.exchange.demo import PREFIX
from coi.bench_landscape import CHUNK, insert
from editorial.choices import Kind, State
from editorial.clock import coi_now
from ideastorm.choices import ShownAs
from ideastorm.giving.alike import alike
from ideastorm.models import Comment, Criterion, Idea, Storm, Support, SupportAddress, address_hash
from ideastorm.permissions import Visitor
from ideastorm.supporting import actions as supporting
from places.models import Workplace

IDEAS, SUPPORTS, COMMENTS, ADDRESSES = 5_000, 50_000, 20_000, 3_000
SLUG = f"{PREFIX}idestorm"
WORDS = [
    "brev", "borger", "telefon", "ventetid", "møde", "skole", "bibliotek", "affald", "byggesag", "hjælpemiddel",
    "plejehjem", "skema", "læge", "sygefravær", "indkaldelse", "kvittering", "rykker", "vagtplan", "mad",
    "cykelsti", "park", "svømmehal", "bus", "lys", "legeplads", "praktik", "samtale", "nabo", "afslag",
    "ansøgning", "boligstøtte", "pension", "fradrag", "tolk", "digital", "aftale", "skranke", "kø",
    "åbningstid", "oplæring", "frivillig", "ung", "ældre", "kollega", "leder", "nattevagt", "hjemmepleje",
    "daginstitution", "klasse", "forældre", "regning", "budget", "indkøb", "energi", "varme", "vand", "vej",
    "sne", "træ",
]  # fmt: skip
CONNECTIONS, EACH = 4, 250
"""Connections that give support at once, and how often each does; half of it is what another gives, too."""


def fill_storm(number: int = IDEAS) -> int:
    """Make the storm with so many ideas, and support and comments to match, unless it is there. Returns how many ideas
    were made.
    """
    if Storm.objects.filter(external_id=SLUG).exists():
        return 0
    with transaction.atomic():
        return _fill(number)


def _fill(number: int) -> int:
    choose = random.Random(SLUG)  # noqa: S311 - made-up content
    now = timezone.now()
    storm = Storm.objects.create(
        kind=Kind.STORM, external_id=SLUG, title="Målt storm", question="Hvad skal måles?", is_demo=True,
        summary="Opdigtet til måling.", owner=Workplace.objects.order_by("pk").first(),
        opens_at=now - dt.timedelta(7), closes_at=now + dt.timedelta(3650), support_until=now + dt.timedelta(3660),
        promised_on=(now + dt.timedelta(3700)).date(),
        **{name: User.objects.create_user(f"{name}@maaling.example", None, name=f"Måling, {name}")
           for name in ("answerer", "deputy")},
    )  # fmt: skip
    Criterion.objects.create(storm=storm, title="Kan måles", weight=1)
    ideas: list[Idea] = []
    for start in range(0, number, CHUNK):
        rows = [_idea(storm, n, choose, now) for n in range(start, min(start + CHUNK, number))]
        insert(rows)
        ideas += rows
    addresses = SupportAddress.objects.bulk_create(
        SupportAddress(storm=storm, address_hash=address_hash(storm, str(n)), confirmed_at=now)
        for n in range(ADDRESSES)
    )
    per_idea = SUPPORTS // IDEAS
    Support.objects.bulk_create(
        (
            Support(idea=idea, address=address)
            for idea in ideas
            for address in choose.sample(addresses, per_idea)
        ),
        batch_size=5000,
    )
    Comment.objects.bulk_create(
        (
            Comment(idea=ideas[n * 7 % number], text="Det gør vi også hos os.", shown_as=ShownAs.PRIVATE)
            for n in range(COMMENTS * number // IDEAS)
        ),
        batch_size=5000,
    )
    storm.publish(by=None, reason="Måling", now=now - dt.timedelta(8))
    return len(ideas)


def _idea(storm: Storm, n: int, choose: random.Random, now: dt.datetime) -> Idea:
    title = " ".join(choose.sample(WORDS, 3)).capitalize()
    text = f"{' '.join(choose.sample(WORDS, 6)).capitalize()}. Det ville hjælpe os."
    return Idea(
        kind=Kind.IDEA, storm=storm, external_id=f"{SLUG}-{n}", slug=f"{PREFIX}ide-{n}", title=f"{title} {n}",
        text=text, summary=text, state=State.PUBLISHED, published_at=now - dt.timedelta(minutes=n), is_demo=True,
    )  # fmt: skip


def storm_pages() -> list[tuple[str, str]]:
    """The pages that are measured: (name, address). Empty without the storm."""
    storm = Storm.objects.filter(external_id=SLUG).first()
    idea = Idea.objects.filter(storm=storm).order_by("pk").first() if storm else None
    if storm is None or idea is None:
        return []
    page = storm.get_absolute_url()
    return [
        ("Idéstorme", "/idestorme/"),
        ("Idéstorm, 5.000 ideer", page),
        ("Idéstorm, flest kommentarer", f"{page}?sort=kommentarer"),
        ("Idéstorm, et ord", f"{page}?q=ventetid"),
        ("Idé", idea.get_absolute_url()),
    ]


@dataclass(frozen=True)
class Given:
    """Support given over several connections at once."""

    sent: int
    lost: int
    double: int
    per_second: float


def give_support() -> Given:
    """Give support over CONNECTIONS connections, and count what is there afterwards. Taken back at the end."""
    storm = Storm.objects.get(external_id=SLUG)
    ideas = list(Idea.objects.filter(storm=storm).order_by("pk").values_list("pk", flat=True)[:EACH])
    # People who support nothing yet, one for each two connections: every support is sent twice.
    people = SupportAddress.objects.bulk_create(
        SupportAddress(
            storm=storm, address_hash=address_hash(storm, f"maaling-{n}"), confirmed_at=timezone.now()
        )
        for n in range(CONNECTIONS // 2)
    )
    wanted = [[(idea, people[n // 2]) for idea in ideas] for n in range(CONNECTIONS)]
    start = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(_give_all, wanted))
    took = time.perf_counter() - start
    there = list(Support.objects.filter(address__in=people).values_list("idea_id", "address_id"))
    asked = {(idea, address.pk) for pairs in wanted for idea, address in pairs}
    SupportAddress.objects.filter(pk__in=[row.pk for row in people]).delete()
    sent = sum(map(len, wanted))
    return Given(sent, len(asked - set(there)), len(there) - len(set(there)), sent / took)


def _give_all(pairs: list[tuple[int, SupportAddress]]) -> None:
    """As a page gives it to somebody with a confirmed address; the second time it is there already."""
    try:
        for idea, address in pairs:
            supporting.give_support(
                idea=Idea.objects.get(pk=idea), visitor=Visitor(AnonymousUser()), address=address
            )
    finally:
        connection.close()


@dataclass(frozen=True)
class Typing:
    """Looking for what is alike while somebody types, in ms: median, 95th percentile, and one query."""

    median: float
    slow: float
    query: float


def look_while_typing(runs: int = 200) -> Typing:
    """Look for ideas and entries that are like a title that is being typed, a word more each time."""
    choose = random.Random(1)  # noqa: S311 - made-up content
    storm = Storm.objects.get(external_id=SLUG)
    found, query = [], []
    for _ in range(runs):
        text = " ".join(choose.sample(WORDS, choose.randint(1, 6)))
        found.append(_milliseconds(partial(alike, storm, title=text)))
        query.append(_milliseconds(coi_now))
    return Typing(statistics.median(found), statistics.quantiles(found, n=20)[-1], statistics.median(query))


def _milliseconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000

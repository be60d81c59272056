"""Made-up workplaces, units, projects and stories beside the made-up entries: the map is measured with all kinds.

For a database that is there for measuring only (`make bench`): nothing takes them away again but deleting it.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from catalogue.exchange.demo import PREFIX
from catalogue.models import Entry, Story
from editorial.actions import index_workplace
from editorial.choices import Kind, Phase, State
from editorial.models import Content
from mapping.models import Project, Unit
from places.choices import Sector
from places.models import Municipality, Workplace
from search.index import put_many

CHUNK = 500
SHARES = {Kind.STORY: 10, Kind.PROJECT: 10, Kind.UNIT: 50}
"""Of each kind one for so many entries."""
WORKPLACES = 20
"""One workplace for so many entries."""
LED_TO = 5
"""One project in so many led to an entry, and one unit in so many is a workplace of its own: each counts once."""
EXACT = 0.7
Say = Callable[[int], None]
Row = tuple[Any, random.Random]


def fill(entries: int, *, say: Say = lambda done: None) -> int:
    """Make what belongs beside so many entries, as far as it is not there yet. Returns how many rows were made."""
    municipalities = list(Municipality.objects.order_by("code"))
    made = _workplaces(entries // WORKPLACES, municipalities)
    owners = list(Workplace.objects.filter(slug__startswith=f"{PREFIX}sted-").order_by("pk"))
    led_to = list(
        Entry.objects.filter(external_id__startswith=PREFIX).order_by("pk").values_list("pk", flat=True)
    )
    for kind, share in SHARES.items():
        there = set(
            Content.objects.filter(external_id__startswith=f"{PREFIX}{kind}-").values_list(
                "external_id", flat=True
            )
        )
        missing = [n for n in range(entries // share) if f"{PREFIX}{kind}-{n}" not in there]
        for start in range(0, len(missing), CHUNK):
            rows = [_content(kind, n, owners, led_to, municipalities) for n in missing[start : start + CHUNK]]
            insert(rows)
            made += len(rows)
            say(made)
    return made


def _workplaces(wanted: int, municipalities: list[Municipality]) -> int:
    there = set(Workplace.objects.filter(slug__startswith=f"{PREFIX}sted-").values_list("slug", flat=True))
    new = []
    for n in range(wanted):
        if (slug := f"{PREFIX}sted-{n}") not in there:
            choose = random.Random(n)  # noqa: S311 - made-up content
            where = located(choose.choice(municipalities), choose)
            sector = choose.choice(Sector.values)
            new.append(Workplace(slug=slug, name=f"Målested {n}", sector=sector, is_demo=True, **where))
    for start in range(0, len(new), CHUNK):
        with transaction.atomic():
            for workplace in Workplace.objects.bulk_create(new[start : start + CHUNK]):
                index_workplace(workplace)
    return len(new)


def located(municipality: Municipality, choose: random.Random) -> dict[str, Any]:
    """In the municipality; seven in ten with a point, most of them near its seat."""
    where: dict[str, Any] = {"municipality": municipality}
    if choose.random() < EXACT:
        lat = min(57.85, max(54.5, choose.gauss(float(municipality.lat), 0.05)))
        lng = min(15.25, max(8.0, choose.gauss(float(municipality.lng), 0.09)))
        where |= {"lat": Decimal(f"{lat:.5f}"), "lng": Decimal(f"{lng:.5f}")}
    return where


def _content(
    kind: Kind, n: int, owners: list[Workplace], led_to: list[int], municipalities: list[Municipality]
) -> Content:
    choose = random.Random(f"{kind}-{n}")  # noqa: S311 - made-up content
    common: dict[str, Any] = {
        "kind": kind, "external_id": f"{PREFIX}{kind}-{n}", "slug": f"{PREFIX}{kind}-{n}", "title": f"Målt {kind} {n}",
        "summary": "Opdigtet til måling.", "sectors": [choose.choice(Sector.values)], "is_demo": True,
        "source": "Opdigtet", "state": State.PUBLISHED, "published_at": timezone.now(),
        **located(choose.choice(municipalities), choose),
    }  # fmt: skip
    linked = n % LED_TO == 0
    if kind == Kind.STORY:
        return Story(text="Hun ringede, og det hjalp.", **common)
    owner = choose.choice(owners) if owners else None
    if kind == Kind.UNIT:
        itself = owners[n] if linked and n < len(owners) else None
        return Unit(does="Måler.", owner=owner, same_workplace=itself, **common)
    example = choose.choice(led_to) if linked and led_to else None
    return Project(
        goal="At måle.", status=choose.choice(Phase.values), owner=owner, example_id=example, **common
    )


def insert(rows: Iterable[Any], *, hang_on: Callable[[list[Any]], None] | None = None) -> None:
    """As catalogue.exchange.writing.insert_entries: two statements, because bulk_create refuses models that extend
    another; then what `hang_on` makes of them, and their search documents.
    """
    rows = list(rows)
    names = [f.attname for f in Content._meta.local_concrete_fields if not (f.primary_key or f.generated)]
    with transaction.atomic():
        parents = Content.objects.bulk_create(
            Content(**{name: getattr(row, name) for name in names}) for row in rows
        )
        for row, parent in zip(rows, parents, strict=True):
            row.pk = row.id = parent.pk
            row._state.adding, row._state.db = False, parent._state.db
        model: Any = type(rows[0])
        own = [f for f in model._meta.local_concrete_fields if not f.generated]
        model._base_manager._insert(rows, fields=own, using=parents[0]._state.db)
        if hang_on is not None:
            hang_on(rows)
        found = model._base_manager.filter(pk__in=[row.pk for row in rows])
        found = found.select_related("owner", "municipality", "region").prefetch_related(
            *model.SEARCH_RELATIONS
        )
        put_many({"content_id": row.pk, **row.search_fields()} for row in found)

"""Loading the written content in catalogue/content/ (TOML): workplaces, tags, entries and collections.

Loading twice changes nothing more: rows are found by their key. What staff have changed since is left alone.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from catalogue.models import (
    Chapter,
    Collection,
    CollectionEntry,
    Entry,
    HardQuestion,
    Measure,
    Reuse,
    Step,
    TimelineStep,
)
from catalogue.stories.loading import load_stories
from editorial.actions import index_workplace
from editorial.models import Link, Participation, Picture, SubjectArea, Tag, TagSynonym
from guards.pictures import clean_picture, store_picture
from places.models import Succession, Workplace, WorkplaceAlias, WorkplacePeriod

CONTENT = Path(__file__).parent / "content"
ROWS = {
    "links": Link,
    "measures": Measure,
    "timeline": TimelineStep,
    "steps": Step,
    "questions": HardQuestion,
}
OWN_KEYS = {
    "type",
    "owner",
    "participants",
    "region",
    "municipality",
    "subject_areas",
    "tags",
    "published_on",
    "reuse",
    "pictures",
    *ROWS,
}
"""Keys of an entry in TOML that are not simply fields of the model."""
COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def read(pattern: str, table: str) -> Iterator[dict[str, Any]]:
    """The rows of `table` in all content files that match `pattern`, in the files' order."""
    for path in sorted(CONTENT.glob(pattern)):
        yield from tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal).get(table, [])


@transaction.atomic
def load_all(*, demo: bool = True) -> dict[str, int]:
    """Load everything, the invented demonstrations only with `demo`; one transaction.

    Returns how many rows of each sort were added.

    Raises KeyError or ValidationError when the files contradict themselves; nothing is written then.
    """
    workplaces = {w["key"]: w for w in read("workplaces.toml", "workplace") if demo or not w.get("is_demo")}
    added = {"workplaces": load_workplaces(workplaces), "tags": load_tags()}
    known = {w.slug: w for w in Workplace.objects.filter(slug__in=workplaces)}
    new = [
        load_entry(row, known)
        for row in read("entries_*.toml", "entry")
        if (demo or not row.get("is_demo"))
        and not Entry.objects.filter(external_id=row["external_id"]).exists()
    ]
    added["entries"] = len(new)
    added["stories"] = load_stories(read("stories_demo.toml", "story"), known) if demo else 0
    added["collections"] = sum(load_collection(row) for row in read("collections.toml", "collection"))
    return added


def load_workplaces(rows: dict[str, dict[str, Any]]) -> int:
    """Add the workplaces that are not there yet, then their parents, periods and successors."""
    existing = set(Workplace.objects.filter(slug__in=rows).values_list("slug", flat=True))
    new = {key: row for key, row in rows.items() if key not in existing}
    made: dict[str, Workplace] = {}
    for key, row in new.items():
        workplace = Workplace(
            slug=key,
            name=row["name"],
            sector=row["sector"],
            municipality_id=row.get("municipality"),
            website=row.get("website", ""),
            closed_on=_first_of(row.get("closed_year")),
            is_demo=row.get("is_demo", False),
            note=row.get("note", ""),
        )
        workplace.full_clean(exclude=["municipality"])
        workplace.save()
        made[key] = workplace
    everyone = {w.slug: w for w in Workplace.objects.filter(slug__in=rows)}
    for key, workplace in made.items():
        row = new[key]
        if parent := row.get("parent"):
            workplace.parent = everyone[parent]
            workplace.save()
        for period in row.get("period", []):
            WorkplacePeriod.objects.create(
                workplace=workplace,
                name=period["name"],
                sector=period.get("sector", row["sector"]),
                parent=everyone.get(period.get("parent") or row.get("parent") or ""),
                valid_from=_first_of(period.get("valid_from_year")),
                valid_to=_first_of(period.get("valid_to_year")),
            )
        for alias in row.get("aliases", []):
            WorkplaceAlias.objects.create(workplace=workplace, name=alias)
    for key, workplace in made.items():
        for successor in new[key].get("successors", []):
            kind = (
                successor["kind"]
                if successor["kind"] in Succession.Kind.values
                else Succession.Kind.TAKEN_OVER
            )
            Succession.objects.create(
                predecessor=workplace, successor=everyone[successor["key"]], year=successor["year"], kind=kind
            )
    for workplace in made.values():
        index_workplace(workplace)
    return len(made)


def load_tags() -> int:
    """Add the tags that are not there yet, with their synonyms."""
    count = 0
    for row in read("tags.toml", "tag"):
        tag, created = Tag.objects.get_or_create(slug=row["slug"], defaults={"name": row["name"]})
        count += created
        for name in row.get("synonyms", []) if created else []:
            TagSynonym.objects.get_or_create(name=name, defaults={"tag": tag})
    return count


def load_entry(row: dict[str, Any], workplaces: dict[str, Workplace]) -> Entry:
    """Add one entry with everything that hangs on it, and publish it."""
    fields = {k: v.strip() if isinstance(v, str) else v for k, v in row.items() if k not in OWN_KEYS}
    entry = Entry(
        kind=row["type"],
        owner=workplaces[row["owner"]] if row.get("owner") else None,
        region_id=row.get("region"),
        municipality_id=row.get("municipality"),
        **fields,
    )
    entry.full_clean(exclude=["slug"])
    entry.save()
    for n, key in enumerate(row.get("participants", [])):
        Participation.objects.create(content=entry, workplace=workplaces[key], position=n)
    entry.subject_areas.set([SubjectArea.objects.get(slug=slug) for slug in row.get("subject_areas", [])])
    entry.tags.set([Tag.objects.get(slug=slug) for slug in row.get("tags", [])])
    for name, model in ROWS.items():
        owner = "content" if model is Link else "entry"
        for n, line in enumerate(row.get(name, [])):
            texts = {k: v.strip() if isinstance(v, str) else v for k, v in line.items()}
            thing = model(**{owner: entry, "position": n, **texts})
            thing.full_clean()
            thing.save()
    load_pictures(entry, row.get("pictures", []))
    load_reuse(entry, row.get("reuse", []), workplaces)
    entry.publish(by=None, reason="Indlæst fra portalens egne indholdsfiler", now=_published(row))
    return entry


def load_pictures(entry: Entry, rows: list[dict[str, Any]]) -> None:
    """Add the entry's pictures, cleaned and stored like any upload."""
    for n, row in enumerate(rows):
        with (CONTENT / "pictures" / row["file"]).open("rb") as file:
            stored = store_picture(clean_picture(file))
        Picture.objects.create(
            content=entry,
            name=stored.name,
            width=stored.width,
            height=stored.height,
            widths=stored.variants,
            alt=row["alt"],
            credit=row.get("credit", ""),
            position=n,
        )


def load_reuse(entry: Entry, rows: list[dict[str, Any]], workplaces: dict[str, Workplace]) -> None:
    """Add who reused the entry; `parent` names the workplace whose edition it builds on."""
    made: dict[str, Reuse] = {}
    for row in rows:
        plain = {k: v for k, v in row.items() if k not in ("workplace", "parent")}
        made[row["workplace"]] = Reuse.objects.create(
            entry=entry,
            workplace=workplaces[row["workplace"]],
            parent=made.get(row.get("parent", "")),
            **plain,
        )


def load_collection(row: dict[str, Any]) -> int:
    """Add a collection with its chapters unless it is there; returns 1 when it was added."""
    if Collection.objects.filter(slug=row["slug"]).exists():
        return 0
    plain = {k: v.strip() if isinstance(v, str) else v for k, v in row.items() if k != "chapter"}
    plain.setdefault("summary", plain["introduction"].split("\n")[0][:300])
    collection = Collection(published=True, **plain)
    collection.full_clean()
    collection.save()
    for n, chapter in enumerate(row.get("chapter", [])):
        made = Chapter.objects.create(
            collection=collection,
            title=chapter["title"],
            introduction=chapter.get("introduction", "").strip(),
            position=n,
        )
        for m, external_id in enumerate(chapter["entries"]):
            CollectionEntry.objects.create(
                chapter=made, entry=Entry.objects.get(external_id=external_id), position=m
            )
    return 1


def _first_of(year: int | None) -> dt.date | None:
    return dt.date(year, 1, 1) if year else None


def _published(row: dict[str, Any]) -> dt.datetime | None:
    day = row.get("published_on")
    return dt.datetime.combine(day, dt.time(9), tzinfo=COPENHAGEN) if day else None

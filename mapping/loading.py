"""Loading the written projects and innovation units in mapping/content/ (TOML).

Loading twice changes nothing more: rows are found by their external id. What staff have changed since is left alone.
Workplaces, tags and entries must be there already.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from editorial.choices import Kind
from editorial.models import Content, Participation, SubjectArea, Tag
from mapping.models import Project, Unit
from places.models import Workplace

CONTENT = Path(__file__).parent / "content"
COPENHAGEN = ZoneInfo("Europe/Copenhagen")
LINKS = ("participants", "subject_areas", "tags", "published_on")
"""Keys of a row that are not fields of the model; others that name a row are in `_row`."""


@transaction.atomic
def load_landscape(*, demo: bool = True) -> int:
    """Load the projects and units that are not there yet, the invented ones only with `demo`; returns how many.

    Raises KeyError or ValidationError when the files contradict themselves or name what is not there.
    """
    added = 0
    for name, kind, model in (("units", Kind.UNIT, Unit), ("projects", Kind.PROJECT, Project)):
        path = CONTENT / f"{name}.toml"
        for row in tomllib.loads(path.read_text(encoding="utf-8"))[name.removesuffix("s")]:
            if row.get("is_demo") and not demo:
                continue
            if Content.objects.filter(external_id=row["external_id"]).exists():
                continue
            _load(model, kind, row)
            added += 1
    return added


def _load(model: type[Project] | type[Unit], kind: Kind, row: dict[str, Any]) -> None:
    fields: dict[str, Any] = {}
    for name, value in row.items():
        if name in LINKS:
            continue
        if name in ("owner", "same_workplace"):
            fields[name] = _workplace(value)
        elif name in ("example", "same_entry"):
            fields[f"{name}_id"] = Content.objects.get(external_id=value).pk
        elif name in ("region", "municipality"):
            fields[f"{name}_id"] = value
        else:
            fields[name] = value.strip() if isinstance(value, str) else value
    content = model(kind=kind, **fields)
    content.full_clean(exclude=["slug"])
    content.save()
    for n, key in enumerate(row.get("participants", [])):
        Participation.objects.create(content=content, workplace=_workplace(key), position=n)
    content.subject_areas.set([SubjectArea.objects.get(slug=slug) for slug in row.get("subject_areas", [])])
    content.tags.set([Tag.objects.get(slug=slug) for slug in row.get("tags", [])])
    content.publish(
        by=None,
        reason="Indlæst fra portalens egne indholdsfiler",
        now=dt.datetime.combine(row["published_on"], dt.time(9), tzinfo=COPENHAGEN),
    )


def _workplace(key: str) -> Workplace:
    return Workplace.objects.get(slug=key)

"""Everything about me: every registered table, as JSON with stable keys and as a page to read. Nobody else in it."""

from __future__ import annotations

import datetime as dt
import json
import shutil
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from pghistory.models import Context, Event

from accounts.models import User
from coi.personal_data.erasing import addresses_of, contributions
from coi.personal_data.register import TABLES, Table
from editorial.models import Change, Content, Picture

VERSION = 1
"""Counts up when a key of the JSON changes its meaning."""
EDITORS = "Redaktionen"
MOST_PICTURES = 200_000_000
"""Bytes of pictures in one file; the names of the others stand in it."""
IN_MEMORY = 5_000_000
"""Bytes up to which the file is made in memory, and above which on disk."""


@dataclass(frozen=True)
class Part:
    """One table of the export. `rows` are {field: plain value}."""

    table: Table
    labels: dict[str, str]
    rows: list[dict[str, Any]]

    def for_reading(self) -> list[list[tuple[str, Any]]]:
        """The rows as (label, text) for the page; empty fields are left out."""
        return [
            [(self.labels.get(name, name), _shown(value)) for name, value in row.items() if value not in (None, "")]
            for row in self.rows
        ]  # fmt: skip


def _shown(value: Any) -> str:
    """A value as a person reads it."""
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    if isinstance(value, dict | list):
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
    if isinstance(value, dt.datetime):
        return formats.date_format(timezone.localtime(value), "j. F Y H:i")
    if isinstance(value, dt.date):
        return formats.date_format(value, "j. F Y")
    return str(value)


def _plain(row: models.Model, name: str, person: User) -> Any:
    """One field: what it points at as text, people as »Dig« or the role they have here, never by name."""
    field: Any = row._meta.get_field(name)
    if field.many_to_many:
        return ", ".join(str(other) for other in getattr(row, name).all())
    if field.is_relation:
        other = getattr(row, name)
        if isinstance(other, User):
            return _("Dig") if other.pk == person.pk else EDITORS if other.is_staff else _("En anden")
        return str(other) if other is not None else None
    value = getattr(row, name)
    if field.choices and value not in (None, ""):
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, UUID):
        return str(value)
    return value


def _belongs(table: Table, model: type[models.Model], person: User) -> Q:
    """Which rows are about the person: by relation, by key, or by address."""
    found = Q(pk__in=[])
    for lookup in table.mine:
        field: Any = model._meta.get_field(lookup.split("__")[0])
        if lookup == "id":
            found |= Q(pk=person.pk)
        elif field.is_relation:
            found |= Q(**{lookup: person})
        elif isinstance(field, models.UUIDField):
            found |= Q(**{lookup: person.key})
        else:
            for address in addresses_of(person):
                found |= Q(**{f"{lookup}__iexact": address})
    return found


def _rows(table: Table, person: User) -> list[dict[str, Any]]:
    model: Any = apps.get_model(table.model)
    rows = model._base_manager.filter(_belongs(table, model, person)).distinct().order_by("pk")
    if table.model == "editorial.Letter":  # what staff write to others is the others'
        rows = rows.exclude(Q(from_editors=True) & ~Q(item__sender=person))
    elif table.model == "notices.Notice":  # what staff are told of is about others
        rows = rows.exclude(event="redaktion")
    elif table.model == "editorial.Decision":  # about what I wrote, whoever decided; and what I did myself
        mine = contributions(person).values("uuid")
        rows = model._base_manager.filter(Q(content_uuid__in=mine) | Q(actor_key=person.key)).order_by("pk")
    elif table.model == "editorial.ProposalDraft":
        rows = model._base_manager.filter(Q(content__author=person) | Q(change__author=person)).order_by("pk")
    own = set(contributions(person).values_list("uuid", flat=True))
    made = []
    for row in rows.iterator(chunk_size=200):
        values = {name: _plain(row, name, person) for name in table.export}
        if table.model == "editorial.Content":
            assert isinstance(row, Content)
            values["parts"] = row.snapshot()
        elif table.model == "editorial.Letter":
            values["who"] = (
                EDITORS if row.from_editors else _("Dig") if row.author_id == person.pk else _("Afsenderen")
            )
        elif table.model == "editorial.Decision":
            if row.content_uuid not in own:
                values.pop("reason")  # a reason is written to whoever it was about
            values["who"] = _("Dig") if row.actor_key == person.key else EDITORS
        made.append(values)
    return made


def _changes(person: User) -> list[dict[str, Any]]:
    """What the history says that I changed: when, in which table, and what was done. What it held stands elsewhere."""
    mine = Context.objects.filter(metadata__user=str(person.key)).values("pk")
    made: list[dict[str, Any]] = []
    for model in apps.get_models():
        if not issubclass(model, Event) or not model._meta.managed:
            continue
        events: Any = model._base_manager
        events = events.filter(pgh_context__in=mine)
        name = str(model.pgh_tracked_model._meta.verbose_name)  # type: ignore[attr-defined]
        made += [
            {"at": at, "what": capfirst(name), "did": did}
            for at, did in events.values_list("pgh_created_at", "pgh_label")
        ]
    return sorted(made, key=lambda row: row["at"])


HISTORY = Table(
    "pghistory.Events", "Ændringer, du har lavet", "At kunne rette fejl og stå til ansvar", TABLES[-1].basis,
    "Så længe portalen findes",
)  # fmt: skip


def gather(person: User) -> list[Part]:
    """Every registered table with the rows about a person."""
    parts = []
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout = '60s'")
        for table in TABLES:
            if not table.export:
                continue
            model: Any = apps.get_model(table.model)
            labels = {
                n: capfirst(str(getattr(model._meta.get_field(n), "verbose_name", n))) for n in table.export
            }
            labels |= {"parts": _("Hele indholdet"), "who": _("Hvem")}
            parts.append(Part(table, labels, _rows(table, person)))
        labels = {"at": _("Hvornår"), "what": _("Hvad"), "did": _("Handling")}
        parts.append(Part(HISTORY, labels, _changes(person)))
    return parts


def as_json(person: User, parts: list[Part]) -> str:
    """The data with stable keys: table → why, how long, rows. Tables that are not shown say why."""
    tables = {
        p.table.model: {
            "what": p.table.what, "purpose": p.table.purpose, "basis": p.table.basis.value, "kept": p.table.kept,
            "rows": p.rows,
        }
        for p in parts
    }  # fmt: skip
    left_out = {t.model: {"what": t.what, "why": t.not_exported} for t in TABLES if not t.export}
    data = {
        "version": VERSION, "portal": settings.SITE_URL, "made_at": timezone.now(), "tables": tables,
        "not_shown": left_out,
    }  # fmt: skip
    return json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)


def picture_names(person: User) -> list[str]:
    """Files of the pictures in what the person contributed, and in changes they propose; each once."""
    names = list(Picture.objects.filter(content__in=contributions(person)).values_list("name", flat=True))
    for proposed in Change.objects.filter(author=person).values_list("proposed", flat=True):
        names += [row["name"] for row in proposed.get("pictures") or [] if row.get("name")]
    return sorted(set(names))


def _add_pictures(archive: zipfile.ZipFile, person: User) -> list[str]:
    """Put the files into the archive, as large as they are, until MOST_PICTURES; returns those that are not in it."""
    left, size = [], 0
    for name in picture_names(person):
        try:
            size += default_storage.size(name)
            if size > MOST_PICTURES:
                left.append(name)
                continue
            with (
                default_storage.open(name) as file,
                archive.open(zipfile.ZipInfo(f"billeder/{PurePosixPath(name).name}"), "w") as place,
            ):
                shutil.copyfileobj(file, place)
        except FileNotFoundError:
            left.append(name)
    return left


def as_zip(person: User) -> IO[bytes]:
    """Everything in one: mine-data.html to read, mine-data.json to use elsewhere, and my pictures. A file to stream."""
    parts = gather(person)
    file: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - whoever streams it closes it
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        left = _add_pictures(archive, person)
        page = render_to_string(
            "coi/my_data_file.html",
            {"parts": [p for p in parts if p.rows], "empty": [p.table.what for p in parts if not p.rows],
             "left_out": [t for t in TABLES if not t.export], "made_at": timezone.now(), "site": settings.SITE_URL,
             "pictures_left": left},
        )  # fmt: skip
        archive.writestr("mine-data.html", page)
        archive.writestr("mine-data.json", as_json(person, parts))
    file.seek(0)
    return file

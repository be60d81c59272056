"""What has been changed, by whom and when: read from the event tables that the database's triggers write.

A row's history is its own events (of every table it inherits from), those of the rows that hang on it, and what the
admin's log says of relations that have no event table.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.paginator import Page, Paginator
from django.db import models
from django.db.models import IntegerField, Max, Value
from django.utils import formats, timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from pghistory.models import Context, Event

from accounts.former import names_of

PER_PAGE = 40
HIDDEN = {
    "id",
    "content_ptr",
    "uuid",
    "version",
    "updated_at",
    "created_at",
    "sort_key",
    "widths",
    "pgh_obj",
    "pgh_context",
}


@dataclass(frozen=True)
class FieldChange:
    """One field: its label, and its value before and after."""

    label: str
    old: str
    new: str
    name: str = ""

    @property
    def is_long(self) -> bool:
        """Whether the values are better folded away."""
        return len(self.old) > 160 or len(self.new) > 160


@dataclass
class RowChange:
    """What happened to one row."""

    what: str
    verb: str
    fields: list[FieldChange]


@dataclass
class Save:
    """Everything that was changed at once."""

    at: dt.datetime
    who: str
    rows: list[RowChange] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Source:
    """An event table and the rows in it that belong to the history."""

    model: type[models.Model]
    filters: dict[str, Any]
    own: bool = False


def event_models() -> list[type[models.Model]]:
    """All event tables."""
    return [m for m in apps.get_models() if issubclass(m, Event) and getattr(m, "pgh_tracked_model", None)]


def is_tracked(model: type[models.Model]) -> bool:
    """Whether changes to `model` are written by triggers."""
    tables = {m.pgh_tracked_model._meta.db_table for m in event_models()}  # type: ignore[attr-defined]
    return model._meta.db_table in tables


def sources(obj: models.Model) -> list[Source]:
    """The event tables of `obj`: its own, and those of rows that go when it goes."""
    chain = {type(obj), *type(obj)._meta.all_parents}
    found = []
    for events in event_models():
        tracked = events.pgh_tracked_model  # type: ignore[attr-defined]
        if tracked in chain:
            found.append(Source(events, {"pgh_obj_id": obj.pk}, own=True))
            continue
        names = {f.name for f in events._meta.concrete_fields}
        for f in tracked._meta.concrete_fields:
            owned = (
                f.remote_field
                and f.remote_field.model in chain
                and f.remote_field.on_delete is models.CASCADE
            )
            if owned and f.name in names and not getattr(f.remote_field, "parent_link", False):
                found.append(Source(events, {f.attname: obj.pk}))
    return found


def page_of(
    obj: models.Model, number: str | int, extra: Iterable[Source] = ()
) -> tuple[Page[Any], list[Save]]:
    """One page of the history, newest first, and its saves. An unknown page number gives the nearest page."""
    all_sources = [*sources(obj), *extra]
    queries = [
        s.model._base_manager.filter(**s.filters).order_by().annotate(history_source=Value(n, IntegerField()))
        .values_list("pgh_created_at", "pgh_id", "history_source")
        for n, s in enumerate(all_sources)
    ]  # fmt: skip
    log = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(obj), object_id=str(obj.pk))
    if all_sources:
        log = log.filter(change_message__contains='"note"')
    queries.append(
        log.order_by()
        .annotate(history_source=Value(-1, IntegerField()))
        .values_list("action_time", "id", "history_source")
    )
    first, *others = queries
    rows = first.union(*others, all=True).order_by(
        "-pgh_created_at" if all_sources else "-action_time", "-pgh_id" if all_sources else "-id"
    )
    page = Paginator(rows, PER_PAGE).get_page(number)
    return page, _saves(list(page.object_list), all_sources)


def last_change(obj: models.Model) -> tuple[dt.datetime, str] | None:
    """When `obj` or what hangs on it was last changed, and by whom; None without history."""
    latest: Any = None
    for source in sources(obj):
        found = source.model._base_manager.filter(**source.filters).aggregate(at=Max("pgh_created_at"))["at"]
        if found and (latest is None or found > latest[0]):
            row = source.model._base_manager.filter(pgh_created_at=found, **source.filters).values_list(
                "pgh_context", flat=True
            )
            latest = (found, row.first())
    if latest is None:
        return None
    return latest[0], _names({latest[1]})[latest[1]]


def _names(contexts: set[Any]) -> dict[Any, str]:
    """History context → what to call whoever acted; of an erased account, its pseudonym."""
    keys = {
        c.pk: UUID(c.metadata["user"]) if (c.metadata or {}).get("user") else None
        for c in Context.objects.filter(pk__in=[c for c in contexts if c])
    }
    names = names_of(keys.values())
    return {c: names[keys.get(c)] for c in contexts}


def _saves(rows: list[Any], all_sources: list[Source]) -> list[Save]:
    events: dict[tuple[int, int], Any] = {}
    for n, source in enumerate(all_sources):
        ids = [pk for _at, pk, s in rows if s == n]
        if ids:
            events |= {(n, e.pk): e for e in source.model._base_manager.filter(pgh_id__in=ids)}
    before = _predecessors(events, all_sources)
    show = _Shower(list(events.values()) + [e for e in before.values() if e])
    logged = LogEntry.objects.select_related("user").in_bulk([pk for _at, pk, s in rows if s == -1])
    names = _names({e.pgh_context_id for e in events.values()})
    saves: list[Save] = []
    keys: list[Any] = []
    for at, pk, n in rows:
        if n == -1:
            entry = logged[pk]
            key, who, row = (pk, "log"), str(entry.user), _logged(entry)
        else:
            event = events[n, pk]
            # Changes of one request share a context; without one, they share the transaction's time.
            key, who = event.pgh_context_id or at, names[event.pgh_context_id]
            row = show.row(event, before[n, pk], all_sources[n])
        if row is None:
            continue
        if not keys or keys[-1] != key:
            saves.append(Save(at, who))
            keys.append(key)
        saves[-1].rows.append(row)
    return saves


def _logged(entry: LogEntry) -> RowChange | None:
    """A line of the admin's log: the notes that our own actions wrote, or Django's own sentence."""
    try:
        parts = json.loads(entry.change_message or "[]")
    except ValueError:
        parts = []
    notes = (
        [p["note"] for p in parts if isinstance(p, dict) and "note" in p] if isinstance(parts, list) else []
    )
    if notes:
        return RowChange(
            "", "", [FieldChange(x.get("label", ""), x.get("old", ""), x.get("new", "")) for x in notes]
        )
    return RowChange(entry.get_change_message() or str(entry), "", [])


def _predecessors(
    events: dict[tuple[int, int], Any], all_sources: list[Source]
) -> dict[tuple[int, int], Any]:
    """For each update event the event before it, of the same row; one query a table."""
    result: dict[tuple[int, int], Any] = dict.fromkeys(events)
    for n, source in enumerate(all_sources):
        wanted = [e for (m, _pk), e in events.items() if m == n and e.pgh_label == "update"]
        if not wanted:
            continue
        earlier = source.model._base_manager.filter(
            pgh_obj_id=models.OuterRef("pgh_obj_id"), pgh_id__lt=models.OuterRef("pgh_id")
        )
        pairs = dict(
            source.model._base_manager.filter(pgh_id__in=[e.pgh_id for e in wanted])
            .annotate(earlier=models.Subquery(earlier.order_by("-pgh_id").values("pgh_id")[:1]))
            .values_list("pgh_id", "earlier")
        )
        found = source.model._base_manager.in_bulk([pk for pk in pairs.values() if pk])
        for e in wanted:
            result[n, e.pgh_id] = found.get(pairs[e.pgh_id])
    return result


class _Shower:
    """Turns events into words; related rows are read once per table for the whole page."""

    def __init__(self, events: list[Any]) -> None:
        wanted: dict[type[models.Model], set[Any]] = {}
        for event in events:
            for f in self._fields(event):
                value = getattr(event, f.attname)
                if f.is_relation and value is not None:
                    wanted.setdefault(f.remote_field.model, set()).add(value)
        self.related = {model: model._base_manager.in_bulk(ids) for model, ids in wanted.items()}

    @staticmethod
    def _fields(event: Any) -> list[Any]:
        return [
            f for f in event._meta.concrete_fields if not f.name.startswith("pgh_") and f.name not in HIDDEN
        ]

    def row(self, event: Any, before: Any, source: Source) -> RowChange | None:
        """The change as a person reads it; None when nothing that is shown differs."""
        own, owner = source.own, next(iter(source.filters))
        model = event.pgh_tracked_model
        verb = {"insert": _("tilføjet"), "update": _("rettet"), "delete": _("slettet")}.get(
            event.pgh_label, event.pgh_label
        )
        fields = []
        for f in self._fields(event):
            if f.name == "position" or f.attname == owner:
                continue
            new = self.text(f, getattr(event, f.attname))
            old = self.text(f, getattr(before, f.attname)) if before else ""
            if event.pgh_label == "update":
                if before is None or old != new:
                    fields.append(FieldChange(capfirst(str(f.verbose_name)), old, new, f.name))
            elif new and event.pgh_label == "insert":
                fields.append(FieldChange(capfirst(str(f.verbose_name)), "", new, f.name))
        moved = before is not None and getattr(event, "position", 0) != getattr(before, "position", 0)
        if event.pgh_label == "update" and not fields:
            if not moved:
                return None
            verb = _("flyttet")
        what = "" if own else f"{capfirst(str(model._meta.verbose_name))} »{self.name(event)}«"
        return RowChange(what, {"insert": _("oprettet")}.get(event.pgh_label, verb) if own else verb, fields)

    def name(self, event: Any) -> str:
        """What to call the row of an event."""
        for name in ("title", "label", "name", "domain", "question", "text", "alt"):
            if value := getattr(event, name, ""):
                return str(value)[:80]
        for name in ("workplace", "entry", "tag", "subjectarea", "successor", "region"):
            if hasattr(event, f"{name}_id"):
                return self.text(event._meta.get_field(name), getattr(event, f"{name}_id"))
        return str(getattr(event, "pgh_obj_id", ""))

    def text(self, f: Any, value: Any) -> str:
        """A value in Danish."""
        if value is None or value == "" or value == []:
            return ""
        if f.is_relation:
            row = self.related.get(f.remote_field.model, {}).get(value)
            return str(row) if row is not None else self._former(f.remote_field.model, value)
        if isinstance(value, bool):
            return _("Ja") if value else _("Nej")
        choices = getattr(f, "choices_class", None)
        if isinstance(value, list):
            known = dict(choices.choices) if choices else {}
            return ", ".join(str(known.get(v, v)) for v in value)
        if f.choices:
            return str(dict(f.flatchoices).get(value, value))
        if isinstance(value, dt.datetime):
            return formats.date_format(timezone.localtime(value), "j. F Y H:i")
        if isinstance(value, dt.date):
            return formats.date_format(value, "j. F Y")
        if f.name.endswith(("year", "year_from", "year_to")):
            return str(value)
        if isinstance(value, Decimal):
            value = value.quantize(Decimal(1)) if value == value.to_integral() else value.normalize()
        return str(formats.localize(value)) if not isinstance(value, str) else value

    @staticmethod
    def _former(model: type[models.Model], pk: Any) -> str:
        """What a row was called that is not there any more."""
        for events in event_models():
            if events.pgh_tracked_model is model:  # type: ignore[attr-defined]
                last: Any = events._base_manager.filter(pgh_obj_id=pk).order_by("-pgh_id").first()
                known = getattr(last, "title", "") or getattr(last, "name", "") if last is not None else ""
                if known:
                    return str(_("%s (findes ikke mere)") % known)
        return str(_("nr. %s (findes ikke mere)") % pk)


def note(label: Any, old: Any = "", new: Any = "") -> dict[str, Any]:
    """A part of a LogEntry's change message that the history shows: use it for what triggers don't track."""
    return {"note": {"label": str(label), "old": str(old), "new": str(new)}}


__all__ = [
    "FieldChange",
    "RowChange",
    "Save",
    "Source",
    "is_tracked",
    "last_change",
    "note",
    "page_of",
    "sources",
]

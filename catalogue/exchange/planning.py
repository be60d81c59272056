"""From a row of a file to what it would change. Reads the database; writes nothing."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from catalogue.exchange.columns import UUID_PREFIX, EntryResource
from catalogue.exchange.report import Note, Report, Shown, shortened
from catalogue.exchange.tables import EntryTable
from catalogue.models import Entry
from editorial.choices import State
from editorial.models import Content, Link
from editorial.models.parts import LinkKind
from guards.imports import Record

WAITING = (State.DRAFT, State.SUBMITTED, State.RETURNED)
"""States from which an import may publish. What was taken down or turned away is left to people."""
SOURCE_LINKS = Prefetch(
    "links", Link.objects.filter(kind=LinkKind.SOURCE).order_by("position", "id"), to_attr="source_links"
)


@dataclass
class Plan:
    """One row as it would be written. `fields` are the entry's own columns that change; None leaves a part alone."""

    line: int
    entry: Entry
    is_new: bool
    fields: set[str] = field(default_factory=set)
    subject_areas: list[int] | None = None
    tags: list[str] | None = None
    source_url: str | None = None
    publish: bool = False
    state: str = State.DRAFT
    slug: str | None = None

    @property
    def does_nothing(self) -> bool:
        """Whether the entry stands as the row says already."""
        parts = (self.subject_areas, self.tags, self.source_url)
        return not (self.is_new or self.fields or self.publish or any(part is not None for part in parts))


class RowError(Exception):
    """What is wrong with a row: (column, reason) pairs."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self.pairs = pairs
        super().__init__(pairs)


class Planner:
    """Plans the rows of one file. Errors and warnings go to the report; only sound rows come back."""

    def __init__(self, table: EntryTable, resource: EntryResource, report: Report, *, publish: bool) -> None:
        self.columns = table.columns
        self.resource, self.lookups, self.report, self.publish = resource, resource.lookups, report, publish
        self.now = timezone.now()
        self._lines: dict[str, int] = {}
        self._lines_by_key: dict[int, int] = {}

    def plan(self, records: list[Record]) -> list[Plan]:
        """The rows that are sound, with locks on the entries they change. Must run within a transaction."""
        existing = self._existing(records)
        plans = []
        for record in records:
            self.report.rows += 1
            try:
                plans.append(self._row(record, existing))
            except RowError as errors:
                self.blame(record.line, errors.pairs)
        self._warn_of_doubles(plans)
        return plans

    def blame(self, line: int, pairs: Iterable[tuple[str, str]]) -> None:
        """Report a row as bad."""
        self.report.bad_rows += 1
        for column, reason in pairs:
            self.report.error(Note(line, column, reason))

    # -- which entry --------------------------------------------------------

    def _existing(self, records: list[Record]) -> dict[str, Entry | None]:
        """What the rows' ids name, by id; None where the id belongs to content that is no entry."""
        ids = {record.cells.get("external_id", "").strip() for record in records} - {""}
        uuids = {found: name for name in ids if (found := read_uuid(name))}
        rows = Content.objects.select_for_update().order_by("pk")
        held = list(rows.filter(external_id__in=ids)) + list(rows.filter(uuid__in=uuids))
        entries = Entry.objects.prefetch_related("subject_areas", "tagged_items__tag", SOURCE_LINKS)
        known = entries.in_bulk([content.pk for content in held])
        by_uuid = {uuids[c.uuid]: known.get(c.pk) for c in held if c.uuid in uuids}
        return by_uuid | {c.external_id: known.get(c.pk) for c in held if c.external_id in ids}

    def _entry(self, record: Record, existing: dict[str, Entry | None]) -> tuple[Entry, bool]:
        name = record.cells.get("external_id", "").strip()
        if not name:
            return Entry(), True
        if name in self._lines:
            self._refuse_second(name, self._lines[name])
        self._lines[name] = record.line
        if name not in existing:
            if found := read_uuid(name):
                return Entry(uuid=found), True
            if len(name) > 120:
                raise RowError([("external_id", _("Id'et er på %d tegn. Der er plads til 120.") % len(name))])
            return Entry(external_id=name), True
        entry = existing[name]
        if entry is None:
            raise RowError(
                [("external_id", _("»%s« er id for andet indhold, som ikke er i kataloget.") % name)]
            )
        if entry.pk in self._lines_by_key:
            self._refuse_second(name, self._lines_by_key[entry.pk])
        self._lines_by_key[entry.pk] = record.line
        return entry, False

    @staticmethod
    def _refuse_second(name: str, line: int) -> None:
        reason = _("»%(name)s« står også i linje %(line)s. Et id må kun stå én gang i filen.")
        raise RowError([("external_id", reason % {"name": name, "line": line})])

    # -- one row ------------------------------------------------------------

    def _row(self, record: Record, existing: dict[str, Entry | None]) -> Plan:
        if record.problem:
            raise RowError([("", record.problem)])
        entry, is_new = self._entry(record, existing)
        keep_before = not is_new and self.report.has_room
        before = {c: self.resource.cell(c, entry) for c in self.columns} if keep_before else {}
        values, errors = self._read(record)
        plan = Plan(record.line, entry, is_new, state=entry.state, slug=entry.slug)
        if not errors:
            self._set_place(plan, values, errors)
            for column in [c for c in self.columns if c in values]:
                try:
                    self._set(plan, column, values[column])
                except ValueError as error:
                    errors.append((column, str(error)))
            errors += [] if errors else list(self._crossed(plan))
        if errors:
            raise RowError(errors)
        self._mark_for_publishing(plan)
        self._show(plan, record, before)
        return plan

    def _read(self, record: Record) -> tuple[dict[str, Any], list[tuple[str, str]]]:
        """The cells' values by column, and what is wrong with the others."""
        values: dict[str, Any] = {}
        errors = []
        for column in self.columns:
            if column == "external_id":
                continue
            try:
                values[column] = self.resource.fields[column].clean(record.cells, lookups=self.lookups)
            except ValueError as error:
                errors.append((column, str(error)))
        return values, errors

    def _set(self, plan: Plan, column: str, value: Any) -> None:
        """Put a value into the plan where it differs from what stands. Raises ValueError for a new, unfit value."""
        entry = plan.entry
        if column == "subject_areas":
            if plan.is_new or set(value) != {area.pk for area in entry.subject_areas.all()}:
                plan.subject_areas = value
        elif column == "tags":
            if plan.is_new or set(value) != {item.tag.name for item in entry.tagged_items.all()}:
                plan.tags = value
        elif column == "source_url":
            if value != ("" if plan.is_new else self.resource.cell(column, entry)):
                plan.source_url = value
        else:
            if column == "published_at":
                value = self._moment(entry, value)
            attribute = self.resource.fields[column].attribute
            widget = self.resource.fields[column].widget
            if plan.is_new or not widget.same(getattr(entry, attribute), value):
                widget.check(value)
                setattr(entry, attribute, value)
                plan.fields.add(attribute)

    def _moment(self, entry: Entry, value: dt.datetime | dt.date | None) -> dt.datetime | None:
        """When the row says it was published. What is public keeps its date where the cell is empty or as exact."""
        if value is None:
            return entry.published_at if entry.state not in WAITING else None
        if isinstance(value, dt.datetime):
            moment = value
        elif entry.published_at and timezone.localdate(entry.published_at) == value:
            return entry.published_at
        else:
            moment = timezone.make_aware(dt.datetime.combine(value, dt.time()))
        if moment != entry.published_at and moment > self.now + dt.timedelta(days=1):
            raise ValueError(_("Datoen ligger i fremtiden."))
        return moment

    def _set_place(self, plan: Plan, values: dict[str, Any], errors: list[tuple[str, str]]) -> None:
        """Turn region and municipality into the one that is stored: the region follows the municipality."""
        if not {"region", "municipality"} & set(values):
            return
        entry = plan.entry
        region = values.get("region", None if values.get("municipality") else entry.region_id)
        municipality = values.get("municipality", entry.municipality_id)
        if "municipality" in values and municipality and entry.region_id and "region" not in values:
            region = entry.region_id
        if region and municipality:
            if not self.lookups.lies_in(municipality, region):
                names = self.lookups.geography
                reason = _(
                    "%(municipality)s ligger ikke i %(region)s. Ret den ene, eller lad regionen stå tom."
                ) % {
                    "municipality": names.municipalities[municipality].full_name,
                    "region": names.regions[region].name,
                }
                errors.append(("region" if "region" in values else "municipality", reason))
            region = None
        for column, attribute, value in (
            ("region", "region_id", region),
            ("municipality", "municipality_id", municipality),
        ):
            values.pop(column, None)
            if getattr(entry, attribute) != value:
                setattr(entry, attribute, value)
                plan.fields.add(attribute)

    def _crossed(self, plan: Plan) -> Iterable[tuple[str, str]]:
        """What is wrong with the values together."""
        entry = plan.entry
        if {"year_from", "year_to"} & plan.fields and (entry.year_to or 9999) < (entry.year_from or 0):
            yield "year_to", _("Slutåret skal være det samme som startåret eller senere.")
        if {"kind", "status"} & plan.fields:
            try:
                entry.clean()
            except ValidationError as error:
                for name, reasons in getattr(error, "error_dict", {"": [error]}).items():
                    column = "type" if name == "kind" else name
                    yield from ((column, reason) for each in reasons for reason in each.messages)

    def _mark_for_publishing(self, plan: Plan) -> None:
        if not self.publish or plan.state in (State.PUBLISHED,):
            return
        if plan.state in WAITING:
            plan.publish = True
            return
        reason = _(
            "»%(title)s« er %(state)s og bliver ikke offentliggjort af en import. Det gør redaktionen."
        )
        state = plan.entry.get_state_display().lower()
        self.report.warn(Note(plan.line, "", reason % {"title": plan.entry.title, "state": state}))

    def _show(self, plan: Plan, record: Record, before: dict[str, Any]) -> None:
        if plan.does_nothing or not self.report.has_room:
            return
        changed = []
        if not plan.is_new:
            touched = plan.fields | {p for p in ("subject_areas", "tags") if getattr(plan, p) is not None}
            touched |= {"source_links"} if plan.source_url is not None else set()
            changed = [c for c in self.columns if self.resource.fields[c].attribute in touched]
        rows = [(c, shortened(before[c]), shortened(record.cells.get(c, ""))) for c in changed]
        self.report.shown.append(Shown(plan.line, plan.entry.title, plan.is_new, rows))

    def _warn_of_doubles(self, plans: list[Plan]) -> None:
        """Warn where a row without an id looks like an entry that is there: a second import would add it again."""
        new = {(p.entry.kind, p.entry.title): p for p in plans if p.is_new and not p.entry.external_id}
        if not new:
            return
        titles = {title for _kind, title in new}
        there = (
            Entry.objects.filter(title__in=titles).exclude(state=State.REJECTED).values_list("kind", "title")
        )
        for key in set(there) & set(new):
            reason = _("Der findes allerede et indlæg med samme type og titel. Rækken lægges ind som et nyt.")
            self.report.warn(Note(new[key].line, "external_id", reason))


def read_uuid(text: str) -> uuid.UUID | None:
    """The uuid of an id that the export wrote for an entry without one; None for any other."""
    try:
        return uuid.UUID(text.removeprefix(UUID_PREFIX)) if text.startswith(UUID_PREFIX) else None
    except ValueError:
        return None

"""The columns of an entry in a file, each with how a cell is read and how it is written (django-import-export)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from import_export.fields import Field
from import_export.resources import Resource
from import_export.widgets import Widget

from catalogue.choices import KINDS
from catalogue.exchange.lookups import Lookups, choice
from catalogue.models import Entry
from editorial.choices import InnovationType, Kind, Phase, Value
from editorial.models import Content
from guards.exports import split_list
from places.choices import Sector

COLUMNS = (
    "external_id", "type", "title", "summary", "body", "sector", "region", "municipality", "workplace", "year_from",
    "year_to", "status", "subject_areas", "innovation_types", "values", "tags", "effect", "process", "conditions",
    "documentation", "source_url", "published_at",
)  # fmt: skip
REQUIRED = ("type", "title", "summary")
LIST_COLUMNS = frozenset({"sector", "subject_areas", "innovation_types", "values", "tags"})
UUID_PREFIX = "uuid:"
"""What the export writes before an entry's uuid where it has no external_id; the import knows the entry by it."""

_web_address = URLValidator(schemes=["http", "https"])
_danish_day = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})(?:[ T](.+))?")


class Cell(Widget):
    """A cell's two directions, and the check that only a changed value has to pass."""

    def same(self, old: Any, new: Any) -> bool:
        """Whether a value in a file says what stands already."""
        return bool(old == new)

    def check(self, value: Any) -> None:
        """Raise ValueError for a value that may not be written anew."""


class Text(Cell):
    """Text as it is, to the last space, so that export and import are each other's inverse."""

    def __init__(self, max_length: int | None, *, required: bool = False) -> None:
        super().__init__()
        self.max_length, self.required = max_length, required

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        """The text. Raises ValueError when it must be there and is not."""
        if self.required and not value.strip():
            raise ValueError(_("Feltet skal udfyldes."))
        return value

    def same(self, old: Any, new: Any) -> bool:
        """Line ends do not count: spreadsheets have their own."""
        return old == new or (isinstance(old, str) and "\r" in old + new and _lines(old) == _lines(new))

    def check(self, value: str) -> None:
        """Raise ValueError when a new text is too long."""
        if self.max_length and len(value) > self.max_length:
            raise ValueError(
                _("Teksten er på %(length)s tegn. Der er plads til %(limit)s.")
                % {"length": len(value), "limit": self.max_length}
            )

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return value or ""


class Code(Cell):
    """One value of a fixed list, given by key or label; `read` finds it."""

    def __init__(
        self, read: Callable[[str, Lookups], Any], *, empty: Any = "", required: bool = False
    ) -> None:
        super().__init__()
        self.read, self.empty, self.required = read, empty, required

    def clean(self, value: str, row: Any = None, *, lookups: Lookups, **kwargs: Any) -> Any:
        """What the cell means, or `empty`. Raises ValueError."""
        if not value.strip():
            if self.required:
                raise ValueError(_("Feltet skal udfyldes."))
            return self.empty
        return self.read(value.strip(), lookups)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        return "" if value is None else value


class Several(Cell):
    """Several values, joined by | in a cell. Each is found by `read`; doubles are dropped."""

    def __init__(self, read: Callable[[str, Lookups], Any]) -> None:
        super().__init__()
        self.read = read

    def clean(self, value: str, row: Any = None, *, lookups: Lookups, **kwargs: Any) -> list[Any]:
        """What the members mean. Raises ValueError for the first that is not known."""
        return list(dict.fromkeys(self.read(member, lookups) for member in split_list(value)))

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> list[str]:
        return list(value or [])


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _keys(choices: type[models.TextChoices], among: tuple[str, ...] = ()) -> Callable[[str, Lookups], str]:
    return lambda text, lookups: choice(text, choices, among)


def read_year(text: str, lookups: Lookups) -> int:
    """A year between 1900 and 2100; also as spreadsheets may write it (2014.0). Raises ValueError."""
    found = re.fullmatch(r"(\d{4})(?:[.,]0+)?", text, re.ASCII)
    if not found or not 1900 <= int(found[1]) <= 2100:
        raise ValueError(_("»%(value)s« er ikke et årstal mellem 1900 og 2100.") % {"value": text[:40]})
    return int(found[1])


def read_moment(text: str, lookups: Lookups) -> dt.datetime | dt.date:
    """A moment (ISO 8601), or a date alone. Without a time zone it is Danish time. Raises ValueError.

    Also reads dd-mm-yyyy, which a Danish spreadsheet makes of an ISO date when it saves a CSV file.
    """
    iso = text
    if found := _danish_day.fullmatch(text):
        iso = f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}" + (
            f"T{found[4].replace('.', ':')}" if found[4] else ""
        )
    try:
        moment: dt.datetime | dt.date | None
        moment = dt.date.fromisoformat(iso) if re.fullmatch(r"\d{4}-\d\d-\d\d", iso) else parse_datetime(iso)
        if isinstance(moment, dt.datetime) and timezone.is_naive(moment):
            moment = timezone.make_aware(moment)
    except (ValueError, OverflowError):
        moment = None
    if moment is None or not 1900 <= moment.year <= 2100:
        raise ValueError(
            _("»%(value)s« er ikke en dato. Skriv den som 2026-01-31 eller 2026-01-31T09:30.")
            % {"value": text[:40]}
        )
    return moment


def read_address(text: str, lookups: Lookups) -> str:
    """A web address. Raises ValueError."""
    try:
        _web_address(text)
    except ValidationError as error:
        raise ValueError(
            _("»%(value)s« er ikke en webadresse. Den skal begynde med https:// eller http://.")
            % {"value": text[:80]}
        ) from error
    if len(text) > 600:
        raise ValueError(_("Adressen er på %(length)s tegn. Der er plads til 600.") % {"length": len(text)})
    return text


def _text(name: str, attribute: str = "", *, required: bool = False) -> Field:
    attribute = attribute or name
    model = Content if attribute in {f.name for f in Content._meta.local_fields} else Entry
    limit = getattr(model._meta.get_field(attribute), "max_length", None)
    return Field(attribute=attribute, column_name=name, widget=Text(limit, required=required))


def _cell(name: str, attribute: str, widget: Cell) -> Field:
    return Field(attribute=attribute, column_name=name, widget=widget)


class EntryResource(Resource):
    """An entry as a row. `attribute` is what a column sets on the entry; the dehydrate methods say what is written
    where that is not simply the attribute.

    Give entries read with `exporting.with_columns`, so that a row costs no query.
    """

    external_id = _text("external_id")
    type = _cell("type", "kind", Code(_keys(Kind, KINDS), required=True))
    title = _text("title", required=True)
    summary = _text("summary", required=True)
    body = _text("body")
    sector = _cell("sector", "sectors", Several(_keys(Sector)))
    region = _cell("region", "region_id", Code(lambda text, lookups: lookups.region(text), empty=None))
    municipality = _cell(
        "municipality", "municipality_id", Code(lambda text, lookups: lookups.municipality(text), empty=None)
    )
    workplace = _cell(
        "workplace", "owner_id", Code(lambda text, lookups: lookups.workplace(text), empty=None)
    )
    year_from = _cell("year_from", "year_from", Code(read_year, empty=None))
    year_to = _cell("year_to", "year_to", Code(read_year, empty=None))
    status = _cell("status", "status", Code(_keys(Phase)))
    subject_areas = _cell(
        "subject_areas", "subject_areas", Several(lambda t, lookups: lookups.subject_area(t))
    )
    innovation_types = _cell("innovation_types", "innovation_types", Several(_keys(InnovationType)))
    values = _cell("values", "values", Several(_keys(Value)))
    tags = _cell("tags", "tags", Several(lambda text, lookups: lookups.tag(text)))
    effect = _text("effect")
    process = _text("process")
    conditions = _text("conditions")
    documentation = _text("documentation")
    source_url = _cell("source_url", "source_links", Code(read_address))
    published_at = _cell("published_at", "published_at", Code(read_moment, empty=None))

    class Meta:
        export_order: ClassVar = COLUMNS
        import_order: ClassVar = COLUMNS

    def __init__(self, lookups: Lookups) -> None:
        super().__init__()
        self.lookups = lookups

    def cell(self, column: str, entry: Entry) -> Any:
        """What the export writes in one column: text, a number, or a list."""
        return self.export_field(self.fields[column], entry)

    def row(self, entry: Entry) -> list[Any]:
        """All columns of an entry."""
        return [self.cell(column, entry) for column in COLUMNS]

    def dehydrate_external_id(self, entry: Entry) -> str:
        return entry.external_id or f"{UUID_PREFIX}{entry.uuid}"

    def dehydrate_region(self, entry: Entry) -> str:
        """The entry's own region, or the one its municipality lies in today, which the import takes as said."""
        if entry.region_id or not entry.municipality_id:
            return entry.region_id or ""
        region = self.lookups.geography.region_of(entry.municipality_id)
        return region.code if region else ""

    def dehydrate_workplace(self, entry: Entry) -> str:
        return self.lookups.workplace_cell(entry.owner_id)

    def dehydrate_subject_areas(self, entry: Entry) -> list[str]:
        return [area.slug for area in entry.subject_areas.all()]

    def dehydrate_tags(self, entry: Entry) -> list[str]:
        return [
            tag.name
            for tag in sorted((t.tag for t in entry.tagged_items.all()), key=lambda tag: tag.sort_key)
        ]

    def dehydrate_source_url(self, entry: Entry) -> str:
        links = entry.source_links  # type: ignore[attr-defined]
        return links[0].url if links else ""

    def dehydrate_published_at(self, entry: Entry) -> str:
        return timezone.localtime(entry.published_at).isoformat() if entry.published_at else ""

"""What became of a file: counts, what was wrong with which row, and what would change."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

KEPT = 500
"""Errors, warnings and shown changes that a stored report keeps of each; the counts are always whole."""
SHOWN = 300
"""Characters of a changed value that are shown."""


@dataclass(frozen=True)
class Note:
    """An error or a warning: the line in the file, the column (empty: the whole row), and the reason in Danish."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        where = f", {self.column}" if self.column else ""
        return _("Linje %(line)s%(where)s: %(reason)s") % {
            "line": self.line,
            "where": where,
            "reason": self.reason,
        }


@dataclass(frozen=True)
class Shown:
    """A row as the preview shows it: new, or changed with (column, before, after)."""

    line: int
    title: str
    is_new: bool
    columns: list[tuple[str, str, str]]


@dataclass
class Report:
    """The result of reading a file. `written` says whether it is in the database."""

    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    published: int = 0
    bad_rows: int = 0
    broken: bool = False
    written: bool = False
    error_count: int = 0
    warning_count: int = 0
    errors: list[Note] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)

    def error(self, note: Note) -> None:
        """Count an error, and keep it while there is room."""
        self.error_count += 1
        if len(self.errors) < KEPT:
            self.errors.append(note)

    def warn(self, note: Note) -> None:
        """Count a warning, and keep it while there is room."""
        self.warning_count += 1
        if len(self.warnings) < KEPT:
            self.warnings.append(note)

    @property
    def has_room(self) -> bool:
        """Whether the preview takes another row."""
        return len(self.shown) < KEPT

    @property
    def changes(self) -> int:
        """How many rows do something."""
        return self.created + self.updated

    @property
    def hidden_errors(self) -> int:
        """Errors that are counted but not kept."""
        return self.error_count - len(self.errors)

    def summary(self) -> str:
        """The counts as one sentence."""
        parts = [
            ngettext("%d ny", "%d nye", self.created) % self.created,
            ngettext("%d rettet", "%d rettede", self.updated) % self.updated,
            ngettext("%d uændret", "%d uændrede", self.unchanged) % self.unchanged,
        ]
        if self.published:
            parts.append(ngettext("%d offentliggjort", "%d offentliggjorte", self.published) % self.published)
        if self.bad_rows:
            parts.append(ngettext("%d med fejl", "%d med fejl", self.bad_rows) % self.bad_rows)
        rows = ngettext("%d række", "%d rækker", self.rows) % self.rows
        return f"{rows}: {', '.join(parts)}."

    def as_json(self) -> dict[str, Any]:
        """The report as plain values, for an ImportRun."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Report:
        """The report that `as_json` gave."""
        lists = {
            "errors": [Note(**note) for note in stored.get("errors", [])],
            "warnings": [Note(**note) for note in stored.get("warnings", [])],
            "shown": [Shown(**row) for row in stored.get("shown", [])],
        }
        return cls(**{**stored, **lists})


def shortened(value: object) -> str:
    """A cell's value as the preview shows it."""
    text = " | ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"

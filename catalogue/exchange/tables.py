"""Opening a file of entries: CSV or XLSX, its header checked against the known columns."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, BinaryIO

from django.utils.translation import gettext as _
from openpyxl import load_workbook

from catalogue.exchange.columns import COLUMNS, REQUIRED
from guards.exports import from_xlsx_text, restore
from guards.imports import MAX_COLUMNS, Record, Table, TableError, checked_header, sniff_csv

MAX_UNPACKED = 300 * 1024 * 1024
"""Bytes a workbook may unpack to. A real one with 50,000 entries is well below."""
MAX_PART = 2 * 1024 * 1024
"""Bytes that a part may always unpack to; a larger one must not be packed too hard."""
MAX_RATIO = 100
"""How hard sheets and texts may be packed. What people write reaches 20; a bomb has 1,000."""
MAX_RATIO_OF_OTHERS = 5
"""How hard other parts may be packed: pictures hardly are, and styles are never so long."""
MAX_ROWS = 200_000
"""Rows of a workbook, empty ones too: those before a far one are made up by the library, by the billion if need be."""


@dataclass
class EntryTable:
    """A file that has been opened: which known columns it has, what else it has, and its rows."""

    columns: list[str]
    unknown: list[str]
    header_line: int
    _names: dict[str, str] = field(repr=False)
    _records: Iterator[Record] = field(repr=False)

    def __iter__(self) -> Iterator[Record]:
        """The rows with cells by column; raises TableError where the file can't be read on from."""
        for record in self._records:
            cells = {self._names[name]: value for name, value in record.cells.items() if name in self._names}
            yield Record(record.line, cells, record.problem)

    def advice(self) -> list[str]:
        """A sentence for each column that is not known and so is left out."""
        known = [c for c in COLUMNS if c not in self.columns]
        lines = []
        for name in self.unknown:
            near = get_close_matches(_normal(name), known, n=1)
            line = _("Kolonnen »%(name)s« kendes ikke og læses ikke.") % {"name": name[:80]}
            lines.append(f"{line} {_('Mente du »%(near)s«?') % {'near': near[0]}}" if near else line)
        return lines


def open_table(stream: BinaryIO) -> EntryTable:
    """Open a CSV or XLSX file of entries. Raises TableError when it is neither, or when a needed column is missing."""
    start = stream.read(4)
    stream.seek(0)
    table = _open_xlsx(stream) if start == b"PK\x03\x04" else sniff_csv(stream)
    names: dict[str, str] = {}
    for name in table.header:
        if _normal(name) in COLUMNS:
            if _normal(name) in names.values():
                raise TableError(1, _("Kolonnen »%(name)s« er der to gange.") % {"name": _normal(name)})
            names[name] = _normal(name)
    if missing := [column for column in REQUIRED if column not in names.values()]:
        raise TableError(
            1,
            _("Filen mangler kolonnen %(names)s.")
            % {"names": _(" og ").join(f"»{name}«" for name in missing)},
        )
    unknown = [name for name in table.header if name not in names]
    return EntryTable(list(names.values()), unknown, 1, names, iter(table))


def count_rows(stream: BinaryIO) -> int:
    """How many rows a file has. Raises TableError as `open_table` and its rows do."""
    return sum(1 for _record in open_table(stream))


def _normal(name: str) -> str:
    return "_".join(name.strip().lower().replace("-", " ").replace("_", " ").split())


def _open_xlsx(stream: BinaryIO) -> Table:
    try:
        with zipfile.ZipFile(stream) as archive:
            if _is_bomb(archive.infolist()):
                raise TableError(1, _("Regnearket er for stort. Del det i flere, eller gem det som CSV."))
        stream.seek(0)
        workbook = load_workbook(stream, read_only=True)
        sheet = workbook.worksheets[0]
    except TableError:
        raise
    except Exception as error:  # whatever a damaged workbook makes the library raise
        raise TableError(1, _("Regnearket kan ikke læses. Gem det igen som .xlsx eller CSV.")) from error
    sheet.reset_dimensions()
    rows = _sheet_rows(sheet)
    line, cells = next(((n, c) for n, c in rows if any(value for value, _formula in c)), (1, []))
    header = checked_header([value for value, _formula in cells], line=line)
    if not header:
        raise TableError(1, _("Arket er tomt. Det skal begynde med en række med kolonnernes navne."))
    return Table(header=header, delimiter="", records=_sheet_records(rows, header))


def _is_bomb(members: list[zipfile.ZipInfo]) -> bool:
    """Whether a workbook unpacks to more than anybody writes. The sizes can be trusted: no more is ever unpacked."""
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        return True
    for member in members:
        is_text = member.filename.startswith(("xl/worksheets/", "xl/sharedStrings"))
        ratio = MAX_RATIO if is_text else MAX_RATIO_OF_OTHERS
        if member.file_size > max(MAX_PART, member.compress_size * ratio):
            return True
    return False


def _sheet_rows(sheet: Any) -> Iterator[tuple[int, list[tuple[str, bool]]]]:
    """Each row's number, and its cells as text, with whether the cell is a formula.

    Bounded in both directions, because one cell far away makes the library fill in all those before it.
    """
    try:
        bounded = sheet.iter_rows(max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS + 1)
        for number, row in enumerate(bounded, start=1):
            if number > MAX_ROWS:
                raise TableError(
                    number,
                    _("Arket har mere end %(limit)s rækker. Slet de tomme, eller del det i flere.")
                    % {"limit": MAX_ROWS},
                )
            used = len(row)
            while used and row[used - 1].value is None:
                used -= 1
            yield number, [(_cell_text(cell.value), cell.data_type == "f") for cell in row[:used]]
    except TableError:
        raise
    except Exception as error:  # whatever a damaged sheet makes the library raise
        raise TableError(1, _("Regnearket kan ikke læses. Gem det igen som .xlsx eller CSV.")) from error


def _sheet_records(rows: Iterator[tuple[int, list[tuple[str, bool]]]], header: list[str]) -> Iterator[Record]:
    for line, cells in rows:
        if not any(value.strip() for value, _formula in cells):
            continue
        problem = ""
        if any(value.strip() for value, _formula in cells[len(header) :]):
            problem = _("Der står noget til højre for den sidste kolonne.")
        padded = [*cells[: len(header)], *[("", False)] * (len(header) - len(cells))]
        if formulas := [name for name, (_value, formula) in zip(header, padded, strict=True) if formula]:
            problem = _("Kolonnen »%(name)s« indeholder en formel. Indsæt dens værdi i stedet.") % {
                "name": formulas[0]
            }
        yield Record(line, {name: value for name, (value, _f) in zip(header, padded, strict=True)}, problem)


def _cell_text(value: object) -> str:
    """A cell's value as a CSV file would hold it."""
    if value is None:
        return ""
    if isinstance(value, str):
        return restore(from_xlsx_text(value))
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime):
        return (value.date() if value.time() == dt.time() else value).isoformat()
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)

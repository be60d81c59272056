"""Read an uploaded CSV table with care: bounded, and with the line to blame for every fault."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from django.utils.translation import gettext as _

from guards.exports import restore

MAX_FIELD = 100_000
MAX_LINE_BYTES = 1_000_000
MAX_COLUMNS = 200

_LINE_ENDS = re.compile("[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


class TableError(ValueError):
    """The file can't be read on from here. ``line`` counts lines as a text editor does, from 1."""

    def __init__(self, line: int, reason: str) -> None:
        self.line, self.reason = line, reason
        super().__init__(_("Linje %(line)s: %(reason)s") % {"line": line, "reason": reason})


@dataclass(frozen=True, slots=True)
class Record:
    """One row. ``line`` is where it starts in the file; ``cells`` are restored, by column name.

    ``problem`` says what is wrong with the row as a row (too many or too few cells), else it is empty; a row
    with a problem has only the cells that could be placed.
    """

    line: int
    cells: dict[str, str]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """An opened table: its column names, its delimiter, and its rows, read as they are asked for."""

    header: list[str]
    delimiter: str
    records: Iterator[Record] = field(repr=False)

    def __iter__(self) -> Iterator[Record]:
        """Iterate over the rows, once."""
        return self.records


def sniff_csv(stream: BinaryIO, *, max_field: int = MAX_FIELD) -> Table:
    """Open a CSV file: UTF-8 (BOM accepted), comma or semicolon, header row required.

    Raises TableError at once for what the header shows, and while the rows are read for bytes that are not
    UTF-8, NUL, broken quotes, or a field of more than `max_field` characters. Rows that are empty are left
    out; rows of the wrong length come with a ``problem``, so that the reader may go on.
    """
    lines = _Lines(stream)
    first = next(lines, None)
    while first is not None and not first.strip(" \t\r\n,;"):
        first = next(lines, None)
    if first is None:
        raise TableError(1, _("Filen er tom. Den skal begynde med en række med kolonnernes navne."))
    delimiter = _delimiter(first)
    lines.put_back(first)
    rows = _rows(lines, delimiter, max_field)
    line, header = next(rows)
    header = checked_header([restore(cell) for cell in header], line=line)
    return Table(header=header, delimiter=delimiter, records=_records(rows, header))


class _Lines(Iterator[str]):
    """The lines of a byte stream as text, with their ends; ``number`` is that of the last one given."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream, self.number = stream, 0
        self._waiting: list[str] = []

    def put_back(self, line: str) -> None:
        self._waiting.insert(0, line)
        self.number -= 1

    def __next__(self) -> str:
        if not self._waiting:
            self._waiting = self._read()
        self.number += 1
        return self._waiting.pop(0)

    def _read(self) -> list[str]:
        number = self.number + 1
        raw = self.stream.readline(MAX_LINE_BYTES + 1)
        if not raw:
            raise StopIteration
        if number == 1:
            _refuse_other_kinds(raw)
            raw = raw.removeprefix(b"\xef\xbb\xbf")
        if len(raw) > MAX_LINE_BYTES:
            raise TableError(number, _("Linjen er for lang. Er det en CSV-fil?"))
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            number += len(_LINE_ENDS.findall(raw[: error.start].decode("utf-8") + "x")) - 1
            raise TableError(
                number,
                _(
                    "Tegnene kan ikke læses som UTF-8. Gem filen som »CSV UTF-8 (semikolonsepareret)« "
                    "i Excel, og prøv igen."
                ),
            ) from error
        if "\x00" in text:
            raise TableError(number, _("Linjen indeholder et NUL-tegn. Er det en CSV-fil?"))
        # Old Mac files end lines with a bare carriage return, which the stream's readline doesn't see.
        return _LINE_ENDS.findall(text) or [text]


def _refuse_other_kinds(start: bytes) -> None:
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise TableError(
            1, _("Filen er en Excel-fil. Gem den som »CSV UTF-8 (semikolonsepareret)«, og prøv igen.")
        )
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TableError(1, _("Filen er gemt som UTF-16. Gem den som »CSV UTF-8«, og prøv igen."))


def _delimiter(header_line: str) -> str:
    """Return the one of comma and semicolon that gives the header more columns; comma when equal."""
    outside_quotes = re.sub(r'"[^"]*("|$)', "", header_line)
    return ";" if outside_quotes.count(";") > outside_quotes.count(",") else ","


def _rows(lines: _Lines, delimiter: str, max_field: int) -> Iterator[tuple[int, list[str]]]:
    """Yield each row's first line number and its cells."""
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while True:
        start = lines.number + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise TableError(start, _broken(error)) from error
        if any(len(cell) > max_field for cell in cells):
            raise TableError(start, _("Et felt er på mere end %(limit)s tegn.") % {"limit": max_field})
        yield start, cells


def _broken(error: csv.Error) -> str:
    if "field larger" in str(error):
        return _("Et felt er alt for langt. Mangler der et anførselstegn, som slutter feltet?")
    return _('Anførselstegnene passer ikke sammen. Hvert felt, der begynder med ", skal også slutte med ".')


def checked_header(cells: list[str], *, line: int) -> list[str]:
    """Return the names of a table's columns; raise TableError for too many, a nameless one or one twice."""
    header = [cell.strip() for cell in cells]
    while header and not header[-1]:  # empty columns to the right, which spreadsheets like to add
        header.pop()
    if len(header) > MAX_COLUMNS:
        raise TableError(line, _("Der er mere end %(limit)s kolonner.") % {"limit": MAX_COLUMNS})
    for number, name in enumerate(header, start=1):
        if not name:
            raise TableError(line, _("Kolonne %(number)s har intet navn.") % {"number": number})
        if name in header[: number - 1]:
            raise TableError(line, _("Kolonnen »%(name)s« er der to gange.") % {"name": name[:80]})
    return header


def _records(rows: Iterator[tuple[int, list[str]]], header: list[str]) -> Iterator[Record]:
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        problem = ""
        if len(cells) < len(header) or any(cell.strip() for cell in cells[len(header) :]):
            problem = _("Rækken har %(found)s felter, men der er %(expected)s kolonner.") % {
                "found": len(cells),
                "expected": len(header),
            }
        values = [restore(cell) for cell in cells[: len(header)]]
        yield Record(line=line, cells=dict(zip(header, values, strict=False)), problem=problem)

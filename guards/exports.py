"""Write tables that a spreadsheet can't be tricked by: CSV, XLSX and JSON.

A spreadsheet takes a cell that starts with ``=`` (and a few more) as a formula, whoever wrote it. Such text
gets an apostrophe in front; ``restore`` takes exactly that apostrophe away again, so export and import stay
each other's inverse. The writers neutralise by themselves, in CSV and XLSX alike, since an XLSX is often
saved as CSV later; reading (`guards.imports.sniff_csv`) restores by itself. Call the two functions only
where a table is written or read in another way.
"""

import csv
import io
import json
import math
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell

Value = str | int | float | Decimal | bool | date | datetime | None | Sequence[str]
Row = Sequence[Value]

XLSX_MAX_CELL = 32_767
_CHUNK = 64 * 1024

# What may stand before the sign and still let a spreadsheet see a formula: white space, control characters,
# and characters of no width.
_INVISIBLE = "\\s\x00-\x20\x7f-\xa0\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
# Apostrophes in front belong to the pattern, so that text which already looks neutralised is neutralised
# too; that is what makes `restore` an exact inverse.
_DANGEROUS = re.compile(
    f"'*(?:[\t\r\n]|[{_INVISIBLE}]*[=+\\-@\u2212\ufe62\ufe63\ufe66\ufe6b\uff0b\uff0d\uff1d\uff20])"
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ESCAPE_LOOKALIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


class CellTooLong(ValueError):  # noqa: N818 - reads better where it is caught
    """A text is longer than an XLSX cell holds; the message names row and column and is fit to be shown."""

    def __init__(self, *, row: int, column: str, length: int) -> None:
        self.row, self.column, self.length = row, column, length
        super().__init__(
            _(
                "Række %(row)s, »%(column)s«: Teksten er på %(length)s tegn, og en celle i Excel kan højst "
                "rumme %(limit)s. Hent tabellen som CSV i stedet."
            )
            % {"row": row, "column": column, "length": length, "limit": XLSX_MAX_CELL}
        )


def neutralise(value: str) -> str:
    """Return text that no spreadsheet takes as a formula: an apostrophe in front where it is needed."""
    return f"'{value}" if _DANGEROUS.match(value) else value


def restore(value: str) -> str:
    """Return what was given to `neutralise`. Text it never touches comes back unchanged."""
    return value[1:] if value.startswith("'") and _DANGEROUS.match(value, 1) else value


def join_list(values: Iterable[str]) -> str:
    """Join the members of a list cell with ``|``; a ``|`` or backslash within one gets a backslash."""
    return "|".join(value.replace("\\", "\\\\").replace("|", "\\|") for value in values)


def split_list(cell: str) -> list[str]:
    """Return the members of a list cell, trimmed, without empty ones. The inverse of `join_list`."""
    parts = re.findall(r"(?:\\[\\|]|[^|])+", cell)
    members = [re.sub(r"\\([\\|])", r"\1", part).strip() for part in parts]
    return [member for member in members if member]


def xlsx_text(value: str, *, row: int = 0, column: str = "") -> str:
    """Return text as an XLSX cell can hold it.

    Control characters are removed, line ends become ``\\n``, and text that looks like the format's own
    escapes (``_x0041_``) is escaped. Raises CellTooLong above 32,767 characters as Excel counts
    them, in UTF-16.
    """
    text = _CONTROL.sub("", value.replace("\r\n", "\n").replace("\r", "\n"))
    text = _ESCAPE_LOOKALIKE.sub("_x005F_", text)
    length = len(text.encode("utf-16-le")) // 2
    if length > XLSX_MAX_CELL:
        raise CellTooLong(row=row, column=column, length=length)
    return text


def from_xlsx_text(value: str) -> str:
    """Undo `xlsx_text`'s escapes in a cell that openpyxl has read."""
    return value.replace("_x005F_", "_")


def write_csv(rows: Iterable[Row], *, header: Sequence[str], delimiter: str = ",") -> Iterator[bytes]:
    """Yield a CSV file in pieces: UTF-8 with BOM, so that Excel reads æ, ø and å.

    Numbers are written bare, dates in ISO form, lists joined by ``|``, truth as ja/nej. NUL is left out:
    neither the database nor a CSV reader holds it.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([_csv_cell(name) for name in header])
    for row in rows:
        writer.writerow([_csv_cell(value) for value in row])
        if buffer.tell() >= _CHUNK:
            yield _taken(buffer)
    yield _taken(buffer)


def write_xlsx(rows: Iterable[Row], *, header: Sequence[str], sheet_title: str) -> Iterator[bytes]:
    """Return a workbook with one sheet, in pieces. Text is typed as text, numbers and dates as what they are.

    The whole file is made (on disk when it is large) before this returns, so CellTooLong is raised while an
    error page can still be shown. ``row`` counts as Excel does, with the header as row 1.
    """
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(title=_sheet_title(sheet_title))
    sheet.freeze_panes = "A2"
    try:
        sheet.append([_xlsx_cell(sheet, name, 1, name) for name in header])
        for number, row in enumerate(rows, start=2):
            sheet.append(
                [_xlsx_cell(sheet, value, number, column) for value, column in zip(row, header, strict=True)]
            )
    except BaseException:
        sheet.close()
        raise
    file = tempfile.SpooledTemporaryFile(max_size=8 * 1024 * 1024)  # noqa: SIM115 - closed by _pieces
    workbook.save(file)
    return _pieces(file)


def write_json(rows: Iterable[Row], *, header: Sequence[str]) -> Iterator[bytes]:
    """Yield a JSON array with one object a row, in pieces. Dates in ISO form, decimals as strings."""
    yield b"["
    separator = ""
    for row in rows:
        record = dict(zip(header, row, strict=True))
        yield (separator + json.dumps(record, ensure_ascii=False, cls=DjangoJSONEncoder)).encode(
            errors="replace"
        )
        separator = ",\n"
    yield b"]\n"


def _taken(buffer: io.StringIO) -> bytes:
    data = buffer.getvalue().encode(errors="replace")
    buffer.seek(0)
    buffer.truncate()
    return data


def _pieces(file: Any) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while piece := file.read(_CHUNK):
            yield piece


def _text(value: Value) -> str:
    """Return a value as plain text, the same for every format."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("ja") if value else _("nej")
    if isinstance(value, datetime):
        return (timezone.localtime(value) if timezone.is_aware(value) else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | int | float | Decimal):
        return str(value)
    return join_list(value)


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _fits_as_number(value: Value) -> bool:
    if isinstance(value, int):
        return abs(value) < 10**15
    return isinstance(value, float | Decimal) and math.isfinite(value) and -(10**15) < value < 10**15


def _csv_cell(value: Value) -> str:
    # A number's own minus sign is not dangerous: nobody can hide a formula in a number.
    return str(value) if _is_number(value) else neutralise(_text(value).replace("\x00", ""))


def _xlsx_cell(sheet: Any, value: Value, row: int, column: str) -> Cell | None:
    if value is None:
        return None
    if isinstance(value, datetime) and value.year >= 1900:
        local = timezone.make_naive(value) if timezone.is_aware(value) else value
        return _typed(sheet, local, "yyyy-mm-dd hh:mm")
    if isinstance(value, date) and not isinstance(value, datetime) and value.year >= 1900:
        return _typed(sheet, value, "yyyy-mm-dd")
    # Excel keeps fifteen digits; a longer number, and "not a number", are better off as text.
    if isinstance(value, bool) or _fits_as_number(value):
        return _typed(sheet, value)
    cell = WriteOnlyCell(sheet)
    cell.value = xlsx_text(neutralise(_text(value)), row=row, column=column)
    cell.data_type = "s"  # also for what begins with "=" or reads "#N/A"
    return cell


def _typed(sheet: Any, value: Any, number_format: str | None = None) -> Cell:
    cell = WriteOnlyCell(sheet, value=value)
    if number_format:
        cell.number_format = number_format
    return cell


def _sheet_title(title: str) -> str:
    """Return a title Excel accepts: at most 31 characters, none of its reserved ones."""
    cleaned = re.sub(r"[\[\]:*?/\\]", " ", xlsx_text(title)).strip("' ")[:31].strip("' ")
    return cleaned or "Ark 1"

"""Read how many live in each municipality from a CSV file, and store it: all rows or none."""

from __future__ import annotations

import csv
import io

from django.db import transaction
from django.utils.translation import gettext as _

from places.models import Municipality

COLUMNS = ("code", "population", "year")
MAX_BYTES = 100_000
LARGEST = 5_000_000
YEARS = (2007, 2100)


class PopulationFileError(ValueError):
    """The file will not do; the message is one line of Danish that says where and why."""


def load_population(content: bytes, *, dry_run: bool = False) -> tuple[int, int]:
    """Store the figures of a file; return how many municipalities it has, and how many are (or would be) different.

    Municipalities that the file does not name keep what they have. Raises PopulationFileError (nothing is written).
    """
    figures = _read(content)
    with transaction.atomic():
        known = {m.code: m for m in Municipality.objects.select_for_update().order_by("code")}
        for code, (_population, _year, line) in figures.items():
            if code not in known:
                raise PopulationFileError(
                    _("Linje %(line)d: %(code)s er ikke en kommunes kode.") % {"line": line, "code": code}
                )
        changed = 0
        for code, (population, year, _line) in figures.items():
            row = known[code]
            if (row.population, row.population_year) == (population, year):
                continue
            changed += 1
            if not dry_run:
                row.population, row.population_year = population, year
                row.save(update_fields=["population", "population_year"])
    return len(figures), changed


def _read(content: bytes) -> dict[str, tuple[int, int, int]]:
    """Return code → population, year, and line."""
    if len(content) > MAX_BYTES:
        raise PopulationFileError(_("Filen er for stor; den skal kun have en linje for hver kommune."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PopulationFileError(_("Filen er ikke tekst i UTF-8.")) from error
    first = text.partition("\n")[0]
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",")
    figures: dict[str, tuple[int, int, int]] = {}
    try:
        header = [cell.strip().lower() for cell in next(rows, [])]
        if header != list(COLUMNS):
            raise PopulationFileError(
                _("Linje 1 skal være kolonnerne %(columns)s.") % {"columns": ", ".join(COLUMNS)}
            )
        for cells in rows:
            if any(cell.strip() for cell in cells):
                code, population, year = _row(cells, rows.line_num)
                if code in figures:
                    raise PopulationFileError(
                        _("Linje %(line)d: %(code)s står også i linje %(other)d.")
                        % {"line": rows.line_num, "code": code, "other": figures[code][2]}
                    )
                figures[code] = (population, year, rows.line_num)
    except csv.Error as error:
        raise PopulationFileError(
            _("Linje %(line)d kan ikke læses som CSV.") % {"line": rows.line_num}
        ) from error
    if not figures:
        raise PopulationFileError(_("Filen har ingen tal."))
    return figures


def _row(cells: list[str], line: int) -> tuple[str, int, int]:
    if len(cells) != len(COLUMNS):
        raise PopulationFileError(
            _("Linje %(line)d har %(count)d celler; der skal være 3.") % {"line": line, "count": len(cells)}
        )
    code, population, year = (cell.strip() for cell in cells)
    if not (code.isascii() and code.isdigit() and len(code) <= 4):
        raise PopulationFileError(_("Linje %(line)d: code skal være fire cifre.") % {"line": line})
    return (
        code.zfill(4),
        _whole(population, "population", (1, LARGEST), line),
        _whole(year, "year", YEARS, line),
    )


def _whole(text: str, column: str, limits: tuple[int, int], line: int) -> int:
    """Return the number of a cell. A thousands separator is refused: 12.345 may be twelve and a bit."""
    least, most = limits
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1
    if not least <= number <= most:
        raise PopulationFileError(
            _("Linje %(line)d: %(column)s skal være et helt tal fra %(least)d til %(most)d, uden punktum.")
            % {"line": line, "column": column, "least": least, "most": most}
        )
    return number

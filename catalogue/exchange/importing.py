"""A whole file of entries in one transaction, with a report that names line, column and reason."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import BinaryIO

import pghistory
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalogue.exchange.columns import EntryResource
from catalogue.exchange.lookups import Lookups
from catalogue.exchange.planning import Planner
from catalogue.exchange.report import Note, Report
from catalogue.exchange.tables import EntryTable, open_table
from catalogue.exchange.writing import Writer
from guards.imports import Record, TableError

CHUNK = 500
LOCK = 742_011
"""Number of the advisory lock that imports take, so that two never look for the same ids at once."""


class ImportBusyError(Exception):
    """Another import is running, and did not end while we waited."""

    def __init__(self) -> None:
        super().__init__(_("En anden import er i gang. Prøv igen om lidt."))


class _UndoError(Exception):
    """Ends the transaction without effect."""


def import_entries(
    stream: BinaryIO,
    *,
    name: str,
    publish: bool = False,
    dry_run: bool = False,
    skip_bad: bool = False,
    by: User | None = None,
    wait: float = 600,
    on_start: Callable[[], bool] | None = None,
    on_rows: Callable[[int], None] | None = None,
    on_end: Callable[[Report], None] | None = None,
) -> Report:
    """Import a CSV or XLSX file; `report.written` says whether it is in the database.

    Everything happens in one transaction, also a dry run, which is the same work undone: so it reports exactly what
    the import would. A bad row undoes all, unless `skip_bad`; a file that can't be read to its end always does.
    `name` is what the log calls the file; `by` is who publishes. `on_start` is called once no other import can run,
    and may answer False to give up; `on_rows` after each chunk with the rows so far; `on_end` within the transaction,
    only when it is about to be committed. Raises ImportBusyError after `wait` seconds.
    """
    report = Report()
    try:
        with transaction.atomic(), pghistory.context(import_file=name[:200]):
            _take_lock(wait)
            if on_start and not on_start():
                raise _UndoError
            _read_all(stream, report, name=name, publish=publish, by=by, on_rows=on_rows)
            if dry_run or report.broken or (report.bad_rows and not skip_bad):
                raise _UndoError
            report.written = True
            if on_end:
                on_end(report)
    except _UndoError:
        report.written = False
    return report


def _read_all(
    stream: BinaryIO,
    report: Report,
    *,
    name: str,
    publish: bool,
    by: User | None,
    on_rows: Callable[[int], None] | None,
) -> None:
    try:
        table = open_table(stream)
        for line in table.advice():
            report.warn(Note(table.header_line, "", line))
        resource = EntryResource(Lookups())
        planner = Planner(table, resource, report, publish=publish)
        writer = Writer(planner, resource, by=by, reason=_("Importeret fra »%s«") % name[:200])
        for records in _chunks(table):
            writer.write(planner.plan(records))
            if on_rows:
                on_rows(report.rows)
    except TableError as error:
        report.broken = True
        report.error(Note(error.line, "", error.reason))


def _chunks(table: EntryTable) -> Iterator[list[Record]]:
    records = iter(table)
    while chunk := list(islice(records, CHUNK)):
        yield chunk


def _take_lock(wait: float) -> None:
    """Hold the imports' lock until the transaction ends. Asks again and again: a waiting statement would be cancelled
    by the web server's limit on how long one may take.
    """
    give_up = time.monotonic() + wait
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            if cursor.fetchone()[0]:
                return
        if time.monotonic() > give_up:
            raise ImportBusyError
        time.sleep(0.2)

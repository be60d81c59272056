"""Imports from admin: read through, shown, confirmed, carried out. Small files at once, large ones by the worker.

A run moves by conditional updates, and is marked as done in the transaction that imports: whoever kills what and when,
a file is imported once or not at all, and a run that stands still can always be taken up again.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from catalogue.exchange.importing import ImportBusyError, import_entries
from catalogue.exchange.report import Report
from catalogue.exchange.tables import count_rows
from catalogue.models import ImportRun, RunState

AT_ONCE = 500
"""Rows that are read while the person waits; more are left to the worker."""
MAX_BYTES = 20 * 1024 * 1024
PATIENCE_AT_ONCE = 8
"""Seconds that a page waits for another import; the worker waits ten minutes."""


class RunError(Exception):
    """The run is not where it was thought to be. The message is for the page."""


def start(*, name: str, data: bytes, publish: bool, by: User) -> ImportRun:
    """Keep the file and read it through, at once or by the worker. Raises TableError when it can't be read."""
    total = count_rows(io.BytesIO(data))
    with transaction.atomic():
        run = ImportRun.objects.create(
            name=name[:200], file=data, publish=publish, rows_total=total, requested_by=by.key
        )
        if total > AT_ONCE:
            _defer(run)
    if total <= AT_ONCE:
        _now_or_later(run, _check)
    return run


def confirm(run: ImportRun, *, skip_bad: bool) -> None:
    """Import what has been looked at. Raises RunError when that has been done already (also by a double click)."""
    with transaction.atomic():
        moved = ImportRun.objects.filter(pk=run.pk, state=RunState.CHECKED).update(
            state=RunState.IMPORTING, skip_bad=skip_bad, rows_done=0, moved_at=Now()
        )
        if not moved:
            raise RunError(_("Filen er allerede lagt ind, eller den er ved at blive det."))
        if run.rows_total > AT_ONCE:
            _defer(run)
    if run.rows_total <= AT_ONCE:
        run.refresh_from_db()
        _now_or_later(run, _carry_out)


def take_up(run: ImportRun) -> None:
    """Give a run that stands still to the worker again. Raises RunError when it does not stand still."""
    with transaction.atomic():
        held = ImportRun.objects.select_for_update().defer("file").get(pk=run.pk)
        if not held.is_silent:
            raise RunError(_("Importen er i gang."))
        ImportRun.objects.filter(pk=run.pk).update(moved_at=Now())
        _defer(run)


def work(key: uuid.UUID) -> None:
    """Do what a run waits for, with progress; nothing when it waits for nothing (or was deleted). Safe to repeat."""
    run = ImportRun.objects.filter(uuid=key).first()
    if run is None or not run.is_working:
        return
    with _progress(run) as on_rows:
        if run.state == RunState.CHECKING:
            _check(run, on_rows=on_rows)
        else:
            _carry_out(run, on_rows=on_rows)


def _now_or_later(run: ImportRun, act: Callable[..., None]) -> None:
    """Do it while the person waits; leave it to the worker when another import is in the way."""
    try:
        act(run, wait=PATIENCE_AT_ONCE)
    except ImportBusyError:
        _defer(run)


def _check(run: ImportRun, *, wait: float = 600, on_rows: Callable[[int], None] | None = None) -> None:
    report = import_entries(
        io.BytesIO(run.file),
        name=run.name,
        publish=run.publish,
        dry_run=True,
        by=_person(run),
        wait=wait,
        on_rows=on_rows,
    )
    ImportRun.objects.filter(pk=run.pk, state=RunState.CHECKING).update(
        state=RunState.CHECKED, report=report.as_json(), rows_done=report.rows, moved_at=Now()
    )


def _carry_out(run: ImportRun, *, wait: float = 600, on_rows: Callable[[int], None] | None = None) -> None:
    def still_waiting() -> bool:
        return ImportRun.objects.filter(pk=run.pk, state=RunState.IMPORTING).exists()

    def finish(report: Report) -> None:
        _end(run, RunState.DONE, report)

    report = import_entries(
        io.BytesIO(run.file),
        name=run.name,
        publish=run.publish,
        skip_bad=run.skip_bad,
        by=_person(run),
        wait=wait,
        on_start=still_waiting,
        on_rows=on_rows,
        on_end=finish,
    )
    if not report.written and (report.rows or report.broken):
        _end(run, RunState.REFUSED, report)


def _end(run: ImportRun, state: RunState, report: Report) -> None:
    """Mark the run as over, and let go of the file."""
    ImportRun.objects.filter(pk=run.pk, state=RunState.IMPORTING).update(
        state=state,
        report=report.as_json(),
        rows_done=report.rows,
        file=b"",
        moved_at=Now(),
        finished_at=Now(),
    )


def _person(run: ImportRun) -> User | None:
    return User.objects.filter(key=run.requested_by).first()


def _defer(run: ImportRun) -> None:
    from catalogue.tasks import run_import  # the worker's module imports this one

    run_import.defer(key=str(run.uuid))


@contextmanager
def _progress(run: ImportRun) -> Iterator[Callable[[int], None]]:
    """A function that notes how far the run is, on a connection of its own: the import's transaction is seen by nobody
    before it ends.
    """
    beside = connection.copy()

    def note(done: int) -> None:
        with beside.cursor() as cursor:
            cursor.execute(
                "UPDATE catalogue_importrun SET rows_done = %s, moved_at = now() WHERE id = %s",
                [done, run.pk],
            )

    try:
        note(0)
        yield note
    finally:
        beside.close()

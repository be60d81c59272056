"""The tests' databases: the migrations run once, and every process works on a copy of what they made.

A test that commits leaves rows behind. `Kept` brings a copy back to what the migrations made of it, by looking for the
tables that have changed; so whatever runs next, in whatever order, finds what it expects.
"""

import fcntl
import gc
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

FOLDER = Path(os.environ["COI_DATA_DIR"])
NAME = "test_template"
MADE = FOLDER / "template.made"

_ahead: subprocess.Popen[bytes] | None = None


def begin() -> None:
    """Start on the template at once, while pytest's workers are still reading the tests."""
    global _ahead
    _ahead = subprocess.Popen([sys.executable, "-m", "tests.template"])


def end() -> None:
    """Drop the template, at the end of the run."""
    if _ahead:
        _ahead.terminate()
        _ahead.wait()
    if MADE.exists():
        MADE.unlink()
        drop(NAME)


@contextmanager
def _alone() -> Iterator[None]:
    """One process at a time: a database that somebody is connected to can't be copied."""
    with (FOLDER / "template.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def copy(name: str) -> None:
    """Make a database that has all migrations; one of that name from a run that was killed goes first."""
    with _alone():
        _make()
        drop(name)
        _execute("CREATE DATABASE {} TEMPLATE {}", name, NAME)


def drop(name: str) -> None:
    """Drop a database, whoever is still connected to it."""
    _execute("DROP DATABASE IF EXISTS {} WITH (FORCE)", name)


def _execute(statement: str, *names: str) -> None:
    with psycopg.connect(os.environ["DATABASE_OWNER_URL"], autocommit=True) as server:
        server.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _make() -> None:
    """Run the migrations, unless another process of this run has."""
    if MADE.exists():
        return
    before, wanted = connection.settings_dict["NAME"], connection.settings_dict["TEST"]["NAME"]
    connection.settings_dict["TEST"]["NAME"] = NAME
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    finally:
        use(before)
        connection.settings_dict["TEST"]["NAME"] = wanted
    MADE.touch()


def use(name: str) -> None:
    """Let this process work on a database, whichever thread asks."""
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES[connection.alias]["NAME"] = name


@dataclass
class Table:
    """What the migrations put into a table: the rows, and how one sees that they are still those."""

    rows: bytes
    number: int
    newest: int | None
    """The latest transaction that wrote a row. Together with the number it tells of every change."""


class Kept:
    """Everything that is in a fresh copy."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = current_schema()::regnamespace"
            )
            names = [row[0] for row in cursor.fetchall()]
            self.tables = {name: Table(b"", 0, None) for name in names}
            for name, (number, newest) in self._state().items():
                with cursor.copy(f'COPY "{name}" TO STDOUT (FORMAT binary)') as reading:
                    rows = b"".join(reading)
                self.tables[name] = Table(rows, number, newest)

    def _state(self) -> dict[str, tuple[int, int]]:
        """For each table with rows: how many, and the latest transaction that wrote one."""
        parts = (
            f"SELECT '{name}', count(*), max(xmin::text::bigint) FROM \"{name}\" HAVING count(*) > 0"
            for name in self.tables
        )
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts))
            return {name: (number, newest) for name, number, newest in cursor.fetchall()}

    def restore(self) -> None:
        """Undo whatever was committed since. Waits for writers that are still under way, as TRUNCATE would."""
        every = ", ".join(f'"{name}"' for name in self.tables)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"LOCK TABLE {every} IN SHARE ROW EXCLUSIVE MODE")
            # Neither our triggers, which would write history of it, nor foreign keys: what comes back was whole.
            cursor.execute("SET LOCAL session_replication_role = replica")
            there = self._state()
            changed = [
                name
                for name, table in self.tables.items()
                if there.get(name, (0, None)) != (table.number, table.newest)
            ]
            for name in changed:
                cursor.execute(f'DELETE FROM "{name}"')
                if self.tables[name].number:
                    with cursor.copy(f'COPY "{name}" FROM STDIN (FORMAT binary)') as writing:
                        writing.write(self.tables[name].rows)
            if changed:
                now = self._state()
                for name in changed:
                    self.tables[name].newest = now.get(name, (0, None))[1]


def main() -> None:
    """Make the template, in a process of its own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coi.settings")
    with _alone():
        import django

        django.setup()
        # The collector of cycles would take a third of the time.
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)
        _make()


if __name__ == "__main__":
    main()

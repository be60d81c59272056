"""Backup and restore as the README tells: pg_dump of the database, restored beside it, gives the same portal."""

import os
import subprocess
from pathlib import Path

import pytest

from coi import embedded
from tests.drill.conftest import Demo

pytestmark = pytest.mark.drill

COUNTS = """
from django.apps import apps
print(sorted((m._meta.db_table, m._default_manager.count()) for m in apps.get_models()
      if m._meta.managed and not m._meta.proxy))
"""
REFUSED = """
from django.db import connection, ProgrammingError
try:
    connection.cursor().execute("UPDATE pghistory_context SET metadata = '{}'")
except ProgrammingError:
    print("refused")
"""


class Restored(Demo):
    """Works on the restored database of another demonstration's server."""

    @property
    def environment(self) -> dict[str, str]:
        """Name the database instead of starting one."""
        return super().environment | {
            "DATABASE_URL": embedded.web_url(self.folder, "restored"),
            "DATABASE_OWNER_URL": embedded.owner_url(self.folder, "restored"),
        }


def test_a_restored_database_is_the_same_portal(demo: Demo, tmp_path: Path) -> None:
    """Every table has as many rows, migrations are in place, and the web role has its rights and no more."""
    demo.start()
    before = demo.shell(COUNTS)
    socket_dir = str(embedded.Server(demo.folder).socket_dir)
    dump = tmp_path / "coi.dump"
    programs = {
        "cwd": "/",
        "check": True,
        "env": os.environ | {"PGHOST": socket_dir, "PGUSER": embedded.OWNER},
    }
    subprocess.run([embedded.BINARIES / "pg_dump", "-Fc", "-f", dump, embedded.DATABASE], **programs)  # type: ignore[call-overload]
    subprocess.run([embedded.BINARIES / "createdb", "restored"], **programs)  # type: ignore[call-overload]
    subprocess.run(
        [
            embedded.BINARIES / "pg_restore",
            "--exit-on-error",
            "--no-acl",
            "--no-owner",
            "-d",
            "restored",
            dump,
        ],
        **programs,  # type: ignore[call-overload]
    )
    restored = Restored(demo.folder)
    assert restored.run("migrate", "-v0").returncode == 0
    assert restored.shell(COUNTS) == before
    assert restored.shell(REFUSED) == "refused"

"""The embedded PostgreSQL: starts once, ends with its last user, and gets over what a crash leaves behind."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from coi import embedded
from coi.embedded import Server


@pytest.fixture
def folder() -> Iterator[Path]:
    """Return a short-named folder that another system user may pass through."""
    with tempfile.TemporaryDirectory(prefix="coi-unit-") as name:
        Path(name).chmod(0o711)
        yield Path(name)
        Server(Path(name))._end()


def role(folder: Path) -> str:
    """Ask the server who we are."""
    with psycopg.connect(embedded.web_url(folder)) as connection:
        row = connection.execute("SELECT current_user").fetchone()
    assert row
    return str(row[0])


def test_the_last_user_ends_the_server_and_the_data_stays(folder: Path) -> None:
    """Two users of one folder share one server."""
    first, second = Server(folder, durable=False), Server(folder, durable=False)
    first.acquire()
    second.acquire()
    with psycopg.connect(embedded.owner_url(folder)) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
    first.release()
    assert second.is_running()
    second.release()
    assert not second.is_running()
    second.acquire()
    with psycopg.connect(embedded.owner_url(folder)) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (1,)
    second.release()


def test_stale_files_that_name_a_living_process_do_not_keep_it_from_starting(folder: Path) -> None:
    """After kill -9 the number in postmaster.pid may belong to anybody; here it is the test's own parent."""
    server = Server(folder, durable=False)
    server.acquire()
    server.release()
    stale = server.cluster / "postmaster.pid"
    stale.write_text(f"{os.getppid()}\n{server.cluster}\n1\n5432\n{server.socket_dir}\n\n 1 1\nready   \n")
    (server.socket_dir / ".s.PGSQL.5432.lock").write_text(stale.read_text())
    assert not server.is_running()
    server.acquire()
    assert role(folder) == "coi_web"
    server.release()


def test_a_half_made_cluster_is_made_again(folder: Path) -> None:
    """Whoever was killed during initdb leaves a draft only."""
    server = Server(folder, durable=False)
    (server.home / "data.new").mkdir(parents=True)
    (server.home / "data.new" / "PG_VERSION").write_text("18\n")
    server.acquire()
    assert role(folder) == "coi_web"
    server.release()


def test_another_version_is_named(folder: Path) -> None:
    """A folder of an older portal is left alone."""
    server = Server(folder)
    server.cluster.mkdir(parents=True)
    (server.cluster / "PG_VERSION").write_text("17\n")
    with pytest.raises(SystemExit, match="PostgreSQL 17; her er 18"):
        server.acquire()


def test_a_long_path_gets_a_short_socket(folder: Path) -> None:
    """A socket's path has at most 107 characters."""
    deep = folder / ("x" * 60) / ("y" * 60)
    server = Server(deep, durable=False)
    assert server.socket_dir.parent == Path("/tmp")
    deep.mkdir(parents=True)
    server.acquire()
    assert role(deep) == "coi_web"
    server.release()
    server.socket_dir.rmdir()


def test_a_folder_that_cannot_be_used_is_named(folder: Path) -> None:
    """One line instead of a traceback."""
    (folder / "file").write_text("")
    with pytest.raises(SystemExit, match="kan ikke skrives"):
        Server(folder / "file" / "var").acquire()
    (folder / "postgres").symlink_to("/tmp")
    with pytest.raises(SystemExit, match="symlinks"):
        Server(folder).acquire()

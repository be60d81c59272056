"""The demonstration under faults. `make drill`; takes minutes."""

import signal
import socket
import subprocess
import time
from pathlib import Path

import psutil
import pytest

from tests.drill.conftest import Demo

pytestmark = pytest.mark.drill

COUNT = "from coi.models import Marker; print(Marker.objects.count())"
ADD = "from coi.models import Marker; Marker.objects.create(name='{}')"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_ends_everything_and_loses_nothing(demo: Demo, number: int) -> None:
    """Also the database; and the second start is quick."""
    demo.start()
    assert demo.get("/readyz") == 200
    demo.shell(ADD.format("kept"))
    everything = demo.processes()
    assert demo.end(number) == 0
    assert not [process for process in everything if process.is_running()]
    assert demo.database_processes() == []
    assert demo.start() < 10
    assert demo.shell(COUNT) == "2"


def test_kill_of_everything_loses_nothing(demo: Demo) -> None:
    """The lock files and the socket that a kill -9 leaves behind don't keep the next start."""
    demo.start()
    demo.shell(ADD.format("kept"))
    for process in demo.processes():
        process.kill()
    assert demo.process is not None
    demo.process.wait()
    demo.start()
    assert demo.shell(COUNT) == "2"
    assert demo.get("/readyz") == 200


def test_kill_of_the_supervisor_leaves_no_web_server(demo: Demo) -> None:
    """Its children notice; the database goes on and is taken over by the next start."""
    demo.start()
    assert demo.process is not None
    demo.process.kill()
    demo.process.wait()
    demo.wait_for(lambda: demo.get("/healthz") == 0)
    assert demo.database_processes()
    demo.start()
    assert demo.end() == 0
    assert demo.database_processes() == []


def test_what_dies_is_started_again(demo: Demo) -> None:
    """Web server, worker and database, each by itself."""
    demo.start()
    assert demo.process is not None
    children = psutil.Process(demo.process.pid).children()
    web = next(child for child in children if "coi.wsgi" in child.cmdline())
    worker = next(child for child in children if "worker" in child.cmdline())
    postmaster = next(child for child in children if "-D" in child.cmdline())
    for victim in (web, worker, postmaster):
        victim.kill()
        demo.wait_for(
            lambda victim=victim: not victim.is_running() or victim.status() == psutil.STATUS_ZOMBIE
        )
        time.sleep(3)
        demo.wait_for(lambda: demo.get("/readyz") == 200 and demo.get("/katalog/") == 200)
    for name in ("Webserveren", "Workeren", "Databasen"):
        assert f"{name} gik ned" in demo.said()


def test_a_second_demo_on_the_same_folder_is_refused(demo: Demo) -> None:
    """One line; the first one is not disturbed."""
    demo.start()
    result = Demo(demo.folder).run("demo")
    assert result.returncode == 1
    assert result.stderr.startswith("Stoppet: En anden demo kører allerede med mappen")
    assert result.stderr.count("\n") == 1
    assert demo.get("/readyz") == 200


def test_a_taken_port_is_named(demo: Demo) -> None:
    """One line, and nothing is left running."""
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(("127.0.0.1", demo.port))
        other.listen()
        result = demo.run("demo")
    assert result.returncode == 1
    assert result.stderr == f"Stoppet: Port {demo.port} er optaget. Vælg en anden, fx PORT={demo.port + 1}.\n"
    assert demo.database_processes() == []


def test_two_demos_side_by_side(demo: Demo, tmp_path: Path) -> None:
    """With folders and ports of their own."""
    second = Demo(tmp_path / "second")
    try:
        demo.start()
        second.start()
        assert (demo.get("/readyz"), second.get("/readyz")) == (200, 200)
    finally:
        second.clean()
    assert demo.get("/readyz") == 200


def test_commands_share_the_database(demo: Demo) -> None:
    """Five at once on a folder that nobody has used: the first starts the server, the last ends it."""
    assert demo.run("migrate", "-v0").returncode == 0
    commands = [
        subprocess.Popen(demo.command("shell", "-v0", "-c", ADD.format(f"number-{i}")), env=demo.environment)
        for i in range(5)
    ]
    assert [command.wait(timeout=60) for command in commands] == [0] * 5
    assert demo.database_processes() == []
    assert demo.shell(COUNT) == "5"


def test_migrations_take_turns(demo: Demo) -> None:
    """Three at once on an empty folder."""
    commands = [subprocess.Popen(demo.command("migrate", "-v0"), env=demo.environment) for _ in range(3)]
    assert [command.wait(timeout=120) for command in commands] == [0] * 3


def test_a_command_works_beside_a_running_demo(demo: Demo) -> None:
    """It uses the same database, as the web role, and leaves it running."""
    demo.start()
    role = demo.shell(
        "from django.db import connection as c; k = c.cursor(); k.execute('SELECT current_user');"
        " print(k.fetchone()[0])"
    )
    assert role == "coi_web"
    assert demo.get("/readyz") == 200

"""What the demonstration looks at before it starts, and how it keeps its children alive."""

import shutil
import socket
import sys
import time
from pathlib import Path

import pytest

from coi import preflight
from coi.static_files import is_needed
from coi.supervisor import Child, Supervisor


def test_a_full_disk_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the folder itself is still to be made."""
    usage = shutil.disk_usage(tmp_path)._replace(free=5_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    with pytest.raises(SystemExit, match=r"Disken er fuld: .* har 5 MB ledig, og der skal bruges 40 MB"):
        preflight.check_room(tmp_path / "not" / "yet", preflight.ROOM_LATER)


def test_a_folder_is_one_demos_alone(tmp_path: Path) -> None:
    """The second one is told which folder."""
    preflight.lock(tmp_path)
    with pytest.raises(SystemExit, match=str(tmp_path)):
        preflight.lock(tmp_path)


def test_a_taken_port_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With another one to try."""
    monkeypatch.setattr(preflight, "PORT_PATIENCE", 0.0)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SystemExit, match=f"Port {port} er optaget.*PORT={port + 1}"):
            preflight.bind("127.0.0.1", port)


@pytest.mark.parametrize("text", ["", "0", "65536", "-1", "http", "80 "])
def test_a_port_is_a_number(text: str) -> None:
    """Anything else is named."""
    with pytest.raises(SystemExit, match="PORT skal være et tal"):
        preflight.port_number(text)


def supervise(program: str, said: list[str]) -> Supervisor:
    """Return a supervisor of one Python program."""
    return Supervisor([Child("Prøven", [sys.executable, "-c", program], {})], said.append)


def test_a_child_that_keeps_dying_ends_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    """After three tries, with the status it died of."""
    monkeypatch.delenv("MAKELEVEL", raising=False)
    said: list[str] = []
    supervisor = supervise("raise SystemExit(7)", said)
    supervisor.start()
    assert supervisor.watch(lambda: None) == 1
    assert said == ["Prøven gik ned (status 7) og startes igen."] * 3 + [
        "Prøven bliver ved med at gå ned (status 7). Demoen stopper."
    ]


def test_a_child_that_will_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Politely first."""
    monkeypatch.setattr("coi.supervisor.PATIENCE", 0.2)
    program = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('x'); time.sleep(60)"
    supervisor = supervise(program, [])
    supervisor.start()
    time.sleep(0.5)
    supervisor.end()
    process = supervisor.children[0].process
    assert process is not None
    assert process.returncode in {-9, -15}


@pytest.mark.parametrize(
    ("path", "needed"),
    [
        ("css/base.css", True),
        ("vendor/dkfds/css/dkfds.min.css", True),
        ("vendor/dkfds/css/dkfds.css", False),
        ("vendor/dkfds/scss/dkfds.scss", False),
        ("vendor/dkfds/fonts/IBMPlexSans/split/woff2/IBMPlexSans-Regular-Latin1.woff2", True),
        ("vendor/dkfds/fonts/IBMPlexSans/complete/ttf/IBMPlexSans-Regular.ttf", False),
        ("vendor/htmx/htmx.min.js", True),
        ("vendor/htmx/htmx.js", False),
    ],
)
def test_of_the_vendors_files_only_the_needed_ones_are_served(path: str, needed: bool) -> None:
    """The rest of a package stays in node_modules."""
    assert is_needed(path) is needed

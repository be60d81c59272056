"""Demonstrations for the long proofs: real processes, each with a data folder and a port of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

BASE = Path(__file__).resolve().parents[2]
CLEARED = ("COI_PROCESS", "DATABASE_URL", "DATABASE_OWNER_URL", "MAKELEVEL")


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Demo:
    """One data folder with its demonstration and its commands."""

    def __init__(self, folder: Path, port: int | None = None) -> None:
        self.folder = folder
        self.port = port or free_port()
        self.output = folder.with_suffix(".log")
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of its processes, without that of the tests."""
        kept = {name: value for name, value in os.environ.items() if name not in CLEARED}
        return kept | {"DEMO": "1", "COI_DATA_DIR": str(self.folder), "PORT": str(self.port)}

    def command(self, *arguments: str) -> list[str]:
        """Return a command line of manage.py."""
        return [sys.executable, str(BASE / "manage.py"), *arguments]

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            self.command(*arguments),
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def shell(self, program: str) -> str:
        """Run a program in Django's shell and return what it printed last."""
        result = self.run("shell", "-v0", "-c", program)
        assert result.returncode == 0, result.stderr
        return result.stdout.strip().rpartition("\n")[2]

    def start(self) -> float:
        """Start the demonstration; returns after how many seconds it was ready."""
        begun = time.monotonic()
        with self.output.open("ab") as output:
            at = output.tell()
            self.process = subprocess.Popen(
                self.command("demo"),
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        while b"Ctrl-C" not in self.output.read_bytes()[at:]:
            assert self.process.poll() is None, self.said()
            assert time.monotonic() - begun < 90, self.said()
            time.sleep(0.05)
        return time.monotonic() - begun

    def said(self) -> str:
        """Return everything it printed."""
        return self.output.read_text() if self.output.exists() else ""

    def processes(self) -> list[psutil.Process]:
        """Return the supervisor and everything below it, database included."""
        assert self.process is not None
        top = psutil.Process(self.process.pid)
        return [top, *top.children(recursive=True)]

    def database_processes(self) -> list[psutil.Process]:
        """Return the processes of this folder's database, whoever their parent is."""
        from coi.embedded import Server

        return Server(self.folder)._leftovers()

    def end(self, number: int = signal.SIGTERM) -> int:
        """End it with a signal; returns its status."""
        assert self.process is not None
        self.process.send_signal(number)
        return self.process.wait(timeout=60)

    def get(self, path: str) -> int:
        """Return the status of a page, 0 where nobody answers."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code
        except OSError:
            return 0

    def wait_for(self, condition: Callable[[], bool], seconds: float = 30) -> None:
        """Wait until something is so."""
        give_up = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < give_up, self.said()
            time.sleep(0.1)

    def clean(self) -> None:
        """End whatever a test left behind."""
        if self.process and self.process.poll() is None:
            self.end()
        for process in self.database_processes():
            process.kill()


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """Return a demonstration that has not been started."""
    made = Demo(tmp_path / "var")
    yield made
    made.clean()

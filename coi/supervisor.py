"""Keeps a demonstration's web server and worker running, and ends everything when it is told to."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

PATIENCE = 15.0
RESTARTS, WINDOW = 3, 60.0
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _die_with_parent() -> None:
    """In a child, before its program starts: end when the supervisor ends, even by kill -9 (Linux)."""
    if _libc is not None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class StopRequested(Exception):  # noqa: N818  nothing went wrong
    """Somebody asked the demonstration to end (Ctrl-C, SIGTERM, a closed terminal)."""


@dataclass
class Child:
    """One process to keep alive."""

    name: str
    command: list[str]
    environment: dict[str, str]
    sockets: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    starts: deque[float] = field(default_factory=lambda: deque(maxlen=RESTARTS + 1))

    def start(self) -> None:
        """Start the process in a session of its own, so that Ctrl-C reaches the supervisor only."""
        self.starts.append(time.monotonic())
        self.process = subprocess.Popen(
            self.command,
            env=os.environ | self.environment,
            pass_fds=self.sockets,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )

    def has_died(self) -> bool:
        """Tell whether the process ended by itself."""
        return self.process is not None and self.process.poll() is not None

    def keeps_dying(self) -> bool:
        """Tell whether it was started too often of late for another try to make sense."""
        return len(self.starts) > RESTARTS and time.monotonic() - self.starts[0] < WINDOW


class Supervisor:
    """Starts children, restarts one that dies, gives up on one that keeps dying."""

    def __init__(self, children: list[Child], say: Callable[[str], None]) -> None:
        self.children = children
        self.say = say

    def listen(self) -> None:
        """From now on the first SIGTERM, SIGINT or SIGHUP raises StopRequested; more are ignored."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)

    @staticmethod
    def _stop(number: int, frame: object) -> None:
        for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise StopRequested

    def start(self) -> None:
        """Start all children."""
        for child in self.children:
            child.start()

    def watch(self, every_second: Callable[[], None]) -> int:
        """Watch until a child can't be kept alive; returns the exit status. StopRequested passes through."""
        parent = os.getppid()
        while True:
            time.sleep(1)
            if "MAKELEVEL" in os.environ and os.getppid() != parent:
                self.say("make er væk, så demoen stopper også.")
                return 1
            every_second()
            for child in self.children:
                if not child.has_died():
                    continue
                status = child.process.returncode if child.process else None
                if child.keeps_dying():
                    self.say(f"{child.name} bliver ved med at gå ned (status {status}). Demoen stopper.")
                    return 1
                self.say(f"{child.name} gik ned (status {status}) og startes igen.")
                child.start()

    def end(self) -> None:
        """End all children: politely, and after a while by force."""
        alive = [child.process for child in self.children if child.process and child.process.poll() is None]
        for process in alive:
            process.terminate()
        give_up = time.monotonic() + PATIENCE
        for process in alive:
            try:
                process.wait(max(0.1, give_up - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

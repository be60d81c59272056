"""The portal that browser tests look at: a demonstration of its own, shared by all of pytest's workers."""

import fcntl
import functools
import http.cookiejar
import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from coi import embedded
from tests.drill.conftest import Demo

FOLDER = Path(os.environ["COI_DATA_DIR"])
STATE = FOLDER / "browser.json"
LOG = FOLDER / "browser-start.log"
DATABASE = "test_portal"
START_SECONDS = 180


class Portal(Demo):
    """A demonstration whose database is a copy of the migrated one, where the tests have a server of their own."""

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of its processes."""
        return super().environment | (database() if has_server() else {})


def has_server() -> bool:
    """Tell whether the tests use the embedded server in their folder."""
    return os.environ["DATABASE_URL"] == embedded.owner_url(FOLDER)


def database() -> dict[str, str]:
    """Return the two addresses of the portal's database."""
    return {
        "DATABASE_URL": embedded.web_url(FOLDER, DATABASE),
        "DATABASE_OWNER_URL": embedded.owner_url(FOLDER, DATABASE),
    }


@contextmanager
def shared_state() -> Iterator[dict[str, Any]]:
    """Yield what the workers know together (starting process, its own process, address); kept when the block ends."""
    with STATE.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        state = json.loads(file.read() or "{}")
        yield state
        file.seek(0)
        file.truncate()
        file.write(json.dumps(state))


def begin() -> None:
    """Let the demonstration be started, if nobody has; it takes its time while other tests run.

    BROWSER_PORTAL names a running one instead (http://localhost:8000), to look again without a new start.
    """
    if os.environ.get("BROWSER_PORTAL"):
        return
    with shared_state() as state, LOG.open("ab") as log:
        if "starter" not in state:
            command = [sys.executable, "-m", "tests.browser.portal"]
            state["starter"] = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            ).pid


def main() -> None:
    """Start the demonstration and leave it running."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coi.settings")
    if has_server():
        import django

        from tests import template

        django.setup()
        template.copy(DATABASE)
    demo = Portal(FOLDER / "browser")
    demo.start()
    assert demo.process
    with shared_state() as state:
        state |= {"pid": demo.process.pid, "address": f"http://localhost:{demo.port}"}


def enter() -> str:
    """Return the address of the demonstration, as soon as it is there."""
    if running := os.environ.get("BROWSER_PORTAL"):
        return running.rstrip("/")
    begin()
    give_up = time.monotonic() + START_SECONDS
    while True:
        with shared_state() as state:
            if address := state.get("address"):
                return str(address)
            assert is_alive(state["starter"]), LOG.read_text()
        assert time.monotonic() < give_up, "the demonstration does not start"
        time.sleep(0.1)


def leave() -> None:
    """End the demonstration, or what is starting it, at the end of the run."""
    if not STATE.exists():
        return
    with shared_state() as state:
        for pid in filter(None, (state.pop("starter", None), state.pop("pid", None))):
            end(pid)
        state.clear()


def is_alive(pid: int) -> bool:
    """Tell whether a process runs; one that has ended but was not asked for its status does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def end(pid: int) -> None:
    """End a process and the demonstration that it may be starting, and wait."""
    try:
        processes = [psutil.Process(pid), *psutil.Process(pid).children()]
    except psutil.NoSuchProcess:
        return
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    give_up = time.monotonic() + 60
    while any(is_alive(process.pid) for process in processes):
        assert time.monotonic() < give_up, "the demonstration does not end"
        time.sleep(0.1)


def read(address: str) -> str:
    """Return the text behind an address."""
    with urllib.request.urlopen(address, timeout=20) as response:
        return str(response.read().decode())


class Visitor:
    """Somebody who asks for pages without a browser; signed in with one of the demonstration's accounts, or not."""

    def __init__(self, portal: str) -> None:
        self.portal = portal
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> bytes:
        """Return what an address answers, also where it says that something is not there."""
        try:
            with self.opener.open(self.portal + path, timeout=20) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            return error.read()

    def sign_in(self, name: str) -> None:
        """Log in by the form."""
        from coi.management.commands.load_demo import PASSWORD  # models; main() sets Django up first

        found = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', self.get("/konto/login/"))
        assert found
        fields = {
            "csrfmiddlewaretoken": found[1].decode(),
            "login": f"{name}@demo.example",
            "password": PASSWORD,
        }
        body = urllib.parse.urlencode(fields).encode()
        with self.opener.open(f"{self.portal}/konto/login/", body, timeout=20) as answer:
            assert "/login/" not in answer.url, name

    @property
    def cookies(self) -> list[Any]:
        """The cookies as a browser takes them."""
        return [{"name": c.name, "value": c.value, "url": self.portal} for c in self.jar]


@functools.cache
def signed_in(portal: str, name: str) -> Visitor:
    """One of the demonstration's accounts, logged in once for all tests of this process."""
    visitor = Visitor(portal)
    visitor.sign_in(name)
    return visitor


def entries(portal: str) -> list[str]:
    """Return the addresses of all published entries, as the sitemap lists them."""
    paths = (
        re.sub("^https?://[^/]+", "", found)
        for found in re.findall("<loc>([^<]+)", read(f"{portal}/sitemap.xml"))
    )
    special = "/katalog/(samlinger|emner|fagomraader)/"
    return [path for path in paths if re.match("/katalog/.", path) and not re.match(special, path)]


if __name__ == "__main__":
    main()

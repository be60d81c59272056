"""The portal that browser tests look at: a demonstration of its own, shared by all of pytest's workers."""

import fcntl
import functools
import http.cookiejar
import json
import os
import re
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from coi.management.commands.load_demo import PASSWORD
from tests.drill.conftest import Demo

FOLDER = Path(os.environ["COI_DATA_DIR"])
STATE = FOLDER / "browser.json"


@contextmanager
def shared_state() -> Iterator[dict[str, Any]]:
    """Yield what the workers know together (address, process, how many use it); kept when the block ends."""
    with STATE.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        state = json.loads(file.read() or '{"users": 0}')
        yield state
        file.seek(0)
        file.truncate()
        file.write(json.dumps(state))


def enter() -> str:
    """Return the address of the demonstration, started by whoever comes first.

    BROWSER_PORTAL names a running one instead (http://localhost:8000), to look again without a new start.
    """
    if running := os.environ.get("BROWSER_PORTAL"):
        return running.rstrip("/")
    with shared_state() as state:
        if not state["users"]:
            demo = Demo(FOLDER / "browser")
            demo.start()
            assert demo.process
            state |= {"pid": demo.process.pid, "address": f"http://localhost:{demo.port}"}
        state["users"] += 1
        return str(state["address"])


def leave() -> None:
    """End the demonstration when nobody uses it any more."""
    if os.environ.get("BROWSER_PORTAL"):
        return
    with shared_state() as state:
        state["users"] -= 1
        if not state["users"]:
            end(state["pid"])


def end(pid: int) -> None:
    """End the demonstration and wait; a worker that started it and is still at work leaves a zombie behind."""
    try:
        process = psutil.Process(pid)
        process.terminate()
        give_up = time.monotonic() + 60
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            assert time.monotonic() < give_up, "the demonstration does not end"
            time.sleep(0.1)
    except psutil.NoSuchProcess:
        pass


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

"""Modes and values: a missing or unsafe value stops the start with one line that names it."""

import functools
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

BASE = Path(__file__).resolve().parents[2]
PRODUCTION = {
    "DATABASE_URL": "postgresql://web:secret@db.example/coi",
    "DATABASE_OWNER_URL": "postgresql://owner:secret@db.example/coi",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyz-0123456789-abcdefghijkl",
    "ALLOWED_HOSTS": "portal.example,www.portal.example",
    "EMAIL_URL": "submission://user:password@mail.example:587",
    "MEDIA_ROOT": "/srv/media",
}
SHOW = "from coi import settings as s; print({})"


# Most of a start is reading packages that ask no setting. A process that has read them makes a copy of itself for every
# program; the copy has its own environment and nothing of ours, and ends as Python ends.
READY = """
import json, os, sys
import dj_database_url, dj_email_url, pghistory, csp.constants, django.contrib.messages
assert not [name for name in sys.modules if name == 'coi' or name.startswith('coi.')]
for line in sys.stdin:
    task = json.loads(line)
    if child := os.fork():
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
        continue
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for number, name in ((1, task['out']), (2, task['err'])):
        os.dup2(os.open(name, os.O_WRONLY), number)
    os.environ.clear()
    os.environ.update(task['env'])
    break
else:
    sys.exit()
exec(task['program'], {'__name__': '__main__'})
"""


@dataclass(frozen=True)
class Ended:
    """What came of a program."""

    returncode: int
    stdout: str
    stderr: str


def plain() -> dict[str, str]:
    """The environment without any setting."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


@functools.cache
def ready() -> "subprocess.Popen[str]":
    """The process that has read the packages; it ends with this one."""
    return subprocess.Popen(
        [sys.executable, "-c", READY],
        env=plain(),
        cwd=BASE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def start(program: str, values: dict[str, str]) -> Ended:
    """Run a program with nothing but these settings in its environment."""
    process = ready()
    assert process.stdin
    assert process.stdout
    with tempfile.NamedTemporaryFile("r") as out, tempfile.NamedTemporaryFile("r") as err:
        task = {"program": program, "env": plain() | values, "out": out.name, "err": err.name}
        process.stdin.write(json.dumps(task) + "\n")
        process.stdin.flush()
        status = int(process.stdout.readline())
        return Ended(status, out.read(), err.read())


def test_production_starts_with_every_value_given() -> None:
    """The safe values go together, and nothing of the demo is left on."""
    shown = SHOW.format(
        "s.DEMO, s.SESSION_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.SITE_URL, s.EMAIL_USE_TLS, s.DEBUG"
    )
    result = start(shown, PRODUCTION)
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip() == "False True True https://portal.example True False"


@pytest.mark.parametrize("name", PRODUCTION)
def test_a_missing_value_stops_the_start(name: str) -> None:
    """One line on stderr, no traceback, status 1."""
    result = start(SHOW.format("s"), {key: value for key, value in PRODUCTION.items() if key != name})
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith(f"Stoppet: {name} ")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "sqlite:///db.sqlite3"),
        ("DATABASE_URL", "postgresql://db.example"),
        ("DATABASE_URL", PRODUCTION["DATABASE_OWNER_URL"]),
        ("DATABASE_URL", "postgresql://web@db.example/another"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 80),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", " , "),
        ("EMAIL_URL", "console://"),
        ("MEDIA_ROOT", "media"),
        ("STORAGE_URL", "https://bucket"),
        ("STORAGE_URL", "s3://bucket?acl=public"),
        ("TRUSTED_PROXIES", "10.0.0.0/8, proxy"),
        ("TRUSTED_PROXIES", "0.0.0.0/0"),
        ("TRUSTED_PROXIES", "::/0"),
        ("SITE_URL", "http://portal.example"),
        ("DEMO", "yes"),
    ],
)
def test_an_unsafe_value_stops_the_start(name: str, value: str) -> None:
    """The line names the setting."""
    result = start(SHOW.format("s"), PRODUCTION | {name: value})
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("Stoppet: ")
    assert name in result.stderr


OIDC = {"OIDC_CLIENT_ID": "portal", "OIDC_CLIENT_SECRET": "hemmelig"}


@pytest.mark.parametrize(
    "url", ["http://broker.example", "broker.example", "https://", "ftp://broker.example"]
)
def test_a_broker_without_https_stops_the_start(url: str) -> None:
    """In production; a demonstration may use one on this machine."""
    result = start(SHOW.format("s"), PRODUCTION | OIDC | {"OIDC_SERVER_URL": url})
    assert (result.returncode, result.stderr) == (
        1,
        "Stoppet: OIDC_SERVER_URL skal begynde med https://.\n",
    )


@pytest.mark.parametrize("name", [*OIDC, "OIDC_SERVER_URL"])
def test_half_a_broker_stops_the_start(name: str) -> None:
    """The line names what is missing."""
    given = OIDC | {"OIDC_SERVER_URL": "https://broker.example", "OIDC_NAME": "MitID"}
    result = start(SHOW.format("s"), PRODUCTION | {key: value for key, value in given.items() if key != name})
    assert result.returncode == 1
    assert result.stderr.startswith(f"Stoppet: {name} mangler")


def test_a_broker_is_set_up_by_three_values() -> None:
    """And off without them."""
    shown = SHOW.format("[a['name'] for a in s.SOCIALACCOUNT_PROVIDERS['openid_connect']['APPS']]")
    assert start(shown, PRODUCTION).stdout.strip() == "[]"
    given = PRODUCTION | OIDC | {"OIDC_SERVER_URL": "https://broker.example/"}
    assert start(shown, given).stdout.strip() == "['MitID Erhverv']"


def test_the_embedded_database_is_never_used_in_production() -> None:
    """Without DATABASE_URL production stops, even where a demo's data folder is at hand."""
    values = {key: value for key, value in PRODUCTION.items() if "DATABASE" not in key}
    program = "import sys; sys.argv = ['manage.py', 'migrate']; import manage; manage.main()"
    result = start(program, values | {"COI_DATA_DIR": "/nonexistent"})
    assert result.returncode == 1
    assert result.stderr == "Stoppet: DATABASE_URL mangler: databasens adresse for webserver og worker.\n"


def test_storage_address_is_read() -> None:
    """Key and secret may hold any character; the bucket keeps its letters' case."""
    url = "s3://key:se%2Fcret@Bucket?endpoint_url=https://s3.example&region_name=eu"
    result = start(SHOW.format("s.STORAGES['default']['OPTIONS']"), PRODUCTION | {"STORAGE_URL": url})
    assert result.returncode == 0, result.stderr
    for part in (
        "'secret_key': 'se/cret'",
        "'bucket_name': 'Bucket'",
        "'endpoint_url': 'https://s3.example'",
    ):
        assert part in result.stdout


def test_a_folder_that_cannot_be_written_stops_the_demo() -> None:
    """Also for root, whom no mode bits stop: a file stands where the folder should be."""
    result = start(SHOW.format("s"), {"DEMO": "1", "COI_DATA_DIR": str(BASE / "manage.py" / "var")})
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1
    assert "kan ikke skrives" in result.stderr

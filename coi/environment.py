"""What the environment says: the mode, the data folder, and values that stop the start when they are unsafe.

Nothing here imports Django, so that the command line, the settings and the tests can all ask before Django is
set up.
"""

import ipaddress
import json
import os
import re
import secrets
import tempfile
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import parse_qsl, unquote, urlsplit

import dj_database_url

BASE_DIR = Path(__file__).resolve().parent.parent
# Any of these says that somebody means to run the portal for real.
PRODUCTION_NAMES = (
    "DATABASE_URL",
    "DATABASE_OWNER_URL",
    "SECRET_KEY",
    "ALLOWED_HOSTS",
    "EMAIL_URL",
    "MEDIA_ROOT",
    "STORAGE_URL",
    "TRUSTED_PROXIES",
)


def stop(message: str) -> NoReturn:
    """End the process with one line on stderr and status 1, without a traceback."""
    raise SystemExit(f"Stoppet: {message}")


def choose_mode() -> None:
    """Set DEMO=1 where neither DEMO nor any production setting is given."""
    if "DEMO" not in os.environ and not any(os.environ.get(name) for name in PRODUCTION_NAMES):
        os.environ["DEMO"] = "1"


def is_demo() -> bool:
    """Tell whether this is a demonstration. DEMO=1 decides, nothing else does."""
    value = os.environ.get("DEMO", "")
    if value not in {"", "0", "1"}:
        stop(f"DEMO skal være 0 eller 1, ikke »{value}«.")
    return value == "1"


def uses_embedded_database() -> bool:
    """Tell whether the embedded PostgreSQL is the database: only in a demo that names no other."""
    return is_demo() and not os.environ.get("DATABASE_URL")


def data_dir() -> Path:
    """Return the absolute folder of everything a demo keeps (COI_DATA_DIR, else var/ beside manage.py)."""
    return Path(os.environ.get("COI_DATA_DIR") or BASE_DIR / "var").expanduser().absolute()


def make_folder(path: Path) -> Path:
    """Make a folder unless it is there, and see that it can be written; else stop with one line."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path) as probe:
            probe.write(b"0")
            probe.flush()
    except OSError as error:
        stop(f"Mappen {path} kan ikke skrives: {error.strerror}.")
    return path


def optional(name: str, default: str = "") -> str:
    """Return a value without the blanks around it, or the default."""
    return os.environ.get(name, "").strip() or default


def required(name: str, why: str) -> str:
    """Return a value that production can't do without, or stop and name it."""
    value = optional(name)
    if not value:
        stop(f"{name} mangler: {why}.")
    return value


def words(value: str) -> list[str]:
    """Split a comma-separated value."""
    return [word.strip() for word in value.split(",") if word.strip()]


def demo_secret(name: str) -> str:
    """Return a random text that stays the same for a demo's data folder (kept in secrets.json, readable by
    its owner).

    Two processes that start at once agree: the file is linked into place, and the first one wins.
    """
    path = make_folder(data_dir()) / "secrets.json"
    if not path.exists():
        fresh = {key: secrets.token_urlsafe(48) for key in ("secret_key", "web_password")}
        try:
            handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".secrets-")
            with os.fdopen(handle, "w") as file:
                json.dump(fresh, file)
            try:
                os.link(draft, path)
            except FileExistsError:
                pass
            finally:
                Path(draft).unlink()
        except OSError as error:
            stop(f"Mappen {path.parent} kan ikke skrives: {error.strerror}.")
    try:
        return str(json.loads(path.read_text())[name])
    except (OSError, ValueError, KeyError):
        stop(f"Filen {path} kan ikke læses. Slet den, og start igen.")


def database(name: str, url: str) -> dict[str, Any]:
    """Turn a database address into Django's settings.

    A unix socket is given as `postgresql://user@/name?host=/folder`. Anything but PostgreSQL stops the start.
    """
    if urlsplit(url).scheme not in {"postgres", "postgresql"}:
        stop(f"{name} skal begynde med postgresql://.")
    try:
        config: dict[str, Any] = dict(dj_database_url.parse(url))
    except ValueError:
        stop(f"{name} kan ikke læses som en databaseadresse.")
    if not config["NAME"] or not config["USER"]:
        stop(f"{name} skal nævne både bruger og database.")
    options = config.setdefault("OPTIONS", {})
    for key in ("host", "port", "password"):
        if key in options:
            config[key.upper()] = str(options.pop(key))
    return config


def networks(name: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Read a list of addresses and networks, or stop and name the one that is wrong."""
    found = []
    for word in words(optional(name)):
        try:
            found.append(ipaddress.ip_network(word))
        except ValueError:
            stop(f"{name}: »{word}« er hverken en adresse eller et net.")
        if found[-1].prefixlen == 0:
            stop(f"{name}: »{word}« er hele internettet, så enhver kunne udgive sig for en anden.")
    return found


def object_storage(name: str, url: str) -> dict[str, Any]:
    """Turn `s3://key:secret@bucket?endpoint_url=…&region_name=…` into options of django-storages' S3 class.

    Key and secret may be left out, where the machine itself is allowed to use the bucket.
    """
    parts = urlsplit(url)
    # Not .hostname, which lowers the case.
    credentials, _, bucket = parts.netloc.rpartition("@")
    if parts.scheme != "s3" or not bucket:
        stop(f"{name} skal se sådan ud: s3://nøgle:hemmelighed@spand?endpoint_url=…")
    options: dict[str, Any] = {"bucket_name": bucket, "file_overwrite": False, "default_acl": None}
    if credentials:
        key, _, secret = credentials.partition(":")
        options |= {"access_key": unquote(key), "secret_key": unquote(secret)}
    allowed = {"endpoint_url", "region_name", "addressing_style", "location"}
    for key, value in parse_qsl(parts.query):
        if key not in allowed:
            stop(f"{name}: »{key}« er ikke en kendt mulighed.")
        options[key] = value
    return options


def oidc_apps(*, production: bool) -> list[dict[str, Any]]:
    """The OpenID Connect broker of OIDC_SERVER_URL, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET; none where none is given.

    Some of them without the others stops the start, and so does an address that is not https in production.
    """
    given = [optional(f"OIDC_{name}") for name in ("SERVER_URL", "CLIENT_ID", "CLIENT_SECRET", "NAME")]
    if not any(given):
        return []
    server = required("OIDC_SERVER_URL", "adressen på den broker, der logger ind med MitID Erhverv")
    client = required("OIDC_CLIENT_ID", "portalens navn hos brokeren")
    secret = required("OIDC_CLIENT_SECRET", "portalens hemmelighed hos brokeren")
    parts = urlsplit(server)
    if parts.scheme not in (("https",) if production else ("https", "http")) or not parts.hostname:
        stop("OIDC_SERVER_URL skal begynde med https://.")
    return [
        {
            "provider_id": "broker",
            "name": optional("OIDC_NAME", "MitID Erhverv"),
            "client_id": client,
            "secret": secret,
            "settings": {"server_url": server.rstrip("/")},
        }
    ]


def tiles(url: str, attribution: str) -> tuple[str, str]:
    """Return the address of map tiles and whose they are; stop when the one can't be used, or lacks the other.

    The host goes into the content policy of the pages with a map, so it must be nothing but a host.
    """
    if not url:
        return "", ""
    parts = urlsplit(url)
    host = parts.netloc.replace("{s}.", "", 1)
    if parts.scheme != "https" or not re.fullmatch(r"[\w.-]+(:\d+)?", host, re.ASCII):
        stop("MAP_TILES_URL skal begynde med https:// og et værtsnavn.")
    if not all(name in parts.path + "?" + parts.query for name in ("{z}", "{x}", "{y}")):
        stop("MAP_TILES_URL skal have {z}, {x} og {y} i adressen.")
    if not attribution:
        stop("MAP_TILES_ATTRIBUTION mangler: skriv, hvis kort det er.")
    return url, attribution

"""A pytest plugin that gives the tests a database of their own, before Django's settings are read.

Without DATABASE_URL that is an embedded server in a temporary folder, gone afterwards. With DATABASE_URL the
tests make their databases beside the named one; its role must be allowed to, and to set session_replication_role.
Tests run as the owner of the tables. Loaded by pyproject.toml, so run pytest as `python -m pytest`.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import psycopg


def prepare() -> None:
    """Set the environment; xdist's workers inherit it from the process that starts them."""
    if os.environ.get("COI_PROCESS") == "test":
        return
    for name in ("ALLOWED_HOSTS", "EMAIL_URL", "MEDIA_ROOT", "STORAGE_URL", "TRUSTED_PROXIES", "STATIC_ROOT"):
        os.environ.pop(name, None)
    folder = Path(tempfile.mkdtemp(prefix="coi-test-"))
    # The embedded server runs as another user when root starts the tests.
    folder.chmod(0o711)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ |= {"DEMO": "1", "COI_PROCESS": "test", "COI_DATA_DIR": str(folder)}
    if not os.environ.get("DATABASE_URL"):
        from coi import embedded

        server = embedded.hold(folder, durable=False)
        os.environ["DATABASE_URL"] = embedded.owner_url(folder)
        # Rows are put back with triggers and foreign keys switched off (see tests/template.py).
        with psycopg.connect(
            host=str(server.socket_dir), user=embedded.SUPERUSER, dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(f"GRANT SET ON PARAMETER session_replication_role TO {embedded.OWNER}")
    os.environ["DATABASE_OWNER_URL"] = os.environ["DATABASE_URL"]


prepare()

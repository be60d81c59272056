#!/usr/bin/env python
"""The command line. Without a database or a production setting it works in demo mode on the embedded
PostgreSQL.
"""

import os
import signal
import sys
from types import FrameType

from coi import environment

# Commands that never ask the database anything, or look after it themselves.
WITHOUT_DATABASE = {
    "check",
    "collectstatic",
    "compilemessages",
    "demo",
    "findstatic",
    "help",
    "makemessages",
    "startapp",
    "version",
}


def _stop(number: int, frame: FrameType | None) -> None:
    """Turn SIGTERM into an ordinary exit, so that the embedded database is closed properly."""
    raise SystemExit(128 + number)


def main() -> None:
    """Choose the mode, start the embedded database where it is needed, and hand over to Django."""
    environment.choose_mode()
    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    plain_help = "--help" in sys.argv or "-h" in sys.argv or command.startswith("-")
    if environment.uses_embedded_database() and command not in WITHOUT_DATABASE and not plain_help:
        from coi import embedded

        signal.signal(signal.SIGTERM, _stop)
        embedded.hold(environment.data_dir())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coi.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()

"""`make demo`: everything a demonstration needs, in the foreground, until it is told to end."""

import hashlib
import sys
import time
import urllib.error
import urllib.request
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection, transaction

from coi import environment, preflight
from coi.management.commands.load_demo import ACCOUNTS, PASSWORD
from coi.models import Marker
from coi.supervisor import Child, StopRequested, Supervisor

READY_SECONDS = 60


class Command(BaseCommand):
    """Prepares database, static files and content, then runs web server and worker."""

    help = "Starter demonstrationen: database, webserver og worker i forgrunden."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Only preparing is of use to a machine image or a test."""
        parser.add_argument("--prepare", action="store_true", help="Gør alt klar, men start ingen webserver.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the demonstration; ends with status 0 on Ctrl-C and SIGTERM, else with a line and status 1."""
        if not settings.DEMO:
            environment.stop("demo kan kun køre med DEMO=1.")
        started = time.monotonic()
        supervisor = Supervisor([], self.say)
        supervisor.listen()
        server = None
        status = 0
        try:
            environment.make_folder(settings.DATA_DIR)
            lock = preflight.lock(settings.DATA_DIR)
            preflight.check_room(settings.DATA_DIR, preflight.ROOM_LATER)
            port = preflight.port_number(settings.PORT)
            listener = preflight.bind(environment.optional("HOST", "127.0.0.1"), port)
            if environment.uses_embedded_database():
                from coi import embedded

                server = embedded.hold(settings.DATA_DIR)
            self.prepare()
            if not options["prepare"]:
                supervisor.children = self.children(listener.fileno())
                supervisor.start()
                self.wait_until_ready(port, supervisor)
                self.greet(port, time.monotonic() - started)
                status = supervisor.watch(lambda: self.look_after(server))
            del lock
        except StopRequested:
            self.say("Demoen afsluttes …")
        except psycopg.errors.DiskFull:
            environment.stop(f"Disken er fuld ({settings.DATA_DIR}).")
        except DatabaseError as error:
            if not isinstance(error.__cause__, psycopg.errors.DiskFull):
                raise
            environment.stop(f"Disken er fuld ({settings.DATA_DIR}).")
        except OSError as error:
            environment.stop(f"{error.strerror or error}: {error.filename or settings.DATA_DIR}.")
        finally:
            supervisor.end()
            connection.close()
            if server:
                server.release()
        if status:
            sys.exit(status)

    def say(self, line: str) -> None:
        """Print a line at once, also into a pipe."""
        self.stdout.write(line)
        self.stdout.flush()

    def prepare(self) -> None:
        """Collect static files if they changed, migrate, and load the demonstration content once."""
        self.collect_static()
        call_command("migrate", verbosity=0, interactive=False)
        with transaction.atomic():
            # Half-loaded content leaves no mark and no rows.
            _, first = Marker.objects.get_or_create(name="demo-content")
            if first:
                self.say("Lægger demonstrationens indhold i databasen …")
                call_command("load_demo", verbosity=0)

    @staticmethod
    def collect_static() -> None:
        """Run collectstatic when a source file was added, removed or changed since the last time."""
        digest = hashlib.sha256()
        for finder in get_finders():
            for path, storage in sorted(finder.list([]), key=lambda found: str(found[0])):
                found = Path(storage.path(path)).stat()
                digest.update(f"{storage.location}/{path} {found.st_size} {found.st_mtime_ns}\n".encode())
        stamp = settings.DATA_DIR / "static.stamp"
        if settings.STATIC_ROOT.is_dir() and stamp.exists() and stamp.read_text() == digest.hexdigest():
            return
        call_command("collectstatic", verbosity=0, interactive=False, clear=True)
        stamp.write_text(digest.hexdigest())

    @staticmethod
    def children(listener: int) -> list[Child]:
        """Describe web server and worker; they use the database that stands ready and never start one."""
        known = {"DEMO": "1"}
        if environment.uses_embedded_database():
            from coi import embedded

            known |= {
                "DATABASE_URL": embedded.web_url(settings.DATA_DIR),
                "DATABASE_OWNER_URL": embedded.owner_url(settings.DATA_DIR),
            }
        gunicorn = [
            sys.executable,
            "-m",
            "gunicorn",
            "-c",
            str(environment.BASE_DIR / "coi/gunicorn_conf.py"),
        ]
        manage = [sys.executable, str(environment.BASE_DIR / "manage.py")]
        return [
            Child("Webserveren", [*gunicorn, "coi.wsgi"], known | {"BIND": f"fd://{listener}"}, (listener,)),
            Child(
                "Workeren",
                [*manage, "procrastinate", "worker", "--shutdown-graceful-timeout", "10"],
                known | {"COI_PROCESS": "worker"},
            ),
        ]

    def wait_until_ready(self, port: int, supervisor: Supervisor) -> None:
        """Wait until the web server answers that it is ready; stop when it doesn't within a minute."""
        host = environment.optional("HOST", "127.0.0.1").replace("0.0.0.0", "127.0.0.1")  # noqa: S104
        give_up = time.monotonic() + READY_SECONDS
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        while True:
            web = supervisor.children[0]
            if web.has_died() or time.monotonic() > give_up:
                environment.stop("Webserveren kom ikke i gang; se linjerne ovenfor.")
            try:
                request = urllib.request.Request(
                    f"http://{host}:{port}/readyz", headers={"Host": "localhost"}
                )
                with opener.open(request, timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)

    def look_after(self, server: Any) -> None:
        """Start the embedded database again, should it have died under us."""
        if server is not None and not server.is_running() and server.revive():
            self.say("Databasen gik ned og er startet igen.")

    def greet(self, port: int, seconds: float) -> None:
        """Print address and logins."""
        self.say(f"\n  Portalen kører på http://localhost:{port}/   (klar efter {seconds:.1f} s)")
        self.say(f"\n  Log ind på http://localhost:{port}/admin/ med adgangskoden {PASSWORD}")
        for address, name in ACCOUNTS.items():
            self.say(f"    {address:<28}{name}")
        self.say(f"\n  Data ligger i {settings.DATA_DIR}, mails i {settings.MAIL_DIR}.")
        self.say("  Stop med Ctrl-C.\n")

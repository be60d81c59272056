"""Make many generated entries, for measuring."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from catalogue.exchange import demo


class Command(BaseCommand):
    """Fill up to a number of made-up entries, or remove them all. Only in a demo."""

    help = "Laver opdigtede, offentliggjorte indlæg til målinger, så der er --entries af dem i alt. Kun i en demo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See the help texts."""
        parser.add_argument(
            "--entries", type=int, default=0, metavar="N", help="Så mange skal der være i alt."
        )
        parser.add_argument("--remove", action="store_true", help="Fjern dem alle, og deres arbejdspladser.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make or remove. Raises CommandError outside a demo, and when nothing is asked for."""
        if not settings.DEMO:
            raise CommandError(
                _("bulk_demo kan kun køre med DEMO=1: opdigtet indhold hører ikke til i drift.")
            )
        if not options["remove"] and options["entries"] < 1:
            raise CommandError(_("Skriv --entries N eller --remove."))
        started = time.monotonic()
        if options["remove"]:
            self.stdout.write(_("Fjernet: %d indlæg.") % demo.remove(say=self._say))
        if options["entries"] > 0:
            made = demo.make(options["entries"], say=self._say)
            seconds = time.monotonic() - started
            self.stdout.write(
                _("Lavet: %(made)d indlæg på %(seconds).0f s.") % {"made": made, "seconds": seconds}
            )

    def _say(self, done: int) -> None:
        if done % 5000 == 0:
            self.stdout.write(f"  {done} …")

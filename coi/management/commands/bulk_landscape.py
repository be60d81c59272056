"""Make workplaces, units, projects and stories beside the generated entries, for measuring the map."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from coi.bench_landscape import fill


class Command(BaseCommand):
    help = "Laver opdigtede arbejdspladser, enheder, projekter og historier til målinger. Kun i en demo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--entries", type=int, required=True, help="Så mange indlæg skal de passe til.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "bulk_landscape kan kun køre med DEMO=1: opdigtet indhold hører ikke til i drift."
            )
        made = fill(options["entries"], say=lambda done: self.stdout.write(f"  {done} …"))
        self.stdout.write(f"Lavet: {made} andre på kortet.")

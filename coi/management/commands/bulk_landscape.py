"""Make workplaces, units, projects, stories, a storm and places beside the generated entries, for measuring."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from coi.bench_landscape import fill
from coi.bench_places import fill_practicum
from coi.bench_storms import fill_storm


class Command(BaseCommand):
    help = "Laver opdigtet indhold til målinger: kortet, en idéstorm og praktikpladser. Kun i en demo."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--entries", type=int, required=True, help="Så mange indlæg skal de passe til.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError(
                "bulk_landscape kan kun køre med DEMO=1: opdigtet indhold hører ikke til i drift."
            )
        made = fill(options["entries"], say=lambda done: self.stdout.write(f"  {done} …"))
        ideas, places = fill_storm(), fill_practicum()
        self.stdout.write(f"Lavet: {made} andre på kortet, {ideas} ideer og {places} praktikpladser.")

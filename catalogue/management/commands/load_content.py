"""Load the written content: real entries with their sources, and on request the marked demonstrations."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from catalogue.loading import load_all


class Command(BaseCommand):
    help = "Indlæser portalens eget indhold fra catalogue/content/. Kan køres igen uden at ændre noget."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--demo", action="store_true", help="Også det opdigtede, der er mærket som demonstration."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        added = load_all(demo=options["demo"])
        self.stdout.write(
            f"Indlæst: {added['entries']} indlæg, {added['workplaces']} arbejdspladser, {added['tags']} emner, "
            f"{added['collections']} samlinger."
        )

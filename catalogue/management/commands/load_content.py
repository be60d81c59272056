"""Load the written content: real entries with their sources, and a few marked demonstrations."""

from typing import Any

from django.core.management.base import BaseCommand

from catalogue.loading import load_all


class Command(BaseCommand):
    help = "Indlæser portalens eget indhold fra catalogue/content/. Kan køres igen uden at ændre noget."

    def handle(self, *args: Any, **options: Any) -> None:
        added = load_all()
        self.stdout.write(
            f"Indlæst: {added['entries']} indlæg, {added['workplaces']} arbejdspladser, {added['tags']} emner, "
            f"{added['collections']} samlinger."
        )

"""Load how many live in each municipality."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from places.population import MAX_BYTES, PopulationFileError, load_population


class Command(BaseCommand):
    """One line that names the line and the reason, and exit status 1, when the file will not do."""

    help = (
        "Indlæser kommunernes indbyggertal fra CSV med kolonnerne code, population og year. De bruges til antal pr. "
        "100.000 indbyggere. Er der en fejl i filen, skrives intet."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See the help texts."""
        parser.add_argument("file", type=Path, help="Filen, der skal læses.")
        parser.add_argument(
            "--dry-run", action="store_true", help="Fortæl, hvad der ville ske, uden at skrive noget."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and tell what was done. Raises CommandError when the file will not do."""
        try:
            with options["file"].open("rb") as stream:
                content = stream.read(MAX_BYTES + 1)
        except OSError as error:
            raise CommandError(_("%(file)s kan ikke læses.") % {"file": options["file"]}) from error
        try:
            count, changed = load_population(content, dry_run=options["dry_run"])
        except PopulationFileError as error:
            raise CommandError(str(error)) from error
        text = _("Indbyggertal for %(count)d kommuner; %(changed)d er ændret.")
        if options["dry_run"]:
            text = _(
                "Filen er i orden: %(count)d kommuner; %(changed)d ville blive ændret. Intet er skrevet."
            )
        self.stdout.write(text % {"count": count, "changed": changed})

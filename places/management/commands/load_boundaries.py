"""Load official municipal boundaries."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from places.boundary_files import MAX_BYTES, BoundaryFileError
from places.boundary_loading import load_boundaries


class Command(BaseCommand):
    """One line that names the area and the reason, and exit status 1, when the file will not do."""

    help = (
        "Indlæser officielle kommunegrænser (GeoJSON i WGS 84 med en kommunekode for hvert område). De bruges til "
        "kortets omrids og til at se, om et punkt ligger i sin kommune. Er der en fejl i filen, skrives intet."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See the help texts."""
        parser.add_argument("file", type=Path, help="Filen, der skal læses.")
        parser.add_argument(
            "--source", default="", help="Hvor og hvornår grænserne er hentet; står under kortet."
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Fortæl, hvad der ville ske, uden at skrive noget."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and tell what was done. Raises CommandError when the file will not do."""
        path: Path = options["file"]
        source = " ".join(options["source"].split()) or path.name
        if len(source) > 300:
            raise CommandError(_("Kilden må højst være på 300 tegn."))
        try:
            with path.open("rb") as stream:
                content = stream.read(MAX_BYTES + 1)
                size = path.stat().st_size
        except OSError as error:
            raise CommandError(_("%(file)s kan ikke læses.") % {"file": path}) from error
        if len(content) > MAX_BYTES:
            raise CommandError(
                _("Filen fylder %(size)d MB; højst %(most)d. Brug en generaliseret udgave, f.eks. 1:500.000.")
                % {"size": size // 1_000_000, "most": MAX_BYTES // 1_000_000}
            )
        try:
            found, changed = load_boundaries(content, source=source, dry_run=options["dry_run"])
        except BoundaryFileError as error:
            raise CommandError(str(error)) from error
        for note in found.notes:
            self.stdout.write(note)
        self.stdout.write(
            self._outcome(len(found.areas), source, changed=changed, dry_run=options["dry_run"])
        )

    def _outcome(self, count: int, source: str, *, changed: bool, dry_run: bool) -> str:
        if not changed:
            return _("Grænserne for %(count)d kommuner var indlæst i forvejen. Intet er ændret.") % {
                "count": count
            }
        if dry_run:
            text = _(
                "Filen er i orden: %(count)d kommuner. Intet er skrevet. Kilde under kortet: %(source)s."
            )
        else:
            text = _("Grænserne for %(count)d kommuner er indlæst. Kilde under kortet: %(source)s.")
        return text % {"count": count, "source": source}

"""Import a list of entries from CSV or XLSX."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from catalogue.exchange.importing import ImportBusyError, import_entries
from catalogue.exchange.report import Report


class Command(BaseCommand):
    """Report every bad row with line, column and reason; exit status 1 when there was one."""

    help = (
        "Lægger en liste med indlæg ind fra CSV eller XLSX. En række med et kendt external_id retter indlægget. "
        "Er der en fejl i filen, skrives intet, medmindre --skip-bad er sat."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See the help texts."""
        parser.add_argument("file", type=Path, help="Filen, der skal læses.")
        parser.add_argument(
            "--publish", action="store_true", help="Offentliggør indlæggene; ellers bliver de kladder."
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="Fortæl, hvad der ville ske, uden at skrive noget."
        )
        parser.add_argument(
            "--skip-bad", action="store_true", help="Læg de rigtige rækker ind, og spring resten over."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and print the report to stdout. Raises CommandError when a row was bad."""
        path: Path = options["file"]
        try:
            with path.open("rb") as stream:
                report = import_entries(
                    stream,
                    name=path.name,
                    publish=options["publish"],
                    dry_run=options["dry_run"],
                    skip_bad=options["skip_bad"],
                )
        except OSError as error:
            raise CommandError(_("%(file)s kan ikke læses.") % {"file": path}) from error
        except ImportBusyError as error:
            raise CommandError(str(error)) from error
        self._print(report)
        outcome = self._outcome(report, dry_run=options["dry_run"])
        if report.bad_rows or report.broken:
            raise CommandError(outcome)
        self.stdout.write(outcome)

    def _print(self, report: Report) -> None:
        for note in report.errors:
            self.stdout.write(str(note))
        if report.hidden_errors:
            self.stdout.write(_("… og %d fejl mere.") % report.hidden_errors)
        for note in report.warnings:
            self.stdout.write(_("Bemærk: %s") % note)
        self.stdout.write(report.summary())

    @staticmethod
    def _outcome(report: Report, *, dry_run: bool) -> str:
        if report.broken:
            return _("Filen kan ikke læses til ende. Intet er skrevet.")
        if dry_run:
            return _("Prøve: intet er skrevet.")
        if report.written and report.bad_rows:
            if report.bad_rows == report.rows:
                return _("Alle rækker har fejl, så intet er skrevet.")
            return _("Rækkerne med fejl er sprunget over. Resten er skrevet.")
        if report.written:
            return _("Skrevet.")
        return _("Intet er skrevet. Ret rækkerne med fejl, eller spring dem over med --skip-bad.")

"""Export the entries as CSV, XLSX or JSON."""

from __future__ import annotations

import os
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from catalogue.exchange.exporting import FORMATS, export
from catalogue.models import Entry
from guards.exports import CellTooLong


class Command(BaseCommand):
    """Write the published entries, oldest first, to a file or to stdout."""

    help = "Skriver de offentliggjorte indlæg som CSV, XLSX eller JSON. Filen kan læses ind igen med import_entries."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See the help texts."""
        parser.add_argument("--format", choices=FORMATS, help="Standard: som filens endelse, ellers csv.")
        parser.add_argument("--output", type=Path, metavar="FIL", help="Standard: stdout.")
        parser.add_argument(
            "--all-states", action="store_true", help="Tag også kladder og det, der er taget ned, med."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Export. A file is complete or not there. Raises CommandError when it can't be written."""
        output: Path | None = options["output"]
        suffix = output.suffix[1:].lower() if output else ""
        kind = options["format"] or (suffix if suffix in FORMATS else "csv")
        entries = Entry.objects.all() if options["all_states"] else Entry.objects.published()
        try:
            pieces = export(entries.order_by("pk").values_list("pk", flat=True), kind, entries=entries)
            if output:
                self._write_file(pieces, output)
            else:
                self._write_stdout(pieces)
        except CellTooLong as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(_("%(file)s kan ikke skrives.") % {"file": output or "stdout"}) from error

    @staticmethod
    def _write_file(pieces: Iterator[bytes], output: Path) -> None:
        handle, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.writelines(pieces)
            Path(name).chmod(0o644)
            Path(name).replace(output)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise

    def _write_stdout(self, pieces: Iterator[bytes]) -> None:
        raw = getattr(self.stdout._out, "buffer", None)
        if raw is None:  # a text stream, as call_command may give
            text = b"".join(pieces).decode("utf-8", "replace")
            self.stdout.write(text, ending="")
            return
        for piece in pieces:
            raw.write(piece)
        raw.flush()

"""Note an address that mail came back from, for whoever looks after the mail server."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from notices import bounces


class Command(BaseCommand):
    """Takes addresses, as from a program that reads the mailbox for returned mail. Safe to repeat."""

    help = "Notér de adresser, der altid sender mails retur. De får ikke flere mails."

    def add_arguments(self, parser: CommandParser) -> None:
        """One address or several."""
        parser.add_argument("addresses", nargs="+", metavar="ADRESSE")
        parser.add_argument("--code", default="", help="svaret fra mailserveren, f.eks. »550 5.1.1«")

    def handle(self, *args: Any, **options: Any) -> None:
        """Check all before any is noted."""
        for address in options["addresses"]:
            try:
                validate_email(address)
            except ValidationError as error:
                raise CommandError("En af adresserne er ikke en mailadresse. Intet er noteret.") from error
        for address in options["addresses"]:
            bounces.record(address, options["code"])
        self.stdout.write(f"Noteret: {len(options['addresses'])}.")

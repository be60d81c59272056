"""What a name that is shown on the portal may hold."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MAX_LENGTH = 150

_URL = re.compile(
    r"(?i)(?:https?:|www\.|://|\b[\w-]+\.(?:dk|com|net|org|eu|io|info|biz|ru|cn|xyz|top|shop|link|me|co)\b)"
)


def plain_name(value: str) -> None:
    """A validator for names of people and places. Raises ValidationError in plain words."""
    if len(value) > MAX_LENGTH:
        raise ValidationError(
            _("Navnet er på %(length)s tegn. Skriv højst %(most)s.")
            % {"length": len(value), "most": MAX_LENGTH},
            code="long",
        )
    if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") for c in value):
        raise ValidationError(
            _("Navnet har tegn, der ikke kan ses, f.eks. et linjeskift. Skriv navnet på én linje uden dem."),
            code="hidden",
        )
    if _URL.search(value):
        raise ValidationError(_("Skriv kun et navn her, ikke en adresse på nettet."), code="url")
    if "@" in value:
        raise ValidationError(
            _("Skriv kun et navn her, ikke en mailadresse. Navnet kan ses af andre."), code="email"
        )

"""What a citizen says yes to when telling a story. A new wording gets a new version; the old ones stay in the table."""

from django.utils.translation import gettext_lazy as _

WHAT = "publish-story"
VERSION = "2026-11"
TEXT = _(
    "Ja, I må vise min historie på portalen, så alle kan læse den: overskriften, teksten, stedet, hvornår det skete, "
    "billedet, hvis jeg har valgt et, og navnet, hvis jeg har skrevet et."
)
HELP = _(
    "Redaktionen læser historien, før den bliver vist. Du kan altid trække den tilbage med koden på din kvittering, "
    "også når den er vist. Så forsvinder den fra portalen med det samme."
)
HELP_ON_ACCOUNT = _(
    "Redaktionen læser historien, før den bliver vist. Du kan altid trække den tilbage på Min side, også når den er "
    "vist. Så forsvinder den fra portalen med det samme."
)
"""For somebody who is logged in, and gets no code."""

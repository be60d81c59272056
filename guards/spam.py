"""Two traps for programs that fill in every form, without a third party, a cookie or a script.

A field that people do not see (`hjemmeside`), and the signed time at which the form was opened. Neither is a
login or a puzzle: whoever is caught gets a sentence, keeps what they typed, and sends again. A signed time may be used
more than once within its day; against repetition there are `guards.ratelimits` and `guards.once`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

FIELD = "hjemmeside"
"""The trap's name in the form: what a program likes to fill in, and no browser does by itself."""
OPENED = "aabnet"


@dataclass(frozen=True, slots=True)
class Trap:
    """What `components/trap.html` draws."""

    field: str
    field_id: str
    opened: str
    token: str


class TrapMixin(forms.BaseForm):
    """For forms of those who need no account: put it first among the bases, and the template inside the form tag.

    The traps are not form fields: nothing shows up in loops over the form or in `changed_data`.
    """

    trap_min_seconds = 3
    trap_max_seconds = 24 * 3600

    @classmethod
    def trap_token(cls, *, seconds_ago: int = 0) -> str:
        """A signed time, for this class of form only."""
        return cls._signer().sign(str(int(time.time()) - seconds_ago))

    @property
    def trap(self) -> Trap:
        """The traps as they are drawn now, also after an error."""
        field = self.add_prefix(FIELD)
        # Always empty, so that a person whose browser filled it in need not find it to send again.
        return Trap(field, f"{self.prefix or 'trap'}-{FIELD}", self.add_prefix(OPENED), self._next_token())

    def clean(self) -> Any:
        """Check the traps; at most one sentence."""
        cleaned = super().clean()
        age = self._age()
        if self.data.get(self.add_prefix(FIELD)):
            raise ValidationError(
                _(
                    "Et skjult felt, som skal stå tomt, var udfyldt. Det gør programmer, og sommetider en browser, der "
                    "udfylder felter selv. Vi har tømt feltet, og alt andet står her stadig. Send igen."
                ),
                code="trap",
            )
        if age is None or age > self.trap_max_seconds:
            raise ValidationError(
                _("Siden har stået åben længe. Det, du har skrevet, står her stadig. Send igen."),
                code="expired",
            )
        if age < self.trap_min_seconds:
            raise ValidationError(
                _(
                    "Det gik så hurtigt, at vi ikke kan se, om et menneske sender. Vent et øjeblik, og send igen."
                ),
                code="fast",
            )
        return cleaned

    @classmethod
    def _signer(cls) -> signing.Signer:
        return signing.Signer(salt=f"guards.spam.{cls.__module__}.{cls.__qualname__}")

    def _age(self) -> int | None:
        """Seconds since the form was opened; None when the time is missing or not ours."""
        try:
            opened = int(self._signer().unsign(str(self.data.get(self.add_prefix(OPENED), ""))))
        except (signing.BadSignature, ValueError):
            return None
        return int(time.time()) - opened

    def _next_token(self) -> str:
        age = self._age() if self.is_bound else None
        if age is None:
            return self.trap_token()
        if age < self.trap_min_seconds:
            return str(self.data[self.add_prefix(OPENED)])
        return self.trap_token(
            seconds_ago=self.trap_min_seconds
        )  # whoever has waited once need not wait again


def posted(form_class: type[TrapMixin], *, prefix: str = "", seconds_ago: int = 60) -> dict[str, str]:
    """What a browser sends for the traps when a person has filled in the form; for tests."""
    start = f"{prefix}-" if prefix else ""
    return {f"{start}{FIELD}": "", f"{start}{OPENED}": form_class.trap_token(seconds_ago=seconds_ago)}

"""Where a contribution is, as four steps for its sender."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from editorial.choices import State


@dataclass(frozen=True)
class Step:
    """One step: what it is called, and whether it is past, now, a stop that waits for the sender, or still to come."""

    label: Any
    look: str = ""

    @property
    def is_current(self) -> bool:
        """Whether the contribution is here."""
        return self.look in ("is-now", "is-stop")


PAST, NOW, STOP = "is-past", "is-now", "is-stop"
_SENT, _READ = Step(_("Sendt"), PAST), Step(_("Læst"), PAST)

WAYS: dict[str, tuple[Step, ...]] = {
    State.DRAFT: (Step(_("Kladde"), NOW), Step(_("Sendt")), Step(_("Behandles")), Step(_("Vises"))),
    State.SUBMITTED: (_SENT, Step(_("I køen"), NOW), Step(_("Behandles")), Step(_("Vises"))),
    State.RETURNED: (_SENT, _READ, Step(_("Venter på dig"), STOP), Step(_("Vises"))),
    State.PUBLISHED: (_SENT, _READ, Step(_("Godkendt"), PAST), Step(_("Vises nu"), NOW)),
    State.REJECTED: (_SENT, _READ, Step(_("Ikke taget med"), STOP)),
    State.WITHDRAWN: (_SENT, Step(_("Trukket tilbage"), STOP)),
    State.SUSPENDED: (_SENT, _READ, Step(_("Vist"), PAST), Step(_("Taget ned"), STOP)),
    State.ARCHIVED: (_SENT, _READ, Step(_("Vist"), PAST), Step(_("Arkiveret"), NOW)),
}
"""State → the steps; each state has exactly one that is current."""

TAKEN = (_SENT, Step(_("Læses nu"), NOW), Step(_("Svar")), Step(_("Vises")))
"""The way of what an editor has taken."""


def way(state: str, *, is_taken: bool = False) -> tuple[Step, ...]:
    """The steps of a contribution in `state`; `is_taken`: an editor has it."""
    return TAKEN if state == State.SUBMITTED and is_taken else WAYS[state]

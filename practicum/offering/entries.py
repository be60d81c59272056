"""Entries of the catalogue that can be seen in practice at a place."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from editorial.proposals import entries
from editorial.proposals.rows import RowForm, needed
from practicum.models import OfferEntry


class EntryField(entries.EntryField):
    """A public entry of the catalogue."""

    @staticmethod
    def kinds() -> tuple[str, ...]:
        """The kinds that an entry can be."""
        entry: Any = OfferEntry._meta.get_field("entry").related_model
        return tuple(entry.KINDS)


class EntryRow(RowForm):
    """One entry, by its title or its address."""

    entry = EntryField.asked(_("Indlæg"), _("Skriv titlen, eller sæt adressen på siden ind."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["entry"].required = True
        self.fields["entry"].error_messages.update(needed(_("Indlæg")))

    def row(self) -> dict[str, Any]:
        """With the entry's key."""
        return {"entry_id": self.cleaned_data["entry"].pk}

    @classmethod
    def initial_of(cls, row: dict[str, Any]) -> dict[str, Any]:
        """From the entry's key."""
        return {"entry": row["entry_id"]}


def suggested(text: str) -> list[str]:
    """At most eight titles of public entries that hold the text. One query."""
    return entries.suggested(text, kinds=EntryField.kinds())

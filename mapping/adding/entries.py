"""Naming an entry of the catalogue that is the same thing, or that it led to."""

from __future__ import annotations

from typing import Any

from editorial.proposals import entries
from editorial.proposals.entries import keep_hidden
from mapping.models import Project

__all__ = ["EntryField", "keep_hidden", "suggested"]


class EntryField(entries.EntryField):
    """A public entry of the catalogue."""

    @staticmethod
    def kinds() -> tuple[str, ...]:
        """The kinds that an entry can be."""
        entry: Any = Project._meta.get_field("example").related_model
        return tuple(entry.KINDS)


def suggested(text: str) -> list[str]:
    """At most eight titles of public entries that hold the text. One query."""
    return entries.suggested(text, kinds=EntryField.kinds())

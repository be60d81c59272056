"""What becomes of units that are workplaces themselves when two workplaces become one."""

from __future__ import annotations

from typing import Any

from mapping.models import Unit


def move_unit(_field: Any, keep: int, duplicate: int) -> None:
    """The duplicate's unit becomes `keep`'s. Where `keep` has one, both stand, and the editors see whether they are
    one: a page is never lost to a merge.
    """
    for unit in Unit.objects.filter(same_workplace=duplicate):
        taken = Unit.objects.filter(same_workplace=keep).exists()
        Unit.objects.filter(pk=unit.pk).update(same_workplace=None if taken else keep)
        Unit.objects.get(pk=unit.pk).reindex()

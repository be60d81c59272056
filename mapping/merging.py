"""What becomes of units that are workplaces themselves when two workplaces become one."""

from __future__ import annotations

from mapping.models import Unit
from places.models import Workplace


def move_unit(keep: Workplace, duplicate: Workplace) -> None:
    """Before the merge: the duplicate's unit becomes `keep`'s. Where `keep` has one, both stand, and the editors see
    whether they are one: the merge would else take the second away with its whole page.
    """
    for unit in Unit.objects.filter(same_workplace=duplicate):
        taken = Unit.objects.filter(same_workplace=keep).exists()
        Unit.objects.filter(pk=unit.pk).update(same_workplace=None if taken else keep)
        Unit.objects.get(pk=unit.pk).reindex()

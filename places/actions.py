"""Names, sectors and parents that begin and end. Two workplaces that are one: places.merging."""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import DateField, F, Func, Q
from django.utils.translation import gettext as _

from places.models import Workplace, WorkplacePeriod

log = logging.getLogger(__name__)
UNCHANGED: Any = object()
"""Means »as it was« where None means »none«."""


def today() -> dt.date:
    """The database's day, which tests can move."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coi_today()")
        return cast(dt.date, cursor.fetchone()[0])


def periods_of_today() -> models.QuerySet[WorkplacePeriod]:
    """The periods that hold today."""
    day = Func(function="coi_today", output_field=DateField())
    return WorkplacePeriod.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=day), Q(valid_to__isnull=True) | Q(valid_to__gt=day)
    )


def follow_the_day(*, workplace: Workplace | None = None) -> list[Workplace]:
    """Let name, sector and parent of every workplace (or one) be those of the period that holds today.

    Returns the workplaces that changed, for whoever keeps search documents. A period whose parent would close a ring
    is left alone and logged; the others are not held back by it.
    """
    stale = periods_of_today().exclude(
        Q(workplace__name=F("name"))
        & Q(workplace__sector=F("sector"))
        & (Q(workplace__parent=F("parent")) | Q(workplace__parent__isnull=True, parent__isnull=True))
    )
    if workplace is not None:
        stale = stale.filter(workplace=workplace)
    waiting = list(stale.order_by("workplace_id"))
    changed: list[Workplace] = []
    for attempt in (1, 2):  # a parent may be free only once another has moved
        refused = []
        for period in waiting:
            try:
                with transaction.atomic():
                    row = Workplace.objects.select_for_update().get(pk=period.workplace_id)
                    row.name, row.sector, row.parent_id = period.name, period.sector, period.parent_id
                    row.save(update_fields=["name", "sector", "parent", "updated_at"])
            except IntegrityError:
                refused.append(period)
                if attempt == 2:
                    log.warning("workplace %s: its period's parent would close a ring", period.workplace_id)
            else:
                changed.append(row)
        waiting = refused
    return changed


@transaction.atomic
def record_change(
    *,
    workplace: Workplace,
    on: dt.date,
    name: str | None = None,
    sector: str | None = None,
    parent: Any = UNCHANGED,
) -> WorkplacePeriod:
    """From the day `on`, `workplace` has this name, sector or parent; before it stays what it was.

    Returns the period that begins. Periods are split where `on` lies within one; without any, what the workplace
    is now becomes the first. Raises ValidationError when the result is not valid (such as a ring of parents).
    """
    workplace = Workplace.objects.select_for_update().get(pk=workplace.pk)
    covering = (
        workplace.periods.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=on))
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))
        .first()
    )
    if covering is None:
        following = workplace.periods.filter(valid_from__gt=on).order_by("valid_from").first()
        before = workplace.periods.filter(valid_to__lte=on).order_by("-valid_to").first()
        covering = WorkplacePeriod.objects.create(
            workplace=workplace, name=workplace.name, sector=workplace.sector, parent=workplace.parent,
            valid_from=before.valid_to if before else None, valid_to=following.valid_from if following else None,
        )  # fmt: skip
    until = covering.valid_to
    if covering.valid_from == on:
        begins = covering
    else:
        covering.valid_to = on
        covering.save()
        begins = WorkplacePeriod(
            workplace=workplace, name=covering.name, sector=covering.sector, parent_id=covering.parent_id,
            valid_from=on, valid_to=until,
        )  # fmt: skip
    begins.name = name if name is not None else begins.name
    begins.sector = sector if sector is not None else begins.sector
    if parent is not UNCHANGED:
        begins.parent = parent
        refuse_ring(workplace, parent)
    begins.full_clean()
    begins.save()
    follow_the_day(workplace=workplace)
    return begins


def refuse_ring(workplace: Workplace, parent: Workplace | None) -> None:
    """Raise ValidationError (on the field parent) when `workplace` would lie under itself."""
    above, steps = parent, 0
    while above is not None:
        if workplace.pk and above.pk == workplace.pk:
            raise ValidationError(
                {"parent": _("Det går i ring: »%s« hører selv under denne arbejdsplads.") % parent}
            )
        steps += 1
        above = above.parent if steps < 50 else None

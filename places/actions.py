"""What changes several places at once: names that begin and end, and two workplaces that turn out to be one."""

from __future__ import annotations

import datetime as dt
import logging
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models import DateField, F, Func, Q
from django.utils.translation import gettext as _
from pghistory.models import Event

from accounts.staff_admin import log_action
from places.memberships import merge_memberships
from places.models import Succession, Workplace, WorkplaceAlias, WorkplacePeriod

if TYPE_CHECKING:
    from accounts.models import User

log = logging.getLogger(__name__)
UNCHANGED: Any = object()
"""Means »as it was« where None means »none«."""


class MergeError(ValidationError):
    """Two workplaces can't be merged. The message is for the page."""


def today() -> dt.date:
    """The database's day, which tests can move."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coi_today()")
        return cast(dt.date, cursor.fetchone()[0])


# -- names, sectors and parents over time ------------------------------------


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


# -- two that are one ---------------------------------------------------------


def pointers(model: type[models.Model] = Workplace) -> list[Any]:
    """Every column in the database that points at `model`, except in logs."""
    found = []
    for relation in model._meta.get_fields(include_hidden=True):
        if not (
            relation.auto_created and not relation.concrete and (relation.one_to_many or relation.one_to_one)
        ):
            continue
        other = cast(type[models.Model], relation.related_model)
        if not issubclass(other, Event) and other._meta.managed and not other._meta.proxy:
            found.append(relation.field)  # type: ignore[union-attr]
    return found


def what_moves(duplicate: Workplace) -> list[tuple[str, int]]:
    """What points at `duplicate`: the plural of each sort of row, and how many."""
    found: dict[str, int] = {}
    for field in pointers():
        if field.one_to_one:
            continue  # derived rows, such as search documents
        number = field.model._base_manager.filter(**{field.name: duplicate.pk}).count()
        if number:
            label = str(field.model._meta.verbose_name_plural)
            if field.model is Workplace:
                label = str(_("arbejdspladser, der hører under den"))
            found[label] = found.get(label, 0) + number
    return sorted(found.items())


@transaction.atomic
def merge_workplaces(*, keep: Workplace, duplicate: Workplace, by: User | None) -> Workplace:
    """Make one of two rows for the same workplace. Returns `keep` as it is afterwards.

    Everything that points at `duplicate` moves to `keep`, its addresses lead there, its names become aliases, and
    `keep` takes over what it lacks itself (address, CVR number, …). Where both have the same row (both take part in
    the same example), the rows become one. Both are locked: what happens at the same time waits, and a second run
    raises MergeError without harm, as does merging a workplace with itself.
    """
    if keep.pk == duplicate.pk:
        raise MergeError(_("Vælg to forskellige arbejdspladser."))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(742002)")  # the lock of places_no_parent_cycle
    locked = Workplace.objects.select_for_update().in_bulk(sorted([keep.pk, duplicate.pk]))
    if len(locked) < 2:
        raise MergeError(_("En af dem findes ikke mere. En anden har måske allerede lagt dem sammen."))
    keep, duplicate = locked[keep.pk], locked[duplicate.pk]
    names = [
        duplicate.name,
        *duplicate.periods.values_list("name", flat=True),
        *duplicate.aliases.values_list("name", flat=True),
    ]
    # From here on, nothing of keep's may lie under the duplicate, nor succeed it.
    _step_out_from_under(keep, duplicate)
    Succession.objects.filter(predecessor__in=locked.values(), successor__in=locked.values()).delete()
    _move_past_periods(keep, duplicate)
    merge_memberships(keep=keep, duplicate=duplicate, by=by)
    for field in pointers():
        _move(field, keep.pk, duplicate.pk)
    known = {keep.name.casefold(), *(n.casefold() for n in keep.aliases.values_list("name", flat=True))}
    for name in dict.fromkeys(names):
        if name.casefold() not in known:
            known.add(name.casefold())
            WorkplaceAlias.objects.create(workplace=keep, name=name)
    _fill_blanks(keep, duplicate)
    title, key = duplicate.name, duplicate.pk
    duplicate.delete()
    follow_the_day(workplace=keep)
    log_action(by, keep, _("Lagt sammen med"), f"{title} (nr. {key})", keep.name)
    keep.refresh_from_db()
    return keep


def _step_out_from_under(keep: Workplace, duplicate: Workplace) -> None:
    """Where `keep` lies somewhere under `duplicate`, lift it to where the duplicate lies, so that no ring closes."""
    above, steps = keep.parent, 0
    while above is not None and steps < 50:
        if above.pk == duplicate.pk:
            keep.parent_id = duplicate.parent_id
            keep.save(update_fields=["parent", "updated_at"])
            break
        above, steps = above.parent, steps + 1
    higher = duplicate.parent_id if duplicate.parent_id != keep.pk else None
    keep.periods.filter(parent=duplicate).update(parent=higher)


def _move_past_periods(keep: Workplace, duplicate: Workplace) -> None:
    """Former names that don't overlap what `keep` knows of itself move; the others live on as aliases only."""
    own = list(keep.periods.all())
    day = today()
    for period in duplicate.periods.all():
        clash = any(
            (a.valid_to is None or period.valid_from is None or period.valid_from < a.valid_to)
            and (period.valid_to is None or a.valid_from is None or a.valid_from < period.valid_to)
            for a in own
        )
        if clash or period.valid_to is None or period.valid_to > day or period.parent_id == keep.pk:
            period.delete()
        else:
            period.workplace = keep
            period.save()
            own.append(period)


def _move(field: Any, keep: Any, duplicate: Any) -> None:
    """Let rows that point at `duplicate` through `field` point at `keep`; where that clashes, two become one."""
    manager = field.model._base_manager
    for row in manager.filter(**{field.attname: duplicate}).order_by("pk"):
        try:
            with transaction.atomic():
                manager.filter(pk=row.pk).update(**{field.attname: keep})
        except IntegrityError:
            twin = _twin(field, row, keep)
            if twin is None:
                raise
            for pointer in pointers(field.model):
                _move(pointer, twin.pk, row.pk)
            _fill_blanks(twin, row)
            row.delete()


def _twin(field: Any, row: models.Model, keep: Any) -> models.Model | None:
    """The row that already stands where `row` would come to stand if it pointed at `keep`."""
    unique = [[f.name] for f in row._meta.concrete_fields if f.unique and f.name == field.name]
    unique += [list(c.fields) for c in row._meta.total_unique_constraints if field.name in c.fields]
    unique += [list(names) for names in row._meta.unique_together if field.name in names]
    for names in unique:
        others = {n: getattr(row, f"{n}_id", getattr(row, n, None)) for n in names if n != field.name}
        if found := type(row)._base_manager.filter(**others, **{field.name: keep}).exclude(pk=row.pk).first():
            return found
    return None


def _fill_blanks(keep: models.Model, duplicate: models.Model) -> None:
    """Give `keep` the values that only `duplicate` has. A position on the map is taken as a whole."""
    taken = {}
    for f in keep._meta.concrete_fields:
        if f.primary_key or f.generated or f.is_relation or f.unique or f.name in ("lat", "lng", "closed_on"):
            continue
        if f.empty_strings_allowed or f.null:
            value = getattr(duplicate, f.attname)
            if getattr(keep, f.attname) in (None, "") and value not in (None, ""):
                taken[f.attname] = value
    if isinstance(keep, Workplace) and isinstance(duplicate, Workplace):
        if keep.lat is None and duplicate.lat is not None:
            taken |= {"lat": duplicate.lat, "lng": duplicate.lng}
        if keep.municipality_id is None and duplicate.municipality_id:
            taken["municipality_id"] = duplicate.municipality_id
    if taken:
        type(keep)._base_manager.filter(pk=keep.pk).update(**taken)

"""Two workplaces that turn out to be one: what becomes of everything that points at the one that goes.

Every relation to Workplace has a declared way (WAYS); an area adds its own in AppConfig.ready. What has none is not
guessed at: the merge is refused, and a test that looks through the models fails before that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS, IntegrityError, connection, models, transaction
from django.db.models import ProtectedError
from django.db.models.deletion import Collector
from django.utils.translation import gettext as _
from pghistory.models import Event

from accounts.staff_admin import log_action
from places.actions import follow_the_day, today
from places.memberships import merge_memberships
from places.models import Succession, Workplace, WorkplaceAlias

if TYPE_CHECKING:
    from accounts.models import User


class MergeError(ValidationError):
    """Two workplaces can't be merged. The message is for the page."""


@dataclass(frozen=True)
class Way:
    """What becomes of rows that point at the duplicate through a field: `carry_out(field, keep, duplicate)`, with the
    primary keys of both. `is_told`: whether the page that asks counts them.
    """

    carry_out: Callable[[Any, int, int], None]
    is_told: bool = True


# -- the ways -----------------------------------------------------------------


def _move(field: Any, keep: int, duplicate: int) -> None:
    rows = field.model._base_manager.filter(**{field.attname: duplicate}).order_by("pk")
    for key in rows.values_list("pk", flat=True):  # one by one: the history says so of each
        field.model._base_manager.filter(pk=key).update(**{field.attname: keep})


def _become_one(field: Any, keep: int, duplicate: int) -> None:
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
                _become_one(pointer, cast(int, twin.pk), row.pk)
            _fill_blanks(twin, row)
            delete_alone(row)


def _leave_out(field: Any, _keep: int, duplicate: int) -> None:
    field.model._base_manager.filter(**{field.attname: duplicate}).delete()


def _move_past_periods(_field: Any, keep_pk: int, duplicate_pk: int) -> None:
    """Former names that don't overlap what `keep` knows of itself move; the others live on as aliases only."""
    keep, duplicate = Workplace.objects.get(pk=keep_pk), Workplace.objects.get(pk=duplicate_pk)
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


MOVED = Way(_move)
"""They point at the one that is kept."""
BECOME_ONE = Way(_become_one)
"""They move; where both have the same row, the two become one that has what either knew. Never for content."""
DERIVED = Way(_leave_out, is_told=False)
"""Made from other rows, and made anew after the merge."""


def added_up(total: str, *, words: str = "") -> Way:
    """Totals move; where both have one for the same day or month, its `total` is the sum. `words` is a text that stands
    in one of the two.
    """

    def carry_out(field: Any, keep: int, duplicate: int) -> None:
        quote, meta = connection.ops.quote_name, field.model._meta
        unique = next(c.fields for c in meta.total_unique_constraints if field.name in c.fields)
        columns = [f.column for f in meta.concrete_fields if not f.primary_key]
        taken = ", ".join("%s" if c == field.column else f"gone.{quote(c)}" for c in columns)
        both = f"{quote(total)} = kept.{quote(total)} + EXCLUDED.{quote(total)}"
        if words:
            both += f", {quote(words)} = coalesce(nullif(kept.{quote(words)}, ''), EXCLUDED.{quote(words)})"
        sql = f"""
            WITH gone AS (DELETE FROM {quote(meta.db_table)} WHERE {quote(field.column)} = %s RETURNING *)
            INSERT INTO {quote(meta.db_table)} AS kept ({", ".join(map(quote, columns))})
            SELECT {taken} FROM gone
            ON CONFLICT ({", ".join(quote(meta.get_field(name).column) for name in unique)}) DO UPDATE SET {both}
        """  # noqa: S608 - our own tables and columns
        with connection.cursor() as cursor:
            cursor.execute(sql, [duplicate, keep])

    return Way(carry_out, is_told=False)


def refused(sentence: str) -> Way:
    """Nobody merges while there are such rows; `sentence` says to the editors what to do first."""

    def carry_out(field: Any, _keep: int, duplicate: int) -> None:
        if field.model._base_manager.filter(**{field.attname: duplicate}).exists():
            raise MergeError(sentence)

    return Way(carry_out)


WAYS: dict[str, Way] = {
    "places.Workplace.parent": MOVED,
    "places.WorkplacePeriod.workplace": Way(_move_past_periods),
    "places.WorkplacePeriod.parent": MOVED,
    "places.Succession.predecessor": BECOME_ONE,
    "places.Succession.successor": BECOME_ONE,
    "places.WorkplaceAlias.workplace": BECOME_ONE,
    "places.WorkplaceDomain.workplace": BECOME_ONE,
    "places.WorkplaceSlug.workplace": MOVED,
    "places.Membership.workplace": MOVED,  # merge_memberships has ended one of two that are the same
    "places.Vouch.workplace": MOVED,
}
"""»app.Model.field« → what becomes of its rows, in the order in which it happens."""


# -- what points at a workplace ------------------------------------------------


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


def name_of(field: Any) -> str:
    """A relation's name in WAYS."""
    return f"{field.model._meta.label}.{field.name}"


def _ways() -> Iterable[tuple[Any, Way]]:
    """Every relation with its way. Raises MergeError when one has none."""
    found = {name_of(field): field for field in pointers()}
    if missing := [field for name, field in found.items() if name not in WAYS]:
        raise MergeError(
            _("De kan ikke lægges sammen, for portalen ved ikke, hvad der skal ske med %(what)s."),
            params={"what": ", ".join(str(field.model._meta.verbose_name_plural) for field in missing)},
        )
    return [(found[name], way) for name, way in WAYS.items() if name in found]


def what_moves(duplicate: Workplace) -> list[tuple[str, int]]:
    """What points at `duplicate`: the plural of each sort of row, and how many."""
    counted: dict[str, int] = {}
    for field in pointers():
        if (way := WAYS.get(name_of(field))) and not way.is_told:
            continue
        number = field.model._base_manager.filter(**{field.name: duplicate.pk}).count()
        if number:
            label = str(field.model._meta.verbose_name_plural)
            if field.model is Workplace:
                label = str(_("arbejdspladser, der hører under den"))
            counted[label] = counted.get(label, 0) + number
    return sorted(counted.items())


# -- the merge -----------------------------------------------------------------


@transaction.atomic
def merge_workplaces(*, keep: Workplace, duplicate: Workplace, by: User | None) -> Workplace:
    """Make one of two rows for the same workplace. Returns `keep` as it is afterwards.

    Everything that points at `duplicate` goes its way (WAYS), its addresses lead to `keep`, its names become aliases,
    and `keep` takes over what it lacks itself (address, CVR number, …). Both are locked: what happens at the same time
    waits, and a second run raises MergeError without harm, as does merging a workplace with itself, and a way that
    refuses. Nothing goes with the duplicate that has not been asked for: see `delete_alone`.
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
    merge_memberships(keep=keep, duplicate=duplicate, by=by)
    for field, way in _ways():
        try:
            way.carry_out(field, keep.pk, duplicate.pk)
        except IntegrityError as error:
            raise MergeError(
                _("Begge har %(what)s, som ikke kan blive til ét. Ret det hos den ene, og prøv igen."),
                params={"what": field.model._meta.verbose_name_plural},
            ) from error
    known = {keep.name.casefold(), *(n.casefold() for n in keep.aliases.values_list("name", flat=True))}
    for name in dict.fromkeys(names):
        if name.casefold() not in known:
            known.add(name.casefold())
            WorkplaceAlias.objects.create(workplace=keep, name=name)
    _fill_blanks(keep, duplicate)
    title, key = duplicate.name, duplicate.pk
    delete_alone(duplicate)
    follow_the_day(workplace=keep)
    log_action(by, keep, _("Lagt sammen med"), f"{title} (nr. {key})", keep.name)
    keep.refresh_from_db()
    return keep


def delete_alone(row: models.Model) -> None:
    """Delete a row, and nothing else with it. Raises MergeError when something would go along, or lose its pointer."""
    collector = Collector(using=DEFAULT_DB_ALIAS, origin=row)
    try:
        collector.collect([row])
    except ProtectedError as error:
        along = {type(thing) for thing in error.protected_objects}
    else:
        along = {model for model in collector.data if model is not type(row)}
        along |= {rows.model for rows in collector.fast_deletes if rows.exists()}
        emptied = collector.field_updates.items()
        along |= {
            field.model for (field, _value), rows in emptied if any(len(cast(Any, found)) for found in rows)
        }
    if along:
        raise MergeError(
            _("De kan ikke lægges sammen, for så ville noget gå tabt: %(what)s."),
            params={"what": ", ".join(sorted(str(model._meta.verbose_name_plural) for model in along))},
        )
    row.delete()


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


KEPT_APART = ("lat", "lng", "closed_on", "confirmed_on", "confirmation_asked_on")
"""Columns that are no blanks to fill: a point is taken as a whole, and what was confirmed was the other's facts."""


def _fill_blanks(keep: models.Model, duplicate: models.Model) -> None:
    """Give `keep` the values that only `duplicate` has. A position on the map is taken as a whole."""
    taken = {}
    for f in keep._meta.concrete_fields:
        if f.primary_key or f.generated or f.is_relation or f.unique or f.name in KEPT_APART:
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

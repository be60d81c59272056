"""Small building blocks for tables of places: the Danish sort key and periods."""

from typing import Any

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func


def danish_sort_key(field: str) -> models.GeneratedField:
    """A stored column that sorts `field` as Danes do (æ, ø, å last; aa as å) on every engine.

    The SQL function coi_sort_key is immutable and needs neither ICU nor a Danish locale.
    """
    return models.GeneratedField(
        expression=Func(F(field), function="coi_sort_key", output_field=models.TextField()),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
        editable=False,
    )


def period() -> Any:
    """The SQL range of the columns valid_from (inclusive) and valid_to (exclusive); empty means unbounded."""
    return Func(F("valid_from"), F("valid_to"), function="daterange", output_field=DateRangeField())


def one_at_a_time(owner: str, *, name: str, message: Any) -> ExclusionConstraint:
    """No two rows of the same `owner` whose periods overlap, held by the database."""
    return ExclusionConstraint(
        name=name,
        expressions=[(F(owner), RangeOperators.EQUAL), (period(), RangeOperators.OVERLAPS)],
        violation_error_message=message,
    )


def keeps_every_slug(table: str, owner_column: str) -> pgtrigger.Trigger:
    """A trigger that writes each slug a row ever has to `table`, and refuses one that was another row's.

    Arguments: the table of slugs (column `slug` is its primary key) and its column that points back.
    """
    func = f"""
        IF NEW.slug IS NULL THEN RETURN NULL; END IF;
        INSERT INTO {table} (slug, {owner_column}) VALUES (NEW.slug, NEW.id) ON CONFLICT (slug) DO NOTHING;
        SELECT {owner_column} INTO holder FROM {table} WHERE slug = NEW.slug;
        IF holder IS DISTINCT FROM NEW.id THEN
            RAISE unique_violation USING MESSAGE = 'slug has been used before', CONSTRAINT = 'slug_never_reused';
        END IF;
        RETURN NULL;
    """  # noqa: S608 - both names are written in our models
    return pgtrigger.Trigger(
        name="keeps_every_slug",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.UpdateOf("slug"),
        declare=[("holder", "bigint")],
        func=func,
    )

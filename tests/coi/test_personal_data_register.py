"""Whatever points at a person stands in the register, and erasure says what becomes of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, models

from accounts.models import User
from coi.personal_data.documents import register_rows, rule_rows, spared_rows
from coi.personal_data.erasing import DELETED_BY_FUNCTION
from coi.personal_data.function import pointing_columns
from coi.personal_data.register import ALSO, NOT_PEOPLE, REGISTER, TABLES, Erase
from tests.coi.test_docs import table

LOOKS_LIKE = re.compile(
    r"(^|_)(name|email|mail|mailbox|phone|address|authors?|by|told|contact|who|ip|user|person|key|token|credit|args"
    r"|metadata|message|data|sender|recipient)(_|$)"
)
OWN_KEYS = {"uuid", "id", "content_uuid", "change_uuid", "workplace_uuid", "pgh_context"}
MODELS = sorted(
    (
        m
        for m in apps.get_models(include_auto_created=True)
        if not m._meta.proxy and m._meta.db_table != "pghistory_events"
    ),
    key=lambda m: m._meta.label,
)


def points_at_a_person(field: Any) -> bool:
    """A relation to accounts, an e-mail or network address, or a key in a log."""
    if field.remote_field:
        return bool(field.remote_field.model is User)
    address = isinstance(field, models.EmailField | models.GenericIPAddressField)
    return address or (isinstance(field, models.UUIDField) and field.name not in OWN_KEYS)


def fields(model: type[models.Model]) -> list[Any]:
    """The model's own fields, many-to-many ones too."""
    return [*model._meta.local_concrete_fields, *model._meta.local_many_to_many]


def looks_like_a_person(field: Any) -> bool:
    """Its name or kind says that it might hold something about one."""
    if field.remote_field or field.primary_key:
        return False
    return bool(LOOKS_LIKE.search(field.name)) or isinstance(field, models.JSONField | models.BinaryField)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_what_points_at_a_person_is_in_the_register(model: type[models.Model]) -> None:
    """Every such field has an action; what only looks like a person is registered or said to be none."""
    label = model._meta.label
    for field in fields(model):
        if points_at_a_person(field) and f"{label}.{field.name}" not in ALSO:
            assert label in REGISTER, f"{label}.{field.name} points at a person: add {label} to TABLES"
            assert field.name in REGISTER[label].people, f"say what erasure does with {label}.{field.name}"
        elif looks_like_a_person(field):
            assert label in REGISTER or label in NOT_PEOPLE, (
                f"{label}.{field.name} looks like a person's: TABLES or NOT_PEOPLE"
            )


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.model)
def test_the_register_is_about_what_exists(table: Any) -> None:
    """Its fields exist; export shows fields or says why not; what stands says why."""
    model = apps.get_model(table.model)
    names = {f.name for f in model._meta.get_fields()}
    assert set(table.people) <= names
    assert set(table.export) <= names
    assert bool(table.export) != bool(table.not_exported)
    assert bool(table.export) == bool(table.mine)
    if Erase.STANDS in table.people.values():
        assert table.why
    assert table.what
    assert table.purpose
    assert table.kept


def test_each_is_in_one_list_only() -> None:
    """And the lists name models that exist."""
    assert len(REGISTER) == len(TABLES)
    assert not set(REGISTER) & set(NOT_PEOPLE)
    assert {*REGISTER, *NOT_PEOPLE} <= {m._meta.label for m in MODELS}


def test_the_function_empties_what_the_register_says() -> None:
    """Nullable pointers are emptied by the function, in exactly the columns that say so."""
    said = {
        (apps.get_model(t.model)._meta.db_table, apps.get_model(t.model)._meta.get_field(name).column)  # type: ignore[union-attr]
        for t in TABLES
        for name, action in t.people.items()
        if action is Erase.NULL
    }
    done = {(c.table, c.name) for logs in (False, True) for c in pointing_columns(logs=logs)}
    deleted = {  # by then without a row
        ("coi_warned", "user_id"),
        ("notices_notice", "recipient_id"),
        ("ideastorm_support", "user_id"),
        ("ideastorm_supportaddress", "user_id"),
    }
    assert done - deleted == said
    assert set(REGISTER) >= DELETED_BY_FUNCTION


@pytest.mark.django_db
def test_every_table_in_the_database_belongs_to_a_model() -> None:
    """So the register misses none."""
    with connection.cursor() as cursor:
        there = set(connection.introspection.table_names(cursor))
    assert there - {m._meta.db_table for m in MODELS} == {"django_migrations"}


@pytest.mark.parametrize(
    ("name", "rows"), [("register", register_rows), ("rules", rule_rows), ("spared", spared_rows)]
)
def test_the_docs_show_the_register(name: str, rows: Any) -> None:
    """docs/privacy.md has the same tables; `document()` writes them anew."""
    assert table("docs/privacy.md", name) == rows()

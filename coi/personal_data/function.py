"""The owner's SQL function that ends an erasure: what the web role may not do, it may have done by this, and no more.

`coi_erase_person(user)` runs as the owner of the tables (SECURITY DEFINER). It takes the person out of the history and
out of what logs say in words, empties every nullable column that points at the account, and deletes the account (or
closes it under the pseudonym, where the administration's log names it). It asks for an ErasureRequest made in the same
transaction, finds by itself what is the person's, and writes the log row `Erasure`. So whoever steals the web role
can't wipe a log quietly: it costs the account that the rows belong to, and leaves a row that can't be taken away.

The tables are found in the models when `migrate` makes the function anew, so a new tracked model is covered at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.postgres.fields import ArrayField
from django.db import models
from pghistory.models import Context, Event
from psycopg import sql

from accounts.models import User
from coi.personal_data.register import SPARED
from editorial.models import Content

NAME = "coi_erase_person"
REPLACED = "[slettet]"
"""What stands where somebody's address stood in a text."""


@dataclass(frozen=True)
class Column:
    """A column in the database."""

    table: str
    name: str


def managed() -> list[type[models.Model]]:
    """Every model with a table of its own."""
    return [m for m in apps.get_models(include_auto_created=True) if m._meta.managed and not m._meta.proxy]


def is_log(model: type[models.Model]) -> bool:
    """Whether the web role may only add to it."""
    return bool(
        getattr(model, "append_only", False) or issubclass(model, Event) or model in (LogEntry, Context)
    )


def pointing_columns(*, logs: bool) -> list[Column]:
    """Nullable columns that point at an account, in logs or outside them."""
    return [
        Column(model._meta.db_table, str(f.column))
        for model in managed()
        if is_log(model) is logs
        for f in model._meta.local_concrete_fields
        if f.remote_field and f.remote_field.model is User and f.null
    ]


def history_of_content() -> list[Column]:
    """Event tables of content and of what belongs to it, with the column that holds the content's id."""
    found = []
    for model in managed():
        tracked: Any = getattr(model, "pgh_tracked_model", None)
        if not issubclass(model, Event) or tracked is None:
            continue
        if issubclass(tracked, Content):
            found.append(Column(model._meta.db_table, "pgh_obj_id"))
            continue
        for f in tracked._meta.concrete_fields:
            remote = f.remote_field
            if (
                remote
                and isinstance(remote.model, type)
                and issubclass(remote.model, Content)
                and remote.on_delete is models.CASCADE
            ):
                found.append(Column(model._meta.db_table, str(f.column)))
    return found


def text_columns(*, logs: bool) -> list[tuple[Column, str, int | None]]:
    """Columns that hold written text, with their type ("text", "json", "array") and longest length.

    Not those that hold a single address or key: they are the register's.
    """
    found: list[tuple[Column, str, int | None]] = []
    for model in managed():
        if is_log(model) is not logs or model._meta.app_label == "sessions":
            continue
        for f in model._meta.local_concrete_fields:
            if f.generated or f.primary_key or f.choices or f"{model._meta.label}.{f.name}" in SPARED:
                continue
            if isinstance(f, models.EmailField | models.SlugField) or f.name == "password":
                continue
            column = Column(model._meta.db_table, str(f.column))
            if isinstance(f, models.JSONField):
                found.append((column, "json", None))
            elif isinstance(f, ArrayField):
                continue
            elif isinstance(f, models.CharField | models.TextField):
                found.append((column, "text", f.max_length if isinstance(f, models.CharField) else None))
    return found


def scrub(
    schema: str, column: Column, kind: str, longest: int | None, pattern: sql.Composable
) -> sql.Composable:
    """An UPDATE that puts REPLACED where `pattern` (a regular expression in SQL) is found in a column."""
    name = sql.Identifier(column.name)
    # Under a name of its own: a column may be called as one of the function's variables.
    text = sql.SQL("written.{}::text" if kind == "json" else "written.{}").format(name)
    new: sql.Composable = sql.SQL("pg_catalog.regexp_replace({}, {}, {}, 'gi')").format(
        text, pattern, sql.Literal(REPLACED)
    )
    if kind == "json":
        new = sql.SQL("({})::jsonb").format(new)
    elif longest:
        new = sql.SQL('pg_catalog."left"({}, {})').format(new, sql.Literal(longest))
    return sql.SQL("UPDATE {} AS written SET {} = {} WHERE {} ~* {}").format(
        sql.Identifier(schema, column.table), name, new, text, pattern
    )


# The schema is in the path for the triggers that history hangs on; nobody but the owner may make anything in it.
HEAD = """
CREATE OR REPLACE FUNCTION {schema}.coi_erase_person(person bigint) RETURNS jsonb LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, {schema}, pg_temp AS $erase$
DECLARE
    asked record;
    who record;
    former text;
    mine bigint[];
    gone bigint[];
    addresses text;
    keeps boolean;
    n bigint;
    counts jsonb := '{{}}';
BEGIN
    SELECT * INTO asked FROM {schema}.coi_erasurerequest
        WHERE user_id = person AND made_at = transaction_timestamp() FOR UPDATE;
    IF NOT FOUND THEN
        RAISE insufficient_privilege USING MESSAGE = 'no erasure of this account was asked for in this transaction';
    END IF;
    SELECT * INTO who FROM {schema}.accounts_user WHERE id = person FOR UPDATE;
    SELECT pseudonym INTO STRICT former FROM {schema}.coi_formeruser WHERE id = asked.former_id;
    IF who.is_superuser AND who.is_active AND NOT EXISTS (
        SELECT FROM {schema}.accounts_user WHERE is_superuser AND is_active AND id <> person
    ) THEN
        RAISE check_violation USING MESSAGE = 'the last administrator';
    END IF;
    -- One regular expression for the person's addresses, each as a whole and nothing else.
    SELECT '(?<![[:alnum:]._%+-])(' || string_agg(regexp_replace(email, '([^[:alnum:]@_])', '\\\\\\1', 'g'), '|')
        || ')(?![[:alnum:]-]|\\.[[:alnum:]])' INTO addresses
        FROM (SELECT email FROM {schema}.accounts_user WHERE id = person
              UNION SELECT email FROM {schema}.account_emailaddress WHERE user_id = person) AS known
        WHERE email ~ '^[^@[:space:]]{{1,64}}@[^@[:space:]]+\\.[^@[:space:]]{{2,}}$';
    -- What the person has written, by a history that nobody can make up.
    SELECT coalesce(array_agg(DISTINCT pgh_obj_id), '{{}}') INTO mine FROM (
        SELECT pgh_obj_id FROM {schema}.editorial_contentevent WHERE author_id = person
        UNION SELECT content_id FROM {schema}.editorial_receipt WHERE claimed_by_id = person
    ) AS written;
    -- Of it: what was never sent to anybody, and is deleted. Nothing that a decision was made about.
    SELECT coalesce(array_agg(DISTINCT e.pgh_obj_id), '{{}}') INTO gone FROM {schema}.editorial_contentevent AS e
        WHERE e.pgh_obj_id = ANY(mine)
        AND NOT EXISTS (SELECT FROM {schema}.editorial_content AS c WHERE c.id = e.pgh_obj_id)
        AND NOT EXISTS (SELECT FROM {schema}.editorial_decision AS d WHERE d.content_uuid = e.uuid)
        AND NOT EXISTS (SELECT FROM {schema}.editorial_contentevent AS o
                        WHERE o.pgh_obj_id = e.pgh_obj_id AND o.state <> 'draft');
"""

FORGET_HEAD = """
CREATE OR REPLACE FUNCTION {schema}.coi_forget_content(gone bigint) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, {schema}, pg_temp AS $forget$
DECLARE
    last record;
    decided timestamptz;
BEGIN
    SELECT uuid, title, state INTO last FROM {schema}.editorial_contentevent
        WHERE pgh_obj_id = gone ORDER BY pgh_id DESC LIMIT 1;
    IF NOT FOUND OR EXISTS (SELECT FROM {schema}.editorial_content WHERE id = gone) THEN
        RAISE insufficient_privilege USING MESSAGE = 'that content is there, or never was';
    END IF;
    SELECT max(at) INTO decided FROM {schema}.editorial_decision
        WHERE content_uuid = last.uuid AND action <> 'filed';
    IF decided IS NULL THEN
        IF EXISTS (SELECT FROM {schema}.editorial_contentevent WHERE pgh_obj_id = gone AND state <> 'draft') THEN
            RAISE insufficient_privilege USING MESSAGE = 'that content was sent to the editors';
        END IF;
    ELSE
        IF last.state NOT IN ('rejected', 'withdrawn') OR decided > {schema}.coi_now() - interval '365 days'
            OR NOT EXISTS (SELECT FROM {schema}.editorial_decision
                           WHERE content_uuid = last.uuid AND action = 'filed') THEN
            RAISE insufficient_privilege USING MESSAGE = 'that matter must still be kept';
        END IF;
        INSERT INTO {schema}.editorial_decision (content_uuid, title, action, before, reason)
            VALUES (last.uuid, left(last.title, 120), 'cleared', last.state, '');
    END IF;
"""


def forgetting(schema: str) -> sql.Composable:
    """The function that takes the history of content that is gone: a draft nobody was sent, or a matter that is filed.

    For a matter it leaves a row in the log, which can't be taken away.
    """
    parts: list[sql.Composable] = [sql.SQL(FORGET_HEAD).format(schema=sql.Identifier(schema))]
    for column in history_of_content():
        parts.append(
            sql.SQL("    DELETE FROM {} WHERE {} = gone;\n").format(
                sql.Identifier(schema, column.table), sql.Identifier(column.name)
            )
        )
    parts.append(sql.SQL("END $forget$"))
    return sql.Composed(parts)


TAIL = """
    -- The administration's log: what was done to this account, and what it did.
    UPDATE {schema}.django_admin_log SET object_repr = 'Tidligere bruger ' || former,
        change_message = CASE WHEN who.name = '' THEN change_message
            ELSE replace(change_message, who.name, 'Tidligere bruger ' || former) END
        WHERE object_id = person::text AND content_type_id IN (
            SELECT id FROM {schema}.django_content_type WHERE app_label = 'accounts' AND model = 'user');
    SELECT EXISTS (SELECT FROM {schema}.django_admin_log WHERE user_id = person) INTO keeps;
    DELETE FROM {schema}.account_emailconfirmation WHERE email_address_id IN (
        SELECT id FROM {schema}.account_emailaddress WHERE user_id = person);
    DELETE FROM {schema}.account_emailaddress WHERE user_id = person;
    DELETE FROM {schema}.accounts_user_groups WHERE user_id = person;
    DELETE FROM {schema}.accounts_user_user_permissions WHERE user_id = person;
    DELETE FROM {schema}.coi_erasurerequest WHERE user_id = person;
    IF keeps THEN
        UPDATE {schema}.accounts_user SET email = 'tidligere-bruger-' || lower(former) || '@slettet.invalid',
            name = 'Tidligere bruger ' || former, password = '!', is_active = false, is_staff = false,
            is_superuser = false, last_login = NULL WHERE id = person;
    ELSE
        DELETE FROM {schema}.accounts_user WHERE id = person;
    END IF;
    INSERT INTO {schema}.coi_erasure (pseudonym, why, asked_by_key, closed_only, counts)
        VALUES (former, asked.why, asked.asked_by_key, keeps, counts);
    RETURN counts;
END $erase$
"""

COUNTED = """
    GET DIAGNOSTICS n = ROW_COUNT;
    IF n > 0 THEN counts := counts || jsonb_build_object({label}, n + coalesce((counts->>{label})::bigint, 0)); END IF;
"""


def statement(schema: str) -> sql.Composable:
    """The function, for the tables that the models have today."""
    parts: list[sql.Composable] = [sql.SQL(HEAD).format(schema=sql.Identifier(schema))]

    def counted(what: sql.Composable, table: str) -> None:
        parts.append(sql.SQL("\n    ") + what + sql.SQL(";"))
        parts.append(sql.SQL(COUNTED).format(label=sql.Literal(table)))

    def at(table: str) -> sql.Identifier:
        return sql.Identifier(schema, table)

    for column in history_of_content():
        counted(
            sql.SQL("DELETE FROM {} WHERE {} = ANY(gone)").format(
                at(column.table), sql.Identifier(column.name)
            ),
            column.table,
        )
    for table in ("catalogue_storyevent", "ideastorm_ideaevent"):
        counted(
            sql.SQL(
                "UPDATE {} SET shown_name = 'Tidligere bruger ' || former"
                " WHERE pgh_obj_id = ANY(mine) AND shown_name <> ''"
            ).format(at(table)),
            table,
        )
    counted(
        sql.SQL(
            "UPDATE {} SET answered_by = 'Tidligere bruger ' || former WHERE answered_by <> ''"
            " AND answered_by = who.name AND pgh_obj_id IN (SELECT shown_id FROM {} WHERE answerer_id = person)"
        ).format(at("catalogue_hardquestionevent"), at("catalogue_inquiry")),
        "catalogue_hardquestionevent",
    )
    for column in pointing_columns(logs=False):
        counted(
            sql.SQL("UPDATE {} SET {} = NULL WHERE {} = person").format(
                at(column.table), sql.Identifier(column.name), sql.Identifier(column.name)
            ),
            column.table,
        )
    # History last: emptying the columns above has written events of its own.
    for column in pointing_columns(logs=True):
        counted(
            sql.SQL("UPDATE {} SET {} = NULL WHERE {} = person").format(
                at(column.table), sql.Identifier(column.name), sql.Identifier(column.name)
            ),
            column.table,
        )
    parts.append(sql.SQL("\n    IF addresses IS NOT NULL THEN"))
    for logs in (False, True):
        for column, kind, longest in text_columns(logs=logs):
            if column.table in ("accounts_user", "procrastinate_jobs"):
                continue
            counted(scrub(schema, column, kind, longest, sql.SQL("addresses")), column.table)
    parts.append(sql.SQL("\n    END IF;"))
    parts.append(sql.SQL(TAIL).format(schema=sql.Identifier(schema)))
    return sql.Composed(parts)

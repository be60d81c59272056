"""The database's two roles: the owner migrates, the web role (web server and worker) owns nothing.

The web role reads and writes rows, but in logs it can only add: a log that refuses change is worth believing.
What it may do is set anew at the end of every migration, from the models themselves.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.db import DatabaseError, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from pghistory.models import Context, Event
from psycopg import sql

from coi import environment
from coi.models import Erasure
from coi.personal_data import function

LOWEST_VERSION = 15
# Any number, as long as two migrations at once use the same.
ADVISORY_LOCK = 742_001
CONNECTION_KEYS = ("NAME", "USER", "PASSWORD", "HOST", "PORT", "OPTIONS")

# pghistory's own function overwrites the context it finds, which would take a right to change the log. This
# one runs as the owner and only adds to a fresh context: what once was noted stays noted.
ATTACH_CONTEXT = """
CREATE OR REPLACE FUNCTION {schema}._pgh_attach_context() RETURNS uuid LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    _id text := nullif(current_setting('pghistory.context_id', true), '');
    _metadata text := nullif(current_setting('pghistory.context_metadata', true), '');
BEGIN
    IF _id IS NULL OR _metadata IS NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO {schema}.{table} AS known (id, metadata, created_at, updated_at)
        VALUES (_id::uuid, _metadata::jsonb, now(), now())
        ON CONFLICT (id) DO UPDATE SET metadata = EXCLUDED.metadata, updated_at = EXCLUDED.updated_at
        WHERE known.metadata <> EXCLUDED.metadata
            AND EXCLUDED.metadata @> known.metadata
            AND known.created_at > now() - interval '1 hour';
    RETURN _id::uuid;
END $$
"""

# pgtrigger lets any session switch triggers off with a setting. The history's triggers are to catch everything, so
# they can't be switched off; nothing here asks for it.
NEVER_IGNORE = """
CREATE OR REPLACE FUNCTION {schema}._pgtrigger_should_ignore(trigger_name name) RETURNS boolean
LANGUAGE sql IMMUTABLE AS 'SELECT false'
"""


@contextmanager
def as_owner(alias: str = "default") -> Iterator[BaseDatabaseWrapper]:
    """Let a connection use the owner's role for a while. Only for commands, never in the web server."""
    connection = connections[alias]
    if connection.settings_dict["USER"] == settings.DATABASE_OWNER["USER"]:
        yield connection
        return
    before = {key: connection.settings_dict[key] for key in CONNECTION_KEYS}
    connection.close()
    connection.settings_dict.update({key: settings.DATABASE_OWNER.get(key, "") for key in CONNECTION_KEYS})
    connection.settings_dict["OPTIONS"] = dict(settings.DATABASE_OWNER.get("OPTIONS", {}))
    try:
        yield connection
    finally:
        connection.close()
        connection.settings_dict.update(before)


@contextmanager
def one_at_a_time(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Let one migration run at a time, whoever starts it; a second one waits.

    It asks again and again instead of waiting inside the database, where it would hold up an index that is being
    built concurrently.
    """
    lock = connection.copy()
    try:
        with lock.cursor() as cursor:
            while True:
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_LOCK])
                if cursor.fetchone()[0]:
                    break
                time.sleep(0.2)
            yield
    finally:
        lock.close()


def check_version(connection: BaseDatabaseWrapper) -> None:
    """Stop with one line when the database can't be reached or is too old."""
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        environment.stop(f"Databasen svarer ikke: {str(error).strip().splitlines()[0]}")
    version: int = connection.connection.info.server_version
    if version < LOWEST_VERSION * 10_000:
        environment.stop(
            f"PostgreSQL {version // 10_000} er for gammel: portalen kræver {LOWEST_VERSION} eller nyere."
        )


def ensure_web_role(connection: BaseDatabaseWrapper) -> None:
    """Make the web role where it is missing (demo and tests only), with the password kept in the data folder.

    In production the operator makes it; without it the process stops and says how.
    """
    role = sql.Identifier(settings.WEB_ROLE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [settings.WEB_ROLE])
        there = cursor.fetchone() is not None
        if there and not (settings.DEMO and settings.MAKES_WEB_ROLE):
            return
        if not settings.DEMO:
            environment.stop(
                f"DATABASE_URL: rollen »{settings.WEB_ROLE}« findes ikke i databasen. Opret den først."
            )
        login = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}" if there else "CREATE ROLE {} LOGIN PASSWORD {}")
        try:
            with transaction.atomic(using=connection.alias):
                cursor.execute(
                    login.format(role, sql.Literal(settings.WEB_PASSWORD)).as_string(cursor.connection)
                )
                if not there:
                    # The owner can step into the web role (tests do).
                    cursor.execute(
                        sql.SQL("GRANT {} TO CURRENT_USER").format(role).as_string(cursor.connection)
                    )
        except DatabaseError as error:
            if isinstance(error.__cause__, psycopg.errors.DuplicateObject | psycopg.errors.UniqueViolation):
                return  # another process was faster
            if isinstance(error.__cause__, psycopg.errors.InsufficientPrivilege):
                environment.stop(
                    f"DATABASE_URL: brugeren må ikke oprette rollen »{settings.WEB_ROLE}«. "
                    "Opret en rolle til webserveren, og angiv ejeren i DATABASE_OWNER_URL."
                )
            raise


def append_only_tables() -> set[str]:
    """Return the tables to which the web role may only add: marked models, history, and the admin's log."""
    logs: set[type[models.Model]] = {LogEntry, Context}
    for model in apps.get_models(include_auto_created=True):
        managed = model._meta.managed and not model._meta.proxy
        if managed and (getattr(model, "append_only", False) or issubclass(model, Event)):
            logs.add(model)
    return {model._meta.db_table for model in logs}


FROM_ANOTHER_CLUSTER = """
UPDATE {table} SET changed = pg_current_xact_id() WHERE changed >= pg_snapshot_xmax(pg_current_snapshot())
"""


def renew_transactions(connection: BaseDatabaseWrapper) -> None:
    """Let search's mirrors see rows again that a restore brought from a cluster whose transactions had higher numbers.

    Their `changed` would lie in the future, where no mirror looks.
    """
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in sorted({"search_document", "search_removed"} & there):
            name = sql.Identifier(table)
            cursor.execute(sql.SQL(FROM_ANOTHER_CLUSTER).format(table=name).as_string(cursor.connection))


def apply_grants(connection: BaseDatabaseWrapper) -> None:
    """Give the web role exactly its rights, in one transaction, so that a running web server never stands
    without.
    """
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        schema = cursor.fetchone()[0]
        there = set(connection.introspection.table_names(cursor))

        def run(template: str, **names: str) -> None:
            parts: dict[str, Any] = {name: sql.Identifier(value) for name, value in names.items()}
            parts |= {"schema": sql.Identifier(schema), "web": sql.Identifier(settings.WEB_ROLE)}
            cursor.execute(sql.SQL(template).format(**parts).as_string(cursor.connection))

        run("REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {web}")
        # A database that began before PostgreSQL 15 lets everybody make tables and functions here.
        run("REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {web}")
        run("GRANT USAGE ON SCHEMA {schema} TO {web}")
        # A temporary table of a log's name would stand in its way. (Only the database's owner can take this right.)
        cursor.execute("SELECT current_database()")
        run("REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC, {web}", database=cursor.fetchone()[0])
        run("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {web}")
        run("GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {web}")
        for table in sorted(append_only_tables() & there):
            run("REVOKE UPDATE, DELETE ON {schema}.{table} FROM {web}", table=table)
        if "django_migrations" in there:
            run("REVOKE INSERT, UPDATE, DELETE ON {schema}.{table} FROM {web}", table="django_migrations")
        cursor.execute("SELECT to_regprocedure(%s)", [f"{schema}._pgtrigger_should_ignore(name)"])
        if cursor.fetchone()[0]:
            run(NEVER_IGNORE)
        if Context._meta.db_table in there:
            run(ATTACH_CONTEXT, table=Context._meta.db_table)
            run("REVOKE ALL ON FUNCTION {schema}._pgh_attach_context() FROM PUBLIC")
            run("GRANT EXECUTE ON FUNCTION {schema}._pgh_attach_context() TO {web}")
        if Erasure._meta.db_table in there:
            cursor.execute(function.statement(schema).as_string(cursor.connection))
            run("REVOKE ALL ON FUNCTION {schema}.coi_erase_person(bigint) FROM PUBLIC")
            run("GRANT EXECUTE ON FUNCTION {schema}.coi_erase_person(bigint) TO {web}")
            cursor.execute(function.forgetting(schema).as_string(cursor.connection))
            run("REVOKE ALL ON FUNCTION {schema}.coi_forget_content(bigint) FROM PUBLIC")
            run("GRANT EXECUTE ON FUNCTION {schema}.coi_forget_content(bigint) TO {web}")

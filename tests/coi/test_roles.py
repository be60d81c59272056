"""The web role owns nothing and can only add to logs."""

import json
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager

import pghistory
import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import ProgrammingError, connection, transaction
from pghistory.models import Context, Event

from coi import roles
from coi.models import Marker
from tests.factories import WorkplaceFactory

AsWebRole = Callable[[], AbstractContextManager[None]]


def rows(query: str, *values: object) -> list[tuple[object, ...]]:
    """Return the rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def test_the_web_role_owns_nothing_and_may_not_make_tables(db: None) -> None:
    """Neither tables nor functions, no attributes, no right to create."""
    role = settings.WEB_ROLE
    assert rows("SELECT relname FROM pg_class WHERE pg_get_userbyid(relowner) = %s", role) == []
    assert rows("SELECT proname FROM pg_proc WHERE pg_get_userbyid(proowner) = %s", role) == []
    attributes = "rolsuper OR rolcreaterole OR rolcreatedb OR rolbypassrls"
    assert rows(f"SELECT {attributes} FROM pg_roles WHERE rolname = %s", role) == [(False,)]
    assert rows("SELECT has_schema_privilege(%s, 'public', 'CREATE')", role) == [(False,)]


def test_an_old_databases_right_to_make_tables_is_taken_away(db: None) -> None:
    """Before PostgreSQL 15 everybody had it, and such a database keeps it through an upgrade."""
    with connection.cursor() as cursor:
        cursor.execute("GRANT CREATE ON SCHEMA public TO PUBLIC")
    roles.apply_grants(connection)
    assert rows("SELECT has_schema_privilege(%s, 'public', 'CREATE')", settings.WEB_ROLE) == [(False,)]


def test_every_table_has_the_rights_its_model_asks_for(db: None) -> None:
    """Logs: read and add. Migrations: read. The rest: read, add, change, delete. TRUNCATE: never."""
    found = rows(
        "SELECT table_name::text, string_agg(privilege_type, ' ' ORDER BY privilege_type)"
        " FROM information_schema.role_table_grants WHERE grantee = %s GROUP BY 1",
        settings.WEB_ROLE,
    )
    granted = {str(table): rights for table, rights in found}
    logs = roles.append_only_tables()
    for model in apps.get_models(include_auto_created=True):
        if not model._meta.managed or model._meta.proxy:
            continue
        table = model._meta.db_table
        assert granted[table] == ("INSERT SELECT" if table in logs else "DELETE INSERT SELECT UPDATE"), table
    assert granted["django_migrations"] == "SELECT"


def test_logs_are_recognised() -> None:
    """Every history table, every model that says so, and the admin's own log."""
    logs = roles.append_only_tables()
    assert {"django_admin_log", "pghistory_context"} <= logs
    events = [model for model in apps.get_models() if issubclass(model, Event) and model._meta.managed]
    assert events
    assert {model._meta.db_table for model in events} <= logs


@pytest.mark.parametrize("verb", ["UPDATE {} SET metadata = '{{}}'", "DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_the_web_role_is_refused(as_web_role: AsWebRole, verb: str) -> None:
    """The refusal is the database's, whatever the code does."""
    with as_web_role(), pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format("pghistory_context"))


def test_the_web_role_reads_and_writes_the_rest(as_web_role: AsWebRole) -> None:
    """Rows come and go."""
    with as_web_role():
        Marker.objects.create(name="tried")
        assert Marker.objects.filter(name="tried").delete()[0] == 1


def attach(metadata: dict[str, str], known: uuid.UUID | None = None) -> uuid.UUID:
    """Note a context the way the history's triggers do."""
    with pghistory.context(**metadata) as current, connection.cursor() as cursor:
        identity = known or current.id
        cursor.execute(
            "SELECT set_config('pghistory.context_id', %s, true),"
            " set_config('pghistory.context_metadata', %s, true)",
            [str(identity), json.dumps(metadata)],
        )
        cursor.execute("SELECT _pgh_attach_context()")
    return identity


def test_a_context_can_be_added_to_but_not_rewritten(as_web_role: AsWebRole) -> None:
    """The web role notes a context without a right to change the table; what is noted stays."""
    with as_web_role():
        known = attach({"user": "a"})
        attach({"user": "a", "reason": "b"}, known)
        assert Context.objects.get(pk=known).metadata == {"user": "a", "reason": "b"}
        attach({"user": "somebody else"}, known)
        assert Context.objects.get(pk=known).metadata == {"user": "a", "reason": "b"}


def test_the_history_cannot_be_switched_off(as_web_role: AsWebRole) -> None:
    """Neither by pgtrigger's setting nor by a temporary table in a log's place."""
    place = WorkplaceFactory.create()
    events = apps.get_model("places", "WorkplaceEvent").objects.filter(pgh_obj_id=place.pk)
    before = events.count()
    with as_web_role(), connection.cursor() as cursor:
        with pytest.raises(ProgrammingError), transaction.atomic():
            cursor.execute("CREATE TEMP TABLE places_workplaceevent (LIKE public.places_workplaceevent)")
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{places_workplace}"])
        triggers = "SELECT tgname FROM pg_trigger WHERE tgrelid = 'places_workplace'::regclass"
        for name in [str(row[0]) for row in rows(triggers)]:
            cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", [f"{{{name}}}"])
            cursor.execute("UPDATE places_workplace SET address = address || 'x' WHERE id = %s", [place.pk])
    assert events.count() > before
    assert events.count() - before == len(rows(triggers))


def test_an_old_context_is_closed(as_web_role: AsWebRole) -> None:
    """Not even adding is possible after an hour."""
    known = attach({"user": "a"})
    with connection.cursor() as cursor:
        cursor.execute("UPDATE pghistory_context SET created_at = now() - interval '2 hours'")
    with as_web_role():
        attach({"user": "a", "reason": "b"}, known)
        assert Context.objects.get(pk=known).metadata == {"user": "a"}


def test_jobs_can_be_queued_and_fetched_by_the_web_role(as_web_role: AsWebRole) -> None:
    """Web server and worker use the queue's functions as the same role."""
    with as_web_role(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT procrastinate_defer_jobs_v1(ARRAY[ROW('default', 'task', 0, NULL, NULL, '{}', NULL)"
            "::procrastinate_job_to_defer_v1])"
        )
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        worker = cursor.fetchone()[0]
        cursor.execute("SELECT id, status FROM procrastinate_fetch_job_v2(NULL, %s)", [worker])
        assert cursor.fetchone()[1] == "doing"


def test_people_have_a_random_key_for_the_logs() -> None:
    """The history names people by it."""
    assert get_user_model()._meta.get_field("key").get_internal_type() == "UUIDField"

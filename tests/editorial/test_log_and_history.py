"""The log refuses change, and history is kept by the database whoever writes."""

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pghistory
import pytest
from django.apps import apps
from django.db import ProgrammingError, connection, models, transaction
from pghistory.models import Event

from catalogue.models import Entry
from editorial.models import Contact, Content, Decision, Participation, SubjectArea
from tests.factories import (
    ContactFactory,
    EntryFactory,
    LinkFactory,
    MeasureFactory,
    UserFactory,
    WorkplaceFactory,
    published,
)

AsWebRole = Callable[[], AbstractContextManager[None]]
EVENTS = [m for m in apps.get_models() if issubclass(m, Event) and m._meta.managed and not m._meta.abstract]
LOGS: list[type[models.Model]] = [Decision, *EVENTS]


def events(name: str) -> models.QuerySet[Any]:
    """The history of a model, oldest first."""
    app, model = name.split(".")
    return apps.get_model(app, model)._default_manager.order_by("pgh_id")


@pytest.mark.parametrize("model", LOGS, ids=lambda m: m._meta.label)
@pytest.mark.parametrize("verb", ["DELETE FROM {}", "UPDATE {} SET {} = {}", "TRUNCATE {}"])
def test_the_web_role_can_only_add(as_web_role: AsWebRole, model: type[models.Model], verb: str) -> None:
    """Whatever the code tries."""
    column = connection.ops.quote_name(model._meta.pk.column)  # type: ignore[union-attr]
    statement = verb.format(connection.ops.quote_name(model._meta.db_table), column, column)
    with (
        as_web_role(),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_web_role_can_do_its_work(as_web_role: AsWebRole) -> None:
    """Publishing, taking down and changing write log, history, addresses and search documents."""
    user = UserFactory.create()
    with as_web_role():
        entry = published(title="Titel", owner=WorkplaceFactory.create(), tags=["tillid"])
        entry.suspend(by=user, reason="Fejl")
        assert [d.action for d in Decision.objects.all()] == ["suspended", "published"]
        entry.delete()
    assert events("editorial.ContentEvent").last().pgh_label == "delete"


def test_the_log_names_people_by_key_and_outlives_what_it_tells_of(db: None) -> None:
    """No foreign key, no address, no name."""
    user = UserFactory.create()
    entry = published()
    entry.suspend(by=user, reason="Fejl")
    entry.delete()
    key = user.key
    user.delete()
    assert Decision.objects.get(action="suspended").actor_key == key
    assert not [f for f in Decision._meta.get_fields() if f.is_relation]


def test_history_of_every_way_to_write(db: None) -> None:
    """save(), bulk update and plain SQL leave a row each; so does a deletion."""
    entry = EntryFactory.create(title="1")
    entry.title = "2"
    entry.save()
    Content.objects.update(title="3")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE editorial_content SET title = '4'")
        cursor.execute("UPDATE catalogue_entry SET problem = 'Nyt'")
    history = events("editorial.ContentEvent").filter(pgh_obj_id=entry.pk)
    assert list(history.values_list("pgh_label", "title")) == [
        ("insert", "1"),
        ("update", "2"),
        ("update", "3"),
        ("update", "4"),
    ]
    assert list(events("catalogue.EntryEvent").values_list("pgh_label", "problem"))[-1] == ("update", "Nyt")
    Entry.objects.get().delete()
    assert history.last().pgh_label == "delete"
    assert events("catalogue.EntryEvent").last().pgh_label == "delete"


@pytest.mark.parametrize(
    ("make", "event", "field"),
    [
        (lambda e: LinkFactory.create(content=e), "editorial.LinkEvent", "title"),
        (lambda e: MeasureFactory.create(entry=e), "catalogue.MeasureEvent", "label"),
        (lambda e: WorkplaceFactory.create(), "places.WorkplaceEvent", "name"),
    ],
)
def test_history_of_what_hangs_on_it(db: None, make: Callable[..., Any], event: str, field: str) -> None:
    """Rows and workplaces too."""
    thing = make(EntryFactory.create())
    type(thing).objects.filter(pk=thing.pk).update(**{field: "Nyt"})
    thing.delete()
    assert [e.pgh_label for e in events(event)] == ["insert", "update", "delete"]
    assert getattr(events(event).last(), field) == "Nyt"


def test_the_history_tells_who(db: None) -> None:
    """By the key of the context the request set."""
    key = str(uuid.uuid4())
    with pghistory.context(user=key):
        EntryFactory.create()
    assert events("editorial.ContentEvent").last().pgh_context.metadata["user"] == key


def test_data_about_people_has_no_history(db: None) -> None:
    """Neither contacts nor mailboxes nor accounts: what is erased is gone."""
    tracked = {e._meta.get_field("pgh_obj").related_model for e in EVENTS if _has(e, "pgh_obj")}
    assert not {Contact, apps.get_model("accounts.User")} & tracked
    assert not _has(apps.get_model("places.WorkplaceEvent"), "mailbox")
    ContactFactory.create(content=EntryFactory.create(), email="hemmelig@example.dk")
    WorkplaceFactory.create(mailbox="hemmelig@example.dk")
    with connection.cursor() as cursor:
        for model in LOGS:
            cursor.execute(
                f"SELECT count(*) FROM {model._meta.db_table} t WHERE to_jsonb(t)::text LIKE '%hemmelig@%'"
            )
            assert cursor.fetchone()[0] == 0, model


def _has(model: type[models.Model], name: str) -> bool:
    return name in {f.name for f in model._meta.get_fields()}


def test_versions_are_counted_by_the_database(db: None) -> None:
    """One for each change that changes something, whoever makes it."""
    entry = EntryFactory.create(title="1")
    start = entry.version

    def version() -> int:
        return int(Content.objects.get(pk=entry.pk).version) - start

    Content.objects.update(title="2")
    assert version() == 1
    Content.objects.update(title="2")
    assert version() == 1
    with connection.cursor() as cursor:
        cursor.execute("UPDATE editorial_content SET title = '3', version = 999")
    assert version() == 2


@pytest.mark.django_db
def test_tags_subject_areas_and_partners_are_tracked_too() -> None:
    """What hangs on content by a link is history as well, whoever changes it and however."""
    entry = EntryFactory.create()
    entry.tags.set(["kø"])
    area = SubjectArea.objects.order_by("pk").first()
    assert area is not None
    entry.subject_areas.set([area])
    Participation.objects.create(content=entry, workplace=WorkplaceFactory.create())
    entry.tags.clear()
    entry.subject_areas.clear()
    Participation.objects.filter(content=entry).delete()
    for name in ("TaggedContentEvent", "ContentSubjectAreaEvent", "ParticipationEvent"):
        events = apps.get_model("editorial", name)._base_manager.order_by("pgh_id")
        assert [e.pgh_label for e in events][-2:] == ["insert", "delete"], name


@pytest.mark.django_db
def test_the_version_never_goes_back() -> None:
    """A row that was read before another's change cannot put the old version in again."""
    entry = EntryFactory.create()
    stale = Content.objects.get(pk=entry.pk)
    Content.objects.filter(pk=entry.pk).update(title="Rettet af en anden")
    now = Content.objects.get(pk=entry.pk).version
    stale.title = "Rettet af en anden"
    stale.save()
    assert Content.objects.get(pk=entry.pk).version == now

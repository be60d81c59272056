"""Entries in admin: two editors at once, and the history of every change."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from catalogue.models import Entry
from tests.admin_forms import errors, row, save, send, shown
from tests.catalogue.test_admin import EVIL, LIST, act, change
from tests.factories import EntryFactory, LinkFactory, editor, published

pytestmark = pytest.mark.django_db
# What happens at different times must be committed at different times: the history goes by the database's clock.
COMMITTED = pytest.mark.django_db(transaction=True, serialized_rollback=True)


@pytest.fixture
def staff(client: Client) -> Client:
    """A signed-in editor."""
    client.force_login(editor(name="Mette Redaktør"))
    return client


# -- two at once ----------------------------------------------------------------------


@COMMITTED
@pytest.mark.parametrize("what", ["title", "problem", "tags", "link", "state"])
def test_nobody_overwrites_what_another_has_saved(staff: Client, what: str) -> None:
    entry = published(title="Før", problem="Før")
    mine = shown(staff.get(change(entry)))
    theirs = Client()
    theirs.force_login(editor(name="Ole <b>Hurtig</b>"))
    if what == "state":
        act(theirs, "tag-ned", entry, reason="Fejl")
    else:
        changes: dict[str, Any] = {
            "title": {"title": "Deres"},
            "problem": {"problem": "Deres"},
            "tags": {"new_tags": "deres"},
            "link": row("links", kind="more", title="Deres", url="https://example.dk/"),
        }[what]
        save(theirs, change(entry), **changes)
    response = send(staff, change(entry), mine, title="Min titel", problem="Min tekst")
    assert "Intet er gemt" in errors(response)
    body = response.content.decode()
    assert "Ole &lt;b&gt;Hurtig&lt;/b&gt; gemte" in body
    assert "/history/" in body
    assert "Min tekst" in body
    entry.refresh_from_db()
    assert entry.title != "Min titel"
    assert entry.problem != "Min tekst"
    # Having seen it, one may choose to save over it – that version, and no later one.
    again = shown(response)
    token = response.context["adminform"].form.fields["overwrite"].widget.attrs["value"]
    save(theirs, change(entry), summary="Igen et andet resumé.")
    refused = send(staff, change(entry), again, overwrite=token)
    assert "Intet er gemt" in errors(refused)
    token = refused.context["adminform"].form.fields["overwrite"].widget.attrs["value"]
    accepted = send(staff, change(entry), shown(refused), overwrite=token)
    assert accepted.redirect_chain, errors(accepted)
    entry.refresh_from_db()
    assert entry.title == "Min titel"


def test_a_row_that_another_has_deleted_is_a_conflict_and_no_crash(staff: Client) -> None:
    entry = EntryFactory.create()
    link = LinkFactory.create(content=entry)
    LinkFactory.create(content=entry)
    mine = shown(staff.get(change(entry)))
    link.delete()
    response = send(staff, change(entry), mine, title="Min titel")
    assert response.status_code == 200
    assert "Intet er gemt" in errors(response)


def test_saving_twice_in_a_row_is_no_conflict(staff: Client) -> None:
    entry = published(tags=["et"])
    for title in ("En", "To"):
        response = save(staff, change(entry), title=title)
        assert response.redirect_chain, errors(response)


# -- history -------------------------------------------------------------------------------------


@COMMITTED
def test_the_history_tells_who_changed_what(staff: Client) -> None:
    entry = published(title="Før", tags=["gammelt"])
    link = LinkFactory.create(content=entry)
    save(staff, change(entry), title=EVIL, effect="Færre klager", new_tags="nyt")
    save(staff, change(entry), **{"links-0-DELETE": "on"})
    act(staff, "tag-ned", entry, reason="Der stod et <b>navn</b>")
    body = staff.get(f"{LIST}{entry.pk}/history/").content.decode()
    for expected in (
        "Mette Redaktør",
        "portalen selv",
        "<del>Før</del>",
        "Færre klager",
        "Emne »nyt«",
        f"Link »{link.title}«",
        "Offentliggjort → Taget ned: Der stod et &lt;b&gt;navn&lt;/b&gt;",
        "&lt;script&gt;",
    ):
        assert expected in body, expected
    assert EVIL not in body


def test_the_history_is_paged_and_bounded(staff: Client, django_assert_max_num_queries: Any) -> None:
    entry = EntryFactory.create()
    for n in range(50):
        entry.title = f"Titel {n}"
        entry.save()
    with django_assert_max_num_queries(45):
        first = staff.get(f"{LIST}{entry.pk}/history/")
    assert "Titel 49" in first.content.decode()
    assert "Titel 2<" not in first.content.decode()
    assert "Titel 2<" in staff.get(f"{LIST}{entry.pk}/history/?side=2").content.decode()
    for number in ("x", "-1", "9999", "9" * 50):
        assert staff.get(f"{LIST}{entry.pk}/history/?side={number}").status_code == 200


def test_somebody_who_is_gone_has_no_name(client: Client) -> None:
    person = editor(name="Kort Ansat")
    client.force_login(person)
    entry = EntryFactory.create()
    save(client, change(entry), title="Efter")
    LogEntry.objects.all().delete()
    person.delete()
    client.force_login(editor())
    body = client.get(f"{LIST}{entry.pk}/history/").content.decode()
    assert "en tidligere bruger" in body
    assert "Kort Ansat" not in body


def test_a_list_that_has_been_changed_by_sql_shows_in_the_history(staff: Client) -> None:
    entry = EntryFactory.create(title="Før")
    Entry.objects.filter(pk=entry.pk).update(problem="Skrevet uden om admin")
    assert "Skrevet uden om admin" in staff.get(f"{LIST}{entry.pk}/history/").content.decode()

"""Import and export in admin: who may, what is shown before anything is written, and large files as jobs."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.models import User
from catalogue import tasks
from catalogue.exchange import runs
from catalogue.exchange.columns import COLUMNS
from catalogue.models import Entry, ImportRun, RunState
from editorial.choices import State
from tests.factories import EntryFactory, UserFactory, editor, published

pytestmark = pytest.mark.django_db

IMPORT = "/admin/catalogue/entry/import/"
LIST = "/admin/catalogue/entry/"


def upload(rows: list[str], name: str = "liste.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, "\n".join(["external_id;type;title;summary", *rows]).encode())


def many(number: int) -> list[str]:
    return [f"m-{n};initiativ;Titel {n};Resumé" for n in range(number)]


@pytest.fixture
def staff() -> User:
    return editor(email="redaktion@example.dk")


@pytest.fixture
def staff_client(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


def send(client: Client, rows: list[str], **data: Any) -> ImportRun:
    """Send a file and come to its page."""
    response = client.post(IMPORT, {"file": upload(rows), **data})
    assert response.status_code == 302, response.content.decode()
    run = ImportRun.objects.latest("pk")
    assert response["Location"] == f"{IMPORT}{run.uuid}/"
    return run


def jobs() -> list[dict[str, Any]]:
    return list(
        ProcrastinateJob.objects.filter(task_name="catalogue.run_import").values_list("args", flat=True)
    )


@pytest.mark.parametrize(
    "name", ["import", "import_template", "import_run", "import_confirm", "import_take_up"]
)
def test_only_staff_who_may_add_and_change_import(client: Client, staff: User, name: str) -> None:
    run = ImportRun.objects.create(name="f.csv", file=b"", requested_by=staff.key)
    arguments: dict[str, dict[str, Any]] = {"import": {}, "import_template": {"kind": "csv"}}
    address = reverse(f"admin:catalogue_entry_{name}", kwargs=arguments.get(name, {"key": run.uuid}))
    posted = name in ("import_confirm", "import_take_up")
    for user, expected in [
        (None, 302),
        (UserFactory.create(), 302),
        (UserFactory.create(is_staff=True), 403),
    ]:
        client.logout()
        if user:
            client.force_login(user)
        response = client.post(address) if posted else client.get(address)
        assert response.status_code == expected
        assert expected == 403 or "/login/" in response["Location"]
    client.force_login(staff)
    response = client.post(address) if posted else client.get(address)
    assert response.status_code == (302 if posted else 200)
    assert posted is False or client.get(address).status_code == 405


def test_the_list_leads_there(staff_client: Client) -> None:
    published()
    page = staff_client.get(LIST).content.decode()
    assert f'href="{IMPORT}"' in page
    assert "Hent de valgte som CSV" in page
    page = staff_client.get(IMPORT).content.decode()
    assert all(f"<code>{column}</code>" in page for column in COLUMNS)


def test_the_template_has_the_columns(staff_client: Client) -> None:
    response = staff_client.get(f"{IMPORT}skabelon.csv")
    assert response.content.decode("utf-8-sig").strip().split(";") == list(COLUMNS)
    sheet = load_workbook(io.BytesIO(staff_client.get(f"{IMPORT}skabelon.xlsx").content)).worksheets[0]
    assert [cell.value for cell in sheet[1]] == list(COLUMNS)


def test_first_it_is_shown_then_confirmed(staff_client: Client, staff: User) -> None:
    EntryFactory.create(external_id="gammel", kind="initiativ", status="", title="Før", summary="Resumé")
    run = send(staff_client, ["ny;initiativ;Helt ny;S", "gammel;initiativ;Efter;Resumé"], publish="on")
    assert (run.state, Entry.objects.count(), run.requested_by) == (RunState.CHECKED, 1, staff.key)
    address = f"{IMPORT}{run.uuid}/"
    page = staff_client.get(address).content.decode()
    assert "Filen er i orden." in page
    assert "2 rækker: 1 ny, 1 rettet, 0 uændrede, 2 offentliggjorte." in page
    assert "<del>Før</del>" in page and "<ins>Efter</ins>" in page
    assert "Læg 2 rækker ind" in page
    assert staff_client.post(f"{address}bekraeft/").status_code == 302
    run.refresh_from_db()
    assert (run.state, bytes(run.file), run.finished_at is not None) == (RunState.DONE, b"", True)
    assert set(Entry.objects.values_list("title", "state")) == {
        ("Helt ny", "published"),
        ("Efter", "published"),
    }
    # A second click does nothing but say so.
    page = staff_client.post(f"{address}bekraeft/", follow=True).content.decode()
    assert "allerede lagt ind" in page
    assert (Entry.objects.count(), jobs()) == (2, [])


def test_errors_are_shown_and_may_be_skipped(staff_client: Client) -> None:
    run = send(staff_client, ["a;initiativ;God;S", "b;forkert;Dårlig;S"])
    address = f"{IMPORT}{run.uuid}/"
    page = staff_client.get(address).content.decode()
    assert "1 række har fejl." in page
    assert "»forkert« kendes ikke." in page and "<td>3</td>" in page
    assert "Spring fejlene over, og læg 1 række ind" in page
    staff_client.post(f"{address}bekraeft/", {"skip_bad": "on"})
    assert [(e.title, e.state) for e in Entry.objects.all()] == [("God", State.DRAFT)]


def test_what_has_become_bad_since_is_refused(staff_client: Client) -> None:
    entry = EntryFactory.create(external_id="a", kind="initiativ", status="")
    run = send(staff_client, ["a;eksempel;T;S"])
    entry.publish(by=None)  # and now it has to be complete, which an example without subject area is not
    staff_client.post(f"{IMPORT}{run.uuid}/bekraeft/")
    run.refresh_from_db()
    assert run.state == RunState.REFUSED
    page = staff_client.get(f"{IMPORT}{run.uuid}/").content.decode()
    assert "Intet er lagt ind" in page and "mindst ét fagområde" in page
    entry.refresh_from_db()
    assert entry.kind == "initiativ"


def test_a_file_that_cannot_be_read_is_refused_at_the_field(staff_client: Client) -> None:
    for content, reason in [(b"", "tom"), (b"a;b\n1;2\n", "mangler kolonnen"), (b"\xff\xfea", "UTF-16")]:
        response = staff_client.post(IMPORT, {"file": SimpleUploadedFile("f.csv", content)})
        assert response.status_code == 422
        assert "errorlist" in response.content.decode() and reason in response.content.decode()
    assert staff_client.post(IMPORT, {}).status_code == 422
    assert ImportRun.objects.count() == 0


def test_a_workbook(staff_client: Client) -> None:
    entry = published(title="=1+1", kind="initiativ", status="")
    data = {"action": "export_xlsx", "_selected_action": [entry.pk]}
    data_file = b"".join(staff_client.post(LIST, data).streaming_content)
    response = staff_client.post(IMPORT, {"file": SimpleUploadedFile("f.xlsx", data_file)}, follow=True)
    assert "1 uændret" in response.content.decode()
    assert "Der er ikke noget at lægge ind." in response.content.decode()


def test_the_chosen_are_exported_whatever_their_state(staff_client: Client) -> None:
    draft, other = EntryFactory.create(title="Kladde", tags=["a", "b"]), published(title="Anden")
    published(title="Ikke valgt")
    chosen = {"_selected_action": [draft.pk, other.pk]}
    response = staff_client.post(f"{LIST}?q=a", {"action": "export_json", **chosen})
    assert {r["title"] for r in json.loads(b"".join(response.streaming_content))} <= {"Kladde", "Anden"}
    response = staff_client.post(LIST, {"action": "export_csv", **chosen})
    assert response["Content-Disposition"].startswith('attachment; filename="indlaeg-')
    assert b"".join(response.streaming_content).count(b"\r\n") == 3


# -- large files -----------------------------------------------------------------


@pytest.fixture
def small_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "AT_ONCE", 5)
    monkeypatch.setattr("catalogue.exchange.importing.CHUNK", 4)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_large_file_is_a_job_with_progress(staff_client: Client, small_limit: None) -> None:
    run = send(staff_client, many(10))
    address = f"{IMPORT}{run.uuid}/"
    assert (run.state, jobs()) == (RunState.CHECKING, [{"key": str(run.uuid)}])
    page = staff_client.get(address).content.decode()
    assert 'data-hx-trigger="every 2s"' in page and "0 af 10 rækker" in page
    part = staff_client.get(address, headers={"HX-Request": "true"}).content.decode().strip()
    assert part.startswith('<div id="run"') and "<html" not in part
    seen = []

    original = runs.import_entries

    def watched(*args: Any, on_rows: Any, **options: Any) -> Any:
        def note(done: int) -> None:
            on_rows(done)
            with connection.copy().cursor() as cursor:  # as the page sees it, while the import is going on
                cursor.execute("SELECT rows_done, state FROM catalogue_importrun")
                seen.append(cursor.fetchone())

        return original(*args, on_rows=note, **options)

    runs.import_entries = watched  # type: ignore[assignment]
    try:
        tasks.run_import(key=str(run.uuid))
        run.refresh_from_db()
        assert (run.state, run.rows_done, Entry.objects.count()) == (RunState.CHECKED, 10, 0)
        staff_client.post(f"{address}bekraeft/")
        assert len(jobs()) == 2
        tasks.run_import(key=str(run.uuid))
    finally:
        runs.import_entries = original
    assert seen == [
        (4, "checking"),
        (8, "checking"),
        (10, "checking"),
        (4, "importing"),
        (8, "importing"),
        (10, "importing"),
    ]
    run.refresh_from_db()
    assert (run.state, Entry.objects.count()) == (RunState.DONE, 10)
    tasks.run_import(key=str(run.uuid))  # given to the worker twice: nothing happens
    assert Entry.objects.count() == 10


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_killed_worker_leaves_nothing_and_the_run_is_taken_up(
    staff_client: Client, small_limit: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f";initiativ;Uden id {n};S" for n in range(9)]
    run = send(staff_client, rows)
    tasks.run_import(key=str(run.uuid))
    address = f"{IMPORT}{run.uuid}/"
    staff_client.post(f"{address}bekraeft/")

    def killed(*args: Any, **options: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patched, pytest.raises(SystemExit):
        patched.setattr(runs, "_end", killed)  # at the last moment: everything written, nothing committed
        tasks.run_import(key=str(run.uuid))
    run.refresh_from_db()
    assert (run.state, run.rows_done, Entry.objects.count()) == (RunState.IMPORTING, 9, 0)
    page = staff_client.post(f"{address}genoptag/", follow=True).content.decode()
    assert "Importen er i gang." in page
    ImportRun.objects.update(moved_at=timezone.now() - timedelta(minutes=2))
    page = staff_client.get(address).content.decode()
    assert "Prøv igen" in page and "data-hx-trigger" not in page
    before = len(jobs())
    staff_client.post(f"{address}genoptag/")
    assert len(jobs()) == before + 1
    tasks.run_import(key=str(run.uuid))
    tasks.run_import(key=str(run.uuid))
    run.refresh_from_db()
    assert (run.state, Entry.objects.count()) == (RunState.DONE, 9)


def test_old_runs_are_deleted(staff: User) -> None:
    old = ImportRun.objects.create(name="gammel.csv", file=b"x", requested_by=staff.key)
    ImportRun.objects.filter(pk=old.pk).update(created_at=timezone.now() - timedelta(days=31))
    ImportRun.objects.create(name="ny.csv", file=b"x", requested_by=staff.key)
    tasks.delete_old_imports(timestamp=0)
    assert [run.name for run in ImportRun.objects.all()] == ["ny.csv"]


def test_the_web_role_may_do_all_of_it(staff_client: Client, as_web_role: Any) -> None:
    with as_web_role(), transaction.atomic():
        run = send(staff_client, ["a;initiativ;T;S"], publish="on")
        staff_client.post(f"{IMPORT}{run.uuid}/bekraeft/")
        assert Entry.objects.published().count() == 1
        tasks.delete_old_imports(timestamp=0)

"""Importing entries: what a row does, what is wrong with it, and that a file is written whole or not at all."""

from __future__ import annotations

import datetime as dt
import io
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from openpyxl import Workbook

from catalogue.exchange import writing
from catalogue.exchange.documents import index
from catalogue.exchange.importing import import_entries
from catalogue.exchange.report import Report
from catalogue.models import Entry, Measure, Step, TimelineStep
from editorial.choices import Kind, State
from editorial.models import Decision, Link, Participation, Tag, TagSynonym
from places.models import WorkplaceAlias
from search.models import Document
from tests.factories import EntryFactory, WorkplaceFactory, WorkplacePeriodFactory, published

pytestmark = pytest.mark.django_db

FULL = {
    "external_id": "x-1",
    "type": "eksempel",
    "title": "Vi ringer først",
    "summary": "Færre klager.",
    "body": 'Første linje\n\nAnden, med "gåseøjne"; og semikolon',
    "sector": "kommune|stat",
    "region": "",
    "municipality": "0751",
    "workplace": "Målby Kommune",
    "year_from": "2019",
    "year_to": "2021",
    "status": "drift",
    "subject_areas": "aeldre|sundhed",
    "innovation_types": "service",
    "values": "kvalitet|effektivitet",
    "tags": "tillid|nye veje",
    "effect": "- Klager: 6 om måneden",
    "process": "=SUM(1)",
    "conditions": "'nej",
    "documentation": "Egne tal",
    "source_url": "https://kilde.example/a?b=c",
    "published_at": "2024-03-01T09:30:00+01:00",
}


def quoted(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'


def csv_file(*rows: dict[str, str], columns: list[str] | None = None, delimiter: str = ",") -> io.BytesIO:
    """A CSV file of rows, neutralised nowhere."""
    names = columns or list(dict.fromkeys(name for row in rows for name in row))
    lines = [delimiter.join(names), *(delimiter.join(quoted(row.get(n, "")) for n in names) for row in rows)]
    return io.BytesIO("\r\n".join(lines).encode())


def row(**cells: str) -> dict[str, str]:
    """A row with what is needed."""
    return {"external_id": "x-1", "type": "initiativ", "title": "En titel", "summary": "Et resumé."} | cells


def run(*rows: dict[str, str], **options: Any) -> Report:
    """Import rows."""
    return import_entries(csv_file(*rows), name="liste.csv", **options)


@pytest.fixture
def workplace() -> Any:
    return WorkplaceFactory.create(name="Målby Kommune")


def test_a_full_row_becomes_an_entry(workplace: Any) -> None:
    report = run(FULL, publish=True)
    assert (report.created, report.errors, report.written) == (1, [], True)
    entry = Entry.objects.get(external_id="x-1")
    assert entry.state == State.PUBLISHED
    assert entry.slug == "vi-ringer-foerst"
    assert entry.published_at == dt.datetime(2024, 3, 1, 8, 30, tzinfo=dt.UTC)
    assert (entry.title, entry.summary, entry.body) == (FULL["title"], FULL["summary"], FULL["body"])
    assert (entry.sectors, entry.municipality_id, entry.region_id) == (["kommune", "stat"], "0751", None)
    assert (entry.owner, entry.year_from, entry.year_to, entry.status) == (workplace, 2019, 2021, "drift")
    assert {area.slug for area in entry.subject_areas.all()} == {"aeldre", "sundhed"}
    assert (entry.innovation_types, entry.values) == (["service"], ["kvalitet", "effektivitet"])
    assert set(entry.tags.names()) == {"tillid", "nye veje"}
    assert (entry.effect, entry.process, entry.conditions) == (FULL["effect"], "=SUM(1)", "'nej")
    assert [(link.kind, link.url) for link in entry.links.all()] == [("source", FULL["source_url"])]
    assert Document.objects.get(content=entry).visible
    assert [(d.action, d.reason) for d in Decision.objects.filter(content_uuid=entry.uuid)] == [
        ("published", "Importeret fra »liste.csv«")
    ]


def test_only_three_columns_are_needed_and_the_entry_is_a_draft() -> None:
    report = run({"type": "eksempel", "title": "Kort", "summary": "Kort."})
    assert report.created == 1
    entry = Entry.objects.get(title="Kort")
    assert (entry.state, entry.slug, entry.external_id, entry.published_at) == (State.DRAFT, None, None, None)
    assert not Document.objects.get(content=entry).visible


def test_a_second_import_updates_and_a_third_changes_nothing(workplace: Any) -> None:
    run(FULL, publish=True)
    first = Entry.objects.get()
    changed = FULL | {
        "title": "Vi ringer altid",
        "tags": "tillid",
        "source_url": "https://ny.example/",
        "year_to": "",
    }
    report = run(changed, publish=True)
    assert (report.created, report.updated, report.published) == (0, 1, 0)
    entry = Entry.objects.get()
    assert (entry.title, entry.year_to, list(entry.tags.names())) == ("Vi ringer altid", None, ["tillid"])
    assert (entry.slug, entry.published_at, entry.uuid) == (first.slug, first.published_at, first.uuid)
    assert [link.url for link in entry.links.all()] == ["https://ny.example/"]
    assert Document.objects.get(content=entry).title == "Vi ringer altid"
    report = run(changed, publish=True)
    assert (report.updated, report.unchanged) == (0, 1)
    assert Entry.objects.get().version == entry.version


def test_an_absent_column_is_left_alone_and_an_empty_cell_empties(workplace: Any) -> None:
    run(FULL, publish=True)
    entry = Entry.objects.get()
    entry.problem = "Står ikke i filen"
    entry.save()
    Link.objects.create(content=entry, title="Mere", url="https://mere.example/")
    report = run({name: FULL[name] for name in ("external_id", "type", "title", "summary")} | {"title": "Ny"})
    assert report.updated == 1
    entry.refresh_from_db()
    assert (entry.title, entry.body, entry.problem) == ("Ny", FULL["body"], "Står ikke i filen")
    assert (entry.municipality_id, entry.status, entry.tags.count(), entry.subject_areas.count()) == (
        "0751",
        "drift",
        2,
        2,
    )
    assert (entry.links.count(), entry.state) == (2, State.PUBLISHED)
    keep = {
        name: FULL[name]
        for name in ("external_id", "type", "title", "summary", "subject_areas", "published_at")
    }
    report = run(dict.fromkeys(FULL, "") | keep | {"published_at": ""})
    entry = Entry.objects.get()
    assert (entry.body, entry.sectors, entry.municipality_id, entry.owner, entry.status) == (
        "",
        [],
        None,
        None,
        "",
    )
    assert (entry.values, entry.tags.count(), entry.year_from) == ([], 0, None)
    assert entry.published_at is not None  # what is public keeps its date
    assert [link.title for link in entry.links.all()] == ["Mere"]
    assert entry.problem == "Står ikke i filen"


def test_names_codes_labels_and_synonyms() -> None:
    workplace = WorkplaceFactory.create(name="Ny Styrelse", slug="ny-styrelse")
    WorkplacePeriodFactory.create(workplace=workplace, name="Gammel Styrelse")
    WorkplaceAlias.objects.create(workplace=workplace, name="NYST")
    tag = Tag.objects.create(name="frivillige", slug="frivillige")
    TagSynonym.objects.create(tag=tag, name="ulønnet hjælp")
    cells = {
        "type": "Eksempel", "sector": "Kommuner|STAT|kommune", "region": "Region Midtjylland", "municipality": "aarhus",
        "subject_areas": "aeldre", "status": "I drift", "values": "Politiske mål",
        "tags": "Frivillige| ulønnet hjælp |helt nyt|Helt Nyt", "workplace": "gammel styrelse", "year_from": "2014,0",
        "published_at": "01-03-2024",
    }  # fmt: skip
    report = run(row(**cells))
    assert report.errors == []
    entry = Entry.objects.get()
    assert (entry.kind, entry.sectors, entry.municipality_id, entry.region_id) == (
        "eksempel",
        ["kommune", "stat"],
        "0751",
        None,
    )
    assert (entry.status, entry.values, entry.owner, entry.year_from) == (
        "drift",
        ["politiske-maal"],
        workplace,
        2014,
    )
    assert set(entry.tags.names()) == {"frivillige", "helt nyt"}
    assert timezone.localdate(entry.published_at) == dt.date(2024, 3, 1)
    for name in ("NYST", "Ny Styrelse", "ny-styrelse"):
        assert run(row(workplace=name)).errors == []
    assert run(row(municipality="751", region="")).errors == []
    assert run(row(region="Hovedstaden", municipality="")).errors == []
    assert Entry.objects.get().region_id == "1084"


BAD: list[tuple[dict[str, str], str, str]] = [
    (row(type="projekt"), "type", "»projekt« kendes ikke."),
    (row(type=""), "type", "Feltet skal udfyldes."),
    (row(title="   "), "title", "Feltet skal udfyldes."),
    (row(title="x" * 121), "title", "Teksten er på 121 tegn. Der er plads til 120."),
    (row(summary=""), "summary", "Feltet skal udfyldes."),
    (row(summary="x" * 501), "summary", "Teksten er på 501 tegn. Der er plads til 500."),
    (row(body="x" * 20_001), "body", "Teksten er på 20001 tegn. Der er plads til 20000."),
    (row(sector="kommune|komune"), "sector", "»komune« kendes ikke. Mente du »kommune«?"),
    (row(region="Midtylland"), "region", "Mente du »Region Midtjylland«?"),
    (row(region="9999"), "region", "»9999« kendes ikke."),
    (row(municipality="Århuss"), "municipality", "»Århuss« kendes ikke."),
    (row(municipality="0411"), "municipality", "»0411« kendes ikke."),
    (row(municipality="0751", region="1085"), "region", "Aarhus Kommune ligger ikke i Region Sjælland."),
    (row(workplace="Målby Komune"), "workplace", "Mente du »Målby Kommune«? Nye arbejdspladser oprettes først."),
    (row(workplace="Tvilling"), "workplace", "Flere arbejdspladser hedder »Tvilling«. Skriv i stedet en af: t-1, t-2."),
    (row(year_from="19999"), "year_from", "»19999« er ikke et årstal mellem 1900 og 2100."),
    (row(year_from="1899"), "year_from", "»1899« er ikke et årstal"),
    (row(year_to="sidste år"), "year_to", "»sidste år« er ikke et årstal"),
    (row(year_from="2020", year_to="2019"), "year_to", "Slutåret skal være det samme som startåret eller senere."),
    (row(status="færdig"), "status", "»færdig« kendes ikke."),
    (row(type="eksempel", status="ide"), "status", "Et eksempel er noget, der er gennemført"),
    (row(subject_areas="aeldre|sunhed"), "subject_areas", "»sunhed« kendes ikke. Mente du »sundhed«?"),
    (row(innovation_types="proces"), "innovation_types", "»proces« kendes ikke."),
    (row(values="penge"), "values", "»penge« kendes ikke."),
    (row(tags="x" * 101), "tags", "Et emne kan højst være på 100 tegn"),
    (row(source_url="kilde.example"), "source_url", "»kilde.example« er ikke en webadresse."),
    (row(source_url="javascript:alert(1)"), "source_url", "er ikke en webadresse."),
    (row(source_url="https://x.example/" + "a" * 600), "source_url", "Adressen er på 618 tegn."),
    (row(published_at="i går"), "published_at", "»i går« er ikke en dato."),
    (row(published_at="2024-02-30"), "published_at", "»2024-02-30« er ikke en dato."),
    (row(published_at="2099-01-01"), "published_at", "Datoen ligger i fremtiden."),
    (row(external_id="x" * 121), "external_id", "Id'et er på 121 tegn."),
]  # fmt: skip


@pytest.mark.parametrize(("bad", "column", "reason"), BAD)
def test_a_bad_row_is_named_and_nothing_is_written(bad: dict[str, str], column: str, reason: str) -> None:
    WorkplaceFactory.create(name="Målby Kommune")
    WorkplaceFactory.create(name="Tvilling", slug="t-1")
    WorkplaceFactory.create(name="Tvilling", slug="t-2")
    good = row(external_id="god", summary="To\nlinjer")
    report = run(good, bad)
    assert [(note.line, note.column) for note in report.errors] == [(4, column)]
    assert reason in report.errors[0].reason
    assert (report.bad_rows, report.written, Entry.objects.count()) == (1, False, 0)
    report = run(good, bad, skip_bad=True)
    assert (report.written, [e.external_id for e in Entry.objects.all()]) == (True, ["god"])


def test_all_faults_of_a_row_are_named_at_once() -> None:
    report = run(row(type="?", year_from="?", sector="?"))
    assert [note.column for note in report.errors] == ["type", "year_from", "sector"]
    assert report.bad_rows == 1


@pytest.mark.parametrize(
    ("data", "line", "part"),
    [
        (b"", 1, "Filen er tom"),
        (b"type,title\neksempel,T\n", 1, "Filen mangler kolonnen »summary«."),
        (b"type,title,summary,Title\n", 1, "»title« er der to gange"),
        (b"type,title,summary\ninitiativ,T,S\ninitiativ,\xff,S\n", 3, "UTF-8"),
        (b'type,title,summary\ninitiativ,T,S\ninitiativ,"T,S\n', 3, "Anførselstegnene"),
        (b"type,title,summary\ninitiativ,T\n", 2, "Rækken har 2 felter, men der er 3 kolonner."),
    ],
)
def test_a_file_that_cannot_be_read_is_never_half_written(data: bytes, line: int, part: str) -> None:
    report = import_entries(io.BytesIO(data), name="f.csv", skip_bad=True)
    assert [(note.line, part in note.reason) for note in report.errors] == [(line, True)]
    assert Entry.objects.count() == 0


def test_header_is_read_with_indulgence_and_unknown_columns_are_named() -> None:
    data = "\ufeffExternal ID; Type ;TITLE;summary;Sektor;year-from\nx;initiativ;T;S;kommune;2014\n".encode()
    report = import_entries(io.BytesIO(data), name="f.csv")
    assert [str(note) for note in report.warnings] == [
        "Linje 1: Kolonnen »Sektor« kendes ikke og læses ikke. Mente du »sector«?"
    ]
    entry = Entry.objects.get(external_id="x")
    assert (entry.year_from, entry.sectors) == (2014, [])


def test_the_same_id_twice_names_both_lines() -> None:
    existing = EntryFactory.create(external_id="kendt")
    report = run(row(), row(title="To"), row(external_id="kendt"), row(external_id=f"uuid:{existing.uuid}"))
    assert [(n.line, n.column) for n in report.errors] == [(3, "external_id"), (5, "external_id")]
    assert "står også i linje 2" in report.errors[0].reason
    assert "står også i linje 4" in report.errors[1].reason


def test_publishing_keeps_the_rules() -> None:
    without_area = row(type="eksempel", external_id="uden")
    report = run(without_area, row(external_id="god"), publish=True)
    assert [(n.line, n.column, n.reason) for n in report.errors] == [
        (2, "subject_areas", "Et eksempel skal have mindst ét fagområde.")
    ]
    assert Entry.objects.count() == 0
    report = run(without_area, row(external_id="god"), publish=True, skip_bad=True)
    assert (report.created, report.published, Entry.objects.get().external_id) == (1, 1, "god")
    # What is public has to stay complete.
    public = published(external_id="offentlig")
    report = run(row(type="eksempel", external_id="offentlig", subject_areas=""))
    assert [(n.line, n.column) for n in report.errors] == [(2, "subject_areas")]
    assert public.subject_areas.count() == 1


def test_a_draft_is_published_by_a_second_import_and_what_was_taken_down_is_not() -> None:
    run(row(), row(external_id="nede"))
    down = Entry.objects.get(external_id="nede")
    down.publish(by=None)
    down.suspend(by=None, reason="Prøve")
    report = run(row(title="Ny titel"), row(external_id="nede"), publish=True)
    assert (report.published, report.errors) == (1, [])
    assert [note.line for note in report.warnings] == [3]
    assert "taget ned" in report.warnings[0].reason
    first = Entry.objects.get(external_id="x-1")
    assert (first.state, first.slug, Document.objects.get(content=first).visible) == (
        State.PUBLISHED,
        "ny-titel",
        True,
    )
    down.refresh_from_db()
    assert down.state == State.SUSPENDED


def test_equal_titles_get_addresses_of_their_own() -> None:
    published(title="Samme titel", kind=Kind.INITIATIVE)
    rows = [row(external_id=f"s-{n}", title="Samme titel") for n in range(3)]
    run(*rows, publish=True)
    assert sorted(Entry.objects.values_list("slug", flat=True)) == [
        "samme-titel", "samme-titel-2", "samme-titel-3", "samme-titel-4",
    ]  # fmt: skip


def test_a_dry_run_reports_the_same_and_writes_nothing() -> None:
    EntryFactory.create(external_id="gammel", title="Gammel", kind=Kind.INITIATIVE, status="")
    rows = [row(tags="ny"), row(external_id="gammel"), row(external_id="fejl", type="x")]
    dry = run(*rows, dry_run=True, skip_bad=True, publish=True)
    assert (Entry.objects.count(), Tag.objects.filter(name="ny").exists(), dry.written) == (1, False, False)
    assert Entry.objects.get().title == "Gammel"
    real = run(*rows, skip_bad=True, publish=True)
    assert real.as_json() == dry.as_json() | {"written": True}
    assert [(s.line, s.is_new, s.columns) for s in dry.shown][1] == (
        3, False, [("title", "Gammel", "En titel"), ("summary", "Det korte af det lange.", "Et resumé.")],
    )  # fmt: skip


def test_a_row_without_id_that_looks_like_an_entry_is_warned_of() -> None:
    run({"type": "initiativ", "title": "Kendt", "summary": "S"})
    report = run({"type": "initiativ", "title": "Kendt", "summary": "S"})
    assert (report.created, [note.line for note in report.warnings]) == (1, [2])


def test_killed_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def fail(plans: list[Any]) -> None:
        calls.append(len(plans))
        if len(calls) == 2:
            raise KeyboardInterrupt
        index(plans)

    monkeypatch.setattr(writing, "index", fail)
    monkeypatch.setattr("catalogue.exchange.importing.CHUNK", 3)
    with pytest.raises(KeyboardInterrupt):
        run(*(row(external_id=f"k-{n}", tags="splinterny") for n in range(9)))
    assert (
        Entry.objects.count(),
        Document.objects.count(),
        Tag.objects.filter(name="splinterny").count(),
    ) == (0, 0, 0)


def test_what_only_the_database_refuses_is_blamed_on_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue.exchange.planning.Planner._crossed", lambda self, plan: [])
    bad = row(external_id="b", year_from="2020", year_to="2019")
    report = run(*(row(external_id=f"g-{n}") for n in range(5)), bad, row(external_id="sidst"), skip_bad=True)
    assert [(n.line, n.reason) for n in report.errors] == [
        (7, "Slutåret skal være det samme som startåret eller senere.")
    ]
    assert (report.created, Entry.objects.count()) == (6, 6)


def test_documents_in_bulk_are_those_of_one() -> None:
    workplace = WorkplaceFactory.create(name="Målby Kommune")
    WorkplacePeriodFactory.create(workplace=workplace, name="Gamle Målby", valid_to=dt.date(2020, 1, 1))
    run(FULL, publish=True)
    entry = Entry.objects.get()
    TagSynonym.objects.create(tag=entry.tags.first(), name="et synonym")
    Participation.objects.create(content=entry, workplace=WorkplaceFactory.create(), position=1)
    Participation.objects.create(content=entry, workplace=WorkplaceFactory.create(), position=0)
    Measure.objects.create(entry=entry, label="Klager", unit="om året", before=2, after=1)
    TimelineStep.objects.create(entry=entry, when="2019", text="Det **begyndte**")
    Step.objects.create(entry=entry, title="Trin", text="Gør det")
    index([entry.pk])
    columns = [f.name for f in Document._meta.concrete_fields if not f.primary_key]
    bulk = Document.objects.values(*columns).get(content=entry)
    entry.reindex()
    assert Document.objects.values(*columns).get(content=entry) == bulk


def test_queries_do_not_grow_with_the_rows(django_assert_max_num_queries: Callable[..., Any]) -> None:
    with django_assert_max_num_queries(45):
        run(*(row(external_id=f"q-{n}", tags="a|b", workplace="") for n in range(100)), publish=True)


# -- the command ---------------------------------------------------------------


def command(path: Path, *options: str) -> tuple[str, str]:
    """What the command writes, and the error it ends with."""
    out = io.StringIO()
    try:
        call_command("import_entries", str(path), *options, stdout=out)
    except CommandError as error:
        assert error.returncode == 1
        return out.getvalue(), str(error)
    return out.getvalue(), ""


def test_the_command(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_bytes(csv_file(row(), row(external_id="fejl", type="x")).read())
    out, error = command(path)
    assert "Linje 3, type: »x« kendes ikke." in out
    assert "2 rækker: 1 ny, 0 rettede, 0 uændrede, 1 med fejl." in out
    assert (error.startswith("Intet er skrevet."), Entry.objects.count()) == (True, 0)
    out, error = command(path, "--dry-run", "--skip-bad")
    assert (error, Entry.objects.count()) == ("Prøve: intet er skrevet.", 0)
    out, error = command(path, "--skip-bad", "--publish")
    assert ("sprunget over" in error, Entry.objects.get().state) == (True, State.PUBLISHED)
    path.write_bytes(csv_file(row()).read())
    out, error = command(path)
    assert (error, "1 uændret" in out) == ("", True)
    assert "kan ikke læses" in command(tmp_path / "findes-ikke.csv")[1]


# -- workbooks -------------------------------------------------------------------


def workbook(*rows: list[Any]) -> io.BytesIO:
    book = Workbook()
    for cells in rows:
        book.active.append(cells)
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def test_a_workbook_made_by_hand() -> None:
    header = ["type", "title", "summary", "municipality", "year_from", "published_at"]
    report = import_entries(
        workbook(header, ["initiativ", 2024, "S", 751, 2014, dt.datetime(2024, 3, 1, 9, 30)], [None] * 6),
        name="l.xlsx",
    )
    assert report.errors == []
    entry = Entry.objects.get()
    assert (entry.title, entry.municipality_id, entry.year_from) == ("2024", "0751", 2014)
    assert entry.published_at == dt.datetime(2024, 3, 1, 8, 30, tzinfo=dt.UTC)


def test_faults_of_a_workbook() -> None:
    header = ["type", "title", "summary"]
    report = import_entries(workbook(header, ["initiativ", "=1+1", "S"], ["x", "T", "S"]), name="l.xlsx")
    assert [(n.line, n.column) for n in report.errors] == [(2, ""), (3, "type")]
    assert "formel" in report.errors[0].reason
    assert import_entries(io.BytesIO(b"PK\x03\x04skrald"), name="l.xlsx").broken
    assert import_entries(workbook(), name="l.xlsx").broken
    assert import_entries(workbook(["type", "title"]), name="l.xlsx").broken


# -- two at once -------------------------------------------------------------------


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_imports_at_once_do_not_double() -> None:
    rows = [row(external_id=f"p-{n}", tags="fælles") for n in range(40)]
    reports: list[Report] = []
    ready = threading.Barrier(2)

    def work() -> None:
        try:
            ready.wait()
            reports.append(import_entries(csv_file(*rows), name="p.csv", publish=True))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(report.created for report in reports) == [0, 40]
    assert sorted(report.unchanged for report in reports) == [0, 40]
    assert (Entry.objects.count(), Tag.objects.filter(name="fælles").count()) == (40, 1)

"""Exporting entries: what is in the file, for whom, and that importing it again changes nothing."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from catalogue.exchange.columns import COLUMNS
from catalogue.exchange.exporting import export
from catalogue.exchange.importing import import_entries
from catalogue.models import Entry
from editorial.choices import Kind
from editorial.models import Link
from tests.factories import HIDDEN_STATES, EntryFactory, WorkplaceFactory, hidden, published

pytestmark = pytest.mark.django_db

ADDRESSES = ["/katalog/eksport.csv", "/katalog/eksport.xlsx", "/katalog/eksport.json"]


def body(response: Any) -> bytes:
    """The whole of a streamed answer."""
    return b"".join(response.streaming_content)


def rows_of(data: bytes) -> list[dict[str, str]]:
    """The rows of a CSV file, as they stand in it."""
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def file_of(kind: str, entries: Any = None) -> bytes:
    """All entries as a file."""
    found = Entry.objects.all() if entries is None else entries
    return b"".join(export(found.order_by("pk").values_list("pk", flat=True), kind, entries=found))


def full_entry() -> Entry:
    entry = published(
        day=dt.date(2024, 3, 1), title="=1+1", summary="'@SUM(A1)", body="+45\n\n\"citat\"; semikolon, komma",
        external_id="fuld", owner=WorkplaceFactory.create(name="Målby Kommune"), municipality_id="0751",
        sectors=["kommune", "stat"], year_from=2014, year_to=2016, values=["kvalitet"],
        innovation_types=["service", "produkt"], effect="-2", process="''=x", conditions="\t=x", documentation=" x ",
        tags=["b", "a|c", "å\\"], subject_areas=["sundhed", "aeldre"],
    )  # fmt: skip
    Link.objects.create(content=entry, kind="more", title="Mere", url="https://mere.example/", position=0)
    Link.objects.create(content=entry, kind="source", title="K", url="https://k.example/", position=1)
    Link.objects.create(content=entry, kind="source", title="L", url="https://l.example/", position=2)
    return entry


def state_of(entry: Entry) -> dict[str, Any]:
    """Everything an import could touch."""
    found = Entry.objects.get(pk=entry.pk)
    return found.snapshot() | {"version": found.version, "state": found.state, "at": found.published_at}


def test_the_columns_and_their_cells() -> None:
    full_entry()
    (row,) = rows_of(file_of("csv"))
    assert tuple(row) == COLUMNS
    assert row["external_id"] == "fuld"
    assert (row["title"], row["summary"], row["effect"]) == ("'=1+1", "''@SUM(A1)", "'-2")
    assert (row["sector"], row["region"], row["municipality"], row["workplace"]) == (
        "kommune|stat", "1082", "0751", "Målby Kommune",
    )  # fmt: skip
    assert (row["subject_areas"], row["tags"]) == ("sundhed|aeldre", "a\\|c|b|å\\\\")
    assert (row["source_url"], row["published_at"]) == ("https://k.example/", "2024-03-01T09:00:00+01:00")
    (record,) = json.loads(file_of("json"))
    assert list(record) == [*COLUMNS, "url"]
    assert (record["title"], record["tags"], record["year_from"]) == ("=1+1", ["a|c", "b", "å\\"], 2014)
    assert record["url"].endswith("/katalog/1-1/")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_export_and_import_are_inverse(kind: str) -> None:
    entries = [full_entry(), EntryFactory.create(title="Kladde"), published(kind=Kind.TOOL, region_id="1085")]
    before = [state_of(entry) for entry in entries]
    data = file_of(kind)
    report = import_entries(io.BytesIO(data), name=f"f.{kind}")
    assert (report.errors, report.warnings, report.unchanged) == ([], [], 3)
    assert [state_of(entry) for entry in entries] == before
    # Into a portal that does not have them.
    Entry.objects.all().delete()
    report = import_entries(io.BytesIO(data), name=f"f.{kind}")
    assert (report.errors, report.created) == ([], 3)
    assert file_of(kind) == data or kind == "xlsx"
    assert {e.external_id for e in Entry.objects.all()} == {"fuld", None}
    assert {e.uuid for e in Entry.objects.filter(external_id=None)} == {e.uuid for e in entries[1:]}


def _sheet(data: bytes) -> Any:
    return load_workbook(io.BytesIO(data)).worksheets[0]


NASTY = st.text(
    alphabet=st.one_of(
        st.sampled_from("'=+-@|\\\t\r\n ;,\"_x0041Aæøå\ufeff\u200b−＝"),
        st.characters(exclude_characters="\x00", exclude_categories=["Cs"]),
    ),
    max_size=40,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=NASTY.filter(lambda text: text.strip()), text=NASTY, delimiter=st.sampled_from([",", ";"]))
def test_any_text_survives_a_csv_file(title: str, text: str, delimiter: str) -> None:
    entry = EntryFactory.create(title=title, summary=text or "x", body=text, kind=Kind.TOOL, status="")
    before = state_of(entry)
    report = import_entries(io.BytesIO(file_of("csv", Entry.objects.filter(pk=entry.pk))), name="f.csv")
    assert (report.errors, report.unchanged) == ([], 1) or not text.strip()
    assert state_of(entry) == before
    data = file_of("csv", Entry.objects.filter(pk=entry.pk))
    Entry.objects.filter(pk=entry.pk).update(title="andet", summary="andet")
    report = import_entries(io.BytesIO(data), name="f.csv")
    if text.strip():
        assert report.updated == 1
        found = Entry.objects.get(pk=entry.pk)
        assert (found.title, found.summary, found.body) == (title, text, text)


def test_workbooks_hold_typed_text() -> None:
    published(title="=1+1", summary="a\x07b\x1f_x0041_", municipality_id="0101", year_from=2014)
    header, row = _sheet(file_of("xlsx"))
    assert [cell.value for cell in header] == list(COLUMNS)
    assert {cell.data_type for cell in row if cell.value is not None} <= {"s", "inlineStr"}
    cells = dict(zip(COLUMNS, (cell.value for cell in row), strict=True))
    assert (cells["title"], cells["municipality"], cells["year_from"]) == ("'=1+1", "0101", "2014")


# -- the pages -----------------------------------------------------------------


@pytest.mark.parametrize("address", ADDRESSES)
def test_files_have_a_name_and_are_not_for_search_engines(client: Client, address: str) -> None:
    published()
    response = client.get(address)
    kind = address.rsplit(".", 1)[1]
    assert response.status_code == 200
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Content-Disposition"].startswith('attachment; filename="inspiration-20')
    assert response["Content-Disposition"].endswith(f'.{kind}"')
    head = client.head(address)
    assert (head.status_code, body(head), head["Content-Type"]) == (200, b"", response["Content-Type"])
    assert client.post(address).status_code == 405


def test_the_lists_parameters_are_honoured(client: Client) -> None:
    published(title="Æbler", kind=Kind.TOOL, sectors=["stat"], tags=["frugt"], day=dt.date(2020, 1, 1))
    published(title="Pærer", kind=Kind.TOOL, sectors=["kommune"], day=dt.date(2021, 1, 1))
    published(title="Bananer", sectors=["kommune"], municipality_id="0751", day=dt.date(2022, 1, 1))
    for state in HIDDEN_STATES:
        hidden(state, title=f"Skjult {state}")

    def titles(query: str) -> list[str]:
        return [row["title"] for row in rows_of(body(client.get(f"/katalog/eksport.csv?{query}")))]

    assert titles("") == ["Bananer", "Pærer", "Æbler"]
    assert titles("sort=titel") == ["Bananer", "Pærer", "Æbler"]
    assert titles("type=vaerktoej") == ["Pærer", "Æbler"]
    assert titles("type=vaerktoej&sektor=stat") == ["Æbler"]
    assert titles("emne=frugt") == ["Æbler"]
    assert titles("kommune=0751") == ["Bananer"]
    assert titles("region=1082") == ["Bananer"]
    assert titles("q=pærer") == ["Pærer"]
    assert titles("side=9&pr_side=10") == ["Bananer", "Pærer", "Æbler"]
    assert titles("type=findes-ikke") == ["Bananer", "Pærer", "Æbler"]
    records = json.loads(body(client.get("/katalog/eksport.json?sektor=kommune")))
    assert [record["title"] for record in records] == ["Bananer", "Pærer"]
    rows = list(_sheet(body(client.get("/katalog/eksport.xlsx?sektor=stat"))).values)
    assert [row[2] for row in rows] == ["title", "Æbler"]


def test_an_empty_result_is_a_header(client: Client) -> None:
    for address in ADDRESSES:
        assert client.get(f"{address}?q=findesikke").status_code == 200
    data = body(client.get("/katalog/eksport.csv?q=findesikke"))
    assert data.decode("utf-8-sig") == ",".join(COLUMNS) + "\r\n"
    assert json.loads(body(client.get("/katalog/eksport.json?q=findesikke"))) == []
    assert len(list(_sheet(body(client.get("/katalog/eksport.xlsx?q=findesikke"))).rows)) == 1


def test_an_entry_taken_down_while_the_file_is_sent_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalogue.exchange.exporting.CHUNK", 1)
    first, second = published(title="Første"), published(title="Anden")
    pieces = export([first.pk, second.pk], "json", entries=Entry.objects.published())
    start = next(pieces) + next(pieces)
    second.suspend(by=None, reason="Prøve")
    assert [record["title"] for record in json.loads(start + b"".join(pieces))] == ["Første"]


def test_what_excel_cannot_hold_is_refused_with_a_way_out(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = published(title="Lang")
    Entry.objects.filter(pk=entry.pk).update(body="x" * 32_768)
    response = client.get("/katalog/eksport.xlsx?type=eksempel")
    assert response.status_code == 422
    page = response.content.decode()
    assert "32767" in page.replace(".", "")
    assert "/katalog/eksport.csv?type=eksempel" in page
    monkeypatch.setattr("catalogue.exports.XLSX_ROWS", 0)
    response = client.get("/katalog/eksport.xlsx")
    assert (response.status_code, "kan højst rumme 0" in response.content.decode()) == (422, True)
    assert len(rows_of(body(client.get("/katalog/eksport.csv")))[0]["body"]) == 32_768


def test_queries_are_counted_in_chunks_not_rows(client: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            body(client.get("/katalog/eksport.csv"))
        return len(captured)

    for number in range(3):
        published(tags=["a"], owner=WorkplaceFactory.create(), municipality_id="0751", title=f"E{number}")
    few = queries()
    for number in range(6):
        published(
            tags=[f"t{number}"], owner=WorkplaceFactory.create(), municipality_id="0101", title=f"F{number}"
        )
    assert queries() == few
    assert few <= 14


# -- the command ---------------------------------------------------------------


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    published(title="Offentlig")
    EntryFactory.create(title="Kladde")
    out = io.StringIO()
    call_command("export_entries", stdout=out)
    assert [row["title"] for row in rows_of(out.getvalue().encode())] == ["Offentlig"]
    path = tmp_path / "alt.json"
    call_command("export_entries", "--all-states", "--output", str(path))
    assert [(r["title"], r["url"] is None) for r in json.loads(path.read_bytes())] == [
        ("Offentlig", False), ("Kladde", True),
    ]  # fmt: skip
    call_command("export_entries", "--format", "xlsx", "--output", str(tmp_path / "a"))
    assert len(list(_sheet((tmp_path / "a").read_bytes()).rows)) == 2
    with pytest.raises(CommandError, match="kan ikke skrives"):
        call_command("export_entries", "--output", str(tmp_path / "nej" / "a.csv"))
    Entry.objects.update(body="x" * 40_000)
    with pytest.raises(CommandError, match="CSV"):
        call_command("export_entries", "--output", str(tmp_path / "b.xlsx"))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["a", "alt.json"]


def test_bulk_demo_fills_up_and_is_removed_again() -> None:
    published(title="En rigtig")
    call_command("bulk_demo", "--entries", "30", stdout=io.StringIO())
    first = dict(Entry.objects.filter(external_id__startswith="bulk-").values_list("external_id", "title"))
    assert (len(first), Entry.objects.published().count()) == (30, 31)
    assert not Entry.objects.filter(external_id__startswith="bulk-").exclude(is_demo=True).exists()
    call_command("bulk_demo", "--entries", "40", stdout=io.StringIO())
    again = dict(Entry.objects.filter(external_id__startswith="bulk-").values_list("external_id", "title"))
    assert (len(again), again | first) == (40, again)
    for entry in Entry.objects.filter(external_id__startswith="bulk-"):
        entry.ensure_publishable()
        assert entry.owner is not None and entry.owner.is_demo
        assert entry.document.visible
    call_command("bulk_demo", "--remove", stdout=io.StringIO())
    assert [entry.title for entry in Entry.objects.all()] == ["En rigtig"]
    assert not WorkplaceFactory._meta.model.objects.filter(slug__startswith="bulk-").exists()
    with pytest.raises(CommandError, match="--entries"):
        call_command("bulk_demo")

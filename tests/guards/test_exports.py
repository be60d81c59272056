"""Tables out: no formula slips through, nothing is lost, and reading gives back what was written."""

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from guards.exports import (
    CellTooLong,
    Row,
    Value,
    from_xlsx_text,
    join_list,
    neutralise,
    restore,
    split_list,
    write_csv,
    write_json,
    write_xlsx,
    xlsx_text,
)
from guards.imports import sniff_csv

SIGNS = "=+-@\t\r\n＝＋－＠"
TRICKY = st.text(alphabet=st.sampled_from("'=+-@\t\r\n \xa0\u200b\ufeff;,\"|\\axå＝－_0F5"), max_size=12)
STORABLE = st.text(alphabet=st.characters(exclude_characters="\x00", exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    "value",
    [
        "=1+1",
        "+45 33 11 22 33",
        "-5",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\xa0=1",
        "\u200b=1",
        "\ufeff=1",
        "＝1",
        "＋1",
        "－1",
        "＠a",
        "−1",
        "'=1",
        "''=1",
        "' =1",
        "=cmd|' /C calc'!A0",
    ],
)
def test_dangerous_cells_get_an_apostrophe(value: str) -> None:
    assert neutralise(value) == "'" + value
    assert restore(neutralise(value)) == value


@pytest.mark.parametrize(
    "value", ["", "tekst", "a=b", "'citat'", "5-10", "'", "1.000", "»=«", "  luft", "#N/A"]
)
def test_ordinary_cells_are_left_alone(value: str) -> None:
    assert neutralise(value) == value == restore(value)


@given(st.one_of(st.text(), TRICKY))
def test_restore_is_the_exact_inverse(value: str) -> None:
    assert restore(neutralise(value)) == value
    assert neutralise(value)[:1] not in set(SIGNS)


@given(st.lists(st.text(min_size=1).map(str.strip).filter(bool)))
def test_lists_come_back(members: list[str]) -> None:
    members = [member for member in members if member == member.strip()]
    assert split_list(join_list(members)) == members


def test_lists_written_by_hand() -> None:
    assert split_list(" stat | kommune||region ") == ["stat", "kommune", "region"]
    assert split_list("") == []
    assert split_list("C:\\mappe|x") == ["C:\\mappe", "x"]


@settings(max_examples=200)
@given(st.lists(st.tuples(*[st.one_of(STORABLE, TRICKY)] * 3)), st.sampled_from(",;"))
def test_csv_comes_back(rows: list[tuple[str, str, str]], delimiter: str) -> None:
    data = b"".join(write_csv(rows, header=["a", "b", "c"], delimiter=delimiter))
    table = sniff_csv(io.BytesIO(data))
    assert (table.header, table.delimiter) == (["a", "b", "c"], delimiter)
    kept = [row for row in rows if any(neutralise(cell).strip() for cell in row)]
    assert [tuple(record.cells.values()) for record in table] == kept


def test_csv_values() -> None:
    moment = datetime(2026, 7, 1, 12, 30, tzinfo=UTC)
    row: Row = [-5, Decimal("-1.50"), True, None, date(2026, 1, 2), moment, ["b", "a|c"], "-5", "nul\x00tegn"]
    data = b"".join(write_csv([row], header=list("abcdefghi")))
    assert data.startswith(b"\xef\xbb\xbfa,b,c")
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))[1] == [
        "-5",
        "-1.50",
        "ja",
        "",
        "2026-01-02",
        "2026-07-01T14:30:00+02:00",
        "b|a\\|c",
        "'-5",
        "nultegn",
    ]


def test_csv_streams() -> None:
    pieces = write_csv((["x" * 1000] for _row in range(500)), header=["a"])
    assert len(list(pieces)) > 5


def workbook_rows(rows: Any, header: list[str]) -> list[Any]:
    data = b"".join(write_xlsx(rows, header=header, sheet_title="Katalog: alt/nyt [1] og meget mere endnu"))
    sheet = load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    assert len(sheet.title) <= 31
    return list(sheet.iter_rows(min_row=2))


def test_xlsx_cells_are_typed() -> None:
    values: list[Value] = [
        "=1+1",
        "#N/A",
        "00123",
        -5,
        2.5,
        True,
        None,
        date(2026, 1, 2),
        datetime(2026, 7, 1, 12, 30, tzinfo=UTC),
        ["a", "b"],
        date(1807, 9, 2),
        10**400,
        float("nan"),
        "to\r\nlinjer\x0b",
    ]
    (row,) = workbook_rows([values], [str(number) for number in range(len(values))])
    assert [(cell.value, cell.data_type) for cell in row] == [
        ("'=1+1", "s"),
        ("#N/A", "s"),
        ("00123", "s"),
        (-5, "n"),
        (2.5, "n"),
        (True, "b"),
        (None, "n"),
        (datetime(2026, 1, 2), "d"),
        (datetime(2026, 7, 1, 14, 30), "d"),
        ("a|b", "s"),
        ("1807-09-02", "s"),
        (str(10**400), "s"),
        ("nan", "s"),
        ("to\nlinjer", "s"),
    ]


def test_xlsx_refuses_what_it_would_cut() -> None:
    longest = "x" * 32_767
    assert workbook_rows([[longest]], ["a"])[0][0].value == longest
    with pytest.raises(CellTooLong, match="Række 3, »tekst«: Teksten er på 32768 tegn") as refused:
        write_xlsx([["kort"], [longest + "x"]], header=["tekst"], sheet_title="x")
    assert (refused.value.row, refused.value.column, refused.value.length) == (3, "tekst", 32_768)
    with pytest.raises(CellTooLong):
        xlsx_text("😀" * 16_384)  # two units each, as Excel counts


@given(st.one_of(st.text(), TRICKY, st.from_regex(r"(_?_x00[45][0-9aF]_)*", fullmatch=True)))
def test_xlsx_text_comes_back_but_for_control_characters(value: str) -> None:
    held = xlsx_text(value)
    assert not any(char in held for char in "\x00\x0b\x1f\r\ud800\uffff")
    if value.isprintable():
        assert from_xlsx_text(held) == value


def test_json() -> None:
    rows: list[Row] = [["=1 å", 2, None, ["x"], date(2026, 1, 2)], ["b", 3, True, [], None]]
    data = b"".join(write_json(rows, header=["a", "b", "c", "d", "e"]))
    assert json.loads(data) == [
        {"a": "=1 å", "b": 2, "c": None, "d": ["x"], "e": "2026-01-02"},
        {"a": "b", "b": 3, "c": True, "d": [], "e": None},
    ]
    assert json.loads(b"".join(write_json([], header=["a"]))) == []

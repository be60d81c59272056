"""Tables in: what is accepted, and that every fault names its line."""

import io

import pytest

from guards.imports import Record, TableError, sniff_csv


def read(data: bytes) -> list[Record]:
    return list(sniff_csv(io.BytesIO(data)))


@pytest.mark.parametrize(
    ("data", "delimiter"),
    [
        (b"type,title\neksempel,T\n", ","),
        (b"type;title\neksempel;T\n", ";"),
        (b"\xef\xbb\xbftype;title\r\neksempel;T\r\n", ";"),
        (b'"type";"title, kort"\neksempel;T', ";"),
        (b"type;title;;\neksempel;T;;\n", ";"),
        (b"\n\n;;\ntype;title\n\n;\neksempel;T\n", ";"),
        (b"type,title\reksempel,T\r", ","),
        (b"title\nT\n", ","),
    ],
)
def test_delimiter_header_and_line_ends(data: bytes, delimiter: str) -> None:
    table = sniff_csv(io.BytesIO(data))
    (record,) = table
    assert table.delimiter == delimiter
    assert record.cells[table.header[-1]] == "T"
    assert record.problem == ""


def test_line_numbers_survive_cells_of_many_lines() -> None:
    data = b'a,b\n1,"to\r\nlinjer\nog en"\n\n2,x\r\n"3\r4",y\n5,z\n'
    assert [(record.line, record.cells["a"]) for record in read(data)] == [
        (2, "1"),
        (6, "2"),
        (7, "3\r4"),
        (9, "5"),
    ]
    assert read(data)[0].cells["b"] == "to\r\nlinjer\nog en"


def test_cells_are_restored() -> None:
    assert read(b"a\n'=1\n''=1\n'x\n")[0].cells == {"a": "=1"}
    assert [record.cells["a"] for record in read(b"a\n'=1\n''=1\n'x\n")] == ["=1", "'=1", "'x"]


def test_rows_of_wrong_length_are_told_and_reading_goes_on() -> None:
    records = read(b"a,b\n1\n2,x,y\n3,z\n4,z,,\n")
    assert [bool(record.problem) for record in records] == [True, True, False, False]
    assert records[1].problem == "Rækken har 3 felter, men der er 2 kolonner."
    assert records[0].cells == {"a": "1"}


@pytest.mark.parametrize(
    ("data", "line", "part"),
    [
        (b"", 1, "tom"),
        (b"\n ;;\n", 1, "tom"),
        (b"a,,c\n", 1, "Kolonne 2"),
        (b"\na,b,a\n", 2, "»a« er der to gange"),
        (b",".join(b"k%d" % number for number in range(201)), 1, "kolonner"),
        (b"a,b\n1,x\n2,\xe6\n", 3, "UTF-8"),
        (b"a,b\r1,x\r2,\xe6\r", 3, "UTF-8"),
        (b'a,b\n1,"x\ny\xff"\n', 3, "UTF-8"),
        (b"a,b\n1,x\x00y\n", 2, "NUL"),
        (b'a,b\n1,x\n2,"y\n3,z\n', 3, "nførselstegn"),
        (b'a,b\n1,"x"y\n', 2, "nførselstegn"),
        (b'a,b\n1,"' + b"x\n" * 100_000 + b'"\n', 2, "langt"),
        (b"a,b\n1," + b"x" * 100_001 + b"\n", 2, "100000"),
        (b"a,b\n1," + b"x" * 1_000_001, 2, "for lang"),
        (b"x" * 2_000_000, 1, "for lang"),
        (b"PK\x03\x04" + b"x" * 50, 1, "Excel-fil"),
        ("a;b\n".encode("utf-16"), 1, "UTF-16"),
    ],
)
def test_faults_name_their_line(data: bytes, line: int, part: str) -> None:
    with pytest.raises(TableError) as fault:
        read(data)
    assert fault.value.line == line
    assert part in fault.value.reason
    assert str(fault.value).startswith(f"Linje {line}: ")


def test_rows_before_a_fault_have_been_given() -> None:
    table = sniff_csv(io.BytesIO(b"a,b\n1,x\n2,\xe6\n"))
    assert next(table.records).cells == {"a": "1", "b": "x"}
    with pytest.raises(TableError):
        next(table.records)

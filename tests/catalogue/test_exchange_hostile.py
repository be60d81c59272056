"""Workbooks made to hurt: each gets a sentence, soon, and never an error."""

import io
import time
import zipfile

import pytest

from catalogue.exchange.exporting import template
from catalogue.exchange.tables import count_rows
from guards.imports import TableError

SECONDS = 6
"""Far more than it takes; unbounded, the worst of them take hours."""
SHEET = "xl/worksheets/sheet1.xml"
SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
HEADER = '<row r="1">{}</row>'.format(
    "".join(
        f'<c r="{cell}1" t="inlineStr"><is><t>{name}</t></is></c>'
        for cell, name in zip("ABC", ("type", "title", "summary"), strict=True)
    )
)
ENTITIES = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))


def workbook(**parts: str) -> io.BytesIO:
    """The empty template with some of its parts replaced."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(b"".join(template("xlsx")))) as old,
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in {*old.namelist(), *parts}:
            new.writestr(name, parts.get(name) or old.read(name))
    packed.seek(0)
    return packed


def sheet(rows: str, before: str = "") -> io.BytesIO:
    """A workbook with these rows under the header."""
    return workbook(
        **{SHEET: f'{before}<worksheet xmlns="{SPACE}"><sheetData>{HEADER}{rows}</sheetData></worksheet>'}
    )


HOSTILE = {
    "a row two billion down": lambda: sheet('<row r="2000000000"><c r="A2000000000"><v>1</v></c></row>'),
    "a text that is not there": lambda: sheet('<row r="2"><c r="A2" t="s"><v>99999</v></c></row>'),
    "not a number": lambda: sheet('<row r="2"><c r="A2"><v>nan</v></c></row>'),
    "a style that is none": lambda: sheet('<row r="2"><c r="A2" s="x"><v>1</v></c></row>'),
    "entities in entities": lambda: sheet(
        '<row r="2"><c r="A2" t="inlineStr"><is><t>&j;</t></is></c></row>',
        f'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">{ENTITIES}]>',
    ),
    "a file of the server's": lambda: sheet(
        '<row r="2"><c r="A2" t="inlineStr"><is><t>&j;</t></is></c></row>',
        '<!DOCTYPE x [<!ENTITY j SYSTEM "file:///etc/passwd">]>',
    ),
    "a bomb of rows": lambda: sheet("<row><c/></row>" * 1_000_000),
    "a bomb of texts": lambda: workbook(
        **{"xl/sharedStrings.xml": f'<sst xmlns="{SPACE}">{"<si><t>a</t></si>" * 1_000_000}</sst>'}
    ),
    "a bomb of styles": lambda: workbook(
        **{
            "xl/styles.xml": f'<styleSheet xmlns="{SPACE}"><cellXfs>{"<xf/>" * 1_000_000}</cellXfs></styleSheet>'
        }
    ),
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_workbook_is_refused_soon(make: object) -> None:
    """With a sentence for the person who sent it."""
    assert callable(make)
    file = make()
    start = time.monotonic()
    with pytest.raises(TableError):
        count_rows(file)
    assert time.monotonic() - start < SECONDS


def test_cells_far_to_the_right_cost_nothing() -> None:
    """The library fills in every cell before them."""
    rows = "".join(f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(2, 2002))
    start = time.monotonic()
    assert count_rows(sheet(rows)) == 0
    assert time.monotonic() - start < SECONDS


def test_an_ordinary_workbook_is_read() -> None:
    """Also with a gap in it."""
    assert count_rows(sheet('<row r="9"><c r="A9"><v>1</v></c></row>')) == 1

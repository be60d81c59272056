"""How many live in a municipality: from a file or by hand, always with a year. The figures here are made up."""

import io
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from places.models import Municipality

pytestmark = pytest.mark.django_db

GOOD = "code,population,year\n0101,1000,2026\n751,2000,2025\n"


def load(path: Path, content: str | bytes, *options: str) -> str:
    """Run the command on a file of that content; return what it printed."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    out = io.StringIO()
    call_command("load_population", str(path), *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a test may write its file."""
    return tmp_path / "indbyggere.csv"


def figures() -> dict[str, tuple[int | None, int | None]]:
    """What is stored, of those that have a figure."""
    rows = Municipality.objects.filter(population__isnull=False)
    return {m.code: (m.population, m.population_year) for m in rows}


def test_no_figure_is_there_from_the_start() -> None:
    assert figures() == {}


@pytest.mark.parametrize(
    "content",
    [GOOD, GOOD.replace(",", ";"), "\ufeff" + GOOD, GOOD.replace("\n", "\r\n") + "\r\n,,\r\n", GOOD.upper()],
)
def test_figures_are_stored_with_their_year(file: Path, content: str) -> None:
    assert "Indbyggertal for 2 kommuner; 2 er ændret." in load(file, content)
    assert figures() == {"0101": (1000, 2026), "0751": (2000, 2025)}


def test_twice_is_the_same_as_once_and_the_rest_keeps_its_figures(file: Path) -> None:
    load(file, GOOD)
    assert "0 er ændret" in load(file, GOOD)
    assert "1 er ændret" in load(file, "code,population,year\n0101,1001,2026\n")
    assert figures() == {"0101": (1001, 2026), "0751": (2000, 2025)}


def test_dry_run_writes_nothing(file: Path) -> None:
    assert "2 ville blive ændret. Intet er skrevet." in load(file, GOOD, "--dry-run")
    assert figures() == {}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "Linje 1 skal være kolonnerne code, population, year."),
        ("kommune,antal\n0101,1\n", "Linje 1 skal være kolonnerne"),
        ("code,population,year\n", "Filen har ingen tal."),
        (b"code,population,year\n0101,\xff,2026\n", "ikke tekst i UTF-8"),
        (GOOD + "0147,1\n", "Linje 4 har 2 celler; der skal være 3."),
        (GOOD + "København,1,2026\n", "Linje 4: code skal være fire cifre."),
        (GOOD + "1084,1,2026\n", "Linje 4: 1084 er ikke en kommunes kode."),
        (GOOD + "0411,90,2026\n", "Linje 4: 0411 er ikke en kommunes kode."),
        (GOOD + "0101,5,2026\n", "Linje 4: 0101 står også i linje 2."),
        (GOOD + "0147,,2026\n", "Linje 4: population skal være et helt tal fra 1 til 5000000, uden punktum."),
        (GOOD + "0147,0,2026\n", "Linje 4: population skal være"),
        (GOOD + "0147,-5,2026\n", "Linje 4: population skal være"),
        (GOOD + "0147,12.345,2026\n", "Linje 4: population skal være"),
        (GOOD + "0147,1e5,2026\n", "Linje 4: population skal være"),
        (GOOD + "0147,٣,2026\n", "Linje 4: population skal være"),
        (GOOD + f"0147,{'9' * 5000},2026\n", "Linje 4: population skal være"),
        (GOOD + "0147,5,\n", "Linje 4: year skal være et helt tal fra 2007 til 2100"),
        (GOOD + "0147,5,26\n", "Linje 4: year skal være"),
        (GOOD + '0147,"' + "x" * 200_000, "Filen er for stor"),
        (GOOD + "0147,5,2026\x00\n", "Linje 4"),
    ],
)
def test_a_wrong_file_is_refused_in_one_line(file: Path, content: str | bytes, says: str) -> None:
    load(file, "code,population,year\n0860,7,2020\n")
    with pytest.raises(CommandError) as error:
        load(file, content)
    assert says in str(error.value) and "\n" not in str(error.value)
    assert error.value.returncode == 1
    assert figures() == {"0860": (7, 2020)}


def test_a_file_that_is_not_there(file: Path) -> None:
    with pytest.raises(CommandError, match="kan ikke læses"):
        call_command("load_population", str(file))


@pytest.mark.parametrize(
    ("population", "year"), [(1000, None), (None, 2026), (0, 2026), (1000, 1999), (1000, 2101)]
)
def test_a_figure_and_its_year_go_together(population: int | None, year: int | None) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Municipality.objects.filter(pk="0101").update(population=population, population_year=year)
    row = Municipality.objects.get(pk="0101")
    row.population, row.population_year = population, year
    with pytest.raises(ValidationError, match="både antal indbyggere og årstal"):
        row.full_clean()

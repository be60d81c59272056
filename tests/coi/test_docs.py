"""The docs say what the code does: settings, commands, addresses, parameters, and links that lead somewhere."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import get_commands
from django.http import QueryDict
from django.urls import URLPattern, URLResolver, get_resolver

from catalogue.choices import KINDS
from catalogue.exchange.columns import COLUMNS, REQUIRED
from catalogue.lists import catalogue_listing
from coi.management.commands.load_demo import ACCOUNTS, PASSWORD
from editorial.choices import InnovationType, Phase, Value
from places.choices import Sector
from search.filters import DocumentFilter
from search.listing import PAGE_SIZES, SORTS

BASE = Path(__file__).resolve().parents[2]
DOCS = [BASE / "README.md", BASE / "CONTRIBUTING.md", *sorted((BASE / "docs").rglob("*.md"))]
DOCS += [BASE / "places/data/README.md"]
# Set by make for its children; nobody sets it on purpose.
NOT_SETTINGS = {"MAKELEVEL"}
READERS = {"optional", "required", "networks"}
APPS = (
    "coi",
    "guards",
    "accounts",
    "places",
    "notices",
    "search",
    "editorial",
    "catalogue",
    "mapping",
    "ideastorm",
)


def table(path: str, name: str) -> list[list[str]]:
    """Return the rows (lists of cells, code marks taken off) of the table between two comments in a file."""
    text = (BASE / path).read_text(encoding="utf-8")
    part = re.search(rf"<!-- {name}: begin[^>]*-->(.*?)<!-- {name}: end -->", text, re.DOTALL)
    assert part, f"{path} has no table »{name}«"
    rows = [line.strip("|").split("|") for line in part[1].strip().splitlines()]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def first_cells(path: str, name: str) -> list[str]:
    """Return the first word of each row of a table, without code marks."""
    return [row[0].strip("`").split()[0] for row in table(path, name)]


def is_environ(node: ast.AST) -> bool:
    """Tell whether an expression is os.environ."""
    return isinstance(node, ast.Attribute) and node.attr == "environ"


def variables(tree: ast.AST) -> Iterator[str]:
    """Yield the names that a module reads from the environment."""
    for node in ast.walk(tree):
        found: ast.AST | None = None
        if isinstance(node, ast.Call) and node.args:
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            of_environ = isinstance(node.func, ast.Attribute) and is_environ(node.func.value)
            if name in READERS or (name == "get" and of_environ):
                found = node.args[0]
        elif isinstance(node, ast.Subscript) and is_environ(node.value) and isinstance(node.ctx, ast.Load):
            found = node.slice
        elif isinstance(node, ast.Compare) and any(map(is_environ, node.comparators)):
            found = node.left
        if isinstance(found, ast.Constant) and isinstance(found.value, str):
            yield found.value


def test_every_variable_the_code_reads_is_in_the_readme() -> None:
    """And none that it does not read."""
    files = [BASE / "manage.py", BASE / "tests/conftest.py", BASE / "tests/database.py"]
    files += [path for app in APPS for path in (BASE / app).rglob("*.py")]
    read = {name for path in files for name in variables(ast.parse(path.read_text(encoding="utf-8")))}
    assert set(first_cells("README.md", "environment")) == read - NOT_SETTINGS


def test_every_command_of_ours_is_in_the_readme() -> None:
    """And none that is not there."""
    ours = {name for name, app in get_commands().items() if app in APPS}
    assert set(first_cells("README.md", "commands")) == ours


def routes(
    patterns: list[URLPattern | URLResolver], prefix: str = "/", space: str = ""
) -> Iterator[tuple[str, str]]:
    """Yield address and name of every page but the admin's."""
    for pattern in patterns:
        address = prefix + re.sub(r"<\w+:(\w+)>", r"<\1>", str(pattern.pattern))
        if isinstance(pattern, URLPattern):
            yield address, space + (pattern.name or "")
        elif pattern.namespace != "admin":
            inner = f"{pattern.namespace}:" if pattern.namespace else space
            yield from routes(pattern.url_patterns, address, inner)


def test_every_address_is_in_the_docs() -> None:
    """With the name that code uses for it."""
    written = [(row[0].strip("`"), row[1].strip("`")) for row in table("docs/addresses.md", "addresses")]
    assert sorted(written) == sorted(routes(get_resolver().url_patterns))


def test_every_parameter_of_the_lists_is_in_the_docs() -> None:
    """With all its values where they are fixed."""
    facets = {facet.name for facet in catalogue_listing(QueryDict()).facets}
    assert facets == set(DocumentFilter.base_filters)
    assert set(first_cells("docs/addresses.md", "parameters")) == facets | {"q", "sort", "side", "pr_side"}


@pytest.mark.parametrize(
    ("parameter", "values"),
    [
        ("type", [kind.value for kind in KINDS]),
        ("sektor", Sector.values),
        ("vaerdi", Value.values),
        ("innovationstype", InnovationType.values),
        ("status", Phase.values),
        ("sort", list(SORTS)),
        ("pr_side", [str(size) for size in PAGE_SIZES]),
    ],
)
def test_fixed_values_are_in_the_docs(parameter: str, values: list[str]) -> None:
    """In the code's order."""
    (row,) = [row for row in table("docs/addresses.md", "parameters") if row[0] == f"`{parameter}`"]
    assert re.findall(r"`([^`]+)`", row[2]) == values


def test_every_column_of_a_file_is_in_the_docs() -> None:
    """In the export's order, and marked where it is required."""
    rows = table("docs/import-export.md", "columns")
    assert [row[0].strip("`") for row in rows] == list(COLUMNS)
    assert [row[0].strip("`") for row in rows if row[1].startswith("required")] == list(REQUIRED)


def test_the_demo_accounts_are_in_the_readme() -> None:
    """All of them, with their password."""
    text = (BASE / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`(\w+@demo\.example)`", text)) == set(ACCOUNTS)
    assert f"`{PASSWORD}`" in text


def anchors(path: Path) -> set[str]:
    """Return the anchors of a file's headings."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(BASE)))
def test_links_and_targets_exist(path: Path) -> None:
    """Every relative link leads to a file and heading; every make target and management command is there."""
    text = path.read_text(encoding="utf-8")
    for link in re.findall(r"(?:\]\(|src=\")([^)\s\"]+)[)\"]", text):
        if re.match(r"\w+:", link):
            continue
        name, _, anchor = link.partition("#")
        target = (path.parent / name).resolve() if name else path
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link
    targets = set(re.findall(r"^([a-z-]+):", (BASE / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"(?:`|^)make ([a-z][a-z-]*)", text, re.MULTILINE)) <= targets
    assert set(re.findall(r"manage\.py ([a-z_]+)", text)) <= set(get_commands()) | {"procrastinate"}


def test_decisions_are_numbered_and_listed() -> None:
    """Without a gap, and each in the list."""
    files = sorted(path.name for path in (BASE / "docs/decisions").glob("[0-9]*.md"))
    assert [int(name[:4]) for name in files] == list(range(1, len(files) + 1))
    listed = re.findall(
        r"\]\((\d{4}-[\w-]+\.md)\)", (BASE / "docs/decisions/README.md").read_text(encoding="utf-8")
    )
    assert listed == files

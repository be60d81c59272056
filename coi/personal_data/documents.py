"""The register and the rules as the tables of docs/privacy.md, which a test holds to the code."""

from __future__ import annotations

from coi.personal_data import retention
from coi.personal_data.register import SPARED, TABLES


def register_rows() -> list[list[str]]:
    """Model, what, basis, how long, what export shows, what erasure does."""
    rows = []
    for table in TABLES:
        erasure = (
            "; ".join(f"`{name}`: {action.value}" for name, action in table.people.items()) or "som indholdet"
        )
        rows.append(
            [
                f"`{table.model}`",
                table.what,
                table.purpose,
                table.basis.value,
                table.kept,
                ", ".join(f"`{name}`" for name in table.export) or f"– ({table.not_exported})",
                erasure + (f". {table.why}" if table.why else ""),
            ]
        )
    return rows


def rule_rows() -> list[list[str]]:
    """Rule, tables, what it says."""
    return [[f"`{r.name}`", ", ".join(f"`{t}`" for t in r.tables), r.says] for r in retention.RULES]


def spared_rows() -> list[list[str]]:
    """What stands, and why: tables that no rule empties, and columns that erasure leaves as they were written."""
    return [[f"`{name}`", why] for name, why in {**retention.SPARED, **SPARED}.items()]


def document() -> str:
    """The three tables, between the comments that the test looks for."""
    return "\n\n".join(
        [
            _table(
                "register",
                ["tabel", "hvad", "formål", "grundlag", "hvor længe", "udtræk", "sletning"],
                register_rows(),
            ),
            "## The rules",
            _table("rules", ["regel", "tabeller", "hvad den gør"], rule_rows()),
            "## What stands",
            _table("spared", ["hvad", "hvorfor"], spared_rows()),
        ]
    )


def _table(name: str, head: list[str], rows: list[list[str]]) -> str:
    lines = [f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows)]
    return "\n".join([f"<!-- {name}: begin -->", *lines, f"<!-- {name}: end -->"])

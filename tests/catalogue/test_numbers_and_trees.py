"""Effects as numbers, and reuse as a tree."""

from decimal import Decimal

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from catalogue.effect import changes, described, number
from catalogue.models import Measure, Reuse
from catalogue.reuse_tree import Node, tree
from tests import pages
from tests.factories import ReuseFactory, published

NUMBERS = [
    ("0", "0"), ("0.000", "0"), ("46", "46"), ("46.000", "46"), ("0.5", "0,5"), ("0.050", "0,05"), ("1000", "1.000"),
    ("1E+3", "1.000"), ("1234567.5", "1.234.567,5"), ("99999999999.999", "99.999.999.999,999"), ("-12.30", "-12,3"),
    ("100", "100"), ("1200000", "1.200.000"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "text"), NUMBERS)
def test_numbers_are_danish(value: str, text: str) -> None:
    """Comma for decimals, point for thousands, nothing needless."""
    assert number(Decimal(value)) == text


@given(st.decimals(min_value=-(10**11), max_value=10**11, places=3))
def test_any_number_can_be_read_back(value: Decimal) -> None:
    """Nothing is rounded away."""
    assert Decimal(number(value).replace(".", "").replace(",", ".")) == value


def measure(before: str | None, after: str | None, better: str = "") -> Measure:
    """A measure that is not stored."""
    return Measure(
        label="Klager", unit="om måneden", better=better,
        before=Decimal(before) if before else None, after=Decimal(after) if after else None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after", "better", "direction", "verdict"),
    [
        ("46", "19", "lower", "faldt fra 46 til 19", "better"),
        ("46", "19", "higher", "faldt fra 46 til 19", "worse"),
        ("19", "46", "higher", "steg fra 19 til 46", "better"),
        ("19", "46.5", "lower", "steg fra 19 til 46,5", "worse"),
        ("19", "46", "", "steg fra 19 til 46", ""),
        ("19", "19.000", "lower", "ligger fast på 19", ""),
        ("0", "0", "lower", "ligger fast på 0", ""),
        ("0", "5", "lower", "steg fra 0 til 5", "worse"),
    ],
)
def test_a_change_in_words(before: str, after: str, better: str, direction: str, verdict: str) -> None:
    """Which way, from what to what, and whether that is good."""
    (change,) = changes([measure(before, after, better)])
    assert (change.direction, change.verdict) == (direction, verdict)
    assert 0 <= change.before_share <= 1
    assert 0 <= change.after_share <= 1
    if before != after and Decimal(before) + Decimal(after):
        assert max(change.before_share, change.after_share) == 1
    assert described([change]) == f"Før og efter: Klager om måneden {direction}."


def test_what_lacks_a_number_is_not_drawn() -> None:
    """One number alone, and numbers below zero, stand in the text only."""
    assert changes([measure("1", None), measure(None, "1"), measure("-1", "2"), measure("2", "-1")]) == []


def shape(nodes: list[Node]) -> list[object]:
    """The tree as nested lists of names."""
    return [(n.reuse.workplace.name, shape(n.children)) for n in nodes]


def reuse(name: str, parent: Reuse | None = None, **fields: object) -> Reuse:
    """A reuse by a workplace."""
    made: Reuse = ReuseFactory.create(workplace__name=name, parent=parent, **fields)
    return made


def test_reuse_as_a_tree(db: None) -> None:
    """Who built on whom; one whose parent is hidden stands at the root."""
    entry = published()
    a = reuse("a", entry=entry, year=2015)
    b = reuse("b", a, entry=entry, year=2016)
    reuse("c", b, entry=entry, year=2017)
    secret = reuse("s", a, entry=entry, visible=False)
    reuse("d", secret, entry=entry, year=2018)
    rows = Reuse.objects.visible().filter(entry=entry)
    assert shape(tree(rows)) == [("a", [("b", [("c", [])])]), ("d", [])]


def test_a_circle_loses_nobody(db: None, client: Client) -> None:
    """Two who name each other, and one who built on them: each once, and the page answers."""
    entry = published()
    a = reuse("kreds-a", entry=entry)
    b = reuse("kreds-b", a, entry=entry)
    c = reuse("kreds-c", b, entry=entry)
    Reuse.objects.filter(pk=a.pk).update(parent=b)
    reuse("kreds-d", c, entry=entry)

    def names(nodes: list[Node]) -> list[str]:
        return [name for n in nodes for name in (n.reuse.workplace.name, *names(n.children))]

    assert sorted(names(tree(Reuse.objects.filter(entry=entry)))) == [f"kreds-{x}" for x in "abcd"]
    text = pages.text(client.get(entry.get_absolute_url()))
    assert [text.count(f"<b>kreds-{x}</b>") for x in "abcd"] == [1, 1, 1, 1]


def test_a_long_chain_is_shown(db: None, client: Client) -> None:
    """Forty generations."""
    entry, parent = published(), None
    for n in range(40):
        parent = reuse(f"led {n:02}", parent, entry=entry)
    assert "led 39" in pages.text(client.get(entry.get_absolute_url()))

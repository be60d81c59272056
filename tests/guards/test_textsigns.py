"""What the moderators are shown about a text: hints that hit what they mean and leave ordinary text alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guards.textsigns import is_probably_danish, links_in, names_in, phones_in, shouting, signs

ORDINARY = (
    "Vi har lavet en ny måde at tage imod borgere på. Det begyndte med, at vi spurgte dem, der sidder i skranken, hvad "
    "der er svært, og så prøvede vi det af i to måneder. Nu venter man i 4 minutter i stedet for 19, og det koster "
    "ikke mere end før. Se også sag 2026-1234."
)


def keys(text: str) -> list[str]:
    return [sign.key for sign in signs(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (ORDINARY, []),
        ("Hej", []),
        ("Hans nummer er 010203-1234", ["cpr"]),
        ("Læs https://example.com/x", ["links"]),
        ("Ring 12345678", []),
        ("Ring 23 45 67 89", ["phone"]),
        ("Skriv til ida@kommune.example", ["email"]),
        ("Tak til Mette Sørensen i skranken", ["person-name"]),
        ("DET HER ER SIMPELTHEN FOR DÅRLIGT AF JER", ["shouting"]),
        (
            "Buy cheap watches and pills in our new store, the best prices that you can find",
            ["foreign-language"],
        ),
        ("https://a.dk 010203-1234", ["cpr", "links"]),
    ],
)
def test_signs(text: str, expected: list[str]) -> None:
    assert keys(text) == expected


def test_severe_signs_come_first_and_never_show_a_whole_number() -> None:
    found = signs("https://a.dk/010203-1234 www.b.dk c.com Mette Sørensen 010203-1234")
    assert [sign.severe for sign in found] == [True, True, False]
    assert not any("1234" in sign.detail for sign in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://a.dk/x?y=1.", ["https://a.dk/x?y=1"]),
        ("[x](https://a.dk) og https://a.dk", ["https://a.dk"]),
        ("www.a.dk, b.com/vej", ["www.a.dk", "b.com/vej"]),
        ("ida@kommune.dk", []),
        ("Det er godt.Den er ny.", []),
        ("f.eks. og m.m. kl. 10.30", []),
    ],
)
def test_links(text: str, expected: list[str]) -> None:
    assert links_in(text) == expected


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("23456789", True),
        ("2345 6789", True),
        ("+45 23456789", True),
        ("+4523456789", True),
        ("0045 23 45 67 89", True),
        ("CVR 23456789", False),
        ("CVR-nr. 23456789", False),
        ("EAN 5798000123456", False),
        ("2345678901", False),
        ("2026-2027", False),
        ("23.456.789 kr.", False),
    ],
)
def test_phones(text: str, found: bool) -> None:
    assert bool(phones_in(text)) is found


@pytest.mark.parametrize(
    ("text", "danish"),
    [
        (ORDINARY, True),
        ("Robotstøvsugere", True),
        ("Vi har byttet om på vagterne, så de nye altid har en erfaren kollega ved siden af sig.", True),
        (
            "We have changed the shifts so that the new ones always have an experienced colleague with them.",
            False,
        ),
        (
            "Vi har ändrat passen så att de nya alltid har en erfaren kollega bredvid sig och det är mycket bra.",
            False,
        ),
        (
            "Wir haben die Schichten getauscht, damit die Neuen immer eine erfahrene Kollegin an ihrer Seite haben.",
            False,
        ),
    ],
)
def test_language(text: str, danish: bool) -> None:
    assert is_probably_danish(text) is danish


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tak til Mette Sørensen.", ["Mette Sørensen"]),
        ("Jens Peter Hansen kom", ["Jens Peter Hansen"]),
        ("Tak til Mette", []),
        ("Anna var sød", []),
        ("Aarhus Kommune og Region Midtjylland", []),
    ],
)
def test_names(text: str, expected: list[str]) -> None:
    assert names_in(text) == expected


@pytest.mark.parametrize(
    ("text", "loud"), [("Godt!!!", True), ("NU", False), ("KL og FTR og MED i KK", False), ("Godt!", False)]
)
def test_shouting(text: str, loud: bool) -> None:
    assert shouting(text) is loud


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    signs(text)


@pytest.mark.parametrize(
    "piece", ["a.", "a@", "-", "1 ", "12 ", "Anne ", "www.", "a-", "a.b@", "+45 ", "010203-"]
)
def test_no_text_is_expensive(piece: str) -> None:
    """Would not come back, were a pattern exponential."""
    signs((piece * 20_000)[:20_000])

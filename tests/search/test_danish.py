"""The Danish that search knows: one spelling, stems, letters typed in other ways, compounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.danish import loose, normal, parts, stem, tokens, words
from search.vocabulary import Vocabulary


@pytest.mark.parametrize(
    ("written", "normally"),
    [
        ("AABENRAA", "åbenrå"), ("Århus", "århus"), ("Aarhus", "århus"), ("Café", "cafe"), ("Göteborg", "gøteborg"),
        ("a\u030aben", "åben"), ("ＡＢＣ", "abc"), ("ﬁrma", "firma"), ("blød\xadgjort", "blødgjort"), ("ÆØÅ", "æøå"),
    ],
)  # fmt: skip
def test_one_spelling(written: str, normally: str) -> None:
    """Case, accents, aa, and letters that look alike."""
    assert normal(written) == normally


@pytest.mark.parametrize(
    "forms",
    [
        "medarbejder medarbejdere medarbejderen medarbejderne medarbejdernes", "barn børn børnene børns",
        "borger borgere borgerne borgerens", "skole skoler skolen skolerne", "hånd hænder hænderne",
        "arbejde arbejder arbejdet", "bog bøger bøgerne", "mand mænd mændene", "sygefravær sygefraværet",
        "eksempel eksempler eksemplet eksemplerne", "regel regler reglen reglerne", "middel midler midlerne",
        "center centre centret centrene", "laboratorium laboratorier laboratoriet laboratorierne",
        "museum museer museet", "register registre registret", "ministerium ministerier ministeriet",
        "skrive skrev skriver skrevet", "god bedre bedst gode",
    ],
)  # fmt: skip
def test_forms_share_a_stem(forms: str) -> None:
    """Regular endings by Snowball, changed vowels by our own list."""
    assert len({stem(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    "pair", ["sygefravær sygefraværspolitik", "tillid kontrol", "hus hval", "kommune kommunikation"]
)
def test_other_words_do_not(pair: str) -> None:
    """Words that are not forms of each other."""
    assert len({stem(word) for word in pair.split()}) == 2


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("sygefravaer", "sygefravær"), ("sygefravar", "sygefravær"), ("boern", "børn"), ("born", "børn"),
     ("aeldre", "ældre"), ("aldre", "ældre"), ("saarbar", "sårbar"), ("sarbar", "sårbar")],
)  # fmt: skip
def test_letters_without_a_danish_keyboard(typed: str, meant: str) -> None:
    """ae, oe, aa, or simply a, o, a."""
    assert loose(normal(typed)) == loose(normal(meant))


def test_tokens_with_signs_inside() -> None:
    """Hyphens, apostrophes and dots join; what they join counts alone and together."""
    assert tokens("Tv'ets it-systemer, bl.a. R&D – og sygefravær-") == [
        "tv'ets", "it-systemer", "bl.a", "r", "d", "og", "sygefravær",
    ]  # fmt: skip
    assert parts("it-systemer") == (["it", "systemer"], "itsystemer")
    assert parts("dr's") == (["dr"], "")
    assert words("co-pi.dk 2014") == ["co", "pi", "dk", "2014"]


@given(st.text(max_size=80))
def test_any_text_has_words(text: str) -> None:
    """Without signs or capitals, and the same when read again."""
    found = words(text)
    assert all(word and not word.isspace() and " " not in word for word in found)
    assert words(" ".join(found)) == [w for f in found for w in words(f)]
    for word in found:
        stem(word)
        loose(word)


def vocabulary(*known: str) -> Vocabulary:
    """A vocabulary of these words."""
    made = Vocabulary()
    made.codes(known)
    return made


def compounds(of: str, *known: str) -> set[str]:
    """The words among `known` that `of` is part of."""
    made = vocabulary(*known, of)
    return {made.words[code] for code in made.compounds(of)}


@pytest.mark.parametrize(
    ("part", "whole", "others"),
    [
        ("fravær", "sygefravær", ["syge"]), ("tillid", "tillidsreform", ["reform"]),
        ("barn", "børnehave", ["have", "børn"]),
        ("medarbejder", "medarbejderudvikling", ["udvikling"]), ("leder", "afdelingsleder", ["afdeling"]),
        ("plads", "arbejdspladsen", ["arbejde"]), ("fravær", "sygefraværspolitik", ["syge", "politik"]),
        ("skoler", "folkeskolen", ["folk", "skole"]), ("inddragelse", "borgerinddragelsen", []),
    ],
)  # fmt: skip
def test_parts_find_compounds(part: str, whole: str, others: list[str]) -> None:
    """First, last and middle part, with joining letters and endings."""
    assert whole in compounds(part, whole, *others)


@pytest.mark.parametrize(
    ("part", "whole", "others"),
    [("rum", "forum", []), ("ret", "sekretær", []), ("kommuner", "kommunikation", ["kommune"]), ("ord", "fjord", []),
     ("deling", "personaleafdelingens", []), ("leder", "kalender", [])],
)  # fmt: skip
def test_letters_in_a_row_are_no_part(part: str, whole: str, others: list[str]) -> None:
    """What is left has to be a word, too."""
    assert whole not in compounds(part, whole, *others)


def test_compounds_are_taken_apart() -> None:
    """Where both parts are in use; small words are no part."""
    assert vocabulary("borgere", "inddragelse").split("borgerinddragelse") == [["borger", "inddragelse"]]
    assert vocabulary("syge", "fravær", "politik").split("sygefraværspolitik")[0] == [
        "syge",
        "fravær",
        "politik",
    ]
    assert vocabulary("med", "arbejder").split("medarbejder") == []


def test_near_words() -> None:
    """One letter in short words, two in longer ones, three in the longest; nothing for the shortest."""
    known = vocabulary("tillid", "kontrol", "medarbejderinddragelse", "by", "mål")
    near = lambda word: [known.words[code] for code, _distance in known.near(word)]  # noqa: E731
    assert near("tilid") == near("tillidd") == near("itllid") == ["tillid"]
    assert near("medarbjederindragelese") == ["medarbejderinddragelse"]
    assert near("bx") == near("tilxyz") == []


def test_a_copy_grows_alone() -> None:
    """Also in what words begin with."""
    known = vocabulary("tillid")
    copy = known.copy()
    copy.codes(["tillidsreform"])
    assert "tillidsreform" in copy
    assert "tillidsreform" not in known
    assert (len(copy.beginning("til")), len(known.beginning("til"))) == (2, 1)

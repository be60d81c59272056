"""What a query finds among texts, and in which order."""

import pytest

from search.judging import Texts
from search.matching import Matcher
from search.query import MAX_PHRASES, parse


def finds(q: str, *texts: str) -> list[int]:
    """The places of the texts that come, best first."""
    return [int(name) for name in Texts({str(n): text for n, text in enumerate(texts)}).search(q)]


@pytest.mark.parametrize(
    ("q", "text"),
    [
        ("medarbejder", "Alle medarbejderne var med."),
        ("medarbejderne", "En medarbejder fik idéen."),
        ("børn", "Hvert barn har en plan."),
        ("aeldre", "Ældre borgere"), ("aldre", "Ældre borgere"), ("ældre", "Ældre borgere"),
        ("sygefravaer", "Sygefraværet faldt."), ("SYGEFRAVÆR", "Sygefraværet faldt."),
        ("Århus", "Vi tog til Aarhus."), ("Aarhus", "Vi tog til Århus."), ("arhus", "Vi tog til Aarhus."),
        ("fravær", "Sygefraværet faldt hos de syge."),
        ("borgerinddragelse", "Inddragelse af borgere fra første dag."),
        ("syge fravær", "Sygefraværet faldt."), ("syge-fravær", "Sygefraværet faldt."),
        ("itsystem", "Et nyt it-system"), ("it system", "Et nyt it-system"), ("it-system", "Et nyt itsystem"),
        ("sygfravær", "Sygefraværet faldt."), ("sygfravær", "De syge og fravær, og sygefraværet."),
        ("sygefrævar", "Sygefraværet faldt."), ("tilidd", "Tillid og ansvar"),
        ("borgerindragelse", "Borgere fik inddragelse."),
        ("innovationsprak", "Innovationspraktik i uge 37"),
        ('"tillid og ansvar"', "Vi taler om tillid og ansvar."), ('"tillid og ansvar', "Vi taler om tillid og ansvar."),
        ("»tillid og ansvar«", "Vi taler om tillid og ansvar."),
        ("tillid eller kontrol", "Tillid og ansvar"), ("tillid -kontrol", "Tillid og ansvar"),
        ("hvordan måler man tillid", "Måling af tillid"),
        ("2014", "I maj 2014 begyndte det."),
    ],
)  # fmt: skip
def test_it_is_found(q: str, text: str) -> None:
    """Beside a text that has nothing to do with it."""
    assert finds(q, "Kagen blev bagt i ovnen uden for meget sukker.", text) == [1]


@pytest.mark.parametrize(
    ("q", "text"),
    [
        ('"ansvar og tillid"', "Vi taler om tillid og ansvar."),
        ('"medarbejder"', "Alle medarbejderne var med."),
        ("tillid -ansvaret", "Tillid og ansvar"),
        ('tillid -"og ansvar"', "Tillid og ansvar"),
        ("får", "Hvor far vi dog langt"),
        ("kontrol", "Tillid og ansvar"),
        ("enhjørning", "Tillid og ansvar"),
        ("kunstig enhjørning", "Tillid og ansvar"),
        ("ledelse", "Et billede af de samlede og stillede spørgsmål"),
        ("ældre", "Forældrene mødte op"),
        ("mål", "Spørgsmålet og formålet"),
        ("tid", "Det gik bedre tidligere"),
        ("integration", "Inspiration til alle"),
        ("vand", "Det landet"),
        ("it-system -it-systemer", "Et nyt it-system"),
    ],
)
def test_it_is_not_found(q: str, text: str) -> None:
    """Phrases and minus are exact; what nobody has written is not there."""
    assert finds(q, text) == []


def test_all_words_before_some_of_them() -> None:
    """Rows with all words come alone; only without any do those with most of them come."""
    texts = ["Tillid og kontrol i kommunen", "Tillid i kommunen", "Kage"]
    assert finds("tillid kontrol", *texts) == [0]
    assert finds("tillid kommune enhjørning", *texts) == [0, 1] or finds(
        "tillid kommune enhjørning", *texts
    ) == [1, 0]


def test_a_word_before_one_that_only_looks_like_it() -> None:
    """A doctor is nobody who lays."""
    assert finds("lægerne", "De lægger en plan", "En læge kom forbi") == [1]


def test_the_word_itself_before_its_relatives() -> None:
    """The word, then its compounds."""
    assert finds("fravær", "Sygefravær er et ord blandt syge.", "Fravær er et ord blandt syge.") == [1, 0]


def test_a_slip_in_one_word_of_several() -> None:
    """Where no row has all words, each may be misspelt."""
    texts = ["Tillid og kontrol i kommunen", "Kontor og kage"]
    assert finds("tillid kontorl", *texts) == [0]


def test_rare_words_say_more() -> None:
    """»kommune« is everywhere, »kapital« is not."""
    texts = ["kommune kommune kommune og intet andet", "kommune og kapital", "kommune", "kommune", "kommune"]
    assert finds("kapital eller kommune", *texts)[0] == 1


def test_words_that_exist_are_not_corrected() -> None:
    """They are what was meant, also where no row has them all."""
    texts = Texts({"0": "En bakke med kaffe", "1": "En pakke til borgerne"})
    match = Matcher(texts.mirror, texts.mirror.live).match(parse("bakke borgerne"))
    assert (match.corrected, match.relaxed) == ({}, True)


def test_phrases_of_small_words() -> None:
    """They stand anywhere."""
    assert finds('"det er"', "Så er det nu.", "Nu er det er godt.") == [1]


def test_many_phrases_are_looked_up_at_once() -> None:
    """However many there are, PostgreSQL is asked once."""
    asked: list[int] = []

    def look(ids: list[int], phrases: list[str]) -> list[list[int]]:
        asked.append(len(phrases))
        return [ids for _phrase in phrases]

    texts = Texts({"0": "en to tre fire fem seks"})
    query = " eller ".join(f'"{a} {b}"' for a in ("to", "tre", "fire") for b in ("fem", "seks"))
    Matcher(texts.mirror, texts.mirror.live, phrases=look).match(parse(query))
    assert asked == [MAX_PHRASES]

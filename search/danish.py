"""The Danish language as search needs it: words of a text, their stems, letters that are written in several ways.

Stems are Snowball's (Martin Porter's Danish algorithm, by PyStemmer). What it cannot know stands here: nouns and verbs
whose vowel changes, the letters æ, ø and å typed without a Danish keyboard, and the letters that join compounds.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache

import Stemmer

STOP_WORDS = frozenset(
    """
    ad af aldrig alle alt altid anden andet andre at bare begge blev blevet blive bliver da de dem den denne der
    deres derfor det dette dig din dine disse dit dog du efter ej eller en end endnu er et fik for fordi fra få
    får før gør ham han hans har havde have hen hende hendes her hos hvad hvem hver hvilke hvilken hvilket hvis
    hvor hvordan hvorfor i ikke ind ingen intet ja jeg jer jeres jo kan kom kun kunne lad lidt man mange med meget
    mellem men mere mig min mine mit mod må ned nej nogen noget nogle nok nu når og også om op os over på sammen
    samt selv sig sin sine sit skal skulle snart som stadig så sådan tage tager til ud under var ved vi vil ville
    vor vores vær være været
    """.split()  # noqa: SIM905 - words are easier to read so
)
"""Words that almost every text has. They count in titles only, so that a search for nothing else still answers."""

_IRREGULAR = {
    "barn": "børn børns børnene børnenes børne", "mand": "mænd mændene mænds", "hånd": "hænder hænderne",
    "fod": "fødder fødderne", "bog": "bøger bøgerne", "tand": "tænder tænderne", "nat": "nætter nætterne",
    "rod": "rødder rødderne", "kraft": "kræfter kræfterne", "bror": "brødre brødrene", "far": "fædre fædrene",
    "mor": "mødre mødrene", "datter": "døtre døtrene", "bonde": "bønder bønderne", "øje": "øjne øjnene",
    "by": "byer byerne byens", "år": "året årene års årets", "give": "gav givet giver", "gå": "gik gået går",
    "skrive": "skrev skrevet skriver", "sige": "sagde sagt siger", "se": "set så ser", "finde": "fandt fundet finder",
    "hjælp": "hjalp hjulpet hjælper hjælpen hjælpe", "spørge": "spurgte spurgt spørger spørgsmål spørgsmålet",
    "vælge": "valgte valgt vælger", "sælge": "solgte solgt sælger", "god": "bedre bedst bedste gode godt",
    "stor": "større størst største store stort", "lang": "længere længst længste lange langt",
    "ung": "yngre yngst yngste unge", "gammel": "gamle gammelt", "lille": "mindre mindst mindste små",
    "middel": "midler midlet midlerne", "seddel": "sedler sedlen sedlerne", "sted": "steder stedet stederne",
    "liv": "livet", "museum": "museer museet museerne", "dele": "delt deler delte deling delingen",
}  # fmt: skip
_BASE = {form: base for base, forms in _IRREGULAR.items() for form in (base, *forms.split())}

_OWN_STEM = {
    form: forms.split()[0]
    for forms in (
        "læge læger lægen lægens lægerne lægernes lægers", "tidlig tidligt tidlige tidligere tidligst",
        "billig billigt billige billigere billigst", "indsat indsatte indsattes", "data dataene",
        "billede billeder billedet", "bande bander banden banderne", "formål formålet formålene",
        "forældre forældrene forældrenes forældres",
    )
    for form in forms.split()
}  # fmt: skip
"""Words that Snowball would give the stem of another word: læge and lægge, tidlig and tid, indsat and indsats."""
UNDIVIDED = frozenset(
    """
    forældre forældrene forældrenes forældres spørgsmål spørgsmålet spørgsmålene spørgsmåls formål formålet formålene
    billede billeder billedet billederne anderledes samlede manglede stillede handlede udviklede
    """.split()  # noqa: SIM905 - words are easier to read so
)
"""Words that look like compounds and are none, or none any more."""

LINKS = ("s", "e", "er", "es", "n", "en", "ens", "ers")
"""The letters that may join the parts of a compound (arbejd·s·plads, børn·e·have, student·er·hus)."""

_LATIN = re.compile(r"(?<=\w\w\wi)um(?:s|met|mets)?$")
_DERIVED = re.compile(r"els(?:e|en|er|erne|es|ens|ers|ernes)$")
_ELIDED_L = re.compile(r"([bcdfgkpstv])l$")
_ENDINGS = (
    "ernes",
    "erne",
    "enes",
    "ene",
    "ens",
    "ets",
    "ers",
    "en",
    "et",
    "er",
    "es",
    "ne",
    "e",
    "s",
    "r",
    "n",
)
_LETTERS = str.maketrans(
    {"ä": "æ", "ö": "ø", "ü": "y", "ß": "ss", "ð": "d", "þ": "th", "\xad": None, "’": "'"}
)
_LOOSE = str.maketrans({"æ": "a", "ø": "o", "å": "a"})
_UNUSUAL = re.compile(r"[^\x00-\x7fæøåÆØÅ»«–—…•§°½]")
TOKEN = re.compile(r"[^\W_]+(?:[-'’./][^\W_]+)*")
"""A word of a text, with what hyphens, apostrophes, dots and slashes join to it."""
_OWNER = re.compile(r"'(?:s|er|en|et|erne|ne)?$")
MAX_WORD = 60
"""Letters of a word that are looked at."""
_stemmers = threading.local()


def normal(text: str) -> str:
    """`text` in small letters, with æ, ø and å as one letter each, aa as å, and no other accent.

    >>> normal("AABENRAA Café")
    'åbenrå cafe'
    """
    if _UNUSUAL.search(text) is None:
        return text.lower().replace("aa", "å")
    text = unicodedata.normalize("NFKC", text).lower().translate(_LETTERS)
    if _UNUSUAL.search(text):
        text = "".join(
            c if c in "æøå" else unicodedata.normalize("NFKD", c).encode("ascii", "ignore").decode() or c
            for c in text
        ).lower()
    return text.replace("aa", "å")


def loose(word: str) -> str:
    """`word` (normal) as somebody without æ, ø and å may type it; ae, oe and aa are read as these letters.

    >>> loose("sygefravær") == loose("sygefravaer") == loose("sygefravar")
    True
    """
    return word.replace("ae", "a").replace("oe", "o").translate(_LOOSE)


def parts(token: str) -> tuple[list[str], str]:
    """The words inside a token with hyphens, dots or apostrophes, and the word they make together; "" for one word.

    >>> parts("it-systemer")
    (['it', 'systemer'], 'itsystemer')
    """
    if token.isalnum():
        return [token[:MAX_WORD]], ""
    token = _OWNER.sub("", token)
    pieces = [p[:MAX_WORD] for p in re.split(r"[-'./]", token) if p]
    joined = "".join(pieces)
    return pieces, joined if len(pieces) > 1 and len(joined) <= MAX_WORD else ""


def tokens(text: str) -> list[str]:
    """The tokens of a text in `normal` form, in order; those with a hyphen still whole."""
    found: list[str] = TOKEN.findall(normal(text))
    return found


def words(text: str) -> list[str]:
    """The words of a text in `normal` form, in order: the parts of each token."""
    return [word for token in tokens(text) for word in parts(token)[0]]


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The stem of a word in `normal` form: the same for all its forms.

    >>> stem("medarbejderne") == stem("medarbejder")
    True
    >>> stem("børnene")
    'barn'
    """
    if not hasattr(_stemmers, "danish"):
        _stemmers.danish = Stemmer.Stemmer("danish", 0)  # not safe to share between threads
    if own := _OWN_STEM.get(word):
        return own
    word = _BASE.get(word) or _LATIN.sub("", word)
    found: str = _stemmers.danish.stemWord(word)
    # Snowball leaves eksempl·er beside eksempel and centr·et beside cent·er.
    return (
        _ELIDED_L.sub(r"\1el", found)
        if found.endswith("l")
        else found.removesuffix("r")
        if found.endswith("tr")
        else found
    )


def changed_forms(word: str) -> set[str]:
    """The forms of a word whose vowel changes (barn: børn, børne…); empty for every other word."""
    base = _BASE.get(word)
    return {base, *_IRREGULAR[base].split()} if base else set()


def is_derived(word: str) -> bool:
    """Whether a word is made of a verb by -else: »ledelse« has the stem of »lede«, and is another word."""
    return _DERIVED.search(word) is not None


def trimmed(word: str) -> list[str]:
    """`word` and what is left of it without an ending of plural or definiteness, longest first; at least 4 letters."""
    return [
        word,
        *(word[: -len(e)] for e in reversed(_ENDINGS) if word.endswith(e) and len(word) - len(e) >= 4),
    ]


def spelt_out(word: str) -> str:
    """`word` with ae and oe read as æ and ø (aa is å in `normal` already)."""
    return word.replace("ae", "æ").replace("oe", "ø")

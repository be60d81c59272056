"""Signs in a text that a moderator should look at: hints for a person, never a decision by themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guards.cpr import cpr_like, mask_cpr


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign. `detail` shows what was found, CPR numbers without their last digits; `severe` is to be seen first."""

    key: str
    label: str
    detail: str
    severe: bool = False


MANY_LINKS = 3
_READ = 50_000

_LINK = re.compile(r"(?i)\b(?:https?://|www\.)[^\s<>\"')\]]{1,500}")
_BARE_DOMAIN = re.compile(
    r"(?i)(?<![\w@./-])[a-z0-9][a-z0-9-]{0,60}\.(?:dk|com|net|org|eu|io|info|biz|ru|cn|xyz|top|shop|link|online)\b(?:/[^\s<>\"')\]]{0,300})?"
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
# Danish numbers have eight digits, 2-9 first, written bare, in pairs or in fours; +45 or 0045 may stand before them.
_PHONE = re.compile(
    r"(?<![\d.,/+-])(?:(?:\+|00)45[ -]?)?"
    r"(?:[2-9]\d[ -]\d\d[ -]\d\d[ -]\d\d|(?!20\d\d 20)[2-9]\d{3} \d{4}|[2-9]\d{7})(?![\d/-]|[.,]\d)"
)
_BEFORE_OTHER_NUMBERS = re.compile(r"(?i)\b(?:cvr|ean|kr|dkk|sag|sagsnr|j\.?nr|isbn)[-. :nummer]{0,12}$")

# Words that stand in nearly every Danish text, and hardly in those of the neighbours (nor in Norwegian and Swedish).
_DANISH = frozenset(
    [
        "af",
        "at",
        "blev",
        "de",
        "den",
        "der",
        "det",
        "dig",
        "efter",
        "eller",
        "en",
        "er",
        "et",
        "for",
        "fra",
        "har",
        "havde",
        "hvad",
        "hvor",
        "hvis",
        "i",
        "ikke",
        "jeg",
        "kan",
        "kun",
        "man",
        "med",
        "meget",
        "men",
        "mig",
        "min",
        "nogle",
        "noget",
        "nu",
        "og",
        "også",
        "om",
        "os",
        "på",
        "sig",
        "som",
        "så",
        "til",
        "uden",
        "ud",
        "var",
        "ved",
        "vi",
        "vil",
        "være",
        "vores",
        "bliver",
        "mellem",
        "hendes",
        "hans",
        "deres",
        "skal",
    ]
)
_NEIGHBOURS = frozenset(
    # Norwegian, Swedish, German, English: words that Danish has not
    [
        "och",
        "är",
        "att",
        "inte",
        "jag",
        "från",
        "mycket",
        "eller",
        "också",
        "efter",
        "ikkje",
        "hva",
        "nå",
        "etter",
        "av",
        "noe",
        "bare",
        "mellom",
        "gjøre",
        "und",
        "der",
        "die",
        "das",
        "ist",
        "nicht",
        "mit",
        "auf",
        "für",
        "ein",
        "eine",
        "von",
        "zu",
        "den",
        "the",
        "and",
        "of",
        "to",
        "is",
        "in",
        "that",
        "it",
        "you",
        "this",
        "with",
        "are",
        "was",
        "have",
    ]
) - frozenset(["der", "den", "eller", "efter", "bare", "av", "is"])
_WORD = re.compile(r"[^\W\d_]+")
_ENOUGH_WORDS = 12
_DANISH_SHARE = 0.18

# The commonest first names of grown-ups in Denmark (Danmarks Statistik, names in the population); a hint needs no more.
_FIRST_NAMES = [
    "Peter",
    "Jens",
    "Michael",
    "Lars",
    "Thomas",
    "Henrik",
    "Søren",
    "Christian",
    "Martin",
    "Jan",
    "Morten",
    "Jesper",
    "Anders",
    "Niels",
    "Mads",
    "Rasmus",
    "Per",
    "Hans",
    "Mikkel",
    "Jørgen",
    "Kim",
    "Ole",
    "Daniel",
    "Simon",
    "Jacob",
    "Jakob",
    "Kristian",
    "Frederik",
    "Erik",
    "Bent",
    "Brian",
    "Claus",
    "Allan",
    "Carsten",
    "Torben",
    "Knud",
    "Poul",
    "Finn",
    "Steen",
    "Flemming",
    "Emil",
    "Mathias",
    "Magnus",
    "Oliver",
    "William",
    "Ali",
    "Mohammad",
    "Mohammed",
    "Ahmed",
    "Anne",
    "Kirsten",
    "Mette",
    "Hanne",
    "Anna",
    "Helle",
    "Maria",
    "Susanne",
    "Marianne",
    "Camilla",
    "Lene",
    "Karen",
    "Inge",
    "Ida",
    "Inger",
    "Pia",
    "Louise",
    "Julie",
    "Charlotte",
    "Bente",
    "Tina",
    "Jette",
    "Laura",
    "Emma",
    "Birthe",
    "Gitte",
    "Lise",
    "Sofie",
    "Birgit",
    "Ulla",
    "Annette",
    "Christina",
    "Line",
    "Rikke",
    "Trine",
    "Dorthe",
    "Heidi",
    "Sanne",
    "Lone",
    "Mia",
    "Sara",
    "Cecilie",
    "Kirstine",
    "Signe",
    "Katrine",
    "Maja",
    "Freja",
    "Fatima",
    "Birgitte",
    "Karin",
    "Bodil",
    "Ingrid",
    "Tove",
]
# The capital letter of what follows is meant; »Anne Jensen«, »Jens Peter Hansen«, »Ida Sø-Holm«.
_NAME = re.compile(
    rf"\b(?:{'|'.join(_FIRST_NAMES)})(?:[ -][A-ZÆØÅ][a-zæøåéü]+){{0,2}} [A-ZÆØÅ][a-zæøåéü]+(?:-[A-ZÆØÅ][a-zæøåéü]+)?\b"
)
_FIRST_NAME = re.compile(rf"\b(?:{'|'.join(_FIRST_NAMES)})\b")


def signs(text: str) -> list[Sign]:
    """The signs in a text, severe ones first. Empty for ordinary text; reads the first 50,000 characters."""
    text = (text or "")[:_READ]
    found: list[Sign] = []
    if numbers := cpr_like(text):
        found.append(
            Sign("cpr", _("Ligner CPR-nummer"), _listed(f"{n[:6]}-xxxx" for n in numbers), severe=True)
        )
    if names := names_in(text):
        found.append(Sign("person-name", _("Nævner måske en person"), _listed(names)))
    if mails := emails_in(text):
        found.append(Sign("email", _("E-mailadresse i teksten"), _listed(mails)))
    if numbers := phones_in(text):
        found.append(Sign("phone", _("Telefonnummer i teksten"), _listed(numbers)))
    if links := links_in(text):
        label = ngettext("%(n)s link", "%(n)s links", len(links)) % {"n": len(links)}
        found.append(Sign("links", label, _listed(links), severe=len(links) >= MANY_LINKS))
    if not is_probably_danish(text):
        found.append(Sign("foreign-language", _("Er måske ikke på dansk"), ""))
    if shouting(text):
        found.append(Sign("shouting", _("Mange store bogstaver eller udråbstegn"), ""))
    return sorted(found, key=lambda sign: not sign.severe)


def links_in(text: str) -> list[str]:
    """Addresses on the web, with or without http, each once. The domain of an e-mail address is none."""
    without_mail = _EMAIL.sub(" ", text)
    full = _LINK.findall(without_mail)
    found = [*full, *_BARE_DOMAIN.findall(_LINK.sub(" ", without_mail))]
    return list(dict.fromkeys(link.rstrip(".,;:!?") for link in found))


def emails_in(text: str) -> list[str]:
    """E-mail addresses, each once."""
    return list(dict.fromkeys(_EMAIL.findall(text)))


def phones_in(text: str) -> list[str]:
    """What looks like a Danish telephone number, each once. Not after »CVR«, »EAN«, »kr.« or »sag«."""
    found = [
        match[0]
        for match in _PHONE.finditer(text)
        if not _BEFORE_OTHER_NUMBERS.search(text[max(0, match.start() - 20) : match.start()])
    ]
    return list(dict.fromkeys(found))


def is_probably_danish(text: str) -> bool:
    """Whether Danish is likely; True for short texts, where it cannot be told.

    Method: in Danish every third or fourth word is one of some sixty short ones (og, det, ikke …). A text in which they
    are fewer than 18 %, or in which the neighbours' own such words (and those with ä, ö or ß) are half as many, is
    probably another language.
    """
    words = [word.lower() for word in _WORD.findall(text)]
    if len(words) < _ENOUGH_WORDS:
        return True
    danish = sum(word in _DANISH for word in words)
    foreign = sum(
        (word in _NEIGHBOURS and word not in _DANISH) or bool(set(word) & set("äöß")) for word in words
    )
    return danish / len(words) >= _DANISH_SHARE and danish > 2 * foreign


def shouting(text: str) -> bool:
    """Whether the text shouts: mostly capitals over a sentence or more, or three exclamation marks in a row."""
    letters = [c for c in text if c.isalpha()]
    capitals = sum(c.isupper() for c in letters)
    return "!!!" in text or (len(letters) >= 30 and capitals / len(letters) > 0.6)


def names_in(text: str) -> list[str]:
    """What may be a person's full name: a common Danish first name and a capitalised word. A hint, with both errors."""
    return list(dict.fromkeys(_NAME.findall(text)))


def first_names_in(text: str) -> list[str]:
    """Common Danish first names, each once, in the first 50,000 characters. A hint, with both errors."""
    return list(dict.fromkeys(_FIRST_NAME.findall((text or "")[:_READ])))


def names_a_person(text: str) -> bool:
    """Whether `names_in` finds somebody."""
    return bool(_NAME.search(text))


def _listed(found: object, most: int = 5) -> str:
    shown = list(dict.fromkeys(found))  # type: ignore[call-overload]
    more = len(shown) - most
    text = mask_cpr(", ".join(shown[:most]))
    return text if more <= 0 else _("%(shown)s og %(more)s mere") % {"shown": text, "more": more}

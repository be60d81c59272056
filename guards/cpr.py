"""Text that looks like a CPR number: found, so that it is never published or kept.

A CPR number is a date of birth (DDMMYY) and four digits. The check digit (modulus 11) is no help: since 2007 the
CPR office gives out numbers without it (cpr.dk, »Personnumre uden kontrolciffer (modulus 11 kontrol)«), so every
plausible date followed by four digits counts. The day may have 60 added, as in the replacement numbers that hospitals
give those who have none (erstatnings-CPR).
"""

import re
import unicodedata
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import ngettext

_DASH = "[-\u2010-\u2015\u2212_/.]"
_GAP = "[ \t\u00a0]"
# Bare (0102031234), with a space or a dash before the last four, or with the date in parts and a dash at the end.
_CANDIDATE = re.compile(
    rf"(?<!\d)(?<!\d[.,])(?P<date>\d{{6}}|\d\d(?:{_GAP}|{_DASH})\d\d(?:{_GAP}|{_DASH})\d\d(?={_GAP}?[-\u2010-\u2015\u2212]))"
    rf"(?P<between>{_GAP}{{0,2}}{_DASH}?{_GAP}{{0,2}}|\n)(?P<rest>\d{{4}})(?!\d)(?![.,]\d)"
)
# What makes the number a part of something longer: a foreign telephone number, an account (1234 0102031234).
_FOREIGN = re.compile(r"\+(?:\d{1,3})? ?$")
_DIGITS_BEFORE = re.compile(r"\d[ -]$")
_DIGITS_AFTER = re.compile(r"[ -]\d{4}")
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def cpr_like(text: str) -> list[str]:
    """What in the text looks like a CPR number, in order, each as DDMMYY-NNNN. Empty for text that has none.

    Sees through other forms of digits (full width, Arabic) and characters that do not show. Not taken for CPR numbers:
    telephone numbers, CVR (8 digits), EAN (13 digits), and account numbers with more digits around.
    """
    return [f"{_date(match)}-{match['rest']}" for match in _matches(_plain(text))]


def refuse_cpr(text: str) -> None:
    """A validator for fields of free text. Raises ValidationError that says what to do, without the number itself."""
    found = list(dict.fromkeys(cpr_like(text)))
    if not found:
        return
    shown = ", ".join(f"»{number[:6]}-xxxx«" for number in found[:3])
    raise ValidationError(
        ngettext(
            "Det ligner et CPR-nummer: %(shown)s. Det må ikke stå her, fordi teksten læses af andre. Slet det, og send "
            "igen. Er det et andet nummer, så skriv det i grupper eller med ord foran, f.eks. »sag 2026-1234«.",
            "Det ligner CPR-numre: %(shown)s. De må ikke stå her, fordi teksten læses af andre. Slet dem, og send "
            "igen. Er det andre numre, så skriv dem i grupper eller med ord foran, f.eks. »sag 2026-1234«.",
            len(found),
        )
        % {"shown": shown},
        code="cpr",
    )


def mask_cpr(text: str) -> str:
    """The text with the last four digits of what looks like CPR numbers replaced, for logs and notices.

    Text in which there are any comes back with ordinary digits and without characters that do not show.
    """
    plain = _plain(text)
    found = list(_matches(plain))
    for match in reversed(found):
        plain = plain[: match.start("rest")] + "xxxx" + plain[match.end("rest") :]
    return plain if found else text


def _matches(plain: str) -> Iterator[re.Match[str]]:
    for match in _CANDIDATE.finditer(plain):
        before = plain[max(0, match.start() - 6) : match.start()]
        if not _plausible(_date(match)) or _FOREIGN.search(before):
            continue
        # Bare digits only: »43, 010203-1234« is a person, »1234 0102031234« an account.
        if not match["between"] and (
            _DIGITS_BEFORE.search(before) or _DIGITS_AFTER.match(plain, match.end())
        ):
            continue
        yield match


def _date(match: re.Match[str]) -> str:
    return re.sub(r"\D", "", match["date"])


def _plain(text: str) -> str:
    """The text with ordinary digits, and without characters that do not show."""
    shown = (c for c in unicodedata.normalize("NFKC", text or "") if unicodedata.category(c) != "Cf")
    return "".join(str(unicodedata.decimal(c)) if unicodedata.category(c) == "Nd" else c for c in shown)


def _plausible(date: str) -> bool:
    """Whether DDMMYY is a day of some century; the day may have 60 added."""
    day, month, year = int(date[:2]), int(date[2:4]), int(date[4:])
    day -= 60 if day > 60 else 0
    if not 1 <= month <= 12 or not 1 <= day <= _DAYS[month - 1]:
        return False
    return not (day == 29 and month == 2 and year % 4)

"""Where in the year we are, and what guest, host and employer can do now, in plain words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from practicum.choices import RoundPhase
from practicum.models import Round
from practicum.offers.showing import span

PHASES = (
    RoundPhase.OFFERS,
    RoundPhase.APPLICATIONS,
    RoundPhase.MATCHING,
    RoundPhase.AGREEMENTS,
    RoundPhase.STAYS,
    RoundPhase.EVALUATION,
)
"""The steps of the timeline."""


@dataclass(frozen=True)
class Step:
    """One step of the year. `here` is the day, in words, when it is now."""

    label: str
    dates: str
    is_past: bool
    here: str = ""


@dataclass(frozen=True)
class Now:
    """What one of the three can do now. `url` and `label` lead to it."""

    who: str
    heading: str
    text: str
    label: str = ""
    url: str = ""
    is_primary: bool = False


@dataclass(frozen=True)
class Year:
    """The round that the page is about (None between rounds), its steps, and what can be done now.

    `notice` says whether »Giv mig besked« is the page's main button. `also` is a sentence about another round that is
    not over.
    """

    round: Round | None
    steps: list[Step]
    now: list[Now]
    notice: bool
    also: str = ""


def year_now() -> Year:
    """The year as it is today. One query.

    The round is the one that has come furthest; when all that is left of it is to tell how it went and the next has
    begun, the next.
    """
    rounds = list(Round.objects.standing()[:5])
    begun = [
        r for r in rounds if r.phase not in (RoundPhase.ANNOUNCED, RoundPhase.STAYS, RoundPhase.EVALUATION)
    ]
    chosen = next(iter(begun), None) or next(iter(rounds), None)
    others = [r for r in rounds if r is not chosen and r.phase != RoundPhase.ANNOUNCED]
    now = what_now(chosen)
    return Year(
        chosen, steps(chosen) if chosen else [], now, not any(one.is_primary for one in now), _also(others)
    )


def _also(rounds: list[Round]) -> str:
    for other in rounds:
        if other.phase == RoundPhase.EVALUATION:
            text = _("Var du med i runden %(year)s? Så fortæl, hvad du så, senest %(day)s.")
            return text % {"year": other.year, "day": day(other.evaluation_until)}
        if other.phase == RoundPhase.STAYS:
            text = _("Runden %(year)s er i gang. Opholdene ligger %(dates)s.")
            return text % {"year": other.year, "dates": span(other.stays_from, other.stays_until)}
    return ""


def day(date: dt.date) -> str:
    """»31. januar 2027«."""
    return formats.date_format(date, "j. F Y")


def steps(of: Round) -> list[Step]:
    """The six steps of a round's year."""
    matching_from = of.applications_until + dt.timedelta(days=1)
    monday, _friday = of.common_week()
    week = of.stays_from.isocalendar()
    in_week = monday.isocalendar()[:2] == week[:2]
    stays = span(of.stays_from, of.stays_until)
    dates = {
        RoundPhase.OFFERS: span(of.offers_from, of.offers_until),
        RoundPhase.APPLICATIONS: span(of.applications_from, of.applications_until),
        RoundPhase.MATCHING: span(matching_from, of.answers_until),
        RoundPhase.AGREEMENTS: _("Senest %s") % day(of.agreements_until),
        RoundPhase.STAYS: _("Uge %(week)s, %(dates)s") % {"week": of.week, "dates": stays}
        if in_week
        else stays,
        RoundPhase.EVALUATION: _("Senest %s") % day(of.evaluation_until),
    }
    order = [RoundPhase.ANNOUNCED, *PHASES]
    at = order.index(RoundPhase(of.phase)) if of.phase in order else len(order)
    here = _("Du er her, %s") % formats.date_format(of.today, "j. F")
    return [
        Step(str(phase.label), dates[phase], n < at, here if n == at else "")
        for n, phase in enumerate(PHASES, 1)
    ]


PLACES = "#pladser"
"""Where the places are on the page itself."""


@dataclass(frozen=True)
class _Said:
    """What one is told, and where a link (the name of an address, or a part of the page) leads."""

    text: Any
    label: Any = ""
    to: str = ""
    is_primary: bool = False


_LEADER = gettext_lazy("Din medarbejder beholder sin løn. Det koster jer ikke andet end dagene.")
_BECOME_HOST = gettext_lazy("Bliv vært")
_SEE = gettext_lazy("Se pladserne")
_WISH: tuple[Any, str] = (gettext_lazy("Skriv, hvad du gerne vil se"), "practicum:wishes")
_OFFER: tuple[Any, str] = (gettext_lazy("Slå en plads op"), "practicum:offer_new")
"""What guest and host can do on any day, also who is not in the round."""
_ALSO_OFFERS = _Said(
    gettext_lazy(
        "Slå en plads op senest %(offers_until)s. Er I allerede vært, så se, hvem der gerne vil besøge jer."
    ),
    _BECOME_HOST, "practicum:offer_new",
)  # fmt: skip
"""To the host, when guests apply already and places are still offered."""
_NO_ROUND = (
    _Said(
        gettext_lazy("Der er ingen runde lige nu, men nogle pladser kan aftales hele året."), _SEE, PLACES
    ),
    _Said(
        gettext_lazy("I kan slå en plads op, der kan aftales direkte, når det passer jer."),
        _BECOME_HOST, "practicum:offer_new", True,
    ),
    _Said(_LEADER),
)  # fmt: skip
_SAID: dict[RoundPhase, tuple[_Said, _Said, _Said]] = {
    RoundPhase.ANNOUNCED: (
        _Said(
            gettext_lazy("Du kan søge fra %(from)s. Skriv gerne allerede nu, hvad du helst vil se."),
            gettext_lazy("Skriv et ønske"), "practicum:wishes",
        ),
        _Said(gettext_lazy("I kan slå pladser op fra %(offers_from)s til og med %(offers_until)s.")),
        _Said(_LEADER),
    ),
    RoundPhase.OFFERS: (
        _Said(
            gettext_lazy(
                "Se pladserne, efterhånden som de kommer. Du kan søge fra %(from)s til og med %(until)s."
            ),
            _SEE, PLACES,
        ),
        _Said(
            gettext_lazy(
                "Slå en plads op senest %(offers_until)s. Det er gratis, og I bestemmer selv, "
                "hvor mange der kommer."
            ),
            _BECOME_HOST, "practicum:offer_new", True,
        ),
        _Said(_LEADER),
    ),
    RoundPhase.APPLICATIONS: (
        _Said(
            gettext_lazy(
                "Vælg de pladser, du helst vil have, og søg senest %(until)s. Din leder skal sige ja."
            ),
            gettext_lazy("Find en plads"), PLACES, True,
        ),
        _Said(
            gettext_lazy(
                "Se, hvem der gerne vil besøge jer. Gæster, der vil aftale en plads direkte, kan I svare med det "
                "samme. Den slags pladser kan I slå op hele året."
            ),
            *_OFFER,
        ),
        _Said(
            gettext_lazy(
                "Din medarbejder beholder sin løn, og det koster jer ikke andet end dagene. Du svarer med "
                "et link i en mail. Svarer du ikke, tæller det ikke som et ja."
            )
        ),
    ),
    RoundPhase.MATCHING: (
        _Said(
            gettext_lazy(
                "Har du søgt, får du at vide, hvor du kan komme hen. Svar senest %(answers)s. "
                "Har du ikke, så skriv, hvad du gerne vil se."
            ),
            *_WISH,
        ),
        _Said(
            gettext_lazy(
                "Har I en plads i runden, får I at vide, hvem der kan komme. Svar senest %(answers)s. "
                "Pladser, der aftales direkte, kan I slå op hele året."
            ),
            *_OFFER,
        ),
        _Said(gettext_lazy("Du skal ikke gøre noget. Ændres dagene, bliver du spurgt igen.")),
    ),
    RoundPhase.AGREEMENTS: (
        _Said(
            gettext_lazy(
                "Skriv sammen med din vært, hvad I venter jer af opholdet, senest %(agreements)s."
            ),
            *_WISH,
        ),
        _Said(
            gettext_lazy("Skriv sammen med gæsten, hvad I venter jer af opholdet, senest %(agreements)s."),
            *_OFFER,
        ),
        _Said(
            gettext_lazy("Opholdene ligger %(stays)s. Sørg for, at din medarbejder kan undværes de dage.")
        ),
    ),
    RoundPhase.STAYS: (
        _Said(
            gettext_lazy("Opholdene ligger %(stays)s. Skriv ned undervejs, hvad du vil have med hjem."),
            *_WISH,
        ),
        _Said(
            gettext_lazy(
                "Gæsterne kommer %(stays)s. Sig, hvad I håber at få ud af besøget, når de kommer."
            ),
            *_OFFER,
        ),
        _Said(gettext_lazy("Giv din medarbejder tid til at fortælle, hvad der kan bruges hos jer.")),
    ),
    RoundPhase.EVALUATION: (
        _Said(
            gettext_lazy(
                "Fortæl, hvad du så og kan bruge, senest %(evaluation)s. Det tager få minutter."
            ),
            *_WISH,
        ),
        _Said(
            gettext_lazy(
                "Fortæl, hvad I fik ud af besøget, senest %(evaluation)s. Det tager få minutter."
            ),
            *_OFFER,
        ),
        _Said(gettext_lazy("Spørg din medarbejder, hvad der kan bruges hos jer.")),
    ),
}  # fmt: skip
"""Phase → what guest, host and employer are told."""


def what_now(of: Round | None) -> list[Now]:
    """What guest, host and employer can do now."""
    days: dict[str, str] = {}
    said = _NO_ROUND
    if of is not None:
        said = _SAID[RoundPhase(of.phase)]
        if of.phase == RoundPhase.APPLICATIONS and of.offers_until >= of.today:
            said = (said[0], _ALSO_OFFERS, said[2])
        days = {
            "offers_from": day(of.offers_from),
            "offers_until": day(of.offers_until),
            "from": day(of.applications_from),
            "until": day(of.applications_until),
            "answers": day(of.answers_until),
            "agreements": day(of.agreements_until),
            "stays": span(of.stays_from, of.stays_until),
            "evaluation": day(of.evaluation_until),
        }
    heads = (
        ("gaest", _("Vil du ud at se?")),
        ("vaert", _("Vil I have besøg?")),
        ("leder", _("Er du leder?")),
    )
    return [_now(who, heading, one, days) for (who, heading), one in zip(heads, said, strict=True)]


def _now(who: str, heading: str, said: _Said, days: dict[str, str]) -> Now:
    url = said.to if said.to.startswith("#") else _address(said.to)
    text = str(said.text) % days
    return Now(who, heading, text, str(said.label) if url else "", url, said.is_primary and bool(url))


def _address(name: str) -> str:
    return reverse(name) if name else ""

"""Where in the year we are, and what guest, host and employer can do now, in plain words."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils import formats
from django.utils.translation import gettext as _

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
    rows = Round.objects.public().with_phase().exclude(phase=RoundPhase.OVER).order_by("offers_from", "pk")
    rounds = list(rows[:5])
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
        RoundPhase.STAYS: _("Uge %(week)s, %(dates)s") % {"week": of.week, "dates": stays} if in_week else stays,
        RoundPhase.EVALUATION: _("Senest %s") % day(of.evaluation_until),
    }
    order = [RoundPhase.ANNOUNCED, *PHASES]
    at = order.index(RoundPhase(of.phase)) if of.phase in order else len(order)
    here = _("Du er her, %s") % formats.date_format(of.today, "j. F")
    return [
        Step(str(phase.label), dates[phase], n < at, here if n == at else "")
        for n, phase in enumerate(PHASES, 1)
    ]


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def what_now(of: Round | None) -> list[Now]:
    """What guest, host and employer can do now."""
    guest, host, employer = _("Vil du ud at se?"), _("Vil I have besøg?"), _("Er du leder?")
    offer = _address("practicum:offer_new")
    wish = _address("practicum:wishes")
    find = "#pladser"
    phase = RoundPhase(of.phase) if of else None
    leader = _(
        "Din medarbejder beholder sin løn og er forsikret, som når I sender nogen på kursus. "
        "Det koster ikke jer andet end dagene."
    )
    if of is None:
        return [
            Now("gaest", guest, _("Der er ingen runde lige nu, men nogle pladser kan aftales hele året."), _("Se pladserne"), find),
            Now("vaert", host, _("I kan slå en plads op, der kan aftales direkte, når det passer jer."), _("Bliv vært"), offer, bool(offer)),
            Now("leder", employer, leader),
        ]  # fmt: skip
    d = {
        "offers_from": day(of.offers_from), "offers_until": day(of.offers_until),
        "from": day(of.applications_from), "until": day(of.applications_until), "answers": day(of.answers_until),
        "agreements": day(of.agreements_until), "stays": span(of.stays_from, of.stays_until),
        "evaluation": day(of.evaluation_until), "year": of.year, "week": of.week,
    }  # fmt: skip
    match phase:
        case RoundPhase.ANNOUNCED:
            rows = (
                (_("Du kan søge fra %(from)s. Skriv gerne allerede nu, hvad du helst vil se."), _("Skriv et ønske"), wish),
                (_("I kan slå pladser op fra %(offers_from)s til og med %(offers_until)s."), "", ""),
                (leader + " " + _("Opholdene ligger %(stays)s."), "", ""),
            )  # fmt: skip
        case RoundPhase.OFFERS:
            rows = (
                (_("Se pladserne, efterhånden som de kommer. Du kan søge fra %(from)s til og med %(until)s."), _("Se pladserne"), find),
                (_("Slå en plads op senest %(offers_until)s. Det er gratis, og I bestemmer selv, hvor mange der kommer."), _("Bliv vært"), offer),
                (leader + " " + _("Bliver I værter, siger du ja til pladsen med et link i en mail."), "", ""),
            )  # fmt: skip
        case RoundPhase.APPLICATIONS:
            rows = (
                (_("Vælg de pladser, du helst vil have, og søg senest %(until)s. Din leder skal sige ja."), _("Find en plads"), find),
                (_("Se, hvem der gerne vil besøge jer. Pladser, der aftales direkte, kan I svare på med det samme."), "", ""),
                (leader + " " + _("Du siger ja eller nej med et link i en mail. Intet svar er aldrig et ja."), "", ""),
            )  # fmt: skip
        case RoundPhase.MATCHING:
            rows = (
                (_("Du får at vide, hvor du kan komme hen. Svar senest %(answers)s."), "", ""),
                (_("I får at vide, hvem der gerne vil besøge jer. Svar senest %(answers)s."), "", ""),
                (_("Du skal ikke gøre noget. Ændres dagene, bliver du spurgt igen."), "", ""),
            )
        case RoundPhase.AGREEMENTS:
            rows = (
                (_("Skriv sammen med din vært, hvad I venter jer af opholdet, senest %(agreements)s."), "", ""),
                (_("Skriv sammen med gæsten, hvad I venter jer af opholdet, senest %(agreements)s."), "", ""),
                (_("Opholdene ligger %(stays)s. Sørg for, at din medarbejder kan undværes de dage."), "", ""),
            )
        case RoundPhase.STAYS:
            rows = (
                (_("Opholdene ligger %(stays)s. Skriv ned undervejs, hvad du vil have med hjem."), "", ""),
                (_("Gæsterne kommer %(stays)s. Sig, hvad I håber at få ud af besøget, når de kommer."), "", ""),
                (_("Giv din medarbejder tid til at fortælle, hvad der kan bruges hos jer."), "", ""),
            )
        case _:
            rows = (
                (_("Fortæl, hvad du så og kan bruge, senest %(evaluation)s. Det tager få minutter."), "", ""),
                (_("Fortæl, hvad I fik ud af besøget, senest %(evaluation)s. Det tager få minutter."), "", ""),
                (_("Spørg din medarbejder, hvad der kan bruges hos jer."), "", ""),
            )
    primary = {RoundPhase.OFFERS: 1, RoundPhase.APPLICATIONS: 0}.get(phase or RoundPhase.OVER)
    names = (("gaest", guest), ("vaert", host), ("leder", employer))
    return [
        Now(who, heading, text % d, label if url else "", url, n == primary and bool(url))
        for n, ((who, heading), (text, label, url)) in enumerate(zip(names, rows, strict=True))
    ]

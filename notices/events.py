"""What people are told of, and how often they may ask for it by mail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Event(TextChoices):
    """The kinds of notices. A new kind is a line here, one in ABOUT, and a migration for the CHECK."""

    TREATMENT = "behandling", _("Det, du har sendt ind")
    QUESTION = "spoergsmaal", _("Spørgsmål til dig")
    ANSWER = "svar", _("Svar på dine spørgsmål")
    REUSE = "genbrug", _("Genbrug")
    CONFIRM = "bekraeft", _("Er det stadig rigtigt?")
    WORKPLACE = "arbejdsplads", _("Roller på din arbejdsplads")
    MENTION = "omtale", _("Forslag om din arbejdsplads")
    STORM = "idestorm", _("Idéstorme, du arbejder med")
    PRACTICUM = "praktik", _("Innovationspraktik, du er med i")
    STAFF = "redaktion", _("Redaktionens arbejde")
    FOLLOWS = "foelger", _("Det, du følger")
    ACCOUNT = "konto", _("Din kontos sikkerhed")


class Frequency(TextChoices):
    """How often somebody wants mail of one kind. On the portal every notice is shown at once."""

    AT_ONCE = "straks", _("Straks")
    DAILY = "dagligt", _("Samlet hver dag")
    WEEKLY = "ugentligt", _("Samlet hver mandag")
    NEVER = "aldrig", _("Aldrig")


@dataclass(frozen=True)
class About:
    """What a kind of notices is about (said where one chooses), why one gets it (said in the mail), and the default."""

    explanation: Any
    reason: Any
    default: Frequency = Frequency.AT_ONCE
    fixed: bool = False
    staff_only: bool = False


ABOUT: dict[Event, About] = {
    Event.TREATMENT: About(
        _("Når redaktionen har læst, spurgt til, svaret på eller offentliggjort noget, du har sendt ind."),
        _("Du får denne mail, fordi du har sendt noget ind til portalen."),
    ),
    Event.QUESTION: About(
        _("Når nogen spørger om noget, som du er kontaktperson for."),
        _("Du får denne mail, fordi nogen har spurgt om noget, som du er kontaktperson for."),
    ),
    Event.ANSWER: About(
        _("Når der er svar på et spørgsmål, du har stillet."),
        _("Du får denne mail, fordi du har stillet et spørgsmål på portalen."),
    ),
    Event.REUSE: About(
        _("Når nogen genbruger noget fra din arbejdsplads, eller svarer på det, I har fortalt om genbrug."),
        _("Du får denne mail, fordi den handler om genbrug, som du eller din arbejdsplads har del i."),
    ),
    Event.CONFIRM: About(
        _("Når vi en gang om året spørger, om det, du står for, stadig er rigtigt."),
        _("Du får denne mail, fordi du står for noget, som andre læser på portalen."),
    ),
    Event.WORKPLACE: About(
        _("Når nogen får eller mister en rolle på din arbejdsplads."),
        _("Du får denne mail, fordi du er knyttet til en arbejdsplads på portalen."),
    ),
    Event.MENTION: About(
        _("Når en anden foreslår noget, der handler om din arbejdsplads."),
        _("Du får denne mail, fordi nogen har foreslået noget, der handler om din arbejdsplads."),
    ),
    Event.STORM: About(
        _("Når du får ideer at vurdere i en idéstorm, eller en idé mangler nogen, som du kan vælge."),
        _("Du får denne mail, fordi du vurderer eller svarer på ideer i en idéstorm."),
    ),
    Event.PRACTICUM: About(
        _(
            "Når der er nyt om en praktikplads, en ansøgning eller et ophold, som du er gæst, vært eller leder i."
        ),
        _("Du får denne mail, fordi du er gæst, vært eller leder i et ophold i Innovationspraktik."),
    ),
    Event.STAFF: About(
        _("Når noget venter på redaktionen."),
        _("Du får denne mail, fordi du er med i redaktionen."),
        staff_only=True,
    ),
    Event.FOLLOWS: About(
        _("Når der er nyt om det, du har valgt at følge."),
        _("Du får denne mail, fordi du har valgt at følge noget på portalen."),
        default=Frequency.WEEKLY,
    ),
    Event.ACCOUNT: About(
        _("Når der sker noget med din konto. De mails kan ikke slås fra."),
        _("Du får denne mail, fordi den handler om din kontos sikkerhed. Den slags mails kan ikke slås fra."),
        fixed=True,
    ),
}
"""In the order in which one chooses."""

CHOSEN = tuple(event for event, about in ABOUT.items() if not about.fixed)
"""The kinds for which one chooses how often."""

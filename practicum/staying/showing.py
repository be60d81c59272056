"""What a stay's page says: who, in which state, what is signed, and what comes next."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from accounts.models import User
from places.permissions import contacts_of
from practicum.choices import ApplicationState, Side, StayState
from practicum.models import Agreement, Stay
from practicum.permissions import ACCEPTED
from practicum.staying.agreeing import signed_at
from practicum.staying.reminding import AGREEMENT

FALLEN = (StayState.CANCELLED, StayState.DECLINED, StayState.EXPIRED)
"""States of a stay that does not take place."""


@dataclass(frozen=True)
class Signature:
    """One of the two, and whether they have said yes or signed. `is_done` draws a tick, else a clock."""

    side: Side
    name: str
    workplace: str
    people: list[User]
    """Whose name and address are shown: nobody before both have said yes."""
    is_done: bool
    said: str
    when: dt.datetime | None
    hint: str = ""


@dataclass(frozen=True)
class NextStep:
    """What the reader can do now."""

    text: str
    url: str = ""
    label: str = ""


def title(stay: Stay) -> str:
    """»Mette besøger Strandby Bibliotek«; before both have said yes without a name."""
    host = stay.offer.owner.name if stay.offer.owner else stay.offer.title
    if stay.state in ACCEPTED and stay.guest and stay.guest.name:
        return _("%(guest)s besøger %(host)s") % {"guest": stay.guest.name.split()[0], "host": host}
    return _("En gæst fra %(place)s besøger %(host)s") % {"place": stay.guest_workplace.name, "host": host}


def signatures(
    stay: Stay, agreement: Agreement | None, *, with_contacts: bool, today: dt.date
) -> list[Signature]:
    """The two, as the page draws them. At most one query more than the stay."""
    hosts = list(contacts_of(stay.offer.owner)) if with_contacts and stay.offer.owner else []
    guests = [stay.guest] if with_contacts and stay.guest else []
    found = []
    for side, people in ((Side.GUEST, guests), (Side.HOST, hosts)):
        place = stay.guest_workplace.name if side == Side.GUEST else str(stay.offer.owner or stay.offer.title)
        if stay.state not in ACCEPTED:
            moment = stay.guest_accepted_at if side == Side.GUEST else stay.host_accepted_at
            said, hint = (_("Har sagt ja") if moment else _("Har ikke sagt ja")), ""
            if not moment and stay.state == StayState.OFFERED and stay.answer_by:
                said = _("Mangler at svare")
                hint = _("Pladsen er holdt til og med %s.") % formats.date_format(stay.answer_by, "j. F Y")
        else:
            moment = signed_at(agreement, side) if agreement else None
            said, hint = (_("Godkendt") if moment else _("Mangler at godkende")), ""
            remind_on = stay.starts_on - AGREEMENT
            if not moment and stay.state == StayState.AGREED and remind_on > today:
                hint = _("Vi minder om det %s.") % formats.date_format(remind_on, "j. F")
        name = people[0].name or people[0].email if people else ""
        found.append(Signature(side, name, place, people, moment is not None, said, moment, hint))
    return found


def next_step(
    stay: Stay, sides: list[Side], agreement: Agreement | None, *, today: dt.date
) -> NextStep | None:
    """The one thing to do now for whoever reads; None for editors and when there is nothing."""
    if not sides:
        return None
    agreement_url = reverse("practicum:agreement", args=[stay.uuid])
    if stay.state in FALLEN:
        return _after_it_fell(stay, sides, today)
    if stay.state == StayState.OFFERED:
        answered = {Side.GUEST: stay.guest_accepted_at, Side.HOST: stay.host_accepted_at}
        if any(answered[side] is None for side in sides) and stay.answer_by:
            day = formats.date_format(stay.answer_by, "j. F Y")
            return NextStep(
                _("Sig ja eller nej senest %s. Ellers går pladsen videre.") % day,
                stay.get_absolute_url(),
                _("Svar"),
            )
        return NextStep(_("Den anden skal sige ja. Du får besked."))
    if stay.state == StayState.AGREED:
        if agreement is None:
            url = reverse("practicum:agreement_edit", args=[stay.uuid])
            return NextStep(
                _("Skriv, hvad I venter af hinanden. Vi har lavet et udkast."), url, _("Skriv aftalen")
            )
        if any(signed_at(agreement, side) is None for side in sides):
            return NextStep(
                _("Læs aftalen, og godkend den eller ret i den."), agreement_url, _("Læs og godkend")
            )
        if not agreement.in_force_since:
            return NextStep(_("Den anden skal godkende aftalen. Du får besked."))
        days = (stay.starts_on - today).days
        if days > 0:
            return NextStep(_("Alt er aftalt. Læg dagene i din kalender."))
        return NextStep(_("God fornøjelse."))
    if stay.state == StayState.DONE:
        done = {row.side for row in stay.evaluations.all()}
        if any(side not in done for side in sides):
            return NextStep(
                _("Fortæl, hvad du fik ud af det. Det tager to minutter."),
                reverse("practicum:evaluate", args=[stay.uuid]),
                _("Svar på fire spørgsmål"),
            )
        return NextStep(_("Tak for dit svar."))
    return None


def _after_it_fell(stay: Stay, sides: list[Side], today: dt.date) -> NextStep | None:
    """What becomes of guest and seat; None when the days are gone."""
    if stay.ends_on < today:
        return None
    if Side.GUEST not in sides:
        return NextStep(_("Du skal ikke gøre noget. Pladsen kan nu gå til en anden gæst."))
    if stay.application is None or stay.application.state != ApplicationState.READY:
        return None
    if stay.application.round_id is not None:
        text = _("Din ansøgning gælder stadig. Bliver der en anden plads til dig i runden, får du besked.")
    else:
        text = _("Din ansøgning gælder stadig. Du kan søge en anden plads.")
    url = reverse("practicum:application", args=[stay.application.uuid])
    return NextStep(text, url, _("Se din ansøgning"))


def how_soon(stay: Stay, today: dt.date) -> str:
    """»om 10 dage«, »i morgen«; empty when it has begun or fell away."""
    days = (stay.starts_on - today).days
    if stay.state not in (StayState.OFFERED, StayState.AGREED) or days < 1:
        return ""
    return _("i morgen") if days == 1 else _("om %s dage") % days

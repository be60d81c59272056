"""What guest and host expect of each other: written by either, signed by both, kept in versions.

A change is a new version. What both have signed last counts until they have signed the new one.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import formats
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from editorial.clock import CoiNow
from editorial.diffs import DiffRow, marked
from editorial.models.querysets import TransitionError
from editorial.text import plain
from practicum.choices import Certificate, Side, StayState
from practicum.models import Agreement, Stay
from practicum.staying.actions import locked_stay
from practicum.staying.moving import move
from practicum.staying.telling import other, tell_both, tell_side

VERSIONS = 100
"""Versions of one agreement, at most."""
DAYS = ("starts_on", "ends_on")
LEAD = dt.timedelta(days=28)
"""So long before the first day a certificate should be ordered."""


def defaults(stay: Stay) -> dict[str, str]:
    """What a first version begins with: what the two have written already, and what most agree on."""
    application, offer = stay.application, stay.offer
    return {
        "purpose": (application.brings_home or application.motivation) if application else "",
        "programme": plain(offer.programme),
        "contact": "",
        "gives": (application.gives if application else "") or plain(offer.hopes),
        "confidentiality": _lines(
            plain(offer.confidentiality),
            _(
                "Gæsten har tavshedspligt om det, gæsten ser og hører om personer, også efter opholdet "
                "(forvaltningslovens § 27 og straffelovens § 152)."
            ),
        ),
        "certificates": _certificates(stay),
        "consent": _(
            "Værten spørger på forhånd de borgere eller patienter, gæsten møder. De kan altid sige nej. Gæsten skriver "
            "ingen navne ned og tager ikke billeder af dem."
        ),
        "expenses": _("Gæstens arbejdsplads betaler rejse og overnatning. Værten betaler ikke noget."),
        "insurance": _(
            "Gæsten er ansat på sin egen arbejdsplads under opholdet. Før første dag spørger gæsten sin leder, hvad "
            "arbejdspladsens forsikring dækker."
        ),
        "working_time": _(
            "Opholdet er arbejdstid, og gæsten får løn fra sin egen arbejdsplads. Dagene følger værtens arbejdstid."
        ),
    }


def _lines(*texts: str) -> str:
    return "\n".join(filter(None, (text.strip() for text in texts)))


def _certificates(stay: Stay) -> str:
    day = formats.date_format(stay.starts_on - LEAD, "j. F Y")
    told = {
        Certificate.CHILDREN: _(
            "Børneattest: værten bestiller den senest %s, og gæsten siger ja til det i Digital Post."
        ),
        Certificate.CRIMINAL_RECORD: _(
            "Straffeattest: gæsten bestiller den senest %s og viser den til værten."
        ),
    }
    return "\n".join(told[Certificate(one)] % day for one in stay.offer.certificates) or _("Ingen.")


def latest(stay: Stay) -> Agreement | None:
    """The newest version, signed or not."""
    return stay.agreements.order_by("-number").first()


def signed_at(agreement: Agreement, side: Side) -> dt.datetime | None:
    """When one of the two signed a version."""
    return agreement.guest_signed_at if side == Side.GUEST else agreement.host_signed_at


def _corrected(agreement: Agreement | None) -> TransitionError:
    who = {Side.GUEST: _("Gæsten"), Side.HOST: _("Værten")}
    name = who[Side(agreement.written_by)] if agreement else _("Den anden")
    return TransitionError(_("%s har lige rettet aftalen. Læs den nye udgave først.") % name)


def _agreed(stay: Stay) -> Stay:
    stay = locked_stay(stay)
    if stay.state != StayState.AGREED:
        raise TransitionError(_("Aftalen kan ikke ændres: %s.") % stay.get_state_display().lower())
    return stay


@transaction.atomic
def write(*, stay: Stay, side: Side, read: int, fields: dict[str, Any], sign: bool) -> Agreement:
    """Store a new version, signed by its writer when `sign`. `read` is the number of the version that was corrected.

    Raises TransitionError when the other has corrected it meanwhile. What changes nothing makes no version.
    """
    stay = _agreed(stay)
    before = latest(stay)
    if read != (before.number if before else 0):
        raise _corrected(before)
    days = {name: fields[name] for name in DAYS}
    if (
        before is not None
        and days == {name: getattr(before, name) or getattr(stay, name) for name in DAYS}
        and all(getattr(before, name) == fields[name] for name in Agreement.TEXTS)
    ):
        return _sign(stay, before, side) if sign else before
    if before is not None and before.number >= VERSIONS:
        raise TransitionError(_("Aftalen er rettet mange gange. Skriv til hinanden i stedet."))
    row = Agreement(
        stay=stay, number=read + 1, written_by=side, **days, **{n: fields[n] for n in Agreement.TEXTS}
    )
    row.full_clean(exclude=["stay"])
    row.save()
    what = _("Der er en ny udgave af aftalen: %s") if before else _("Der er et udkast til aftalen: %s")
    text = _("Læs den, og godkend den, hvis den passer. Ellers ret i den.")
    if before is not None and before.in_force_since:
        text += " " + _("Den udgave, I begge har godkendt, gælder, til I begge har godkendt den nye.")
    tell_side(
        stay, other(side), subject=what % stay.offer.title, text=text, url=f"{stay.get_absolute_url()}aftale/"
    )
    return _sign(stay, row, side) if sign else row


@transaction.atomic
def sign(*, stay: Stay, side: Side, read: int) -> Agreement:
    """One of the two signs the version they have read. Raises TransitionError when there is a newer one."""
    stay = _agreed(stay)
    row = latest(stay)
    if row is None or row.number != read:
        raise _corrected(row)
    return _sign(stay, row, side)


def _sign(stay: Stay, row: Agreement, side: Side) -> Agreement:
    name = "guest_signed_at" if side == Side.GUEST else "host_signed_at"
    if not Agreement.objects.filter(pk=row.pk, **{name: None}).update(**{name: CoiNow()}):
        return row
    row.refresh_from_db()
    url = f"{stay.get_absolute_url()}aftale/"
    if row.in_force_since:
        moved = move(stay, row)
        text = _("I har begge godkendt udgave %s. I kan læse den og skrive den ud.") % row.number
        tell_both(
            stay,
            subject=_("Aftalen gælder nu: %s") % stay.offer.title,
            text="\n\n".join(filter(None, [moved, text])),
            url=url,
        )
    else:
        who = _("Gæsten") if side == Side.GUEST else _("Værten")
        tell_side(
            stay, other(side), subject=_("%(who)s har godkendt aftalen: %(title)s")
            % {"who": who, "title": stay.offer.title},
            text=_("Den gælder, når du også har godkendt den."), url=url,
        )  # fmt: skip
    return row


def changes(before: Agreement | None, after: Agreement) -> list[DiffRow]:
    """What differs between two versions, word by word."""
    if before is None:
        return []
    found = []
    if before.when and after.when and before.when != after.when:
        found.append(DiffRow(_("Dage"), *marked(before.when, after.when)))
    for name in Agreement.TEXTS:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            found.append(DiffRow(label(name), *marked(old, new)))
    return found


def label(name: str) -> str:
    """What a part of the agreement is called."""
    return capfirst(str(Agreement._meta.get_field(name).verbose_name))  # type: ignore[union-attr]


def parts(agreement: Agreement) -> list[tuple[str, str]]:
    """The parts that say something: (label, text)."""
    found = [(label(name), text) for name in Agreement.TEXTS if (text := getattr(agreement, name))]
    return [(_("Dage"), agreement.when), *found] if agreement.when else found

"""Mails to leaders, and what is told to whoever asked. The link stands only in the mail on its way."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.models import User
from editorial.choices import READABLE
from notices import mail
from notices.sending import one_line, tell
from places.permissions import contacts_of, speaks_for
from practicum.approving.addresses import asker_of, workplace_of
from practicum.approving.facts import Facts, Thing
from practicum.models import Application, LeaderApproval, Offer

EVENT = "behandling"
"""The kind of notice: what one has sent in."""


def link(approval: LeaderApproval) -> str:
    """Where the leader answers."""
    return settings.SITE_URL + reverse("practicum:approval", args=[approval.code])


def asked_about(approval: LeaderApproval) -> dict[str, Any]:
    """What page and mail say is asked: who asks, where, how many days and guests, and when.

    The wished places of an application stand by their titles, so that they tell nothing of the guest's order.
    """
    application, offer = approval.application, approval.offer
    thing: Thing | None = application or offer
    assert thing is not None
    places: list[Offer] = []
    if application is not None:
        wished = Offer.objects.filter(wishes__application=application) | Offer.objects.filter(
            requests__application=application
        )
        places = [
            p
            for p in wished.distinct().select_related("owner").order_by("sort_key", "pk")[:20]
            if p.is_public
        ]
    return {
        "offer": offer,
        "application": application,
        "asker": asker_of(thing),
        "workplace": workplace_of(thing),
        "facts": Facts.asked(approval),
        "possible_days": sorted(application.possible_days) if application else [],
        "places": places,
        "expires_on": timezone.localdate(approval.expires_at),
        "was_public": offer is not None and offer.state in READABLE,
    }


def _send(approval: LeaderApproval, subject: str, context: dict[str, Any]) -> None:
    body = render_to_string(
        "practicum/approving/mail.txt", {**asked_about(approval), "link": link(approval), **context}
    )
    mail.queue(
        EmailMessage(
            subject=one_line(subject)[:200],
            body=body,
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[approval.email],
            headers={"Auto-Submitted": "auto-generated"},
        )
    )


def ask(approval: LeaderApproval, *, by: User | None) -> None:
    """The first mail. `by` is who asks, where it isn't whoever wrote the thing."""
    context: dict[str, Any] = {"asker": by} if by else {}
    if approval.delegated_from is not None:
        context["passed_by"] = approval.delegated_from.answered_by_name
    _send(approval, _subject(approval), context)


def remind(approval: LeaderApproval) -> None:
    """The same link once more."""
    subject = _("Mangler dit svar: %s") % _subject(approval)
    _send(approval, subject, {"asked_on": timezone.localdate(approval.asked_at)})


def _subject(approval: LeaderApproval) -> str:
    if approval.application is not None:
        return _("Må %s komme i Innovationspraktik?") % (approval.application.guest or "")
    assert approval.offer is not None
    return _("Må I være vært i Innovationspraktik? »%s«") % approval.offer.title


# -- what whoever asked is told ----------------------------------------------


def tell_yes(approval: LeaderApproval) -> None:
    """The leader has said yes, and what happens next."""
    if approval.application is not None:
        text = _("%(name)s har sagt ja til dit praktikophold. Værterne kan nu se din ansøgning.")
    elif approval.offer is not None and approval.offer.state in READABLE:
        text = _("%(name)s har sagt ja til ændringen. Redaktionen viser den, når den har læst den.")
    else:
        text = _("%(name)s har sagt ja. Redaktionen viser pladsen, når den har læst den.")
    _tell(approval, _("Din leder har sagt ja"), text)


def tell_no(approval: LeaderApproval) -> None:
    """The leader has said no, with the reason, and what can be done."""
    if approval.application is not None:
        text = _("%(name)s har sagt nej til dit praktikophold. Du kan vælge andre dage og spørge igen.")
    else:
        text = _("%(name)s har sagt nej. Du kan rette pladsen og spørge igen, spørge en anden leder eller trække den "
                 "tilbage.")  # fmt: skip
    _tell(approval, _("Din leder har sagt nej"), f"{text}\n\n»%(reason)s«")


def tell_delegated(approval: LeaderApproval) -> None:
    """Somebody else will answer."""
    _tell(
        approval,
        _("Din leder har sendt spørgsmålet videre"),
        _("%(name)s har bedt en anden leder om at svare."),
    )


def tell_expired(approval: LeaderApproval) -> None:
    """Nobody answered, which is no yes."""
    text = _("Lederen, vi spurgte den %(day)s, har ikke svaret, og linket er udløbet. Det tæller ikke som et ja. Tal "
             "med din leder, og spørg igen, eller spørg en anden leder.")  # fmt: skip
    _tell(approval, _("Din leder har ikke svaret"), text)


def _tell(approval: LeaderApproval, subject: str, text: str) -> None:
    told = {
        "name": approval.answered_by_name or _("Lederen"),
        "reason": approval.reason,
        "day": formats.date_format(timezone.localdate(approval.asked_at), "j. F"),
    }
    thing: Thing | None = approval.application or approval.offer
    assert thing is not None
    title = "" if isinstance(thing, Application) else f": »{thing.title}«"
    for person in _askers(thing):
        tell(to=person, event=EVENT, subject=f"{subject}{title}", text=text % told, url=_url(thing))


def _askers(thing: Thing) -> list[User]:
    """Who is told: the guest; of a place whoever wrote it and still speaks for the host, else all who do."""
    if isinstance(thing, Application):
        return [thing.guest]
    if thing.owner is None:
        return [thing.author] if thing.author else []
    if thing.author and speaks_for(thing.author, thing.owner):
        return [thing.author]
    return list(contacts_of(thing.owner)[:20])


def _url(thing: Thing) -> str:
    if isinstance(thing, Application):
        return reverse("practicum:application", args=[thing.uuid])
    return reverse("practicum:ask_leader", args=[thing.uuid])

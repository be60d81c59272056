"""Other days for a stay that is agreed on: both sign an agreement that names them, and the leader's yes covers them."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from editorial.clock import coi_today
from editorial.models.querysets import TransitionError
from practicum.choices import Answer, Reminder
from practicum.days import days_in_words, within
from practicum.models import Agreement, Stay
from practicum.staying.telling import tell_leader

ANEW = (Reminder.WEEK, Reminder.DAY)
"""What both are reminded of again, before the new days."""


def possible_days(stay: Stay) -> list[dt.date]:
    """The days that a stay can be moved to, in order, with the first and last day that it has."""
    today = coi_today()
    days = stay.application.possible_days if stay.application else []
    return sorted({stay.starts_on, stay.ends_on, *(day for day in days if day >= today)})


def why_not_on(stay: Stay, first: dt.date, last: dt.date) -> str:
    """Why a stay can't be moved to these days, in words; "" when it can."""
    if first < coi_today():
        return _("Den første dag er passeret.")
    number = _number(stay, first, last)
    yes = stay.application.approvals.filter(answer=Answer.YES) if stay.application else None
    if not number or yes is None or not yes.filter(first_day__lte=first, last_day__gte=last).exists():
        return _("Gæstens leder har ikke sagt ja til de dage.")
    if not yes.filter(first_day__lte=first, last_day__gte=last, days__gte=number).exists():
        most = max(yes.values_list("days", flat=True))
        return (
            ngettext(
                "Gæstens leder har sagt ja til højst %s dag.",
                "Gæstens leder har sagt ja til højst %s dage.",
                most,
            )
            % most
        )
    mine = Stay.objects.seated().filter(guest=stay.guest, starts_on__lte=last, ends_on__gte=first)
    if stay.guest_id and mine.exclude(pk=stay.pk).exists():
        return _("Gæsten har et andet ophold på de dage.")
    return ""


def move(stay: Stay, agreement: Agreement) -> str:
    """Put a stay on the days of an agreement that both have signed; returns a sentence for both, "" when it lies there.

    `stay` is locked. Calendars count on by the database. Raises TransitionError when the days can't be had any more.
    """
    if not agreement.moves(stay):
        return ""
    first, last = agreement.starts_on, agreement.ends_on
    assert first is not None and last is not None
    if refusal := why_not_on(stay, first, last):
        raise TransitionError(refusal + " " + _("Ret dagene i aftalen."))
    before = days_in_words(stay.starts_on, stay.ends_on)
    try:
        with transaction.atomic():
            Stay.objects.filter(pk=stay.pk).update(
                starts_on=first, ends_on=last, days=_number(stay, first, last)
            )
    except IntegrityError as error:
        raise TransitionError(_("Gæstens leder har ikke sagt ja til de dage.")) from error
    stay.reminders.filter(kind__in=ANEW).delete()
    stay.refresh_from_db()
    facts = {"title": stay.offer.title, "before": before, "when": stay.when}
    tell_leader(
        stay,
        subject=_("Opholdet er flyttet til andre dage: %(title)s") % facts,
        text=_(
            "Gæst og vært har aftalt %(when)s i stedet for %(before)s. Det er inden for de dage, du har sagt ja til."
        )
        % facts,
    )
    return _("Opholdet er flyttet fra %(before)s til %(when)s. Hent det til jeres kalender igen.") % facts


def _number(stay: Stay, first: dt.date, last: dt.date) -> int:
    """How many of the days that the guest can are from the first to the last."""
    return len(within(stay.application.possible_days, first, last)) if stay.application else 0

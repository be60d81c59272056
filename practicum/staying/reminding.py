"""What the job does for stays and requests. Each row is a transaction of its own: safe to run twice, at once, and
killed half-way."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from editorial.clock import CoiNow, coi_today
from practicum.choices import Reminder, Side, StayState
from practicum.direct import late
from practicum.direct.waiting import locked_offer, offer_next, with_someone_waiting
from practicum.models import Agreement, Stay, StayReminder
from practicum.staying import after
from practicum.staying.actions import days_until, expire, finish
from practicum.staying.telling import tell_both, tell_side

log = logging.getLogger(__name__)

AT_MOST = 500
"""Rows of each kind in one run; the next takes the others."""
AGREEMENT = dt.timedelta(days=14)
"""So long before the first day the two are reminded of the agreement."""
WEEK, DAY = dt.timedelta(days=7), dt.timedelta(days=1)
ANSWER = dt.timedelta(days=2)
"""So long before a seat goes on, who has not answered is reminded."""


def look_after() -> dict[str, int]:
    """All that the job does; how many of each."""
    over = Stay.objects.filter(state=StayState.AGREED, ends_on__lt=coi_today()).order_by("ends_on", "pk")
    late_holds = Stay.objects.filter(state=StayState.OFFERED, held_until__lte=CoiNow()).order_by("held_until")
    waited_for = with_someone_waiting().order_by("pk")
    return {
        "expired": _each(expire, late_holds.values_list("pk", flat=True)[:AT_MOST]),
        "offered": _each(_offer_on, waited_for.values_list("pk", flat=True)[:AT_MOST]),
        "finished": _each(finish, over.values_list("pk", flat=True)[:AT_MOST]),
        "late": _each(late.remind, late.late_requests(AT_MOST)),
        "reminded": sum(_each(_remind(kind), due(kind)[:AT_MOST]) for kind in Reminder),
        "asked": _each(after.ask_what_was_used, after.to_be_asked(AT_MOST)),
    }


def _each(one: Callable[[int], bool], keys: Iterable[int]) -> int:
    count = 0
    for pk in list(keys):
        try:
            count += one(pk)
        except Exception:  # the others are to be done; the next run tries this one again
            log.exception("Innovationspraktik: %s failed", getattr(one, "__name__", "a row"))
    return count


@transaction.atomic
def _offer_on(pk: int) -> bool:
    return offer_next(locked_offer(pk)) > 0


def due(kind: Reminder) -> list[int]:
    """Stays whose two are to be reminded of something, the next first."""
    today = coi_today()
    done = StayReminder.objects.filter(stay=OuterRef("pk"), kind=kind)
    signed = Agreement.objects.filter(
        stay=OuterRef("pk"), guest_signed_at__isnull=False, host_signed_at__isnull=False
    )
    agreed = Q(state=StayState.AGREED, starts_on__gt=today)
    conditions = {
        Reminder.ANSWER: Q(
            state=StayState.OFFERED, held_until__gt=CoiNow(), held_until__date__lte=today + ANSWER + DAY
        ),
        Reminder.AGREEMENT: agreed & Q(starts_on__lte=today + AGREEMENT) & ~Exists(signed),
        Reminder.WEEK: agreed & Q(starts_on__lte=today + WEEK, starts_on__gt=today + DAY),
        Reminder.DAY: agreed & Q(starts_on__lte=today + DAY),
    }
    rows = Stay.objects.filter(conditions[kind]).exclude(Exists(done)).order_by("starts_on", "pk")
    return list(rows.values_list("pk", flat=True)[:AT_MOST])


def _remind(kind: Reminder) -> Callable[[int], bool]:
    @transaction.atomic
    def remind(pk: int) -> bool:
        rows = Stay.objects.select_related("offer__owner", "guest", "guest_workplace")
        stay = rows.select_for_update(of=("self",)).get(pk=pk)
        if stay.state not in (StayState.OFFERED, StayState.AGREED):
            return False
        _row, is_new = StayReminder.objects.get_or_create(stay=stay, kind=kind)
        if is_new:
            _tell(stay, kind)
        return is_new

    return remind


def _tell(stay: Stay, kind: Reminder) -> None:
    title, days = stay.offer.title, days_until(stay, coi_today())
    soon = ngettext("om %s dag", "om %s dage", days) % days
    if kind == Reminder.ANSWER:
        assert stay.answer_by is not None
        text = _("Pladsen er holdt til og med %s. Sig ja eller nej, så andre kan få den, hvis du ikke kan.")
        text %= formats.date_format(stay.answer_by, "j. F Y")
        for side, answered in ((Side.GUEST, stay.guest_accepted_at), (Side.HOST, stay.host_accepted_at)):
            if answered is None:
                tell_side(stay, side, subject=_("Svar, før pladsen går videre: %s") % title, text=text)
    elif kind == Reminder.AGREEMENT:
        tell_both(
            stay,
            subject=_("Aftalen mangler: %s") % title,
            text=_("Opholdet begynder %s. Skriv, hvad I venter af hinanden, og godkend det begge to.") % soon,
            url=f"{stay.get_absolute_url()}aftale/",
        )
    elif kind == Reminder.WEEK:
        tell_both(
            stay,
            subject=_("Opholdet begynder %(soon)s: %(title)s") % {"soon": soon, "title": title},
            text=_("%s. Se aftalen igennem, og skriv til den anden, hvis noget har ændret sig.") % stay.when,
        )
    else:
        tell_both(
            stay,
            subject=_("Opholdet begynder i morgen: %s") % title,
            text=_("%s. På opholdets side står, hvem du skal spørge efter, og hvad I har aftalt.")
            % stay.when,
        )

"""Who owes an answer to a request: reminded after three working days, and then the centre is told."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from editorial.clock import coi_today
from editorial.working_days import working_days_between
from notices.events import Event
from notices.sending import tell_staff
from practicum.choices import SENT_APPLICATIONS, RequestState
from practicum.models import DirectRequest
from practicum.staying.telling import tell_guest, tell_hosts

REMIND, TELL_STAFF = 3, 7
"""Working days without an answer."""
REMINDED, STAFF_TOLD = 1, 2
"""What DirectRequest.reminders counts."""


def late_requests(limit: int) -> list[int]:
    """Requests that have waited so long that somebody may have to be told, the longest first."""
    since = timezone.now() - dt.timedelta(days=REMIND)
    rows = DirectRequest.objects.filter(
        state__in=(RequestState.SENT, RequestState.ASKED),
        application__state__in=SENT_APPLICATIONS,
        waits_from__lt=since,
        reminders__lt=STAFF_TOLD,
    )
    return list(rows.order_by(F("waits_from"), "pk").values_list("pk", flat=True)[:limit])


@transaction.atomic
def remind(pk: int) -> bool:
    """Remind who owes the answer, or tell the centre. True when somebody was told."""
    rows = DirectRequest.objects.select_related(
        "application__guest", "application__workplace", "offer__owner"
    )
    asked = rows.select_for_update(of=("self",), skip_locked=True).filter(pk=pk).first()
    if asked is None or asked.state not in (RequestState.SENT, RequestState.ASKED):
        return False
    waited = working_days_between(timezone.localdate(asked.waits_from), coi_today())
    facts = {"title": asked.offer.title, "workplace": asked.application.workplace.name, "n": waited}
    url = asked.get_absolute_url()
    if waited >= TELL_STAFF and asked.reminders < STAFF_TOLD:
        DirectRequest.objects.filter(pk=pk).update(reminders=STAFF_TOLD)
        who = _("Værten") if asked.state == RequestState.SENT else _("Gæsten")
        tell_staff(
            event=Event.STAFF,
            subject=_("Ingen har svaret i %(n)s arbejdsdage: %(title)s") % facts,
            text=_("%(who)s har ikke svaret på ansøgningen fra %(workplace)s og er mindet om det én gang.")
            % (facts | {"who": who}),
            url=url,
        )
        return True
    if waited < REMIND or asked.reminders >= REMINDED:
        return False
    DirectRequest.objects.filter(pk=pk).update(reminders=REMINDED)
    if asked.state == RequestState.SENT:
        tell_hosts(
            asked.offer, subject=_("En gæst venter på dit svar: %(title)s") % facts,
            text=_("En medarbejder fra %(workplace)s har ventet %(n)s arbejdsdage. Sig ja, sig nej, eller spørg.")
            % facts, url=url,
        )  # fmt: skip
    else:
        tell_guest(
            asked.application.guest, subject=_("Værten venter på dit svar: %(title)s") % facts,
            text=_("Værten spurgte dig om noget for %(n)s arbejdsdage siden.") % facts, url=url,
        )  # fmt: skip
    return True

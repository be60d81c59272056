"""How long what is told is kept."""

from __future__ import annotations

import datetime as dt

from django.db.models import F
from django.db.models.functions import Coalesce, Now

from notices.models import Mailing, Notice, OutgoingMail

NOTICES = dt.timedelta(days=365)
ADDRESSES = dt.timedelta(days=30)
GIVEN_UP = dt.timedelta(days=3)


def purge() -> None:
    """Delete notices after 12 months, addresses without account 30 days after sending, mail that waited too long.

    What waits after three days has lost its job (all attempts are over in two): a notice is shown to staff as failed,
    and a queued mail, whose link to a new password leads nowhere by now, is deleted.
    """
    Notice.objects.filter(created_at__lt=Now() - NOTICES).delete()
    Notice.objects.due_at_once().filter(created_at__lt=Now() - GIVEN_UP).update(
        state=Mailing.FAILED, last_error="Lost"
    )
    (
        Notice.objects.exclude(address="")
        .exclude(state=Mailing.WAITING)
        .annotate(since=Coalesce(F("sent_at"), F("created_at")))
        .filter(since__lt=Now() - ADDRESSES)
        .update(address="")
    )
    OutgoingMail.objects.filter(created_at__lt=Now() - GIVEN_UP).delete()

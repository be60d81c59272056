"""How long what is told is kept."""

from __future__ import annotations

import datetime as dt

from django.db.models import F
from django.db.models.functions import Coalesce, Now

from notices.models import Mailing, Notice, OutgoingMail

NOTICES = dt.timedelta(days=365)
ADDRESSES = dt.timedelta(days=30)
FAILED_MAIL = dt.timedelta(days=3)


def purge() -> None:
    """Delete notices after 12 months, addresses without account 30 days after sending, given-up mail after 3 days."""
    Notice.objects.filter(created_at__lt=Now() - NOTICES).delete()
    (
        Notice.objects.exclude(address="")
        .exclude(state=Mailing.WAITING)
        .annotate(since=Coalesce(F("sent_at"), F("created_at")))
        .filter(since__lt=Now() - ADDRESSES)
        .update(address="")
    )
    OutgoingMail.objects.filter(failed=True, created_at__lt=Now() - FAILED_MAIL).delete()

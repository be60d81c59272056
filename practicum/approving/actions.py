"""Asking a leader."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from accounts.models import User
from editorial.clock import coi_now
from notices import mail
from places.models import WorkplaceDomain
from places.permissions import domains_above
from practicum.models import Application, LeaderApproval

HOLDS = dt.timedelta(days=21)


@transaction.atomic
def ask_leader(*, thing: Application, email: str, by: User) -> LeaderApproval:
    """Ask a leader at the workplace about an application; an unanswered question before is replaced.

    Raises ValidationError for an address that is not the workplace's, or the asker's own.
    """
    email = email.strip().lower()
    if email == by.email.lower():
        raise ValidationError(_("Skriv din leders adresse, ikke din egen."))
    domains = WorkplaceDomain.objects.filter(workplace=thing.workplace)
    if not domains.filter(domain__in=domains_above(email.rpartition("@")[2])).exists():
        raise ValidationError(_("Adressen skal være på din arbejdsplads."))
    LeaderApproval.objects.filter(application=thing, answer="").delete()
    now = coi_now()
    approval = LeaderApproval.objects.create(
        application=thing, email=email, days=thing.days, first_day=min(thing.possible_days),
        last_day=max(thing.possible_days), asked_at=now, expires_at=now + HOLDS,
    )  # fmt: skip
    try:
        where = reverse("practicum:approval", args=[approval.code])
    except NoReverseMatch:
        where = "/"
    mail.queue(
        EmailMessage(
            subject=_("Må en medarbejder komme i innovationspraktik?"),
            body=settings.SITE_URL + where,
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[email],
            headers={"Auto-Submitted": "auto-generated"},
        )
    )
    return approval

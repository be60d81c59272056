"""Support without an account: a link by mail that is used once, and the address that is open in a browser.

The address itself stands only in the mail on its way (notices.models.OutgoingMail), which is deleted when it is sent.
The link carries its hash; the session keeps the number of the row.
"""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from ideastorm.models import Idea, Invitation, Storm, SupportAddress
from ideastorm.models.support import address_hash
from ideastorm.supporting.actions import has_account
from notices import mail
from notices.models import Suppression

SALT = "ideastorm.supporting"
SCOPE = "support-link"
"""Of guards.once, which remembers for longer than a link holds."""
HOLDS = dt.timedelta(days=3)
SESSION = "support-addresses"
AT_MOST = 10
"""Storms that a browser remembers an address of."""


@dataclass(frozen=True)
class Link:
    """What the link in the mail says."""

    hashed: str
    idea: str
    invitation: str
    nonce: str

    @property
    def token(self) -> str:
        """The link's secret part."""
        return signing.dumps([self.hashed, self.idea, self.invitation, self.nonce], salt=SALT)


def read(token: str) -> Link | None:
    """What a link says; None for one that is not ours, or older than three days."""
    try:
        return Link(*signing.loads(token, salt=SALT, max_age=HOLDS))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def send_link(*, idea: Idea, email: str, invitation: Invitation | None = None) -> None:
    """Mail the link that supports the idea; who has an account is asked to log in instead. Says nothing to the page.

    An address that a mail server has refused for good gets none.
    """
    if Suppression.objects.covers(email.strip().lower(), refused_only=True):
        return
    link = Link(
        address_hash(idea.storm, email), str(idea.uuid), str(invitation.uuid) if invitation else "",
        secrets.token_urlsafe(12),
    )  # fmt: skip
    known = has_account(email)
    where = idea.get_absolute_url() if known else reverse("ideastorm:support_confirm", args=[link.token])
    body = render_to_string(
        "ideastorm/supporting/mail.txt",
        {"idea": idea, "has_account": known, "link": settings.SITE_URL + where},
    )
    mail.queue(
        EmailMessage(
            subject=" ".join((_("Støt ideen »%s«") % idea.title).split())[:200],
            body=body,
            from_email=settings.DEFAULT_FROM_EMAIL,
            to=[email.strip()],
            headers={"Auto-Submitted": "auto-generated"},
        )
    )


def remember(request: HttpRequest, address: SupportAddress, storm: Storm) -> None:
    """Keep the address open in this browser, for this storm."""
    kept = {**request.session.get(SESSION, {}), str(storm.uuid): address.pk}
    request.session[SESSION] = dict(list(kept.items())[-AT_MOST:])


def current(request: HttpRequest, storm: Storm) -> SupportAddress | None:
    """The confirmed address that is open here for the storm; not for who is logged in."""
    if request.user.is_authenticated or SESSION not in request.session:
        return None
    key = request.session[SESSION].get(str(storm.uuid))
    return SupportAddress.objects.filter(pk=key, storm=storm, confirmed_at__isnull=False).first()

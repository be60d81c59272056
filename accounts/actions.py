"""What an administrator does to somebody's account: each is logged."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.staff_admin import log_action


@transaction.atomic
def end_sessions(*, user: User, by: Any) -> int:
    """Log `user` out everywhere; returns in how many places."""
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    log_action(by, user, _("Logget ud"), _("%(n)s steder") % {"n": len(sessions)}, _("ingen steder"))
    return len(sessions)


@transaction.atomic
def remove_second_steps(*, user: User, by: Any, request: HttpRequest) -> int:
    """Remove all apps, keys and recovery codes of `user`, log them out, and tell them; returns how many went."""
    found = list(Authenticator.objects.select_for_update().filter(user=user))
    if not found:
        return 0
    names = ", ".join(sorted({str(one.get_type_display()) for one in found}))
    count: int = sum(one.type != Authenticator.Type.RECOVERY_CODES for one in found)
    Authenticator.objects.filter(pk__in=[one.pk for one in found]).delete()
    end_sessions(user=user, by=by)
    log_action(by, user, _("Totrinslogin"), names, _("fjernet"))
    after_commit(
        request, lambda: get_adapter(request).send_notification_mail("mfa/email/removed_by_staff", user)
    )
    return count


def after_commit(request: HttpRequest, send: Callable[[], Any]) -> None:
    """Send a letter of allauth's once what it tells of is stored; it reads the portal's address off `request`."""

    def act() -> None:
        with context.request_context(request):
            send()

    transaction.on_commit(act)

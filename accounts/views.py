"""Pages of the account: django-allauth's, with our limits; and the few that we answer in another way."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account import views as account
from allauth.account.internal.stagekit import unstash_login
from allauth.mfa.base import views as mfa
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from allauth.usersessions.models import UserSession
from csp.decorators import csp_update
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts import broker
from accounts.limits import give_back, limit
from accounts.ways import LONGEST

View = Callable[..., HttpResponseBase]
TARGETS = ("login", "email")
"""Fields that name the account somebody tries at."""


def target_of(request: HttpRequest) -> str:
    """Whose account a POST is about: the address that was typed, or that of a log-in waiting for its second step.

    Never more than what the visitor gave themselves; who is logged in is counted by guards.
    """
    typed = next((request.POST[field] for field in TARGETS if request.POST.get(field)), "")
    if not typed and not request.user.is_authenticated:
        waiting = unstash_login(request, peek=True)
        typed = waiting.user.email if waiting and waiting.user else ""
    return typed.strip().lower()[:254]


def knows_somebody(request: HttpRequest) -> bool:
    """Whether the first step of a log-in has succeeded; the second one has a limit of its own."""
    if request.user.is_authenticated:
        return True
    waiting = unstash_login(request, peek=True)
    return bool(waiting and waiting.user and not waiting.signup)


def counted(name: str, view: Any) -> View:
    """Count POSTs to a view against the limit called `name`: by account, address and the e-mail that was typed."""

    @never_cache
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method == "POST":
            target = target_of(request)
            limit(request, name, target=target)
            response: HttpResponseBase = view(request, *args, **kwargs)
            if name == "login" and response.status_code == 302 and knows_somebody(request):
                give_back(request, name, target=target)
            return response
        plain: HttpResponseBase = view(request, *args, **kwargs)
        return plain

    return answer


def for_broker(view: Any) -> View:
    """Answer 404 where no broker is set up (OIDC_SERVER_URL)."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.SOCIALACCOUNT_PROVIDERS[broker.PROVIDER].get("APPS"):
            raise Http404
        response: HttpResponseBase = view(request, *args, **kwargs)
        return response

    return answer


login = counted("login", account.login)
signup = counted("signup", account.signup)
reauthenticate = counted("second-step", account.reauthenticate)
password_change = counted("second-step", account.password_change)
password_set = counted("second-step", account.password_set)
password_reset = counted("reset", account.password_reset)
password_reset_from_key = counted("login", account.password_reset_from_key)
mfa_authenticate = counted("second-step", mfa.authenticate)
mfa_reauthenticate = counted("second-step", mfa.reauthenticate)
webauthn_login = counted("login", webauthn.login_webauthn)
webauthn_reauthenticate = counted("second-step", webauthn.reauthenticate_webauthn)
social_signup = for_broker(counted("signup", social.signup))
social_connections = for_broker(social.connections)
social_cancelled = for_broker(social.login_cancelled)
social_error = for_broker(social.login_error)
broker_login = for_broker(counted("login", broker.login))
broker_callback = for_broker(broker.callback)
# The code to scan is a picture within the page; only this page may show one.
activate_totp = csp_update({"img-src": ["data:"]})(counted("second-step", totp.activate_totp))


def _email(request: HttpRequest) -> HttpResponseBase:
    """The account's addresses.

    An address that somebody else logs in with, though they never confirmed it, cannot become the one to log in with.
    """
    try:
        with transaction.atomic():
            response: HttpResponseBase = account.email(request)
            return response
    except IntegrityError:
        messages.error(
            request,
            _("Adressen bruges også af en anden konto. Skriv til %(email)s, så hjælper vi.")
            % {"email": settings.CONTACT_EMAIL},
        )
        return redirect("account_email")


email = counted("confirm", _email)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sessions(request: HttpRequest) -> HttpResponse:
    """Where the account is logged in. POST ends one of them (`session`), or all but this one."""
    mine = UserSession.objects.filter(user_id=request.user.pk).order_by("-created_at")
    current = request.session.session_key
    if request.method == "POST":
        chosen = request.POST.get("session")
        found = mine.exclude(session_key=current)
        if chosen is not None:
            found = found.filter(pk=chosen) if chosen.isdecimal() and len(chosen) < 18 else found.none()
        count = 0
        for session in found:
            session.end()
            count += 1
        messages.success(
            request,
            ngettext("Du er logget ud ét sted.", "Du er logget ud %(n)s steder.", count) % {"n": count}
            if count
            else _("Der var ikke noget at logge ud af."),
        )
        return redirect("usersessions_list")
    alive = [session for session in mine[:200] if session.session_key == current or session.exists()]
    return render(request, "usersessions/usersession_list.html", {"sessions": alive, "current_key": current})


def staff_login(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """The administration's log-in is everybody's; who is logged in but not staff is told so (403)."""
    if request.user.is_authenticated:
        if request.user.is_active and getattr(request.user, "is_staff", False):
            return redirect("admin:index")
        raise PermissionDenied
    way_on = request.GET.get("next") or reverse("admin:index")
    if len(way_on) > LONGEST:
        way_on = way_on.partition("?")[0]
    if len(way_on) > LONGEST:
        way_on = reverse("admin:index")
    return redirect(f"{reverse('account_login')}?{urlencode({'next': way_on})}")

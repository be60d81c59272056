"""Staff come into the administration with two steps or not at all; who was logged out meanwhile loses no text."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _

from accounts.ways import LONGEST, short_path
from guards.middleware import typed

log = logging.getLogger(__name__)

Handler = Callable[[HttpRequest], HttpResponse]


def used_second_step(request: HttpRequest) -> bool:
    """Whether this session's log-in used an app, a key or a recovery code of this user."""
    user: Any = request.user
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, user))


class StaffUseTwoSteps:
    """Leads staff without a second step away from every address of the administration (STAFF_MFA_REQUIRED).

    Who has none makes one; who has one but came in without it uses it now.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, or lead to the page that helps."""
        return self._stopped(request) or self.get_response(request)

    def _stopped(self, request: HttpRequest) -> HttpResponse | None:
        root = reverse("admin:index")
        if not settings.STAFF_MFA_REQUIRED or not request.path_info.startswith(root):
            return None
        if request.path_info in (reverse("admin:login"), reverse("admin:logout")):
            return None
        user: Any = request.user
        if not (user.is_authenticated and user.is_staff):
            return None
        kinds = set(Authenticator.objects.filter(user=user).values_list("type", flat=True))
        kinds.discard(Authenticator.Type.RECOVERY_CODES)
        if kinds and used_second_step(request):
            return None
        if not kinds:
            messages.warning(
                request,
                _(
                    "Administrationen kræver totrinslogin, fordi redaktionen kan se det, som borgere og kolleger har "
                    "skrevet. Tilføj en app eller en adgangsnøgle her, og åbn administrationen igen."
                ),
            )
            return redirect("mfa_index")
        messages.warning(
            request, _("Administrationen kræver totrinslogin. Brug din app, en nødkode eller din nøgle.")
        )
        name = "mfa_reauthenticate" if Authenticator.Type.TOTP in kinds else "mfa_reauthenticate_webauthn"
        way_on = short_path(request) if request.method in ("GET", "HEAD") else root
        return redirect(f"{reverse(name)}?{urlencode({'next': way_on})}")


class LastSeen:
    """Notes when a log-in was last in use, for the list of where one is logged in: one UPDATE in ten minutes at most.

    allauth's own middleware writes at every request. When this process last wrote stands in its memory: another one may
    write as well, and nothing is read to know it.
    """

    EVERY = 600
    MOST = 10_000
    """So many log-ins are remembered; then all are forgotten, and written once more."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self._written: dict[str, float] = {}

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, and note it afterwards."""
        response = self.get_response(request)
        # Django keeps the user here once somebody has asked; a page that asked nobody is not slowed down.
        user: Any = getattr(request, "_cached_user", None)
        key = request.session.session_key if user is not None and user.is_authenticated else None
        now = time.time()
        if key is None or (user.last_login and now - user.last_login.timestamp() < self.EVERY):
            return response
        if now - self._written.get(key, 0) >= self.EVERY:
            if len(self._written) >= self.MOST:
                self._written.clear()
            self._written[key] = now
            try:
                UserSession.objects.filter(session_key=key, user=user).update(last_seen_at=timezone.now())
            except DatabaseError:  # the page is made; when somebody was last seen is not worth an error
                log.exception("the time of a log-in was not noted")
        return response


class LoggedOutMeanwhile:
    """Answers a form that was sent after its log-in had run out.

    A page that asks for a log-in would lead back to the form's own address, which may take POST only, and what was
    typed would be gone. So the log-in leads back to the page that the form stood on; and where more than a word or two
    was typed, a page shows it first, to be copied.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on, and look at the answer."""
        response = self.get_response(request)
        if request.method != "POST" or response.status_code != 302 or request.user.is_authenticated:
            return response
        asked = urlsplit(response["Location"])
        if asked.path not in (reverse("account_login"), reverse("admin:login")):
            return response
        if parse_qs(asked.query).get("next", [""])[0].partition("?")[0] != request.path:
            return response  # not a page that asks for a log-in: a log-in's own answer
        login = f"{asked.path}?{urlencode({'next': self._page_of_the_form(request)})}"
        texts = typed(request) if "text/html" in request.headers.get("Accept", "") else []
        if not texts or request.headers.get("HX-Request"):
            response["Location"] = login
            return response
        answer = render(request, "logged_out.html", {"typed": texts, "login": login}, status=403)
        answer["Cache-Control"] = "no-store"
        return answer

    @staticmethod
    def _page_of_the_form(request: HttpRequest) -> str:
        """The page of ours that the form was sent from, as the browser says; else the form's own address."""
        page = request.headers.get("Referer", "")
        if not url_has_allowed_host_and_scheme(
            page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        ):
            return short_path(request)
        found = urlsplit(page)
        whole = f"{found.path}?{found.query}" if found.query else found.path
        return whole if len(whole) <= LONGEST else found.path[:LONGEST]

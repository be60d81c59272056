"""Staff come into the administration with two steps or not at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.ways import short_path

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

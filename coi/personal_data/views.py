"""/min-side/mine-data/ and /min-side/slet-konto/: what the portal has about me, and an end to it.

Context of the templates:
  my_data.html         tables (the register)
  delete_account.html  form, goes (counts), is_staff
  account_deleted.html former
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from allauth.account.decorators import reauthentication_required
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from coi.models import FormerUser
from coi.personal_data.erasing import LastAdministratorError, erase, what_goes
from coi.personal_data.exporting import as_zip
from coi.personal_data.forms import DeleteAccountForm
from coi.personal_data.register import TABLES
from guards.ratelimits import limited

View = Callable[[HttpRequest], HttpResponseBase]


def proved_again(view: View) -> View:
    """What is asked for by POST asks first for the password (or key, or code), unless it was given just now."""
    strict: View = reauthentication_required(view)

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponseBase:
        return strict(request) if request.method == "POST" else view(request)

    return answer


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@proved_again
@limited("export")
def my_data(request: HttpRequest) -> HttpResponseBase:
    """Say what the portal keeps about me; POST gives all of it in one file."""
    if request.method != "POST":
        return render(request, "coi/my_data.html", {"tables": [t for t in TABLES if t.export]})
    name = f"mine-data-{timezone.localdate():%Y-%m-%d}.zip"
    response = FileResponse(
        as_zip(_me(request)), as_attachment=True, filename=name, content_type="application/zip"
    )
    response["Content-Encoding"] = "identity"  # it is packed already
    response["X-Content-Type-Options"] = "nosniff"
    return response


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@proved_again
@limited("erase")
def delete_account(request: HttpRequest) -> HttpResponse:
    """Say what goes and what stays; POST with the address typed erases the account."""
    user = _me(request)
    form = DeleteAccountForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            former = erase(user=user)
        except LastAdministratorError as error:
            form.add_error(None, error)
        else:
            logout(request)
            if former:
                request.session["former"] = former.pseudonym
                request.session.set_expiry(600)
            return redirect("account_deleted")
    return render(
        request, "coi/delete_account.html", {"form": form, "goes": what_goes(user), "is_staff": user.is_staff}
    )


@never_cache
@require_safe
def account_deleted(request: HttpRequest) -> HttpResponse:
    """It is done; with the pseudonym, which nobody can find again later."""
    pseudonym = request.session.get("former", "")
    former = FormerUser.objects.filter(pseudonym=pseudonym).first() if pseudonym else None
    return render(request, "coi/account_deleted.html", {"former": former})

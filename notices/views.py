"""My notices, how often I want them by mail, and the link in a mail that switches one kind off.

Context of the templates:
  inbox.html        page (of notices), unread (how many)
  preferences.html  form
  unsubscribe.html  what (the kind in words), done, token, has_account
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import User
from notices import preferences as choices
from notices import tokens
from notices.events import Event, Frequency
from notices.forms import PreferencesForm
from notices.models import Notice

PER_PAGE = 20


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def inbox(request: HttpRequest) -> HttpResponse:
    """My notices, newest first; POST marks all as read."""
    mine = Notice.objects.of(_me(request))
    if request.method == "POST":
        if mine.mark_read():
            messages.success(request, _("Alle dine beskeder står nu som læst."))
        return redirect("notices:inbox")
    paginator = Paginator(mine, PER_PAGE)
    page = paginator.get_page(request.GET.get("side"))
    unread = Notice.objects.unread_for(_me(request)).count()
    return render(request, "notices/inbox.html", {"page": page, "unread": unread})


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """POST marks one of my notices as read, and leads to what it is about if asked to. GET leads to the list."""
    mine = get_object_or_404(Notice.objects.of(_me(request)), uuid=uuid)
    if request.method != "POST":
        return redirect("notices:inbox")
    Notice.objects.filter(pk=mine.pk).mark_read()
    return redirect(mine.url if mine.url and "open" in request.POST else _back(request))


def _back(request: HttpRequest) -> str:
    """The page of the list that was left."""
    number = request.POST.get("side", "")
    page = f"?side={number}" if number.isascii() and number.isdigit() and len(number) < 7 else ""
    return reverse("notices:inbox") + page


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request: HttpRequest) -> HttpResponse:
    """How often I want mail of each kind; one button switches all of it off."""
    user = _me(request)
    if request.method == "POST" and "off" in request.POST:
        choices.switch_all_off(user=user)
        messages.success(
            request, _("Alle mails er slået fra. Du kan stadig læse dine beskeder her på portalen.")
        )
        return redirect("notices:preferences")
    form = PreferencesForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        choices.choose(user=user, frequencies=form.frequencies())
        messages.success(request, _("Dine valg er gemt."))
        return redirect("notices:preferences")
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "notices/preferences.html", {"form": form}, status=status)


def _what(said: tokens.Unsubscription) -> str:
    """What a link switches off, in words."""
    if said.user_key is None:
        return _("mails fra portalen til din adresse")
    if said.what == Frequency.DAILY:
        return _("den samlede mail hver dag")
    if said.what == Frequency.WEEKLY:
        return _("den samlede mail hver mandag")
    return _("mails om »%s«") % Event(said.what).label


@csrf_exempt  # mail programs post here without a cookie (RFC 8058); what may be done stands in the signed token
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Say no thanks to one kind of mail. GET asks, POST does; no log-in, for the link came by mail."""
    said = tokens.read(token)
    if said is None:
        raise Http404
    done = request.method == "POST"
    if done and not choices.unsubscribe(said):
        raise Http404
    context = {"what": _what(said), "done": done, "has_account": said.user_key is not None}
    return render(request, "notices/unsubscribe.html", context)

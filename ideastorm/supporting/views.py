"""Pages that support an idea and take it back.

Context of the templates (templates/ideastorm/supporting/):
  support.html   idea, storm, button, form (or None), why (a sentence, when it can't be supported), sent
  confirm.html   idea, storm, link (the token), why
"""

from __future__ import annotations

import dataclasses

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guards import once
from guards.ratelimits import limit
from ideastorm.choices import Access
from ideastorm.models import Idea, Invitation, Storm
from ideastorm.models.support import mailbox
from ideastorm.permissions import Visitor, can_support, can_take_part, can_view_idea
from ideastorm.supporting import addresses
from ideastorm.supporting.actions import (
    confirm_address,
    give_support,
    is_open_for_support,
    take_back,
    why_not,
)
from ideastorm.supporting.buttons import buttons
from ideastorm.supporting.forms import AddressForm

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


def find_idea(request: HttpRequest, storm: str, slug: str) -> tuple[Idea, Visitor]:
    """The idea at an address, with the storm's phase, and who asks; 404 for what the visitor may not see."""
    idea = Idea.objects.with_page().filter(slug=slug, storm__slug=storm).first()
    if idea is None:
        raise Http404
    idea.storm = Storm.objects.with_phase().get(pk=idea.storm_id)
    visitor = Visitor.of(request, idea.storm)
    if not can_view_idea(visitor, idea):
        raise Http404
    return idea, visitor


@GET_POST
@never_cache
def support(request: HttpRequest, storm: str, slug: str) -> HttpResponse:
    """Support an idea: one click for who is known here; others write an address, or log in first."""
    idea, visitor = find_idea(request, storm, slug)
    needs_account = idea.storm.access in (Access.ACCOUNTS, Access.EMPLOYEES)
    if visitor.account is None and needs_account and is_open_for_support(idea.storm):
        return redirect_to_login(request.path)
    if is_open_for_support(idea.storm) and not can_take_part(visitor, idea.storm):
        raise PermissionDenied
    if not can_support(visitor, idea):
        late = request.method == "POST" and not is_open_for_support(idea.storm)
        return _page(request, idea, visitor, why=why_not(visitor, idea), status=422 if late else 403)
    address = None if visitor.account else addresses.current(request, idea.storm)
    if visitor.account is None and address is None:
        return _ask(request, idea, visitor)
    if request.method != "POST":
        return _page(request, idea, visitor)
    limit(request, "support")
    try:
        given = give_support(idea=idea, visitor=visitor, address=address)
    except ValidationError as error:
        return _page(request, idea, visitor, why=" ".join(error.messages), status=422)
    text = _("Du støtter »%s«.") if given else _("Du støtter allerede »%s«.")
    messages.success(request, text % idea.title)
    return redirect(_back(request, idea))


def _ask(request: HttpRequest, idea: Idea, visitor: Visitor) -> HttpResponse:
    """Ask for an address, and mail it a link. The answer is the same whatever the address is."""
    form = AddressForm(request.POST or None) if request.method == "POST" else AddressForm()
    if request.method == "POST" and "email" not in request.POST:
        form = AddressForm()  # the click on a button of somebody whose session is over
        return _page(request, idea, visitor, form=form)
    if form.is_bound:
        if form.is_valid():
            email = form.cleaned_data["email"]
            limit(request, "support-mail", target=mailbox(email), form=form)
            addresses.send_link(idea=idea, email=email, invitation=visitor.invitation)
            return redirect(reverse("ideastorm:support_sent", args=[idea.storm.slug, idea.slug]))
        return _page(request, idea, visitor, form=form, status=422)
    return _page(request, idea, visitor, form=form)


@require_safe
@never_cache
def sent(request: HttpRequest, storm: str, slug: str) -> HttpResponse:
    """A mail is on its way, and what to do with it."""
    idea, visitor = find_idea(request, storm, slug)
    return _page(request, idea, visitor, sent=True)


@require_POST
@never_cache
def unsupport(request: HttpRequest, storm: str, slug: str) -> HttpResponse:
    """Take one's support back. Twice is once."""
    idea, visitor = find_idea(request, storm, slug)
    limit(request, "support")
    address = None if visitor.account else addresses.current(request, idea.storm)
    if visitor.account is None and address is None:
        return redirect(reverse("ideastorm:support", args=[idea.storm.slug, idea.slug]))
    try:
        gone = take_back(idea=idea, user=visitor.account, address=address)
    except ValidationError as error:
        return _page(request, idea, visitor, why=" ".join(error.messages), status=422)
    if gone:
        messages.success(request, _("Du støtter ikke »%s« mere.") % idea.title)
    return redirect(_back(request, idea))


@GET_POST
@never_cache
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link in the mail. Opening it shows a button, because mail programs open links by themselves."""
    limit(request, "support")
    link = addresses.read(token)
    idea = Idea.objects.with_page().filter(uuid=link.idea).first() if link else None
    if link is None or idea is None or not (idea.is_public and idea.storm.is_public):
        raise Http404
    idea.storm = Storm.objects.with_phase().get(pk=idea.storm_id)
    visitor = Visitor.of(request)
    if link.invitation:
        invited = Invitation.objects.valid().filter(storm=idea.storm, uuid=link.invitation).first()
        visitor = dataclasses.replace(visitor, invitation=invited)
    context = {"idea": idea, "storm": idea.storm, "link": token}
    if request.method != "POST":
        return render(request, "ideastorm/supporting/confirm.html", context)
    try:
        with transaction.atomic():
            if once.first(link.nonce, addresses.SCOPE) is not None:
                return _used(request, idea, context)
            if visitor.account is not None:  # who has logged in meanwhile is known better than by an address
                address, given = None, give_support(idea=idea, visitor=visitor)
            else:
                address, given = confirm_address(idea=idea, visitor=visitor, hashed=link.hashed)
    except ValidationError as error:
        return render(
            request,
            "ideastorm/supporting/confirm.html",
            context | {"why": " ".join(error.messages)},
            status=422,
        )
    if address is not None:
        addresses.remember(request, address, idea.storm)
    text = (
        _("Du støtter »%s«.") if given else _("Du støtter allerede »%s«. Du kan trække støtten tilbage her.")
    )
    messages.success(request, text % idea.title)
    return redirect(idea.get_absolute_url())


def _used(request: HttpRequest, idea: Idea, context: dict[str, object]) -> HttpResponse:
    """A link works once; a double click in the browser where it was used leads to the idea."""
    if addresses.current(request, idea.storm) is not None:
        return redirect(idea.get_absolute_url())
    why = _("Linket er brugt. Det virker kun én gang. Du kan få et nyt på ideens side.")
    return render(request, "ideastorm/supporting/confirm.html", context | {"why": why}, status=422)


def _back(request: HttpRequest, idea: Idea) -> str:
    """To the list that the click came from, at the idea; else to the idea's page."""
    to = request.POST.get("next", "")
    if to.startswith("/") and url_has_allowed_host_and_scheme(to, allowed_hosts=None):
        return to
    return idea.get_absolute_url()


def _page(
    request: HttpRequest,
    idea: Idea,
    visitor: Visitor,
    *,
    form: AddressForm | None = None,
    why: str = "",
    sent: bool = False,
    status: int = 200,
) -> HttpResponse:
    found = buttons(request, [idea], storm=idea.storm, visitor=visitor)
    context = {
        "idea": idea,
        "storm": idea.storm,
        "button": found.get(idea.pk, ""),
        "form": form,
        "why": why,
        "sent": sent,
    }
    return render(request, "ideastorm/supporting/support.html", context, status=status)

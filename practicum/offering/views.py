"""Pages on which those who speak for a workplace offer a place. The steps themselves are editorial.proposals'.

Context of the templates (templates/practicum/offering/):
  start.html   form or None, allowed, confirmed, hosts, drafts [(draft, address)], earlier (places to offer again),
               round (open for hosts, or None)
"""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.addresses import verified_addresses
from accounts.models import User
from editorial.choices import READABLE, Kind, State
from editorial.permissions import can_propose
from editorial.proposals import sending_views as sending
from editorial.proposals.views import signed_in, user_of
from guards import once
from guards.ratelimits import limited
from places.permissions import workplaces_of
from practicum.models import Offer
from practicum.offering.actions import begin_offer, copy_offer, open_round
from practicum.offering.entries import suggested
from practicum.offering.forms import BeginForm
from practicum.permissions import can_edit_offer, is_host

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
KINDS = (Kind.OFFER,)
SHOWN = 10
"""Drafts, and earlier places, that the page names."""
HOSTS = 50


@GET_POST
@limited("proposal")
@never_cache
def start(request: HttpRequest) -> HttpResponseBase:
    """Choose the host and begin, or offer an earlier place again. Who speaks for none reads how one comes to."""
    if not request.user.is_authenticated:
        messages.info(
            request,
            _("Log ind for at slå en praktikplads op. Det gør den, der er kontaktperson for arbejdspladsen."),
        )
        return redirect_to_login(request.get_full_path())
    user, allowed = user_of(request), can_propose(request.user)
    hosts = list(workplaces_of(user).filter(closed_on__isnull=True).order_by("sort_key", "pk")[:HOSTS])
    if request.method == "POST" and not (allowed and hosts):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    form = BeginForm(data, hosts=hosts, initial=request.GET.get("arbejdsplads", "")) if hosts else None
    if form is not None and form.is_bound and form.is_valid():
        return redirect(_begun(form, user))
    drafts = Offer.objects.filter(author=user, state=State.DRAFT).order_by("-updated_at", "-pk")[:SHOWN]
    row = open_round()
    earlier = Offer.objects.filter(owner__in=hosts, state__in=READABLE).select_related("owner", "round")
    if row is not None:
        earlier = earlier.exclude(round=row)
    context = {
        "form": form,
        "allowed": allowed,
        "confirmed": bool(verified_addresses(user)),
        "drafts": [(draft, reverse("practicum:proposal_resume", args=[draft.uuid])) for draft in drafts],
        "earlier": earlier.order_by("-published_at", "-pk")[:SHOWN],
        "round": row,
    }
    status = 422 if form is not None and form.is_bound else 200
    return render(request, "practicum/offering/start.html", context, status=status)


def _begun(form: BeginForm, user: User) -> str:
    """The first step of a draft that is made now, once."""
    token, scope = form.cleaned_data["once"], f"offer:{user.key}"
    with transaction.atomic():
        if (address := once.first(token, scope)) is None:
            offer = begin_offer(owner=form.chosen, by=user)
            address = reverse("practicum:proposal_resume", args=[offer.uuid])
            once.done(token, scope, address)
    return address


@require_POST
@limited("proposal")
@never_cache
@signed_in
def copy(request: HttpRequest, uuid: UUID) -> HttpResponseBase:
    """Offer an earlier place again. Another's that is not public is 404."""
    user = user_of(request)
    offer = Offer.objects.select_related("owner").filter(uuid=uuid).first()
    if offer is None or not (offer.is_public or is_host(user, offer)):
        raise Http404
    if not (is_host(user, offer) and can_propose(user)):
        raise PermissionDenied
    try:
        draft = copy_offer(offer=offer, by=user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("practicum:offer_new")
    if draft.state == State.DRAFT:
        messages.info(
            request, _("Her er en kladde med det fra sidst. Se efter, om dage og antal stadig passer.")
        )
    return redirect("practicum:proposal_resume", draft.uuid)


@GET_POST
@never_cache
@signed_in
def edit(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Begin or go on with a change of a public place; only who speaks for the host."""
    _only_hosts(request, slug)
    return sending.edit(request, slug, kinds=KINDS)


@GET_POST
@never_cache
@signed_in
def withdraw(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Ask the editors to take a place off; only who speaks for the host."""
    _only_hosts(request, slug)
    return sending.withdraw(request, slug, kinds=KINDS)


def _only_hosts(request: HttpRequest, slug: str) -> None:
    offer = Offer.objects.readable().select_related("owner").filter(slug=slug).first()
    if offer is None:
        raise Http404
    if not can_edit_offer(request.user, offer):
        raise PermissionDenied


@require_safe
@never_cache
@signed_in
def entry_names(request: HttpRequest) -> HttpResponse:
    """Titles of public entries that hold what has been typed so far."""
    return JsonResponse({"forslag": suggested(request.GET.get("q", ""))})

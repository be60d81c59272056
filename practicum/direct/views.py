"""Pages of a seat that is agreed on directly: ask, and the request's page for guest, host and editors.

Context of the templates (templates/practicum/direct/):
  ask.html      offer, form, free: free seats, already: the open request, or None
  request.html  asked: the request, offer, application, is_guest, is_host, may_read (the application's
                text), place, days, thread, stay, and the forms accept, decline, message, withdraw (each or None)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from guards import once
from guards.ratelimits import limit
from practicum.choices import OPEN_REQUESTS, SENT_APPLICATIONS, RequestState, SeatWay, Side
from practicum.direct import actions
from practicum.direct.forms import AcceptForm, AskForm, DeclineForm, MessageForm, PlainForm
from practicum.direct.waiting import days_of, free_seats, place_in_list
from practicum.models import DirectRequest, Offer, Stay
from practicum.permissions import (
    can_answer_request,
    can_apply,
    can_view_application,
    can_view_offer,
    is_editor,
    is_guest,
    is_host,
)

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@GET_POST
@never_cache
@login_required
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask a host for a seat, with an application that is ready."""
    user = _user(request)
    offer = Offer.objects.select_related("owner", "round").filter(slug=slug).first()
    if offer is None or not can_view_offer(user, offer):
        raise Http404
    if not can_apply(user, offer) or not offer.seats.filter(way=SeatWay.DIRECT).exists():
        raise PermissionDenied
    already = DirectRequest.objects.filter(
        offer=offer, application__guest=user, state__in=OPEN_REQUESTS
    ).first()
    form = AskForm(request.POST if request.method == "POST" else None, offer=offer, by=user)
    context = {"offer": offer, "form": form, "free": free_seats(offer).count(), "already": already}
    if not form.is_bound:
        return render(request, "practicum/direct/ask.html", context)
    limit(request, "practicum-ask", form=form)
    if form.is_valid():
        token, scope = form.cleaned_data["once"], f"practicum-ask:{offer.uuid}:{user.key}"
        try:
            with transaction.atomic():
                if (before := once.first(token, scope)) is not None:
                    return once.again(request, before)
                asked = actions.ask_for_seat(
                    offer=offer, application=form.cleaned_data["application"], text=form.cleaned_data["text"]
                )
                once.done(token, scope, asked.get_absolute_url())
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(request, _("Værten har fået din ansøgning."))
            return redirect(asked.get_absolute_url())
    return render(request, "practicum/direct/ask.html", context, status=422)


# -- a request ------------------------------------------------------------------


def _find(request: HttpRequest, uuid: UUID) -> DirectRequest:
    """The request, for its guest, the host once the leader has said yes, and editors; else 404."""
    rows = DirectRequest.objects.select_related(
        "application__guest", "application__workplace", "offer__owner", "offer__round"
    )
    found = rows.filter(uuid=uuid).first()
    if found is None:
        raise Http404
    user = _user(request)
    was_sent = found.application.state in SENT_APPLICATIONS or found.state not in OPEN_REQUESTS
    if not (
        is_guest(user, found.application) or is_editor(user) or (was_sent and is_host(user, found.offer))
    ):
        raise Http404
    return found


def _show(
    request: HttpRequest, asked: DirectRequest, bound: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    user = _user(request)
    guest, host = is_guest(user, asked.application), can_answer_request(user, asked)
    can_answer = host and asked.state in actions.UNANSWERED
    offered: dict[str, Callable[[], forms.Form] | None] = {
        "accept": (lambda: AcceptForm(request=asked)) if can_answer else None,
        "decline": DeclineForm if can_answer else None,
        "message": MessageForm if asked.state in OPEN_REQUESTS and (guest or host) else None,
        "withdraw": PlainForm if guest and asked.state in actions.UNANSWERED else None,
    }
    kinds = {AcceptForm: "accept", DeclineForm: "decline", MessageForm: "message", PlainForm: "withdraw"}
    chosen = kinds[type(bound)] if bound is not None else ""
    context: dict[str, Any] = {
        name: bound if name == chosen else make() if make else None for name, make in offered.items()
    }
    context |= {
        "bound": bound,
        "asked": asked,
        "offer": asked.offer,
        "application": asked.application,
        "is_guest": guest,
        "may_read": can_view_application(user, asked.application),
        "is_host": is_host(user, asked.offer),
        "place": place_in_list(asked) if asked.state == RequestState.WAITING else None,
        "days": days_of(asked),
        "thread": asked.messages.all()[: actions.MESSAGES],
        "stay": Stay.objects.filter(offer=asked.offer, application=asked.application).order_by("-pk").first(),
    }
    return render(request, "practicum/direct/request.html", context, status=status)


@require_safe
@never_cache
@login_required
def detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A request: where it is, what the two have written, and what one can do now."""
    return _show(request, _find(request, uuid))


def _act(
    request: HttpRequest,
    asked: DirectRequest,
    form: forms.Form,
    action: Callable[[dict[str, Any]], str],
) -> HttpResponse:
    """Do what a form asks, once; else the page with what is wrong. `action` answers what is said then."""
    limit(request, "practicum-answer", form=form)
    if form.is_valid():
        token, scope = form.cleaned_data["once"], f"practicum-request:{asked.uuid}:{_user(request).key}"
        try:
            with transaction.atomic():
                if (before := once.first(token, scope)) is not None:
                    return once.again(request, before)
                said = action(form.cleaned_data)
                once.done(token, scope, asked.get_absolute_url())
        except ValidationError as error:
            if hasattr(error, "error_dict"):
                form.add_error(None, error)
            else:
                form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(request, said)
            return redirect(asked.get_absolute_url())
    return _show(request, _find(request, asked.uuid), form, 422)


def _for_host(request: HttpRequest, uuid: UUID) -> DirectRequest:
    asked = _find(request, uuid)
    if not can_answer_request(_user(request), asked):
        raise PermissionDenied
    return asked


@require_POST
@never_cache
@login_required
def accept(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The host says yes: a seat is held, or the guest waits for one."""
    asked = _for_host(request, uuid)

    def act(data: dict[str, Any]) -> str:
        stay = actions.accept(request=asked, first=data["starts_on"], last=data["ends_on"])
        if stay is None:
            asked.refresh_from_db()
            return _(
                "Alle pladser er taget. Gæsten er nummer %s på ventelisten og får en plads, når det bliver gæstens tur."
            ) % place_in_list(asked)
        return _("Pladsen er holdt til gæsten, som har fem arbejdsdage til at bekræfte.")

    return _act(request, asked, AcceptForm(request.POST, request=asked), act)


@require_POST
@never_cache
@login_required
def decline(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The host says no, with a reason."""
    asked = _for_host(request, uuid)

    def act(data: dict[str, Any]) -> str:
        actions.decline(request=asked, reason=data["reason"])
        return _("Gæsten har fået dit svar.")

    return _act(request, asked, DeclineForm(request.POST), act)


@require_POST
@never_cache
@login_required
def message(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One of the two writes to the other."""
    asked, user = _find(request, uuid), _user(request)
    side = Side.GUEST if is_guest(user, asked.application) else Side.HOST
    if side == Side.HOST and not can_answer_request(user, asked):
        raise PermissionDenied

    def act(data: dict[str, Any]) -> str:
        actions.write_message(request=asked, side=side, text=data["text"], author=user)
        return _("Den anden har fået det, du skrev.")

    return _act(request, asked, MessageForm(request.POST), act)


@require_POST
@never_cache
@login_required
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The guest takes the request back."""
    asked = _find(request, uuid)
    if not is_guest(_user(request), asked.application):
        raise PermissionDenied

    def act(data: dict[str, Any]) -> str:
        actions.withdraw(request=asked)
        return _("Ansøgningen til pladsen er trukket tilbage.")

    return _act(request, asked, PlainForm(request.POST), act)

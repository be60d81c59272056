"""Pages of a guest's application.

Context of the templates (templates/practicum/applying/):
  apply.html        offer, form, application (the one it is added to, or None), is_wished,
                    is_placed (there is a stay already, so no more can be wished for)
  closed.html       offer, why (»ansat«: no public employee; »egen«: their own workplace), sentence (why not now)
  edit.html         application, form, wishes (Wished), step (Next), last (what the leader was asked last), is_sent
  read.html         application, wishes, step, days; for the guest when it is read only, and for editors
  send.html         application, form, missing, last
  withdraw.html     application
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from guards import once
from guards.ratelimits import limit
from places.permissions import employers_of, is_public_employee
from practicum.applying import actions, days
from practicum.applying.forms import ApplicationForm, SendForm, WishForm
from practicum.applying.hints import hints
from practicum.applying.opening import closed
from practicum.applying.steps import next_step
from practicum.choices import ApplicationState
from practicum.models import MOST_WISHES, Application, NewYesError, Offer
from practicum.permissions import (
    can_edit_application,
    can_see_order,
    can_view_application,
    can_view_offer,
    can_withdraw_application,
    is_guest,
)

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True)
class Wished:
    """A wish as its guest sees it: the place, and what rules it out as things stand."""

    uuid: UUID
    rank: int
    offer: Offer
    hints: list[str]


def _me(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)
    return user


@GET_POST
@never_cache
@login_required
def apply(request: HttpRequest, slug: str) -> HttpResponse:
    """Wish for a place: the first time it asks where one works, later the place is added as the last wish."""
    offer = Offer.objects.with_card().filter(slug=slug).first()
    if offer is None or not can_view_offer(request.user, offer):
        raise Http404
    user = _me(request)
    if refused := _refused(request, user, offer):
        return refused
    application = actions.standing(offer=offer, by=user)
    form = WishForm(
        request.POST if request.method == "POST" else None, by=user, is_begun=application is not None
    )
    if request.method == "POST":
        limit(request, "application", form=form)
        if form.is_valid():
            token, scope = form.cleaned_data["once"], f"practicum-wish:{offer.uuid}:{user.key}"
            try:
                with transaction.atomic():
                    if (address := once.first(token, scope)) is not None:
                        return once.again(request, address)
                    workplace = application.workplace if application else form.chosen_workplace
                    row = actions.wish_for(offer=offer, by=user, workplace=workplace)
                    address = reverse("practicum:application", args=[row.uuid])
                    once.done(token, scope, address)
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                messages.success(request, _("»%s« står blandt dine ønsker.") % offer.title)
                return redirect(address)
    context = {
        "offer": offer, "form": form, "application": application,
        "is_wished": application is not None and application.wishes.filter(offer=offer).exists(),
        "is_placed": application is not None and application.state == ApplicationState.PLACED,
    }  # fmt: skip
    return render(request, "practicum/applying/apply.html", context, status=422 if form.errors else 200)


def _refused(request: HttpRequest, user: User, offer: Offer) -> HttpResponse | None:
    """A page that says why this person can't apply for this place, or not now; None when they can."""
    context: dict[str, Any] = {"offer": offer}
    if not is_public_employee(user):
        context |= {"why": "ansat"}
    elif offer.owner_id and employers_of(user).filter(pk=offer.owner_id).exists():
        context |= {"why": "egen"}
    elif why := closed(offer):
        context |= {"why": "lukket", "sentence": why.sentence}
    else:
        return None
    return render(request, "practicum/applying/closed.html", context, status=403)


def _application(request: HttpRequest, uuid: UUID) -> Application:
    """The application that the visitor may see; else 404."""
    rows = Application.objects.select_related(
        "guest", "round", "workplace__municipality", "municipality"
    ).prefetch_related("approvals", "subject_areas")
    row = rows.filter(uuid=uuid).first()
    if row is None or not can_view_application(request.user, row):
        raise Http404
    return row


def _own(request: HttpRequest, uuid: UUID) -> Application:
    """The visitor's own application; 404 for what they may not know of, 403 for what they may only read."""
    row = _application(request, uuid)
    if not is_guest(request.user, row):
        raise PermissionDenied
    return row


def wished(application: Application) -> list[Wished]:
    """The wishes in order, with what rules them out. A fixed number of queries."""
    rows = application.wishes.select_related(
        "offer__round", "offer__owner__municipality", "offer__municipality"
    ).order_by("rank")
    return [Wished(row.uuid, row.rank, row.offer, hints(application, row.offer)) for row in rows]


@GET_POST
@never_cache
@login_required
def application(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The application: its guest writes in it while they may; editors, and hosts in their way, read it."""
    row = _application(request, uuid)
    if not can_see_order(request.user, row):
        if request.method == "POST":
            raise PermissionDenied
        return render(
            request, "practicum/hosting/application.html", {"application": row, "days": days.spelled(row)}
        )
    is_open = can_edit_application(request.user, row)
    if not is_open:
        if request.method == "POST" and not is_guest(request.user, row):
            raise PermissionDenied
        if request.method == "POST":
            messages.error(request, _("Ansøgningen kan ikke rettes mere. Det, du skrev, er ikke gemt."))
        context = {
            "application": row, "wishes": wished(row), "days": days.spelled(row),
            "step": next_step(row, is_open=False), "can_withdraw": can_withdraw_application(request.user, row),
            "is_own": is_guest(request.user, row),
        }  # fmt: skip
        return render(
            request, "practicum/applying/read.html", context, status=422 if request.method == "POST" else 200
        )
    if request.method == "POST":
        return _saved(request, row)
    return _edit(request, row, ApplicationForm(application=row))


def _edit(request: HttpRequest, row: Application, form: ApplicationForm) -> HttpResponse:
    wishes = wished(row)
    context = {
        "application": row, "form": form, "wishes": wishes, "step": next_step(row, is_open=True),
        "is_sent": row.state != ApplicationState.DRAFT, "last": actions.last_question(row),
        "room": MOST_WISHES - len(wishes), "most": MOST_WISHES,
    }  # fmt: skip
    return render(request, "practicum/applying/edit.html", context, status=422 if form.errors else 200)


def _saved(request: HttpRequest, row: Application) -> HttpResponse:
    """Save what was written and move a wish if that was pressed: whatever is pressed, what was written is kept."""
    user = _me(request)
    form = ApplicationForm(request.POST, application=row)
    limit(request, "application", form=form)
    pressed = False
    try:
        for name, up in (("op", True), ("ned", False)):
            if wish := request.POST.get(name):
                actions.move_wish(application=row, wish=wish, up=up, by=user)
                pressed = True
        if wish := request.POST.get("fjern"):
            actions.remove_wish(application=row, wish=wish, by=user)
            pressed = True
    except ValidationError as error:
        form.add_error(None, ValidationError(error.messages))
        return _edit(request, row, form)
    if not form.is_valid():
        return _edit(request, row, form)
    again = form.cleaned_data.get("again", False)
    try:
        is_anew = actions.change(application=row, by=user, again=again, **form.application_fields())
    except NewYesError as error:
        form.add_error("again", ValidationError(error.messages))
    except ValidationError as error:
        form.add_error(None, ValidationError(error.messages))
    else:
        if is_anew:
            messages.success(request, _("Gemt. Vi har spurgt din leder igen, fordi dagene er andre."))
        elif not pressed:
            messages.success(request, _("Gemt."))
        page = reverse("practicum:application", args=[row.uuid])
        if "send" in request.POST:
            return redirect("practicum:application_send", row.uuid)
        return redirect(f"{page}#oensker" if pressed else page)
    row.refresh_from_db()
    return _edit(request, row, form)


@GET_POST
@never_cache
@login_required
def send(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Ask the leader: says what is missing, or asks for their address and whether we may show it."""
    row = _own(request, uuid)
    page = reverse("practicum:application", args=[row.uuid])
    if not can_edit_application(request.user, row):
        raise PermissionDenied
    if row.state == ApplicationState.READY:
        return redirect(page)
    missing = row.missing()
    last = actions.last_question(row)
    form = SendForm(
        request.POST if request.method == "POST" else None, initial={"email": last.email if last else ""}
    )
    if request.method == "POST":
        limit(request, "application-send", target=request.POST.get("email", "")[:254], form=form)
        if form.is_valid() and _sent(request, row, form):
            return redirect(page)
    context = {"application": row, "form": form, "missing": missing, "last": last}
    return render(request, "practicum/applying/send.html", context, status=422 if form.errors else 200)


def _sent(request: HttpRequest, row: Application, form: SendForm) -> bool:
    """Send it once; False with errors on the form."""
    user, email = _me(request), form.cleaned_data["email"]
    token, scope = form.cleaned_data["once"], f"practicum-send:{row.uuid}:{user.key}"
    try:
        with transaction.atomic():
            if once.first(token, scope) is None:
                actions.send(application=row, email=email, by=user)
                once.done(token, scope, reverse("practicum:application", args=[row.uuid]))
    except ValidationError as error:
        of_address = (
            row.state == ApplicationState.DRAFT and not row.missing()
        ) or row.state == ApplicationState.LEADER
        form.add_error("email" if of_address else None, ValidationError(error.messages))
        return False
    row.refresh_from_db()
    if row.state == ApplicationState.READY:
        messages.success(request, _("Din leder har allerede sagt ja til de dage. Du er med."))
    else:
        messages.success(request, _("Vi har spurgt din leder. Du får besked, når der er svar."))
    return True


@GET_POST
@never_cache
@login_required
def withdraw(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take it back, after one question."""
    row = _own(request, uuid)
    page = reverse("practicum:application", args=[row.uuid])
    error = ""
    if request.method == "POST":
        limit(request, "application")
        if row.state == ApplicationState.WITHDRAWN:
            return redirect(page)
        try:
            actions.withdraw(application=row, by=_me(request))
        except ValidationError as refused:
            error = " ".join(refused.messages)
        else:
            messages.success(request, _("Du har trukket ansøgningen tilbage."))
            return redirect(page)
    elif not can_withdraw_application(request.user, row):
        return redirect(page)
    context = {"application": row, "error": error}
    return render(request, "practicum/applying/withdraw.html", context, status=422 if error else 200)

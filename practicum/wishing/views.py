"""Pages of wishes without a place.

Context of the templates (templates/practicum/wishing/):
  wishes.html   form (None for who is no public employee), mine, page (others' wishes), can_answer
  wish.html     wish, is_mine, answers, form (None for who can't answer)
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from guards import once
from guards.ratelimits import limit
from practicum.models import OpenWish
from practicum.permissions import can_answer_wishes, can_wish
from practicum.wishing import actions
from practicum.wishing.forms import OpenWishForm, WishAnswerForm

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
PER_PAGE = 20
MINE = 20


def _me(request: HttpRequest) -> User:
    user = request.user
    assert isinstance(user, User)
    return user


@GET_POST
@never_cache
@login_required
def wishes(request: HttpRequest) -> HttpResponse:
    """Write what one would like to see; hosts and the centre see what others would."""
    user = _me(request)
    answers, may = can_answer_wishes(user), can_wish(user)
    if not (answers or may):
        return render(request, "practicum/wishing/wishes.html", {}, status=403)
    form = OpenWishForm(request.POST if request.method == "POST" else None) if may else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        limit(request, "open-wish", form=form)
        if form.is_valid() and (done := _written(request, user, form)):
            return done
    page: Page[Any] | None = None
    if answers:
        rows = OpenWish.objects.standing().exclude(guest=user).select_related("region")
        found = rows.prefetch_related("subject_areas").annotate(answered=Count("answers"))
        page = Paginator(found.order_by("-created_at", "-pk"), PER_PAGE).get_page(
            request.GET.get("side", "1")
        )
    mine = OpenWish.objects.filter(guest=user).annotate(answered=Count("answers"))
    context = {
        "form": form, "mine": mine.order_by("closed_at", "-created_at")[:MINE] if may else [], "page": page,
        "can_answer": answers,
    }  # fmt: skip
    bad = form is not None and form.is_bound
    return render(request, "practicum/wishing/wishes.html", context, status=422 if bad else 200)


def _written(request: HttpRequest, user: User, form: OpenWishForm) -> HttpResponse | None:
    """Store it once; None with errors on the form."""
    page = reverse("practicum:wishes")
    token, scope = form.cleaned_data["once"], f"open-wish:{user.key}"
    try:
        with transaction.atomic():
            if once.first(token, scope) is not None:
                return once.again(request, page)
            actions.write(
                by=user, fields=form.wish_fields(), subject_areas=list(form.cleaned_data["subject_areas"])
            )
            once.done(token, scope, page)
    except ValidationError as error:
        form.add_error(None, ValidationError(error.messages))
        return None
    messages.success(request, _("Dit ønske står på listen. Du får besked, når nogen svarer."))
    return redirect(page)


@GET_POST
@never_cache
@login_required
def wish(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One wish: its guest reads the answers, hosts and the centre answer. Nobody else knows of it."""
    user = _me(request)
    rows = OpenWish.objects.select_related("region").prefetch_related("subject_areas")
    row = rows.filter(uuid=uuid).first()
    is_mine = row is not None and row.guest_id == user.pk
    if row is None or not (is_mine or (row.closed_at is None and can_answer_wishes(user))):
        raise Http404
    form = None if is_mine else WishAnswerForm(request.POST if request.method == "POST" else None, by=user)
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        limit(request, "wish-answer", form=form)
        if form.is_valid() and (done := _answered(request, user, row, form)):
            return done
    # Others' answers are between them and the guest.
    answers = row.answers.select_related("workplace", "offer") if is_mine else []
    context = {"wish": row, "is_mine": is_mine, "answers": answers, "form": form}
    bad = form is not None and form.is_bound
    return render(request, "practicum/wishing/wish.html", context, status=422 if bad else 200)


def _answered(request: HttpRequest, user: User, row: OpenWish, form: WishAnswerForm) -> HttpResponse | None:
    """Store it once; None with errors on the form."""
    page, data = reverse("practicum:wishes"), form.cleaned_data
    scope = f"wish-answer:{row.uuid}:{user.key}"
    try:
        with transaction.atomic():
            if once.first(data["once"], scope) is not None:
                return once.again(request, page)
            actions.answer(
                wish=row, by=user, workplace=data["workplace"], offer=form.found, text=data["text"].strip()
            )
            once.done(data["once"], scope, page)
    except ValidationError as error:
        form.add_error(None, ValidationError(error.messages))
        return None
    messages.success(request, _("Svaret er sendt."))
    return redirect(page)


@require_POST
@never_cache
@login_required
def close(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Close one's own wish."""
    limit(request, "open-wish")
    row = OpenWish.objects.filter(uuid=uuid, guest=_me(request)).first()
    if row is None:
        raise Http404
    actions.close(wish=row, by=_me(request))
    messages.success(request, _("Dit ønske er lukket. Ingen svarer på det mere."))
    return redirect("practicum:wishes")

"""The page that a leader's link leads to, without an account; and the one where a host asks a leader, or another one.

Opening the link answers nothing: mail programs open links by themselves.

Context of the templates (templates/practicum/approving/):
  answer.html     approval, form, and what is asked (letters.asked_about)
  standing.html   approval, case (»answered«, »expired«, »gone«, »unknown«), late (an answer that came too late)
  ask.html        offer, form, last (the newest question or None), missing (Facts or None), own (the user leads it)
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from editorial.clock import coi_now
from guards import once
from guards.ratelimits import give_back, limit, limited
from practicum.approving import actions, letters
from practicum.approving.facts import is_current, missing_yes
from practicum.approving.forms import AnswerForm, AskForm
from practicum.choices import Answer
from practicum.models import LeaderApproval, Offer
from practicum.permissions import is_host

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@GET_POST
@never_cache
def approval(request: HttpRequest, code: str) -> HttpResponse:
    """What is asked, and the answer. A wrong code, one that is used or has expired, and what is not asked any more
    each have a page that says so."""
    limit(request, "leader")
    found = _of_code(code)
    if found is None:
        return _kept_private(_standing(request, None, "unknown", status=404))
    give_back(request, "leader")  # only wrong codes count
    if request.method == "POST" and not found.answer:
        return _kept_private(_answered(request, found))
    return _kept_private(_page(request, found))


def _of_code(code: str) -> LeaderApproval | None:
    rows = LeaderApproval.objects.of_code(code)
    return rows.select_related(
        "offer__owner__parent", "offer__author", "offer__round", "application__guest", "application__workplace",
        "delegated_from",
    ).first()  # fmt: skip


def _kept_private(response: HttpResponse) -> HttpResponse:
    """Out of search engines and caches, and the link out of what other sites are told. With »no-referrer« browsers
    would send »Origin: null« with the form, which the guard against forged forms refuses."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "same-origin"
    return response


def _page(request: HttpRequest, found: LeaderApproval, form: AnswerForm | None = None) -> HttpResponse:
    if found.answer:
        return _standing(request, found, "answered")
    if not is_current(found):
        return _standing(request, found, "gone", status=410)
    if found.expires_at <= coi_now():
        return _standing(request, found, "expired", status=410)
    context = {"approval": found, "form": form or AnswerForm(), **letters.asked_about(found)}
    return render(request, "practicum/approving/answer.html", context, status=422 if form else 200)


def _standing(
    request: HttpRequest, found: LeaderApproval | None, case: str, *, late: bool = False, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {"approval": found, "case": case, "late": late}
    return render(request, "practicum/approving/standing.html", context, status=status)


def _answered(request: HttpRequest, found: LeaderApproval) -> HttpResponse:
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    data = form.cleaned_data
    if data["answer"] == Answer.DELEGATED:
        limit(request, "leader-mail", target=data["email"], form=form)
    try:
        if data["answer"] == Answer.YES:
            actions.say_yes(approval=found, name=data["name"])
        elif data["answer"] == Answer.NO:
            actions.say_no(approval=found, name=data["name"], reason=data["reason"])
        else:
            actions.delegate(approval=found, name=data["name"], email=data["email"])
    except actions.AlreadyAnsweredError as error:
        late = error.approval.answer != data["answer"]
        return _standing(request, error.approval, "answered", late=late, status=409 if late else 200)
    except actions.NoLongerAskedError:
        now = _of_code(found.code)
        return _page(request, now) if now else _standing(request, None, "unknown", status=404)
    except ValidationError as error:
        form.add_error(
            "email" if data["answer"] == Answer.DELEGATED else None, ValidationError(error.messages)
        )
        return _page(request, found, form)
    return redirect("practicum:approval", found.code)


@GET_POST
@limited("proposal")
@never_cache
@login_required
def ask(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Where a host sees what the leader answered, and asks again, or another one. Another's place is 404."""
    user = request.user
    assert isinstance(user, User)
    offer = Offer.objects.select_related("owner", "author", "round").filter(uuid=uuid).first()
    if offer is None or not is_host(user, offer):
        raise Http404
    missing = missing_yes(offer)
    form = AskForm(
        request.POST if request.method == "POST" else None, initial_email=actions.last_asked(offer)
    )
    if request.method == "POST" and form.is_valid() and missing:
        limit(request, "leader-mail", target=form.cleaned_data["email"], form=form)
        token, scope = form.cleaned_data["once"], f"leader:{user.key}"
        try:
            with transaction.atomic():
                if once.first(token, scope) is None:
                    actions.ask_about_offer(offer=offer, email=form.cleaned_data["email"], by=user)
                    once.done(token, scope, request.path)
        except ValidationError as error:
            form.add_error("email", ValidationError(error.messages))
        else:
            messages.success(request, _("Vi har spurgt lederen. Du får besked, når der er svar."))
            return redirect(request.path)
    context = {
        "offer": offer,
        "form": form,
        "missing": missing,
        "own": actions.is_own_leader(user, offer),
        "last": offer.approvals.exclude(answer=Answer.DELEGATED).order_by("-asked_at", "-pk").first(),
        "now": coi_now(),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "practicum/approving/ask.html", context, status=status)

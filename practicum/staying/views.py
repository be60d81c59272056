"""Pages of a stay, for guest, host and editors alone.

Context of the templates (templates/practicum/staying/); all have stay, sides and heading:
  stay.html       signatures, next, soon, agreement: what both have signed, newest,
                  other_days: that it proposes, form (yes or no), similar, contacts, can_cancel, can_evaluate, follow_up
  agreement.html  agreement (the version shown), parts, in_force, changes, is_newest, versions, sign, signatures
  edit.html       form, before: the newest version, or None
  cancel.html     form
  evaluate.html   form
  used.html       form, follow_up
  certificate.html  guest
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
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from editorial.clock import coi_now, coi_today
from guards import once
from guards.ratelimits import limit
from practicum.choices import SeatWay, Side, StayState
from practicum.models import Agreement, FollowUp, Stay
from practicum.permissions import (
    ACCEPTED,
    can_cancel,
    can_evaluate,
    can_see_contacts,
    can_sign,
    can_view_stay,
    sides_of,
)
from practicum.staying import actions, after, agreeing
from practicum.staying.calendar_file import calendar_file
from practicum.staying.forms import (
    AgreementForm,
    AnswerForm,
    CancelForm,
    EvaluationForm,
    FollowUpForm,
    SignForm,
)
from practicum.staying.showing import FALLEN, how_soon, next_step, signatures, title

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _find(request: HttpRequest, uuid: UUID) -> tuple[Stay, list[Side]]:
    """The stay of guest, host or editors, and the sides that the reader is on; else 404."""
    stay = Stay.objects.with_page().filter(uuid=uuid).first()
    if stay is None or not can_view_stay(_user(request), stay):
        raise Http404
    return stay, sides_of(_user(request), stay)


def _newest(stay: Stay) -> Agreement | None:
    return next(iter(stay.agreements.all()), None)


def _in_force(stay: Stay) -> Agreement | None:
    return next((row for row in stay.agreements.all() if row.in_force_since), None)


def _write(
    request: HttpRequest,
    form: forms.Form | forms.ModelForm[Any],
    stay: Stay,
    action: Callable[[], tuple[str, str]],
) -> HttpResponse | None:
    """Do what a form asks, once, and go on; None with the form's errors when it can't be done.

    `action` answers what is said then, and where one goes.
    """
    limit(request, "practicum-answer", form=form)
    if not form.is_valid():
        return None
    token, scope = form.cleaned_data["once"], f"practicum-stay:{stay.uuid}:{_user(request).key}"
    try:
        with transaction.atomic():
            if (before := once.first(token, scope)) is not None:
                return once.again(request, before, otherwise=stay.get_absolute_url())
            said, address = action()
            once.done(token, scope, address)
    except ValidationError as error:
        form.add_error(None, ValidationError(error.messages))
        return None
    messages.success(request, said)
    return redirect(address)


# -- the stay ---------------------------------------------------------------------


@require_safe
@never_cache
@login_required
def detail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The page of a stay."""
    stay, sides = _find(request, uuid)
    return _show(request, stay, sides)


def _show(
    request: HttpRequest, stay: Stay, sides: list[Side], form: AnswerForm | None = None, status: int = 200
) -> HttpResponse:
    today, newest = coi_today(), _newest(stay)
    contacts = can_see_contacts(_user(request), stay)
    missing = _unanswered(stay, sides)
    context = {
        "stay": stay,
        "sides": sides,
        "heading": title(stay),
        "signatures": signatures(stay, newest, with_contacts=contacts, today=today),
        "contacts": contacts,
        "next": next_step(stay, sides, newest, today=today),
        "soon": how_soon(stay, today),
        "newest": newest,
        "agreement": _in_force(stay) or newest,
        "other_days": newest.when if newest and not newest.in_force_since and newest.moves(stay) else "",
        "form": form or (AnswerForm(side=missing) if missing else None),
        "similar": actions.similar(stay) if stay.state in FALLEN and Side.GUEST in sides else [],
        "can_cancel": can_cancel(_user(request), stay) and stay.state == StayState.AGREED,
        "follow_up": FollowUp.objects.filter(stay=stay).first() if stay.state == StayState.DONE else None,
        "is_guest": Side.GUEST in sides,
        "is_accepted": stay.state in ACCEPTED,
    }
    return render(request, "practicum/staying/stay.html", context, status=status)


def _unanswered(stay: Stay, sides: list[Side]) -> Side | None:
    """The side of the reader that has not said yes yet."""
    if stay.state != StayState.OFFERED:
        return None
    answered = {Side.GUEST: stay.guest_accepted_at, Side.HOST: stay.host_accepted_at}
    return next((side for side in sides if answered[side] is None), None)


@require_POST
@never_cache
@login_required
def answer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One of the two says yes or no to a stay that is offered."""
    stay, sides = _find(request, uuid)
    if not sides:
        raise PermissionDenied
    side = _unanswered(stay, sides) or sides[0]
    form = AnswerForm(request.POST, side=side)

    def act() -> tuple[str, str]:
        if form.cleaned_data["answer"] == "nej":
            actions.say_no(stay=stay, side=side, reason=form.cleaned_data["reason"])
            return _("Du har sagt nej, og den anden har fået besked."), stay.get_absolute_url()
        now = actions.say_yes(stay=stay, side=side)
        if now.state == StayState.AGREED:
            return _("Opholdet er aftalt."), stay.get_absolute_url()
        return _("Du har sagt ja. Vi venter på den anden."), stay.get_absolute_url()

    return _write(request, form, stay, act) or _show(request, *_find(request, uuid), form, 422)


@GET_POST
@never_cache
@login_required
def cancel(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One of the two cancels, with a reason."""
    stay, sides = _find(request, uuid)
    if not can_cancel(_user(request), stay):
        raise PermissionDenied
    form = CancelForm(request.POST) if request.method == "POST" else CancelForm()

    def act() -> tuple[str, str]:
        actions.cancel(stay=stay, side=sides[0], reason=form.cleaned_data["reason"])
        return _("Opholdet er aflyst, og den anden har fået besked."), stay.get_absolute_url()

    if form.is_bound and (done := _write(request, form, stay, act)):
        return done
    context = {
        "stay": stay, "sides": sides, "heading": title(stay), "form": form,
        "goes_on": stay.seat is not None and stay.seat.way == SeatWay.DIRECT,
    }  # fmt: skip
    return render(request, "practicum/staying/cancel.html", context, status=422 if form.is_bound else 200)


@require_safe
@never_cache
@login_required
def calendar(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The stay as a calendar file; what has fallen away takes the entry out of the calendar again."""
    stay, sides = _find(request, uuid)
    if not sides:
        raise PermissionDenied
    address = request.build_absolute_uri(stay.get_absolute_url())
    body = calendar_file(stay, side=sides[0], address=address, stamp=coi_now())
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="innovationspraktik.ics"'
    return response


# -- the agreement ------------------------------------------------------------------


@require_safe
@never_cache
@login_required
def agreement(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A version of the agreement, to read, sign and print; with what it changes. `udgave` names an older one."""
    stay, sides = _find(request, uuid)
    return _show_agreement(request, stay, sides)


def _show_agreement(
    request: HttpRequest, stay: Stay, sides: list[Side], form: SignForm | None = None, status: int = 200
) -> HttpResponse:
    versions = list(stay.agreements.all())
    if not versions:
        if can_sign(_user(request), stay):
            return redirect("practicum:agreement_edit", stay.uuid)
        raise Http404
    newest, wanted = versions[0], request.GET.get("udgave", "")
    row = next((one for one in versions if str(one.number) == wanted), None) if wanted else newest
    if row is None:
        raise Http404
    in_force = _in_force(stay)
    older = [one for one in versions if one.number < row.number]
    before = in_force if in_force and in_force.number < row.number else (older[0] if older else None)
    may_sign = row is newest and can_sign(_user(request), stay)
    unsigned = may_sign and any(agreeing.signed_at(row, side) is None for side in sides)
    context = {
        "stay": stay, "sides": sides, "heading": title(stay), "agreement": row, "parts": agreeing.parts(row),
        "in_force": in_force, "is_newest": row is newest, "newest": newest, "versions": versions, "before": before,
        "changes": agreeing.changes(before, row),
        "sign": form or (SignForm(initial={"read": row.number}) if unsigned else None),
        "can_edit": can_sign(_user(request), stay),
        "signatures": signatures(
            stay, row, with_contacts=can_see_contacts(_user(request), stay), today=coi_today()
        ),
    }  # fmt: skip
    return render(request, "practicum/staying/agreement.html", context, status=status)


@require_POST
@never_cache
@login_required
def sign(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One of the two signs the newest version, which they have read."""
    stay, sides = _find(request, uuid)
    if not can_sign(_user(request), stay):
        raise PermissionDenied
    form = SignForm(request.POST)

    def act() -> tuple[str, str]:
        row = None
        for side in sides:
            row = agreeing.sign(stay=stay, side=side, read=form.cleaned_data["read"])
        said = _("Aftalen gælder nu.") if row and row.in_force_since else _("Du har godkendt aftalen.")
        return said, stay.get_absolute_url()

    if done := _write(request, form, stay, act):
        return done
    stay, sides = _find(request, uuid)
    newest = _newest(stay)
    if newest is None:
        return redirect("practicum:agreement_edit", stay.uuid)
    # What is signed next is what is shown now.
    again = SignForm({"read": newest.number, "once": ""})
    again.full_clean()
    for error in form.non_field_errors() or [_("Læs aftalen først.")]:
        again.add_error(None, error)
    return _show_agreement(request, stay, sides, again, 422)


@GET_POST
@never_cache
@login_required
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write the agreement, or a new version of it."""
    stay, sides = _find(request, uuid)
    if not can_sign(_user(request), stay):
        raise PermissionDenied
    before = _newest(stay)
    number = before.number if before else 0
    if request.method != "POST":
        texts = (
            {name: getattr(before, name) for name in Agreement.TEXTS} if before else agreeing.defaults(stay)
        )
        days = {name: getattr(before, name, None) or getattr(stay, name) for name in agreeing.DAYS}
        form = AgreementForm(
            stay=stay, initial={**texts, **{n: day.isoformat() for n, day in days.items()}, "read": number}
        )
        return _edit(request, stay, sides, before, form)
    form = AgreementForm(request.POST, stay=stay)

    def act() -> tuple[str, str]:
        signs = request.POST.get("godkend") == "ja"
        agreeing.write(
            stay=stay, side=sides[0], read=form.cleaned_data["read"], fields=form.cleaned_data, sign=signs
        )
        said = _("Aftalen er gemt og godkendt af dig.") if signs else _("Aftalen er gemt.")
        return said, reverse("practicum:agreement", args=[stay.uuid])

    done = _write(request, form, stay, act)
    return done or _edit(request, stay, sides, _newest(_find(request, uuid)[0]), form, 422)


def _edit(
    request: HttpRequest,
    stay: Stay,
    sides: list[Side],
    before: Agreement | None,
    form: AgreementForm,
    status: int = 200,
) -> HttpResponse:
    # Somebody else has written meanwhile: what was typed stays, beside what they changed.
    typed = form.data.get("read", "") if form.is_bound else ""
    stale = bool(form.is_bound and before and typed.isdecimal() and int(typed) < before.number)
    context = {
        "stay": stay, "sides": sides, "heading": title(stay), "form": form, "before": before, "stale": stale,
        "parts": agreeing.parts(before) if stale and before else [],
    }  # fmt: skip
    return render(request, "practicum/staying/edit.html", context, status=status)


# -- afterwards -----------------------------------------------------------------------


@GET_POST
@never_cache
@login_required
def evaluate(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What one of the two says when it is over."""
    stay, sides = _find(request, uuid)
    if not can_evaluate(_user(request), stay):
        raise PermissionDenied
    done = {row.side for row in stay.evaluations.all()}
    side = next((one for one in sides if one not in done), None)
    if side is None and request.method != "POST":
        messages.info(request, _("Du har svaret. Tak for det."))
        return redirect(stay.get_absolute_url())
    form = EvaluationForm(request.POST) if request.method == "POST" else EvaluationForm()

    def act() -> tuple[str, str]:
        fields = {
            name: form.cleaned_data[name] for name in ("could_use", "as_expected", "recommends", "text")
        }
        after.evaluate(stay=stay, side=side or sides[0], fields=fields)
        return _("Tak for dit svar."), stay.get_absolute_url()

    if form.is_bound and (answered := _write(request, form, stay, act)):
        return answered
    context = {"stay": stay, "sides": sides, "heading": title(stay), "form": form}
    return render(request, "practicum/staying/evaluate.html", context, status=422 if form.is_bound else 200)


@GET_POST
@never_cache
@login_required
def used(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What the guest has used. Asked three months after, open from the day it is over."""
    stay, sides = _find(request, uuid)
    if Side.GUEST not in sides or not can_evaluate(_user(request), stay):
        raise PermissionDenied
    row = FollowUp.objects.filter(stay=stay).select_related("entry").first()
    form = FollowUpForm(request.POST) if request.method == "POST" else FollowUpForm(instance=row)

    def act() -> tuple[str, str]:
        after.answer_what_was_used(stay=stay, text=form.cleaned_data["used"])
        return _("Tak. Dit svar er gemt."), reverse("practicum:used", args=[stay.uuid])

    if form.is_bound and (done := _write(request, form, stay, act)):
        return done
    context = {"stay": stay, "sides": sides, "heading": title(stay), "form": form, "follow_up": row}
    return render(request, "practicum/staying/used.html", context, status=422 if form.is_bound else 200)


@require_safe
@never_cache
@login_required
def certificate(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The guest's certificate of participation, to print."""
    stay, sides = _find(request, uuid)
    if Side.GUEST not in sides or stay.state != StayState.DONE:
        raise PermissionDenied
    context = {
        "stay": stay,
        "sides": sides,
        "heading": title(stay),
        "guest": stay.guest,
        "today": coi_today(),
    }
    return render(request, "practicum/staying/certificate.html", context)

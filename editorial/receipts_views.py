"""/kvittering/: what somebody without account has sent, by the code of its receipt.

Context of the templates:
  receipt_code.html   form
  receipt.html        receipt, content, change, steps, is_taken, place, promised, letters, can_correct,
                      answer_form, correct_form, can_withdraw, withdraw_form
"""

from __future__ import annotations

from collections.abc import Callable
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
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from editorial import receipts
from editorial.choices import OPEN, READABLE, State
from editorial.models import Letter, Receipt
from editorial.queue import place_in_queue
from editorial.receipt_forms import AnswerForm, CodeForm, WithdrawForm
from editorial.submitting import PROMISED
from editorial.way import way
from guards import once
from guards.ratelimits import give_back, limit

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@GET_POST
@never_cache
def receipt(request: HttpRequest) -> HttpResponse:
    """The receipt that is open; without one, or by POST, the form for its code. All wrong codes get the same answer."""
    if request.method != "POST":
        if found := receipts.current(request):
            return _page(request, found)
        return render(request, "editorial/receipt_code.html", {"form": CodeForm()})
    limit(request, "receipt")
    form = CodeForm(request.POST)
    if form.is_valid():
        if receipts.open_receipt(request, form.cleaned_data["code"]):
            give_back(request, "receipt")
            return redirect("editorial:receipt")
        form.add_error(
            "code",
            _("Koden passer ikke. Se efter, om et tegn mangler. Er den gemt på en konto, så log ind på den."),
        )
    return render(request, "editorial/receipt_code.html", {"form": form}, status=422)


def _page(
    request: HttpRequest,
    found: Receipt,
    *,
    answer_form: AnswerForm | None = None,
    correct_form: Any = None,
    withdraw_form: WithdrawForm | None = None,
) -> HttpResponse:
    content = found.content.typed()
    change = receipts.change_of(content) if content.is_public else None
    item = receipts.items_of(content).order_by("-submitted_at", "-pk").first()
    is_taken = bool(item and item.is_waiting and item.claimed_by_id)
    bound = any(form is not None and form.errors for form in (answer_form, correct_form, withdraw_form))
    corrector = receipts.CORRECTORS.get(content.kind)
    can_correct = receipts.may_correct(content)
    letters = Letter.objects.for_sender().filter(item__in=receipts.items_of(content))
    if corrector and can_correct and correct_form is None:
        correct_form = corrector(content=content, proposed=change.proposed if change else {})
    context = {
        "receipt": found,
        "content": content,
        "change": change,
        "steps": way(content.state, is_taken=is_taken),
        "is_taken": is_taken,
        "place": place_in_queue(item) if item and item.is_waiting else 0,
        "promised": PROMISED,
        "panels": panels(content) if (panels := receipts.PANELS.get(content.kind)) else [],
        "letters": letters.order_by("created_at", "id")[:100],
        "can_correct": can_correct and (corrector is not None or not content.is_public),
        "answer_form": answer_form or AnswerForm(),
        "correct_form": correct_form,
        "can_withdraw": content.state in (*OPEN, *READABLE, State.SUSPENDED),
        "withdraw_form": withdraw_form or WithdrawForm(),
    }
    return render(request, "editorial/receipt.html", context, status=422 if bound else 200)


def _with_receipt(
    view: Callable[[HttpRequest, Receipt], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Give the view the receipt that is open; without one, ask for the code again."""

    @require_POST
    @never_cache
    def guarded(request: HttpRequest) -> HttpResponse:
        found = receipts.current(request)
        if found is None:
            messages.warning(
                request,
                _("Kvitteringen er lukket efter en halv time. Skriv koden igen."),
            )
            return redirect("editorial:receipt")
        limit(request, "answer", target=str(found.content.uuid))
        return view(request, found)

    return guarded


@_with_receipt
def correct(request: HttpRequest, found: Receipt) -> HttpResponse:
    """Correct what waits or was returned, and answer the editors; in one go."""
    content = found.content.typed()
    corrector = receipts.CORRECTORS.get(content.kind)
    answer_form = AnswerForm(request.POST)
    change = receipts.change_of(content) if content.is_public else None
    proposed = change.proposed if change else {}
    correct_form = corrector(request.POST, content=content, proposed=proposed) if corrector else None
    valid = [form.is_valid() for form in (answer_form, correct_form) if form is not None]
    if all(valid):
        parts = correct_form.parts() if correct_form is not None else {}
        token, scope = answer_form.cleaned_data["once"], f"receipt:{found.pk}"
        try:
            with transaction.atomic():
                if once.first(token, scope) is None:
                    receipts.correct(receipt=found, parts=parts, answer=answer_form.cleaned_data["answer"])
                    once.done(token, scope, request.path)
        except ValidationError as error:
            answer_form.add_error(None, ValidationError(error.messages))
        else:
            text = (
                _("Tak. Redaktionen læser din rettelse. Siden bliver stående, som den er, indtil da.")
                if content.is_public
                else _("Tak. Redaktionen har fået det.")
            )
            messages.success(request, text)
            return redirect("editorial:receipt")
    return _page(request, found, answer_form=answer_form, correct_form=correct_form)


@_with_receipt
def withdraw(request: HttpRequest, found: Receipt) -> HttpResponse:
    """Take it back at once."""
    form = WithdrawForm(request.POST)
    if form.is_valid():
        try:
            receipts.withdraw(receipt=found, reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(request, _("Den er trukket tilbage og vises ikke mere på portalen."))
            return redirect("editorial:receipt")
    return _page(request, found, withdraw_form=form)


@_with_receipt
def claim(request: HttpRequest, found: Receipt) -> HttpResponse:
    """Keep it on the account that is logged in."""
    if not isinstance(request.user, User):
        messages.warning(request, _("Log ind først. Så kan du gemme den på din konto."))
        return redirect("editorial:receipt")
    try:
        receipts.claim(receipt=found, by=request.user)
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
        return redirect("editorial:receipt")
    receipts.forget(request)
    messages.success(
        request, _("Nu er »%s« gemt på din konto. Du skal ikke bruge koden mere.") % found.content.title
    )
    return redirect("my_page")


@require_safe
@never_cache
@login_required
def mine(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Open what stands on my account, to see, answer, correct or withdraw it, without a code. Another's is 404."""
    if not receipts.open_mine(request, uuid):
        raise Http404
    return redirect("editorial:receipt")


@require_POST
@never_cache
def forget(request: HttpRequest) -> HttpResponse:
    """Close the receipt in this browser."""
    receipts.forget(request)
    request.session.pop(receipts.NEW, None)
    messages.success(request, _("Kvitteringen er lukket på denne enhed."))
    return redirect("editorial:receipt")

"""Pages on which somebody sees what they have written, sends it, takes it back, or begins to correct what is public.

Context of the templates (templates/editorial/proposals/):
  review.html    work, form, missing [(step, [(address, error)])], pieces, question, changed, conflicts, trusted
  done.html      work, item, place, promised, awaited (sentences of what else is waited for)
  undo.html      work, never_sent
  edit.html      content, trusted, speaks, promised
  withdraw.html  content, form, waiting, edit_url
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from editorial.choices import QueueKind, State
from editorial.models import Content, QueueItem
from editorial.models.querysets import TransitionError
from editorial.permissions import can_correct
from editorial.proposals.forms import Page, SendForm, WithdrawalForm
from editorial.proposals.kinds import PROPOSED, edit_address
from editorial.proposals.views import GET_POST, own_work, pieces, signed_in, user_of
from editorial.proposals.work import Work, begin_change, open_change, work_of
from editorial.queue import place_in_queue
from editorial.submitting import PROMISED, ask_withdrawal
from guards import once
from guards.ratelimits import limited
from places.permissions import is_trusted, speaks_for


@require_safe
@never_cache
@signed_in
def preview(request: HttpRequest, uuid: UUID, is_change: bool, area: str) -> HttpResponseBase:
    """How the page would look with what is written: made in a transaction that is taken back."""
    work = own_work(request, uuid, is_change=is_change, area=area)
    problem = ""
    with transaction.atomic():
        try:
            with transaction.atomic():
                if work.is_editable:
                    for one in work.steps:
                        page = work.page(one, checked=True)
                        if page.is_valid() and one.key in work.kept.pending:
                            work.write(page.parts())
                            work.stored(one)
                if work.is_change:
                    work.content.apply_parts(work.change.proposed)  # type: ignore[attr-defined]
        except ValidationError as error:
            problem = " ".join(error.messages)
        response = work.way.page(
            request, work.content.uuid, preview=work, preview_back=work.address("review")
        )
        transaction.set_rollback(True)
    if problem:
        messages.error(request, problem)
        return redirect(work.address("review"))
    return response


@GET_POST
@limited("proposal")
@never_cache
@signed_in
def review(request: HttpRequest, uuid: UUID, is_change: bool, area: str) -> HttpResponseBase:
    """Everything in one look, and send it."""
    work = own_work(request, uuid, is_change=is_change, area=area)
    if not work.is_editable:
        return redirect(work.address("done"))
    if not work.is_change and not work.has_title:
        return redirect(work.step_address(work.steps[0]))
    form = work.way.sending.form(work, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        work.way.sending.guard(request, work, form)
        try:
            missing = _send(work, form)
        except TransitionError as error:
            work = work_of(work.user, uuid, is_change=is_change, area=area)
            if not work.is_editable:  # sent at the same moment, with a double click or from another tab
                return redirect(work.address("done"))
            form.add_error(None, ValidationError(error.messages))
            missing = {}
        except ValidationError as error:
            work = work_of(work.user, uuid, is_change=is_change, area=area)
            _add(form, error)
            missing = {}
        if not missing and form.is_valid():
            return redirect(work.address("done"))
    status = 422 if form.is_bound else 200
    return render(request, "editorial/proposals/review.html", _review(request, work, form), status=status)


def _send(work: Work, form: SendForm) -> dict[str, Page]:
    with transaction.atomic():
        work.lock()
        if missing := work.store_typed():
            return missing
        work.submit(form.cleaned_data["answer"])
        work.clear()
        work.way.sending.sent(work, form)
    return {}


def _add(form: SendForm, error: ValidationError) -> None:
    """What is wrong, at its field where the form has it."""
    by_field = error.message_dict if hasattr(error, "error_dict") else {}
    if by_field and set(by_field) <= set(form.fields):
        form.add_error(None, error)
    else:
        form.add_error(None, ValidationError(error.messages))


def _review(request: HttpRequest, work: Work, form: SendForm) -> dict[str, Any]:
    missing = []
    for one in work.steps:
        page = work.page(one, checked=True)
        if page.is_valid():
            continue
        errors = []
        for part in page.all_forms:
            for bound in part:
                target = bound.id_for_label or f"{bound.auto_id}_0"
                errors += [(f"{work.step_address(one)}?mangler#{target}", error) for error in bound.errors]
            errors += [(f"{work.step_address(one)}?mangler", error) for error in part.non_field_errors()]
        missing.append((one, errors))
    owner = work.content.owner
    return {
        "work": work,
        "form": form,
        "missing": missing,
        "number_missing": sum(len(errors) for _step, errors in missing),
        "pieces": pieces(work),
        "question": work.question,
        "changed": work.is_change and sorted(work.change.proposed),  # type: ignore[attr-defined]
        "conflicts": work.is_change and work.change.conflicts(),  # type: ignore[attr-defined]
        "trusted": bool(work.is_change and owner and is_trusted(work.user, owner)),
        "promised": PROMISED,
    }


@require_safe
@never_cache
@signed_in
def done(request: HttpRequest, uuid: UUID, is_change: bool, area: str) -> HttpResponseBase:
    """What happens next, or what became of it."""
    work = work_of(user_of(request), uuid, is_change=is_change, area=area)
    if work.is_editable:
        return redirect(work.address("resume"))
    item: QueueItem | None = work.items().filter(decided_at__isnull=True).last()
    context = {
        "work": work, "item": item, "promised": PROMISED, "place": place_in_queue(item) if item else None,
        "awaited": work.way.sending.awaited(work) if item else [],
    }  # fmt: skip
    return render(request, "editorial/proposals/done.html", context)


@GET_POST
@never_cache
@signed_in
def undo(request: HttpRequest, uuid: UUID, is_change: bool, area: str) -> HttpResponseBase:
    """Take it back; a draft that was never sent is deleted."""
    work = work_of(user_of(request), uuid, is_change=is_change, area=area)
    if work.state not in (State.DRAFT, State.SUBMITTED, State.RETURNED):
        return redirect(work.address("done"))
    never_sent = work.state == State.DRAFT and not work.items().exists()
    if request.method == "POST":
        try:
            with transaction.atomic():
                gone = work.undo()
        except TransitionError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(work.address("done"))
        messages.success(
            request, _("Kladden er slettet.") if gone else _("Det er trukket tilbage og vises ikke.")
        )
        return redirect("my_page")
    return render(request, "editorial/proposals/undo.html", {"work": work, "never_sent": never_sent})


def _public(request: HttpRequest, slug: str, kinds: Iterable[str]) -> Content:
    """Something public of these kinds that the user may correct: else 404 or 403."""
    rows = Content.objects.readable().select_related("owner")
    content = rows.filter(slug=slug, kind__in=kinds).first()
    if content is None:
        raise Http404
    if not can_correct(request.user, content):
        raise PermissionDenied
    return content


@GET_POST
@limited("proposal")
@never_cache
@signed_in
def edit(request: HttpRequest, slug: str, kinds: tuple[str, ...]) -> HttpResponseBase:
    """Begin or go on with a change of something public."""
    content, user = _public(request, slug, kinds), user_of(request)
    resume = f"{PROPOSED[content.kind].area}:change_resume"
    if found := open_change(content, user):
        return redirect(resume, found.uuid)
    if request.method == "POST":
        return redirect(resume, begin_change(content=content, by=user).uuid)
    trusted = bool(content.owner and is_trusted(user, content.owner))
    speaks = bool(content.owner and speaks_for(user, content.owner))
    context = {"content": content, "trusted": trusted, "speaks": speaks, "promised": PROMISED}
    return render(request, "editorial/proposals/edit.html", context)


@GET_POST
@limited("proposal")
@never_cache
@signed_in
def withdraw(request: HttpRequest, slug: str, kinds: tuple[str, ...]) -> HttpResponseBase:
    """Ask the editors to take something off."""
    content, user = _public(request, slug, kinds), user_of(request)
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        token, scope = form.cleaned_data["once"], f"withdrawal:{user.key}"
        with transaction.atomic():
            if once.first(token, scope) is None:
                ask_withdrawal(content=content, by=user, reason=form.cleaned_data["reason"])
                once.done(token, scope, reverse("my_page"))
        messages.success(request, _("Redaktionen har fået dit ønske og svarer inden for en arbejdsdag."))
        return redirect("my_page")
    context = {
        "content": content, "form": form, "edit_url": edit_address(content),
        "waiting": content.queue_items.waiting().filter(kind=QueueKind.WITHDRAWAL).first(),
    }  # fmt: skip
    status = 422 if form.is_bound else 200
    return render(request, "editorial/proposals/withdraw.html", context, status=status)

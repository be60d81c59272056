"""Pages on which one asks, and answers. No address is shown on any of them."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import User
from catalogue.asking import actions
from catalogue.asking.forms import AnswerForm, QuestionForm
from catalogue.asking.permissions import can_answer, can_ask, can_read, is_recipient
from catalogue.models import Inquiry
from catalogue.reusing.views import readable_entry
from guards import once
from guards.ratelimits import limit, limited

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@GET_POST
@never_cache
@login_required
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask whoever speaks for the entry's workplace."""
    entry, me = readable_entry(slug), _me(request)
    if not can_ask(me, entry):
        if request.method == "POST":
            raise PermissionDenied
        return render(request, "catalogue/asking/ask.html", {"entry": entry, "form": None})
    form = QuestionForm(request.POST or None)
    if request.method == "POST":
        limit(request, "question", target=str(entry.uuid), form=form)
    if request.method == "POST" and form.is_valid():
        scope = f"question:{me.key}"
        with transaction.atomic():
            if (address := once.first(form.cleaned_data["once"], scope)) is None:
                inquiry = actions.ask(
                    entry=entry,
                    asker=me,
                    question=form.cleaned_data["question"],
                    agrees=form.cleaned_data["agrees"],
                )
                address = actions.address(inquiry)
                once.done(form.cleaned_data["once"], scope, address)
        messages.success(request, _("Tak. Dit spørgsmål er sendt. Du får besked, når der er svar."))
        return redirect(address or entry.get_absolute_url())
    context = {"entry": entry, "form": form, "usual": actions.usual_answer_time(entry.owner)}
    return render(request, "catalogue/asking/ask.html", context, status=422 if form.is_bound else 200)


def _inquiry(request: HttpRequest, uuid: UUID) -> Inquiry:
    """The question, for those who may read it; else 404."""
    rows = Inquiry.objects.select_related("entry__owner", "asker", "answerer", "item", "shown")
    inquiry = get_object_or_404(rows, uuid=uuid)
    if not can_read(request.user, inquiry):
        raise Http404
    return inquiry


@GET_POST
@never_cache
@login_required
def question(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A question and its answer, for both sides; whoever has it answers here."""
    inquiry, me = _inquiry(request, uuid), _me(request)
    may_answer = can_answer(me, inquiry)
    if request.method == "POST" and not may_answer and inquiry.state == "open":
        raise PermissionDenied
    form = AnswerForm(request.POST or None) if may_answer else None
    if request.method == "POST":  # only whoever may answer uses up the question's own
        limit(request, "answer", target=str(uuid) if may_answer else "", form=form)
    if form is not None and form.is_valid():
        data, scope = form.cleaned_data, f"answer:{me.key}"
        try:
            with transaction.atomic():
                if once.first(data["once"], scope) is None:
                    actions.answer(
                        inquiry=inquiry,
                        by=me,
                        text=data["text"],
                        agrees=data["agrees"],
                        shown_as=data["shown_as"],
                    )
                    once.done(data["once"], scope, request.path)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Tak. Svaret er sendt."))
            return redirect("catalogue:question", uuid)
    elif request.method == "POST" and form is None:
        messages.info(request, _("Spørgsmålet er allerede besvaret eller lukket."))
        return redirect("catalogue:question", uuid)
    context = {
        "inquiry": inquiry,
        "entry": inquiry.entry,
        "form": form,
        "is_asker": inquiry.asker_id == me.pk,
        "is_answerer": inquiry.answerer_id == me.pk,
        "may_pass_on": may_answer and is_recipient(me, inquiry) and inquiry.item_id is None,
    }
    return render(
        request,
        "catalogue/asking/question.html",
        context,
        status=422 if form is not None and form.is_bound else 200,
    )


@require_POST
@never_cache
@login_required
def pass_on(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """»Jeg er ikke den rette«: it goes to the next at once."""
    inquiry, me = _inquiry(request, uuid), _me(request)
    if not is_recipient(me, inquiry):
        raise PermissionDenied
    limit(request, "answer", target=str(uuid))
    try:
        actions.pass_on(inquiry=inquiry, had_by=me.pk)
    except ValidationError as error:
        messages.info(request, " ".join(error.messages))
        return redirect("catalogue:question", uuid)
    messages.success(request, _("Tak. Spørgsmålet er sendt videre, og du hører ikke mere om det."))
    return redirect(inquiry.entry.get_absolute_url())


@require_POST
@never_cache
@login_required
@limited("answer")
def consent(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One of the two does not want it shown after all."""
    inquiry, me = _inquiry(request, uuid), _me(request)
    if me.pk not in (inquiry.asker_id, inquiry.answerer_id):
        raise PermissionDenied
    actions.take_consent_back(inquiry=inquiry, by=me)
    messages.success(request, _("Spørgsmål og svar bliver ikke vist."))
    return redirect("catalogue:question", uuid)

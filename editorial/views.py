"""Pages on which readers and workplaces write to the editors."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from editorial.diffs import listed
from editorial.forms import FactsForm, ReportForm
from editorial.models import Content
from editorial.reporting import correct_facts, item_of_facts, report_content
from guards import once
from guards.ratelimits import limit, limited

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


@GET_POST
@never_cache
def report(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Report something public."""
    content = get_object_or_404(Content.objects.readable(), uuid=uuid)
    form = ReportForm(request.POST or None)
    if request.method == "POST":
        limit(request, "report", target=str(uuid), form=form)
    if request.method == "POST" and form.is_valid():
        by = request.user if isinstance(request.user, User) else None
        if not by and form.cleaned_data["email"]:
            limit(request, "report-mail", target=form.cleaned_data["email"], form=form)
        with transaction.atomic():
            if once.first(form.cleaned_data["once"], "report") is None:
                email = "" if by else form.cleaned_data["email"]
                report_content(report=form.report(), content=content, by=by, email=email)
                once.done(form.cleaned_data["once"], "report", content.get_absolute_url())
        messages.success(request, _("Tak. Redaktionen ser på det."))
        return redirect(content.get_absolute_url())
    status = 422 if form.is_bound else 200
    return render(request, "editorial/report.html", {"content": content, "form": form}, status=status)


@GET_POST
@limited("report")
@never_cache
def facts(request: HttpRequest, token: str) -> HttpResponse:
    """What is about to be shown of a workplace, for it to correct."""
    item = item_of_facts(token)
    if item is None or item.content is None:
        raise Http404
    form = FactsForm(request.POST or None)
    if request.method == "POST" and item.is_waiting and form.is_valid():
        by = request.user if isinstance(request.user, User) else None
        with transaction.atomic():
            if once.first(form.cleaned_data["once"], "facts") is None:
                kept = correct_facts(item=item, text=form.cleaned_data["text"], by=by)
                once.done(form.cleaned_data["once"], "facts", request.path)
            else:
                kept = True
        if kept:
            messages.success(request, _("Tak. Redaktionen læser det, før noget bliver vist."))
        return redirect(request.path)
    context = {
        "item": item,
        "form": form,
        "listed": listed(item.content, item.snapshot) if item.is_waiting else [],
    }
    return render(request, "editorial/facts.html", context, status=422 if form.is_bound else 200)

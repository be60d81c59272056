"""Pages of comments: write, report, and for editors hide, show again and raise to an idea.

Context of the templates (templates/ideastorm/commenting/):
  write.html    idea, storm, form (or None), why, parent (or None)
  report.html   comment, idea, storm, form
  moderate.html comment, idea, storm, form, raises: whether it is raised, else hidden
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from editorial.text import plain
from guards import once
from guards.ratelimits import limit
from ideastorm.commenting.actions import (
    hide_comment,
    raise_comment,
    report_comment,
    show_comment,
    write_comment,
)
from ideastorm.commenting.forms import CommentForm, HideForm, RaiseForm, ReportCommentForm
from ideastorm.models import Comment, Storm
from ideastorm.permissions import Visitor, can_comment, can_moderate, can_take_part, can_view_idea
from ideastorm.supporting.views import find_idea

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


def _comment(request: HttpRequest, uuid: UUID) -> tuple[Comment, Visitor]:
    """The comment of an idea that the visitor may see, and who asks; else 404. Hidden ones are the editors' alone."""
    comment = Comment.objects.select_related("idea__storm", "workplace").filter(uuid=uuid).first()
    if comment is None:
        raise Http404
    comment.idea.storm = Storm.objects.with_phase().get(pk=comment.idea.storm_id)
    visitor = Visitor.of(request, comment.idea.storm)
    if not can_view_idea(visitor, comment.idea) or (comment.is_hidden and not visitor.is_editor):
        raise Http404
    return comment, visitor


def _at(comment: Comment) -> str:
    return f"{comment.idea.get_absolute_url()}#kommentar-{comment.uuid}"


@GET_POST
@never_cache
def write(request: HttpRequest, storm: str, slug: str) -> HttpResponse:
    """Write a comment, or with `svar` a reply to one. Needs an account."""
    idea, visitor = find_idea(request, storm, slug)
    by = visitor.account
    if by is None:
        return redirect_to_login(request.get_full_path())
    if not can_take_part(visitor, idea.storm):
        raise PermissionDenied
    parent = _parent(request, idea.pk)
    context: dict[str, Any] = {"idea": idea, "storm": idea.storm, "parent": parent}
    if request.method != "POST":
        if not can_comment(visitor, idea):
            why = _("Der er ikke åbent for kommentarer til ideen nu.")
            return render(request, "ideastorm/commenting/write.html", context | {"why": why}, status=403)
        form = CommentForm(storm=idea.storm, by=by, invitation=visitor.invitation)
        return render(request, "ideastorm/commenting/write.html", context | {"form": form})
    form = CommentForm(request.POST, storm=idea.storm, by=by, invitation=visitor.invitation)
    limit(request, "comment", form=form)
    if form.is_valid():
        token, scope = form.cleaned_data["once"], f"comment:{idea.uuid}:{by.key}"
        try:
            with transaction.atomic():
                if (before := once.first(token, scope)) is None:
                    fields = form.comment_fields()
                    comment = write_comment(idea=idea, visitor=visitor, fields=fields, parent=parent)
                    address = f"{idea.get_absolute_url()}#kommentar-{comment.uuid}"
                    once.done(token, scope, address)
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            return redirect(address) if before is None else once.again(request, before)
    return render(request, "ideastorm/commenting/write.html", context | {"form": form}, status=422)


def _parent(request: HttpRequest, idea: int) -> Comment | None:
    """The comment that `svar` names; 404 for one that is none, of another idea, or hidden."""
    if not (value := request.GET.get("svar", "")):
        return None
    try:
        uuid = UUID(value)
    except ValueError as error:
        raise Http404 from error
    rows = Comment.objects.visible().first_level().select_related("workplace", "idea")
    found = rows.filter(uuid=uuid).first()
    if found is None or idea not in (found.idea_id, found.idea.merged_into_id):
        raise Http404
    return found


@GET_POST
@never_cache
def report(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Write to the editors about a comment. Needs no account."""
    comment, visitor = _comment(request, uuid)
    form = ReportCommentForm(request.POST) if request.method == "POST" else ReportCommentForm()
    if request.method == "POST":
        limit(request, "report", target=str(uuid), form=form)
        if form.is_valid():
            with transaction.atomic():
                if once.first(form.cleaned_data["once"], "report-comment") is None:
                    report_comment(comment=comment, text=form.cleaned_data["text"], by=visitor.account)
            messages.success(request, _("Tak. Redaktionen ser på kommentaren."))
            return redirect(_at(comment))
    context = {"comment": comment, "idea": comment.idea, "storm": comment.idea.storm, "form": form}
    return render(request, "ideastorm/commenting/report.html", context, status=422 if form.is_bound else 200)


@GET_POST
@never_cache
def hide(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Editors hide a comment, with a reason."""
    comment, visitor = _moderated(request, uuid)
    form = HideForm(request.POST) if request.method == "POST" else HideForm()
    if form.is_bound:
        limit(request, "storm-staff", form=form)
    if form.is_bound and form.is_valid():
        assert visitor.account is not None
        hide_comment(comment=comment, by=visitor.account, reason=form.cleaned_data["reason"])
        messages.success(request, _("Kommentaren er skjult, og den, der skrev den, har fået begrundelsen."))
        return redirect(_at(comment))
    return _moderate(request, comment, form, raises=False)


@require_POST
@never_cache
def show(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Editors show a hidden comment again."""
    comment, _visitor = _moderated(request, uuid)
    limit(request, "storm-staff")
    show_comment(comment=comment)
    messages.success(request, _("Kommentaren vises igen."))
    return redirect(_at(comment))


@GET_POST
@never_cache
def lift(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Editors raise a comment to an idea: it waits in the queue as its author's."""
    comment, _visitor = _moderated(request, uuid)
    text = comment.text
    initial = {"title": plain(text).split(". ")[0][:120], "text": text}
    form = RaiseForm(request.POST) if request.method == "POST" else RaiseForm(initial=initial)
    if form.is_bound:
        limit(request, "storm-staff", form=form)
    if form.is_bound and form.is_valid():
        try:
            idea = raise_comment(
                comment=comment, title=form.cleaned_data["title"], text=form.cleaned_data["text"]
            )
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(
                request, _("Ideen venter nu i køen, og den, der skrev kommentaren, har fået det at vide.")
            )
            return redirect(idea.get_absolute_url())
    return _moderate(request, comment, form, raises=True)


def _moderated(request: HttpRequest, uuid: UUID) -> tuple[Comment, Visitor]:
    comment, visitor = _comment(request, uuid)
    if not can_moderate(visitor, comment.idea.storm):
        raise PermissionDenied
    return comment, visitor


def _moderate(
    request: HttpRequest, comment: Comment, form: HideForm | RaiseForm, *, raises: bool
) -> HttpResponse:
    context = {
        "comment": comment, "idea": comment.idea, "storm": comment.idea.storm, "form": form, "raises": raises,
    }  # fmt: skip
    return render(
        request, "ideastorm/commenting/moderate.html", context, status=422 if form.is_bound else 200
    )

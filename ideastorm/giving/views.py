"""Pages for giving an idea, and for opening a workplace's invitation.

Context of the templates (templates/ideastorm/giving/):
  give.html         storm, form, countdown, alike (Similar rows; while nothing has been sent, the script fills them in)
  alike.html        alike
  look.html         storm, title, text
  closed.html       storm, why (and countdown): it can't be given here, or not now
  given.html        storm, receipts: (title, code) of what this browser has just sent, is_shown
  invitation.html   storm, code, invitation
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import resolve, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from editorial import picture_forms, receipts, staging
from editorial.similar import Similar
from guards import once
from guards.ratelimits import limit
from ideastorm import invitations
from ideastorm.choices import WITHOUT_ACCOUNT
from ideastorm.giving.actions import give_idea
from ideastorm.giving.alike import READ, alike_for
from ideastorm.giving.begun import begun_at, stamp
from ideastorm.giving.forms import GiveForm
from ideastorm.models import Idea, Invitation, Storm
from ideastorm.permissions import Visitor, can_give_idea, can_take_part, can_view_storm
from ideastorm.showing import countdown
from search import query

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


def _storm(request: HttpRequest, slug: str) -> Storm:
    """The storm that the visitor may see; else 404."""
    storm = Storm.objects.with_page().filter(slug=slug).first()
    if storm is None or not can_view_storm(Visitor.of(request), storm):
        raise Http404
    return storm


@GET_POST
@never_cache
def give(request: HttpRequest, slug: str) -> HttpResponse:
    """Give an idea. Without an account where the storm allows it."""
    storm = _storm(request, slug)
    visitor = Visitor.of(request, storm)
    begun = begun_at(storm, request.POST.get("begun", ""))
    if not can_take_part(visitor, storm) or (request.method != "POST" and not can_give_idea(visitor, storm)):
        return _closed(request, storm, visitor)
    by, invitation = visitor.account, visitor.invitation
    if request.method != "POST":
        receipts.new(request)  # forgets what is too old
        form = GiveForm(storm=storm, by=by, invitation=invitation, initial={"begun": stamp(storm)})
        return _form(request, storm, form)
    waiting = staging.staged(request, request.POST.get("once", ""))
    form = GiveForm(request.POST, request.FILES, storm=storm, by=by, invitation=invitation, staged=waiting)
    limit(request, "idea", form=form)
    if form.is_valid() and picture_forms.store(form):
        token, scope = form.cleaned_data["once"], f"idea:{storm.uuid}:{by.key if by else ''}"
        try:
            with transaction.atomic():
                if (before := once.first(token, scope)) is None:
                    idea = give_idea(
                        storm=storm, fields=form.idea_fields(), visitor=visitor, begun_at=begun,
                        tags=list(form.cleaned_data.get("tags") or []), email=form.cleaned_data.get("email", ""),
                        picture=form.stored, alt=form.cleaned_data["alt"], token=token,
                    )  # fmt: skip
                    once.done(token, scope, reverse("ideastorm:idea_preview", args=[idea.uuid]))
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            staging.clear(request)
            uuid = idea.uuid if before is None else resolve(before).kwargs.get("uuid")
            if by is None and uuid:
                receipts.remember(request, uuid, token)
            given_page = reverse("ideastorm:given", args=[storm.slug])
            return redirect(given_page) if before is None else once.again(request, given_page)
    picture_forms.keep(request, form)
    return _form(request, storm, form)


def _form(request: HttpRequest, storm: Storm, form: GiveForm) -> HttpResponse:
    context = {
        "storm": storm,
        "form": form,
        "countdown": countdown(storm),
        "alike": _alike_as_typed(request, storm) if form.is_bound else [],
    }
    return render(request, "ideastorm/giving/give.html", context, status=422 if form.is_bound else 200)


def _alike_as_typed(request: HttpRequest, storm: Storm) -> list[Similar]:
    return alike_for(
        request,
        storm,
        title=query.clean(request.POST.get("title", ""))[:200],
        text=query.clean(request.POST.get("text", "")[:READ]),
    )


@require_POST
@never_cache
def alike(request: HttpRequest, slug: str) -> HttpResponse:
    """What is public and looks like what is being written. By POST, though it writes nothing: what somebody is still
    writing stands in no address, so in no log either.
    """
    storm = _storm(request, slug)
    if not can_take_part(Visitor.of(request, storm), storm):
        raise PermissionDenied
    limit(request, "alike")
    return render(request, "ideastorm/giving/alike.html", {"alike": _alike_as_typed(request, storm)})


@require_POST
@never_cache
def look(request: HttpRequest, slug: str) -> HttpResponse:
    """How what is being written will look. By POST for the same reason; the form opens it in a window of its own, so
    nothing that was typed or chosen there is lost, and it needs no script.
    """
    storm = _storm(request, slug)
    if not can_take_part(Visitor.of(request, storm), storm):
        raise PermissionDenied
    limit(request, "alike")
    title = query.clean(request.POST.get("title", ""))[:120]
    text = request.POST.get("text", "").replace("\x00", "")[:6000]
    return render(request, "ideastorm/giving/look.html", {"storm": storm, "title": title, "text": text})


def _closed(request: HttpRequest, storm: Storm, visitor: Visitor) -> HttpResponse:
    """Why it can't be given: log in first, it is for others, or it is not open. What was typed is not taken away."""
    if not can_take_part(visitor, storm):
        if visitor.account is None and storm.access not in WITHOUT_ACCOUNT and request.method != "POST":
            why = "login"
        elif request.method == "POST":
            raise PermissionDenied
        else:
            why = "others"
    else:
        why = "closed"
    context = {"storm": storm, "why": why, "countdown": countdown(storm)}
    return render(request, "ideastorm/giving/closed.html", context, status=200 if why == "login" else 403)


@require_safe
@never_cache
def given(request: HttpRequest, slug: str) -> HttpResponse:
    """Thanks, and the code of the receipt for the one who has just sent the idea; nobody else sees a code here."""
    storm = _storm(request, slug)
    new = receipts.new(request)
    shown = [(r.content, code) for r, code in new]
    mine = None
    if request.user.is_authenticated:
        mine = Idea.objects.of_storm(storm).filter(author=request.user).order_by("-pk").first()
    context = {"storm": storm, "receipts": shown, "mine": mine}
    return render(request, "ideastorm/giving/given.html", context)


@GET_POST
@never_cache
def invitation(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    """A workplace's link: says who is invited to what; taking it opens the storm in this browser."""
    limit(request, "invitation")
    storm = _storm(request, slug)
    found = Invitation.objects.of_code(storm, code).select_related("workplace").first()
    if found is None:
        raise Http404
    if request.method == "POST":
        invitations.open_with(request, storm, code)
        return redirect(storm.get_absolute_url())
    context = {"storm": storm, "invitation": found, "code": code}
    return render(request, "ideastorm/giving/invitation.html", context)

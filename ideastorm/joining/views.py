"""Pages for joining ideas.

Context of the template templates/ideastorm/joining/merge.html: storm, idea, form, q, found (whether any is shown),
has_taken_in (it can't be joined itself).
"""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from editorial.choices import Kind
from editorial.models.querysets import TransitionError
from editorial.similar import similar
from guards.ratelimits import limit
from ideastorm.joining.actions import join, part
from ideastorm.joining.forms import JoinForm
from ideastorm.models import Idea, Storm
from ideastorm.permissions import Visitor, can_merge, can_view_idea

AT_MOST = 20
"""Ideas that are offered at once."""
LOOKED_AT = 60
"""Similar ones of all storms among which those of this one are found."""


def _idea(request: HttpRequest, storm: str, slug: str) -> Idea:
    """The idea that the visitor may see and may join; else 404 and 403."""
    idea = Idea.objects.with_card().filter(slug=slug, storm__slug=storm).first()
    if idea is None:
        raise Http404
    idea.storm = Storm.objects.with_phase().get(pk=idea.storm_id)
    visitor = Visitor.of(request, idea.storm)
    if not can_view_idea(visitor, idea):
        raise Http404
    if not can_merge(visitor, idea.storm):
        raise PermissionDenied
    return idea


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def merge(request: HttpRequest, storm: str, slug: str) -> HttpResponse:
    """Find and choose the idea that this one is joined into: similar ones first, or those that are searched for."""
    idea = _idea(request, storm, slug)
    q = request.GET.get("q", "").replace("\0", "").strip()[:120]
    shown, why = _offered(idea, q)
    form = JoinForm(request.POST if request.method == "POST" else None, idea=idea, shown=shown, why=why)
    if request.method == "POST":
        limit(request, "storm-staff", form=form)
    if request.method == "POST" and form.is_valid():
        survivor = form.cleaned_data["survivor"]
        try:
            join(merged=idea, survivor=survivor, reason=form.cleaned_data["reason"], by=request.user)  # type: ignore[arg-type]
        except TransitionError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(request, _("Ideerne er lagt sammen. De, der har skrevet dem, har fået besked."))
            return redirect(survivor.get_absolute_url())
    context = {
        "storm": idea.storm, "idea": idea, "form": form, "q": q, "found": bool(shown),
        "has_taken_in": idea.merged.exists(),
    }  # fmt: skip
    return render(request, "ideastorm/joining/merge.html", context, status=422 if form.is_bound else 200)


def _offered(idea: Idea, q: str) -> tuple[list[Idea], dict[int, list[str]]]:
    """Ideas of the same storm, and why they are shown. A few queries."""
    rows = Idea.objects.of_storm(idea.storm).published().standing().exclude(pk=idea.pk)
    if q:
        return list(
            rows.filter(Q(title__icontains=q) | Q(text__icontains=q)).order_by("sort_key", "pk")[:AT_MOST]
        ), {}
    near = similar(f"{idea.title} {idea.summary}", kinds=[Kind.IDEA], exclude=idea.pk, limit=LOOKED_AT)
    found = rows.in_bulk([row.content.pk for row in near])
    kept = [row for row in near if row.content.pk in found][:AT_MOST]
    return [found[row.content.pk] for row in kept], {row.content.pk: row.shared for row in kept}


@require_POST
@never_cache
@login_required
def unmerge(request: HttpRequest, storm: str, slug: str) -> HttpResponse:
    """Undo it."""
    idea = _idea(request, storm, slug)
    limit(request, "storm-staff")
    try:
        if part(merged=idea, by=request.user):  # type: ignore[arg-type]
            messages.success(request, _("Ideerne er skilt ad igen, med den støtte, hver af dem har fået."))
    except TransitionError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(idea.get_absolute_url())

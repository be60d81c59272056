"""Pages of assessment.

Context of the templates (templates/ideastorm/assessing/):
  mine.html     storm, rows (Assignment with idea), done, of, can (assign, scores)
  assess.html   storm, idea, assignment, form, conflict (a form), originals, is_open, scores (when sent)
  assign.html   storm, form, people (how far each has come), conflicts, lacking, open
  scores.html   storm, page of Figures, sort, can, may_fetch
  idea_scores.html  storm, idea, figures, table: criterion → points with notes, assessors
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from editorial.models.querysets import TransitionError
from guards.exports import write_xlsx
from guards.ratelimits import limit
from ideastorm.answering.actions import log
from ideastorm.assessing.actions import (
    assign_evenly,
    assign_these,
    declare_conflict,
    save_points,
    send_points,
    take_back,
    too_late,
)
from ideastorm.assessing.figures import SORTS, figures
from ideastorm.assessing.files import POINT_COLUMNS, may_fetch_points, point_rows
from ideastorm.assessing.forms import AssignForm, ConflictForm, ScoreForm, Way
from ideastorm.assessing.mine import mine
from ideastorm.models import Assignment, Conflict, Idea, Score, Storm
from ideastorm.permissions import (
    Visitor,
    answers_for,
    can_assess,
    can_assign,
    can_see_scores,
    can_view_storm,
    is_blind,
)

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
PER_PAGE = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _storm(request: HttpRequest, slug: str) -> tuple[Storm, Visitor]:
    """The storm that the visitor may see, and the visitor; else 404."""
    storm = Storm.objects.with_phase().select_related("owner").filter(slug=slug).first()
    visitor = Visitor.of(request, storm)
    if storm is None or not can_view_storm(visitor, storm):
        raise Http404
    return storm, visitor


def _can(visitor: Visitor, storm: Storm) -> dict[str, bool]:
    return {"assign": can_assign(visitor, storm), "scores": can_see_scores(visitor, storm)}


@require_safe
@never_cache
@login_required
def my_list(request: HttpRequest, slug: str) -> HttpResponse:
    """What I have to assess in a storm. Those who work with it are led on; others get 403."""
    storm, visitor = _storm(request, slug)
    assert visitor.account is not None
    begun = Exists(Score.objects.filter(assignment=OuterRef("pk")))
    rows = list(mine(visitor.account).filter(idea__storm=storm).annotate(has_scores=begun))
    can = _can(visitor, storm)
    if not rows:
        if can["scores"]:
            return redirect("ideastorm:scores", storm.slug)
        if can["assign"]:
            return redirect("ideastorm:assign", storm.slug)
        raise PermissionDenied
    done = sum(row.sent_at is not None for row in rows)
    context = {"storm": storm, "rows": rows, "done": done, "of": len(rows), "can": can}
    return render(request, "ideastorm/assessing/mine.html", context)


def _assignment(storm: Storm, user: User, uuid: UUID) -> Assignment:
    """The visitor's own; another's answers 404 as what does not exist."""
    return get_object_or_404(mine(user).filter(idea__storm=storm), uuid=uuid)


@GET_POST
@never_cache
@login_required
def assess(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Give an idea points: saved meanwhile, sent once."""
    storm, visitor = _storm(request, slug)
    assert visitor.account is not None
    assignment = _assignment(storm, visitor.account, uuid)
    idea = Idea.objects.with_page().get(pk=assignment.idea_id)
    idea.storm = storm
    criteria, scores = list(storm.criteria.all()), list(assignment.scores.select_related("criterion"))
    form = ScoreForm(request.POST if request.method == "POST" else None, criteria=criteria, scores=scores)
    if request.method == "POST":
        limit(request, "assessment", form=form)
    if request.method == "POST" and form.is_valid():
        write = send_points if form.is_sending else save_points
        try:
            write(assignment=assignment, points=form.points(), by=visitor)
        except TransitionError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            if form.is_sending:
                messages.success(request, _("Din vurdering er sendt."))
                return redirect("ideastorm:assessing", storm.slug)
            messages.success(request, _("Gemt. Du kan skrive videre senere."))
            return redirect(request.path)
    return _assess_page(request, visitor, idea, assignment, form, scores)


def _assess_page(
    request: HttpRequest,
    visitor: Visitor,
    idea: Idea,
    assignment: Assignment,
    form: ScoreForm,
    scores: list[Score],
    *,
    conflict: ConflictForm | None = None,
) -> HttpResponse:
    """The page of one assessment; after a POST that was refused, with what is wrong."""
    is_open = can_assess(visitor, idea)
    context: dict[str, Any] = {
        "storm": idea.storm, "idea": idea, "assignment": assignment, "form": form,
        "conflict": conflict or ConflictForm(), "originals": idea.merged.all(), "is_open": is_open, "scores": scores,
        "why_not": "" if is_open or assignment.sent_at else too_late(idea.storm),
    }  # fmt: skip
    status = 422 if request.method == "POST" else 200
    return render(request, "ideastorm/assessing/assess.html", context, status=status)


@require_POST
@never_cache
@login_required
def conflict(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Say that one is not impartial; the idea leaves the list and goes to another."""
    storm, visitor = _storm(request, slug)
    assert visitor.account is not None
    own = Assignment.objects.filter(idea__storm=storm, assessor=visitor.account)
    assignment = get_object_or_404(own.select_related("idea__storm"), uuid=uuid)
    form = ConflictForm(request.POST)
    limit(request, "assessment", form=form)
    if not form.is_valid():
        idea = Idea.objects.with_page().get(pk=assignment.idea_id)
        idea.storm = storm
        scores = list(assignment.scores.select_related("criterion"))
        points = ScoreForm(None, criteria=list(storm.criteria.all()), scores=scores)
        return _assess_page(request, visitor, idea, assignment, points, scores, conflict=form)
    try:
        new = declare_conflict(assignment=assignment, note=form.cleaned_data["why"], by=visitor.account)
    except TransitionError as error:
        messages.error(request, " ".join(error.messages))
    else:
        thanks = (
            _("Tak, fordi du sagde det. En anden vurderer ideen.")
            if new
            else _("Tak, fordi du sagde det. Ideen er ikke på din liste mere.")
        )
        messages.success(request, thanks)
    has_more = mine(visitor.account).filter(idea__storm=storm).exists()
    return redirect("ideastorm:assessing" if has_more else "ideastorm:storm", storm.slug)


@GET_POST
@never_cache
@login_required
def assign(request: HttpRequest, slug: str) -> HttpResponse:
    """Distribute ideas, and see how far the assessors are. For the editors and those who answer."""
    storm, visitor = _storm(request, slug)
    if not (visitor.is_editor or answers_for(visitor, storm)):
        raise PermissionDenied
    form = AssignForm(request.POST if request.method == "POST" else None, storm=storm)
    if request.method == "POST":
        limit(request, "storm-staff", form=form)
    if request.method == "POST" and form.is_valid():
        try:
            if form.cleaned_data["way"] == Way.EVENLY:
                done = assign_evenly(
                    storm=storm, assessors=form.people, each=form.cleaned_data["each"], by=visitor
                )
            else:
                done = assign_these(storm=storm, assessors=form.people, ideas=form.chosen(), by=visitor)
        except TransitionError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(
                request, ngettext("%(n)s vurdering er fordelt.", "%(n)s vurderinger er fordelt.", done.given)
                % {"n": done.given},
            )  # fmt: skip
            if done.lacking:
                left = ngettext(
                    "%(n)s idé mangler nogen: forfattere, deres ledere, de, der ikke er upartiske, og de, der kan "
                    "have set andres point, fik den ikke.",
                    "%(n)s ideer mangler nogen: forfattere, deres ledere, de, der ikke er upartiske, og de, der kan "
                    "have set andres point, fik dem ikke.",
                    len(done.lacking),
                )
                messages.warning(request, left % {"n": len(done.lacking)})
            return redirect(request.path)
    standing = Assignment.objects.standing().filter(idea__storm=storm)
    people = (
        User.objects.filter(pk__in=standing.values("assessor"))
        .annotate(
            of=Count("idea_assignments", filter=Q(idea_assignments__in=standing)),
            done=Count("idea_assignments", filter=Q(idea_assignments__in=standing.sent())),
        )
        .order_by("name", "pk")[:200]
    )
    without = Idea.objects.of_storm(storm).published().standing().exclude(assignments__in=standing)
    context = {
        "storm": storm, "form": form, "people": people, "can": _can(visitor, storm), "without": without.count(),
        "conflicts": Conflict.objects.filter(idea__storm=storm).select_related("idea", "assessor")
        .order_by("-created_at", "-pk")[:50],
    }  # fmt: skip
    return render(request, "ideastorm/assessing/assign.html", context, status=422 if form.is_bound else 200)


@require_safe
@never_cache
@login_required
def scores(request: HttpRequest, slug: str) -> HttpResponse:
    """Mean, spread and disagreement of each idea, for those who may see them: see can_see_scores."""
    storm, visitor = _storm(request, slug)
    if not can_see_scores(visitor, storm):
        raise PermissionDenied
    asked = request.GET.get("sort", "")
    sort = asked if asked in SORTS else SORTS[0]
    page = Paginator(figures(storm, assessor=_only(visitor, storm), sort=sort), PER_PAGE).get_page(
        request.GET.get("side")
    )
    may_fetch = may_fetch_points(visitor, storm)
    context = {
        "storm": storm,
        "page": page,
        "sort": sort,
        "can": _can(visitor, storm),
        "may_fetch": may_fetch,
    }
    return render(request, "ideastorm/assessing/scores.html", context)


@require_safe
@never_cache
@login_required
def points_file(request: HttpRequest, slug: str) -> HttpResponseBase:
    """All points that are sent as a workbook, for staff who have nothing left to assess here. Leaves a line."""
    storm, visitor = _storm(request, slug)
    if not may_fetch_points(visitor, storm):
        raise PermissionDenied
    pieces: Iterable[bytes] = ()
    if request.method == "GET":
        pieces = write_xlsx(point_rows(storm), header=POINT_COLUMNS, sheet_title=_("Point"))
        with transaction.atomic():
            log(storm, action="storm-points-export", by=visitor.account)
    response = StreamingHttpResponse(pieces, content_type=XLSX)
    name = f"{storm.slug}-point-{timezone.localdate().isoformat()}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Robots-Tag"] = "noindex"
    return response


def _only(visitor: Visitor, storm: Storm) -> int | None:
    """Assessors see the points of what they have assessed; those who work with the storm see all."""
    assert visitor.account is not None
    return None if visitor.is_editor or answers_for(visitor, storm) else visitor.account.pk


@require_safe
@never_cache
@login_required
def idea_scores(request: HttpRequest, storm: str, slug: str) -> HttpResponse:
    """What each assessor gave an idea, with notes. Assessors see the points, but not whose they are."""
    row, visitor = _storm(request, storm)
    if not can_see_scores(visitor, row):
        raise PermissionDenied
    only = _only(visitor, row)
    found = next((f for f in figures(row, assessor=only) if f.slug == slug), None)
    if found is None:
        raise Http404
    sent = list(
        Assignment.objects.sent()
        .filter(idea=found.idea)
        .select_related("assessor")
        .prefetch_related("scores__criterion")
        .order_by("sent_at", "pk")
    )
    table = []
    for criterion in row.criteria.all():
        given = [next((s for s in one.scores.all() if s.criterion_id == criterion.pk), None) for one in sent]
        table.append((criterion, given))
    context = {
        "storm": row, "figures": found, "idea": Idea.objects.get(pk=found.idea), "table": table,
        "assessors": [one.assessor for one in sent], "with_names": only is None,
    }  # fmt: skip
    return render(request, "ideastorm/assessing/idea_scores.html", context)


@require_POST
@never_cache
@login_required
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Take everything that somebody has not sent from them, so that it can be given to others."""
    storm, visitor = _storm(request, slug)
    if not can_assign(visitor, storm):
        raise PermissionDenied
    try:
        key = UUID(request.POST.get("person", ""))
    except ValueError:
        raise Http404 from None
    limit(request, "storm-staff")
    rows = Assignment.objects.filter(idea__storm=storm, assessor__key=key, sent_at=None)
    taken = sum(take_back(assignment=row, by=visitor) for row in rows.select_related("idea__storm"))
    messages.success(
        request,
        ngettext("%(n)s idé er taget tilbage.", "%(n)s ideer er taget tilbage.", taken) % {"n": taken},
    )
    return redirect("ideastorm:assign", storm.slug)


def ways(visitor: Visitor, storm: Storm) -> dict[str, bool]:
    """What a storm's page links to, for those who assess or distribute. No query for who is not logged in."""
    if visitor.account is None:
        return {}
    is_assessor = mine(visitor.account).filter(idea__storm=storm).exists()
    found = {"mine": is_assessor, "assign": can_assign(visitor, storm)}
    return found | {"blind": is_blind(visitor, storm) if is_assessor else False}

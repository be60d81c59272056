"""The results of a storm, and its ideas and answers as files.

Context of the templates (templates/ideastorm/results/):
  results.html   storm, progress, people (Shown lines), people_bars, said (by tag), tag_bars, decisions (Bar), late,
                 unanswered, may_fetch
"""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from editorial.suppression import shown
from guards.exports import write_csv, write_json, write_xlsx
from ideastorm.answering.actions import log
from ideastorm.choices import StormPhase
from ideastorm.figures import progress
from ideastorm.models import Idea, Storm
from ideastorm.permissions import Visitor, can_view_storm, is_blind
from ideastorm.results.figures import bars, said, took_part
from ideastorm.results.files import OPEN_COLUMNS, STAFF_COLUMNS, rows

IDEAS = 1000
"""Ideas that the page lists, at most; the files hold all."""
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _storm(request: HttpRequest, slug: str) -> tuple[Storm, Visitor]:
    storm = Storm.objects.with_page().filter(slug=slug).first()
    visitor = Visitor.of(request, storm)
    if storm is None or not can_view_storm(visitor, storm):
        raise Http404
    return storm, visitor


@require_safe
@never_cache
def results(request: HttpRequest, slug: str) -> HttpResponse:
    """What was asked, how many took part, what they said, and the decisions. Until it is finished: the storm."""
    storm, visitor = _storm(request, slug)
    if storm.phase != StormPhase.RESULTS:
        return redirect(storm)
    by_tag, decisions = said(storm, IDEAS)
    people = shown(took_part(storm))
    context = {
        "storm": storm,
        "progress": progress(storm),
        "people": people,
        "total": sum(line.people for line in people),
        "people_bars": bars([(line.label, line.people) for line in people]),
        "said": by_tag,
        "tag_bars": bars([(part.name, len(part.ideas)) for part in by_tag]),
        "decisions": bars(decisions),
        "unanswered": Idea.objects.of_storm(storm).unanswered()[:200] if storm.closed_openly else [],
        "may_fetch": visitor.is_editor and storm.is_public,
    }
    return render(request, "ideastorm/results/results.html", context)


@require_safe
@never_cache
def export(request: HttpRequest, slug: str, kind: str) -> HttpResponseBase:
    """Ideas and answers. CSV and JSON without persons, for all; XLSX for staff, which leaves a line in the log."""
    storm, visitor = _storm(request, slug)
    for_staff, blind = kind == "xlsx", is_blind(visitor, storm)
    # Who still has something to assess sees neither authors nor counts, in no file either.
    if for_staff and (not visitor.is_editor or blind):
        raise PermissionDenied
    if not storm.is_public:
        raise Http404
    if request.method == "HEAD":
        return _headed(StreamingHttpResponse((), content_type=TYPES[kind]), storm, kind)
    header = STAFF_COLUMNS if for_staff else OPEN_COLUMNS
    found = rows(storm, for_staff=for_staff, blind=blind)
    if for_staff:
        pieces = write_xlsx(found, header=header, sheet_title=storm.title)
        with transaction.atomic():
            log(storm, action="storm-export", by=visitor.account)
    elif kind == "csv":
        pieces = write_csv(found, header=header)
    else:
        pieces = write_json(found, header=header)
    return _headed(StreamingHttpResponse(pieces, content_type=TYPES[kind]), storm, kind)


def _headed(response: HttpResponseBase, storm: Storm, kind: str) -> HttpResponseBase:
    name = f"{storm.slug}-{timezone.localdate().isoformat()}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Robots-Tag"] = "noindex"
    return response

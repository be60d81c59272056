"""Pages of the matching, for the editors.

Context of the templates (templates/practicum/running/):
  matching.html  round, run (the one shown), runs, form (weights), sending, charts, pairs (a page of Pairing), left,
                 seats, blocking, pins, changes (with another run)
  guest.html     round, application, wishes, form (a pin), pins
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
from practicum.matching.problem import Weights
from practicum.matching.result import Origin
from practicum.models import Application, MatchRun, Round
from practicum.permissions import can_match
from practicum.running import actions, showing
from practicum.running.files import COLUMNS, rows
from practicum.running.forms import PinForm, WeightsForm
from practicum.running.log import log
from practicum.running.problem import taking_part

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PER_PAGE, LEFT, MOVES, RUNS = 50, 200, 200, 20


def staff_round(request: HttpRequest, year: int) -> tuple[Round, User]:
    """The round and who asks; 403 to who doesn't run it, 404 where there is none."""
    if not can_match(request.user):
        raise PermissionDenied
    assert isinstance(request.user, User)
    return get_object_or_404(Round.objects.with_phase(), year=year), request.user


@GET_POST
@never_cache
@login_required
def matching(request: HttpRequest, year: int) -> HttpResponse:
    """The matching of a round: POST runs it anew; `koersel` is the run that is shown, `mod` one to compare it with."""
    its_round, user = staff_round(request, year)
    run = _asked(request, its_round, "koersel") or its_round.runs.order_by("-number").first()
    weights = Weights(**run.weights) if run else None
    if request.method == "POST":
        form = WeightsForm(request.POST, weights=weights)
        limit(request, "practicum-staff", form=form)
        if form.is_valid():
            try:
                new = actions.start(its_round=its_round, weights=form.weights(), by=user)
            except TransitionError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                against = f"&mod={run.number}" if run and run.figures else ""
                return redirect(f"{request.path}?koersel={new.number}{against}")
    else:
        form = WeightsForm(weights=weights)
    if request.htmx and run is not None and not run.is_unfinished:  # type: ignore[attr-defined]
        response = HttpResponse()
        response["HX-Refresh"] = "true"
        return response
    context = {"round": its_round, "form": form, "run": run, "runs": its_round.runs.all()[:RUNS]}
    if request.htmx:  # type: ignore[attr-defined]
        return render(request, "practicum/running/progress.html", context)
    if run is not None and run.figures:
        context |= _shown(request, run)
    context["pins"] = its_round.pins.select_related("application__guest", "offer")[:LEFT]
    status = 422 if request.method == "POST" else 200
    return render(request, "practicum/running/matching.html", context, status=status)


def _asked(request: HttpRequest, its_round: Round, name: str) -> MatchRun | None:
    """The run whose number stands in the address; 404 for one that is not there."""
    number = request.GET.get(name, "")
    if not number:
        return None
    if not (number.isascii() and number.isdigit() and len(number) <= 4):
        raise Http404
    return get_object_or_404(its_round.runs.select_related("round"), number=int(number))


def _shown(request: HttpRequest, run: MatchRun) -> dict[str, Any]:
    """What came of a run."""
    found = showing.lines(run)
    page = Paginator(found.exclude(offer=None).order_by("application__guest__name", "pk"), PER_PAGE).get_page(
        request.GET.get("side")
    )
    context: dict[str, Any] = {
        "page": page,
        "pairs": showing.pairings(run, page.object_list),
        "left": showing.left(run, found.filter(offer=None).order_by("application__guest__name", "pk")[:LEFT]),
        "charts": showing.charts(run),
        "seats": showing.seats_left(run)[:LEFT],
        "blocking": showing.blocking(run)[:LEFT],
        "is_new": not run.round.runs.exclude(sent_at=None).exists()
        or found.exclude(offer=None).exclude(made=Origin.KEPT).exists(),
        "is_current": run.pins == actions.pins_now(run.round),
    }
    other = _asked(request, run.round, "mod")
    if other is not None and other.figures and other.pk != run.pk:
        moves, counts, unmoved = showing.changes(other, run)
        context |= {"other": other, "moves": moves[:MOVES], "counts": counts, "unmoved": unmoved}
    return context


@require_POST
@never_cache
@login_required
def send(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """Send a proposal to guests and hosts."""
    its_round, user = staff_round(request, year)
    run = get_object_or_404(its_round.runs, number=number)
    limit(request, "practicum-staff")
    try:
        stays = actions.send(run=run, by=user)
    except TransitionError as error:
        for text in error.messages:
            messages.error(request, text)
    else:
        text = ngettext(
            "%(n)s par har fået besked.", "%(n)s par har fået besked.", len(stays)
        ) % {"n": len(stays)}  # fmt: skip
        messages.success(request, text)
    response = redirect("practicum:matching", year)
    response["Location"] += f"?koersel={number}"
    return response


@GET_POST
@never_cache
@login_required
def guest(request: HttpRequest, year: int, uuid: UUID) -> HttpResponse:
    """A guest in the matching: wishes, and what the editors fix about them."""
    its_round, user = staff_round(request, year)
    applications = taking_part(its_round).select_related("guest", "workplace", "municipality")
    application: Application = get_object_or_404(applications, uuid=uuid)
    form = PinForm(request.POST if request.method == "POST" else None, application=application)
    if request.method == "POST":
        limit(request, "practicum-staff", form=form)
    if request.method == "POST" and form.is_valid():
        try:
            actions.pin(its_round=its_round, application=application, by=user, **form.cleaned_data)
        except TransitionError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(request, _("Rettelsen er gemt. Den gælder, næste gang parringen køres."))
            return redirect("practicum:matching", year)
    context = {
        "round": its_round,
        "application": application,
        "form": form,
        "wishes": application.wishes.select_related("offer__owner"),
        "pins": application.pins.select_related("offer"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "practicum/running/guest.html", context, status=status)


@require_POST
@never_cache
@login_required
def unpin(request: HttpRequest, year: int, uuid: UUID) -> HttpResponse:
    """Take back what was fixed. Done twice it is done once."""
    its_round, user = staff_round(request, year)
    limit(request, "practicum-staff")
    if actions.unpin(its_round=its_round, key=uuid, by=user):
        messages.success(request, _("Rettelsen er fjernet. Det gælder, næste gang parringen køres."))
    return redirect("practicum:matching", year)


@require_safe
@never_cache
@login_required
def export(request: HttpRequest, year: int, number: int) -> HttpResponseBase:
    """A run as a workbook, with names. Leaves a line in the log."""
    its_round, user = staff_round(request, year)
    run = get_object_or_404(its_round.runs.finished().select_related("round"), number=number)
    pieces: Iterable[bytes] = ()
    if request.method == "GET":
        pieces = write_xlsx(rows(run), header=COLUMNS, sheet_title=_("Parring"))
        with transaction.atomic():
            log(its_round, action="practicum-export", by=user, reason=_("Parring nr. %s") % number)
    return attached(StreamingHttpResponse(pieces, content_type=XLSX), f"parring-{year}-{number}", "xlsx")


def attached(response: HttpResponseBase, name: str, kind: str) -> HttpResponseBase:
    """As a file that no search engine keeps."""
    name = f"{name}-{timezone.localdate().isoformat()}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Robots-Tag"] = "noindex"
    return response

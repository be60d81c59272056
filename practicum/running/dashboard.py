"""The round's dashboard, for the editors.

Context of the template (templates/practicum/running/dashboard.html):
  round, rounds, funnel (Bar), shortage (see practicum.shortage.figures), late and exceptions ((title, number, rows,
  kind)), run (the latest), form (which stays to list), stays, stays_total
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guards.exports import Row, write_csv, write_xlsx
from practicum.models import Application, Round, Stay
from practicum.running import overview
from practicum.running.forms import StaySearchForm
from practicum.running.log import log
from practicum.running.views import XLSX, attached, staff_round
from practicum.shortage.figures import tables

TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}
CHUNK = 500
APPLICATIONS = (
    "id", "gaest", "arbejdsplads", "sektor", "tilstand", "dage", "oensker", "sendt", "lederen_sagde_ja", "har_plads",
)  # fmt: skip
STAYS = (
    "id", "plads", "vaert", "gaestens_arbejdsplads", "fandt_hinanden", "tilstand", "foerste_dag", "sidste_dag",
    "gaesten_sagde_ja", "vaerten_sagde_ja",
)  # fmt: skip


@require_safe
@never_cache
@login_required
def dashboard(request: HttpRequest, year: int) -> HttpResponse:
    """Where the round is, and what the editors should look at."""
    its_round, _user = staff_round(request, year)
    form = StaySearchForm(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = overview.stays(its_round, q=asked.get("q", ""), state=asked.get("tilstand", ""))
    context = {
        "form": form,
        "stays": found[: overview.AT_MOST],
        "stays_total": found.count(),
        "round": its_round,
        "rounds": Round.objects.order_by("-year").values_list("year", flat=True)[:20],
        "run": its_round.runs.order_by("-number").first(),
        "funnel": overview.funnel(its_round),
        "shortage": tables(its_round, exact=True),
        "late": _listed(overview.late(its_round)),
        "exceptions": _listed(overview.exceptions(its_round)),
    }
    return render(request, "practicum/running/dashboard.html", context)


def _listed(found: Iterable[tuple[str, QuerySet[Any], str]]) -> list[tuple[str, int, list[Any], str]]:
    """Each list with how many there are; at most AT_MOST are shown."""
    return [(title, rows.count(), list(rows[: overview.AT_MOST]), kind) for title, rows, kind in found]


@require_safe
@never_cache
@login_required
def export(request: HttpRequest, year: int, what: str, kind: str) -> HttpResponseBase:
    """The round's applications or stays, with names. Leaves a line in the log."""
    its_round, user = staff_round(request, year)
    makers = {"ansoegninger": (APPLICATIONS, application_rows), "ophold": (STAYS, stay_rows)}
    if what not in makers or kind not in TYPES:
        raise Http404
    header, rows = makers[what]
    pieces: Iterable[bytes] = ()
    if request.method == "GET":
        if kind == "xlsx":
            pieces = write_xlsx(rows(its_round), header=header, sheet_title=_("Runden %s") % year)
        else:
            pieces = write_csv(rows(its_round), header=header)
        with transaction.atomic():
            log(its_round, action="practicum-export", by=user, reason=f"{what}.{kind}")
    return attached(StreamingHttpResponse(pieces, content_type=TYPES[kind]), f"{what}-{year}", kind)


def application_rows(its_round: Round) -> Iterator[Row]:
    """Applications of a round, oldest first; memory is bounded by a chunk."""
    rows: QuerySet[Application] = its_round.applications.select_related(
        "guest", "workplace"
    ).prefetch_related("wishes", "stays")
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        for row in chunk:
            yield [
                str(row.uuid),
                row.guest.name or row.guest.email,
                row.workplace.name,
                row.workplace.get_sector_display(),
                row.get_state_display(),
                row.days,
                len(row.wishes.all()),
                row.sent_at,
                row.ready_at,
                any(stay.state in overview.SEATED for stay in row.stays.all()),
            ]


def stay_rows(its_round: Round) -> Iterator[Row]:
    """Stays of a round, oldest first, without the guest's name."""
    rows = Stay.objects.filter(round=its_round).select_related("offer__owner", "guest_workplace")
    last = 0
    while chunk := list(rows.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        last = chunk[-1].pk
        for row in chunk:
            yield [
                str(row.uuid),
                row.offer.title,
                row.offer.owner_name,
                row.guest_workplace.name,
                row.get_origin_display(),
                row.get_state_display(),
                row.starts_on,
                row.ends_on,
                row.guest_accepted_at,
                row.host_accepted_at,
            ]

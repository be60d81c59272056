"""Pages for whoever answers a storm's ideas. Editors read along; they do not answer.

Context of the templates (templates/ideastorm/answering/):
  overview.html   storm, progress, late, rows ((idea, answer, support, assessed)), page, show, kinds, can_answer,
                  can_finish, missing, waiting, discussed (form or None)
  answer.html     storm, form, ideas ((idea, answer, is_chosen)), is_bulk, statuses, meanwhile
  news.html       storm, idea, form, news
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Avg, Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from editorial.models.querysets import TransitionError
from guards import once
from guards.ratelimits import limit
from ideastorm.answering import actions
from ideastorm.answering.forms import AnswerForm, DiscussedForm, NewsForm
from ideastorm.answering.late import lateness
from ideastorm.answering.reasons import TEMPLATES
from ideastorm.choices import AnswerStatus, StormPhase
from ideastorm.figures import progress
from ideastorm.models import Idea, IdeaAnswer, Score, Storm, Support
from ideastorm.permissions import (
    Visitor,
    answers_for,
    can_answer,
    can_discuss,
    can_finish,
    can_give_news,
    can_see_counts,
    can_see_scores,
    can_view_storm,
)

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
PER_PAGE = 50
AT_ONCE = 50
"""Ideas answered alike in one go, at most."""
SHOWN = ("mangler", "besvaret", "alle")


def _storm(request: HttpRequest, slug: str) -> tuple[Storm, Visitor]:
    """The storm, for those who answer and for the editors; 404 when it can't be seen, else 403."""
    storm = Storm.objects.with_page().filter(slug=slug).first()
    if storm is None:
        raise Http404
    visitor = Visitor.of(request, storm)
    if not can_view_storm(visitor, storm):
        raise Http404
    if not (answers_for(visitor, storm) or visitor.is_editor):
        raise PermissionDenied
    return storm, visitor


def _address(storm: Storm) -> str:
    return reverse("ideastorm:answers", args=[storm.slug])


@require_safe
@never_cache
@login_required
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """All ideas with their answers: those without one first."""
    storm, visitor = _storm(request, slug)
    return _overview(request, storm, visitor)


def _overview(
    request: HttpRequest,
    storm: Storm,
    visitor: Visitor,
    *,
    discussed: DiscussedForm | None = None,
    error: str = "",
) -> HttpResponse:
    show = request.GET.get("vis", "")
    show = show if show in SHOWN else "mangler"
    ideas = Idea.objects.of_storm(storm).published().standing()
    counts = {"alle": ideas.count(), "besvaret": ideas.answered().count()}
    counts["mangler"] = counts["alle"] - counts["besvaret"]
    chosen = {"mangler": ideas.unanswered(), "besvaret": ideas.answered(), "alle": ideas}[show]
    tag = request.GET.get("emne", "").replace("\0", "")
    if tag:
        chosen = chosen.filter(tags__slug=tag)
    page = Paginator(chosen.order_by("published_at", "pk"), PER_PAGE).get_page(request.GET.get("side"))
    pks = [idea.pk for idea in page.object_list]
    answers = IdeaAnswer.objects.latest_of(pks)
    # Whoever is still to assess here sees neither.
    support = Support.objects.counts(pks) if can_see_counts(visitor, storm) else None
    assessed = _assessed(pks) if can_see_scores(visitor, storm) else {}
    missing, waiting = actions.still_missing(storm)
    may_answer = answers_for(visitor, storm) and storm.is_public and storm.phase != StormPhase.ANNOUNCED
    if discussed is None and can_discuss(visitor, storm):
        discussed = DiscussedForm(
            initial={"discussed_on": storm.discussed_on, "discussed_note": storm.discussed_note}
        )
    context = {
        "storm": storm,
        "progress": progress(storm),
        "late": lateness(storm),
        "rows": [
            (
                idea,
                answers.get(idea.pk),
                None if support is None else support.get(idea.pk, 0),
                assessed.get(idea.pk),
            )
            for idea in page.object_list
        ],
        "page": page,
        "show": show,
        "tag": tag,
        "kinds": [
            ("mangler", _("Mangler svar"), counts["mangler"]),
            ("besvaret", _("Besvaret"), counts["besvaret"]),
            ("alle", _("Alle"), counts["alle"]),
        ],
        "can_answer": may_answer,
        "can_finish": can_finish(visitor, storm),
        "missing": missing,
        "waiting": waiting,
        "discussed": discussed,
        "error": error,
        "statuses": AnswerStatus.choices,
    }
    is_wrong = bool(error) or bool(discussed is not None and discussed.errors)
    return render(request, "ideastorm/answering/overview.html", context, status=422 if is_wrong else 200)


def _assessed(ideas: list[int]) -> dict[int, dict[str, Any]]:
    """Idea → how many have assessed it, and their weighted mean of 1 to 5. One query."""
    rows = (
        Score.objects.filter(assignment__idea__in=ideas, assignment__sent_at__isnull=False)
        .values("assignment__idea", "criterion__weight")
        .annotate(mean=Avg("points"), people=Count("assignment", distinct=True))
    )
    sums: dict[int, list[float]] = {}
    for row in rows.order_by():
        found = sums.setdefault(row["assignment__idea"], [0.0, 0.0, 0.0])
        found[0] += row["mean"] * row["criterion__weight"]
        found[1] += row["criterion__weight"]
        found[2] = max(found[2], row["people"])
    return {
        pk: {"mean": total / weight, "people": int(n)} for pk, (total, weight, n) in sums.items() if weight
    }


@GET_POST
@never_cache
@login_required
def answer(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Answer one idea, or answer it anew."""
    storm, visitor = _storm(request, slug)
    return _answer(request, storm, visitor, _chosen(storm, [str(uuid)], at_least_one=True), is_bulk=False)


@GET_POST
@never_cache
@login_required
def answer_many(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer several ideas alike, from a reason that is made specific first."""
    storm, visitor = _storm(request, slug)
    values = (request.POST if request.method == "POST" else request.GET).getlist("ide")
    ideas = _chosen(storm, values)
    if not ideas and request.method != "POST":
        messages.warning(request, _("Vælg mindst én idé, du vil svare på."))
        return redirect(_address(storm))
    return _answer(request, storm, visitor, ideas, is_bulk=True)


def _chosen(storm: Storm, values: list[str], *, at_least_one: bool = False) -> list[Idea]:
    """The ideas of the storm that are chosen by uuid; what is no uuid is left out."""
    uuids = set()
    for value in values[: 4 * AT_ONCE]:
        try:
            uuids.add(UUID(value))
        except ValueError:
            continue
    ideas = Idea.objects.of_storm(storm).published().filter(uuid__in=uuids).order_by("published_at", "pk")
    found = list(ideas[:AT_ONCE])
    if at_least_one and not found:
        raise Http404
    for idea in found:
        idea.storm = storm
    return found


def _answer(
    request: HttpRequest, storm: Storm, visitor: Visitor, ideas: list[Idea], *, is_bulk: bool
) -> HttpResponse:
    if not answers_for(visitor, storm) or not all(can_answer(visitor, idea) for idea in ideas):
        raise PermissionDenied
    present = IdeaAnswer.objects.latest_of([idea.pk for idea in ideas])
    if request.method != "POST":
        form = AnswerForm(initial=_initial(request, ideas, present, is_bulk=is_bulk))
        return _answer_page(request, storm, form, ideas, present, is_bulk=is_bulk)
    form = AnswerForm(request.POST)
    limit(request, "storm-answer", form=form)
    seen = {idea.pk: _number(request.POST.get(f"set-{idea.uuid}")) for idea in ideas}
    meanwhile: list[Idea] = []
    if not ideas:
        form.add_error(None, _("Vælg mindst én idé, du vil svare på."))
    if form.is_valid():
        assert visitor.account is not None
        token, scope = form.cleaned_data["once"], f"idea-answer:{storm.uuid}:{visitor.account.key}"
        try:
            with transaction.atomic():
                if (before := once.first(token, scope)) is not None:
                    return once.again(request, before, otherwise=_address(storm))
                actions.answer_ideas(storm=storm, seen=seen, fields=form.answer_fields(), visitor=visitor)
                once.done(token, scope, _address(storm))
        except actions.AnsweredMeanwhile as error:
            meanwhile = error.ideas
            form.add_error(None, _meanwhile(meanwhile, is_bulk=is_bulk))
            present = IdeaAnswer.objects.latest_of([idea.pk for idea in ideas])
        else:
            told = ngettext("Svaret på %s idé er gemt.", "Svarene på %s ideer er gemt.", len(ideas)) % len(
                ideas
            )
            messages.success(request, told)
            return redirect(_address(storm))
    return _answer_page(request, storm, form, ideas, present, is_bulk=is_bulk, meanwhile=meanwhile)


def _initial(
    request: HttpRequest, ideas: list[Idea], present: dict[int, IdeaAnswer], *, is_bulk: bool
) -> dict[str, Any]:
    """The template that was asked for, or the idea's present answer."""
    status = request.GET.get("svar", "")
    if status in AnswerStatus.values:
        return {"status": status, "reason": str(TEMPLATES[status]), "sent_on": timezone.localdate()}
    row = present.get(ideas[0].pk) if not is_bulk else None
    if row is None:
        return {}
    return {
        "status": row.status,
        "reason": row.reason,
        "authority": row.authority,
        "sent_on": row.sent_on,
        "entry": row.entry.get_absolute_url() if row.entry else "",
    }


def _number(value: str | None) -> int:
    """The number of the answer that was read; what is none is 0."""
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 5 else 0


def _meanwhile(ideas: list[Idea], *, is_bulk: bool) -> str:
    if not is_bulk:
        return _(
            "En anden har svaret på ideen, mens du skrev. Læs svaret nedenfor. Det, du skrev, står her stadig og "
            "bliver en ny udgave, hvis du sender det."
        )
    return _(
        "En anden har svaret imens på: %s. De er ikke valgt længere. Intet er gemt endnu, og det, du skrev, står her "
        "stadig."
    ) % ", ".join(f"»{idea.title}«" for idea in ideas)


def _answer_page(
    request: HttpRequest,
    storm: Storm,
    form: AnswerForm,
    ideas: list[Idea],
    present: dict[int, IdeaAnswer],
    *,
    is_bulk: bool,
    meanwhile: list[Idea] | None = None,
) -> HttpResponse:
    first = {idea.pk for idea in meanwhile or []}
    was_seen = request.method != "POST" or bool(first)
    context = {
        "storm": storm,
        "form": form,
        "ideas": [
            {
                "idea": idea,
                "answer": present.get(idea.pk),
                "seen": _seen(request, idea, present, was_seen=was_seen),
                "is_chosen": not is_bulk or idea.pk not in first,
            }
            for idea in ideas
        ],
        "is_bulk": is_bulk,
        "meanwhile": bool(first),
        "statuses": AnswerStatus.choices,
    }
    return render(request, "ideastorm/answering/answer.html", context, status=422 if form.errors else 200)


def _seen(request: HttpRequest, idea: Idea, present: dict[int, IdeaAnswer], *, was_seen: bool) -> int:
    """Which answer the page shows; after a mistake still the one that was read first, so that nothing is missed."""
    if not was_seen:
        return _number(request.POST.get(f"set-{idea.uuid}"))
    row = present.get(idea.pk)
    return row.number if row else 0


@GET_POST
@never_cache
@login_required
def news(request: HttpRequest, slug: str, uuid: UUID) -> HttpResponse:
    """Say what happened later with an idea."""
    storm, visitor = _storm(request, slug)
    idea = _chosen(storm, [str(uuid)], at_least_one=True)[0]
    if not can_give_news(visitor, idea):
        raise PermissionDenied
    form = NewsForm(request.POST or None, initial={"happened_on": timezone.localdate()})
    if request.method == "POST":
        form = NewsForm(request.POST)
        limit(request, "storm-answer", form=form)
        if form.is_valid():
            assert visitor.account is not None
            token, scope = form.cleaned_data["once"], f"idea-news:{idea.uuid}:{visitor.account.key}"
            with transaction.atomic():
                if (before := once.first(token, scope)) is not None:
                    return once.again(request, before)
                actions.give_news(idea=idea, fields=form.news_fields(), visitor=visitor)
                once.done(token, scope, idea.get_absolute_url())
            messages.success(request, _("Det nye står nu under ideen."))
            return redirect(idea)
    context = {"storm": storm, "idea": idea, "form": form, "news": idea.news.select_related("became")[:50]}
    return render(request, "ideastorm/answering/news.html", context, status=422 if form.errors else 200)


@require_POST
@never_cache
@login_required
def finish(request: HttpRequest, slug: str) -> HttpResponse:
    """Finish a storm in which every idea has an answer."""
    storm, visitor = _storm(request, slug)
    if storm.finished_at is None and not can_finish(visitor, storm):
        raise PermissionDenied
    limit(request, "storm-answer")
    try:
        if actions.finish(storm=storm, visitor=visitor):
            messages.success(request, _("Idéstormen er afsluttet. Resultaterne står her."))
    except TransitionError as error:
        return _overview(request, storm, visitor, error=" ".join(error.messages))
    return redirect("ideastorm:results", storm.slug)


@require_POST
@never_cache
@login_required
def discussed(request: HttpRequest, slug: str) -> HttpResponse:
    """Write when the workplace discussed its own storm in MED or SU."""
    storm, visitor = _storm(request, slug)
    if not can_discuss(visitor, storm):
        raise PermissionDenied
    form = DiscussedForm(request.POST)
    limit(request, "storm-answer", form=form)
    if not form.is_valid():
        return _overview(request, storm, visitor, discussed=form)
    actions.set_discussed(
        storm=storm, day=form.cleaned_data["discussed_on"], note=form.cleaned_data["discussed_note"]
    )
    messages.success(request, _("Det er gemt og står på idéstormens side."))
    return redirect(_address(storm))

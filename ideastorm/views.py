"""Pages of storms and ideas.

Context of the templates (templates/ideastorm/):
  storm_list.html   open, coming, waiting (being assessed), page (finished)
  storm.html        storm, countdown, dots, listing, cards (IdeaCard), page, can_give, is_for_me, progress, late,
                    can_answer, unanswered (of one closed openly), assessing, follow; the partial
                    #results is what htmx gets
  idea.html         idea, storm, author, answer, answers, news, raised_by, assessors, comments, comment_page,
                    comment_count, button, follow, support (or None), additions, waiting_additions (the
                    author's own, a number), versions, merged, can (a dict of what the visitor may do)
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers

from editorial.models import ContentSlug
from editorial.reading import count_reading
from ideastorm.answering.late import lateness
from ideastorm.assessing.views import ways as assessing_ways
from ideastorm.choices import OPEN_PHASES, StormPhase
from ideastorm.commenting.lists import comment_page as comments_of
from ideastorm.dots import dots
from ideastorm.figures import progress
from ideastorm.following.buttons import follow_button
from ideastorm.lists import IdeaCard, idea_cards, idea_listing
from ideastorm.models import Idea, Storm, Support
from ideastorm.opened import listed_storms, open_storms
from ideastorm.permissions import (
    Visitor,
    answers_for,
    can_add_to_idea,
    can_answer,
    can_assess,
    can_comment,
    can_edit_idea,
    can_edit_storm,
    can_give_idea,
    can_give_news,
    can_merge,
    can_see_authors,
    can_see_counts,
    can_support,
    can_take_part,
    can_view_idea,
    can_view_storm,
    is_author,
)
from ideastorm.showing import author_line, countdown
from ideastorm.supporting.buttons import buttons
from search.listing import PageOutOfRange
from search.paging import past_the_end

SHOWN = 50
"""Storms that are open, coming or being assessed, on the list at most."""
PER_PAGE = 20
UNANSWERED = 200
"""Ideas without an answer that a storm closed openly lists, at most."""


@require_safe
def storm_list(request: HttpRequest) -> HttpResponse:
    """All storms: those that one can take part in first."""
    storms = listed_storms()
    context: dict[str, Any] = {
        "coming": storms.in_phase(StormPhase.ANNOUNCED).order_by("opens_at", "pk")[:SHOWN],
        "waiting": storms.in_phase(StormPhase.ASSESSMENT).order_by("promised_on", "pk")[:SHOWN],
    }
    for name, rows in context.items():
        context[name] = [(storm, countdown(storm)) for storm in rows]
    context["open"] = open_storms(SHOWN)
    finished = storms.in_phase(StormPhase.RESULTS).order_by("-finished_at", "-pk")
    context["page"] = Paginator(finished, PER_PAGE).get_page(request.GET.get("side"))
    return render(request, "ideastorm/storm_list.html", context)


@require_safe
@vary_on_headers("HX-Request")
def storm_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A storm by its slug, with its ideas; an old slug answers 301 to the present one."""
    storm = Storm.objects.with_page().filter(slug=slug).first()
    if storm is None:
        former = get_object_or_404(ContentSlug, slug=slug, content__slug__isnull=False)
        found = get_object_or_404(Storm, pk=former.content_id)
        if not can_view_storm(Visitor.of(request), found):
            raise Http404
        return redirect(found.get_absolute_url(), permanent=True)
    return _storm_page(request, storm)


@require_safe
def storm_preview(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A storm by its uuid: how it is seen before it is public; then it leads to its address."""
    storm = Storm.objects.with_page().filter(uuid=uuid).first()
    if storm is None or not can_view_storm(Visitor.of(request), storm):
        raise Http404
    if storm.slug:
        return redirect(storm.get_absolute_url())
    return _storm_page(request, storm)


def _storm_page(request: HttpRequest, storm: Storm) -> HttpResponse:
    visitor = Visitor.of(request, storm)
    if not can_view_storm(visitor, storm):
        raise Http404
    if storm.is_public:
        count_reading(request, content=storm)
    listing = idea_listing(request, storm)
    try:
        page = listing.page
    except PageOutOfRange as error:
        return past_the_end(request, listing, error, heading=storm.title)
    left = countdown(storm)
    context = {
        "storm": storm,
        "countdown": left,
        "dots": dots(left) if left.day else None,
        "listing": listing,
        "page": page,
        "cards": _with_buttons(
            request,
            idea_cards(list(page.object_list), storm=storm, visitor=visitor, hits=listing.hits),
            storm=storm,
            visitor=visitor,
        ),
        "can_give": can_give_idea(visitor, storm),
        "is_for_me": can_take_part(visitor, storm),
        "can_edit": can_edit_storm(visitor),
        "follow": follow_button(visitor, storm),
        "assessing": assessing_ways(visitor, storm),
        "progress": progress(storm) if storm.phase != StormPhase.ANNOUNCED else None,
        "late": lateness(storm) if storm.phase == StormPhase.ASSESSMENT else None,
        "can_answer": answers_for(visitor, storm) or visitor.is_editor,
        "unanswered": Idea.objects.of_storm(storm).unanswered()[:UNANSWERED] if storm.closed_openly else [],
    }
    template = "ideastorm/storm.html"
    response = render(request, f"{template}#results" if request.htmx else template, context)  # type: ignore[attr-defined]
    return _private(response, storm.is_public)


def _with_buttons(
    request: HttpRequest, cards: list[IdeaCard], *, storm: Storm, visitor: Visitor
) -> list[IdeaCard]:
    """The cards with what this visitor can do about supporting each."""
    found = buttons(request, [card.idea for card in cards], storm=storm, visitor=visitor)
    return [replace(card, button=found.get(card.idea.pk, "")) for card in cards]


@require_safe
def any_idea(request: HttpRequest, slug: str) -> HttpResponse:
    """An idea by its slug alone, as search and lists of all areas know it: leads to its page under its storm."""
    idea = Idea.objects.select_related("storm").filter(slug=slug).first()
    if idea is None:
        former = get_object_or_404(ContentSlug, slug=slug, content__slug__isnull=False)
        idea = get_object_or_404(Idea.objects.select_related("storm"), pk=former.content_id)
    if not can_view_idea(Visitor.of(request), idea):
        raise Http404
    return redirect(idea.get_absolute_url(), permanent=True)


@require_safe
def idea_detail(request: HttpRequest, storm: str, slug: str) -> HttpResponse:
    """An idea under its storm; an old slug of either answers 301 to the present address."""
    idea = Idea.objects.with_page().filter(slug=slug).first()
    if idea is None or idea.storm.slug != storm:
        known = ContentSlug.objects.filter(slug=storm, content__kind="idestorm").exists()
        if not known:
            raise Http404
        return any_idea(request, slug)
    return _idea_page(request, idea)


@require_safe
def idea_preview(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """An idea by its uuid: how its sender and the editors see it before; once public, it leads to its address."""
    idea = Idea.objects.with_page().filter(uuid=uuid).first()
    if idea is None or not can_view_idea(Visitor.of(request), idea):
        raise Http404
    if idea.slug:
        return redirect(idea.get_absolute_url())
    return _idea_page(request, idea)


def _idea_page(request: HttpRequest, idea: Idea) -> HttpResponse:
    storm = idea.storm = Storm.objects.with_phase().select_related("answerer", "owner").get(pk=idea.storm_id)
    visitor = Visitor.of(request, storm)
    if not can_view_idea(visitor, idea):
        raise Http404
    if idea.is_public:
        count_reading(request, content=idea)
    comments, comment_page, comment_count = comments_of(
        idea, request.GET.get("kommentarer", "1"), with_authors=can_see_authors(visitor, storm)
    )
    answers = list(idea.answers.select_related("entry").order_by("-number"))
    context = {
        "idea": idea,
        "storm": storm,
        "author": author_line(idea) if can_see_authors(visitor, storm) else "",
        "answer": answers[0] if answers else None,
        "answers": answers,
        "news": idea.news.select_related("became__owner"),
        "raised_by": author_line(raised)
        if (raised := idea.raised_from) and can_see_authors(visitor, storm)
        else "",
        "assessors": idea.assignments.exclude(sent_at=None).count() if answers else 0,
        "support": Support.objects.of_group(idea).people() if can_see_counts(visitor, storm) else None,
        "is_mine": visitor.account is not None and idea.author_id == visitor.account.pk,
        "comments": comments,
        "comment_page": comment_page,
        "comment_count": comment_count,
        "button": buttons(request, [idea], storm=storm, visitor=visitor).get(idea.pk, ""),
        "follow": follow_button(visitor, idea),
        "additions": idea.additions.filter(visible=True),
        "waiting_additions": _waiting_additions(visitor, idea),
        "versions": idea.versions.all()[:20],
        "merged": _credited(idea, visitor),
        "can": {
            "support": can_support(visitor, idea),
            "comment": can_comment(visitor, idea),
            "log_in_to_comment": visitor.account is None
            and idea.is_public
            and idea.merged_into_id is None
            and storm.phase in OPEN_PHASES,
            "edit": can_edit_idea(visitor, idea),
            "add": can_add_to_idea(visitor, idea),
            "assess": can_assess(visitor, idea),
            "answer": can_answer(visitor, idea),
            "news": bool(answers) and can_give_news(visitor, idea),
            "moderate": visitor.is_editor,
            "merge": idea.is_public and can_merge(visitor, storm),
        },
    }
    response = render(request, "ideastorm/idea.html", context)
    return _private(response, idea.is_public and storm.is_public)


def _waiting_additions(visitor: Visitor, idea: Idea) -> int:
    """How many additions of the author's own the editors have not read, so that nobody sends one again."""
    if not is_author(visitor, idea):
        return 0
    return idea.additions.filter(visible=False, item__decided_at=None).exclude(item=None).count()


def _credited(idea: Idea, visitor: Visitor) -> list[tuple[Idea, str]]:
    """What was joined into the idea, with whom to credit; no name for who is to assess."""
    named = can_see_authors(visitor, idea.storm)
    rows = idea.merged.published().with_card().order_by("published_at", "pk")[:20]
    return [(row, author_line(row) if named else "") for row in rows]


def _private(response: HttpResponse, is_public: bool) -> HttpResponse:
    """What differs from visitor to visitor stays in nobody else's cache; what is not public in none."""
    if is_public:
        patch_cache_control(response, private=True)
    else:
        add_never_cache_headers(response)
    return response

"""Pages of the citizens' good stories.

Context of the templates (templates/catalogue/stories/):
  list.html    listing, cards (StoryCard), page, heading; the partial #results is what htmx gets
  story.html   story, thanks, examples, can_edit, can_thank
  tell.html    form
  told.html    receipts: (title, code) of what this browser has just sent
  thank.html   story, form
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import resolve, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from accounts.models import User
from catalogue.models import Entry, Story
from catalogue.stories.actions import tell_story, thank
from catalogue.stories.forms import TellForm, ThanksForm
from catalogue.stories.lists import story_cards, story_listing
from catalogue.stories.permissions import can_edit_story, can_thank, can_view_story
from editorial import picture_forms, receipts, staging
from editorial.models import ContentSlug
from editorial.reading import count_reading
from guards import once
from guards.ratelimits import limit
from places.models import Workplace
from places.permissions import speaks_for
from search.listing import PageOutOfRange
from search.paging import past_the_end

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
SUGGESTED = 300
"""Workplaces of a municipality that are suggested."""


@require_safe
@vary_on_headers("HX-Request")
def story_list(request: HttpRequest) -> HttpResponse:
    """All good stories, with search and facets."""
    listing = story_listing(request.GET)
    heading = _("Gode historier")
    try:
        page = listing.page
    except PageOutOfRange as error:
        return past_the_end(request, listing, error, heading=heading)
    cards = story_cards(list(page.object_list), listing.hits)
    context = {"listing": listing, "page": page, "cards": cards, "heading": heading}
    template = "catalogue/stories/list.html"
    return render(request, f"{template}#results" if request.htmx else template, context)  # type: ignore[attr-defined]


@require_safe
def story_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A story by its slug; an old slug answers 301 to the present one."""
    story = Story.objects.with_page().filter(slug=slug).first()
    if story is None:
        former = get_object_or_404(ContentSlug, slug=slug, content__slug__isnull=False)
        found = get_object_or_404(Story, pk=former.content_id)
        if not can_view_story(request, found):
            raise Http404
        return redirect(found.get_absolute_url(), permanent=True)
    return _story_page(request, story)


@require_safe
def story_preview(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A story by its uuid: how its sender and the editors see it before; once public, it leads to its address."""
    story = Story.objects.with_page().filter(uuid=uuid).first()
    if story is None or not can_view_story(request, story):
        raise Http404
    if story.slug:
        return redirect(story.get_absolute_url())
    return _story_page(request, story)


def _story_page(request: HttpRequest, story: Story) -> HttpResponse:
    if not can_view_story(request, story):
        raise Http404
    if story.is_public:
        count_reading(request, content=story)
    context = {
        "story": story,
        "thanks": story.thanks.filter(visible=True).select_related("workplace")[:10],
        "examples": Entry.objects.published()
        .filter(from_story=story)
        .only("slug", "uuid", "kind", "title")[:5],
        "can_edit": can_edit_story(request.user),
        "can_thank": can_thank(request.user, story),
    }
    response = render(request, "catalogue/stories/story.html", context)
    if not story.is_public:
        add_never_cache_headers(response)
    return response


@GET_POST
@never_cache
def tell(request: HttpRequest) -> HttpResponse:
    """Tell a story; no account is needed."""
    by = request.user if isinstance(request.user, User) else None
    if request.method != "POST":
        receipts.new(request)  # forgets what is too old
        return render(request, "catalogue/stories/tell.html", {"form": TellForm(with_contact=by is None)})
    waiting = staging.staged(request, request.POST.get("once", ""))
    form = TellForm(request.POST, request.FILES, with_contact=by is None, staged=waiting)
    limit(request, "story", form=form)
    if form.is_valid() and picture_forms.store(form):
        fields = form.story_fields()
        if _told_before(request, fields):
            return once.again(request, reverse("catalogue:story_told"))
        token, scope = form.cleaned_data["once"], f"story:{by.key if by else ''}"
        try:
            with transaction.atomic():
                if (before := once.first(token, scope)) is None:
                    story = tell_story(
                        fields=fields, by=by, email=form.cleaned_data.get("email", ""), picture=form.stored,
                        alt=form.cleaned_data["alt"], token=token,
                    )  # fmt: skip
                    once.done(token, scope, reverse("catalogue:story_preview", args=[story.uuid]))
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            # The answer to the first one may have been lost, and with it the code: so this browser may read it too.
            staging.clear(request)
            uuid = story.uuid if before is None else resolve(before).kwargs.get("uuid")
            if by is None and uuid:
                receipts.remember(request, uuid, token)
            told_page = reverse("catalogue:story_told")
            return redirect(told_page) if before is None else once.again(request, told_page)
    picture_forms.keep(request, form)
    return render(request, "catalogue/stories/tell.html", {"form": form}, status=422)


def _told_before(request: HttpRequest, fields: dict[str, Any]) -> bool:
    """Whether this browser has just told the same story: somebody went back after sending, and sent it again."""
    just_sent = [receipt.content.typed() for receipt, _code in receipts.new(request)]
    return any(all(getattr(story, name, None) == new for name, new in fields.items()) for story in just_sent)


@require_safe
@never_cache
def told(request: HttpRequest) -> HttpResponse:
    """Thanks, and the code of the receipt for the one who has just sent the story; nobody else sees a code here."""
    shown = [(receipt.content.title, code) for receipt, code in receipts.new(request)]
    return render(request, "catalogue/stories/told.html", {"receipts": shown})


@require_safe
def workplaces(request: HttpRequest) -> JsonResponse:
    """{"navne": […]}: the workplaces of a municipality, for the suggestions while a story is told."""
    code = request.GET.get("kommune", "")
    names: list[str] = []
    if code.isascii() and code.isdigit() and len(code) < 5:
        rows = Workplace.objects.active().filter(municipality_id=code).order_by("sort_key")
        names = list(rows.values_list("name", flat=True)[:SUGGESTED])
    return JsonResponse({"navne": names}, json_dumps_params={"ensure_ascii": False})


@GET_POST
@login_required
@never_cache
def thank_for(request: HttpRequest, slug: str) -> HttpResponse:
    """A contact person thanks for a story about the workplace."""
    story = get_object_or_404(Story.objects.readable().with_card(), slug=slug)
    user = request.user
    assert isinstance(user, User)
    if not can_thank(user, story) and request.method != "POST":
        raise PermissionDenied
    form = ThanksForm(request.POST or None)
    if request.method == "POST":
        limit(request, "thanks", form=form)
        if story.owner is None or not speaks_for(user, story.owner):
            raise PermissionDenied
        if form.is_valid():
            token, scope = form.cleaned_data["once"], f"thanks:{user.key}"
            try:
                with transaction.atomic():
                    if once.first(token, scope) is None:
                        thank(story=story, text=form.cleaned_data["text"].strip(), by=user)
                        once.done(token, scope, story.get_absolute_url())
            except ValidationError as error:
                form.add_error(None, ValidationError(error.messages))
            else:
                messages.success(
                    request, _("Tak. Redaktionen læser jeres tak, før den bliver vist under historien.")
                )
                return redirect(story.get_absolute_url())
    status = 422 if form.is_bound else 200
    return render(request, "catalogue/stories/thank.html", {"story": story, "form": form}, status=status)

"""Pages of the innovation landscape: workplaces, projects and innovation units."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from editorial import workplace_pages
from editorial.confirming.actions import is_silent
from editorial.models import ContentSlug
from editorial.permissions import can_correct
from editorial.proposals.kinds import edit_address, withdrawal_address
from editorial.reading import count_reading
from mapping.elsewhere import elsewhere
from mapping.models import Project, Unit
from mapping.permissions import can_claim, can_correct_workplace, can_edit, can_view
from mapping.sections import filled_sections, key_facts
from mapping.small_map import small_map
from mapping.workplace import groups, own, takes_part
from places.areas import Geography
from places.models import Workplace, WorkplaceSlug

SHOWN = 50
"""Workplaces under a workplace that its page names."""


@require_safe
def workplace_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A workplace: what it is called and was called, where it is, what became of it, and what it shares.

    Those who speak for it, and the editors, also see what is read and what they can do. An old slug answers 301.

    Context: workplace, small_map, where, periods (former names), successors, predecessors, children, groups (Group),
    takes_part, panels; is_unconfirmed (it was asked if what stands there is right, and has not answered in a month);
    own (Own) for its own people; can_claim.
    """
    workplace = Workplace.objects.with_place().filter(slug=slug).first()
    if workplace is None:
        former = get_object_or_404(WorkplaceSlug.objects.select_related("workplace"), slug=slug)
        if former.workplace is None:
            raise Http404
        return redirect(former.workplace.get_absolute_url(), permanent=True)
    count_reading(request, workplace=workplace)
    geography = Geography.current()
    context = {
        "workplace": workplace,
        "small_map": small_map(workplace, geography),
        "region": geography.region_of(workplace.municipality_id or ""),
        "periods": [p for p in workplace.periods.all() if p.name != workplace.name],
        "successors": workplace.successions.select_related("successor"),
        "predecessors": workplace.predecessions.select_related("predecessor"),
        "children": workplace.children.active()[:SHOWN],
        "groups": groups(workplace),
        "takes_part": takes_part(workplace),
        "is_unconfirmed": is_silent(workplace),
        "panels": workplace_pages.panels(workplace),
        "own": own(request.user, workplace),
        "can_claim": can_claim(request.user, workplace),
        "can_correct": can_correct_workplace(request.user, workplace),
    }
    response = render(request, "mapping/workplace_detail.html", context)
    if context["own"]:
        add_never_cache_headers(response)
    return response


@require_safe
def project_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """A project by its slug; an old slug answers 301 to the present one."""
    return _by_slug(request, Project, slug)


@require_safe
def project_preview(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A project by its uuid: how what was never published is seen; once public, it leads to its address."""
    return _by_uuid(request, Project, uuid)


@require_safe
def unit_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """An innovation unit by its slug; an old slug answers 301 to the present one."""
    return _by_slug(request, Unit, slug)


@require_safe
def unit_preview(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """An innovation unit by its uuid: how what was never published is seen; once public, it leads to its address."""
    return _by_uuid(request, Unit, uuid)


def _by_slug(request: HttpRequest, model: type[Project] | type[Unit], slug: str) -> HttpResponse:
    content = model.objects.with_page().filter(slug=slug).first()
    if content is None:
        former = get_object_or_404(ContentSlug, slug=slug, content__slug__isnull=False)
        found: Any = get_object_or_404(model, pk=former.content_id)
        if not can_view(request.user, found):
            raise Http404
        return redirect(found.get_absolute_url(), permanent=True)
    return _content_page(request, content)


def _by_uuid(request: HttpRequest, model: type[Project] | type[Unit], uuid: UUID) -> HttpResponse:
    content = model.objects.with_page().filter(uuid=uuid).first()
    if content is None or not can_view(request.user, content):
        raise Http404
    if content.slug:
        return redirect(content.get_absolute_url())
    return _content_page(request, content)


def previewed_page(request: HttpRequest, uuid: UUID, **more: Any) -> HttpResponse:
    """A project or unit as a proposal shows it before it is sent."""
    for model in (Project, Unit):
        rows: Any = model.objects
        if content := rows.with_page().filter(uuid=uuid).first():
            return _content_page(request, content, **more)
    raise Http404


def _content_page(request: HttpRequest, content: Project | Unit, **more: Any) -> HttpResponse:
    """The page of a project or unit, for who may see it.

    Context: content, facts, sections, became (the same thing elsewhere on the portal, or what it led to),
    small_map, can_edit, admin_url, edit_url and withdrawal_url for those who may correct it; `preview` and
    `preview_back` while it is being written.
    """
    if not can_view(request.user, content):
        raise Http404
    corrects = content.is_public and can_correct(request.user, content)
    if content.is_public and "preview" not in more:
        count_reading(request, content=content)
    name = content._meta.model_name
    context: dict[str, Any] = {
        "content": content,
        "facts": key_facts(content),
        "sections": filled_sections(content),
        "became": elsewhere(content),
        "became_title": _("Det førte til") if isinstance(content, Project) else _("Står også her"),
        "small_map": small_map(content, Geography.current()),
        "can_edit": can_edit(request.user, content),
        "admin_url": reverse(f"admin:mapping_{name}_change", args=[content.pk]),
        "edit_url": edit_address(content) if corrects else None,
        "withdrawal_url": withdrawal_address(content) if corrects else None,
        **more,
    }
    response = render(request, "mapping/content_detail.html", context)
    if not content.is_public:
        add_never_cache_headers(response)  # what was taken down stays in nobody's cache
    return response

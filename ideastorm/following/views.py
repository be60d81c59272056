"""Following and stopping: buttons that post, on the pages of storms and ideas and on Min side."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.models import User
from guards.ratelimits import limit
from ideastorm.following import actions
from ideastorm.models import Idea, Storm
from ideastorm.permissions import Visitor, can_follow, can_view_storm
from ideastorm.supporting.views import find_idea


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@require_POST
@never_cache
def follow_storm(request: HttpRequest, slug: str) -> HttpResponse:
    """Follow a storm; who is not logged in is asked to, and comes back to its page."""
    storm = Storm.objects.with_phase().filter(slug=slug).first()
    visitor = Visitor.of(request)
    if storm is None or not can_view_storm(visitor, storm):
        raise Http404
    return _follow(request, visitor, storm.get_absolute_url(), storm)


@require_POST
@never_cache
def follow_idea(request: HttpRequest, storm: str, slug: str) -> HttpResponse:
    """Follow an idea, as one follows a storm."""
    idea, visitor = find_idea(request, storm, slug)
    return _follow(request, visitor, idea.get_absolute_url(), idea)


def _follow(request: HttpRequest, visitor: Visitor, page: str, thing: Storm | Idea) -> HttpResponse:
    if visitor.account is None:
        return redirect_to_login(page)
    if not can_follow(visitor, thing):
        raise PermissionDenied
    limit(request, "follow")
    actions.follow(visitor.account, thing)
    messages.success(request, _("Du følger »%s«. På Min side kan du stoppe igen.") % thing.title)
    return redirect(page)


@require_POST
@never_cache
@login_required
def stop(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Stop following, also what is hidden now. Twice is once."""
    limit(request, "follow")
    row = actions.stop(_me(request), uuid)
    if row is not None:
        messages.success(request, _("Du følger det ikke mere."))
    thing = (row.storm or row.idea) if row else None
    if thing is None or "min-side" in request.POST or not _is_public(thing):
        return redirect("my_page")
    return redirect(thing.get_absolute_url())


def _is_public(thing: Storm | Idea) -> bool:
    return thing.is_public and (isinstance(thing, Storm) or thing.storm.is_public)

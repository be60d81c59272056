"""Pages on which somebody puts a workplace on the map, or corrects theirs.

Context of the templates (templates/mapping/adding/):
  add.html       form, alike
  correct.html   form, workplace
  alike.html     alike (workplaces that look like the name)
"""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from editorial.permissions import can_propose
from editorial.proposals.views import signed_in
from guards import once
from guards.ratelimits import limited
from mapping.adding.actions import alike, propose_correction, propose_workplace
from mapping.adding.entries import suggested
from mapping.adding.forms import CorrectForm, WorkplaceForm
from mapping.permissions import can_correct_workplace
from places.models import Workplace

GET_POST = require_http_methods(["GET", "HEAD", "POST"])


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@GET_POST
@limited("proposal")
@never_cache
def add_workplace(request: HttpRequest) -> HttpResponseBase:
    """Put a workplace on the map. Who has no account reads why it takes one, on the way to the login."""
    if not request.user.is_authenticated:
        why = _("Log ind for at sætte noget på kortet. Så kan du få svar, og vi ved, hvem der kender stedet.")
        messages.info(request, why)
        return redirect_to_login(request.get_full_path())
    user, allowed = _user(request), can_propose(request.user)
    if request.method == "POST" and not allowed:
        raise PermissionDenied
    form = WorkplaceForm(request.POST if request.method == "POST" else None)
    twins: list[Workplace] = []
    if request.method == "POST":
        if form.is_valid():
            token, scope = form.cleaned_data["once"], f"workplace:{user.key}"
            with transaction.atomic():
                if once.first(token, scope) is None:
                    propose_workplace(facts=form.facts(), message=form.cleaned_data["message"], by=user)
                    once.done(token, scope, reverse("my_page"))
            messages.success(request, _("Tak. Redaktionen ser på det, og du får svar. Her kan du følge det."))
            return redirect("my_page")
        twins = alike(form.data.get("name", "")[:160], municipality=form.data.get("municipality", ""))
    context = {"form": form, "allowed": allowed, "alike": twins}
    return render(request, "mapping/adding/add.html", context, status=422 if form.is_bound else 200)


@GET_POST
@limited("proposal")
@never_cache
@login_required
def correct_workplace(request: HttpRequest, slug: str) -> HttpResponseBase:
    """A contact person corrects where their workplace is; the editors see it before it is shown."""
    workplace = get_object_or_404(Workplace.objects.with_place(), slug=slug)
    user = _user(request)
    if not can_correct_workplace(user, workplace):
        raise PermissionDenied
    form = CorrectForm(request.POST if request.method == "POST" else None, workplace=workplace)
    if request.method == "POST" and form.is_valid():
        token, scope = form.cleaned_data["once"], f"workplace:{user.key}"
        try:
            with transaction.atomic():
                if once.first(token, scope) is None:
                    propose_correction(
                        workplace=workplace, before=form.before, facts=form.facts(),
                        message=form.cleaned_data["message"], by=user,
                    )  # fmt: skip
                    once.done(token, scope, workplace.get_absolute_url())
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            messages.success(request, _("Tak. Redaktionen ser på rettelsen, før den bliver vist."))
            return redirect(workplace.get_absolute_url())
    context = {"form": form, "workplace": workplace}
    return render(request, "mapping/adding/correct.html", context, status=422 if form.is_bound else 200)


@require_safe
@never_cache
@login_required
def alike_workplaces(request: HttpRequest) -> HttpResponse:
    """Workplaces that look like the name somebody is writing."""
    name, municipality = request.GET.get("navn", "")[:160], request.GET.get("kommune", "")[:4]
    return render(request, "mapping/adding/alike.html", {"alike": alike(name, municipality=municipality)})


@require_safe
@never_cache
@signed_in
def entry_names(request: HttpRequest) -> JsonResponse:
    """Titles of public entries that hold what has been typed so far."""
    return JsonResponse({"forslag": suggested(request.GET.get("q", ""))})

"""My workplaces and roles: ask, vouch, answer colleagues, confirm, leave."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.addresses import verified_addresses
from accounts.models import User
from editorial.actions import KIND_WORKPLACE
from editorial.membership_forms import AskRoleForm, ReasonForm, VouchForm
from editorial.memberships import answer_role, ask_role, leave_role, remove_role, take_vouch
from guards.ratelimits import limited
from places import memberships
from places.models import Membership, Role, Workplace
from places.permissions import can_approve, can_remove, can_vouch, is_public_employee, speaks_for, waiting_for
from search.selection import Selection

FOUND_AT_MOST = 20
ROLES_AT_MOST = 50
GET_POST = require_http_methods(["GET", "HEAD", "POST"])


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


def _reason_form(membership: Membership, data: Any = None) -> ReasonForm:
    """Why a role is turned down or ended; ids of its own for each role on the page."""
    return ReasonForm(data, auto_id=f"r-{membership.uuid}-%s")


@require_safe
@never_cache
@login_required
def workplaces(request: HttpRequest) -> HttpResponse:
    """My roles, and colleagues who wait for my answer."""
    user = _user(request)
    mine = (
        Membership.objects.filter(user=user)
        .open()
        .select_related("workplace")
        .order_by("workplace__sort_key", "role")
    )
    rows = [(m, can_vouch(user, m.workplace)) for m in mine[:50]]
    context = {
        "rows": rows,
        "waiting": waiting_for(user)[:50],
        "is_employee": is_public_employee(user),
        "addresses": verified_addresses(user),
    }
    return render(request, "editorial/roles/workplaces.html", context)


@require_safe
@never_cache
@login_required
def find(request: HttpRequest) -> HttpResponse:
    """Find the workplace one has a role at, by any name it has or had."""
    q = request.GET.get("q", "").strip()[:100]
    found: list[Workplace] = []
    if q:
        keys = Selection.of_kinds((KIND_WORKPLACE,)).search(q).ids("relevans", stop=FOUND_AT_MOST)
        found = list(Workplace.objects.active().with_place().filter(document__pk__in=keys))
    return render(request, "editorial/roles/find.html", {"q": q, "found": found})


@GET_POST
@limited("membership")
@never_cache
@login_required
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for a role at a workplace."""
    workplace = get_object_or_404(Workplace.objects.active(), slug=slug)
    form = AskRoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            membership = ask_role(user=_user(request), workplace=workplace, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            if membership.state == "active":
                messages.info(request, _("Du har allerede den rolle."))
            else:
                messages.success(request, _("Tak. Du får svar, så snart nogen har set på det."))
            return redirect("editorial:workplaces")
    context = {"workplace": workplace, "form": form}
    return render(request, "editorial/roles/ask.html", context, status=422 if form.is_bound else 200)


@require_safe
@never_cache
@login_required
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """The people of a workplace, for those who speak for it or lead it; for others there is no such page."""
    workplace = get_object_or_404(Workplace, slug=slug)
    return _people_page(request, workplace)


def _people_page(
    request: HttpRequest,
    workplace: Workplace,
    *,
    vouch: VouchForm | None = None,
    link: str = "",
    refused: tuple[Membership, ReasonForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    user = _user(request)
    if not can_vouch(user, workplace):
        raise Http404
    rows = (
        Membership.objects.filter(workplace=workplace)
        .open()
        .select_related("user")
        .order_by("role", "created_at")
    )
    context = {
        "workplace": workplace,
        "rows": [
            (
                row,
                can_approve(user, row),
                can_remove(user, row),
                refused[1] if refused and refused[0].pk == row.pk else _reason_form(row),
            )
            for row in rows[:100]
        ],
        "is_contact": speaks_for(user, workplace),
        "vouch": vouch or VouchForm(),
        "link": link,
        "refused": refused[1] if refused else None,
    }
    return render(request, "editorial/roles/people.html", context, status=status)


@require_POST
@limited("vouch")
@never_cache
@login_required
def make_vouch(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a link by which a colleague gets a role; it is shown once."""
    workplace = get_object_or_404(Workplace, slug=slug)
    if not can_vouch(_user(request), workplace):
        raise Http404
    form = VouchForm(request.POST)
    if form.is_valid():
        try:
            _vouch, token = memberships.make_vouch(
                workplace=workplace, by=_user(request), **form.cleaned_data
            )
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
        else:
            link = request.build_absolute_uri(reverse("editorial:vouch", args=[token]))
            return _people_page(request, workplace, link=link)
    return _people_page(request, workplace, vouch=form, status=422)


@GET_POST
@limited("vouch")
@never_cache
@login_required
def vouch(request: HttpRequest, token: str) -> HttpResponse:
    """Take the role that a colleague vouches for. Looking uses nothing."""
    problem, found = "", None
    try:
        if request.method == "POST":
            membership = take_vouch(token=token, user=_user(request))
            names = {"role": membership.get_role_display().lower(), "workplace": membership.workplace.name}
            messages.success(request, _("Du er nu %(role)s på %(workplace)s.") % names)
            return redirect("editorial:workplaces")
        found = memberships.find_vouch(token)
    except memberships.MembershipError as error:
        if memberships.taken(token=token, user=_user(request)):
            messages.info(request, _("Du har allerede brugt linket, og rollen er din."))
            return redirect("editorial:workplaces")
        problem = " ".join(error.messages)
    context = {
        "vouch": found,
        "problem": problem,
        "role": dict(Role.choices).get(found.role, "") if found else "",
    }
    return render(request, "editorial/roles/vouch.html", context, status=422 if problem else 200)


@require_POST
@limited("membership")
@login_required
def answer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Answer a colleague who asks for a role, or end one's role: approve, decline, remove."""
    user = _user(request)
    membership = get_object_or_404(Membership.objects.select_related("workplace", "user"), uuid=uuid)
    if not (can_approve(user, membership) or can_remove(user, membership)):
        raise Http404
    what, form = request.POST.get("svar", ""), _reason_form(membership, request.POST)
    form.fields["reason"].required = what != "approve"
    if not form.is_valid() and can_vouch(user, membership.workplace):
        return _people_page(request, membership.workplace, refused=(membership, form), status=422)
    try:
        if not form.is_valid():
            raise ValidationError([text for texts in form.errors.values() for text in texts])
        reason = form.cleaned_data["reason"]
        if what == "remove":
            remove_role(membership=membership, by=user, reason=reason)
        elif what in ("approve", "decline"):
            answer_role(membership=membership, by=user, approved=what == "approve", reason=reason)
        else:
            raise ValidationError(_("Vælg, hvad du vil svare."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Det er gjort, og din kollega får besked."))
    return redirect("editorial:people", slug=membership.workplace.slug)


@require_POST
@limited("membership")
@login_required
def leave(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """End my own role."""
    membership = get_object_or_404(Membership, uuid=uuid, user=_user(request))
    try:
        leave_role(membership=membership, by=_user(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Din rolle er ophørt."))
    return redirect("editorial:workplaces")


@require_POST
@limited("membership")
@login_required
def confirm(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Yes, I still speak for the workplace."""
    membership = get_object_or_404(Membership, uuid=uuid, user=_user(request))
    try:
        memberships.confirm_yearly(membership=membership, by=_user(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Tak. Vi spørger igen om et år."))
    return redirect("editorial:workplaces")

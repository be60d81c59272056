"""Where hosts are missing, and inviting workplaces.

Context of the templates (templates/practicum/shortage/):
  shortage.html   round, tables, is_exact (the centre), can_invite
  invite.html     round, form, portion, when: until when they can offer
"""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.models import User
from guards import once
from guards.ratelimits import limit
from practicum.models import Round
from practicum.permissions import can_answer_wishes, can_invite_hosts, is_editor
from practicum.shortage import inviting
from practicum.shortage.figures import tables
from practicum.shortage.forms import InviteForm


@require_safe
@never_cache
@login_required
def shortage(request: HttpRequest) -> HttpResponse:
    """What guests wish for against the seats that are free: for the centre, and in bands for hosts."""
    if not can_answer_wishes(request.user):
        raise PermissionDenied
    row, exact = Round.objects.current(), is_editor(request.user)
    context = {
        "round": row, "tables": tables(row, exact=exact), "is_exact": exact,
        "can_invite": row is not None and can_invite_hosts(request.user),
    }  # fmt: skip
    return render(request, "practicum/shortage/shortage.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def invite(request: HttpRequest) -> HttpResponse:
    """Write to contact persons of workplaces that could be hosts."""
    if not can_invite_hosts(request.user):
        raise PermissionDenied
    user, row = request.user, Round.objects.current()
    assert isinstance(user, User)
    page = reverse("practicum:shortage")
    if row is None:
        messages.info(request, _("Der er ingen runde lige nu."))
        return redirect(page)
    chosen = {name: request.GET.get(name, "") for name in ("sector", "region", "subject_area")}
    form = InviteForm(request.POST if request.method == "POST" else None, initial=chosen)
    if request.method == "POST":
        limit(request, "host-invitation", form=form)
        if form.is_valid():
            token, scope = form.cleaned_data["once"], f"host-invitation:{row.year}:{user.key}"
            with transaction.atomic():
                if once.first(token, scope) is not None:
                    return once.again(request, page)
                count = inviting.invite(row, text=form.cleaned_data["text"].strip(), **form.chosen())
                once.done(token, scope, page)
            messages.success(request, _invited(count, inviting.candidates(row, **form.chosen()).count()))
            return redirect(page)
    context = {"round": row, "form": form, "portion": inviting.PORTION, "when": inviting.when_to_offer(row)}
    return render(request, "practicum/shortage/invite.html", context, status=422 if form.errors else 200)


def _invited(count: int, left: int) -> str:
    if not count:
        return _(
            "Der er ingen nye at skrive til: De har allerede en plads i runden, er spurgt før eller har ingen "
            "kontaktperson."
        )
    told = ngettext("%s arbejdsplads er inviteret.", "%s arbejdspladser er inviteret.", count) % count
    if left:
        told += " " + ngettext("%s venter. Inviter igen.", "%s venter. Inviter igen.", left) % left
    return told

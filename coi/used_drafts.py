"""What a guest has used becomes a draft in the catalogue: its author's, with the host named. Joins practicum and
catalogue, so it lives here."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.models import User
from catalogue.models import Entry
from editorial.choices import Kind
from editorial.permissions import can_propose
from editorial.proposals.work import begin_content
from guards.ratelimits import limit
from practicum.choices import Side
from practicum.models import FollowUp, Stay
from practicum.permissions import can_evaluate, can_view_stay, sides_of


@transaction.atomic
def draft_of(follow_up: FollowUp, *, by: User) -> Entry | None:
    """The draft that an answer became, or becomes now; None when nothing is answered. Twice gives the same."""
    row = (
        FollowUp.objects.select_for_update(of=("self",))
        .select_related("stay__offer__owner", "stay__guest_workplace", "entry")
        .get(pk=follow_up.pk)
    )
    if row.entry is not None:
        return row.entry
    if row.answered_at is None or not row.used.strip():
        return None
    stay, host = row.stay, row.stay.offer.owner
    entry = begin_content(kind=Kind.EXAMPLE, by=by)
    assert isinstance(entry, Entry)
    entry.title = _("Efter et besøg hos %s") % (host.name if host else stay.offer.title)
    entry.effect = row.used
    entry.owner = stay.guest_workplace
    entry.process = _("Det begyndte med Innovationspraktik hos %(host)s, %(when)s: »%(title)s«.") % {
        "host": host.name if host else "",
        "when": stay.when,
        "title": stay.offer.title,
    }
    entry.save()
    entry.subject_areas.set(stay.offer.subject_areas.all())
    if host is not None:
        entry.participations.create(workplace=host, role=_("inspirerede os"))
    entry.reindex()
    row.entry = entry
    row.save(update_fields=["entry"])
    return entry


@require_POST
@never_cache
@login_required
def used_draft(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The guest makes a draft of what they have used, and goes on writing it."""
    user = request.user
    assert isinstance(user, User)
    stay = Stay.objects.select_related("offer__owner").filter(uuid=uuid).first()
    if stay is None or not can_view_stay(user, stay):
        raise Http404
    if Side.GUEST not in sides_of(user, stay) or not can_evaluate(user, stay) or not can_propose(user):
        raise PermissionDenied
    limit(request, "proposal")
    follow_up = FollowUp.objects.filter(stay=stay).first()
    entry = draft_of(follow_up, by=user) if follow_up else None
    if entry is None:
        messages.info(request, _("Skriv først, hvad du har brugt."))
        return redirect("practicum:used", uuid)
    return redirect(reverse("my_contribution", args=[entry.uuid]))

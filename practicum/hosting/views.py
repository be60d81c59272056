"""The applications to a place, for its host.

Context of the template templates/practicum/hosting/applications.html: offer, rows (Row), page, can_mark (whether the
visitor is a contact person of the host; editors only read).
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from guards.ratelimits import limit
from practicum.applying import days
from practicum.choices import ApplicationState
from practicum.hosting import actions
from practicum.hosting.forms import MarkForm
from practicum.models import Application, HostMark, Offer
from practicum.permissions import can_see_applications, can_view_offer, is_host

PER_PAGE = 20


@dataclass(frozen=True)
class Row:
    """An application as its host sees it: no name, no address, nothing about other wishes."""

    application: Application
    days: list[str]
    form: MarkForm | None
    marked: HostMark | None


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
def applications(request: HttpRequest, slug: str) -> HttpResponse:
    """Those who wish for the place and whose leader has said yes, in an order that tells nothing."""
    offer = Offer.objects.select_related("owner", "round").filter(slug=slug).first()
    if offer is None or not can_view_offer(request.user, offer):
        raise Http404
    if not can_see_applications(request.user, offer):
        raise PermissionDenied
    posted, key = None, request.POST.get("ansoegning", "")
    if request.method == "POST":
        if not is_host(request.user, offer):
            raise PermissionDenied
        posted = MarkForm(request.POST, prefix=key[:36])
        limit(request, "host-mark", form=posted)
        if _marked(request, offer, key, posted):
            address = reverse("practicum:offer_applications", args=[offer.slug])
            query = f"?side={number}" if (number := request.GET.get("side", "")).isdecimal() else ""
            return redirect(f"{address}{query}#a-{key}")
    found = (
        Application.objects.to_offer(offer)
        .select_related("workplace__municipality")
        .prefetch_related("subject_areas")
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("side", "1"))
    marks = {
        row.application_id: row
        for row in HostMark.objects.filter(offer=offer, application__in=page.object_list)
    }
    speaks = is_host(request.user, offer)
    rows = []
    for row in page.object_list:
        marked, form = marks.get(row.pk), None
        if speaks and row.state == ApplicationState.READY:
            if posted is not None and str(row.uuid) == key:
                form = posted
            else:
                initial = {"mark": marked.mark, "note": marked.note} if marked else {}
                form = MarkForm(prefix=str(row.uuid), initial=initial)
        rows.append(Row(row, days.spelled(row), form, marked))
    context = {"offer": offer, "rows": rows, "page": page, "can_mark": speaks, "posted": posted}
    return render(
        request, "practicum/hosting/applications.html", context, status=422 if posted is not None else 200
    )


def _marked(request: HttpRequest, offer: Offer, key: str, form: MarkForm) -> bool:
    """Store the mark; False with errors on the form. An application that this host may not see is 404."""
    try:
        row = Application.objects.to_offer(offer).filter(uuid=UUID(key)).first()
    except ValueError:
        row = None
    if row is None:
        raise Http404
    if not form.is_valid():
        return False
    user = request.user
    assert isinstance(user, User)
    try:
        actions.mark(
            offer=offer,
            application=row,
            mark=form.cleaned_data["mark"],
            note=form.cleaned_data["note"],
            by=user,
        )
    except ValidationError as error:
        form.add_error(None, ValidationError(error.messages))
        return False
    messages.success(request, _("Gemt. Gæsten ser det ikke."))
    return True

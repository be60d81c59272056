"""The page that a workplace's yearly link leads to. Whoever has the link answers; opening it changes nothing."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from editorial.confirming import actions
from editorial.models import Content
from editorial.proposals.kinds import edit_address
from editorial.submitting import ask_withdrawal
from guards.ratelimits import limited
from places.models import Workplace


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@limited("answer")
def still_right(request: HttpRequest, token: str) -> HttpResponse:
    """Is it still right? POST `svar`: »ja« or »tag-ned«, and `side`: one entry's uuid; »ja« without it is for all."""
    asked = actions.read(token)
    workplace = Workplace.objects.filter(pk=asked.workplace_id).first() if asked else None
    if asked is None or workplace is None:
        return render(request, "editorial/confirming/expired.html", status=404)
    entries = list(asked.entries().order_by("sort_key")[: actions.PAGES])
    if request.method == "POST":
        return _answered(request, asked, entries)
    waiting = set(actions.unanswered(asked.entries()).values_list("pk", flat=True))
    gone = set(
        Content.objects.filter(
            pk__in=[e.pk for e in entries],
            queue_items__kind="withdrawal",
            queue_items__decided_at__isnull=True,
        ).values_list("pk", flat=True)
    )
    rows = [
        {"entry": e, "waits": e.pk in waiting, "leaves": e.pk in gone, "edit": edit_address(e)}
        for e in entries
    ]
    context = {
        "workplace": workplace,
        "rows": rows,
        "waiting": len(waiting - gone),
        "asked": asked,
    }
    return render(request, "editorial/confirming/still_right.html", context)


def _answered(request: HttpRequest, asked: actions.Asked, entries: list[Content]) -> HttpResponse:
    wanted, answer = request.POST.get("side", ""), request.POST.get("svar", "")
    chosen = [entry for entry in entries if str(entry.uuid) == wanted] if wanted else entries
    if answer not in ("ja", "tag-ned") or not chosen or (answer == "tag-ned" and not wanted):
        raise Http404
    if answer == "ja":
        n = actions.confirm(entries=chosen, asked=asked)
        if n:
            messages.success(
                request,
                ngettext("Tak. Siden er bekræftet.", "Tak. %(n)s sider er bekræftet.", n) % {"n": n},
            )
        else:
            messages.info(request, _("Det var bekræftet allerede."))
    else:
        by = request.user if isinstance(request.user, User) else None
        reason = _("Arbejdspladsen svarede på »Er det stadig rigtigt?«, at siden skal tages ned.")
        ask_withdrawal(content=Content.objects.get(pk=chosen[0].pk), by=by, reason=reason)
        messages.success(request, _("Vi har fået jeres ønske. Redaktionen svarer inden for en arbejdsdag."))
    return redirect(request.path)

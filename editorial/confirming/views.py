"""The page that a workplace's yearly link leads to. Whoever has the link answers; opening it changes nothing."""

from __future__ import annotations

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.models import User
from editorial.choices import QueueKind
from editorial.confirming import actions
from editorial.forms import FactsForm
from editorial.models import Content, QueueItem
from editorial.proposals.kinds import edit_address
from editorial.submitting import ask_withdrawal
from guards import once
from guards.ratelimits import limited
from places.models import Membership, Workplace
from places.permissions import speaks_for


def facts_of(workplace: Workplace) -> list[tuple[str, str]]:
    """What stands about the workplace itself: (label, value), with what is missing."""
    where = " ".join(filter(None, [workplace.postcode, workplace.city]))
    return [
        (_("Navn"), workplace.name),
        (_("Sektor"), workplace.get_sector_display()),
        (_("Hører under"), str(workplace.parent or "–")),
        (_("Kommune"), str(workplace.municipality or "–")),
        (_("Adresse"), ", ".join(filter(None, [workplace.address, where])) or "–"),
        (_("Punkt på kortet"), _("Sat") if workplace.lat is not None else _("Mangler")),
        (_("Hjemmeside"), workplace.website or "–"),
        (_("Fællespostkasse (vises ikke)"), workplace.mailbox or "–"),
    ]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@limited("answer")
def still_right(request: HttpRequest, token: str) -> HttpResponse:
    """Is it still right? POST `svar`: »ja«, »tag-ned« or »ret«, and `side`: the uuid of one page, or of the workplace
    for what stands about itself; »ja« without it is for all. »ret« comes with a text (FactsForm).

    Context: workplace, asked, rows, waiting (how many things wait for an answer); itself (facts_of, else None), owes,
    correcting (a correction waits for the editors), form, edit (the page for those who may correct), role (the contact
    role that the reader is asked about, else None).
    """
    asked = actions.read(token)
    workplace = Workplace.objects.with_place().filter(pk=asked.workplace_id).first() if asked else None
    if asked is None or workplace is None:
        return render(request, "editorial/confirming/expired.html", status=404)
    entries = list(asked.entries().order_by("sort_key")[: actions.PAGES])
    itself = asked.asks_about(workplace)
    form = FactsForm()
    if request.method == "POST":
        if request.POST.get("svar") != "ret":
            return _answered(request, asked, entries, workplace if itself else None)
        if not itself or request.POST.get("side") != str(workplace.uuid):
            raise Http404
        form = FactsForm(request.POST)
        if form.is_valid():
            _correct(request, workplace, form)
            return redirect(request.path)
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
    owes = itself and workplace.owes_confirmation
    context = {
        "workplace": workplace,
        "rows": rows,
        "waiting": len(waiting - gone) + owes,
        "asked": asked,
        "itself": facts_of(workplace) if itself else None,
        "owes": owes,
        "correcting": itself and _is_corrected(workplace),
        "form": form,
        "edit": _own_page(request, workplace),
        "role": _role_asked_about(request, workplace),
    }
    status = 422 if form.is_bound else 200
    return render(request, "editorial/confirming/still_right.html", context, status=status)


def _is_corrected(workplace: Workplace) -> bool:
    waiting = QueueItem.objects.filter(kind=QueueKind.WORKPLACE, workplace=workplace)
    return waiting.filter(decided_at__isnull=True).exists()


def _own_page(request: HttpRequest, workplace: Workplace) -> str:
    """Where the reader corrects the workplace; empty for those who may not, and write what is wrong instead."""
    if not request.user.is_authenticated or not speaks_for(request.user, workplace):
        return ""
    return reverse("mapping:correct_workplace", args=[workplace.slug])


def _role_asked_about(request: HttpRequest, workplace: Workplace) -> Membership | None:
    if not isinstance(request.user, User):
        return None
    mine = Membership.objects.active().contacts().filter(user=request.user, workplace=workplace)
    return mine.filter(asked_on__isnull=False).first()


def _correct(request: HttpRequest, workplace: Workplace, form: FactsForm) -> None:
    by = request.user if isinstance(request.user, User) else None
    with transaction.atomic():
        if once.first(form.cleaned_data["once"], "still-right") is None:
            actions.ask_correction(workplace=workplace, text=form.cleaned_data["text"], by=by)
            once.done(form.cleaned_data["once"], "still-right", request.path)
    messages.success(request, _("Tak. Redaktionen læser det og retter, hvad der skal rettes."))


def _answered(
    request: HttpRequest, asked: actions.Asked, entries: list[Content], workplace: Workplace | None
) -> HttpResponse:
    """`workplace` only where the link asks about itself, too."""
    wanted, answer = request.POST.get("side", ""), request.POST.get("svar", "")
    of_itself = workplace is not None and wanted in ("", str(workplace.uuid))
    chosen = [entry for entry in entries if str(entry.uuid) == wanted] if wanted else entries
    if answer not in ("ja", "tag-ned") or (answer == "tag-ned" and not (wanted and chosen)):
        raise Http404
    if not chosen and not of_itself:
        raise Http404
    if answer == "ja":
        n = actions.confirm(entries=chosen, asked=asked)
        itself = of_itself and actions.confirm_itself(asked=asked)
        if n:
            messages.success(
                request,
                ngettext("Tak. Siden er bekræftet.", "Tak. %(n)s sider er bekræftet.", n) % {"n": n},
            )
        if itself:
            messages.success(request, _("Tak. Oplysningerne om jer er bekræftet."))
        if not n and not itself:
            messages.info(request, _("Det var bekræftet allerede."))
    else:
        by = request.user if isinstance(request.user, User) else None
        reason = _("Arbejdspladsen svarede på »Er det stadig rigtigt?«, at siden skal tages ned.")
        ask_withdrawal(content=Content.objects.get(pk=chosen[0].pk), by=by, reason=reason)
        messages.success(request, _("Vi har fået jeres ønske. Redaktionen svarer inden for en arbejdsdag."))
    return redirect(request.path)

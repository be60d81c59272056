"""Pages on which workplaces tell of reuse, and origins confirm it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from catalogue.models import Entry, Reuse
from catalogue.reusing import actions
from catalogue.reusing.forms import ObjectionForm, ReuseForm
from catalogue.reusing.permissions import can_change, can_confirm, is_origin, reusers, workplaces_to_tell_for
from editorial.choices import READABLE
from editorial.moderation import can_moderate
from guards import once
from guards.ratelimits import limited


def readable_entry(slug: str) -> Entry:
    """The entry, when anyone may read it; else 404."""
    return get_object_or_404(Entry.objects.readable().select_related("owner"), slug=slug)


def _me(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@login_required
@limited("reuse")
def reuse(request: HttpRequest, slug: str) -> HttpResponse:
    """Tell that my workplace reuses the entry, or change what it has told."""
    entry, me = readable_entry(slug), _me(request)
    workplaces = reusers(me, entry).order_by("sort_key")
    told = list(
        Reuse.objects.filter(entry=entry, workplace__in=workplaces).select_related(
            "workplace", "item", "parent"
        )
    )
    mine = [row for row in told if can_change(me, row)]
    closed = [row for row in told if row not in mine]
    workplaces = workplaces.exclude(pk__in=[row.workplace_id for row in closed])
    context = {"entry": entry, "closed": closed, "is_own": False, "form": None, "reuse": None}
    if not workplaces:
        context["is_own"] = bool(
            entry.owner_id and workplaces_to_tell_for(me).filter(pk=entry.owner_id).exists()
        )
        status = 403 if request.method == "POST" else 200
        return render(request, "catalogue/reusing/reuse.html", context, status=status)
    wanted = request.POST.get("workplace") or request.GET.get("arbejdsplads") or ""
    chosen = next((row for row in mine if row.workplace.slug == wanted), None)
    if chosen is None and not wanted and len(mine) == len(workplaces):
        chosen = mine[0]
    form = ReuseForm(request.POST or None, entry=entry, workplaces=workplaces, reuse=chosen)
    if wanted and not form.is_bound:
        form.initial.setdefault("workplace", wanted)
    context |= {"form": form, "reuse": chosen, "others": [row for row in mine if row is not chosen]}
    if request.method == "POST" and form.is_valid():
        answer = _told(request, form, entry, me)
        if answer is not None:
            return answer
    return render(request, "catalogue/reusing/reuse.html", context, status=422 if form.is_bound else 200)


def _told(request: HttpRequest, form: ReuseForm, entry: Entry, me: User) -> HttpResponse | None:
    """Do what the form says; None when it can't be done and the form says why."""
    data, scope = form.cleaned_data, f"reuse:{me.key}"
    page = f"{entry.get_absolute_url()}#genbrug"
    try:
        with transaction.atomic():
            if (address := once.first(data["once"], scope)) is not None:
                return redirect(address or page)
            row = actions.tell_of_reuse(
                entry=entry, workplace=data["workplace"], by=me, data=data, new=not data["told"]
            )
            once.done(data["once"], scope, page)
    except actions.AlreadyToldError as error:
        if not can_change(me, error.reuse):
            messages.info(
                request,
                _("En kollega har allerede fortalt det om %(workplace)s. Kontaktpersonen kan rette det.")
                % {"workplace": error.reuse.workplace.name},
            )
            return redirect(page)
        form.data = {**form.data.dict(), "told": str(error.reuse.uuid)}  # type: ignore[attr-defined]
        form.add_error(None, error)
        return None
    except ValidationError as error:
        form.add_error(None, error)
        return None
    if actions.is_waiting(row):
        messages.success(
            request, _("Tak. Redaktionen læser det, før det bliver vist. Det sker som regel hurtigt.")
        )
    else:
        messages.success(request, _("Tak. Det er gemt."))
    return redirect(page)


def _reuse(uuid: UUID) -> Reuse:
    """The reuse of something that may be read; else 404."""
    rows = Reuse.objects.select_related("entry__owner", "workplace", "item", "told_by", "parent__workplace")
    return get_object_or_404(rows, uuid=uuid, entry__state__in=READABLE)


@require_safe
@never_cache
@login_required
def reuse_origin(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One reuse, for both sides and the editors: what is told, and what one can do. Others get 404."""
    row, me = _reuse(uuid), _me(request)
    return _origin_page(request, row, me, ObjectionForm())


def _origin_page(
    request: HttpRequest, row: Reuse, me: User, form: ObjectionForm, status: int = 200
) -> HttpResponse:
    origin, own = is_origin(me, row), can_change(me, row)
    if not (origin or own or can_moderate(me)):
        raise Http404
    context = {
        "reuse": row,
        "entry": row.entry,
        "is_origin": origin,
        "may_confirm": can_confirm(me, row),
        "is_own": own,
        "waits": actions.is_waiting(row),
        "form": form,
    }
    return render(request, "catalogue/reusing/origin.html", context, status=status)


def _of_origin(request: HttpRequest, uuid: UUID) -> Reuse:
    """The reuse, for those who speak for its origin; 404 for who may not know of it, 403 for the other side."""
    row, me = _reuse(uuid), _me(request)
    if not is_origin(me, row):
        if can_change(me, row) or can_moderate(me):
            raise PermissionDenied
        raise Http404
    return row


@require_POST
@never_cache
@login_required
@limited("reuse")
def confirm(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The origin confirms."""
    row = _of_origin(request, uuid)
    if not can_confirm(_me(request), row):
        raise PermissionDenied
    if actions.confirm_reuse(reuse=row, by=_me(request)):
        messages.success(request, _("Tak. Nu står det, at I har bekræftet det."))
    else:
        messages.info(request, _("Det var bekræftet allerede."))
    return redirect("catalogue:reuse_origin", uuid)


@require_POST
@never_cache
@login_required
@limited("reuse")
def objection(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The origin says that it is not so."""
    row, me = _of_origin(request, uuid), _me(request)
    form = ObjectionForm(request.POST)
    if not form.is_valid():
        return _origin_page(request, row, me, form, status=422)
    with transaction.atomic():
        if once.first(form.cleaned_data["once"], f"objection:{me.key}") is None:
            actions.object_to_reuse(reuse=row, by=me, note=form.cleaned_data["note"])
            once.done(form.cleaned_data["once"], f"objection:{me.key}", request.path)
    messages.success(request, _("Tak. Redaktionen læser det."))
    return redirect("catalogue:reuse_origin", uuid)


@require_POST
@never_cache
@login_required
@limited("reuse")
def take_back(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The workplace takes it off again."""
    row, me = _reuse(uuid), _me(request)
    if not can_change(me, row):
        if is_origin(me, row) or can_moderate(me):
            raise PermissionDenied
        raise Http404
    actions.take_back_reuse(reuse=row)
    messages.success(request, _("Jeres genbrug vises ikke mere. I kan fortælle om det igen, når I vil."))
    return redirect(row.entry.get_absolute_url())

"""Pages on which somebody proposes an entry, or a change to one, step by step.

Context of the templates (templates/catalogue/proposals/):
  start.html    form, about, why (why one may not), drafts
  step.html     work, step, page, number, seen, pieces, beside, question, picture_error, candidates
  review.html   work, form, missing [(step, address, [(address, error)])], pieces, question
  done.html     work, item, place, promised
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.addresses import verified_addresses
from accounts.models import User
from catalogue.choices import KINDS
from catalogue.models import Entry
from catalogue.proposals import saving
from catalogue.proposals.forms import Page, Raw, SendForm, StartForm, WithdrawalForm
from catalogue.proposals.permissions import can_correct, can_propose
from catalogue.proposals.steps import ABOUT, PIECES, Piece, Step, step_of
from catalogue.proposals.work import Work, begin_change, begin_entry, open_change, work_of
from catalogue.proposals.workplaces import label_of, own_workplaces, suggested
from editorial.choices import QueueKind, State
from editorial.models import Content, QueueItem
from editorial.models.querysets import TransitionError
from editorial.queue import place_in_queue
from editorial.similar import similar
from editorial.submitting import PROMISED, ask_withdrawal
from guards import once
from guards.ratelimits import limit, limited
from places.permissions import is_trusted, speaks_for

GET_POST = require_http_methods(["GET", "HEAD", "POST"])
BY_ITSELF = "X-Autosave"
"""The header of what the page saves by itself while one writes."""

View = Callable[..., HttpResponseBase]


def signed_in(view: View) -> View:
    """Who is not logged in is sent to do so and comes back; what saves by itself is told with 401."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.headers.get(BY_ITSELF):
            return JsonResponse(
                {"message": _("Du er logget ud. Log ind igen. Din tekst bliver stående her.")}, status=401
            )
        return redirect_to_login(request.get_full_path())

    return wrapped


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


# -- the way in -----------------------------------------------------------------


@GET_POST
@limited("proposal")
@never_cache
def start(request: HttpRequest) -> HttpResponseBase:
    """Choose what to tell about. Who has no account reads why it takes one, on the way to the login."""
    if not request.user.is_authenticated:
        why = _(
            "Log ind for at foreslå noget. Med en konto kan kladden gemmes, og du kan få svar. Har du ingen, så "
            "opret en med din arbejdsmail. Det tager et par minutter."
        )
        messages.info(request, why)
        return redirect_to_login(request.get_full_path())
    user = _user(request)
    allowed = can_propose(user)
    if request.method == "POST" and not allowed:
        raise PermissionDenied
    kind = request.GET.get("type", "")
    form = StartForm(
        request.POST if request.method == "POST" else None,
        initial={"kind": kind if kind in KINDS else KINDS[0]},
    )
    if request.method == "POST" and form.is_valid():
        token, scope = form.cleaned_data["once"], f"proposal:{user.key}"
        with transaction.atomic():
            if (address := once.first(token, scope)) is None:
                entry = begin_entry(kind=form.cleaned_data["kind"], by=user)
                work = work_of(user, entry.uuid, is_change=False)
                address = work.step_address(work.steps[0])
                once.done(token, scope, address)
        return redirect(address or reverse("catalogue:propose"))
    context = {
        "form": form,
        "about": [(kind, ABOUT[kind]) for kind in KINDS],
        "allowed": allowed,
        "confirmed": bool(verified_addresses(user)),
        "drafts": Content.objects.filter(author=user, kind__in=KINDS, state=State.DRAFT).order_by(
            "-updated_at"
        )[:5],
    }
    return render(request, "catalogue/proposals/start.html", context, status=422 if form.is_bound else 200)


def _work(request: HttpRequest, uuid: UUID, is_change: bool) -> Work:
    """The user's own work. Who may not propose any more can read a draft, not write in it or send it.

    A change of what nobody can read any more is 404.
    """
    work = work_of(_user(request), uuid, is_change=is_change)
    if is_change and not work.entry.is_public:
        raise Http404
    if is_change and not can_correct(request.user, work.entry):
        raise PermissionDenied
    if not is_change and request.method == "POST" and not can_propose(request.user):
        raise PermissionDenied
    return work


@require_safe
@never_cache
@signed_in
def resume(request: HttpRequest, uuid: UUID, is_change: bool) -> HttpResponseBase:
    """On with it: to the first step where something is missing, or to where one sees what became of it."""
    work = _work(request, uuid, is_change)
    if not work.is_editable:
        return redirect(work.address("done"))
    if is_change or not work.has_title:
        return redirect(work.step_address(work.steps[0]))
    for step in work.steps:
        if step.key in work.kept.pending or not work.page(step, checked=True).is_valid():
            return redirect(work.step_address(step))
    return redirect(work.address("review"))


# -- a step ---------------------------------------------------------------------


@GET_POST
@never_cache
@signed_in
def step(request: HttpRequest, uuid: UUID, step: str, is_change: bool) -> HttpResponseBase:
    """One step: shown, stored, or kept as it is typed."""
    work = _work(request, uuid, is_change)
    wanted = step_of(work.kind, step)
    if wanted is None:
        raise Http404
    if not work.is_editable:
        return _too_late(request, work)
    if not work.is_change and not work.has_title and wanted != work.steps[0]:
        messages.info(request, _("Begynd her. Når der er en titel og et par sætninger, kan vi gemme resten."))
        return redirect(work.step_address(work.steps[0]))
    if request.method != "POST":
        checked = "mangler" in request.GET
        return _step_page(request, work, wanted, work.page(wanted, checked=checked))
    uploads = "billede" in request.POST or "upload" in request.FILES
    limit(request, "upload" if uploads else "draft")
    try:
        return _step_sent(request, work, wanted)
    except TransitionError:
        return _too_late(request, work)
    except ValidationError as error:
        if request.headers.get(BY_ITSELF):
            return JsonResponse({"message": " ".join(error.messages)}, status=413)
        page = work.page(wanted, data=request.POST)
        page.form.add_error(None, ValidationError(error.messages))
        return _step_page(request, work, wanted, page, status=422)


def _too_late(request: HttpRequest, work: Work) -> HttpResponse:
    message = _("Det er sendt til redaktionen, så det kan ikke rettes lige nu.")
    if request.headers.get(BY_ITSELF):
        return JsonResponse({"message": message}, status=409)
    if request.method == "POST":
        messages.warning(request, message)
    return redirect(work.address("done"))


def _step_sent(request: HttpRequest, work: Work, step: Step) -> HttpResponse:
    post, by_itself = request.POST, request.headers.get(BY_ITSELF)
    if "upload" in request.FILES or post.get("action") == "picture":
        return _picture_sent(request, work, step)
    action = post.get("action", "")
    if action.startswith("add-"):
        name = action.removeprefix("add-")
        saved = saving.add_row(work, step, post, name)
        if not saved.clash:
            return redirect(f"{work.step_address(step)}#{_last_row(saved.page, name)}")
        return _clash(request, work, step, saved.page)
    saved = saving.save_step(work, step, post, only_keep=bool(by_itself) or action in ("later", "back"))
    work.forget()
    if by_itself:
        return _saved_by_itself(work, step, saved)
    if saved.clash:
        return _clash(request, work, step, saved.page)
    if not saved.stored:
        return _step_page(request, work, step, saved.page, status=422)
    if action == "later":
        messages.success(request, _("Kladden er gemt. Du kan fortsætte, når det passer dig."))
        return redirect("my_page")
    number = work.steps.index(step)
    if action == "back" and number:
        return redirect(work.step_address(work.steps[number - 1]))
    if number + 1 < len(work.steps):
        return redirect(work.step_address(work.steps[number + 1]))
    return redirect(work.address("review"))


def _last_row(page: Page, name: str) -> str:
    """The id of the first field of the newest row, so that one goes on there without a pointer."""
    row = page.rows[name].forms[-1] if name in page.rows and page.rows[name].forms else None
    return str(next(iter(row)).id_for_label) if row else name


def _saved_by_itself(work: Work, step: Step, saved: saving.Saved) -> JsonResponse:
    if saved.clash:
        text = _(
            "Kladden er også rettet et andet sted. Tryk »Gem og gå videre« for at se begge dele. Intet er gået tabt."
        )
        return JsonResponse({"message": text}, status=409)
    return JsonResponse({"message": saved_at(), "seen": work.seen(step)})


def saved_at() -> str:
    """When it was saved, for the line under the form."""
    moment = formats.date_format(timezone.localtime(), "H.i").lstrip("0") or "0"
    return _("Kladden blev gemt kl. %(time)s.") % {"time": moment}


def _clash(request: HttpRequest, work: Work, step: Step, page: Page) -> HttpResponse:
    work.forget()
    return _step_page(request, work, step, page, status=409, clash=True)


def _picture_sent(request: HttpRequest, work: Work, step: Step) -> HttpResponse:
    if "pictures" not in step.names:
        raise Http404
    wrong = saving.add_picture(work, step, request.POST, request.FILES.get("upload"))
    work.forget()
    page = work.page(step)
    if request.headers.get(BY_ITSELF):
        context = {
            "work": work,
            "step": step,
            "page": page,
            "picture_error": wrong,
            "pictures": work.parts["pictures"],
        }
        part = render(request, "catalogue/proposals/pictures.html", context)
        answer = {
            "message": wrong or _("Billedet er lagt op."),
            "seen": work.seen(step),
            "html": part.content.decode(),
        }
        return JsonResponse(answer, status=422 if wrong else 200)
    if not wrong:
        return redirect(f"{work.step_address(step)}#pictures")
    return _step_page(request, work, step, page, status=422, picture_error=wrong)


def _step_page(
    request: HttpRequest, work: Work, step: Step, page: Page, *, status: int = 200, **more: Any
) -> HttpResponse:
    number = work.steps.index(step)
    kept = work.kept
    other = work.page(step).raw() if more.get("clash") else kept.beside.get(step.key)
    context = {
        "work": work,
        "step": step,
        "page": page,
        "number": number + 1,
        "previous": work.steps[number - 1] if number else None,
        "seen": work.seen(step),
        "pieces": pieces(work),
        "question": work.question,
        "saved_at": timezone.localtime(kept.updated_at) if kept.pk else None,
        "beside": _told_beside(other, page) if other else [],
        "workplaces": [label_of(w) for w in own_workplaces(work.user)] if "owner_id" in step.names else [],
        "pictures": work.parts.get("pictures", []),
        "alike": alike_rows(work.user, work.shown_parts()["title"]) if "title" in step.names else [],
        **more,
    }
    return render(request, "catalogue/proposals/step.html", context, status=status)


def _told_beside(other: Raw, shown: Page) -> list[tuple[str, str]]:
    """What stands in another version of the step, where it differs from what is shown: (label, text)."""
    mine = shown.raw()
    found = []
    for form in shown.all_forms:
        for bound in form:
            name = bound.html_name
            told = [value for value in other.get(name, []) if value.strip()]
            if told and not bound.is_hidden and told != mine.get(name, []):
                found.append((str(bound.label), ", ".join(told)))
    return found


def pieces(work: Work) -> dict[str, Any]:
    """How far it has come: each piece with whether it is there, and what to do next."""
    told = [(piece.title, piece.filled(work.parts)) for piece in PIECES[work.kind]]
    missing = [p for p in PIECES[work.kind] if not p.filled(work.parts)]
    by_weight = sorted(missing, key=lambda p: 0 if p.title == _("Virkning") else 1)
    return {
        "list": told,
        "ready": sum(filled for _title, filled in told),
        "all": len(told),
        "why": next((_why(p) for p in by_weight if p.why), ""),
        "bars": [
            (n * 240 / len(told), 240 / len(told) - 3.5, n < sum(f for _t, f in told))
            for n in range(len(told))
        ],
    }


def _why(piece: Piece) -> str:
    """Why others look for it; what it is called comes first, unless the reason begins with it."""
    if str(piece.why).startswith(str(piece.title)):
        return str(piece.why)
    return _("Næste: »%(title)s«. %(why)s") % {"title": piece.title, "why": piece.why}


# -- while one writes --------------------------------------------------------------


@require_safe
@never_cache
@signed_in
def alike(request: HttpRequest) -> HttpResponseBase:
    """What is published and looks like a title, for the line under the field."""
    title = request.GET.get("titel", "")[:200]
    return render(request, "catalogue/proposals/alike.html", {"alike": alike_rows(_user(request), title)})


def alike_rows(user: User, title: str) -> list[Any]:
    """Published entries like the title, never the user's own."""
    return similar(title, kinds=KINDS, author=user.pk, limit=3) if len(title.strip()) > 3 else []


@require_safe
@never_cache
@signed_in
def workplaces(request: HttpRequest) -> HttpResponseBase:
    """Names of workplaces for what has been typed so far."""
    found = suggested(request.GET.get("q", ""), user=_user(request))
    return JsonResponse({"forslag": [label_of(w) for w in found]})


# -- see it, send it, take it back ---------------------------------------------------


@require_safe
@never_cache
@signed_in
def preview(request: HttpRequest, uuid: UUID, is_change: bool) -> HttpResponseBase:
    """How the page would look with what is written: made in a transaction that is taken back."""
    from catalogue.views import entry_page

    work = _work(request, uuid, is_change)
    problem = ""
    with transaction.atomic():
        try:
            with transaction.atomic():
                if work.is_editable:
                    for one in work.steps:
                        page = work.page(one, checked=True)
                        if page.is_valid() and one.key in work.kept.pending:
                            work.write(page.parts())
                            work.stored(one)
                if work.is_change:
                    work.entry.apply_parts(work.change.proposed)  # type: ignore[attr-defined]
        except ValidationError as error:
            problem = " ".join(error.messages)
        entry = Entry.objects.for_page(uuid=work.entry.uuid)
        assert entry is not None
        response = entry_page(request, entry, preview=work, preview_back=work.address("review"))
        transaction.set_rollback(True)
    if problem:
        messages.error(request, problem)
        return redirect(work.address("review"))
    return response


@GET_POST
@limited("proposal")
@never_cache
@signed_in
def review(request: HttpRequest, uuid: UUID, is_change: bool) -> HttpResponseBase:
    """Everything in one look, and send it."""
    work = _work(request, uuid, is_change)
    if not work.is_editable:
        return redirect(work.address("done"))
    if not work.is_change and not work.has_title:
        return redirect(work.step_address(work.steps[0]))
    form = SendForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            missing = _send(work, form)
        except TransitionError as error:
            work = work_of(work.user, uuid, is_change=is_change)
            if not work.is_editable:  # sent at the same moment, with a double click or from another tab
                return redirect(work.address("done"))
            form.add_error(None, ValidationError(error.messages))
            missing = {}
        except ValidationError as error:
            form.add_error(None, ValidationError(error.messages))
            missing = {}
        if not missing and form.is_valid():
            return redirect(work.address("done"))
    status = 422 if form.is_bound else 200
    return render(request, "catalogue/proposals/review.html", _review(request, work, form), status=status)


def _send(work: Work, form: SendForm) -> dict[str, Page]:
    with transaction.atomic():
        work.lock()
        if missing := work.store_typed():
            return missing
        work.submit(form.cleaned_data["answer"])
        work.clear()
    return {}


def _review(request: HttpRequest, work: Work, form: SendForm) -> dict[str, Any]:
    missing = []
    for one in work.steps:
        page = work.page(one, checked=True)
        if page.is_valid():
            continue
        errors = []
        for part in page.all_forms:
            for bound in part:
                target = bound.id_for_label or f"{bound.auto_id}_0"
                errors += [(f"{work.step_address(one)}?mangler#{target}", error) for error in bound.errors]
            errors += [(f"{work.step_address(one)}?mangler", error) for error in part.non_field_errors()]
        missing.append((one, errors))
    owner = work.entry.owner
    return {
        "work": work,
        "form": form,
        "missing": missing,
        "number_missing": sum(len(errors) for _step, errors in missing),
        "pieces": pieces(work),
        "question": work.question,
        "changed": work.is_change and sorted(work.change.proposed),  # type: ignore[attr-defined]
        "conflicts": work.is_change and work.change.conflicts(),  # type: ignore[attr-defined]
        "trusted": bool(work.is_change and owner and is_trusted(work.user, owner)),
        "promised": PROMISED,
    }


@require_safe
@never_cache
@signed_in
def done(request: HttpRequest, uuid: UUID, is_change: bool) -> HttpResponseBase:
    """What happens next, or what became of it."""
    work = work_of(_user(request), uuid, is_change=is_change)
    if work.is_editable:
        return redirect(work.address("resume"))
    item: QueueItem | None = work.items().filter(decided_at__isnull=True).last()
    context = {
        "work": work, "item": item, "promised": PROMISED, "place": place_in_queue(item) if item else None,
    }  # fmt: skip
    return render(request, "catalogue/proposals/done.html", context)


@GET_POST
@never_cache
@signed_in
def undo(request: HttpRequest, uuid: UUID, is_change: bool) -> HttpResponseBase:
    """Take it back; a draft that was never sent is deleted."""
    work = work_of(_user(request), uuid, is_change=is_change)
    if work.state not in (State.DRAFT, State.SUBMITTED, State.RETURNED):
        return redirect(work.address("done"))
    never_sent = work.state == State.DRAFT and not work.items().exists()
    if request.method == "POST":
        try:
            with transaction.atomic():
                gone = work.undo()
        except TransitionError as error:
            messages.error(request, " ".join(error.messages))
            return redirect(work.address("done"))
        messages.success(
            request, _("Kladden er slettet.") if gone else _("Det er trukket tilbage og vises ikke.")
        )
        return redirect("my_page")
    return render(request, "catalogue/proposals/undo.html", {"work": work, "never_sent": never_sent})


# -- what is public ------------------------------------------------------------------


def _public(request: HttpRequest, slug: str) -> Entry:
    """A public entry that the user may correct: else 404 or 403."""
    entry = Entry.objects.readable().select_related("owner").filter(slug=slug).first()
    if entry is None:
        raise Http404
    if not can_correct(request.user, entry):
        raise PermissionDenied
    return entry


@GET_POST
@limited("proposal")
@never_cache
@signed_in
def edit(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Begin or go on with a change of something public."""
    entry = _public(request, slug)
    user = _user(request)
    if found := open_change(entry, user):
        return redirect("catalogue:change_resume", found.uuid)
    if request.method == "POST":
        return redirect("catalogue:change_resume", begin_change(entry=entry, by=user).uuid)
    trusted = bool(entry.owner and is_trusted(user, entry.owner))
    speaks = bool(entry.owner and speaks_for(user, entry.owner))
    context = {"entry": entry, "trusted": trusted, "speaks": speaks, "promised": PROMISED}
    return render(request, "catalogue/proposals/edit.html", context)


@GET_POST
@limited("proposal")
@never_cache
@signed_in
def withdraw(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Ask the editors to take something off."""
    entry = _public(request, slug)
    user = _user(request)
    form = WithdrawalForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        token, scope = form.cleaned_data["once"], f"withdrawal:{user.key}"
        with transaction.atomic():
            if once.first(token, scope) is None:
                ask_withdrawal(content=entry, by=user, reason=form.cleaned_data["reason"])
                once.done(token, scope, reverse("my_page"))
        messages.success(request, _("Redaktionen har fået dit ønske og svarer inden for en arbejdsdag."))
        return redirect("my_page")
    waiting = entry.queue_items.waiting().filter(kind=QueueKind.WITHDRAWAL).first()
    context = {"entry": entry, "form": form, "waiting": waiting}
    return render(request, "catalogue/proposals/withdraw.html", context, status=422 if form.is_bound else 200)

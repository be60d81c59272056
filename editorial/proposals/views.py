"""Pages on which somebody proposes something, or a change to what is public, step by step.

Context of the templates (templates/editorial/proposals/):
  start.html    form, about, allowed, confirmed, drafts (each area has one of its own that extends it)
  step.html     work, step, page, number, seen, pieces, beside, question, picture_error, alike, workplaces
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
from editorial.choices import State
from editorial.models import Content
from editorial.models.querysets import TransitionError
from editorial.permissions import can_correct, can_propose
from editorial.proposals import saving
from editorial.proposals.forms import Page, Raw, StartForm
from editorial.proposals.kinds import PROPOSED, Alike, Choice, Piece, Step, Writing, kinds_of
from editorial.proposals.work import Work, begin_content, work_of
from editorial.proposals.workplaces import label_of, own_workplaces, suggested
from guards import once
from guards.ratelimits import limit, limited
from search import query

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


def user_of(request: HttpRequest) -> User:
    """Who is logged in."""
    assert isinstance(request.user, User)
    return request.user


# -- the way in -----------------------------------------------------------------


@GET_POST
@limited("proposal")
@never_cache
def start(request: HttpRequest, area: str, others: tuple[Choice, ...] = ()) -> HttpResponseBase:
    """Choose what to tell about. `others` are what the area asks about on pages of their own.

    Who has no account reads why it takes one, on the way to the login.
    """
    if not request.user.is_authenticated:
        why = _(
            "Log ind for at foreslå noget. Med en konto kan kladden gemmes, og du kan få svar. Har du ingen, så "
            "opret en med din arbejdsmail. Det tager et par minutter."
        )
        messages.info(request, why)
        return redirect_to_login(request.get_full_path())
    user = user_of(request)
    allowed = can_propose(user)
    if request.method == "POST" and not allowed:
        raise PermissionDenied
    kinds = kinds_of(area)
    choices = [*others, *(Choice(kind, kind.label, PROPOSED[kind].about) for kind in kinds)]
    data = request.POST if request.method == "POST" else None
    form = StartForm(data, choices=choices, initial=request.GET.get("type", ""))
    if request.method == "POST" and form.is_valid():
        return redirect(_begun(form, others, user, area))
    drafts = Content.objects.filter(author=user, kind__in=kinds, state=State.DRAFT).order_by("-updated_at")
    context = {
        "form": form,
        "choices": choices,
        "area": area,
        "allowed": allowed,
        "confirmed": bool(verified_addresses(user)),
        "drafts": [(draft, reverse(f"{area}:proposal_resume", args=[draft.uuid])) for draft in drafts[:5]],
    }
    return render(request, f"{area}/proposal_start.html", context, status=422 if form.is_bound else 200)


def _begun(form: StartForm, others: tuple[Choice, ...], user: User, area: str) -> str:
    """Where it goes on: on a page of its own, or in the first step of a draft that is made now, once."""
    chosen, token, scope = form.cleaned_data["kind"], form.cleaned_data["once"], f"proposal:{user.key}"
    if page := next((other.page for other in others if other.key == chosen), ""):
        return reverse(page)
    with transaction.atomic():
        if (address := once.first(token, scope)) is None:
            content = begin_content(kind=chosen, by=user)
            work = work_of(user, content.uuid, is_change=False, area=area)
            address = work.step_address(work.steps[0])
            once.done(token, scope, address)
    return address


def own_work(request: HttpRequest, uuid: UUID, *, is_change: bool, area: str) -> Work:
    """The user's own work. Who may not propose any more can read a draft, not write in it or send it.

    A change of what nobody can read any more is 404.
    """
    work = work_of(user_of(request), uuid, is_change=is_change, area=area)
    if is_change and not work.content.is_public:
        raise Http404
    if is_change and not can_correct(request.user, work.content):
        raise PermissionDenied
    if not is_change and request.method == "POST" and not can_propose(request.user):
        raise PermissionDenied
    return work


@require_safe
@never_cache
@signed_in
def resume(request: HttpRequest, uuid: UUID, is_change: bool, area: str) -> HttpResponseBase:
    """On with it: to the first step where something is missing, or to where one sees what became of it."""
    work = own_work(request, uuid, is_change=is_change, area=area)
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
def step(request: HttpRequest, uuid: UUID, step: str, is_change: bool, area: str) -> HttpResponseBase:
    """One step: shown, stored, or kept as it is typed."""
    work = own_work(request, uuid, is_change=is_change, area=area)
    wanted = work.way.step(step)
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
        part = render(request, "editorial/proposals/pictures.html", context)
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
        "names_of": reverse(f"{work.way.area}:entry_names") if step.names_entries else "",
        "pictures": work.parts.get("pictures", []),
        "alike": work.way.alike(_writing(work)) if step.shows_alike else [],
        **more,
    }
    return render(request, "editorial/proposals/step.html", context, status=status)


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
    told = [(piece.title, piece.filled(work.parts)) for piece in work.way.pieces]
    missing = [p for p in work.way.pieces if not p.filled(work.parts)]
    by_weight = sorted(missing, key=lambda p: not p.wanted_most)
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
def alike(request: HttpRequest, area: str) -> HttpResponseBase:
    """What is public and looks like what is being written, for the line under the field."""
    kinds = kinds_of(area)
    kind = request.GET.get("type", "")
    writing = Writing(
        kind=kind if kind in kinds else kinds[0],
        title=query.clean(request.GET.get("titel", ""))[:200],
        author=user_of(request),
        municipality=query.clean(request.GET.get("kommune", ""))[:4],
        lat=_degrees(request.GET.get("lat", "")),
        lng=_degrees(request.GET.get("lng", "")),
    )
    found: list[Alike] = PROPOSED[writing.kind].alike(writing)
    return render(request, "editorial/proposals/alike.html", {"alike": found})


def _degrees(text: str) -> float | None:
    """Degrees as they are being typed; None for what is no number yet."""
    try:
        number = float(text[:24].replace(",", "."))
    except ValueError:
        return None
    return number if -180 <= number <= 180 else None


def _writing(work: Work) -> Writing:
    parts = work.shown_parts()
    return Writing(
        kind=work.kind, title=parts["title"], author=work.user, municipality=parts["municipality_id"] or "",
        lat=_degrees(str(parts["lat"])), lng=_degrees(str(parts["lng"])),
    )  # fmt: skip


@require_safe
@never_cache
@signed_in
def workplaces(request: HttpRequest) -> HttpResponseBase:
    """Names of workplaces for what has been typed so far."""
    found = suggested(query.clean(request.GET.get("q", "")), user=user_of(request))
    return JsonResponse({"forslag": [label_of(w) for w in found]})

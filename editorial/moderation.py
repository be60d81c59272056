"""/admin/moderation/: everything that waits, over all areas, for staff. Each view fetches, checks and answers.

Context of the templates (templates/editorial/moderation/):
  queue.html      page, rows (Row), tabs, waiting, oldest, mine, decided
  item.html       item, handler, diff, unchanged, listed, letters, signals, history, earlier, form
  figures.html    weeks, bars, median
  matter.html     item, versions, letters, decisions: a matter on paper
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.former import names_of
from accounts.models import User
from editorial.choices import Outcome, QueueKind, State
from editorial.diffs import diff, differing, listed, named
from editorial.facets import KIND_PLURALS
from editorial.figures import bars, weekly
from editorial.filing import file_matter, items_of
from editorial.handlers import HANDLERS, NeedsForceError, waits
from editorial.models import Content, Decision, Letter, QueueItem, StandardReason
from editorial.models.change import ChangeConflictError
from editorial.queue import answer_time, claim, decide, decide_many, release
from editorial.submitting import PROMISED
from editorial.working_days import working_days_between
from places.models import RoleChange

PER_PAGE = 30
BULK_AT_MOST = 50

P = ParamSpec("P")


def can_moderate(user: Any) -> bool:
    """Staff with the right to change what waits."""
    return bool(user.is_active and user.is_staff and user.has_perm("editorial.change_queueitem"))


def for_editors(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let in whoever moderates; others are led to the log-in, or told that it is not for them."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not can_moderate(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return never_cache(admin.site.admin_view(guarded))


def _editor(request: HttpRequest) -> User:
    assert isinstance(request.user, User)
    return request.user


class DecisionForm(forms.Form):
    """What the editor says, and what they have seen. The outcome is the button."""

    outcome = forms.ChoiceField(choices=Outcome.choices, widget=forms.HiddenInput, required=True)
    seen = forms.IntegerField(widget=forms.HiddenInput)
    standard = forms.ModelChoiceField(
        queryset=StandardReason.objects.none(),
        required=False,
        label=gettext_lazy("Fast begrundelse"),
        empty_label=gettext_lazy("Ingen"),
    )
    reason = forms.CharField(
        required=False,
        max_length=4000,
        label=gettext_lazy("Besked til afsenderen"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    force = forms.BooleanField(required=False, label=gettext_lazy("Jeg har set det. Gør det alligevel."))

    def __init__(self, *args: Any, item: QueueItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        reasons = StandardReason.objects.filter(is_active=True)
        if item.content:
            reasons = reasons.filter(Q(kinds=[]) | Q(kinds__contains=[item.content.kind]))
        standard = self.fields["standard"]
        assert isinstance(standard, forms.ModelChoiceField)
        standard.queryset = reasons
        self.needs_force = False

    def words(self) -> str:
        """The standard reason and the editor's own words as one message."""
        standard: StandardReason | None = self.cleaned_data.get("standard")
        own = self.cleaned_data.get("reason", "").strip()
        return "\n\n".join(filter(None, [standard.text if standard else "", own]))


@dataclass(frozen=True)
class Row:
    """A line of the queue. `age` in working days; `share` of the time that was promised, at most 1."""

    item: QueueItem
    age: int
    share: float
    is_late: bool
    signals: list[dict[str, Any]]

    @property
    def width(self) -> int:
        """The bar, of 90."""
        return max(4, round(90 * self.share))


def _row(item: QueueItem, today: dt.date, waits_for: str = "") -> Row:
    age = working_days_between(timezone.localdate(item.submitted_at), today)
    late = item.due_on is not None and today > item.due_on
    also = [{"key": "waits", "label": waits_for, "detail": "", "severe": False}] if waits_for else []
    return Row(item, age, min(1.0, age / (2 * PROMISED)), late, [*also, *item.signals[:4]])


@dataclass(frozen=True)
class Tab:
    """A way to narrow the queue, with how many it has."""

    key: str
    label: str
    count: int
    is_current: bool


def _tabs(chosen: str, user: User) -> list[Tab]:
    """All, each kind of content or matter that waits, and mine. Two queries."""
    waiting = QueueItem.objects.filter(decided_at__isnull=True)
    kinds = waiting.filter(kind=QueueKind.CONTENT).values_list("content__kind").annotate(n=Count("pk"))
    others = waiting.exclude(kind=QueueKind.CONTENT).values_list("kind").annotate(n=Count("pk"))
    labels = dict(QueueKind.choices)
    found = [(kind, str(KIND_PLURALS.get(kind, kind)), n) for kind, n in kinds.order_by("content__kind")]
    found += [(kind, str(labels[kind]), n) for kind, n in others.order_by("kind")]
    mine = waiting.filter(claimed_by=user).count()
    rows = [("", _("Alle"), sum(n for _k, _l, n in found)), *found, ("mine", _("Mine"), mine)]
    return [Tab(key, label, n, key == chosen) for key, label, n in rows]


def _chosen(key: str, user: User) -> Q:
    if key == "mine":
        return Q(claimed_by=user)
    if key in QueueKind.values and key != QueueKind.CONTENT:
        return Q(kind=key)
    return Q(kind=QueueKind.CONTENT, content__kind=key) if key in KIND_PLURALS else Q()


def _menu(request: HttpRequest, **context: Any) -> dict[str, Any]:
    """What the frame of the pages shows."""
    return {
        **admin.site.each_context(request),
        "waiting_count": QueueItem.objects.filter(decided_at__isnull=True).count(),
        **context,
    }


@require_safe
@for_editors
def queue(request: HttpRequest) -> HttpResponse:
    """Everything that waits, oldest first."""
    user = _editor(request)
    chosen = request.GET.get("vis", "")
    items = QueueItem.objects.waiting().filter(_chosen(chosen, user)).with_row()
    page = Paginator(items, PER_PAGE).get_page(request.GET.get("side", "1"))
    bulk = [kind for kind, handler in HANDLERS.items() if handler.bulk]
    today = timezone.localdate()
    oldest = QueueItem.objects.filter(decided_at__isnull=True).aggregate(at=Min("submitted_at"))["at"]
    waiting_for = waits(page.object_list)
    context = _menu(
        request,
        page=page,
        rows=[_row(item, today, waiting_for.get(item.pk, "")) for item in page.object_list],
        tabs=_tabs(chosen, user),
        chosen=chosen,
        chosen_query=f"{urlencode({'vis': chosen})}&" if chosen else "",
        here="queue",
        oldest=working_days_between(timezone.localdate(oldest), today) if oldest else None,
        promised=PROMISED,
        bulk=bulk,
        pickable=any(item.kind in bulk for item in page.object_list),
    )
    return render(request, "editorial/moderation/queue.html", context)


@require_safe
@for_editors
def item(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One item, to read and decide."""
    found = get_object_or_404(QueueItem.objects.with_row(), uuid=uuid)
    form = DecisionForm(item=found, initial={"seen": found.version})
    return _item_page(request, found, form)


def _item_page(request: HttpRequest, found: QueueItem, form: DecisionForm, status: int = 200) -> HttpResponse:
    handler = HANDLERS[found.kind]
    versions = handler.versions(found)
    content, rows, text, unchanged = found.content, [], [], []
    if content and versions:
        rows = diff(content, *versions)
    if content and found.kind == QueueKind.CONTENT:
        text = listed(content, content.snapshot())
    elif content and versions:
        changed = differing(*versions)
        rest = {part: value for part, value in content.snapshot().items() if part not in changed}
        unchanged = listed(content, rest)
    ids = QueueItem.objects.waiting().values_list("uuid", flat=True)[:200]
    order = list(ids)
    after = order[order.index(found.uuid) + 1] if found.uuid in order[:-1] else None
    context = _menu(
        request,
        item=found,
        row=_row(found, timezone.localdate()),
        handler=handler,
        can={outcome: outcome in handler.outcomes for outcome in Outcome.values},
        reject_label=handler.reject_label or _("Sig nej"),
        approve_label=handler.approve_label or _("Vis på portalen"),
        diff=rows,
        unchanged=unchanged,
        listed=text,
        letters=_letters(found),
        panels=handler.panels(found),
        sender=_sender(found),
        decisions=[(d.at, named(d.action), d.reason) for d in _decisions(found)],
        form=form,
        unsent=form.data.get("reason", "").strip() if form.is_bound else "",
        next=after,
        promised=PROMISED,
    )
    return render(request, "editorial/moderation/item.html", context, status=status)


def _decisions(found: QueueItem) -> list[Decision]:
    """What the log says of the content and of the matter, newest first."""
    about = [found.uuid, *([found.content.uuid] if found.content else [])]
    return list(Decision.objects.filter(content_uuid__in=about)[:10])


def _letters(found: QueueItem) -> list[Letter]:
    """What was written about the matter, also when it was sent before."""
    rows = Letter.objects.select_related("author")
    if found.content_id:
        return list(rows.filter(item__content_id=found.content_id)[:100])
    return list(rows.filter(item=found)[:100])


def _sender(found: QueueItem) -> dict[str, Any]:
    """Who sent it, and what became of what they sent before."""
    if found.sender is None:
        return {"name": "", "history": []}
    counts = dict(
        Content.objects.filter(author=found.sender).values_list("state").annotate(n=Count("pk")).order_by()
    )
    told = {
        State.PUBLISHED: ngettext("%s vist", "%s vist", counts.get(State.PUBLISHED, 0)),
        State.REJECTED: ngettext("%s ikke taget med", "%s ikke taget med", counts.get(State.REJECTED, 0)),
        State.WITHDRAWN: ngettext("%s trukket tilbage", "%s trukket tilbage", counts.get(State.WITHDRAWN, 0)),
    }
    history = [words % counts[state] for state, words in told.items() if counts.get(state)]
    return {"name": str(found.sender), "since": found.sender.date_joined, "history": history}


@require_POST
@for_editors
def take(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Take an item, or take it over from a colleague."""
    found = get_object_or_404(QueueItem, uuid=uuid)
    try:
        claim(item=found, by=_editor(request), take_over=request.POST.get("overtag") == "1")
    except ValidationError as error:
        messages.warning(request, " ".join(error.messages))
    return redirect("editorial:item", uuid=uuid)


@require_POST
@for_editors
def give_back(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Give an item back to the queue."""
    release(item=get_object_or_404(QueueItem, uuid=uuid), by=_editor(request))
    return redirect("editorial:queue")


@require_POST
@for_editors
def answer(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Decide an item. What was typed stays when it can't be done."""
    found = get_object_or_404(QueueItem.objects.with_row(), uuid=uuid)
    form = DecisionForm(request.POST, item=found)
    if not form.is_valid():
        return _item_page(request, found, form, status=422)
    outcome = form.cleaned_data["outcome"]
    try:
        decide(
            uuid=uuid, outcome=outcome, by=_editor(request), reason=form.words(), seen=form.cleaned_data["seen"],
            force=form.cleaned_data["force"],
        )  # fmt: skip
    except (NeedsForceError, ChangeConflictError) as error:
        form.needs_force = True
        form.add_error("force", error)
    except ValidationError as error:
        # What a type's own checks say of a field of the row is no field of this form.
        form.add_error(None, ValidationError(error.messages))
    if form.errors:
        found.refresh_from_db()
        return _item_page(request, found, form, status=422)
    messages.success(request, _done(found, outcome))
    return redirect("editorial:queue")


def _done(found: QueueItem, outcome: str) -> str:
    """What the editor is told after an answer, in the words of the button."""
    if found.kind not in (QueueKind.CONTENT, QueueKind.CHANGE):
        handler = HANDLERS[found.kind]
        button = handler.reject_label if outcome == Outcome.REJECTED else handler.approve_label
        if button and outcome != Outcome.RETURNED:
            return _("»%(title)s« er besvaret: %(button)s.") % {"title": found.title, "button": button}
    return {
        Outcome.APPROVED: _("»%s« er godkendt, og afsenderen får besked."),
        Outcome.RETURNED: _("»%s« er sendt tilbage med dit spørgsmål."),
        Outcome.REJECTED: _("»%s« er ikke taget med, og afsenderen får begrundelsen."),
    }[Outcome(outcome)] % found.title


@require_POST
@for_editors
def answer_many(request: HttpRequest) -> HttpResponse:
    """Approve several, where the kind allows it without opening each."""
    allowed = [kind for kind, handler in HANDLERS.items() if handler.bulk]
    wanted: dict[UUID, int] = {}
    for text in request.POST.getlist("valgt")[:BULK_AT_MOST]:
        key, _colon, version = text.partition(":")
        try:
            wanted[UUID(key)] = int(version)
        except ValueError:
            continue
    safe = QueueItem.objects.filter(uuid__in=wanted, kind__in=allowed).values_list("uuid", flat=True)
    seen = [(uuid, wanted[uuid]) for uuid in safe]
    done, left = decide_many(seen=seen, outcome=Outcome.APPROVED, by=_editor(request))
    if done:
        messages.success(request, ngettext("%s er godkendt.", "%s er godkendt.", done) % done)
    for sentence in left:
        messages.warning(request, sentence)
    if not done and not left:
        messages.warning(request, _("Vælg mindst én, der kan godkendes uden at blive åbnet."))
    return redirect("editorial:queue")


@require_safe
@for_editors
def figures(request: HttpRequest) -> HttpResponse:
    """The queue over time: how many waited, how many were decided, and how long it took."""
    weeks = weekly()
    context = _menu(request, weeks=weeks, bars=bars(weeks), median=answer_time(), here="figures")
    return render(request, "editorial/moderation/figures.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_editors
def matter(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """A whole matter on paper: contribution, versions, letters and decisions, for the centre's own records system.

    POST notes the number that it got there.
    """
    found = get_object_or_404(QueueItem.objects.with_row(), uuid=uuid)
    journal, problem = found.journal, ""
    if request.method == "POST":
        journal = request.POST.get("journal", "")[:200]
        try:
            file_matter(item=found, journal=journal, by=_editor(request))
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            return redirect("editorial:matter", uuid=uuid)
    content = found.content
    items = items_of(found).select_related("change", "membership__user", "membership__workplace")[:100]
    versions = []
    for row in items:
        parts = row.change.proposed if row.change else row.snapshot if row.kind == QueueKind.CONTENT else {}
        told = listed(content, parts) if content and parts else HANDLERS[row.kind].said(row)
        if told:
            versions.append((row, told))
    about = [row.uuid for row in items] + ([content.uuid] if content else [])
    decisions = list(Decision.objects.filter(content_uuid__in=about).order_by("at", "id")[:200])
    log = [(d.at, d.actor_key, named(d.before), named(d.action), d.reason) for d in decisions]
    for role in {row.membership for row in items if row.membership}:
        moves = RoleChange.objects.filter(user_key=role.user.key, workplace_uuid=role.workplace.uuid)
        log += [
            (m.at, m.actor_key, m.get_before_display(), m.get_after_display(), m.reason) for m in moves[:100]
        ]
    names = names_of([key for _at, key, *_rest in log] + [found.decided_by_key])
    context = {
        "item": found,
        "versions": versions,
        "current": listed(content, content.snapshot()) if content else [],
        "letters": _letters(found),
        "decisions": [
            (at, names[key], before, after, reason)
            for at, key, before, after, reason in sorted(log, key=lambda row: row[0])
        ],
        "journal": journal,
        "problem": problem,
        "decided_by": names[found.decided_by_key],
        "printed_at": timezone.now(),
        "printed_by": request.user,
    }
    return render(request, "editorial/moderation/matter.html", context, status=422 if problem else 200)

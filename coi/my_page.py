"""/min-side/: everything of mine, and where it is.

Context of the templates:
  my_page.html          rows (Row), page, answered, returned, first (panels where something waits for me), panels,
                        aside, unread, workplaces
  my_contribution.html  row, letters, decisions
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.paginator import Page, Paginator
from django.db.models import Case, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.models import User
from catalogue.mine import my_panels as catalogue_panels
from editorial.choices import OPEN, READABLE, QueueKind, State
from editorial.diffs import named
from editorial.filing import FILED
from editorial.handlers import CORRECTED_AT, Panel
from editorial.models import Change, Content, Decision, Letter, QueueItem
from editorial.proposals.kinds import PROPOSED
from editorial.queue import answer_time
from editorial.submitting import PROMISED
from editorial.way import Step, way
from ideastorm.answering.mine import my_panels as answering_panels
from ideastorm.assessing.mine import my_panels as assessing_panels
from ideastorm.mine import my_panels as storm_panels
from mapping.mine import my_panels as landscape_panels
from notices.models import Notice
from places.models import Membership
from places.permissions import is_public_employee
from practicum.mine import my_panels as practicum_panels
from practicum.offering.mine import my_panels as offering_panels
from practicum.offers.panels import my_panels as saved_places

PER_PAGE = 20


@dataclass(frozen=True)
class Way:
    """Something the sender can do next."""

    label: str
    url: str
    is_first: bool = False


def _ways(content: Content, change: Change | None, state: str) -> list[Way]:
    """What can be done with a contribution now, the likeliest first. What has a receipt is corrected on its page."""
    found: list[Way] = []
    way = PROPOSED.get(content.kind)
    if way and change and state in OPEN and not content.is_public:
        found.append(Way(_("Træk tilbage"), reverse(f"{way.area}:change_undo", args=[change.uuid])))
    elif way:
        uuid = change.uuid if change else content.uuid
        name = f"{way.area}:{'change' if change else 'proposal'}"
        if state == State.RETURNED:
            found.append(Way(_("Ret og send igen"), reverse(f"{name}_resume", args=[uuid]), True))
        elif state == State.DRAFT:
            found.append(Way(_("Skriv videre"), reverse(f"{name}_resume", args=[uuid]), True))
        if state in OPEN:
            label = _("Slet kladden") if state == State.DRAFT else _("Træk tilbage")
            found.append(Way(label, reverse(f"{name}_undo", args=[uuid])))
        if change is None and state in READABLE:
            found.append(Way(_("Ret siden"), reverse(way.edit, args=[content.slug])))
    elif content.state in (*OPEN, *READABLE, State.SUSPENDED) and hasattr(content, "receipt"):
        label = _("Svar eller ret") if state == State.RETURNED else _("Ret eller træk tilbage")
        address = reverse("editorial:my_receipt", args=[content.uuid])
        found.append(Way(label, address, state == State.RETURNED))
    elif content.state == State.RETURNED and content.kind in CORRECTED_AT:
        found.append(Way(_("Ret og send igen"), CORRECTED_AT[content.kind](content), True))
    if content.is_public:
        found.append(Way(_("Se siden"), content.get_absolute_url()))
    return found


@dataclass(frozen=True)
class Row:
    """A contribution or a change of one: where it is, what its sender is told, and the last words of the editors."""

    content: Content
    change: Change | None
    state: str
    steps: tuple[Step, ...]
    sentence: str
    said: Letter | None
    ways: list[Way]

    @property
    def sentence_of_change(self) -> str:
        """What became of a change that is decided, in a few words."""
        told = {State.PUBLISHED: _("Vist på siden."), State.REJECTED: _("Ikke taget med.")}
        return told.get(State(self.state), _("Trukket tilbage."))

    @property
    def can_go_on(self) -> bool:
        """Whether its sender can write in it: not in a change of a page that is taken down."""
        return self.change is None or self.content.is_public

    @property
    def uuid(self) -> UUID:
        """Of the change, else of the content."""
        return self.change.uuid if self.change else self.content.uuid


def _sentence(content: Content, state: str, place: int, taken: bool) -> str:
    """What a sender wants to know in one line."""
    if state == State.DRAFT:
        return _("Kladde. Kun du kan se den.")
    if state == State.SUBMITTED and taken:
        return _("En fra redaktionen læser den nu.")
    if state == State.SUBMITTED:
        promised = ngettext("%s arbejdsdag", "%s arbejdsdage", PROMISED) % PROMISED
        told = {"n": place, "days": promised}
        return _("Nummer %(n)s i køen. Vi svarer inden for %(days)s.") % told
    return {
        State.RETURNED: _(
            "Redaktionen har spurgt om noget. Ret eller svar, og send igen, når det passer dig."
        ),
        State.PUBLISHED: _("Alle kan læse den."),
        State.REJECTED: _("Den er ikke taget med. Begrundelsen står nedenfor."),
        State.WITHDRAWN: _("Den er trukket tilbage og vises ikke."),
        State.SUSPENDED: _("Redaktionen har taget den ned. Skriv til os, hvis du vil vide mere."),
        State.ARCHIVED: _("Den kan stadig læses, men står ikke længere på listerne."),
    }[State(state)]


def _rows(contents: list[Content], changes: list[Change]) -> list[Row]:
    """Rows with their letters and places in the queue; two queries, however many, and none for nothing."""
    if not contents and not changes:
        return []
    waiting = list(QueueItem.objects.waiting().values_list("pk", flat=True)[:2000])
    places = {pk: n for n, pk in enumerate(waiting, 1)}
    found = []
    for content in contents:
        items = [i for i in content.queue_items.all() if i.kind == QueueKind.CONTENT]
        found.append(_row(content, None, content.state, items, places))
    for change in changes:
        found.append(_row(change.target, change, change.state, list(change.queue_items.all()), places))
    return found


def _row(
    content: Content, change: Change | None, state: str, items: list[QueueItem], places: dict[int, int]
) -> Row:
    last = items[-1] if items else None
    taken = bool(last and last.is_waiting and last.claimed_by_id)
    letters = [letter for item in items for letter in item.letters.all() if letter.from_editors]
    said = letters[-1] if letters and state in (State.RETURNED, State.REJECTED) else None
    sentence = _sentence(content, state, places.get(last.pk, 1) if last else 1, taken)
    if change and state in OPEN and not content.is_public:
        sentence = _("Siden er taget ned, så rettelsen venter. Kommer siden op igen, kan du gå videre her.")
    return Row(
        content, change, state, way(state, is_taken=taken), sentence, said, _ways(content, change, state)
    )


URGENT = {State.RETURNED: 0, State.DRAFT: 1, State.SUBMITTED: 2, State.PUBLISHED: 3}
"""What waits for the sender comes first."""


def _mine(user: User) -> QuerySet[Content]:
    """My contributions, those that wait for me first, then the newest."""
    order = Case(
        *(When(state=state, then=Value(n)) for state, n in URGENT.items()),
        default=Value(4),
        output_field=IntegerField(),
    )
    return (
        Content.objects.filter(author=user)
        .select_related("owner", "receipt")
        .prefetch_related(_items())
        .order_by(order, "-updated_at", "-id")
    )


def _items() -> Prefetch[Any]:
    rows = QueueItem.objects.order_by("submitted_at", "id").prefetch_related("letters")
    return Prefetch("queue_items", rows)


def _changes(user: User) -> list[Change]:
    """My changes that are not decided."""
    rows = Change.objects.filter(author=user, state__in=OPEN).select_related("target__receipt")
    return list(rows.prefetch_related(_items())[:PER_PAGE])


def _answered(user: User) -> list[Row]:
    """My changes that are decided, the newest first: with the reason where it was a no."""
    rows = Change.objects.filter(author=user).exclude(state__in=OPEN).select_related("target")
    return _rows([], list(rows.order_by("-submitted_at", "-id").prefetch_related(_items())[:PER_PAGE]))


def panels(user: User) -> list[Panel]:
    """What the areas tell me beside my contributions."""
    return [
        *answering_panels(user),
        *assessing_panels(user),
        *practicum_panels(user),
        *offering_panels(user),
        *catalogue_panels(user),
        *landscape_panels(user),
        *storm_panels(user),
        *saved_places(user),
    ]


@require_safe
@never_cache
@login_required
def my_page(request: HttpRequest) -> HttpResponse:
    """Everything of mine."""
    user = request.user
    assert isinstance(user, User)
    found = panels(user)
    page: Page[Any] = Paginator(_mine(user), PER_PAGE).get_page(request.GET.get("side", "1"))
    rows = _rows(list(page.object_list), _changes(user) if page.number == 1 else [])
    rows.sort(key=lambda row: URGENT.get(State(row.state), 4))
    context = {
        "rows": rows,
        "page": page,
        "answered": _answered(user) if page.number == 1 else [],
        "returned": [row for row in rows if row.state == State.RETURNED and row.can_go_on],
        "median": answer_time(),
        "unread": Notice.objects.unread_for(user).count(),
        "memberships": Membership.objects.filter(user=user).open().select_related("workplace"),
        "is_employee": is_public_employee(user),
        "first": [panel for panel in found if panel.waits],
        "panels": [panel for panel in found if not panel.waits],
    }
    return render(request, "coi/my_page.html", context)


@require_safe
@never_cache
@login_required
def my_contribution(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The whole course of one of my contributions or changes: every letter and every answer. Another's is 404."""
    user = request.user
    assert isinstance(user, User)
    change = (
        Change.objects.filter(uuid=uuid, author=user)
        .select_related("target")
        .prefetch_related(_items())
        .first()
    )
    if change:
        row = _rows([], [change])[0]
        matter = Q(item__change=change)
    else:
        content = get_object_or_404(
            Content.objects.select_related("receipt").prefetch_related(_items()), uuid=uuid, author=user
        )
        row = _rows([content], [])[0]
        own = Q(item__kind=QueueKind.WITHDRAWAL, item__sender=user)
        matter = Q(item__content=content) & (Q(item__kind=QueueKind.CONTENT) | own)
    decisions = Decision.objects.filter(content_uuid=row.content.uuid).order_by("at", "id")
    # What the editors note for themselves.
    decisions = decisions.exclude(action__startswith="way-").exclude(action=FILED)
    wanted = Q(change_uuid=change.uuid) if change else Q(change_uuid__isnull=True)
    context = {
        "row": row,
        "letters": Letter.objects.for_sender().filter(matter).order_by("created_at", "id")[:100],
        "decisions": [
            (decision.at, named(decision.action), decision.reason)
            for decision in decisions.filter(wanted)[:100]
        ],
    }
    return render(request, "coi/my_contribution.html", context)

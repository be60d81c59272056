"""The queue at work: somebody takes an item, it is decided once, and its sender is told.

Everything of one decision happens in one transaction: the row itself, the item, the log, and the message to the sender,
which a job sends later. What a decision means is the business of the kind's handler (editorial.handlers).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from editorial.choices import Outcome, QueueKind
from editorial.handlers import HANDLERS, AlreadyDecidedError, QueueError
from editorial.models import Content, Decision, Letter, QueueItem
from editorial.working_days import working_days_between
from notices.sending import tell

LOGGED_BY_THEIR_ROW = (QueueKind.CONTENT, QueueKind.CHANGE, QueueKind.MEMBERSHIP)
"""Kinds whose own row logs each move (Content, Change, RoleChange); decisions of the others are logged here."""


def claim(*, item: QueueItem, by: User, take_over: bool = False) -> None:
    """Take an item. Raises QueueError when another has it (unless `take_over`) or it is decided."""
    free = QueueItem.objects.filter(pk=item.pk, decided_at__isnull=True)
    if not take_over:
        free = free.filter(claimed_by__isnull=True) | free.filter(claimed_by=by)
    if not free.update(claimed_by=by, claimed_at=Coalesce("claimed_at", Now()) if not take_over else Now()):
        item.refresh_from_db()
        if not item.is_waiting:
            raise AlreadyDecidedError(item)
        raise QueueError(_("%(who)s har taget den."), params={"who": item.claimed_by or _("En anden")})
    item.refresh_from_db()


def release(*, item: QueueItem, by: User) -> None:
    """Give an item back; nothing happens when somebody else has it."""
    QueueItem.objects.filter(pk=item.pk, claimed_by=by).update(claimed_by=None, claimed_at=None)
    item.refresh_from_db()


def decide(
    *, uuid: UUID, outcome: str, by: User, reason: str = "", seen: int | None = None, force: bool = False
) -> QueueItem:
    """Decide an item once: do it, close it, log it, keep the letter, and tell the sender; one transaction.

    `seen` is the version that was read. Raises AlreadyDecidedError when somebody was first, QueueError when another
    has taken it or it has changed since, NeedsForceError or ChangeConflictError when it takes a second look, and
    TransitionError when it can't be done; then nothing has happened.
    """
    reason = reason.strip()
    with transaction.atomic():
        item = _lock(uuid)
        if not item.is_waiting:
            raise AlreadyDecidedError(item)
        if item.claimed_by_id not in (None, by.pk):
            raise QueueError(_("%(who)s har taget den. Overtag den først."), params={"who": item.claimed_by})
        if seen is not None and seen != item.version:
            raise QueueError(_("Afsenderen har rettet den, mens du læste. Læs den igen, før du svarer."))
        if item.sender_id == by.pk and item.kind != QueueKind.REPORT and not by.is_superuser:
            raise QueueError(_("Du har selv sendt den, så en kollega skal behandle den."))
        handler = HANDLERS[item.kind]
        if outcome not in handler.outcomes:
            raise QueueError(_("Det kan ikke lade sig gøre her."))
        to = handler.recipient(item)
        if outcome == Outcome.APPROVED:
            handler.approve(item, by=by, reason=reason, force=force)
        elif outcome == Outcome.RETURNED:
            handler.send_back(item, by=by, reason=reason)
        else:
            handler.reject(item, by=by, reason=reason)
        QueueItem.objects.filter(pk=item.pk).update(
            decided_at=Coalesce("decided_at", Now()), decided_by_key=by.key, outcome=outcome, claimed_by=None,
            claimed_at=None, version=F("version") + 1,
        )  # fmt: skip
        item.refresh_from_db()
        if item.kind not in LOGGED_BY_THEIR_ROW:
            # Under the matter's own number: what others' reports and wishes led to is not the author's to read.
            Decision.objects.create(
                content_uuid=item.uuid, title=item.title[:120], actor_key=by.key, action=f"{item.kind}-{outcome}",
                reason=reason,
            )  # fmt: skip
        if reason:
            Letter.objects.create(item=item, from_editors=True, author=by, text=reason[:4000])
        told = handler.told(item, outcome, reason)
        if to and told:
            tell(to=to, event=handler.event, subject=told.subject, text=told.text, url=told.url)
    return item


def _lock(uuid: UUID) -> QueueItem:
    """The item, locked; its content first, in the order in which a change of state locks them."""
    content_id = QueueItem.objects.values_list("content_id", flat=True).get(uuid=uuid)
    if content_id:
        Content.objects.select_for_update(of=("self",)).values_list("pk", flat=True).get(pk=content_id)
    return (
        QueueItem.objects.select_for_update(of=("self",))
        .select_related("content", "change", "sender")
        .get(uuid=uuid)
    )


def decide_many(
    *, seen: Iterable[tuple[UUID, int]], outcome: str, by: User, reason: str = ""
) -> tuple[int, list[str]]:
    """Decide several, each by itself: (uuid, the version that was read). What has a severe signal is to be opened.

    Returns how many were done, and a sentence for each that could not be.
    """
    done, left = 0, []
    for uuid, version in seen:
        item = QueueItem.objects.filter(uuid=uuid).first()
        if item is None:
            left.append(_("En af dem findes ikke længere."))
            continue
        if any(signal.get("severe") for signal in item.signals):
            left.append(_("»%s«: Åbn den først. Der er noget, du skal se efter.") % item.title)
            continue
        try:
            decide(uuid=uuid, outcome=outcome, by=by, reason=reason, seen=version)
            done += 1
        except ValidationError as error:
            left.append(f"»{item.title}«: {' '.join(error.messages)}")
    return done, left


def place_in_queue(item: QueueItem) -> int:
    """Which number in the queue an item has, the first being 1."""
    return QueueItem.objects.waiting().filter(submitted_at__lt=item.submitted_at).count() + 1


def answer_time(days: int = 90) -> float | None:
    """The median of working days to an answer in the last `days` days; None before five have been given."""
    since = timezone.now() - dt.timedelta(days=days)
    rows = (
        QueueItem.objects.answered()
        .filter(decided_at__gte=since)
        .values_list("submitted_at", "decided_at")[:1000]
    )
    waited = sorted(working_days_between(timezone.localdate(a), timezone.localdate(b)) for a, b in rows)
    if len(waited) < 5:
        return None
    middle = len(waited) // 2
    return float(waited[middle]) if len(waited) % 2 else (waited[middle - 1] + waited[middle]) / 2

"""What becomes of changes that wait for a page that is taken down: they leave the queue, and their senders are told."""

from __future__ import annotations

from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from accounts.models import User
from editorial.choices import Outcome, QueueKind, State
from editorial.models import Change, Letter, QueueItem
from editorial.models.transitions import Transitions
from notices.sending import tell


def let_changes_go(*, content: Transitions, by: User | None) -> int:
    """Close what waits to change `content`, which nobody can read any more. Call in the transaction that took it down.

    A page that may come back gives its changes back to their senders with every word kept; one that is withdrawn for
    good ends them. Returns how many there were.
    """
    for_good = content.state == State.WITHDRAWN
    rows = Change.objects.filter(target=content.pk, state=State.SUBMITTED).select_related("author", "target")
    changes = list(rows.order_by("pk"))
    for change in changes:
        reason = _why(for_good)
        items = QueueItem.objects.filter(change=change, kind=QueueKind.CHANGE, decided_at__isnull=True)
        waiting = list(items.order_by("pk").values_list("pk", flat=True))
        # First, so that the change finds nothing to close with an answer's outcome.
        items.update(
            decided_at=Now(), decided_by_key=by.key if by else None, outcome=Outcome.LAPSED, claimed_by=None,
            claimed_at=None, version=F("version") + 1,
        )  # fmt: skip
        if for_good:
            change.reject(by=by, reason=reason)
        else:
            change.send_back(by=by, reason=reason)
        Letter.objects.bulk_create(
            Letter(item_id=item, from_editors=True, author=by, text=reason) for item in waiting
        )
        if change.author:
            tell(
                to=change.author,
                event="behandling",
                subject=_("Svar om din rettelse af »%s«") % content.title,
                text=reason,
                url="/min-side/",
            )
    return len(changes)


def _why(for_good: bool) -> str:
    if for_good:
        return _("Siden, du har rettet, er fjernet fra portalen. Derfor kan rettelsen ikke vises.")
    return _(
        "Siden, du har rettet, er taget ned, så rettelsen kan ikke vises nu. Den er gemt på Min side. Kommer siden op "
        "igen, kan du sende rettelsen derfra."
    )

"""What readers write to the editors about what is public, and workplaces about what is not public yet."""

from __future__ import annotations

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from editorial.choices import QueueKind
from editorial.models import Content, Letter, QueueItem, Report
from editorial.submitting import FACTS_LINK, FACTS_SALT, enqueue
from notices.sending import tell


@transaction.atomic
def report_content(*, report: Report, content: Content, by: User | None, email: str = "") -> QueueItem:
    """Put a reader's report into the queue, and thank whoever can be reached."""
    item = enqueue(
        kind=QueueKind.REPORT, title=content.title, sender=by, content=content, workplace=content.owner,
        text=report.text,
    )  # fmt: skip
    report.content, report.item, report.reporter, report.email = content, item, by, email
    report.full_clean()
    report.save()
    if to := by or email:
        tell(
            to=to,
            event="svar",
            subject=_("Tak for din henvendelse om »%s«") % content.title,
            text=_("Tak, fordi du skrev. Redaktionen ser på det og skriver, hvad der kommer ud af det."),
            url=content.get_absolute_url(),
        )
    return item


def item_of_facts(token: str) -> QueueItem | None:
    """The newest item that a link leads to; the same link holds when it is sent again. None for a link that is none,
    or too old.
    """
    try:
        content, workplace = signing.loads(token, salt=FACTS_SALT, max_age=FACTS_LINK)
    except (signing.BadSignature, ValueError):
        return None
    rows = QueueItem.objects.with_row().filter(
        content__uuid=content, workplace=workplace, facts_until__isnull=False
    )
    return rows.order_by("-submitted_at", "-id").first()


@transaction.atomic
def correct_facts(*, item: QueueItem, text: str, by: User | None) -> bool:
    """Keep what the workplace writes with the matter, for the editors to read. False when it is decided already."""
    waiting = (
        QueueItem.objects.select_for_update(of=("self",)).filter(pk=item.pk, decided_at__isnull=True).first()
    )
    if waiting is None:
        return False
    label = _("Fra arbejdspladsen:")
    said = f"{label} {text.strip()}"[:4000]
    Letter.objects.create(item=waiting, from_editors=False, from_others=True, author=by, text=said)
    note = {"key": "facts", "label": str(_("Arbejdspladsen har rettet fakta")), "detail": "", "severe": True}
    signals = [s for s in waiting.signals if s.get("key") != "facts"]
    waiting.signals, waiting.version = [note, *signals], waiting.version + 1
    waiting.save(update_fields=["signals", "version"])
    return True

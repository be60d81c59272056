"""What readers write to the editors about what is public, and workplaces about what is not public yet."""

from __future__ import annotations

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from editorial.choices import QueueKind
from editorial.models import Content, Letter, QueueItem, Report
from editorial.submitting import FACTS_SALT, enqueue
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
    """The item that a link leads to, while the workplace may still be heard; None for a link that is none."""
    try:
        uuid = signing.loads(token, salt=FACTS_SALT)
    except signing.BadSignature:
        return None
    return QueueItem.objects.with_row().filter(uuid=uuid, kind=QueueKind.CONTENT).first()


@transaction.atomic
def correct_facts(*, item: QueueItem, text: str, by: User | None) -> bool:
    """Keep what the workplace writes with the matter, for the editors to read. False when it is decided already."""
    waiting = (
        QueueItem.objects.select_for_update(of=("self",)).filter(pk=item.pk, decided_at__isnull=True).first()
    )
    if waiting is None:
        return False
    label = _("Fra arbejdspladsen:")
    Letter.objects.create(item=waiting, from_editors=False, author=by, text=f"{label} {text.strip()}"[:4000])
    note = {"key": "facts", "label": str(_("Arbejdspladsen har rettet fakta")), "detail": "", "severe": True}
    signals = [s for s in waiting.signals if s.get("key") != "facts"]
    waiting.signals, waiting.version = [note, *signals], waiting.version + 1
    waiting.save(update_fields=["signals", "version"])
    return True

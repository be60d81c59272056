"""What comes into the queue: contributions, changes, and wishes to have something withdrawn."""

from __future__ import annotations

import datetime as dt
from difflib import SequenceMatcher
from typing import Any

from django.core import signing
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from accounts.models import User
from editorial.choices import QueueKind, State
from editorial.models import Change, Content, Letter, QueueItem
from editorial.similar import similar
from editorial.working_days import add_working_days
from guards.textsigns import signs
from notices.sending import tell
from places.models import Workplace
from places.permissions import contacts_of, is_trusted, speaks_for

PROMISED = 2
"""Working days in which a contribution is answered."""
PROMISED_WITHDRAWAL = 1
"""Working days in which a wish to have something withdrawn is answered."""
FACTS = 5
"""Working days that a workplace has to correct facts in what others propose about it."""
SMALL = 200
"""Characters that a small correction may change in all."""
LONGEST = 20_000
"""Characters, old and new together, above which texts are not compared: then a correction is not small."""
FACTS_SALT = "editorial.facts"
FACTS_LINK = dt.timedelta(days=120)
"""How long the workplace's link works while the contribution waits."""
READ = 40_000
"""Characters that are looked through for signals."""


def text_of(snapshot: dict[str, Any]) -> str:
    """All that was written, for the signals."""
    found: list[str] = []

    def gather(value: Any) -> None:
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict):
            for part in value.values():
                gather(part)
        elif isinstance(value, list):
            for part in value:
                gather(part)

    gather(snapshot)
    return "\n".join(found)


def signals_of(*, text: str, title: str, content: Content | None = None) -> list[dict[str, Any]]:
    """What the editors should look at: from the text itself, and what looks like it already."""
    found = [
        {"key": s.key, "label": str(s.label), "detail": s.detail, "severe": s.severe}
        for s in signs(text[:READ])
    ]
    if content is not None:
        alike = similar(title, kinds=content.type().KINDS, exclude=content.pk, limit=3)
        if alike:
            names = ", ".join(f"»{row.content.title}«" for row in alike)
            found.append(
                {
                    "key": "duplicates",
                    "label": str(_("Ligner noget, der findes")),
                    "detail": names,
                    "severe": False,
                }
            )
    return found


def enqueue(
    *,
    kind: str,
    title: str,
    sender: User | None,
    content: Content | None = None,
    workplace: Workplace | None = None,
    promised: int = PROMISED,
    text: str = "",
    **fields: Any,
) -> QueueItem:
    """Put something into the queue; used by every kind. `text` is looked through for signals. Call in a transaction."""
    signals = signals_of(text=text, title=title, content=content if kind == QueueKind.CONTENT else None)
    return QueueItem.objects.create(
        kind=kind, title=title[:200], sender=sender, content=content, workplace=workplace, signals=signals,
        due_on=add_working_days(timezone.localdate(), promised), **fields,
    )  # fmt: skip


@transaction.atomic
def submit_content(*, content: Content, by: User | None, answer: str = "") -> QueueItem:
    """Send a contribution to the editors, for the first time or again; `answer` is what its sender writes to them.

    When it is about a workplace that its sender does not speak for, the workplace is told at once and has FACTS working
    days to correct facts. Raises TransitionError when it is not a draft or returned, or not complete.
    """
    content = content.typed()
    content.submit(by=by)
    snapshot = content.snapshot()
    until, is_new = _hearing(content, content.owner, by)
    item = enqueue(
        kind=QueueKind.CONTENT, title=content.title, sender=by or content.author, content=content,
        workplace=content.owner, text=text_of(snapshot), snapshot=snapshot, facts_until=until,
    )  # fmt: skip
    if answer.strip():
        Letter.objects.create(item=item, from_editors=False, author=by, text=answer.strip())
    if is_new:
        _tell_workplace(item)
    return item


def _hearing(content: Content, owner: Workplace | None, by: User | None) -> tuple[dt.date | None, bool]:
    """Until when `owner` may correct facts, and whether it hears of it now for the first time.

    Each workplace is heard once of each contribution, however often it is sent; who speaks for it need not ask it.
    """
    if owner is None or (by and speaks_for(by, owner)):
        return None, False
    heard = QueueItem.objects.filter(content=content, workplace=owner, facts_until__isnull=False)
    before = heard.order_by("-facts_until").values_list("facts_until", flat=True).first()
    if before is not None:
        return before, False
    return add_working_days(timezone.localdate(), FACTS), True


@transaction.atomic
def hear_new_owner(*, content: Content) -> None:
    """After staff have put a workplace's name on content: let it be heard, as if the sender had named it.

    What waits gets its days to correct facts; of what is public already, the workplace is told.
    """
    owner = content.owner
    if owner is None:
        return
    waiting = QueueItem.objects.select_for_update(of=("self",)).filter(
        content=content, kind=QueueKind.CONTENT, decided_at__isnull=True
    )
    item = waiting.select_related("sender").first()
    if item is not None:
        until, is_new = _hearing(content, owner, item.sender)
        QueueItem.objects.filter(pk=item.pk).update(
            workplace=owner, facts_until=until, version=F("version") + 1
        )
        item.refresh_from_db()
        if is_new:
            _tell_workplace(item)
    elif content.is_public:
        text = _(
            "Redaktionen har skrevet %(workplace)s på »%(title)s«, så I kan rette siden. Er der fejl, eller er det "
            "ikke jeres, så skriv til os fra siden."
        ) % {"workplace": owner.name, "title": content.title}
        subject = _("»%s« står nu med jeres navn") % content.title
        for person in _reached(owner):
            tell(to=person, event="omtale", subject=subject, text=text, url=content.get_absolute_url())


def _reached(owner: Workplace) -> list[User | str]:
    """Those who speak for a workplace, else its mailbox, if it has one."""
    people: list[User | str] = list(contacts_of(owner))
    return people or ([owner.mailbox] if owner.mailbox else [])


def _tell_workplace(item: QueueItem) -> None:
    """Tell those who speak for the workplace that somebody proposes something about it."""
    owner = item.workplace
    assert owner is not None and item.facts_until is not None
    text = _(
        "Nogen har sendt »%(title)s«, der handler om %(workplace)s, til portalen. Redaktionen læser det nu.\n\n"
        "Er der fejl i fakta, så skriv det til os senest %(day)s. Hører vi ikke fra jer, går vi videre uden."
    ) % {
        "title": item.title,
        "workplace": owner.name,
        "day": formats.date_format(item.facts_until, "j. F"),
    }
    for person in _reached(owner):
        tell(
            to=person,
            event="omtale",
            subject=_("Et bidrag om %s er på vej") % owner.name,
            text=text,
            url=facts_address(item),
        )


@transaction.atomic
def submit_change(*, change: Change, by: User | None, answer: str = "") -> QueueItem | None:
    """Send a change to the editors; a small correction by somebody they trust is published at once, then None.

    Without `by` it was sent with a receipt.

    Raises TransitionError, and ChangeConflictError for a small correction of what others have changed meanwhile.
    """
    # A page that is being taken down meanwhile is waited for: no change comes into the queue behind it.
    change.target = Content.objects.select_for_update(of=("self",)).get(pk=change.target_id)
    change.submit()
    target = change.target
    if by and target.owner and is_trusted(by, target.owner) and is_small(change):
        change.approve(by=by, reason=_("Lille rettelse af en, redaktionen har tillid til."))
        return None
    named = change.proposed.get("owner_id")
    owner = Workplace.objects.filter(pk=named).first() if named else target.owner
    until, is_new = _hearing(target, owner, by) if named and named != target.owner_id else (None, False)
    item = enqueue(
        kind=QueueKind.CHANGE, title=target.title, sender=by, content=target, workplace=owner, change=change,
        text=text_of(change.proposed), facts_until=until,
    )  # fmt: skip
    if answer.strip():
        Letter.objects.create(item=item, from_editors=False, author=by, text=answer.strip())
    if is_new:
        _tell_workplace(item)
    return item


def facts_address(item: QueueItem) -> str:
    """The link with which a workplace reads a contribution about it; whoever has it may write, until it is decided."""
    assert item.content is not None
    token = signing.dumps([str(item.content.uuid), item.workplace_id], salt=FACTS_SALT)
    return reverse("editorial:facts", args=[token])


LARGE_PARTS = (
    "title", "owner_id", "pictures", "participations", "status", "year_from", "year_to", "source", "starts_on",
    "ends_on",
)  # fmt: skip
"""Parts of which no change is small."""


def is_small(change: Change) -> bool:
    """Whether a change is a small correction: of texts without weight for what is said, few characters in all, together
    with what the same person has corrected there in the last day without the editors, and nothing in it that they would
    look at.
    """
    size = _size(change)
    if size is None:
        return False
    signs_now = {s.key for s in signs(text_of(change.proposed))}
    if signs_now - {s.key for s in signs(text_of(change.base))}:
        return False
    recent = Change.objects.filter(
        author=change.author, target=change.target, state=State.PUBLISHED, queue_items__isnull=True,
        submitted_at__gt=Now() - dt.timedelta(days=1),
    )  # fmt: skip
    before = [_size(row) or SMALL for row in recent.exclude(pk=change.pk)[:50]] if change.author_id else []
    return size + sum(before) <= SMALL


def _size(change: Change) -> int | None:
    """How many characters of text a change changes; None when it changes something of weight, or too much to count."""
    size = 0
    for part, new in change.proposed.items():
        old = change.base.get(part)
        if part in LARGE_PARTS or not isinstance(new, str) or not isinstance(old, str):
            return None
        if len(old) + len(new) >= LONGEST:
            return None
        moves = SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()
        size += sum(max(i2 - i1, j2 - j1) for tag, i1, i2, j1, j2 in moves if tag != "equal")
    return size


@transaction.atomic
def ask_withdrawal(*, content: Content, by: User | None, reason: str) -> QueueItem:
    """Ask the editors to take something public off; asking twice gives the one item, with both reasons."""
    Content.objects.select_for_update(of=("self",)).get(pk=content.pk)
    waiting = QueueItem.objects.filter(
        content=content, kind=QueueKind.WITHDRAWAL, decided_at__isnull=True
    ).first()
    if waiting:
        if reason.strip() and not waiting.letters.filter(text=reason.strip()[:4000]).exists():
            own = by is not None and by.pk == waiting.sender_id
            Letter.objects.create(
                item=waiting, from_editors=False, from_others=not own, author=by, text=reason.strip()[:4000]
            )
        return waiting
    item = enqueue(
        kind=QueueKind.WITHDRAWAL, title=content.title, sender=by, content=content, workplace=content.owner,
        promised=PROMISED_WITHDRAWAL, text=reason,
    )  # fmt: skip
    if reason.strip():
        Letter.objects.create(item=item, from_editors=False, author=by, text=reason.strip()[:4000])
    return item

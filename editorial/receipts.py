"""What a sender without account can do with a receipt: see, answer, correct, withdraw, and take it into an account.

The code opens the receipt for half an hour in this browser; the session keeps which one, never the code. Each act is
one transaction that locks the content first, as the queue does, so that nobody decides what they have not seen.
"""

from __future__ import annotations

import datetime as dt
import time
from typing import Any, Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from editorial.choices import OPEN, QueueKind, State
from editorial.models import Change, Consent, Content, Letter, QueueItem, Receipt, SenderContact
from editorial.models.querysets import TransitionError
from editorial.models.receipts import code_from, code_hash
from editorial.submitting import signals_of, submit_change, submit_content, text_of
from notices.sending import tell_staff

OPEN_FOR = 30 * 60
"""Seconds that a receipt stays open in a browser."""
SESSION = "receipt"
UNTIL = "receipt-until"
SHOWN_FOR = dt.timedelta(minutes=10)
"""How long the code of a new receipt can be read again in the browser that sent it."""
NEW = "receipt-new"
AT_MOST = 5
"""New receipts that a browser remembers."""


class Corrector(Protocol):
    """A form with which a sender corrects content of one kind; made with `content=`, and `proposed=`: what they have
    proposed already for something public."""

    cleaned_data: dict[str, Any]

    def parts(self) -> dict[str, Any]:
        """The parts that are new, for Content.apply_parts."""


CORRECTORS: dict[str, Any] = {}
"""Kind of content → the form (a Corrector). An area adds its own in AppConfig.ready. A kind without one can be answered
about and withdrawn, but not corrected."""

PANELS: dict[str, Any] = {}
"""Kind of content → a function from the content to what its receipt shows beside the letters (Panel). An area adds its
own in AppConfig.ready."""


def open_receipt(request: HttpRequest, code: str) -> Receipt | None:
    """Open the receipt of `code` in this browser. None for a code that opens nothing.

    A receipt that an account has taken over is opened by the account alone.
    """
    receipt = Receipt.of_code(code)
    if receipt is None or receipt.claimed_by_id is not None:
        return None
    request.session.cycle_key()
    request.session.pop(NEW, None)
    request.session[SESSION] = receipt.pk
    request.session[UNTIL] = int(time.time()) + OPEN_FOR
    return receipt


def current(request: HttpRequest) -> Receipt | None:
    """The receipt that is open in this browser; one that an account has taken over only to that account."""
    new(request)  # what is too old to be shown is dropped wherever a receipt is asked for
    pk, until = request.session.get(SESSION), request.session.get(UNTIL)
    if not isinstance(pk, int) or not isinstance(until, int):
        return None
    if until < time.time():
        forget(request)
        return None
    found = Receipt.objects.select_related("content").filter(pk=pk).first()
    mine = found is not None and found.claimed_by_id in (None, request.user.pk)
    return found if mine else None


def open_mine(request: HttpRequest, uuid: UUID) -> bool:
    """Open the receipt of what I have on my account, without its code. False when it is not mine."""
    found = Receipt.objects.filter(content__uuid=uuid, content__author=request.user.pk).first()
    if found is None or request.user.pk is None or found.claimed_by_id not in (None, request.user.pk):
        return False
    request.session[SESSION], request.session[UNTIL] = found.pk, int(time.time()) + OPEN_FOR
    return True


def forget(request: HttpRequest) -> None:
    """Close the receipt in this browser."""
    request.session.pop(SESSION, None)
    request.session.pop(UNTIL, None)


def remember(request: HttpRequest, uuid: UUID, token: str) -> None:
    """Let this browser, which has just sent content with the form's `token`, read the code for SHOWN_FOR.

    The session keeps the token, never the code: see code_from().
    """
    kept = [pair for pair in _remembered(request) if pair[0] != str(uuid)]
    request.session[NEW] = [*kept, [str(uuid), token]][-AT_MOST:]


def _remembered(request: HttpRequest) -> list[list[str]]:
    return list(request.session.get(NEW, []))


def new(request: HttpRequest) -> list[tuple[Receipt, str]]:
    """The receipts that were made by this browser in the last SHOWN_FOR, newest first, with their codes.

    The others are forgotten here.
    """
    if not (kept := _remembered(request)):
        return []
    rows = Receipt.objects.select_related("content").filter(
        content__uuid__in=[uuid for uuid, _token in kept],
        created_at__gt=timezone.now() - SHOWN_FOR,
        claimed_by=None,
    )
    receipts = {str(row.content.uuid): row for row in rows}
    found, left = [], []
    for uuid, token in kept:
        row = receipts.get(uuid)
        if row and row.code_hash == code_hash(code := code_from(token, row.content)):
            found.append((row, code))
            left.append([uuid, token])
    if left != kept:
        request.session[NEW] = left
    if not left:
        del request.session[NEW]
    return found[::-1]


def _locked(receipt: Receipt) -> Content:
    """The content as its own type, locked. Raises TransitionError when an account has taken the receipt over."""
    content = Content.objects.select_for_update(of=("self",)).get(pk=receipt.content_id)
    if not Receipt.objects.filter(pk=receipt.pk, claimed_by=receipt.claimed_by_id).exists():
        raise TransitionError(_("Kvitteringen hører nu til en konto. Log ind for at rette eller svare."))
    return content.typed()


def _waiting(content: Content) -> QueueItem | None:
    return (
        QueueItem.objects.select_for_update(of=("self",))
        .filter(content=content, kind=QueueKind.CONTENT, decided_at__isnull=True)
        .first()
    )


@transaction.atomic
def correct(*, receipt: Receipt, parts: dict[str, Any], answer: str = "") -> None:
    """Put the sender's corrections in, and keep the answer to the editors with the matter.

    What the editors have returned is sent to them again. What waits already is corrected where it is, and whoever was
    about to decide it has to read it anew. What is public stands until the editors have read the correction, which is a
    change of its own. Raises TransitionError when it is decided and not public.
    """
    content = _locked(receipt)
    if content.is_public:
        _correct_public(content, parts, answer)
        return
    if content.state not in OPEN:
        raise TransitionError(_("Redaktionen har svaret, så den kan ikke rettes her mere."))
    if not parts and not answer.strip():
        raise TransitionError(_("Ret noget, eller skriv et svar, før du sender."))
    if parts:
        content.apply_parts(parts)
        content.refresh_from_db()
    item = _waiting(content)
    if item is None:
        submit_content(content=content, by=None, answer=answer[:4000])
        return
    if answer.strip():
        Letter.objects.create(item=item, from_editors=False, text=answer.strip()[:4000])
    snapshot = content.snapshot()
    signals = signals_of(text=text_of(snapshot), title=content.title, content=content)
    _renew(item, signals, title=content.title, snapshot=snapshot)


def _renew(item: QueueItem, signals: list[dict[str, Any]], **fields: Any) -> None:
    """Give an item that waits what its sender has changed; whoever was about to decide it has to read it anew."""
    kept = [signal for signal in item.signals if signal.get("key") == "facts"]
    QueueItem.objects.filter(pk=item.pk).update(signals=[*kept, *signals], version=F("version") + 1, **fields)


def change_of(content: Content) -> Change | None:
    """What its sender wants corrected in something public, while it waits for the editors or for the sender."""
    rows = Change.objects.filter(target=content, author=content.author_id, state__in=OPEN)
    return rows.order_by("-pk").first()


def items_of(content: Content) -> QuerySet[QueueItem]:
    """The sender's own matters: the content itself, and what they want corrected in it."""
    own = Q(kind=QueueKind.CHANGE, change__author=content.author_id)
    return QueueItem.objects.filter(Q(kind=QueueKind.CONTENT) | own, content=content)


def _correct_public(content: Content, parts: dict[str, Any], answer: str) -> None:
    """Propose the corrections as a change; what waits already is corrected where it is."""
    change, by = change_of(content), content.author
    if not parts and not (change and answer.strip()):
        raise TransitionError(_("Ret noget, før du sender."))
    if change is None:
        submit_change(change=Change.begin(content, by=by, proposed=parts), by=by, answer=answer[:4000])
        return
    now = content.snapshot()
    change.base = {part: now[part] for part in parts} | change.base
    change.proposed = change.proposed | parts
    change.save(update_fields=["base", "proposed"])
    item = change.queue_items.select_for_update(of=("self",)).filter(decided_at__isnull=True).first()
    if item is None:
        submit_change(change=change, by=by, answer=answer[:4000])
        return
    if answer.strip():
        Letter.objects.create(item=item, from_editors=False, author=by, text=answer.strip()[:4000])
    _renew(item, signals_of(text=text_of(change.proposed), title=content.title))


@transaction.atomic
def withdraw(*, receipt: Receipt, reason: str = "") -> None:
    """Take the content back at once, also when it is public: whoever consented may change their mind.

    The consent is marked as withdrawn, the address for questions is forgotten, other wishes about it are closed, and
    the editors are told. Raises TransitionError when it is not there to withdraw.
    """
    content = _locked(receipt)
    was_public = content.is_public
    if change := change_of(content):
        change.withdraw(by=None)
    content.withdraw(by=None, reason=reason)
    Consent.objects.filter(content=content, withdrawn_at__isnull=True).update(withdrawn_at=Now())
    SenderContact.objects.filter(receipt=receipt).delete()
    QueueItem.objects.filter(content=content, kind=QueueKind.WITHDRAWAL, decided_at__isnull=True).update(
        decided_at=Now(), outcome="withdrawn", claimed_by=None, claimed_at=None
    )
    if was_public:
        tell_staff(
            event="redaktion",
            subject=_("»%s« er trukket tilbage af afsenderen") % content.title,
            text=_(
                "Afsenderen har trukket sit samtykke tilbage, og siden er fjernet fra portalen. Se efter, om noget "
                "andet bygger på den, f.eks. et eksempel eller et opslag."
            ),
            url="/admin/moderation/",
        )


@transaction.atomic
def claim(*, receipt: Receipt, by: User) -> None:
    """Let an account take the content over; from then on the code opens nothing. Raises TransitionError if one has."""
    content = _locked(receipt)
    if receipt.claimed_by_id or content.author_id not in (None, by.pk):
        raise TransitionError(_("Den står allerede på en konto."))
    Receipt.objects.filter(pk=receipt.pk, claimed_by__isnull=True).update(claimed_by=by, claimed_at=Now())
    items_of(content).filter(sender__isnull=True).update(sender=by)
    Change.objects.filter(target=content, author__isnull=True).update(author=by)
    Content.objects.filter(pk=content.pk).update(author=by)
    SenderContact.objects.filter(receipt=receipt).delete()


def may_correct(content: Content) -> bool:
    """Whether its sender may still change what it says; what is public, by a change that the editors read first."""
    return content.state in (State.SUBMITTED, State.RETURNED) or content.is_public

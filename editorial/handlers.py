"""What the queue does with each kind of item: approve, ask back, say no, and what the sender is told.

Areas above register a handler for their kind in AppConfig.ready.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from editorial.choices import Outcome, QueueKind
from editorial.models import Content, QueueItem
from editorial.models.querysets import TransitionError


class QueueError(TransitionError):
    """Something in the queue can't be done as asked. The message is for the page."""


class AlreadyDecidedError(QueueError):
    """Somebody else was first. `item` is as it is now."""

    def __init__(self, item: QueueItem) -> None:
        self.item = item
        who = item.decided_by()
        super().__init__(
            _("%(who)s har allerede behandlet det: %(outcome)s. Din besked er ikke sendt."),
            params={"who": who or _("En anden"), "outcome": item.get_outcome_display().lower()},
        )


class NeedsForceError(QueueError):
    """It can be done, but only by somebody who has read why it should wait."""


@dataclass(frozen=True)
class Told:
    """What the sender is told."""

    subject: str
    text: str
    url: str = ""


@dataclass(frozen=True)
class Panel:
    """A part of a page: a template and what it shows."""

    template: str
    context: dict[str, Any]
    waits: bool = False
    """Whether something in it waits for whoever reads. Such a part stands first on Min side."""


class Handler:
    """What a kind of item is, for the queue. One object for each kind, registered in HANDLERS."""

    outcomes: ClassVar[tuple[str, ...]] = (Outcome.APPROVED, Outcome.RETURNED, Outcome.REJECTED)
    approve_label: Any = ""
    """What the button says; empty: »Vis på portalen«."""
    reject_label: Any = ""
    """What the button that says no says; empty: »Sig nej«."""
    event = "behandling"
    """Which of the sender's choices of notices decides how they are told."""
    bulk = False
    """Whether many may be approved in one go without being opened."""

    def approve(self, item: QueueItem, *, by: User, reason: str, force: bool) -> None:
        """Do what was asked. Raises TransitionError."""
        raise NotImplementedError

    def send_back(self, item: QueueItem, *, by: User, reason: str) -> None:
        """Return it with a question. Raises TransitionError."""
        raise NotImplementedError

    def reject(self, item: QueueItem, *, by: User, reason: str) -> None:
        """Say no. Raises TransitionError."""
        raise NotImplementedError

    def told(self, item: QueueItem, outcome: str, reason: str) -> Told | None:
        """What the sender is told; None when there is nothing to tell."""
        raise NotImplementedError

    def recipient(self, item: QueueItem) -> User | str | None:
        """Whom to tell: the sender's account, else the address they left for questions, if any."""
        if item.sender_id:
            return item.sender
        receipt = getattr(item.content, "receipt", None) if item.content_id else None
        contact = getattr(receipt, "contact", None)
        return contact.email if contact else None

    def said(self, item: QueueItem) -> list[tuple[str, str]]:
        """What the item itself says, beside content and letters, as (label, text): on its page and on paper."""
        return []

    def panels(self, item: QueueItem) -> list[Panel]:
        """What else the editors see and can do on the item's page."""
        said = self.said(item)
        return [Panel("editorial/moderation/said.html", {"said": said})] if said else []

    def versions(self, item: QueueItem) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """Two snapshots to show side by side, before and after; None when there is nothing to compare."""
        return None


CONTENT_PANELS: dict[str, Callable[[QueueItem], list[Panel]]] = {}
"""Kind of content → what else its items show; an area adds its own in AppConfig.ready."""

CORRECTED_AT: dict[str, Callable[[Content], str]] = {}
"""Kind of content → the address where its author changes what came back. For kinds that are neither proposed in steps
nor have a receipt; an area adds its own in AppConfig.ready."""

HELD_BACK: dict[str, Callable[[QueueItem], str]] = {}
"""Kind of content → why an item of it can't be shown yet, as a sentence for the editor; "" when nothing holds it. An
area adds its own in AppConfig.ready. No tick passes it, unlike NeedsForceError: it has to be done first."""


WAITS: dict[str, Callable[[list[QueueItem]], dict[int, str]]] = {}
"""Kind of content → what its items wait for besides the editors, for the list of the queue: the item's key → a few
words. Asked once for all items of a page. An area adds its own in AppConfig.ready."""


def waits(items: Iterable[QueueItem]) -> dict[int, str]:
    """What items wait for besides the editors, where their areas say so."""
    by_kind: dict[str, list[QueueItem]] = {}
    for item in items:
        if item.content and item.content.kind in WAITS:
            by_kind.setdefault(item.content.kind, []).append(item)
    return {pk: text for kind, found in by_kind.items() for pk, text in WAITS[kind](found).items()}


def _not_held_back(item: QueueItem) -> None:
    """Raise QueueError while the area of the content's kind says that something has to be done first."""
    held = HELD_BACK.get(item.content.kind) if item.content else None
    if held and (why := held(item)):
        raise QueueError(why)


def _wait_for_facts(item: QueueItem, force: bool) -> None:
    """Raise NeedsForceError while the workplace may still correct facts, unless `force`."""
    if item.facts_until and item.facts_until >= timezone.localdate() and not force:
        raise NeedsForceError(
            _("Arbejdspladsen kan rette fakta til og med %(day)s. Sæt kryds, hvis det skal vises før."),
            params={"day": formats.date_format(item.facts_until, "j. F")},
        )


class ContentHandler(Handler):
    """A contribution that was never public."""

    def panels(self, item: QueueItem) -> list[Panel]:
        """What the area of the content's kind adds."""
        panels = CONTENT_PANELS.get(item.content.kind) if item.content else None
        return panels(item) if panels else []

    def _content(self, item: QueueItem) -> Content:
        assert item.content is not None
        return item.content.typed()

    def approve(self, item: QueueItem, *, by: User, reason: str, force: bool) -> None:
        """Publish it; while the workplace it is about may still correct facts, only with `force`."""
        _not_held_back(item)
        _wait_for_facts(item, force)
        self._content(item).publish(by=by, reason=reason)

    def send_back(self, item: QueueItem, *, by: User, reason: str) -> None:
        """See Content.send_back."""
        self._content(item).send_back(by=by, reason=reason)

    def reject(self, item: QueueItem, *, by: User, reason: str) -> None:
        """See Content.reject."""
        self._content(item).reject(by=by, reason=reason)

    def told(self, item: QueueItem, outcome: str, reason: str) -> Told:
        """In plain Danish, with the next step."""
        title = item.title
        where = "/min-side/" if item.sender_id else reverse("editorial:receipt")
        if outcome == Outcome.APPROVED:
            text = _("Tak for dit bidrag. »%(title)s« står nu på portalen, så andre kan finde det.") % {
                "title": title
            }
            return Told(
                _("Nu kan alle læse »%s«") % title,
                _with(text, reason),
                self._content(item).get_absolute_url(),
            )
        if outcome == Outcome.RETURNED:
            text = _(
                "Vi har læst »%(title)s« og har et spørgsmål, før vi kan vise det. Ret eller svar, og send det igen, "
                "når det passer dig. Intet er gået tabt."
            ) % {"title": title}
            return Told(_("Vi har et spørgsmål til »%s«") % title, _with(text, reason), where)
        text = _("Tak, fordi du sendte »%(title)s«. Vi viser det ikke på portalen.") % {"title": title}
        return Told(_("Svar om »%s«") % title, _with(text, reason), where)

    def versions(self, item: QueueItem) -> tuple[dict[str, Any], dict[str, Any]] | None:
        """How it was when it was sent the last time, and how it is now."""
        earlier = (
            QueueItem.objects.filter(
                content=item.content, kind=QueueKind.CONTENT, submitted_at__lt=item.submitted_at
            )
            .order_by("-submitted_at")
            .first()
        )
        return (earlier.snapshot, item.snapshot) if earlier and earlier.snapshot else None


class ChangeHandler(Handler):
    """A change of something that is public."""

    def panels(self, item: QueueItem) -> list[Panel]:
        """What the area of the content's kind adds."""
        panels = CONTENT_PANELS.get(item.content.kind) if item.content else None
        return panels(item) if panels else []

    def approve(self, item: QueueItem, *, by: User, reason: str, force: bool) -> None:
        """See Change.approve; a conflict raises ChangeConflictError unless `force`."""
        assert item.change is not None
        _not_held_back(item)
        _wait_for_facts(item, force)
        item.change.approve(by=by, reason=reason, force=force)

    def send_back(self, item: QueueItem, *, by: User, reason: str) -> None:
        """See Change.send_back."""
        assert item.change is not None
        if not reason.strip():
            raise TransitionError(_("Skriv, hvad afsenderen skal svare på eller rette."))
        item.change.send_back(by=by, reason=reason)

    def reject(self, item: QueueItem, *, by: User, reason: str) -> None:
        """See Change.reject."""
        assert item.change is not None
        if not reason.strip():
            raise TransitionError(_("Skriv, hvorfor det ikke kommer med. Afsenderen får begrundelsen."))
        item.change.reject(by=by, reason=reason)

    def told(self, item: QueueItem, outcome: str, reason: str) -> Told:
        """In plain Danish."""
        title = item.title
        where = "/min-side/" if item.sender_id else reverse("editorial:receipt")
        if outcome == Outcome.APPROVED:
            text = _("Din rettelse af »%(title)s« står nu på portalen. Tak, fordi du holder det ved lige.")
            assert item.content is not None
            return Told(
                _("Din rettelse af »%s« er vist") % title,
                _with(text % {"title": title}, reason),
                item.content.get_absolute_url(),
            )
        if outcome == Outcome.RETURNED:
            text = _(
                "Vi har et spørgsmål til din rettelse af »%(title)s«. Den gamle udgave står, til vi er færdige."
            )
            return Told(
                _("Vi har et spørgsmål til din rettelse af »%s«") % title,
                _with(text % {"title": title}, reason),
                where,
            )
        text = _("Vi har ikke vist din rettelse af »%(title)s«. Siden står, som den var.") % {"title": title}
        return Told(_("Svar om din rettelse af »%s«") % title, _with(text, reason), where)

    def versions(self, item: QueueItem) -> tuple[dict[str, Any], dict[str, Any]]:
        """What it builds on, and what it proposes."""
        assert item.change is not None
        return item.change.base, item.change.proposed


class WithdrawalHandler(Handler):
    """A wish that something public is taken off."""

    outcomes = (Outcome.APPROVED, Outcome.REJECTED)
    approve_label = gettext_lazy("Fjern siden")
    reject_label = gettext_lazy("Lad siden stå")

    def approve(self, item: QueueItem, *, by: User, reason: str, force: bool) -> None:
        """See Content.withdraw."""
        assert item.content is not None
        item.content.typed().withdraw(by=by, reason=reason)

    def reject(self, item: QueueItem, *, by: User, reason: str) -> None:
        """It stays; the reason is told."""
        if not reason.strip():
            raise TransitionError(_("Skriv, hvorfor siden bliver stående."))

    def told(self, item: QueueItem, outcome: str, reason: str) -> Told:
        """Whether it is gone."""
        if outcome == Outcome.APPROVED:
            text = _("»%(title)s« er fjernet fra portalen, som du bad om.") % {"title": item.title}
        else:
            text = _("Du har bedt om at få »%(title)s« fjernet. Vi lader siden stå.") % {"title": item.title}
        return Told(_("Svar på dit ønske om »%s«") % item.title, _with(text, reason), "/min-side/")


class ReportHandler(Handler):
    """A reader's report. Approving means that something has been done about it."""

    outcomes = (Outcome.APPROVED, Outcome.REJECTED)
    approve_label = gettext_lazy("Vi har gjort noget ved det")
    reject_label = gettext_lazy("Lad siden stå")

    def approve(self, item: QueueItem, *, by: User, reason: str, force: bool) -> None:
        """What was done was done on the page's own form; here it is only closed."""
        self._forget_address(item)

    def reject(self, item: QueueItem, *, by: User, reason: str) -> None:
        """The page stays as it is."""
        self._forget_address(item)

    def said(self, item: QueueItem) -> list[tuple[str, str]]:
        """What the reader thinks is wrong."""
        report = item.report
        return filled(
            (_("Hvad der er galt"), report.get_reason_display()), (_("Læseren skriver"), report.text)
        )

    @staticmethod
    def _forget_address(item: QueueItem) -> None:
        report = item.report
        type(report).objects.filter(pk=report.pk).update(email="")

    def recipient(self, item: QueueItem) -> User | str | None:
        """The reader: account or the address they left."""
        report = item.report
        return item.sender or report.email or None

    def told(self, item: QueueItem, outcome: str, reason: str) -> Told:
        """Thanks, and what came of it."""
        if outcome == Outcome.APPROVED:
            text = _("Tak, fordi du skrev om »%(title)s«. Vi har set på det og gjort noget ved det.")
        else:
            text = _("Tak, fordi du skrev om »%(title)s«. Vi har set på det og lader siden stå, som den er.")
        return Told(
            _("Svar på din henvendelse om »%s«") % item.title, _with(text % {"title": item.title}, reason)
        )


HANDLERS: dict[str, Handler] = {
    QueueKind.CONTENT: ContentHandler(),
    QueueKind.CHANGE: ChangeHandler(),
    QueueKind.WITHDRAWAL: WithdrawalHandler(),
    QueueKind.REPORT: ReportHandler(),
}


def register(kind: str, handler: Handler) -> None:
    """Say what the queue does with a kind; called by an area's AppConfig.ready."""
    HANDLERS[kind] = handler


def filled(*rows: tuple[str, Any]) -> list[tuple[str, str]]:
    """The rows that have a text."""
    return [(label, str(text)) for label, text in rows if text not in (None, "")]


def _with(text: str, reason: str) -> str:
    return f"{text}\n\n{reason.strip()}" if reason.strip() else text

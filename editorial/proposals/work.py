"""What somebody is working on: content of their own before it is public, or a change to what is.

Both have the same parts and steps; where the parts are read and written is the only difference.
"""

from __future__ import annotations

import hashlib
import json
from abc import ABC, abstractmethod
from typing import Any, ClassVar
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import User
from editorial.choices import QueueKind, State
from editorial.models import Change, Contact, Content, Letter, ProposalDraft, QueueItem
from editorial.models.querysets import TransitionError
from editorial.proposals.forms import CONTACT, Page, Raw, typed
from editorial.proposals.kinds import PROPOSED, Parts, ProposalKind, Step
from editorial.submitting import submit_change, submit_content

EDITABLE = (State.DRAFT, State.RETURNED)
KEPT = 200_000
"""Characters of typed text that are kept of a step."""


def untitled(kind_label: Any) -> str:
    """What a draft is called before it has a title."""
    return str(_("%(kind)s uden titel") % {"kind": kind_label})


def plain(value: Any) -> Any:
    """As the database gives it back from JSON."""
    return json.loads(json.dumps(value, cls=DjangoJSONEncoder))


class Work(ABC):
    """One proposal, of whichever sort."""

    is_change: ClassVar[bool]
    namespace: ClassVar[str]
    content: Content
    user: User

    @property
    @abstractmethod
    def uuid(self) -> UUID:
        """What stands in the address."""

    @property
    @abstractmethod
    def state(self) -> str:
        """Where it is."""

    @abstractmethod
    def read(self) -> Parts:
        """The parts as they are stored."""

    @abstractmethod
    def write(self, parts: Parts) -> None:
        """Store parts that a form has checked. Call locked. Raises ValidationError."""

    @abstractmethod
    def lock(self) -> None:
        """Wait for others, read anew, and raise TransitionError when it can't be edited any more."""

    @abstractmethod
    def submit(self, answer: str) -> QueueItem | None:
        """Send it. Raises TransitionError."""

    @abstractmethod
    def items(self) -> Any:
        """Its items in the queue, oldest first."""

    @abstractmethod
    def undo(self) -> bool:
        """Take it back; True when it was never sent, and so is gone. Raises TransitionError."""

    @abstractmethod
    def draft(self) -> ProposalDraft:
        """What is typed and not stored yet; unsaved when there is nothing."""

    @property
    def is_editable(self) -> bool:
        """Whether its author may write in it now."""
        return self.state in EDITABLE

    @property
    def kind(self) -> str:
        """The kind of content."""
        return self.content.kind

    @property
    def way(self) -> ProposalKind:
        """How its kind is proposed."""
        return PROPOSED[self.kind]

    @property
    def called(self) -> str:
        """What its author is doing."""
        if self.is_change:
            return _("Ret »%(title)s«") % {"title": self.content.title}
        return str(self.way.called)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Its steps."""
        return self.way.steps

    @cached_property
    def parts(self) -> Parts:
        """The parts as they are stored; read once."""
        return self.read()

    @cached_property
    def kept(self) -> ProposalDraft:
        """What is typed; read once."""
        return self.draft()

    def forget(self) -> None:
        """Read anew next time."""
        for name in ("parts", "kept"):
            self.__dict__.pop(name, None)

    @property
    def has_title(self) -> bool:
        """Whether the first step has been stored."""
        return bool(self.parts.get("summary"))

    def shown_parts(self) -> Parts:
        """The parts as forms show them: a draft without a title has an empty field for it."""
        if self.parts["title"] == untitled(self.content.get_kind_display()):
            return {**self.parts, "title": ""}
        return self.parts

    def page(self, step: Step, *, data: Any = None, quiet: bool = False, checked: bool = False) -> Page:
        """A step's form: with `data` as sent; else as typed last, else as stored. `checked` shows what is missing."""
        options: dict[str, Any] = {
            "kind": self.kind, "parts": self.shown_parts(), "strict": not self.is_change,
        }  # fmt: skip
        if data is not None:
            return Page(step, data=data, quiet=quiet, **options)
        if raw := self.kept.pending.get(step.key):
            return Page(step, data=typed(raw), quiet=not checked, **options)
        stored = Page(step, **options)
        return Page(step, data=typed(stored.raw()), **options) if checked else stored

    def seen(self, step: Step) -> str:
        """What somebody has seen who is shown this step now; changes when anybody stores or types something in it."""
        names = [*step.names, *step.rows]
        what = [self.kept.pending.get(step.key), {name: self.parts.get(name) for name in names}]
        return hashlib.sha256(json.dumps(what, sort_keys=True, default=str).encode()).hexdigest()[:20]

    def address(self, name: str, *args: Any) -> str:
        """One of its pages."""
        return reverse(f"{self.way.area}:{self.namespace}{name}", args=[self.uuid, *args])

    def step_address(self, step: Step) -> str:
        """A step's page."""
        return self.address("step", step.key)

    @cached_property
    def letters(self) -> list[Letter]:
        """What was written about it, oldest first."""
        return list(
            Letter.objects.filter(item__in=self.items().values("pk")).order_by("created_at", "id")[:50]
        )

    @property
    def question(self) -> Letter | None:
        """What the editors asked last, while they wait for an answer."""
        if self.state != State.RETURNED:
            return None
        return next((letter for letter in reversed(self.letters) if letter.from_editors), None)

    def keep(self, step: Step, raw: Raw) -> None:
        """Keep what is typed in a step. Call locked."""
        self.kept.pending = {**self.kept.pending, step.key: raw}
        self.kept.save()

    def keep_beside(self, step: Step, raw: Raw) -> None:
        """Keep what somebody typed who had not seen the newest. Call locked."""
        self.kept.beside = {**self.kept.beside, step.key: raw}
        self.kept.save()

    def stored(self, step: Step) -> None:
        """What was typed in a step is stored as parts now."""
        for kept in (self.kept.pending, self.kept.beside):
            kept.pop(step.key, None)
        if self.kept.pk or self.kept.pending or self.kept.beside:
            self.kept.save()
        self.__dict__.pop("parts", None)

    def store_typed(self) -> dict[str, Page]:
        """Store every step that is typed and complete. Returns the pages in which something is missing.

        Call locked.
        """
        missing = {}
        for step in self.steps:
            page = self.page(step, checked=True)
            if not page.is_valid():
                missing[step.key] = page
            elif step.key in self.kept.pending:
                self.write(page.parts())
                self.stored(step)
        return missing

    def clear(self) -> None:
        """Throw away what is typed, after sending or taking back."""
        self.forget()
        if self.kept.pk:
            self.kept.delete()
        self.forget()


class DraftWork(Work):
    """Content of one's own that is not public."""

    is_change = False
    namespace = "proposal_"

    def __init__(self, content: Content, user: User) -> None:
        self.content, self.user = content, user

    @property
    def uuid(self) -> UUID:
        return self.content.uuid

    @property
    def state(self) -> str:
        return self.content.state

    def read(self) -> Parts:
        parts = self.content.snapshot()
        contact = Contact.objects.filter(content=self.content).first()
        values = (contact.name, contact.role, contact.email, contact.phone) if contact else ("", "", "", "")
        consent = bool(contact and contact.consented_on)
        parts["contact"] = dict(zip(CONTACT, (*values, consent), strict=True))
        return parts

    def lock(self) -> None:
        Content.objects.select_for_update(of=("self",)).get(pk=self.content.pk)
        self.content.refresh_from_db()
        self.forget()
        if not self.is_editable:
            raise TransitionError(_("Bidraget er sendt i mellemtiden, så det kan ikke rettes lige nu."))

    def write(self, parts: Parts) -> None:
        parts = plain(parts)
        if (contact := parts.pop("contact", None)) and contact != self.parts["contact"]:
            self._write_contact(contact)
        changed = {name: value for name, value in parts.items() if value != self.parts.get(name)}
        if changed:
            self.content.apply_parts(changed)
        self.__dict__.pop("parts", None)

    def _write_contact(self, contact: dict[str, Any]) -> None:
        name, role, email, phone, consent = (contact[key] for key in CONTACT)
        if not name:
            Contact.objects.filter(content=self.content).delete()
            return
        old = Contact.objects.filter(content=self.content).first()
        same = old is not None and (old.name, old.email, old.phone) == (name, email, phone)
        said_yes = old.consented_on if old and same and old.consented_on else timezone.localdate()
        Contact.objects.update_or_create(
            content=self.content,
            defaults={
                "name": name, "role": role, "email": email, "phone": phone,
                "consented_on": said_yes if consent else None,
            },
        )  # fmt: skip

    def submit(self, answer: str) -> QueueItem | None:
        return submit_content(content=self.content, by=self.user, answer=answer)

    def items(self) -> Any:
        return QueueItem.objects.filter(content=self.content, kind=QueueKind.CONTENT).order_by(
            "submitted_at", "id"
        )

    def undo(self) -> bool:
        if self.state == State.DRAFT and not self.items().exists():
            self.content.delete()
            return True
        self.content.withdraw(by=self.user)
        self.clear()
        return False

    def draft(self) -> ProposalDraft:
        found = ProposalDraft.objects.filter(content=self.content).first()
        return found or ProposalDraft(content=self.content)


class ChangeWork(Work):
    """A change to something public."""

    is_change = True
    namespace = "change_"

    def __init__(self, change: Change, user: User) -> None:
        self.change, self.user = change, user
        self.content = _page_row(change.target.kind, pk=change.target_id)

    @property
    def uuid(self) -> UUID:
        return self.change.uuid

    @property
    def state(self) -> str:
        return self.change.state

    def read(self) -> Parts:
        return {**self.content.snapshot(), **self.change.proposed}

    def lock(self) -> None:
        # The content first, as whoever decides or takes the page down does.
        Content.objects.select_for_update(of=("self",)).values_list("pk", flat=True).get(pk=self.content.pk)
        self.change = Change.objects.select_for_update(of=("self",)).get(pk=self.change.pk)
        self.forget()
        if not self.is_editable:
            raise TransitionError(_("Rettelsen er sendt eller behandlet i mellemtiden."))

    def write(self, parts: Parts) -> None:
        """Only what differs from what is public is proposed; what it is compared with is kept from the first time."""
        now = self.content.snapshot()
        parts = plain(parts)
        parts.pop("contact", None)
        base, proposed = dict(self.change.base), dict(self.change.proposed)
        for name, value in parts.items():
            before = base.get(name, now[name])
            if value == before:
                base.pop(name, None)
                proposed.pop(name, None)
            else:
                base[name], proposed[name] = before, value
        self.change.base, self.change.proposed = base, proposed
        self.change.save(update_fields=["base", "proposed"])
        self.__dict__.pop("parts", None)

    def submit(self, answer: str) -> QueueItem | None:
        if not self.change.proposed:
            raise TransitionError(_("Du har ikke rettet noget endnu."))
        return submit_change(change=self.change, by=self.user, answer=answer)

    def items(self) -> Any:
        return QueueItem.objects.filter(change=self.change).order_by("submitted_at", "id")

    def undo(self) -> bool:
        if self.state == State.DRAFT and not self.items().exists():
            self.change.delete()
            return True
        self.change.withdraw(by=self.user)
        self.clear()
        return False

    def draft(self) -> ProposalDraft:
        found = ProposalDraft.objects.filter(change=self.change).first()
        return found or ProposalDraft(change=self.change)


def _page_row(kind: str, **wanted: Any) -> Content:
    rows: Any = PROPOSED[kind].model.objects
    found: Content = rows.with_page().get(**wanted)
    return found


def work_of(user: User, uuid: UUID, *, is_change: bool, area: str) -> Work:
    """The user's own work in an area; anybody else's, and what was never proposed in steps there, is 404."""
    if is_change:
        change = get_object_or_404(Change.objects.select_related("target"), uuid=uuid, author=user)
        _refuse_foreign(change.target.kind, area)
        return ChangeWork(change, user)
    content = get_object_or_404(Content.objects.only("pk", "kind"), uuid=uuid, author=user)
    _refuse_foreign(content.kind, area)
    return DraftWork(_page_row(content.kind, pk=content.pk), user)


def _refuse_foreign(kind: str, area: str) -> None:
    if kind not in PROPOSED or PROPOSED[kind].area != area:
        raise Http404


@transaction.atomic
def begin_content(*, kind: str, by: User) -> Content:
    """A draft of one's own."""
    content = PROPOSED[kind].model(kind=kind, author=by)
    content.title = untitled(content.get_kind_display())
    content.save()
    content.reindex()
    return content


@transaction.atomic
def begin_change(*, content: Content, by: User) -> Change:
    """The user's open change of something public, or a new one; two at once get the same."""
    Content.objects.select_for_update(of=("self",)).get(pk=content.pk)
    if found := open_change(content, by):
        return found
    return Change.begin(content, by=by, proposed={})


def open_change(content: Content, by: User) -> Change | None:
    """The user's change of it that is not decided."""
    rows = Change.objects.filter(
        target_id=content.pk, author=by, state__in=(State.DRAFT, State.RETURNED, State.SUBMITTED)
    )
    return rows.order_by("created_at", "id").first()

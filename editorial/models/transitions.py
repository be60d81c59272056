"""How content moves from one state to another. Each move is a guard, a conditional UPDATE and a log entry."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import IntegrityError, models, transaction
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.editing import root_model
from editorial.choices import OPEN, READABLE, Outcome, QueueKind, State
from editorial.models.log import Decision
from editorial.models.querysets import TransitionError
from editorial.models.relations import ContentSlug
from editorial.slugs import candidates

if TYPE_CHECKING:
    from accounts.models import User


OUTCOMES = {
    State.PUBLISHED: Outcome.APPROVED,
    State.ARCHIVED: Outcome.APPROVED,
    State.RETURNED: Outcome.RETURNED,
    State.REJECTED: Outcome.REJECTED,
    State.WITHDRAWN: Outcome.WITHDRAWN,
}
"""The state that content leaves the queue for → what the queue calls it."""


class Transitions(models.Model):
    """The moves of a content row; Content inherits them. Each raises TransitionError when it can't be made, also when
    somebody else was first, and leaves a row in the log of decisions.
    """

    class Meta:
        abstract = True

    if TYPE_CHECKING:
        # What Content has.
        pk: int
        uuid: UUID
        kind: str
        slug: str | None
        state: str
        title: str
        summary: str
        published_at: dt.datetime | None

        def get_state_display(self) -> str:
            """The state's label."""

        def reindex(self) -> None:
            """See Content."""

    def submit(self, *, by: User | None, reason: str = "") -> None:
        """Send it to the editors, for the first time or again after their questions.

        Without `by` it was sent without an account. Raises TransitionError, also when something required is missing.
        """
        self.ensure_sendable()
        self._move(State.SUBMITTED, allowed=(State.DRAFT, State.RETURNED), by=by, reason=reason)

    def send_back(self, *, by: User, reason: str) -> None:
        """Return it to its sender with a question. Raises TransitionError without one."""
        self._need_reason(reason, _("Skriv, hvad afsenderen skal svare på eller rette."))
        self._move(State.RETURNED, allowed=(State.SUBMITTED,), by=by, reason=reason)

    def reject(self, *, by: User, reason: str) -> None:
        """Leave it out. Raises TransitionError without a reason."""
        self._need_reason(reason, _("Skriv, hvorfor det ikke kommer med. Afsenderen får begrundelsen."))
        self._move(State.REJECTED, allowed=(State.SUBMITTED, State.RETURNED), by=by, reason=reason)

    def withdraw(self, *, by: User | None, reason: str = "") -> None:
        """Take it back: by its sender before it is public, later by the editors at the sender's wish."""
        self._move(State.WITHDRAWN, allowed=(*OPEN, *READABLE, State.SUSPENDED), by=by, reason=reason)

    @staticmethod
    def _need_reason(reason: str, message: Any) -> None:
        if not reason.strip():
            raise TransitionError(message)

    def publish(self, *, by: User | None, reason: str = "", now: dt.datetime | None = None) -> None:
        """Make it public: address at the first time, date, log entry and search document, in one transaction.

        Raises TransitionError when it is public already (also when somebody else was first), or is not complete.
        """
        self.ensure_publishable()
        self._move(
            State.PUBLISHED,
            allowed=(*OPEN, State.SUSPENDED, State.ARCHIVED),
            by=by,
            reason=reason,
            published_at=self.published_at or now or Now(),
        )

    def suspend(self, *, by: User | None, reason: str) -> None:
        """Take it off at once. Raises TransitionError without a reason, or when it is not public."""
        self._need_reason(reason, _("Skriv, hvorfor I tager siden ned. Begrundelsen gemmes i loggen."))
        self._move(State.SUSPENDED, allowed=READABLE, by=by, reason=reason)

    def archive(self, *, by: User | None, reason: str = "") -> None:
        """Leave it readable with a banner, outside the default lists. Raises TransitionError."""
        self._move(State.ARCHIVED, allowed=(State.PUBLISHED, State.SUSPENDED), by=by, reason=reason)

    def ensure_sendable(self) -> None:
        """Raise TransitionError unless it may be sent to the editors. Types override it where something that being
        public takes may come while the editors read."""
        self.ensure_publishable()

    def ensure_publishable(self) -> None:
        """Raise TransitionError, saying what is missing, unless it may be public. Types add their own needs."""
        if not self.summary.strip():
            raise TransitionError(_("Der mangler et resumé."))

    def _move(
        self, to: str, *, allowed: tuple[str, ...], by: User | None, reason: str, **fields: Any
    ) -> None:
        """Guard + conditional UPDATE on the old state + log entry + search document, in one transaction."""
        with transaction.atomic():
            before = self.state
            if before not in allowed:
                raise TransitionError(
                    _("»%(title)s« er %(state)s, så det kan ikke lade sig gøre."),
                    params={"title": self.title, "state": self.get_state_display().lower()},
                )
            if not self._write_state(before, to, **fields):
                raise TransitionError(
                    _("En anden har lige ændret tilstanden. Hent siden igen, og se, hvad der skete.")
                )
            Decision.objects.create(
                content_uuid=self.uuid, title=self.title, actor_key=by.key if by else None,
                action=to, before=before, reason=reason.strip(),
            )  # fmt: skip
            self.refresh_from_db()
            self.reindex()
            if before == State.SUBMITTED:
                self._leave_queue(by)
            if before in READABLE and to not in READABLE:
                from editorial.taken_down import let_changes_go

                let_changes_go(content=self, by=by)

    def _leave_queue(self, by: User | None) -> None:
        """What was decided on a page of its own waits in the queue no longer."""
        waiting = self.queue_items.filter(kind=QueueKind.CONTENT, decided_at__isnull=True)  # type: ignore[attr-defined]
        waiting.update(
            decided_at=Now(),
            decided_by_key=by.key if by else None,
            outcome=OUTCOMES[State(self.state)],
            claimed_by=None,
            claimed_at=None,
        )

    def _write_state(self, before: str, to: str, **fields: Any) -> int:
        """UPDATE on the old state, with an address if there is none yet; returns how many rows moved.

        Where other content takes the same address at the same moment, the next free one is tried.
        """
        for attempt in range(5):
            first = to in READABLE and not self.slug
            slug = {"slug": self._free_slug()} if first else {}
            try:
                with transaction.atomic():
                    # On the root table: through a type's manager the UPDATE would not look at the state.
                    rows = root_model(type(self))._base_manager.filter(pk=self.pk, state=before)
                    return rows.update(state=to, updated_at=Now(), **slug, **fields)
            except IntegrityError:
                if not slug or attempt == 4:
                    raise
        return 0

    def _free_slug(self) -> str:
        """The first slug for the title that nothing has ever had."""
        names = candidates(self.title, fallback=self.kind)
        taken = set(
            ContentSlug.objects.filter(slug__in=names).exclude(content=self.pk).values_list("slug", flat=True)
        )
        return next((n for n in names if n not in taken), f"{names[0][:60]}-{self.uuid.hex[:8]}")

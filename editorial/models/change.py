"""A proposed change to content: a row of its own, so that what is public stands until the change is approved."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from editorial.choices import OPEN, QueueKind, State
from editorial.fields import one_of
from editorial.models.content import Content
from editorial.models.log import Decision
from editorial.models.querysets import TransitionError
from editorial.models.transitions import OUTCOMES
from places.permissions import speaks_for

if TYPE_CHECKING:
    from accounts.models import User


class ChangeConflictError(TransitionError):
    """The content has moved since the change was begun, in the same fields. `fields` names them."""

    def __init__(self, fields: list[str]) -> None:
        self.fields = fields
        super().__init__(
            _("Andre har rettet det samme i mellemtiden: %(fields)s."), params={"fields": ", ".join(fields)}
        )


class Change(models.Model):
    """What somebody proposes to change in a content row.

    `base` holds the values as they were when the change was begun and `proposed` the new ones, both as
    {part: value}; a part is a field, or a list of rows ("links", "pictures", "tags", …). How a part is read and
    written is decided by the type's own `snapshot()` and `apply_parts()`.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    target = models.ForeignKey(
        Content, on_delete=models.CASCADE, related_name="changes", verbose_name=_("indhold")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="changes",
        verbose_name=_("af"),
    )
    base_version = models.PositiveIntegerField(_("bygger på version"))
    base = models.JSONField(_("før"), encoder=DjangoJSONEncoder)
    proposed = models.JSONField(_("efter"), encoder=DjangoJSONEncoder)
    note = models.TextField(_("hvorfor"), blank=True)
    state = models.CharField(_("tilstand"), max_length=12, choices=State, default=State.DRAFT)
    created_at = models.DateTimeField(_("begyndt"), auto_now_add=True)
    submitted_at = models.DateTimeField(_("sendt"), null=True, blank=True)

    class Meta:
        verbose_name = _("ændring")
        verbose_name_plural = _("ændringer")
        ordering: ClassVar = ["created_at", "id"]
        indexes: ClassVar = [models.Index(fields=["state", "submitted_at", "id"], name="change_queue")]
        constraints: ClassVar = [
            one_of("state", State, name="change_state_known"),
            models.CheckConstraint(
                condition=Q(state=State.DRAFT) | Q(submitted_at__isnull=False),
                name="change_submitted_has_time",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Ændring af »%(title)s«") % {"title": self.target})

    @classmethod
    def begin(cls, target: Content, *, by: User | None, proposed: dict[str, Any]) -> Change:
        """A draft change of `target` to the `proposed` parts; nothing public moves.

        Raises KeyError for a part that may not be changed.
        """
        now = target.snapshot()
        return cls.objects.create(
            target=target, author=by, base_version=target.version,
            base={part: now[part] for part in proposed}, proposed=proposed,
        )  # fmt: skip

    def conflicts(self) -> list[str]:
        """The parts that others have changed since the change was begun, to something else than it proposes."""
        now = self.target.snapshot()
        return [p for p, old in self.base.items() if now.get(p) not in (old, self.proposed[p])]

    def approve(self, *, by: User, reason: str = "", force: bool = False) -> None:
        """Put the proposed parts into the content, log it, and mark the change as published; one transaction.

        Raises ChangeConflictError when the base has moved in the same parts (unless `force`: the moderator has seen
        both), TransitionError when it was decided already.
        """
        with transaction.atomic():
            Content.objects.select_for_update(of=("self",)).get(pk=self.target_id)
            self.target.refresh_from_db()
            self._need_public()
            if (clash := self.conflicts()) and not force:
                raise ChangeConflictError(clash)
            self._close(State.PUBLISHED, by=by, reason=reason)
            self.target.typed().apply_parts(self.proposed)
            self._count_as_confirmed()

    def _count_as_confirmed(self) -> None:
        """Whoever speaks for the workplace and has corrected its page has said that the rest still holds, as of the day
        they sent it: that answers »Er det stadig rigtigt?«. Nobody else's correction does, nor one that waits.
        """
        row = Content.objects.select_related("owner").get(pk=self.target_id)
        if not (self.author and row.owner and self.submitted_at and speaks_for(self.author, row.owner)):
            return
        day = timezone.localdate(self.submitted_at)
        if row.confirmed_on is not None and row.confirmed_on >= day:
            return
        answered = row.confirmation_asked_on is None or row.confirmation_asked_on <= day
        Content.objects.filter(pk=row.pk).update(
            confirmed_on=day, is_unconfirmed=row.is_unconfirmed and not answered
        )

    def submit(self) -> None:
        """Send it to the editors, again after their questions too. Raises TransitionError when it is sent already."""
        self._need_public()
        self._step(State.SUBMITTED, (State.DRAFT, State.RETURNED), submitted_at=models.functions.Now())

    def send_back(self, *, by: User | None, reason: str) -> None:
        """Return it to its sender with a question; logged. Raises TransitionError."""
        with transaction.atomic():
            before = self.state
            self._step(State.RETURNED, (State.SUBMITTED,))
            self._log(State.RETURNED, before, by=by, reason=reason)

    def withdraw(self, *, by: User | None) -> None:
        """Its sender takes it back; logged. Raises TransitionError when it was decided already."""
        with transaction.atomic():
            self._close(State.WITHDRAWN, by=by, reason="")

    def _need_public(self) -> None:
        if not self.target.is_public:
            raise TransitionError(
                _(
                    "Siden er ikke offentlig, så rettelsen kan ikke vises. Offentliggør siden først, eller sig nej til "
                    "rettelsen med en begrundelse."
                )
            )

    def _step(self, to: str, allowed: tuple[str, ...], **fields: Any) -> None:
        if not Change.objects.filter(pk=self.pk, state__in=allowed).update(state=to, **fields):
            raise TransitionError(_("Ændringen er sendt eller behandlet i mellemtiden. Hent siden igen."))
        self.refresh_from_db()

    def _log(self, to: str, before: str, *, by: User | None, reason: str) -> None:
        Decision.objects.create(
            content_uuid=self.target.uuid, title=self.target.title, actor_key=by.key if by else None,
            action=f"change-{to}", before=before, reason=reason.strip(), change_uuid=self.uuid,
        )  # fmt: skip

    def reject(self, *, by: User | None, reason: str) -> None:
        """Close the change without effect. Raises TransitionError when it was decided already."""
        with transaction.atomic():
            self._close(State.REJECTED, by=by, reason=reason)

    def _close(self, to: str, *, by: User | None, reason: str) -> None:
        waiting = Change.objects.filter(pk=self.pk, state__in=OPEN)
        if not waiting.update(
            state=to, submitted_at=models.functions.Coalesce("submitted_at", models.functions.Now())
        ):
            raise TransitionError(_("Ændringen er allerede behandlet af en anden."))
        self._log(to, self.state, by=by, reason=reason)
        self.refresh_from_db()
        items = self.queue_items.filter(kind=QueueKind.CHANGE, decided_at__isnull=True)
        items.update(
            decided_at=models.functions.Now(), decided_by_key=by.key if by else None, outcome=OUTCOMES[State(to)],
            claimed_by=None, claimed_at=None,
        )  # fmt: skip

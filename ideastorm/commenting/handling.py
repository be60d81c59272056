"""What the queue does with a comment that somebody has reported."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from editorial.choices import Outcome
from editorial.handlers import Handler, Told, filled
from editorial.models import QueueItem
from ideastorm.commenting.actions import hide_comment
from ideastorm.models import Comment
from ideastorm.showing import author_line


class CommentHandler(Handler):
    """It stays, or is hidden with a reason that its author gets. Whoever reported it is told."""

    outcomes = (Outcome.APPROVED, Outcome.REJECTED)
    approve_label = gettext_lazy("Lad kommentaren stå")
    reject_label = gettext_lazy("Skjul kommentaren")
    event = "svar"

    def approve(self, item: QueueItem, *, by: User, reason: str, force: bool) -> None:
        """It has been read, and stays."""

    def reject(self, item: QueueItem, *, by: User, reason: str) -> None:
        """Hide it. Raises TransitionError without a reason."""
        for comment in Comment.objects.filter(item=item):
            hide_comment(comment=comment, by=by, reason=reason)

    def recipient(self, item: QueueItem) -> User | str | None:
        """Whoever reported it, if they were logged in; never the idea's author."""
        return item.sender if item.sender_id else None

    def said(self, item: QueueItem) -> list[tuple[str, str]]:
        """The comment, and what is shown of who wrote it."""
        comment = Comment.objects.filter(item=item).select_related("workplace").first()
        if comment is None:
            return []
        return filled((_("Kommentaren"), comment.text), (_("Vises som"), author_line(comment)))

    def told(self, item: QueueItem, outcome: str, reason: str) -> Told | None:
        """What came of it."""
        text = (
            _("Tak, fordi du skrev. Vi har læst kommentaren og lader den stå.")
            if outcome == Outcome.APPROVED
            else _("Tak, fordi du skrev. Vi har skjult kommentaren.")
        )
        url = item.content.get_absolute_url() if item.content else ""
        return Told(_("Svar om en kommentar, du har anmeldt"), text, url)

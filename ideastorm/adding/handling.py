"""What the queue does with an addition to an idea."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from editorial.choices import Outcome
from editorial.handlers import Handler, Told, filled
from editorial.models import QueueItem
from editorial.models.querysets import TransitionError
from ideastorm.models import IdeaAddition


class AdditionHandler(Handler):
    """It is shown, or it is not (any more) and its author gets the reason."""

    outcomes = (Outcome.APPROVED, Outcome.REJECTED)
    approve_label = gettext_lazy("Vis tilføjelsen")
    reject_label = gettext_lazy("Vis den ikke")

    def approve(self, item: QueueItem, *, by: User, reason: str, force: bool) -> None:
        """Show it."""
        IdeaAddition.objects.filter(item=item).update(visible=True)

    def reject(self, item: QueueItem, *, by: User, reason: str) -> None:
        """Show it no more. Raises TransitionError without a reason."""
        if not reason.strip():
            raise TransitionError(_("Skriv, hvorfor tilføjelsen ikke vises. Afsenderen får begrundelsen."))
        IdeaAddition.objects.filter(item=item).update(visible=False)

    def said(self, item: QueueItem) -> list[tuple[str, str]]:
        """What was added."""
        addition = IdeaAddition.objects.filter(item=item).first()
        return filled((_("Tilføjelsen"), addition.text)) if addition else []

    def told(self, item: QueueItem, outcome: str, reason: str) -> Told:
        """Whether it is shown, and why not."""
        url = item.content.get_absolute_url() if item.content else ""
        if outcome == Outcome.APPROVED:
            return Told(
                _("Din tilføjelse vises nu"), _("Vi har læst din tilføjelse. Alle kan læse den."), url
            )
        return Told(_("Din tilføjelse vises ikke"), reason.strip(), url)

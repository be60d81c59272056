"""What the queue does with questions: those that nobody answered, and those that both sides want shown."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from catalogue.asking import actions
from catalogue.models import Inquiry
from catalogue.models.inquiry import InquiryState
from editorial.choices import Outcome
from editorial.handlers import Handler, Panel, Told, filled
from editorial.models import QueueItem
from editorial.models.querysets import TransitionError


def inquiry_of(item: QueueItem) -> Inquiry | None:
    """The question that waits as this item."""
    return Inquiry.objects.filter(item=item).select_related("entry__owner", "asker").first()


class QuestionHandler(Handler):
    """A question without an answer, or a question with one to be shown."""

    outcomes = (Outcome.APPROVED, Outcome.REJECTED)
    approve_label = gettext_lazy("Vis spørgsmål og svar")
    event = "svar"

    def approve(self, item: QueueItem, *, by: User, reason: str, force: bool) -> None:
        """Show it. What has no answer yet is answered on its own page."""
        inquiry = inquiry_of(item)
        if inquiry is None:
            raise TransitionError(_("Spørgsmålet findes ikke mere."))
        if inquiry.state == InquiryState.OPEN:
            raise TransitionError(
                _("Spørgsmålet har ikke fået svar endnu. Svar på dets egen side, eller luk det.")
            )
        actions.show(inquiry=inquiry, shown_as=str(item.snapshot.get("answered_by", "")))

    def reject(self, item: QueueItem, *, by: User, reason: str) -> None:
        """Close it without an answer, or leave an answered one off the page."""
        if not reason.strip():
            raise TransitionError(_("Skriv hvorfor. Begrundelsen bliver sendt."))
        inquiry = inquiry_of(item)
        if inquiry is not None:
            actions.close(inquiry=inquiry)

    def told(self, item: QueueItem, outcome: str, reason: str) -> Told | None:
        """The asker of a closed question; whoever answered one that was to be shown."""
        inquiry = inquiry_of(item)
        if inquiry is None:
            return None
        title, url = inquiry.entry.title, actions.address(inquiry)
        if outcome == Outcome.APPROVED:
            text = _("Spørgsmål og svar står nu på »%s«, så andre kan lære af det. Tak.") % title
            return Told(
                _("Jeres spørgsmål og svar er vist"),
                _with(text, reason),
                f"{inquiry.entry.get_absolute_url()}",
            )
        if inquiry.state == InquiryState.ANSWERED:
            text = _("Vi viser ikke spørgsmål og svar på »%s«. Den, der spurgte, har fået svaret.") % title
            return Told(_("Svar om »%s«") % title, _with(text, reason), url)
        text = _("Vi har ikke kunnet skaffe et svar på dit spørgsmål til »%s«.") % title
        return Told(_("Dit spørgsmål til »%s«") % title, _with(text, reason), url)

    def said(self, item: QueueItem) -> list[tuple[str, str]]:
        """Question and answer."""
        inquiry = inquiry_of(item)
        if inquiry is None:
            return []
        shown_as = item.snapshot.get("answered_by", "")
        return filled(
            (_("Spørgsmål"), inquiry.question),
            (_("Svar"), inquiry.answer),
            (_("Svaret vises som fra"), shown_as),
        )

    def panels(self, item: QueueItem) -> list[Panel]:
        """Question and answer, and the way to the page where one answers."""
        inquiry = inquiry_of(item)
        if inquiry is None:
            return []
        context = {"inquiry": inquiry, "url": actions.address(inquiry), "item": item}
        return [Panel("catalogue/asking/moderation.html", context)]


def _with(text: str, reason: str) -> str:
    return f"{text}\n\n{reason.strip()}" if reason.strip() else text

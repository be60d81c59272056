"""What the queue does with an idea that was shown at once and is read afterwards."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from editorial.choices import Outcome, State
from editorial.handlers import Handler, Panel, Told, filled
from editorial.models import Content, QueueItem
from editorial.models.querysets import TransitionError
from ideastorm.models import Idea, IdeaAnswer, Storm
from ideastorm.showing import author_line


class IdeaHandler(Handler):
    """It stays, or is taken down with a reason that its sender gets."""

    outcomes = (Outcome.APPROVED, Outcome.REJECTED)
    approve_label = gettext_lazy("Lad ideen stå")
    reject_label = gettext_lazy("Tag ideen ned")
    bulk = True

    def approve(self, item: QueueItem, *, by: User, reason: str, force: bool) -> None:
        """It has been read, and stays."""

    def reject(self, item: QueueItem, *, by: User, reason: str) -> None:
        """Take it down at once. Raises TransitionError without a reason."""
        if not reason.strip():
            raise TransitionError(_("Skriv, hvorfor ideen bliver taget ned. Afsenderen får begrundelsen."))
        assert item.content is not None
        if item.content.is_public:
            item.content.typed().suspend(by=by, reason=reason)

    def said(self, item: QueueItem) -> list[tuple[str, str]]:
        """The idea, as it stands now."""
        return idea_said(item)

    def told(self, item: QueueItem, outcome: str, reason: str) -> Told | None:
        """Nothing when it stays: it is shown already."""
        if outcome == Outcome.APPROVED:
            return None
        text = _("Vi har taget din idé »%(title)s« ned.") % {"title": item.title}
        return Told(_("Din idé »%s« vises ikke mere") % item.title, f"{text}\n\n{reason.strip()}")


def idea_said(item: QueueItem) -> list[tuple[str, str]]:
    """What the editors read of an idea beside its text: its storm, its author's line, and whether it came late."""
    if item.content_id is None:
        return []
    idea = Idea.objects.with_card().select_related("reuses").filter(pk=item.content_id).first()
    if idea is None:
        return []
    late = _("Ja. Den var begyndt, før der blev lukket.") if idea.sent_late else ""
    return filled(
        (_("Idéstorm"), idea.storm.title),
        (_("Ideen"), idea.text),
        (_("Vises som"), author_line(idea)),
        (_("Vil genbruge"), idea.reuses),
        (_("Sendt efter lukketid"), late),
    )


def idea_panels(item: QueueItem) -> list[Panel]:
    """The same for one that is read before it is shown."""
    said = idea_said(item)
    return [Panel("editorial/moderation/said.html", {"said": said})] if said else []


def storm_panels(item: QueueItem) -> list[Panel]:
    """What the editors read of a storm that a workplace has set up: what people will take part under."""
    if item.content_id is None:
        return []
    rows = Storm.objects.select_related("answerer", "deputy").prefetch_related("criteria")
    storm = rows.filter(pk=item.content_id).first()
    if storm is None:
        return []

    def at(moment: dt.datetime) -> str:
        return formats.date_format(timezone.localtime(moment), r"j. F Y \k\l. H.i")

    said = filled(
        (_("Spørgsmål"), storm.question),
        (_("Baggrund"), storm.background),
        (
            _("Svarer"),
            storm.answerer.name if storm.answerer else _("Ingen endnu. Vælg en i administrationen."),
        ),
        (
            _("Stedfortræder"),
            storm.deputy.name if storm.deputy else _("Ingen endnu. Vælg en i administrationen."),
        ),
        (_("Hvem kan være med"), storm.get_access_display()),
        (_("Redaktionen læser ideer"), storm.get_moderation_display()),
        (_("Det vises om dem, der skriver"), storm.get_authors_shown_display()),
        (_("Åbner for ideer"), at(storm.opens_at)),
        (_("Lukker for ideer"), at(storm.closes_at)),
        (_("Lukker for støtte"), at(storm.support_until)),
        (_("Lovet svar senest"), formats.date_format(storm.promised_on)),
        (_("Kriterier"), ", ".join(f"{row.title} ({row.weight})" for row in storm.criteria.all())),
        (_("Emner"), ", ".join(tag.name for tag in storm.tags.order_by("sort_key"))),
    )
    return [Panel("editorial/moderation/said.html", {"said": said})]


def storm_corrected_at(content: Content) -> str:
    """Where a contact person changes a storm that came back."""
    return reverse("ideastorm:ask_correct", args=[content.uuid])


def idea_held_back(item: QueueItem) -> str:
    """Why a change of a public idea can't be shown: others have supported or commented what it says."""
    if item.change is None or item.content_id is None:
        return ""
    if "text" not in item.change.proposed and "title" not in item.change.proposed:
        return ""
    idea: Any = Idea.objects.with_activity().filter(pk=item.content_id, state=State.PUBLISHED).first()
    if idea is None or not idea.has_activity:
        return ""
    return _(
        "Andre har støttet eller kommenteret ideen, så teksten står. Bed afsenderen skrive en tilføjelse i stedet."
    )


def answer_panels(idea: Any) -> list[Panel]:
    """The answer, for whoever has the idea's receipt; of one that was merged, that of the idea it is read under."""
    answer = (
        IdeaAnswer.objects.with_names()
        .filter(idea=idea.merged_into_id or idea.pk)
        .order_by("-number")
        .first()
    )
    if answer is None:
        return []
    return [Panel("ideastorm/answering/on_receipt.html", {"answer": answer, "storm": idea.storm})]


def action_labels() -> dict[str, Any]:
    """What the log of decisions calls what happens to storms."""
    return {
        "storm-finished": gettext_lazy("Idéstormen er afsluttet"),
        "storm-late": gettext_lazy("Svarene er forsinkede, og det er sagt"),
        "storm-closed": gettext_lazy("Idéstormen er lukket uden alle svar"),
        "storm-export": gettext_lazy("Idéstormen er hentet som regneark"),
        "storm-points-export": gettext_lazy("Idéstormens point er hentet som regneark"),
    }

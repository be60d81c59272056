"""What the queue does with reuse."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from catalogue.choices import ReuseKind
from catalogue.models import Reuse
from catalogue.reusing.actions import show_reuse
from editorial.choices import Outcome
from editorial.handlers import Handler, Panel, Told, filled
from editorial.models import QueueItem
from editorial.models.querysets import TransitionError


def reuse_of(item: QueueItem) -> Reuse | None:
    """The reuse whose latest item this is."""
    return (
        Reuse.objects.filter(item=item)
        .select_related("workplace", "entry__owner", "parent__workplace")
        .first()
    )


class ReuseHandler(Handler):
    """Reuse that is new, or what a workplace has changed in it."""

    bulk = True

    def approve(self, item: QueueItem, *, by: User, reason: str, force: bool) -> None:
        """Show it."""
        reuse = reuse_of(item)
        if reuse is None:
            raise TransitionError(_("Genbruget findes ikke mere, så der er ikke noget at vise."))
        show_reuse(reuse=reuse)

    def send_back(self, item: QueueItem, *, by: User, reason: str) -> None:
        """Ask the workplace. What is shown stays as it is."""
        _need(reason, _("Skriv, hvad arbejdspladsen skal svare på eller rette."))

    def reject(self, item: QueueItem, *, by: User, reason: str) -> None:
        """Leave it out; of one that is shown, only what was proposed."""
        _need(reason, _("Skriv, hvorfor det ikke kommer med. Afsenderen får begrundelsen."))
        Reuse.objects.filter(item=item).update(proposed={})

    def told(self, item: QueueItem, outcome: str, reason: str) -> Told | None:
        """In plain Danish, with the next step."""
        reuse = reuse_of(item)
        if reuse is None:
            return None
        page = reuse.entry.get_absolute_url()
        form = reverse("catalogue:reuse", args=[reuse.entry.slug]) if reuse.entry.slug else page
        names = {"workplace": reuse.workplace.name, "title": reuse.entry.title}
        if outcome == Outcome.APPROVED:
            text = _("Det, du fortalte om %(workplace)s' genbrug af »%(title)s«, står nu på siden. Tak.")
            return Told(
                _("Jeres genbrug af »%s« er vist") % reuse.entry.title, _with(text % names, reason), page
            )
        if outcome == Outcome.RETURNED:
            text = _(
                "Vi har et spørgsmål til det, du fortalte om genbrug af »%(title)s«. Ret det, og send det igen."
            )
            return Told(
                _("Vi har et spørgsmål om genbrug af »%s«") % reuse.entry.title,
                _with(text % names, reason),
                form,
            )
        text = _("Vi viser ikke det, du fortalte om genbrug af »%(title)s«.")
        return Told(_("Svar om genbrug af »%s«") % reuse.entry.title, _with(text % names, reason), form)

    def said(self, item: QueueItem) -> list[tuple[str, str]]:
        """What the workplace tells: of a change, what is proposed."""
        reuse = reuse_of(item)
        if reuse is None:
            return []
        rows = [(label, after if reuse.proposed else before) for label, before, after in self._rows(reuse)]
        return filled((_("Arbejdsplads"), reuse.workplace), *rows)

    def panels(self, item: QueueItem) -> list[Panel]:
        """What was told, and for a change also how it is shown now."""
        reuse = reuse_of(item)
        if reuse is None:
            return []
        context = {"reuse": reuse, "rows": self._rows(reuse), "is_change": bool(reuse.proposed)}
        return [Panel("catalogue/reusing/moderation.html", context)]

    @staticmethod
    def _rows(reuse: Reuse) -> list[tuple[str, Any, Any]]:
        """Label, as it is, and as it is proposed."""
        new = dict(reuse.proposed)
        parent = Reuse.objects.filter(uuid=new["parent"]).first() if new.get("parent") else None
        return [
            (
                _("Hvordan"),
                reuse.get_kind_display(),
                str(ReuseKind(new["kind"]).label) if new else "",
            ),
            (_("Siden år"), reuse.year or "", new.get("year") or ""),
            (_("Hvad de ændrede"), reuse.what_changed, new.get("what_changed") or ""),
            (_("Hvad der kom ud af det"), reuse.result, new.get("result") or ""),
            (_("Fik det fra"), reuse.parent or "", parent or ""),
        ]


def _need(reason: str, message: str) -> None:
    if not reason.strip():
        raise TransitionError(message)


def _with(text: str, reason: str) -> str:
    return f"{text}\n\n{reason.strip()}" if reason.strip() else text

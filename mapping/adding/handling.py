"""What the queue does with a workplace that somebody proposes, or corrects."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from editorial.choices import Outcome
from editorial.diffs import marked
from editorial.handlers import Handler, Panel, Told, filled
from editorial.models import QueueItem
from editorial.models.querysets import TransitionError
from mapping.adding.actions import alike, show
from mapping.adding.fields import point_lies_in
from mapping.adding.forms import plain
from mapping.adding.nearby import nearest
from places.choices import Sector
from places.models import Municipality, Workplace

LABELS: dict[str, Any] = {
    "name": gettext_lazy("Navn"),
    "sector": gettext_lazy("Sektor"),
    "municipality": gettext_lazy("Kommune"),
    "address": gettext_lazy("Vej og nummer"),
    "postcode": gettext_lazy("Postnummer"),
    "city": gettext_lazy("By"),
    "lat": gettext_lazy("Breddegrad"),
    "lng": gettext_lazy("Længdegrad"),
    "website": gettext_lazy("Hjemmeside"),
}


class WorkplaceHandler(Handler):
    """A workplace for the map. It is shown or not; questions go to the sender by rejecting with the reason."""

    outcomes = (Outcome.APPROVED, Outcome.REJECTED)
    approve_label = gettext_lazy("Vis på portalen")

    def approve(self, item: QueueItem, *, by: User, reason: str, force: bool) -> None:
        """Put it on the map, or correct what stands there."""
        show(item)

    def reject(self, item: QueueItem, *, by: User, reason: str) -> None:
        """Leave it. Raises TransitionError without a reason."""
        if not reason.strip():
            raise TransitionError(_("Skriv, hvorfor det ikke kommer med. Afsenderen får begrundelsen."))

    def told(self, item: QueueItem, outcome: str, reason: str) -> Told:
        """Whether it is on the map."""
        name = {"name": item.title}
        if outcome == Outcome.APPROVED:
            url = item.workplace.get_absolute_url() if item.workplace else ""
            if _is_new(item):
                text = _("»%(name)s« står nu på kortet.") % name
                return Told(_("»%(name)s« er på kortet") % name, _with(text, reason), url)
            text = _("Oplysningerne om »%(name)s« er rettet.") % name
            return Told(_("Svar om »%(name)s«") % name, _with(text, reason), url)
        if not _is_new(item):
            text = _("Tak for din rettelse af »%(name)s«. Vi har ikke rettet siden.") % name
            return Told(_("Svar om »%(name)s«") % name, _with(text, reason))
        text = _("Tak for dit forslag om »%(name)s«. Vi viser det ikke på kortet.") % name
        return Told(_("Svar om »%(name)s«") % name, _with(text, reason))

    def said(self, item: QueueItem) -> list[tuple[str, str]]:
        """What is proposed, and what a correction takes the place of."""
        if _is_new(item):
            return filled(*((label, new) for label, _old, new in _rows(item)))
        return [(label, f"{old or '–'} → {new or '–'}") for label, old, new in _rows(item)]

    def panels(self, item: QueueItem) -> list[Panel]:
        """What is proposed beside what stands there, doubts about the point, and workplaces that look alike."""
        after = item.snapshot.get("after", {})
        rows = [(label, *marked(old, new)) for label, old, new in _rows(item)]
        twins: list[Workplace] = []
        if not item.workplace_id and not item.decided_at:
            twins = alike(after.get("name", ""), municipality=after.get("municipality", ""))
        context = {"rows": rows, "alike": twins, "is_new": _is_new(item), "doubt": _is_doubtful(item)}
        return [Panel("mapping/adding/panel.html", context)]


def place_panels(item: QueueItem) -> list[Panel]:
    """Where a project or unit is said to be, when there is doubt about the point, and what is near it already."""
    content = item.content
    if content is None or item.decided_at:
        return []
    lat, lng, code = plain(content.lat), plain(content.lng), content.municipality_id or ""
    near = nearest(content)
    doubt = bool(code and lat and point_lies_in(code, lat, lng) is False)
    return [Panel("mapping/adding/place_panel.html", {"doubt": doubt, "near": near})] if doubt or near else []


def _is_new(item: QueueItem) -> bool:
    """Whether it was sent as a new workplace; a correction says what it builds on, also when that is nothing."""
    return "before" not in item.snapshot


def _rows(item: QueueItem) -> list[tuple[str, str, str]]:
    """Label, as it was, and as it is proposed."""
    before, after = item.snapshot.get("before", {}), item.snapshot.get("after", {})
    return [
        (str(LABELS[name]), _shown(name, before.get(name, "")), _shown(name, value))
        for name, value in after.items()
    ]


def _is_doubtful(item: QueueItem) -> bool:
    after = item.snapshot.get("after", {})
    code = after.get("municipality") or (item.workplace.municipality_id if item.workplace else "")
    return bool(code and after.get("lat") and point_lies_in(code, after["lat"], after["lng"]) is False)


def _shown(name: str, value: str) -> str:
    if name == "sector" and value:
        return str(Sector(value).label)
    if name == "municipality" and value:
        return str(Municipality.objects.filter(pk=value).first() or value)
    return value.replace(".", ",") if name in ("lat", "lng") else value


def _with(text: str, reason: str) -> str:
    return f"{text}\n\n{reason.strip()}" if reason.strip() else text

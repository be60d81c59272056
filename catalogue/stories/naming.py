"""Named staff in a story: first name at most, told before it is shown, and may object. What holds a story back."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from editorial.models import Content, Decision, QueueItem
from guards.textsigns import first_names_in

SETTLED = "names-settled"
"""The mark on an item whose names are settled. It goes when the sender corrects the text, so that it is read again."""
WAITING, DONE = "way-navne", "way-navne-klar"
"""In the log: somebody has been asked and has not answered; the names are settled."""


def hold_on(content: Content, item: QueueItem | None) -> str:
    """Why the content, or the change that `item` is about, can't be shown yet; "" when nothing holds it.

    Held is what somebody in the log waits for an answer about, and what holds a first name that nobody has settled.
    """
    logged = Decision.objects.filter(content_uuid=content.uuid, action__in=(WAITING, DONE)).order_by(
        "-at", "-id"
    )
    if logged.values_list("action", flat=True).first() == WAITING:
        return _(
            "En ansat er nævnt og har ikke svaret endnu. Historien kan først vises, når du under »Ansatte med navn« "
            "har skrevet, at den ansatte har fået besked, eller at navnet er taget ud."
        )
    if item is None or any(signal.get("key") == SETTLED for signal in item.signals):
        return ""
    if not (names := _names(content, item)):
        return ""
    return _(
        "Her står måske navnet på en ansat: %(names)s. Svar først under »Ansatte med navn«: En ansat skal have besked, "
        "før historien bliver vist. Er det ikke en ansat, så skriv det samme sted."
    ) % {"names": ", ".join(f"»{name}«" for name in names[:5])}


def _names(content: Content, item: QueueItem) -> list[str]:
    """First names that are new to what is public, without the name that its sender wants shown."""
    parts = item.change.proposed if item.change else content.snapshot()
    before = first_names_in(_words(item.change.base)) if item.change else []
    own = str(parts.get("shown_name") or getattr(content.typed(), "shown_name", ""))
    known = {*before, *first_names_in(own)}
    return [name for name in first_names_in(_words(parts)) if name not in known]


def _words(parts: dict[str, Any]) -> str:
    return "\n".join(str(parts.get(name) or "") for name in ("title", "text"))

"""How content of any type is shown: is it still right, its sectors, its place, and names of their time."""

import datetime
from dataclasses import dataclass

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from editorial import facts
from editorial.choices import Phase
from editorial.models import Content
from places.models import Workplace

register = template.Library()

FRESH_FOR = datetime.timedelta(days=730)
"""How long a confirmation counts as fresh."""
HISTORICAL_AFTER = 5
"""Years after which something known only from its source is called historical."""


@register.filter
def sectors(content: Content) -> str:
    """Return its sectors as text."""
    return facts.sectors(content)


@register.filter
def place(content: Content) -> str:
    """Return where it belongs as text."""
    return facts.place(content)


@register.filter
def is_over(content: Content) -> bool:
    """Tell whether it is paused or ended, so that nobody takes it for running."""
    return getattr(content, "status", "") in (Phase.PAUSED, Phase.ENDED)


@register.simple_tag
def name_then(content: Content, workplace: Workplace) -> str:
    """Return what a workplace was called when it was written."""
    return content.name_at_the_time(workplace)


@dataclass(frozen=True)
class Freshness:
    """Whether content is right today. `tone` is "fresh", "stale", or neutral: "unconfirmed" or "historical"."""

    tone: str
    icon: str
    label: str
    day: datetime.date | None = None


@register.simple_tag
def freshness(content: Content) -> Freshness | None:
    """Return how fresh it is; None when nothing is known about it.

    What is known only from an old source is told plainly, not as a warning: nobody has promised to keep it up.
    """
    today = timezone.localdate()
    if content.is_unconfirmed and content.confirmation_asked_on:
        return Freshness("unconfirmed", "time", _("Ikke bekræftet, spurgt"), content.confirmation_asked_on)
    if content.confirmed_on:
        if today - content.confirmed_on <= FRESH_FOR:
            return Freshness("fresh", "success", _("Bekræftet"), content.confirmed_on)
        return Freshness("stale", "warning", _("Ikke bekræftet siden"), content.confirmed_on)
    if content.source_year and today.year - content.source_year > HISTORICAL_AFTER:
        return Freshness("historical", "time", _("Historisk, kilde %(year)s") % {"year": content.source_year})
    return None

"""How an entry is shown: is it still right, its kinds of value, its place, and what machines read about it."""

import datetime
import json
from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from catalogue import facts
from catalogue.models import Entry
from catalogue.sections import Section
from editorial.choices import Kind, Phase, Value
from places.models import Workplace

register = template.Library()

FRESH_FOR = datetime.timedelta(days=730)
"""How long a confirmation counts as fresh."""
HISTORICAL_AFTER = 5
"""Years after which something known only from its source is called historical."""
LONGEST_BAR = 78
"""Per cent of the width that the longer bar of a pair takes; the rest is for its number."""

VALUE_ICONS = {
    Value.QUALITY: "star",
    Value.EFFICIENCY: "time",
    Value.INVOLVEMENT: "forum",
    Value.SATISFACTION: "groups",
    Value.POLITICAL_GOALS: "flag",
}
SCHEMA_TYPES = {Kind.RESEARCH: "ScholarlyArticle", Kind.LITERATURE: "CreativeWork", Kind.TOOL: "HowTo"}


@register.filter
def value_icon(value: str) -> str:
    """Return the icon that stands beside a kind of value."""
    return VALUE_ICONS[Value(value)]


@register.filter
def value_label(value: str) -> str:
    """Return what a kind of value is called."""
    return str(Value(value).label)


@register.filter
def sectors(entry: Entry) -> str:
    """Return the entry's sectors as text."""
    return facts.sectors(entry)


@register.filter
def place(entry: Entry) -> str:
    """Return where the entry belongs as text."""
    return facts.place(entry)


@register.filter
def is_over(entry: Entry) -> bool:
    """Tell whether it is paused or ended, so that nobody takes it for running."""
    return entry.status in (Phase.PAUSED, Phase.ENDED)


@register.simple_tag
def name_then(entry: Entry, workplace: Workplace) -> str:
    """Return what a workplace was called when the entry was written."""
    return entry.name_at_the_time(workplace)


@dataclass(frozen=True)
class Freshness:
    """Whether an entry is right today. `tone` is "fresh", "stale", or neutral: "unconfirmed" or "historical"."""

    tone: str
    icon: str
    label: str
    day: datetime.date | None = None


@register.simple_tag
def freshness(entry: Entry) -> Freshness | None:
    """Return how fresh `entry` is; None when nothing is known about it.

    What is known only from an old source is told plainly, not as a warning: nobody has promised to keep it up.
    """
    today = timezone.localdate()
    if entry.is_unconfirmed and entry.confirmation_asked_on:
        return Freshness("unconfirmed", "time", _("Ikke bekræftet, spurgt"), entry.confirmation_asked_on)
    if entry.confirmed_on:
        if today - entry.confirmed_on <= FRESH_FOR:
            return Freshness("fresh", "success", _("Bekræftet"), entry.confirmed_on)
        return Freshness("stale", "warning", _("Ikke bekræftet siden"), entry.confirmed_on)
    if entry.source_year and today.year - entry.source_year > HISTORICAL_AFTER:
        return Freshness("historical", "time", _("Historisk, kilde %(year)s") % {"year": entry.source_year})
    return None


@register.filter
def bar_width(share: float) -> str:
    """Return the width of a bar for a share between 0 and 1, as an SVG attribute (never with a Danish comma)."""
    return f"{round(share * LONGEST_BAR)}%"


@register.simple_tag
def structured_data(entry: Entry) -> SafeString:
    """Return the entry as schema.org JSON-LD in its script element; empty parts are left out."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": SCHEMA_TYPES.get(Kind(entry.kind), "Article"),
        "headline": entry.title,
        "name": entry.title,
        "description": entry.summary,
        "url": settings.SITE_URL + entry.get_absolute_url(),
        "inLanguage": "da",
        "isAccessibleForFree": True,
        "datePublished": entry.published_at.isoformat() if entry.published_at else None,
        "dateModified": entry.updated_at.isoformat(),
        "keywords": [tag.name for tag in entry.tags.all()],
        "about": [subject.name for subject in entry.subject_areas.all()],
        "author": entry.authors,
        "sourceOrganization": {"@type": "Organization", "name": entry.owner_name}
        if entry.owner_name
        else None,
        "spatialCoverage": facts.place(entry),
        "temporalCoverage": entry.period or facts.years(entry),
        "citation": entry.source,
        "publisher": {"@type": "Organization", "name": "Center for Offentlig Innovation"},
    }
    text = json.dumps({key: value for key, value in data.items() if value}, ensure_ascii=False)
    for character in "<>&":  # so that nothing in it can end the script element
        text = text.replace(character, f"\\u{ord(character):04x}")
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))


@register.filter
def texts(section: Section, entry: Entry) -> list[str]:
    """Return the filled texts of a section."""
    return section.texts(entry)

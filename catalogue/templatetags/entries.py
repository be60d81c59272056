"""How an entry is shown: its kinds of value, its bars, and what machines read about it."""

import json
from typing import Any

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from catalogue.models import Entry
from catalogue.sections import Section
from editorial import facts
from editorial.choices import Kind, Value

register = template.Library()

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

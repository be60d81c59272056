"""What machines read about a story."""

import json
from typing import Any

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from catalogue.models import Story

register = template.Library()


@register.simple_tag
def story_data(story: Story) -> SafeString:
    """Return the story as schema.org JSON-LD in its script element; who told it only as they chose to be shown."""
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Article",
        "headline": story.title,
        "description": story.summary,
        "url": settings.SITE_URL + story.get_absolute_url(),
        "inLanguage": "da",
        "isAccessibleForFree": True,
        "datePublished": story.published_at.isoformat() if story.published_at else None,
        "dateModified": story.updated_at.isoformat(),
        "author": {"@type": "Person", "name": story.shown_name or str(_("En borger"))},
        "spatialCoverage": story.municipality.full_name if story.municipality else None,
        "publisher": {"@type": "Organization", "name": "Center for Offentlig Innovation"},
    }
    text = json.dumps({key: value for key, value in data.items() if value}, ensure_ascii=False)
    for character in "<>&":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))

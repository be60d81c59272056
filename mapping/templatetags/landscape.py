"""Small pieces of the pages on which a place is set."""

from __future__ import annotations

from django import template

from places.areas import Geography

register = template.Library()


@register.simple_tag
def municipality_seats() -> str:
    """»0101:55.676,12.568 0147:…«: where each municipality's seat is, so that the map can show the chosen one."""
    rows = Geography.current().municipalities.items()
    return " ".join(f"{code}:{float(row.lat):.3f},{float(row.lng):.3f}" for code, row in rows)

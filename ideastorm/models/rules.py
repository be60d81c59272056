"""What the triggers of storms and ideas have in common: how they look a storm up."""

from __future__ import annotations

OPENED = "(c.published_at IS NOT NULL AND s.opens_at <= coi_now())"
"""Of a storm `s` with its content `c`: whether it has been opened. One that was never public is nobody's business yet:
there, whoever sets it up is free, and so are demonstrations of storms that are over."""


def storm_of_idea(idea: str) -> str:
    """Statements that read the storm of an idea into opens, closes, until, finished, early, live; the storm stays as it
    is until the transaction ends."""
    return f"""
        SELECT s.opens_at, s.closes_at, s.support_until, s.finished_at, s.support_while_open,
            c.published_at IS NOT NULL
        INTO opens, closes, until, finished, early, live
        FROM ideastorm_storm s JOIN editorial_content c ON c.id = s.content_ptr_id
        WHERE s.content_ptr_id = (SELECT storm_id FROM ideastorm_idea WHERE content_ptr_id = {idea})
        FOR SHARE OF s;
    """  # noqa: S608 - our own names


STORM_VARIABLES = [
    ("opens", "timestamptz"),
    ("closes", "timestamptz"),
    ("until", "timestamptz"),
    ("finished", "timestamptz"),
    ("early", "boolean"),
    ("live", "boolean"),
]

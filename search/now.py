"""What may be found and where the borders are, as of now: asked about in one query, for what needs no other."""

from __future__ import annotations

from django.db import connection

from places.areas import STAMP, Geography
from search.mirror import CHANGES, Changes, Mirror, current

_NOW = f"SELECT changes.*, {STAMP} FROM {CHANGES} AS changes"  # noqa: S608 - our own functions


def now() -> tuple[Mirror, Geography]:
    """`mirror.current()` and `Geography.current()`; one query when nothing has changed."""
    stamp = ""

    def ask(snapshot: str) -> Changes:
        nonlocal stamp
        with connection.cursor() as cursor:
            cursor.execute(_NOW, [snapshot])
            now, writes, changed, removed, stamp = cursor.fetchone()
        return now, writes, changed, removed

    mirror = current(ask=ask)
    return mirror, Geography.current(stamp)

"""How far a storm's answers are: »37 af 52 besvaret, median 12 dage«."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.db import connection

from ideastorm.models import Storm

_PROGRESS = """
WITH ideas AS (
    SELECT c.published_at, (SELECT min(a.decided_at) FROM ideastorm_ideaanswer a WHERE a.idea_id = c.id) AS answered
    FROM ideastorm_idea i JOIN editorial_content c ON c.id = i.content_ptr_id
    WHERE i.storm_id = %s AND i.merged_into_id IS NULL AND c.state = 'published'
)
SELECT count(*), count(answered),
    percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM answered - published_at) / 86400)
        FILTER (WHERE answered IS NOT NULL),
    max(extract(epoch FROM coalesce(answered, coi_now()) - published_at) / 86400)
FROM ideas
"""


@dataclass(frozen=True)
class Progress:
    """Public ideas, how many of them have an answer, and how many days that takes."""

    ideas: int
    answered: int
    median_days: int | None
    longest_days: int | None

    @property
    def cells(self) -> list[bool]:
        """At most 60 cells of a meter: whether each is answered."""
        n = min(self.ideas, 60)
        filled = self.answered * n // self.ideas if self.ideas else 0
        return [k < filled for k in range(n)]


def progress(storm: Storm) -> Progress:
    """How far the answers are. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_PROGRESS, [storm.pk])
        ideas, answered, median, longest = cursor.fetchone()
    return Progress(
        ideas,
        answered,
        None if median is None else max(1, round(float(median))),
        None if longest is None else max(0, math.ceil(float(longest))),
    )

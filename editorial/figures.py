"""The queue over time, week by week."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import connection

from editorial.choices import ANSWERS
from editorial.models import QueueItem

WEEKS = 12


@dataclass(frozen=True)
class Week:
    """A week: its Monday, what came in, what was answered, what waited when it ended, and for how long."""

    monday: dt.date
    came: int
    answered: int
    waiting: int
    oldest: int | None
    """Days that the oldest of them had waited by then; None when none did."""

    @property
    def number(self) -> int:
        """The week's number."""
        return self.monday.isocalendar().week


def weekly(weeks: int = WEEKS) -> list[Week]:
    """The last `weeks` weeks, the oldest first; the last one is not over. One query."""
    table = connection.ops.quote_name(QueueItem._meta.db_table)
    sql = f"""
        SELECT local::date,
            (SELECT count(*) FROM {table} WHERE submitted_at >= first AND submitted_at < next),
            (SELECT count(*) FROM {table} WHERE decided_at >= first AND decided_at < next
                AND outcome = ANY(%s)),
            waited.n,
            floor(extract(epoch FROM least(next, coi_now()) - waited.since) / 86400)::int
        FROM generate_series(
            date_trunc('week', coi_now() AT TIME ZONE 'Europe/Copenhagen') - make_interval(weeks => %s - 1),
            date_trunc('week', coi_now() AT TIME ZONE 'Europe/Copenhagen'), interval '7 days'
        ) AS local
        CROSS JOIN LATERAL (SELECT local AT TIME ZONE 'Europe/Copenhagen' AS first,
            (local + interval '7 days') AT TIME ZONE 'Europe/Copenhagen' AS next) AS week
        CROSS JOIN LATERAL (SELECT count(*) AS n, min(submitted_at) AS since FROM {table}
            WHERE submitted_at < next AND (decided_at IS NULL OR decided_at >= next)) AS waited
        ORDER BY local
    """  # noqa: S608 - the table's name is ours
    with connection.cursor() as cursor:
        cursor.execute(sql, [[str(answer) for answer in ANSWERS], weeks])
        return [Week(*row) for row in cursor.fetchall()]


@dataclass(frozen=True)
class Bar:
    """A week's bar in a drawing of 720 × 180."""

    week: Week
    x: int
    y: int
    height: int

    @property
    def middle(self) -> int:
        """Where its figures stand."""
        return self.x + 20

    @property
    def above(self) -> int:
        """Where the number above it stands."""
        return self.y - 6


def bars(weeks: list[Week]) -> list[Bar]:
    """The bars of `weeks`, the highest 130 high."""
    most = max([week.waiting for week in weeks] + [1])
    found = []
    for n, week in enumerate(weeks):
        height = round(130 * week.waiting / most)
        found.append(Bar(week, 10 + 60 * n, 155 - height, height))
    return found

"""What the points come to: mean, spread and disagreement for each idea.

An assessor's verdict on an idea is the mean of their points, weighted by the criteria's weights: s = Σ w·p / Σ w.

- **Mean**: the mean of the verdicts that are sent; each assessor counts alike.
- **Spread**: the sample standard deviation of the verdicts (divisor n − 1); none with fewer than two.
- **Agreement**: r*wg = 1 − V / 2, where V is the mean over criteria, weighted, of the sample variance of the points
  by that criterion, and 2 = (5² − 1) / 12 is the variance of somebody who gives 1 to 5 at random. Disagreement is
  flagged below 0.70. By criterion, because verdicts may be equal though people see the criteria quite differently.

The index: James, Demaree & Wolf (1984), Journal of Applied Psychology 69, 85–98, in the form of Lindell, Brandt &
Whitney (1999), Applied Psychological Measurement 23, 127–135, which averages variances; theirs weighs items alike, and
weighing them as the mean does is our addition. The limit of 0.70: LeBreton & Senter (2008), Organizational Research
Methods 11, 815–852. It is a custom, not a test: the flag says »talk about it«.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from ideastorm.models import Storm
from ideastorm.models.assessment import LEAST, MOST

AT_RANDOM = ((MOST - LEAST + 1) ** 2 - 1) / 12
"""Variance of points that are given at random."""
AGREED = 0.70

_FIGURES = """
WITH ideas AS (
    SELECT c.id, c.title, c.slug, c.sort_key FROM ideastorm_idea i JOIN editorial_content c ON c.id = i.content_ptr_id
    WHERE i.storm_id = %(storm)s AND i.merged_into_id IS NULL AND c.state = 'published'
        AND (%(assessor)s::bigint IS NULL OR EXISTS (SELECT 1 FROM ideastorm_assignment m
            WHERE m.idea_id = c.id AND m.assessor_id = %(assessor)s AND m.sent_at IS NOT NULL))
), standing AS (
    SELECT a.id, a.idea_id, a.sent_at FROM ideastorm_assignment a JOIN ideas ON ideas.id = a.idea_id
    LEFT JOIN accounts_user u ON u.id = a.assessor_id
    WHERE a.sent_at IS NOT NULL OR (u.is_active AND NOT EXISTS (SELECT 1 FROM ideastorm_conflict k
        WHERE k.idea_id = a.idea_id AND k.assessor_id = a.assessor_id))
), points AS (
    SELECT a.id, a.idea_id, s.criterion_id, s.points::float AS points, k.weight::float AS weight
    FROM standing a JOIN ideastorm_score s ON s.assignment_id = a.id JOIN ideastorm_criterion k ON k.id = s.criterion_id
    WHERE a.sent_at IS NOT NULL
), verdicts AS (
    SELECT idea_id, sum(weight * points) / sum(weight) AS verdict FROM points GROUP BY idea_id, id
), variances AS (
    SELECT idea_id, sum(weight * v) / sum(weight) AS v FROM (
        SELECT idea_id, criterion_id, max(weight) AS weight, var_samp(points) AS v
        FROM points GROUP BY idea_id, criterion_id
    ) by_criterion WHERE v IS NOT NULL GROUP BY idea_id
)
SELECT i.id, i.title, i.slug, i.sort_key,
    (SELECT avg(verdict) FROM verdicts v WHERE v.idea_id = i.id),
    (SELECT stddev_samp(verdict) FROM verdicts v WHERE v.idea_id = i.id),
    (SELECT v FROM variances v WHERE v.idea_id = i.id),
    (SELECT count(*) FROM standing a WHERE a.idea_id = i.id AND a.sent_at IS NOT NULL),
    (SELECT count(*) FROM standing a WHERE a.idea_id = i.id)
FROM ideas i ORDER BY i.sort_key, i.id
"""


@dataclass(frozen=True)
class Figures:
    """What the points of an idea come to; None where too few are sent."""

    idea: int
    title: str
    slug: str
    sort_key: str
    mean: float | None
    spread: float | None
    variance: float | None
    done: int
    of: int

    @property
    def agreement(self) -> float | None:
        """r*wg: 1 when all gave the same, 0 as if at random, below when they stand against each other."""
        return None if self.variance is None else 1 - self.variance / AT_RANDOM

    @property
    def is_disputed(self) -> bool:
        """Whether those who assessed it see it so differently that they should talk about it."""
        return self.agreement is not None and self.agreement < AGREED


SORTS = ("snit", "spredning", "faerdige", "titel")


def figures(storm: Storm, *, assessor: int | None = None, sort: str = SORTS[0]) -> list[Figures]:
    """Every idea of a storm, or those that `assessor` has sent, in the order asked for. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, {"storm": storm.pk, "assessor": assessor})
        rows = [Figures(*row) for row in cursor.fetchall()]
    keys = {
        "snit": lambda row: -(row.mean or 0),
        "spredning": lambda row: (not row.is_disputed, -(row.spread or 0)),
        "faerdige": lambda row: (row.done / row.of if row.of else 0, row.done),
    }
    return sorted(rows, key=keys[sort]) if sort in keys else rows

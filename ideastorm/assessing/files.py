"""The points of a storm as rows, for staff."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from editorial.choices import State
from guards.exports import Row
from ideastorm.assessing.figures import figures
from ideastorm.models import Score, Storm
from ideastorm.permissions import Visitor, can_see_scores

CHUNK = 2000
POINT_COLUMNS = (
    "ide", "kriterium", "vaegt", "vurderet_af", "point", "note", "sendt", "ideens_snit", "ideens_spredning", "uenige",
    "adresse",
)  # fmt: skip


def may_fetch_points(visitor: Visitor, storm: Storm) -> bool:
    """Editors, but not one who has something left to assess here: they would read what others gave."""
    return visitor.is_editor and can_see_scores(visitor, storm)


def point_rows(storm: Storm) -> Iterator[Row]:
    """One row for each point that is sent, by idea and assessor. Sums stand beside it: the page's own figures."""
    sums = {row.idea: row for row in figures(storm)}
    sent = Score.objects.filter(
        assignment__sent_at__isnull=False,
        assignment__idea__storm=storm,
        assignment__idea__state=State.PUBLISHED,
        assignment__idea__merged_into=None,
    ).select_related("criterion", "assignment__assessor", "assignment__idea__storm")
    # By keys: a relation alone would be ordered as its own type is.
    rows = sent.order_by("assignment__idea_id", "assignment_id", "criterion__position", "criterion_id")
    keys: tuple[int, int, int, int] | None = None
    while True:
        chunk = list((rows.filter(_after(*keys)) if keys else rows)[:CHUNK])
        for score in chunk:
            given, criterion = score.assignment, score.criterion
            keys = (given.idea_id, given.pk, criterion.position, criterion.pk)
            figure = sums.get(given.idea_id)
            yield [
                given.idea.title,
                criterion.title,
                criterion.weight,
                given.assessor.name if given.assessor else _("Tidligere bruger"),
                score.points,
                score.note,
                given.sent_at,
                _two_decimals(figure.mean if figure else None),
                _two_decimals(figure.spread if figure else None),
                bool(figure and figure.is_disputed),
                settings.SITE_URL + given.idea.get_absolute_url(),
            ]
        if len(chunk) < CHUNK:
            return


def _after(idea: int, assignment: int, position: int, criterion: int) -> Q:
    """What comes after a row, in the order of the rows."""
    later = Q(criterion__position__gt=position) | Q(criterion__position=position, criterion__gt=criterion)
    return (
        Q(assignment__idea__gt=idea)
        | Q(assignment__idea=idea, assignment__gt=assignment)
        | Q(assignment__idea=idea, assignment=assignment) & later
    )


def _two_decimals(number: float | None) -> float | None:
    return None if number is None else round(number, 2)

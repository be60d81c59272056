"""A storm's ideas and answers as rows. The open ones say nothing of persons; staff's say what pages show of authors."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.db.models import Prefetch

from editorial.models import TaggedContent
from guards.exports import Row, Value
from ideastorm.assessing.figures import figures
from ideastorm.choices import COUNTED_PHASES
from ideastorm.models import Idea, IdeaAnswer, Storm, Support
from ideastorm.showing import author_line

CHUNK = 500
TAGS = Prefetch("tagged_items", TaggedContent.objects.select_related("tag"))
OPEN_COLUMNS = (
    "id", "titel", "tekst", "emner", "kommune", "vist", "stoetter", "svar", "begrundelse", "sendt_til", "findes_her",
    "besvaret", "lagt_ind_under", "adresse",
)  # fmt: skip
STAFF_COLUMNS = (*OPEN_COLUMNS, "afsender_som_vist", "vurderinger_gennemsnit")


def rows(storm: Storm, *, for_staff: bool, blind: bool = False) -> Iterator[Row]:
    """The public ideas of a storm (from `with_phase()`), oldest first; memory is bounded by a chunk. No counts for who
    is `blind`."""
    ideas = Idea.objects.of_storm(storm).published().order_by("pk")
    counted = not blind and (for_staff or storm.phase in COUNTED_PHASES)
    means = {row.idea: row.mean for row in figures(storm)} if for_staff else {}
    last = 0
    while True:
        related = ideas.filter(pk__gt=last).select_related(
            "workplace", "municipality", "region", "merged_into"
        )
        chunk = list(related.prefetch_related(TAGS)[:CHUNK])
        if not chunk:
            return
        pks = [idea.pk for idea in chunk]
        last = pks[-1]
        answers = IdeaAnswer.objects.latest_of(pks)
        support = Support.objects.counts(pks) if counted else {}
        for idea in chunk:
            idea.storm = storm
            yield _row(idea, answers.get(idea.pk), support.get(idea.pk, 0) if counted else None) + (
                [author_line(idea), _two_decimals(means.get(idea.pk))] if for_staff else []
            )


def _row(idea: Idea, answer: IdeaAnswer | None, support: int | None) -> list[Value]:
    entry = answer.entry if answer else None
    return [
        str(idea.uuid),
        idea.title,
        idea.text,
        [row.tag.name for row in idea.tagged_items.all()],
        idea.municipality.name if idea.municipality else "",
        idea.published_at,
        support,
        answer.status if answer else "",
        answer.reason if answer else "",
        answer.authority if answer else "",
        settings.SITE_URL + entry.get_absolute_url() if entry and entry.is_public else "",
        answer.decided_at if answer else None,
        str(idea.merged_into.uuid) if idea.merged_into else "",
        settings.SITE_URL + idea.get_absolute_url(),
    ]


def _two_decimals(mean: float | None) -> float | None:
    """The weighted mean (see ideastorm.assessing.figures) as the table of points shows it."""
    return None if mean is None else round(float(mean), 2)

"""The invented stories of a demonstration: those that are shown, and those that wait in the queue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from catalogue.models import Entry, Story, StoryThanks
from catalogue.stories import consent
from catalogue.stories.words import year_of
from editorial.choices import Kind
from editorial.models import Consent, SubjectArea
from editorial.submitting import submit_content
from editorial.text import summary_of
from places.models import Workplace

COPENHAGEN = ZoneInfo("Europe/Copenhagen")


def load_stories(rows: Iterable[dict[str, Any]], workplaces: dict[str, Workplace]) -> int:
    """Add the stories that are not there yet; returns how many. What has no `published_on` waits for the editors."""
    new = [row for row in rows if not Story.objects.filter(external_id=row["external_id"]).exists()]
    for row in new:
        _load(row, workplaces)
    return len(new)


def _load(row: dict[str, Any], workplaces: dict[str, Workplace]) -> None:
    text = row["text"].strip()
    owner = workplaces[row["owner"]] if row.get("owner") else None
    story = Story(
        kind=Kind.STORY, external_id=row["external_id"], title=row["title"], text=text, summary=summary_of(text),
        owner=owner, sectors=[owner.sector] if owner else [], municipality_id=row.get("municipality"),
        workplace_told=row.get("workplace_told", ""), happened=row.get("happened", ""),
        year_from=year_of(row.get("happened", "")), shown_name=row.get("shown_name", ""), is_demo=True,
    )  # fmt: skip
    story.full_clean(exclude=["slug"])
    story.save()
    story.subject_areas.set(SubjectArea.objects.filter(slug__in=row.get("subject_areas", [])))
    Consent.objects.create(content=story, what=consent.WHAT, version=consent.VERSION)
    if not (day := row.get("published_on")):
        submit_content(content=story, by=None)
        return
    story.publish(
        by=None,
        reason="Indlæst fra portalens egne indholdsfiler",
        now=dt.datetime.combine(day, dt.time(9), tzinfo=COPENHAGEN),
    )
    if owner and row.get("thanks"):
        StoryThanks.objects.create(story=story, workplace=owner, text=row["thanks"], visible=True)
    if row.get("example"):
        Entry.objects.filter(external_id=row["example"]).update(from_story=story)

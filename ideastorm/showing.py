"""How storms, ideas and their authors are put into words: one place, so that no page says more than another."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ideastorm.choices import AuthorsShown, ShownAs, StormPhase
from ideastorm.models import Comment, Idea, Storm


def shown_as(storm: Storm, wished: str, *, has_workplace: bool) -> str:
    """What is shown of somebody who writes in a storm, by its terms and their wish."""
    kind = wished if storm.authors_shown == AuthorsShown.CHOSEN else storm.authors_shown
    if kind == ShownAs.WORKPLACE and not has_workplace:
        return ShownAs.PRIVATE
    return kind


def author_line(row: Idea | Comment) -> str:
    """»Mette Holm, Fjordby Kommune«, »Ansat i Fjordby Kommune«, »Privat, Midtjylland«. Never more than was chosen."""
    workplace = row.workplace.name if row.workplace else ""
    if row.shown_as == ShownAs.NAME and row.shown_name:
        return ", ".join(filter(None, [row.shown_name, workplace]))
    if row.shown_as == ShownAs.WORKPLACE and workplace:
        return _("Ansat i %(workplace)s") % {"workplace": workplace}
    place = ""
    if isinstance(row, Idea):
        place = (
            row.municipality.full_name if row.municipality else row.region.short_name if row.region else ""
        )
    return ", ".join(filter(None, [_("Privat"), place]))


@dataclass(frozen=True)
class Countdown:
    """How long a phase lasts yet: a number and what it counts, and a sentence that says what happens when."""

    number: int | None
    unit: str
    sentence: str
    days_in_all: int = 0
    day: int = 0
    """Which day of the open ones today is; 0 when it is not open."""


def countdown(storm: Storm) -> Countdown:
    """What the page says of the time, without any script. The storm comes from `with_phase()`."""
    first, last = _day(storm.opens_at), _day(storm.closes_at - dt.timedelta(microseconds=1))
    in_all = (last - first).days + 1
    today = min(max((_day(storm.now) - first).days + 1, 0), in_all)
    if storm.changes_at is None:
        if storm.phase == StormPhase.RESULTS and storm.finished_at:
            return Countdown(None, "", _("Afsluttet %s") % _date(storm.finished_at), in_all)
        text = _("Vi læser og vurderer. Alle får svar senest %s")
        return Countdown(None, "", text % formats.date_format(storm.promised_on, "j. F Y"), in_all)
    number, unit = _left(storm.changes_at - storm.now, begins=storm.phase == StormPhase.ANNOUNCED)
    sentences = {
        StormPhase.ANNOUNCED: _("Åbner %s"),
        StormPhase.IDEAS: _("Slutter %s"),
        StormPhase.SUPPORT: _("Støt ideerne indtil %s"),
    }
    is_open = storm.phase == StormPhase.IDEAS
    return Countdown(
        number,
        unit,
        sentences[StormPhase(storm.phase)]
        % moment(storm.changes_at, ends=storm.phase != StormPhase.ANNOUNCED),
        in_all,
        today if is_open else 0,
    )


def _left(time: dt.timedelta, *, begins: bool) -> tuple[int, str]:
    """Whole days, below two of them whole hours, below one hour minutes; never zero. What comes is not »left«."""
    minutes = max(1, int(time.total_seconds() // 60))
    if minutes >= 48 * 60:
        days = minutes // (24 * 60)
        return days, _("dage til") if begins else _("dage tilbage")
    if minutes >= 60:
        hours = minutes // 60
        left = ngettext("time tilbage", "timer tilbage", hours)
        return hours, ngettext("time til", "timer til", hours) if begins else left
    left = ngettext("minut tilbage", "minutter tilbage", minutes)
    return minutes, ngettext("minut til", "minutter til", minutes) if begins else left


def moment(when: dt.datetime, *, ends: bool = False) -> str:
    """»søndag 29. november kl. 23.59«. What ends at midnight ends the day before, as people say it."""
    local = timezone.localtime(when)
    if ends and (local.hour, local.minute) == (0, 0):
        local = timezone.localtime(when - dt.timedelta(seconds=1))
    return formats.date_format(local, "l j. F \\k\\l. H.i")


def _day(when: dt.datetime) -> dt.date:
    return timezone.localtime(when).date()


def _date(when: dt.datetime) -> str:
    return formats.date_format(_day(when), "j. F Y")

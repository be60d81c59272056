"""When the promised day passes: the page says who is late, those who answer are told once, and after twenty more
working days the centre closes the storm openly."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from editorial.choices import State
from editorial.clock import CoiNow, coi_now
from editorial.models import Content, Decision
from editorial.working_days import add_working_days
from ideastorm.answering.actions import log, still_missing, tell_authors
from ideastorm.choices import StormPhase
from ideastorm.models import Idea, Storm
from notices.events import Event
from notices.sending import tell, tell_staff

PATIENCE = 20
"""Working days after the promised day until the centre closes a storm that is not answered."""
TOLD_LATE, CLOSED = "storm-late", "storm-closed"
"""Lines in the log of decisions: that they were told, and that it was closed openly. Each once for a storm."""


@dataclass(frozen=True)
class Late:
    """That a storm's promise is broken: how many ideas wait, for whom, since when, and until when."""

    unanswered: int
    waiting: int
    names: str
    promised_on: dt.date
    closes_on: dt.date


def closes_on(storm: Storm) -> dt.date:
    """The last day on which the answers may still come before the centre closes the storm."""
    return add_working_days(storm.promised_on, PATIENCE)


def lateness(storm: Storm) -> Late | None:
    """Whether the promised day has passed while an idea waits. From the midnight after that day, in Denmark, and until
    the storm is finished. The storm comes from `with_phase()`."""
    if storm.finished_at is not None or timezone.localdate(storm.now) <= storm.promised_on:
        return None
    unanswered, waiting = still_missing(storm)
    if not unanswered and not waiting:
        return None
    people = [person.name for person in (storm.answerer, storm.deputy) if person and person.name]
    return Late(
        unanswered, waiting, _(" og ").join(people) or storm.owner_name, storm.promised_on, closes_on(storm)
    )


def look_after() -> None:
    """Tell of storms that are late, and close those that have been for too long. Safe to run at any time, twice, and
    killed half-way: each storm is a transaction of its own that leaves its line in the log."""
    today = timezone.localdate(coi_now())
    rows = Storm.objects.published().in_phase(StormPhase.ASSESSMENT).filter(promised_on__lt=today)
    for pk in rows.order_by("pk").values_list("pk", flat=True):
        _look_after(pk)


@transaction.atomic
def _look_after(pk: int) -> None:
    content = Content.objects.select_for_update(of=("self",)).get(pk=pk)
    storm = Storm.objects.with_phase().select_related("answerer", "deputy", "owner").get(pk=pk)
    late = lateness(storm)
    if late is None or content.state != State.PUBLISHED:
        return
    done = set(
        Decision.objects.filter(content_uuid=storm.uuid, action__in=(TOLD_LATE, CLOSED)).values_list(
            "action", flat=True
        )
    )
    if timezone.localdate(storm.now) > late.closes_on:
        _close(storm, late)
    elif TOLD_LATE not in done:
        _tell(storm, late)


def _tell(storm: Storm, late: Late) -> None:
    log(storm, action=TOLD_LATE, by=None)
    text = _(
        "Svarene i idéstormen »%(storm)s« var lovet senest %(day)s. %(missing)s Det står nu på siden, at svarene er "
        "forsinkede, og hvem der skal svare. Er de ikke givet senest %(last)s, lukker centret idéstormen og viser, "
        "hvilke ideer der ikke fik svar."
    ) % {
        "storm": storm.title,
        "day": _day(late.promised_on),
        "missing": missing_in_words(late),
        "last": _day(late.closes_on),
    }
    _tell_all(storm, subject=_("Svarene i »%s« er forsinkede") % storm.title, text=text)


def _close(storm: Storm, late: Late) -> None:
    Storm.objects.filter(pk=storm.pk, finished_at=None).update(finished_at=CoiNow(), closed_openly=True)
    log(storm, action=CLOSED, by=None, reason=missing_in_words(late))
    text = _(
        "Idéstormen »%(storm)s« er lukket, uden at alle fik svar. %(missing)s De står på siden med resultater. De kan "
        "stadig besvares."
    ) % {"storm": storm.title, "missing": missing_in_words(late)}
    _tell_all(storm, subject=_("»%s« er lukket uden alle svar") % storm.title, text=text)
    for idea in Idea.objects.of_storm(storm).unanswered().select_related("storm").order_by("pk"):
        tell_authors(
            idea,
            subject=_("Din idé »%s« fik ikke svar til tiden") % idea.title,
            text=_(
                "Vi lovede svar senest %(day)s, og %(who)s har ikke svaret. Centret har lukket idéstormen, og det står "
                "på siden, at din idé mangler svar. Kommer der et, får du besked."
            )
            % {"day": _day(late.promised_on), "who": storm.owner_name},
        )


def _tell_all(storm: Storm, *, subject: str, text: str) -> None:
    """Tell those who answer, and the editors; each once, also who is both."""
    url = storm.get_absolute_url()
    staff = {
        notice.recipient_id for notice in tell_staff(event=Event.STAFF, subject=subject, text=text, url=url)
    }
    for person in (storm.answerer, storm.deputy):
        if person is not None and person.is_active and person.pk not in staff:
            tell(to=person, event=Event.TREATMENT, subject=subject, text=text, url=url)


def missing_in_words(late: Late) -> str:
    """»3 ideer mangler svar.«"""
    words = []
    if late.unanswered:
        words.append(
            ngettext("%s idé mangler svar.", "%s ideer mangler svar.", late.unanswered) % late.unanswered
        )
    if late.waiting:
        words.append(
            ngettext(
                "%s idé venter på, at redaktionen læser den.",
                "%s ideer venter på, at redaktionen læser dem.",
                late.waiting,
            )
            % late.waiting
        )
    return " ".join(words)


def _day(day: dt.date) -> str:
    return formats.date_format(day, "j. F Y")

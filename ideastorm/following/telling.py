"""What followers are told: a storm's new phase, answers, and what happened later. By the job, each thing once.

A follow knows how far it has been told. What is told and how far that is are written in one transaction, with the page
locked as the queue locks it: nobody is told of what is hidden at that moment, and what is hidden later is taken back
(`forget_told`).
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from editorial.choices import State
from editorial.models import Content
from ideastorm.choices import StormPhase
from ideastorm.models import Follow, Idea, IdeaAnswer, IdeaNews, Storm
from notices.events import Event
from notices.sending import tell

log = logging.getLogger(__name__)

AT_MOST = 500
"""Follows that one run tells of a kind of thing; the next run takes the others."""
SETTLED = dt.timedelta(minutes=5)
"""What is younger waits for the next run: an answer has the time at which its transaction began."""


def tell_followers(now: dt.datetime) -> int:
    """Tell those who follow something of what is new; returns how many were told. Safe to run twice, at once, and
    killed half-way: each follow is a transaction of its own.
    """
    until = now - SETTLED
    phases = list(
        Follow.objects.may_be_told().with_new_phase().order_by("pk").values_list("pk", flat=True)[:AT_MOST]
    )
    told = sum(_safely(_tell_phase, pk, until) for pk in phases)
    return told + sum(_safely(_tell_news, pk, until) for pk in _with_news(until)[:AT_MOST])


def _safely(one: Callable[[int, dt.datetime], bool], pk: int, until: dt.datetime) -> bool:
    try:
        with transaction.atomic():
            return one(pk, until)
    except Exception as error:  # the others are to be told; the next run tries this one again
        log.warning("A follower could not be told: %s", type(error).__name__)
        return False


def _locked(pk: int, rows: QuerySet[Follow]) -> Follow | None:
    """The follow, if it still is one of `rows`, with its page and itself locked; None when another is at it."""
    found = (
        Follow.objects.filter(pk=pk).values_list("storm", "idea", "idea__storm", "idea__merged_into").first()
    )
    if found is None:
        return None
    keys = sorted({key for key in found if key})
    list(Content.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk"))
    mine = rows.filter(pk=pk).select_related("user", "storm", "idea__storm", "idea__merged_into__storm")
    return mine.select_for_update(of=("self",), skip_locked=True).first()


# -- phases -------------------------------------------------------------------


def _tell_phase(pk: int, until: dt.datetime) -> bool:
    row = _locked(pk, Follow.objects.may_be_told().with_new_phase())
    if row is None or row.storm_id is None:
        return False
    storm = Storm.objects.with_phase().get(pk=row.storm_id)
    Follow.objects.filter(pk=row.pk).update(told_phase=storm.phase)
    subject, text = phase_in_words(storm)
    tell(to=row.user, event=Event.FOLLOWS, subject=subject, text=text, url=storm.get_absolute_url())
    return True


def phase_in_words(storm: Storm) -> tuple[str, str]:
    """(subject, text) of the phase that a storm has come to."""
    day = formats.date_format(storm.promised_on, "j. F Y")
    subjects = {
        StormPhase.ANNOUNCED: _("»%s« kommer snart"),
        StormPhase.IDEAS: _("»%s« er åben for ideer"),
        StormPhase.SUPPORT: _("»%s« er lukket for nye ideer"),
        StormPhase.ASSESSMENT: _("Ideerne i »%s« bliver vurderet nu"),
        StormPhase.RESULTS: _("»%s« er afsluttet"),
    }
    texts = {
        StormPhase.ANNOUNCED: _("Idéstormen, du følger, har fået et nyt tidspunkt og er ikke åbnet endnu."),
        StormPhase.IDEAS: _("Idéstormen, du følger, er åbnet. Du kan skrive din idé nu."),
        StormPhase.SUPPORT: _(
            "Idéstormen, du følger, tager ikke imod flere ideer. Du kan støtte dem, der er kommet."
        ),
        StormPhase.ASSESSMENT: _("Alle ideer i idéstormen, du følger, får svar senest %s.") % day,
        StormPhase.RESULTS: _("Du kan læse på siden, hvad idéstormen, du følger, førte til."),
    }
    phase = StormPhase(storm.phase)
    return subjects[phase] % storm.title, texts[phase]


# -- answers and news -----------------------------------------------------------


def _with_news(until: dt.datetime) -> list[int]:
    """The follows that have something to hear up to `until`, the longest unheard first; at most AT_MOST of each."""
    rows = Follow.objects.may_be_told().order_by("told_until", "pk")
    root = Coalesce(OuterRef("idea__merged_into"), OuterRef("idea"))
    since = OuterRef("told_until")
    of_ideas = rows.filter(
        Exists(IdeaAnswer.objects.filter(idea=root, decided_at__gt=since, decided_at__lte=until))
        | Exists(IdeaNews.objects.filter(idea=root, created_at__gt=since, created_at__lte=until)),
        idea__isnull=False,
    )
    found = list(of_ideas.values_list("pk", flat=True)[:AT_MOST])
    for storm, moment in _latest(until).items():
        if len(found) >= AT_MOST:
            break
        found += rows.filter(storm=storm, told_until__lt=moment).values_list("pk", flat=True)[:AT_MOST]
    return found


def _latest(until: dt.datetime) -> dict[int, dt.datetime]:
    """Followed storm → when the newest answer or news in it came. Two queries, however many follow."""
    latest: dict[int, dt.datetime] = {}
    followed = Follow.objects.filter(storm__isnull=False).values("storm")
    public = {"idea__state": State.PUBLISHED, "idea__merged_into": None, "idea__storm__in": followed}
    for rows, name in ((IdeaAnswer.objects.all(), "decided_at"), (IdeaNews.objects.all(), "created_at")):
        newest = rows.filter(**public, **{f"{name}__lte": until}).order_by().values_list("idea__storm")
        for storm, moment in newest.annotate(Max(name)):
            latest[storm] = max(moment, latest.get(storm, moment))
    return latest


def _tell_news(pk: int, until: dt.datetime) -> bool:
    row = _locked(pk, Follow.objects.may_be_told().filter(told_until__lt=until))
    if row is None:
        return False
    since = row.told_until
    Follow.objects.filter(pk=row.pk).update(told_until=until)
    if row.storm is not None:
        return _tell_of_storm(row, row.storm, since, until)
    assert row.idea is not None
    return _tell_of_idea(row, row.idea.merged_into or row.idea, since, until)


def _tell_of_idea(row: Follow, idea: Idea, since: dt.datetime, until: dt.datetime) -> bool:
    """Of the answer as it stands, and that there is news. An idea that was joined into another is read there."""
    if idea.state != State.PUBLISHED:
        return False
    answer = idea.answers.filter(decided_at__gt=since, decided_at__lte=until).order_by("-number").first()
    news = idea.news.filter(created_at__gt=since, created_at__lte=until).count()
    lines = []
    if answer is not None:
        lines.append(_("Ideen har fået svar: %s.") % answer.get_status_display())
    if news:
        lines.append(_("Der er skrevet, hvad der siden er sket med ideen."))
    if not lines:
        return False
    tell(
        to=row.user, event=Event.FOLLOWS, subject=_("Nyt om ideen »%s«") % idea.title, text="\n\n".join(lines),
        url=idea.get_absolute_url(),
    )  # fmt: skip
    return True


def _tell_of_storm(row: Follow, storm: Storm, since: dt.datetime, until: dt.datetime) -> bool:
    """How many ideas have been answered, and of how many there is news; which they are stands on the page."""
    ideas = Idea.objects.of_storm(storm).published().standing()
    counted = ideas.aggregate(
        answered=Count(
            "pk", filter=Q(answers__decided_at__gt=since, answers__decided_at__lte=until), distinct=True
        ),
        later=Count("pk", filter=Q(news__created_at__gt=since, news__created_at__lte=until), distinct=True),
    )
    lines = []
    if n := counted["answered"]:
        lines.append(ngettext("%s idé har fået svar.", "%s ideer har fået svar.", n) % n)
    if n := counted["later"]:
        lines.append(
            ngettext("Der er nyt om, hvad %s idé blev til.", "Der er nyt om, hvad %s ideer blev til.", n) % n
        )
    if not lines:
        return False
    tell(
        to=row.user, event=Event.FOLLOWS, subject=_("Nyt i idéstormen »%s«") % storm.title,
        text="\n\n".join(lines), url=storm.get_absolute_url(),
    )  # fmt: skip
    return True

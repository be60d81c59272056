"""Answering ideas, telling what happened later, and finishing a storm: each in one transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from editorial.choices import OPEN
from editorial.clock import CoiNow
from editorial.models import Content, Decision, SenderContact
from editorial.models.querysets import TransitionError
from ideastorm.models import Idea, IdeaAnswer, IdeaNews, Storm
from ideastorm.permissions import Visitor, can_answer, can_finish, can_give_news
from notices.events import Event
from notices.sending import tell


class AnsweredMeanwhile(Exception):  # noqa: N818 - it is no error: somebody else was first
    """Somebody has answered since the page was opened. Nothing was written."""

    def __init__(self, ideas: list[Idea]) -> None:
        self.ideas = ideas
        super().__init__(", ".join(str(idea.pk) for idea in ideas))


def locked(ideas: Iterable[int], storm: Storm) -> list[Idea]:
    """Ideas of a storm, locked as the queue locks them, each with its storm in its phase."""
    pks = sorted(ideas)
    list(Content.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("pk"))
    phased = Storm.objects.with_phase().select_related("owner").get(pk=storm.pk)
    rows = list(Idea.objects.of_storm(storm).filter(pk__in=pks).select_related("author").order_by("pk"))
    for idea in rows:
        idea.storm = phased
    return rows


@transaction.atomic
def answer_ideas(
    *, storm: Storm, seen: dict[int, int], fields: dict[str, Any], visitor: Visitor
) -> list[IdeaAnswer]:
    """Answer ideas alike: all or none. `seen` is idea → the number of the answer that was read, 0 for none.

    Each answer is a new version; the former stay. Authors are told, also those of what was merged into an idea. Raises
    AnsweredMeanwhile where another was first, and PermissionDenied where the visitor does not answer.
    """
    ideas = locked(seen, storm)
    if len(ideas) != len(seen) or not all(can_answer(visitor, idea) for idea in ideas):
        raise PermissionDenied
    by = visitor.account
    assert by is not None
    present = IdeaAnswer.objects.latest_of([idea.pk for idea in ideas])
    numbers = {pk: row.number for pk, row in present.items()}
    if changed := [idea for idea in ideas if numbers.get(idea.pk, 0) != seen[idea.pk]]:
        raise AnsweredMeanwhile(changed)
    rows = []
    for idea in ideas:
        row = IdeaAnswer(idea=idea, number=seen[idea.pk] + 1, decided_by_key=by.key, **fields)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as error:
            if "answer_version_once" not in str(error):
                raise
            raise AnsweredMeanwhile([idea]) from error
        rows.append(row)
        subject = _("Svar på din idé »%s«") if row.number == 1 else _("Nyt svar på din idé »%s«")
        text = "\n\n".join(
            [
                _("Svaret er: %(status)s. Det skriver %(who)s:")
                % {"status": row.get_status_display(), "who": idea.storm.owner_name},
                row.reason,
            ]
        )
        tell_authors(idea, subject=subject % idea.title, text=text)
    return rows


def tell_authors(idea: Idea, *, subject: str, text: str) -> None:
    """Tell who wrote an idea, and what was merged into it: on their account, or at the address of their receipt."""
    group = Idea.objects.filter(Q(pk=idea.pk) | Q(merged_into=idea)).select_related("author").order_by("pk")
    addresses = dict(
        SenderContact.objects.filter(receipt__content__in=[row.pk for row in group]).values_list(
            "receipt__content", "email"
        )
    )
    told: set[User | str] = set()
    for row in group:
        to: User | str | None = row.author or addresses.get(row.pk)
        if to is None or to in told or (isinstance(to, User) and not to.is_active):
            continue
        told.add(to)
        tell(to=to, event=Event.TREATMENT, subject=subject, text=text, url=idea.get_absolute_url())


@transaction.atomic
def give_news(*, idea: Idea, fields: dict[str, Any], visitor: Visitor) -> IdeaNews:
    """Say what happened later with an idea, and tell its authors. Raises PermissionDenied."""
    row = next(iter(locked([idea.pk], idea.storm)), None)
    if row is None or not can_give_news(visitor, row):
        raise PermissionDenied
    assert visitor.account is not None
    news = IdeaNews.objects.create(idea=row, written_by_key=visitor.account.key, **fields)
    text = news.text if news.became is None else f"{news.text}\n\n{news.became.title}"
    tell_authors(row, subject=_("Nyt om din idé »%s«") % row.title, text=text)
    return news


def still_missing(storm: Storm) -> tuple[int, int]:
    """How many ideas keep a storm from being finished: without an answer, and waiting to be read by the editors."""
    rows = Idea.objects.of_storm(storm)
    return rows.unanswered().count(), rows.standing().filter(state__in=OPEN).count()


@transaction.atomic
def finish(*, storm: Storm, visitor: Visitor) -> bool:
    """Finish a storm in which all is answered; False when somebody has already. Safe to call twice.

    Raises PermissionDenied, and TransitionError while an idea has no answer; that is the database's rule, too.
    """
    Content.objects.select_for_update(of=("self",)).get(pk=storm.pk)
    row = Storm.objects.with_phase().get(pk=storm.pk)
    if row.finished_at is not None:
        return False
    if not can_finish(visitor, row):
        raise PermissionDenied
    unanswered, waiting = still_missing(row)
    if unanswered:
        raise TransitionError(
            ngettext(
                "%s idé har intet svar endnu, så idéstormen kan ikke afsluttes.",
                "%s ideer har intet svar endnu, så idéstormen kan ikke afsluttes.",
                unanswered,
            )
            % unanswered
        )
    if waiting:
        raise TransitionError(
            _("Redaktionen har ikke læst alle ideer endnu, så idéstormen kan ikke afsluttes.")
        )
    try:
        with transaction.atomic():
            Storm.objects.filter(pk=row.pk, finished_at=None).update(finished_at=CoiNow())
    except IntegrityError as error:
        if "storm_answers_all" not in str(error):
            raise
        raise TransitionError(_("En idé har intet svar endnu, så idéstormen kan ikke afsluttes.")) from error
    assert visitor.account is not None
    log(row, action="storm-finished", by=visitor.account)
    return True


@transaction.atomic
def set_discussed(*, storm: Storm, day: dt.date | None, note: str = "") -> None:
    """Write when the workplace discussed its own storm, and what was said. Raises PermissionDenied for other storms."""
    row = Storm.objects.select_for_update(of=("self",)).get(pk=storm.pk)
    if not row.is_a_workplaces_own:
        raise PermissionDenied
    if (row.discussed_on, row.discussed_note) != (day, note):
        Storm.objects.filter(pk=row.pk).update(discussed_on=day, discussed_note=note)


def log(storm: Storm, *, action: str, by: User | None, reason: str = "") -> None:
    """A line in the log of decisions. Without `by`: the portal itself."""
    Decision.objects.create(
        content_uuid=storm.uuid, title=storm.title[:120], actor_key=by.key if by else None, action=action,
        reason=reason,
    )  # fmt: skip

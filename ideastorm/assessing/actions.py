"""Assigning assessors, giving points, and declaring a conflict: each in one transaction that may be sent twice.

Whatever changes who assesses what locks the storm's row first, so that two who distribute at once see each other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import User
from editorial.clock import CoiNow
from editorial.models.querysets import TransitionError
from ideastorm.assessing.leaders import authors_of, leaders_of, leads_author
from ideastorm.choices import ConflictKind, StormPhase
from ideastorm.models import Assignment, Conflict, Idea, Score, Storm
from ideastorm.permissions import Visitor, answers_for, can_assess, can_assign, is_blind
from notices.events import Event
from notices.sending import tell, tell_staff

GONE = gettext_lazy("Ideen er ikke din at vurdere mere. Den, der fordeler ideerne, har taget den tilbage.")
"""Where an assignment was taken back meanwhile."""


@dataclass(frozen=True)
class Points:
    """What an assessor gives by one criterion."""

    criterion: int
    points: int
    note: str = ""


def _locked(storm: Storm) -> Storm:
    """The storm with its phase, and its row locked until the transaction ends."""
    Storm.objects.select_for_update(of=("self",), no_key=True).get(pk=storm.pk)
    found: Storm = Storm.objects.with_phase().get(pk=storm.pk)
    return found


@dataclass
class _Table:
    """Who assesses what in a storm now, and who may not."""

    ideas: list[Idea]
    taken: dict[int, set[int]]
    """Idea → accounts that have it, with or without a conflict: nobody gets the same idea twice."""
    active: dict[int, set[int]]
    """Idea → accounts that assess it, or have."""
    load: Counter[int]
    """Account → ideas that it assesses in this storm, or has."""
    barred: dict[int, set[int]]

    @classmethod
    def of(cls, storm: Storm, ideas: Iterable[Idea], assessors: Iterable[User] = ()) -> _Table:
        """Read with the storm locked. Of `assessors`, those who work with the storm are barred from what has points."""
        chosen = list(ideas)
        keys = [idea.pk for idea in chosen]
        barred: dict[int, set[int]] = defaultdict(set)
        for pk, user in _insiders(storm, keys, assessors):
            barred[pk].add(user)
        for found in (leaders_of(keys), authors_of(keys)):
            for pk, users in found.items():
                barred[pk] |= users
        for pk, user in Conflict.objects.filter(idea__in=keys).values_list("idea", "assessor"):
            barred[pk].add(user)
        taken, active = defaultdict(set), defaultdict(set)
        load: Counter[int] = Counter()
        open_ones = Assignment.objects.standing().filter(idea__storm=storm)
        for pk, user in open_ones.values_list("idea", "assessor"):
            active[pk].add(user)
            load[user] += 1
        rows = Assignment.objects.filter(idea__in=keys, assessor__isnull=False)
        for pk, user in rows.values_list("idea", "assessor"):
            taken[pk].add(user)
        return cls(chosen, taken, active, load, barred)

    def may(self, user: int, idea: Idea) -> bool:
        """Whether this account may be given the idea."""
        return user not in self.taken[idea.pk] and user not in self.barred[idea.pk]

    def give(self, user: int, idea: Idea) -> Assignment:
        """Note it down, and what is to be stored."""
        self.taken[idea.pk].add(user)
        self.active[idea.pk].add(user)
        self.load[user] += 1
        return Assignment(idea=idea, assessor_id=user)


@dataclass(frozen=True)
class Assigned:
    """What came of distributing: how many were given, and the ideas that still lack assessors."""

    given: int
    lacking: list[Idea]


def assessable(storm: Storm) -> list[Idea]:
    """The ideas of a storm that are assessed: public ones that stand by themselves."""
    return list(Idea.objects.of_storm(storm).published().standing().order_by("pk"))


@transaction.atomic
def assign_evenly(*, storm: Storm, assessors: Collection[User], each: int, by: Visitor) -> Assigned:
    """Give every idea `each` assessors, and every assessor as many ideas as the others. Again: what is lacking."""
    storm = _may_assign(storm, by)
    table = _Table.of(storm, assessable(storm), assessors)
    users = [user.pk for user in assessors]
    new = []
    # Ideas with the fewest to choose from come first, so that they are not left without.
    for idea in sorted(table.ideas, key=lambda row: (sum(table.may(u, row) for u in users), row.pk)):
        while len(table.active[idea.pk]) < each:
            able = [user for user in users if table.may(user, idea)]
            if not able:
                break
            new.append(table.give(min(able, key=lambda user: (table.load[user], user)), idea))
    Assignment.objects.bulk_create(new)
    _tell_assessors(storm, new)
    return Assigned(len(new), [idea for idea in table.ideas if len(table.active[idea.pk]) < each])


@transaction.atomic
def assign_these(
    *, storm: Storm, assessors: Collection[User], ideas: Collection[int], by: Visitor
) -> Assigned:
    """Give all of these ideas to each of these assessors: by tag or by hand. `lacking`: where one was left out."""
    storm = _may_assign(storm, by)
    table = _Table.of(storm, [idea for idea in assessable(storm) if idea.pk in set(ideas)], assessors)
    pairs = [(user.pk, idea) for idea in table.ideas for user in assessors]
    left_out = {idea.pk for user, idea in pairs if user in table.barred[idea.pk]}
    new = [table.give(user, idea) for user, idea in pairs if table.may(user, idea)]
    Assignment.objects.bulk_create(new)
    _tell_assessors(storm, new)
    return Assigned(len(new), [idea for idea in table.ideas if idea.pk in left_out])


def _may_assign(storm: Storm, by: Visitor) -> Storm:
    locked = _locked(storm)
    if not can_assign(by, locked):
        raise TransitionError(_("Idéstormen er afsluttet, så ingen kan få flere ideer at vurdere."))
    return locked


@transaction.atomic
def take_back(*, assignment: Assignment, by: Visitor) -> bool:
    """Take an idea from an assessor who has not sent it. False when it was sent meanwhile, or is gone already."""
    _may_assign(assignment.idea.storm, by)
    row = Assignment.objects.select_for_update().filter(pk=assignment.pk, sent_at=None).first()
    if row is None:
        return False
    row.scores.all().delete()
    row.delete()
    return True


def save_points(*, assignment: Assignment, points: Iterable[Points], by: Visitor) -> None:
    """Keep what was given so far. Raises TransitionError when it was sent already, or the time is over."""
    _write(assignment, points, by, send=False)


def send_points(*, assignment: Assignment, points: Iterable[Points], by: Visitor) -> None:
    """Keep it and send it: from then on it stands. Raises TransitionError when a criterion lacks points."""
    _write(assignment, points, by, send=True)


def _write(assignment: Assignment, points: Iterable[Points], by: Visitor, *, send: bool) -> None:
    try:
        with transaction.atomic():
            # The storm first, as whoever distributes: else they and the rows of points wait for each other.
            storm = _locked(assignment.idea.storm)
            row = Assignment.objects.select_for_update(of=("self",)).filter(pk=assignment.pk).first()
            if row is None:
                raise TransitionError(GONE)
            idea = Idea.objects.get(pk=row.idea_id)
            idea.storm = storm
            if row.sent_at is not None:
                raise TransitionError(_("Du har allerede sendt din vurdering af ideen. Den står."))
            if not can_assess(by, idea):
                raise TransitionError(too_late(idea.storm))
            for given in points:
                Score.objects.update_or_create(
                    assignment=row, criterion_id=given.criterion,
                    defaults={"points": given.points, "note": given.note},
                )  # fmt: skip
            if send:
                Assignment.objects.filter(pk=row.pk, sent_at=None).update(sent_at=CoiNow())
    except IntegrityError as error:
        # The clock went on between the question and the write.
        said = str(error)
        if "assessment_is_whole" in said:
            raise TransitionError(_("Giv point efter alle kriterier, før du sender.")) from error
        if "assessment_in_time" in said or "assessor_is_impartial" in said:
            raise TransitionError(_("Vurderingen er lukket. Det, du skrev, er ikke gemt.")) from error
        raise


def too_late(storm: Storm) -> str:
    """Why it can't be assessed now."""
    if storm.phase == StormPhase.RESULTS:
        return _("Idéstormen er afsluttet, så den kan ikke vurderes mere.")
    if storm.phase != StormPhase.ASSESSMENT:
        return _("Du kan give point, når der er lukket for støtte.")
    return _("Du kan ikke vurdere ideen mere. Den er måske lagt sammen med en anden eller taget ned.")


@transaction.atomic
def declare_conflict(*, assignment: Assignment, note: str, by: User) -> Assignment | None:
    """Say that one is not impartial: the idea leaves one's list, draft points go, and it is assigned anew.

    Returns the new assignment; None when nobody else may have it, or it was said before. Raises TransitionError when
    the assessment was sent.
    """
    storm = _locked(assignment.idea.storm)
    row = Assignment.objects.select_for_update(of=("self",)).filter(pk=assignment.pk, assessor=by).first()
    if row is None:
        raise TransitionError(GONE)
    if row.sent_at is not None:
        raise TransitionError(_("Du har allerede sendt din vurdering af ideen. Den står."))
    if storm.phase == StormPhase.RESULTS:
        raise TransitionError(too_late(storm))
    kind = ConflictKind.LEADER if leads_author(by.pk, row.idea_id) else ConflictKind.DECLARED
    _conflict, is_new = Conflict.objects.get_or_create(
        idea_id=row.idea_id, assessor=by, defaults={"kind": kind, "note": note.strip()[:300]}
    )
    if not is_new:
        return None
    row.scores.all().delete()
    return _assign_anew(storm, Idea.objects.get(pk=row.idea_id))


def _assign_anew(storm: Storm, idea: Idea) -> Assignment | None:
    """Give the idea to whoever has least of those who assess here, but never to one who has seen others' points."""
    table = _Table.of(storm, [idea])
    here = Assignment.objects.standing().filter(idea__storm=storm).values("assessor")
    able = [
        user
        for user in User.objects.filter(pk__in=here, is_active=True)
        if table.may(user.pk, idea) and not _has_seen(user, storm)
    ]
    if not able:
        if not table.active[idea.pk]:
            _tell_distributors(storm, idea)
        return None
    user = min(able, key=lambda row: (table.load[row.pk], row.pk))
    new = table.give(user.pk, idea)
    new.save()
    _tell_assessors(storm, [new])
    return new


def _tell_assessors(storm: Storm, new: Iterable[Assignment]) -> None:
    """Tell each who got ideas, once for all of them. The ideas are not named: that is for the page to show."""
    load = Counter(row.assessor_id for row in new if row.assessor_id is not None)
    url = reverse("ideastorm:assessing", args=[storm.slug])
    for user in User.objects.filter(pk__in=load, is_active=True).order_by("pk"):
        given = load[user.pk]
        text = ngettext(
            "Du er bedt om at vurdere %(n)s idé i idéstormen »%(storm)s«.",
            "Du er bedt om at vurdere %(n)s ideer i idéstormen »%(storm)s«.",
            given,
        ) % {"n": given, "storm": storm.title}
        if storm.phase != StormPhase.ASSESSMENT:
            text += " " + _("Du kan give point, når der er lukket for støtte.")
        text += " " + _("Er du ikke upartisk, så sig det på ideens side. Så får en anden den.")
        subject = _("Ideer at vurdere i »%s«") % storm.title
        tell(to=user, event=Event.STORM, subject=subject, text=text, url=url)


def _tell_distributors(storm: Storm, idea: Idea) -> None:
    """Tell those who may distribute that nobody assesses an idea any more; not who said what of themselves."""
    subject = _("Ingen vurderer »%s«") % idea.title
    text = _(
        "Den, der skulle vurdere »%(idea)s« i idéstormen »%(storm)s«, er ikke upartisk, og ingen af de andre kan få "
        "ideen. Vælg en mere, der vurderer."
    ) % {"idea": idea.title, "storm": storm.title}
    url = reverse("ideastorm:assign", args=[storm.slug])
    for person in User.objects.filter(pk__in=[storm.answerer_id, storm.deputy_id], is_active=True).order_by(
        "pk"
    ):
        tell(to=person, event=Event.STORM, subject=subject, text=text, url=url)
    tell_staff(event=Event.STAFF, subject=subject, text=text, url=url)


def _insiders(storm: Storm, ideas: Collection[int], assessors: Iterable[User]) -> list[tuple[int, int]]:
    """Idea and account, of those who work with the whole storm, where points are sent: they can have read them, also by
    giving back what they had. Nothing says whether they did."""
    sent = set(Assignment.objects.sent().filter(idea__in=ideas).values_list("idea", flat=True))
    return (
        [(idea, user.pk) for user in assessors if _works_with(user, storm) for idea in sent] if sent else []
    )


def _works_with(user: User, storm: Storm) -> bool:
    visitor = Visitor(user)
    return visitor.is_editor or answers_for(visitor, storm)


def _has_seen(user: User, storm: Storm) -> bool:
    """Whether somebody who works with the whole storm has been let in to the points."""
    return _works_with(user, storm) and not is_blind(Visitor(user), storm)

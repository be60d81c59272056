"""Who may do what in a storm. Invisible is 404; visible but forbidden is 403.

Each predicate takes who asks (a Visitor) and a storm or idea. The storm must come from `with_phase()` (of an idea:
`idea.storm`), because only the database's clock knows the phase. tests/ideastorm/test_permissions.py holds the whole
table: action × role × phase × state of the idea.

                     phases                     who                                           idea
  give an idea       ideer (+ 10 min)           may take part                                 –
  support            ideer¹, stoette            may take part, not the author                 public, not merged
  comment            ideer, stoette             may take part, with an account                public, not merged
  edit               until support ends³        author, while nobody has supported it         open or public
  add                ideer, stoette             author, once somebody has                     public
  follow             all                        whoever has an account, not the author        public, not merged
  moderate           all                        editors                                       all
  merge              until it is finished       editors                                       public
  assign             until it is finished       editors, answerer and deputy                  –
  assess             vurdering                  assigned, without conflict, neither the       public
                                                author nor who leads them
  answer             from ideer on              answerer and deputy                           public, not merged
  finish             vurdering                  answerer and deputy, editors                  –
  discussed in MED   all                        answerer and deputy, of a workplace's own     –
  see counts         vurdering, resultater      all²; editors and those who answer always     –

  ¹ where the storm lets people support while ideas come in   ² not an assessor whose own is not sent
  ³ what the editors have not shown yet: until it is finished, so that their questions can be answered
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest

from accounts.models import User
from editorial import receipts
from editorial.choices import OPEN, State
from ideastorm import invitations
from ideastorm.assessing.leaders import authors_of, leads_author
from ideastorm.choices import COUNTED_PHASES, OPEN_PHASES, Access, StormPhase
from ideastorm.clock import GRACE
from ideastorm.models import Assignment, Conflict, Idea, Invitation, Storm
from places.permissions import Anyone, is_public_employee


@dataclass(frozen=True)
class Visitor:
    """Who asks: the account, if any, and what this browser has opened."""

    user: Anyone
    invitation: Invitation | None = None
    """The workplace's link that was opened here."""
    receipt_of: int | None = None
    """The content whose receipt is open here."""

    @classmethod
    def of(cls, request: HttpRequest, storm: Storm | None = None) -> Visitor:
        """Whoever sends this request."""
        receipt = receipts.current(request)
        invited = storm is not None and storm.access == Access.INVITED
        return cls(
            request.user,
            invitations.current(request, storm) if storm is not None and invited else None,
            receipt.content_id if receipt else None,
        )

    @property
    def account(self) -> User | None:
        """The account, if it is open."""
        user = self.user
        return user if isinstance(user, User) and user.is_active else None

    @cached_property
    def is_editor(self) -> bool:
        """Staff with the right to change ideas."""
        user = self.account
        return user is not None and user.is_staff and user.has_perm("ideastorm.change_idea")

    @cached_property
    def is_employee(self) -> bool:
        """Whether the account belongs to a public employee."""
        return self.account is not None and is_public_employee(self.account)


NOBODY = Visitor(AnonymousUser())


# -- reading ----------------------------------------------------------------


def can_edit_storm(visitor: Visitor) -> bool:
    """Staff with the right to change storms."""
    user = visitor.account
    return user is not None and user.is_staff and user.has_perm("ideastorm.change_storm")


def can_view_storm(visitor: Visitor, storm: Storm) -> bool:
    """Anyone reads a public storm; before, the editors, whoever set it up, and those who are to answer."""
    if storm.is_public or can_edit_storm(visitor):
        return True
    return visitor.account is not None and (
        visitor.account.pk == storm.author_id or answers_for(visitor, storm)
    )


def can_view_idea(visitor: Visitor, idea: Idea) -> bool:
    """Anyone reads a public idea in a public storm; editors and the author read theirs before, and what was hidden."""
    return (idea.is_public and idea.storm.is_public) or visitor.is_editor or is_author(visitor, idea)


def is_author(visitor: Visitor, idea: Idea) -> bool:
    """Whether the idea is the visitor's: by account, or by the receipt that is open."""
    if visitor.account is not None and idea.author_id == visitor.account.pk:
        return True
    return visitor.receipt_of is not None and visitor.receipt_of == idea.pk


# -- taking part ------------------------------------------------------------


def can_take_part(visitor: Visitor, storm: Storm) -> bool:
    """Whether the storm is for this visitor, whatever its phase."""
    if not storm.is_public:
        return False
    if storm.access == Access.ANYONE:
        return True
    if storm.access == Access.INVITED:
        return visitor.invitation is not None and visitor.invitation.storm_id == storm.pk
    if storm.access == Access.EMPLOYEES:
        return visitor.is_employee
    return visitor.account is not None


def can_give_idea(visitor: Visitor, storm: Storm, *, begun_at: dt.datetime | None = None) -> bool:
    """Whoever may take part, while it is open for ideas; and ten minutes more for who began before (`begun_at`)."""
    if not can_take_part(visitor, storm):
        return False
    return storm.phase == StormPhase.IDEAS or is_in_grace(storm, begun_at)


def is_in_grace(storm: Storm, begun_at: dt.datetime | None) -> bool:
    """Whether it has just closed, and this was begun while it was open."""
    if begun_at is None or not storm.opens_at <= begun_at < storm.closes_at or storm.finished_at:
        return False
    return storm.closes_at <= storm.now < storm.closes_at + GRACE


def can_support(visitor: Visitor, idea: Idea) -> bool:
    """Whoever may take part, but not the author."""
    storm = idea.storm
    phases = OPEN_PHASES if storm.support_while_open else (StormPhase.SUPPORT,)
    if storm.phase not in phases or not _stands(idea):
        return False
    return can_take_part(visitor, storm) and not is_author(visitor, idea)


def can_comment(visitor: Visitor, idea: Idea) -> bool:
    """Whoever may take part and has an account: a conversation needs somebody to answer."""
    if visitor.account is None or idea.storm.phase not in OPEN_PHASES or not _stands(idea):
        return False
    return can_take_part(visitor, idea.storm)


def can_edit_idea(visitor: Visitor, idea: Idea) -> bool:
    """Its author, until somebody has supported or commented it. Needs `with_activity()`."""
    return is_author(visitor, idea) and not idea.has_activity and is_open_to_edit(idea)


def is_open_to_edit(idea: Idea) -> bool:
    """Whether the phase lets an idea's text be changed: a public one's until support ends; while the editors have it,
    until the storm is finished."""
    if idea.state in OPEN:
        return idea.storm.phase in (*OPEN_PHASES, StormPhase.ASSESSMENT)
    return idea.storm.phase in OPEN_PHASES and _stands(idea)


def can_add_to_idea(visitor: Visitor, idea: Idea) -> bool:
    """Its author, once somebody has supported or commented it, while the storm is open. Needs `with_activity()`."""
    if not is_author(visitor, idea) or not idea.has_activity or idea.storm.phase not in OPEN_PHASES:
        return False
    return _stands(idea)


def can_follow(visitor: Visitor, thing: Storm | Idea) -> bool:
    """Whoever has an account, what anyone may read; an idea's author is told of it anyway."""
    if visitor.account is None or not thing.is_public:
        return False
    return isinstance(thing, Storm) or (_stands(thing) and thing.author_id != visitor.account.pk)


# -- moderating -------------------------------------------------------------


def can_moderate(visitor: Visitor, storm: Storm) -> bool:
    """Editors: hide, take down, raise comments to ideas."""
    return visitor.is_editor


def can_merge(visitor: Visitor, storm: Storm) -> bool:
    """Editors, until the storm is finished."""
    return visitor.is_editor and storm.phase != StormPhase.RESULTS


# -- assessing --------------------------------------------------------------


def can_assign(visitor: Visitor, storm: Storm) -> bool:
    """Editors and those who answer, until the storm is finished."""
    return (visitor.is_editor or answers_for(visitor, storm)) and storm.phase != StormPhase.RESULTS


def can_assess(visitor: Visitor, idea: Idea) -> bool:
    """Those it was given to, while it is being assessed, unless they wrote it, lead who did, or have a conflict."""
    user = visitor.account
    if user is None or idea.storm.phase != StormPhase.ASSESSMENT or not _stands(idea):
        return False
    if (
        user.pk in authors_of([idea.pk]).get(idea.pk, ())
        or Conflict.objects.filter(idea=idea, assessor=user).exists()
    ):
        return False
    assigned = Assignment.objects.filter(idea=idea, assessor=user, sent_at=None).exists()
    return assigned and not leads_author(user.pk, idea.pk)


def is_blind(visitor: Visitor, storm: Storm) -> bool:
    """Whether the visitor has something left to assess here: they see neither authors nor counts nor others' points."""
    user = visitor.account
    if user is None or storm.phase == StormPhase.RESULTS:
        return False
    mine = Assignment.objects.active().filter(idea__storm=storm, assessor=user, sent_at=None)
    return mine.filter(idea__merged_into=None, idea__state=State.PUBLISHED).exists()


def can_see_scores(visitor: Visitor, storm: Storm) -> bool:
    """Editors, those who answer, and assessors who have sent all of theirs; nobody who is still to assess here."""
    user = visitor.account
    if user is None or is_blind(visitor, storm):
        return False
    if visitor.is_editor or answers_for(visitor, storm):
        return True
    return Assignment.objects.sent().filter(idea__storm=storm, assessor=user).exists()


def can_see_authors(visitor: Visitor, storm: Storm) -> bool:
    """Everybody sees what authors chose to show, but those who are to assess here."""
    return not is_blind(visitor, storm)


def can_see_counts(visitor: Visitor, storm: Storm) -> bool:
    """How many support each idea: everybody when support has closed; before, those who work with the storm."""
    if is_blind(visitor, storm):
        return False
    return storm.phase in COUNTED_PHASES or visitor.is_editor or answers_for(visitor, storm)


# -- answering --------------------------------------------------------------


def answers_for(visitor: Visitor, storm: Storm) -> bool:
    """Whether the visitor is the one who answers, or their deputy."""
    user = visitor.account
    return user is not None and user.pk in (storm.answerer_id, storm.deputy_id)


def can_answer(visitor: Visitor, idea: Idea) -> bool:
    """Whoever owns the question answers; the editors do not. From the moment it opens, and again later."""
    if idea.storm.phase == StormPhase.ANNOUNCED or not _stands(idea):
        return False
    return answers_for(visitor, idea.storm) and idea.storm.is_public


def can_give_news(visitor: Visitor, idea: Idea) -> bool:
    """What happened later: those who answer, and the editors, of an idea that has been answered."""
    if not _stands(idea) or not idea.answers.exists():
        return False
    return visitor.is_editor or answers_for(visitor, idea.storm)


def can_finish(visitor: Visitor, storm: Storm) -> bool:
    """Those who answer, and the editors, while it is being assessed. That all is answered is the database's rule."""
    if storm.phase != StormPhase.ASSESSMENT or not storm.is_public:
        return False
    return visitor.is_editor or answers_for(visitor, storm)


def can_discuss(visitor: Visitor, storm: Storm) -> bool:
    """Those who answer write when a workplace discussed its own storm in MED or SU."""
    return answers_for(visitor, storm) and storm.is_a_workplaces_own


def _stands(idea: Idea) -> bool:
    """Whether an idea is public in a public storm and has not been merged into another."""
    return idea.state == State.PUBLISHED and idea.merged_into_id is None and idea.storm.is_public

"""Asking a leader, and what the answer does. Each is atomic; two at once wait for each other on the thing asked about.

A thing has at most one question that is not answered. The link's code is worked out from the question's key, so that a
reminder carries the same link; it works until somebody has answered, at most LIFE days.
"""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from editorial.clock import CoiNow, coi_now
from editorial.models import Content
from editorial.models.querysets import TransitionError
from places.models import Role
from places.permissions import has_role
from practicum.approving import letters
from practicum.approving.addresses import leaders_address
from practicum.approving.facts import Facts, Thing, has_yes, is_current, missing_yes
from practicum.choices import Answer
from practicum.models import Application, LeaderApproval, Offer

LIFE = 21
"""Days that a link holds."""
SAME = 10
"""Minutes in which the same question to the same address is one."""
MOST_HANDS = 5
"""Leaders that one question passes through."""


class AlreadyAnsweredError(TransitionError):
    """Somebody has answered meanwhile, in another tab or from a forwarded mail. `approval` is as it is now."""

    def __init__(self, approval: LeaderApproval) -> None:
        self.approval = approval
        super().__init__(_("Spørgsmålet er allerede besvaret. Dit svar er ikke gemt."))


class NoLongerAskedError(TransitionError):
    """The question is gone: taken back, asked anew, or about what has changed since."""

    def __init__(self) -> None:
        super().__init__(_("Spørgsmålet er trukket tilbage eller ændret, siden du åbnede siden."))


def lock(thing: Thing) -> Thing:
    """The thing as it is now, with its row locked: everything about its leader's answer happens one at a time."""
    if isinstance(thing, Application):
        return (
            Application.objects.select_for_update(of=("self",))
            .select_related("guest", "workplace")
            .get(pk=thing.pk)
        )
    # The content row first, as whoever decides or takes the page down does.
    Content.objects.select_for_update(of=("self",)).values_list("pk", flat=True).get(pk=thing.pk)
    return Offer.objects.select_related("owner", "author", "round").get(pk=thing.pk)


def thing_of(approval: LeaderApproval) -> Thing:
    """What a question is about."""
    thing = approval.offer or approval.application
    assert thing is not None
    return thing


@transaction.atomic
def ask_leader(
    thing: Thing, email: str, *, by: User | None = None, facts: Facts | None = None
) -> LeaderApproval:
    """Mail a leader of the host, or of the guest's workplace, a link to say yes or no with. `by` is who asks, unless
    it is whoever wrote the thing; `facts` what is asked about, unless it is the thing as it is.

    Asking again replaces the question that was not answered: its link stops working. Asking the same of the same
    address within SAME minutes, as a double click does, leaves the one question and sends nothing. Raises
    ValidationError for an address that is not at the workplace, or is the asker's own, and when the leader has said yes
    to it already.
    """
    thing = lock(thing)
    email = leaders_address(thing, email, by=by)
    facts = facts or Facts.of(thing)
    if isinstance(thing, Offer) and has_yes(thing, facts):
        raise ValidationError(_("Lederen har allerede sagt ja."))
    if isinstance(thing, Application) and LeaderApproval.objects.say_yes_to_application(thing).exists():
        raise ValidationError(_("Lederen har allerede sagt ja."))
    open_now = thing.approvals.filter(answer="")
    since = coi_now() - dt.timedelta(minutes=SAME)
    just_asked = open_now.open().filter(email=email, asked_at__gt=since, **facts.columns).first()
    if just_asked is not None:
        return just_asked
    open_now.delete()
    approval = _new(thing, email, facts)
    letters.ask(approval, by=by)
    return approval


def _new(thing: Thing, email: str, facts: Facts, **fields: object) -> LeaderApproval:
    moment = coi_now()
    which = {"offer": thing} if isinstance(thing, Offer) else {"application": thing}
    return LeaderApproval.objects.create(
        email=email,
        asked_at=moment,
        expires_at=moment + dt.timedelta(days=LIFE),
        **which,
        **facts.columns,
        **fields,
    )


@transaction.atomic
def ask_about_offer(*, offer: Offer, email: str, by: User) -> LeaderApproval | None:
    """Ask about what nobody has said yes to yet of a place, or of a change of it that is sent; None when nothing is
    missing. A leader of the workplace who offers it themself has said yes by sending it. Raises as `ask_leader`.
    """
    locked = lock(offer)
    assert isinstance(locked, Offer)
    facts = missing_yes(locked)
    if facts is None:
        return None
    if is_own_leader(by, locked):
        return _own_yes(locked, facts, by)
    return ask_leader(locked, email, by=by, facts=facts)


def is_own_leader(user: User, offer: Offer) -> bool:
    """Whether the user leads the workplace that offers the place, and so need not ask anybody."""
    return offer.owner is not None and has_role(user, offer.owner, Role.LEADER)


def _own_yes(offer: Offer, facts: Facts, by: User) -> LeaderApproval:
    offer.approvals.filter(answer="").delete()
    moment = coi_now()
    return LeaderApproval.objects.create(
        offer=offer, email=by.email, asked_at=moment, expires_at=moment + dt.timedelta(days=LIFE), answer=Answer.YES,
        answered_at=moment, answered_by_name=str(by)[:80], **facts.columns,
    )  # fmt: skip


def last_asked(offer: Offer) -> str:
    """The address of the leader who said yes last, else of whom was asked last: asked first when something changes."""
    rows = offer.approvals.exclude(answer=Answer.DELEGATED).order_by("-asked_at", "-pk")
    yes = rows.filter(answer=Answer.YES).values_list("email", flat=True).first()
    return yes or rows.values_list("email", flat=True).first() or ""


# -- the answer ---------------------------------------------------------------


def _taken(approval: LeaderApproval, answer: str, *, name: str, reason: str = "") -> LeaderApproval:
    """The question as answered. Raises when it is answered already, has expired, or is not asked any more. Call in a
    transaction."""
    lock(thing_of(approval))
    now = LeaderApproval.objects.select_related("offer", "application").filter(pk=approval.pk).first()
    if now is None:
        raise NoLongerAskedError
    if now.answer:
        raise AlreadyAnsweredError(now)
    if not is_current(now):
        raise NoLongerAskedError
    rows = LeaderApproval.objects.open().filter(pk=now.pk)
    if not rows.update(
        answer=answer,
        answered_at=CoiNow(),
        answered_by_name=" ".join(name.split())[:80],
        reason=reason.strip(),
    ):
        raise NoLongerAskedError
    now.refresh_from_db()
    return now


@transaction.atomic
def say_yes(*, approval: LeaderApproval, name: str) -> LeaderApproval:
    """The leader says yes; hosts see the application from now on, and the place can be shown once the editors have read
    it. Raises AlreadyAnsweredError, NoLongerAskedError.
    """
    approval = _taken(approval, Answer.YES, name=name)
    thing = thing_of(approval)
    if isinstance(thing, Application) and not thing.leader_said_yes():
        raise NoLongerAskedError
    letters.tell_yes(approval)
    return approval


@transaction.atomic
def say_no(*, approval: LeaderApproval, name: str, reason: str) -> LeaderApproval:
    """The leader says no, with the reason that whoever asked is told. Raises as `say_yes`."""
    if not reason.strip():
        raise ValidationError(_("Skriv, hvorfor det ikke kan lade sig gøre."))
    approval = _taken(approval, Answer.NO, name=name, reason=reason)
    thing = thing_of(approval)
    if isinstance(thing, Application) and not thing.leader_said_no(approval.reason):
        raise NoLongerAskedError
    letters.tell_no(approval)
    return approval


@transaction.atomic
def delegate(*, approval: LeaderApproval, name: str, email: str) -> LeaderApproval:
    """Pass the question on to another leader at the workplace, who gets a link of their own; the first link is used.

    Raises ValidationError for an address that can't be asked or has had the question before, and as `say_yes`.
    """
    thing = lock(thing_of(approval))
    email = leaders_address(thing, email, by=None)
    had, before = [approval.email], approval
    while before.delegated_from is not None:
        before = before.delegated_from
        had.append(before.email)
    if email in had:
        raise ValidationError(_("Adressen har fået spørgsmålet før. Skriv en andens."))
    if len(had) >= MOST_HANDS:
        raise ValidationError(_("Spørgsmålet er sendt videre mange gange. Svar ja eller nej."))
    approval = _taken(approval, Answer.DELEGATED, name=name)
    passed = _new(thing, email, Facts.asked(approval), delegated_from=approval)
    letters.ask(passed, by=None)
    letters.tell_delegated(approval)
    return passed

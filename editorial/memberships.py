"""Roles at workplaces, with those who are to be told: places.memberships does it, this layer tells and queues.

What only staff can answer waits in the queue; what a colleague can answer is told to them and waits there too, so that
whoever comes first answers.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from editorial.choices import Outcome, QueueKind
from editorial.handlers import Handler, Told, filled, register
from editorial.models import QueueItem
from editorial.submitting import enqueue
from notices.bounces import on_bounce
from notices.sending import tell, tell_staff
from places import memberships
from places.models import Membership, MembershipState, RoleChange, Workplace
from places.permissions import contacts_of, domain_rows

What = RoleChange.What


class MembershipHandler(Handler):
    """A role that somebody asks for."""

    outcomes = (Outcome.APPROVED, Outcome.REJECTED)
    approve_label = gettext_lazy("Godkend rollen")
    event = "arbejdsplads"

    @staticmethod
    def _role(item: QueueItem) -> Membership:
        assert item.membership is not None
        return item.membership

    def approve(self, item: QueueItem, *, by: User, reason: str, force: bool) -> None:
        """See places.memberships.approve."""
        memberships.approve(membership=self._role(item), by=by, reason=reason)

    def reject(self, item: QueueItem, *, by: User, reason: str) -> None:
        """See places.memberships.decline."""
        memberships.decline(membership=self._role(item), by=by, reason=reason)

    def said(self, item: QueueItem) -> list[tuple[str, str]]:
        """Who asks, and why they may speak for the workplace. Whoever answers must see how we know them."""
        role = self._role(item)
        known = domain_rows(role.user).filter(workplace=role.workplace).exists()
        address = _("%s (arbejdspladsens domæne, bekræftet)") if known else "%s"
        return filled(
            (_("Rolle"), role.get_role_display()),
            (_("Arbejdsplads"), role.workplace),
            (_("Person"), role.user.name),
            (_("Mailadresse"), address % role.user.email),
            (_("Stilling"), role.title),
            (_("Begrundelse"), role.note),
            (_("Grundlag"), role.get_basis_display() if role.basis else ""),
        )

    def told(self, item: QueueItem, outcome: str, reason: str) -> Told:
        """Whether the role holds."""
        return told_of_answer(self._role(item), approved=outcome == Outcome.APPROVED, reason=reason)


def told_of_answer(membership: Membership, *, approved: bool, reason: str) -> Told:
    """What somebody who asked for a role is told, whoever answered."""
    names = {"role": membership.get_role_display().lower(), "workplace": membership.workplace.name}
    if approved:
        text = _("Du er nu %(role)s på %(workplace)s her på portalen.") % names
        subject = _("Du er godkendt som %(role)s på %(workplace)s") % names
    else:
        text = _("Vi kan ikke godkende dig som %(role)s på %(workplace)s.") % names
        subject = _("Svar om din rolle på %(workplace)s") % names
    return Told(subject, f"{text}\n\n{reason}" if reason else text, reverse("editorial:workplaces"))


@transaction.atomic
def ask_role(*, user: User, workplace: Workplace, role: str, title: str = "", note: str = "") -> Membership:
    """Ask for a role, and let those who can answer know; asking twice gives the one row. Errors as memberships.ask."""
    membership = memberships.ask(user=user, workplace=workplace, role=role, title=title, note=note)
    waits = QueueItem.objects.filter(membership=membership, decided_at__isnull=True).exists()
    if membership.state != MembershipState.WAITING or waits:
        return membership
    names = {
        "who": user.name or _("En uden navn"),
        "role": membership.get_role_display().lower(),
        "workplace": workplace.name,
    }
    enqueue(
        kind=QueueKind.MEMBERSHIP, title=_("%(who)s vil være %(role)s på %(workplace)s") % names, sender=user,
        workplace=workplace, membership=membership, text=note,
    )  # fmt: skip
    for contact in contacts_of(workplace).exclude(pk=user.pk):
        tell(
            to=contact,
            event="arbejdsplads",
            subject=_("%(who)s vil være %(role)s på %(workplace)s") % names,
            text=_("Kender du %(who)s, kan du svare. Ellers gør redaktionen det.") % names,
            url=reverse("editorial:people", args=[workplace.slug]),
        )
    return membership


@transaction.atomic
def answer_role(*, membership: Membership, by: User, approved: bool, reason: str = "") -> None:
    """A colleague's answer; what waits in the queue is closed with it. Raises MembershipError."""
    if approved:
        memberships.approve(membership=membership, by=by, reason=reason)
    else:
        memberships.decline(membership=membership, by=by, reason=reason)
    _close(membership, Outcome.APPROVED if approved else Outcome.REJECTED, by)
    told = told_of_answer(membership, approved=approved, reason=reason)
    tell(to=membership.user, event="arbejdsplads", subject=told.subject, text=told.text, url=told.url)


@transaction.atomic
def take_vouch(*, token: str, user: User) -> Membership:
    """Become what a colleague vouches for; what the user had asked for is answered with it. Errors as use_vouch."""
    by = memberships.find_vouch(token).made_by
    membership = memberships.use_vouch(token=token, user=user)
    _close(membership, Outcome.APPROVED, by)
    return membership


@transaction.atomic
def close_ended(*, workplace: Workplace, by: User | None) -> int:
    """After a merge: close what waits in the queue for roles at `workplace` that no longer wait. Returns how many."""
    waiting = QueueItem.objects.filter(membership__workplace=workplace, decided_at__isnull=True)
    items = waiting.exclude(membership__state=MembershipState.WAITING).select_related("membership")
    roles = [item.membership for item in items if item.membership is not None]
    for membership in roles:
        _close(membership, Outcome.WITHDRAWN, by)
    return len(roles)


def _close(membership: Membership, outcome: str, by: User | None) -> None:
    waiting = QueueItem.objects.filter(membership=membership, decided_at__isnull=True)
    waiting.update(
        decided_at=Now(),
        decided_by_key=by.key if by else None,
        outcome=outcome,
        claimed_by=None,
        claimed_at=None,
    )


@transaction.atomic
def leave_role(*, membership: Membership, by: User) -> None:
    """End one's own role at once. Raises MembershipError."""
    outcome = memberships.leave(membership=membership, by=by)
    _close(membership, Outcome.WITHDRAWN, by)
    _alert(outcome)


@transaction.atomic
def remove_role(*, membership: Membership, by: User, reason: str) -> None:
    """End a colleague's role at once, and tell them why. Raises MembershipError."""
    outcome = memberships.remove(membership=membership, by=by, reason=reason)
    _tell_removed(membership, reason)
    _alert(outcome)


def _tell_removed(membership: Membership, reason: str) -> None:
    names = {"role": membership.get_role_display().lower(), "workplace": membership.workplace.name}
    tell(
        to=membership.user,
        event="arbejdsplads",
        subject=_("Du er ikke længere %(role)s på %(workplace)s") % names,
        text=_("Din rolle som %(role)s på %(workplace)s er ophørt her på portalen.\n\n%(reason)s")
        % {**names, "reason": reason},
        url=reverse("editorial:workplaces"),
    )


@transaction.atomic
def told_by_staff(*, outcome: memberships.Outcome, what: str, by: User, reason: str) -> None:
    """After what staff did to a role in admin: close what waits in the queue, and tell the person.

    Whether somebody is trusted is staff's own matter and told to nobody.
    """
    membership = outcome.membership
    names = {"role": membership.get_role_display().lower(), "workplace": membership.workplace.name}
    if what in (What.APPROVED, What.DECLINED):
        approved = what == What.APPROVED
        _close(membership, Outcome.APPROVED if approved else Outcome.REJECTED, by)
        told = told_of_answer(membership, approved=approved, reason=reason)
        tell(to=membership.user, event="arbejdsplads", subject=told.subject, text=told.text, url=told.url)
    elif what == What.REMOVED:
        _tell_removed(membership, reason)
    elif what in (What.SUSPENDED, What.RESUMED):
        if what == What.SUSPENDED:
            subject = _("Din rolle på %(workplace)s er sat på pause") % names
            text = (
                _("Du kan ikke tale for %(workplace)s, så længe din rolle som %(role)s er på pause.") % names
            )
        else:
            subject = _("Din rolle på %(workplace)s gælder igen") % names
            text = _("Du er igen %(role)s på %(workplace)s her på portalen.") % names
        tell(
            to=membership.user,
            event="arbejdsplads",
            subject=subject,
            text=f"{text}\n\n{reason}" if reason else text,
            url=reverse("editorial:workplaces"),
        )
    _alert(outcome)


def _alert(*outcomes: memberships.Outcome) -> None:
    """Tell staff of each workplace that has just lost its last contact person."""
    for workplace in {o.membership.workplace for o in outcomes if o.workplace_left_alone}:
        tell_staff(
            event="redaktion",
            subject=_("%s har ingen kontaktperson mere") % workplace.name,
            text=_(
                "Find en ny kontaktperson. Imens går beskeder til arbejdspladsens fællespostkasse, hvis den har en."
            ),
            url=workplace.get_absolute_url(),
        )


@transaction.atomic
def suspend_bounced(address: str) -> None:
    """Mail to an address comes back: its owner's contact roles are paused at once."""
    _alert(*memberships.bounced(address=address))


@transaction.atomic
def check_yearly() -> tuple[int, int]:
    """Ask contact persons whose year is over, and pause those who did not answer. Returns how many were asked, paused.

    Safe to run again: each is asked once a year, and paused once.
    """
    asked = 0
    due: Any = memberships.due_for_confirmation()
    for membership in due[:500]:
        if not memberships.note_asked(membership=membership):
            continue
        asked += 1
        tell(
            to=membership.user,
            event="arbejdsplads",
            subject=_("Er du stadig kontaktperson for %s?") % membership.workplace.name,
            text=_(
                "Det er et år siden, du sidst sagde, at du taler for %(workplace)s. Sig til, om det stadig passer. "
                "Hører vi ikke fra dig inden for %(days)s dage, sætter vi rollen på pause."
            )
            % {"workplace": membership.workplace.name, "days": memberships.GRACE.days},
            url=reverse("editorial:workplaces"),
        )
    paused = memberships.suspend_unconfirmed()
    _alert(*paused)
    return asked, len(paused)


def begin() -> None:
    """Say what the queue does with roles, and who listens for mail that comes back; called once, by the app's ready."""
    register(QueueKind.MEMBERSHIP, MembershipHandler())
    on_bounce(suspend_bounced)

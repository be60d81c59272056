"""Who is a public employee, and who may speak for which workplace.

Only an active membership of somebody whose account is open gives a right, and only over that workplace: not over those
that lie under it. What works on lists takes and gives querysets.
"""

from __future__ import annotations

from typing import TypeAlias

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.addresses import verified_domains
from accounts.models import User
from places.choices import Sector
from places.models import Membership, MembershipState, Role, Workplace, WorkplaceDomain
from places.models.membership import MembershipQuerySet

Anyone: TypeAlias = User | AnonymousUser

NOT_PUBLIC = (Sector.PRIVATE, Sector.CIVIL_SOCIETY)
"""Who works in these sectors may have a role at a workplace, but is no public employee by it."""


def domains_above(domain: str) -> list[str]:
    """The domain and those it lies under, label by label: `a.b.dk` gives itself and `b.dk`; never `dk` alone.

    Whole labels are compared, so `ondkommune.dk` does not lie under `kommune.dk`. A subdomain counts, because only
    who has the domain can make one.
    """
    labels = domain.lower().split(".")
    return [".".join(labels[start:]) for start in range(len(labels) - 1)]


def domain_rows(user: Anyone) -> QuerySet[WorkplaceDomain]:
    """The domains of workplaces that the user's verified addresses lie in.

    Not of closed workplaces: nobody watches over a domain that has been given up, and anyone may buy it.
    """
    if not (user.is_authenticated and user.is_active):
        return WorkplaceDomain.objects.none()
    names = {name for domain in verified_domains(user) for name in domains_above(domain)}
    if not names:
        return WorkplaceDomain.objects.none()
    return WorkplaceDomain.objects.filter(domain__in=names, workplace__closed_on__isnull=True)


def memberships_of(user: Anyone) -> MembershipQuerySet:
    """The memberships that give the user rights now."""
    if not (user.is_authenticated and user.is_active):
        return Membership.objects.none()
    return Membership.objects.active().filter(user=user)


def is_public_employee(user: Anyone) -> bool:
    """Whether the user works in the public sector: by a verified address at a workplace, or by an active membership.

    A shared domain proves the sector and no particular workplace. Private firms and civil society don't count.
    """
    if memberships_of(user).exclude(workplace__sector__in=NOT_PUBLIC).exists():
        return True
    return domain_rows(user).exclude(workplace__sector__in=NOT_PUBLIC).exists()


def workplaces_of(user: Anyone) -> QuerySet[Workplace]:
    """The workplaces the user is contact person of."""
    return Workplace.objects.filter(pk__in=memberships_of(user).contacts().values("workplace"))


def employers_of(user: Anyone) -> QuerySet[Workplace]:
    """The workplaces where the user has any active membership."""
    return Workplace.objects.filter(pk__in=memberships_of(user).values("workplace"))


def has_role(user: Anyone, workplace: Workplace, *roles: str) -> bool:
    """Whether the user has one of these roles at this very workplace now."""
    return memberships_of(user).filter(workplace=workplace, role__in=roles).exists()


def speaks_for(user: Anyone, workplace: Workplace) -> bool:
    """Whether the user is a contact person of the workplace."""
    return has_role(user, workplace, Role.CONTACT)


def contacts_of(workplace: Workplace) -> QuerySet[User]:
    """The contact persons of a workplace, longest-serving first."""
    return User.objects.filter(
        is_active=True,
        memberships__workplace=workplace,
        memberships__role=Role.CONTACT,
        memberships__state=MembershipState.ACTIVE,
    ).order_by("memberships__approved_at", "pk")


def is_trusted(user: Anyone, workplace: Workplace) -> bool:
    """Whether staff have marked the user as a trusted contact person of the workplace."""
    return memberships_of(user).filter(workplace=workplace, role=Role.CONTACT, trusted=True).exists()


def can_vouch(user: Anyone, workplace: Workplace) -> bool:
    """Contact persons and leaders may vouch for colleagues."""
    return has_role(user, workplace, Role.CONTACT, Role.LEADER)


def decides_roles(user: Anyone) -> bool:
    """Staff with the right to change memberships."""
    return user.is_active and user.is_staff and user.has_perm("places.change_membership")


APPROVERS: dict[str, tuple[str, ...]] = {
    Role.EMPLOYEE: (Role.CONTACT, Role.LEADER),
    Role.LEADER: (Role.CONTACT,),
    Role.CONTACT: (Role.CONTACT,),
}
"""Role → the roles at the same workplace that may approve, decline or (contact persons only) remove it.

A workplace's first contact person therefore always waits for staff: nobody else there can approve one.
"""


def can_approve(user: Anyone, membership: Membership) -> bool:
    """Staff, or those of the same workplace that APPROVERS names. Nobody answers their own."""
    if membership.user_id == user.pk:
        return False
    return decides_roles(user) or has_role(user, membership.workplace, *APPROVERS[membership.role])


def can_remove(user: Anyone, membership: Membership) -> bool:
    """Staff, or a contact person of the same workplace. One's own role one leaves."""
    if membership.user_id == user.pk:
        return False
    return decides_roles(user) or speaks_for(user, membership.workplace)


def waiting_for(user: Anyone) -> QuerySet[Membership]:
    """The memberships that wait and that the user may answer as a colleague (staff see theirs in admin)."""
    if not user.is_authenticated:
        return Membership.objects.none()
    mine = memberships_of(user)
    as_contact = mine.filter(role=Role.CONTACT).values("workplace")
    as_leader = mine.filter(role=Role.LEADER).values("workplace")
    waiting = Membership.objects.waiting().filter(user__is_active=True)
    allowed = waiting.filter(workplace__in=as_contact) | waiting.filter(
        workplace__in=as_leader, role=Role.EMPLOYEE
    )
    return allowed.exclude(user=user).with_names()

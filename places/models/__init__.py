"""Regions, municipalities and workplaces. This app knows no content."""

from places.models.boundary import Boundary
from places.models.geography import Municipality, MunicipalityRegion, Region
from places.models.membership import (
    Basis,
    Membership,
    MembershipState,
    Pause,
    Role,
    RoleChange,
    Vouch,
)
from places.models.workplace import (
    Succession,
    Workplace,
    WorkplaceAlias,
    WorkplaceDomain,
    WorkplacePeriod,
    WorkplaceSlug,
)

__all__ = [
    "Basis",
    "Boundary",
    "Membership",
    "MembershipState",
    "Municipality",
    "MunicipalityRegion",
    "Pause",
    "Region",
    "Role",
    "RoleChange",
    "Succession",
    "Vouch",
    "Workplace",
    "WorkplaceAlias",
    "WorkplaceDomain",
    "WorkplacePeriod",
    "WorkplaceSlug",
]

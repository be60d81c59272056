"""Regions, municipalities and workplaces. This app knows no content."""

from places.models.geography import Municipality, MunicipalityRegion, Region
from places.models.workplace import (
    Succession,
    Workplace,
    WorkplaceAlias,
    WorkplaceDomain,
    WorkplacePeriod,
    WorkplaceSlug,
)

__all__ = [
    "Municipality",
    "MunicipalityRegion",
    "Region",
    "Succession",
    "Workplace",
    "WorkplaceAlias",
    "WorkplaceDomain",
    "WorkplacePeriod",
    "WorkplaceSlug",
]

"""The innovation landscape: what is being tried, and who works with innovation."""

from mapping.models.project import Project, ProjectQuerySet
from mapping.models.unit import Unit, UnitQuerySet

__all__ = ["Project", "ProjectQuerySet", "Unit", "UnitQuerySet"]

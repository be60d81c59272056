"""Where else on the portal the same thing stands, or what came of it: links that pages show both ways."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from editorial.models import Content
from mapping.models import Project, Unit
from places.models import Workplace


@dataclass(frozen=True)
class Other:
    """Another page about it."""

    kind: str
    label: str
    title: str
    url: str


def elsewhere(content: Project | Unit) -> list[Other]:
    """The pages that a project or unit names; those that anyone may read. At most one query."""
    wanted = content.example_id if isinstance(content, Project) else content.same_entry_id
    rows: list[Content | Workplace] = list(Content.objects.readable().filter(pk=wanted)) if wanted else []
    if isinstance(content, Unit) and content.same_workplace:
        rows.append(content.same_workplace)
    return [_other(row) for row in rows]


def _other(row: Content | Workplace) -> Other:
    if isinstance(row, Workplace):
        return Other("arbejdsplads", _("Arbejdsplads"), row.name, row.get_absolute_url())
    return Other(row.kind, row.get_kind_display(), row.title, row.get_absolute_url())

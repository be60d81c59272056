"""What a workplace's page shows: what it has on the portal, and what its own people are told about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from editorial import workplace_pages
from editorial.choices import Kind
from editorial.models import Content
from editorial.reading import PageRead, read_pages, sought_words
from editorial.workplace_pages import ToDo
from mapping.permissions import can_see_own
from places.models import Workplace

AT_MOST = 100
"""Content rows that the page shows; the rest are found in the lists."""
OWN_GROUPS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("projekter", _("Det prøver de af"), (Kind.PROJECT,)),
    ("enheder", _("Innovationsenheder"), (Kind.UNIT,)),
    ("historier", _("Gode historier fra borgere"), (Kind.STORY,)),
)
"""Anchor, heading and kinds; what is in none of them is »Det har de delt«, and comes first."""


@dataclass(frozen=True)
class Group:
    """Some of the workplace's content under one heading."""

    anchor: str
    title: str
    rows: list[Content]


@dataclass(frozen=True)
class Own:
    """What those who speak for the workplace see of it."""

    read: list[PageRead]
    sought: list[tuple[str, int]]
    to_do: list[ToDo]

    @property
    def times(self) -> int:
        """How many times its pages were opened in the last four weeks."""
        return sum(page.times for page in self.read)


def groups(workplace: Workplace) -> list[Group]:
    """What the workplace owns, by what it is. One query, and what its cards need. Practicum places have a panel."""
    owned = Content.objects.published().with_card().filter(owner=workplace).exclude(kind=Kind.OFFER)
    rows = list(owned[:AT_MOST])
    named = {kind for _anchor, _title, kinds in OWN_GROUPS for kind in kinds}
    found = [Group("delt", str(_("Det har de delt")), [row for row in rows if row.kind not in named])]
    for anchor, title, kinds in OWN_GROUPS:
        found.append(Group(anchor, str(title), [row for row in rows if row.kind in kinds]))
    return [group for group in found if group.rows]


def takes_part(workplace: Workplace) -> list[Content]:
    """What others own and the workplace takes part in."""
    rows = Content.objects.published().with_card().filter(participants=workplace).exclude(owner=workplace)
    return list(rows[:AT_MOST])


def own(user: User | AnonymousUser, workplace: Workplace) -> Own | None:
    """What its own people and the editors see; None for everybody else."""
    if not can_see_own(user, workplace):
        return None
    return Own(read_pages(workplace), sought_words(workplace), workplace_pages.to_do(workplace))

"""Entries as what can be proposed: the six types with their steps, questions and rows."""

from __future__ import annotations

from catalogue.choices import KINDS
from catalogue.models import Entry
from catalogue.proposals import rows, steps
from catalogue.proposals.fields import ASKED, BRIEF, FIELDS
from catalogue.views import previewed_page
from editorial.choices import Kind
from editorial.proposals.fields import needed_subject_areas
from editorial.proposals.kinds import PROPOSED, Alike, ProposalKind, Writing, alike_by_title
from editorial.proposals.rows import SORTS


def register() -> None:
    """Say how each type is proposed."""
    for kind in KINDS:
        PROPOSED[kind] = ProposalKind(
            area="catalogue", model=Entry, steps=steps.STEPS[kind], pieces=steps.PIECES[kind], edit="catalogue:edit",
            withdrawal="catalogue:ask_withdrawal", called=steps.CALLED[kind], about=steps.ABOUT[kind],
            page=previewed_page, alike=_alike, asked=ASKED, brief=BRIEF, check=steps.check,
            fields=FIELDS | ({"subject_areas": needed_subject_areas} if kind == Kind.EXAMPLE else {}),
        )  # fmt: skip
    SORTS.update(rows.SORTS)


def _alike(writing: Writing) -> list[Alike]:
    return alike_by_title(writing, KINDS)

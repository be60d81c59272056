"""Projects and innovation units as what can be proposed."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from editorial.choices import Kind
from editorial.proposals.kinds import PROPOSED, Choice, ProposalKind
from mapping.adding import asked, steps
from mapping.adding.nearby import alike
from mapping.models import Project, Unit
from mapping.views import previewed_page

WORKPLACE = Choice(
    "arbejdsplads", _("Arbejdsplads"),
    _("Et sted, hvor offentligt ansatte arbejder, og som mangler på portalen. Det tager et par minutter."),
    page="mapping:add_workplace",
)  # fmt: skip
"""What is put on the map on one page, without a draft."""


def register() -> None:
    """Say how each of the two is proposed."""
    for kind, model, name in ((Kind.PROJECT, Project, "project"), (Kind.UNIT, Unit, "unit")):
        PROPOSED[kind] = ProposalKind(
            area="mapping", model=model, steps=steps.STEPS[kind], pieces=steps.PIECES[kind],
            edit=f"mapping:edit_{name}", withdrawal=f"mapping:withdraw_{name}", called=steps.CALLED[kind],
            about=steps.ABOUT[kind], page=previewed_page, alike=alike, asked=asked.ASKED, brief=asked.BRIEF,
            fields=asked.FIELDS_OF_PROJECT if kind == Kind.PROJECT else asked.FIELDS, check=asked.check,
        )  # fmt: skip

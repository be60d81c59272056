"""A workplace's storm: stored with its criteria, and sent to the editors, in one transaction."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from editorial.choices import Kind, State
from editorial.models.querysets import TransitionError
from editorial.models.subjects import resolve_tags
from editorial.submitting import submit_content
from ideastorm.models import Criterion, Storm

CORRECTED = (State.DRAFT, State.RETURNED)
"""States in which whoever set a storm up may change it: not while the editors are reading it."""


@transaction.atomic
def ask(
    *,
    by: User,
    fields: dict[str, Any],
    criteria: list[tuple[str, int]],
    tags: list[str],
    message: str = "",
    storm: Storm | None = None,
) -> Storm:
    """Store a storm, or what came back, and send it to the editors with a message. Raises TransitionError when it is
    not to be changed any more, ValidationError when it is not valid.
    """
    if storm is None:
        storm = Storm(kind=Kind.STORM, author=by)
    else:
        storm = Storm.objects.select_for_update(of=("self",)).get(pk=storm.pk)
        if storm.state not in CORRECTED:
            raise TransitionError(_("Redaktionen har svaret, siden du åbnede siden. Læs svaret på Min side."))
    for name, value in fields.items():
        setattr(storm, name, value)
    if storm.owner is not None:
        storm.sectors = [storm.owner.sector]
    storm.full_clean(exclude=["slug"])
    storm.save()
    storm.criteria.all().delete()
    Criterion.objects.bulk_create(
        Criterion(storm=storm, title=title, weight=weight, position=n)
        for n, (title, weight) in enumerate(criteria)
    )
    storm.tags.set(resolve_tags(names=tags))
    submit_content(content=storm, by=by, answer=message)
    storm.refresh_from_db()
    return storm

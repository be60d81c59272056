"""Adding to an idea: shown at once where the storm shows ideas at once, else read by the editors first."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from editorial.choices import QueueKind
from editorial.models import Content
from editorial.models.querysets import TransitionError
from editorial.submitting import enqueue, signals_of
from ideastorm.choices import Moderation
from ideastorm.models import Idea, IdeaAddition, Storm
from ideastorm.permissions import Visitor, can_add_to_idea

AT_MOST = 20
"""Additions to one idea."""


@transaction.atomic
def add_to_idea(*, idea: Idea, visitor: Visitor, text: str) -> IdeaAddition:
    """Store an addition and let the editors read it, before it is shown or after. Raises TransitionError."""
    Content.objects.select_for_update(of=("self",)).get(pk=idea.pk)
    idea = Idea.objects.with_activity().get(pk=idea.pk)
    storm = idea.storm = Storm.objects.with_phase().get(pk=idea.storm_id)
    if not can_add_to_idea(visitor, idea):
        raise TransitionError(_("Der kan ikke tilføjes mere til ideen nu. Det, du skrev, står her stadig."))
    if idea.additions.count() >= AT_MOST:
        raise TransitionError(_("Der er ikke plads til flere tilføjelser til ideen."))
    severe = any(signal["severe"] for signal in signals_of(text=text, title=idea.title))
    item = enqueue(
        kind=QueueKind.ADDITION, title=_("Tilføjelse til »%s«") % idea.title, sender=visitor.account, content=idea,
        text=text,
    )  # fmt: skip
    shown = storm.moderation == Moderation.AFTER and not severe
    addition = IdeaAddition(idea=idea, text=text.strip(), visible=shown, item=item)
    addition.full_clean()
    addition.save()
    return addition

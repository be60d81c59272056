"""Giving an idea: stored, receipted, and shown or sent to the editors, in one transaction."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from editorial.choices import Kind, QueueKind
from editorial.models import Picture, Receipt, SenderContact, Tag
from editorial.models.querysets import TransitionError
from editorial.submitting import enqueue, signals_of, submit_content, text_of
from guards.pictures import StoredPicture
from ideastorm.choices import Moderation
from ideastorm.models import Idea, Storm
from ideastorm.permissions import Visitor, can_give_idea


@transaction.atomic
def give_idea(
    *,
    storm: Storm,
    fields: dict[str, Any],
    visitor: Visitor,
    begun_at: dt.datetime | None = None,
    tags: list[Tag] | None = None,
    email: str = "",
    picture: StoredPicture | None = None,
    alt: str = "",
    token: str = "",
) -> Idea:
    """Store an idea and its receipt. Raises TransitionError when the storm has closed meanwhile.

    It is shown at once where the storm says so and nothing in it looks wrong; the editors then read it afterwards.
    Else they read it first. The receipt's code comes of the form's `token`, as a story's does.
    """
    closed = _("Idéstormen er lukket for nye ideer. Det, du skrev, står her stadig.")
    storm = Storm.objects.with_phase().get(pk=storm.pk)
    if not can_give_idea(visitor, storm, begun_at=begun_at):
        raise TransitionError(closed)
    by = visitor.account
    idea = Idea(kind=Kind.IDEA, storm=storm, author=by, is_demo=storm.is_demo, **fields)
    idea.full_clean(exclude=["slug"])
    try:
        with transaction.atomic():
            idea.save()
    except IntegrityError as error:  # it closed, or was finished, between our question and the row
        if "idea_comes_in_time" not in str(error):
            raise
        raise TransitionError(closed) from error
    idea.tags.set(tags or [])
    if picture is not None:
        Picture.objects.create(
            content=idea, name=picture.name, width=picture.width, height=picture.height, widths=picture.variants,
            alt=alt,
        )  # fmt: skip
    if by is None:
        Receipt.issue(idea, token=token)
    else:
        Receipt.on_account(idea, by)
    if email and by is None:
        SenderContact.objects.create(receipt=idea.receipt, email=email)
    snapshot = idea.snapshot()
    signals = signals_of(text=text_of(snapshot), title=idea.title)
    if storm.moderation == Moderation.BEFORE or any(signal["severe"] for signal in signals):
        submit_content(content=idea, by=by)
    else:
        idea.publish(by=None)
        enqueue(
            kind=QueueKind.IDEA, title=idea.title, sender=by, content=idea, text=text_of(snapshot),
            snapshot=snapshot,
        )  # fmt: skip
    idea.refresh_from_db()
    return idea

"""Telling a story, thanking for it, and making an example of it: each in one transaction."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from catalogue.models import Entry, Story, StoryThanks
from catalogue.stories import consent
from editorial.choices import Kind, QueueKind
from editorial.models import Consent, Picture, Receipt, SenderContact
from editorial.models.querysets import TransitionError
from editorial.submitting import enqueue, submit_content
from guards.pictures import StoredPicture


@transaction.atomic
def tell_story(
    *,
    fields: dict[str, Any],
    by: User | None,
    email: str = "",
    picture: StoredPicture | None = None,
    alt: str = "",
    token: str = "",
) -> Story:
    """Store a story, its consent and its receipt, and send it to the editors.

    The receipt's code comes of the form's `token` (see editorial.models.receipts.code_from). `email` is kept with the
    receipt, apart from the story; with an account there is neither address nor code.
    """
    story = Story(kind=Kind.STORY, author=by, **fields)
    story.full_clean(exclude=["slug"])
    story.save()
    if picture is not None:
        Picture.objects.create(
            content=story, name=picture.name, width=picture.width, height=picture.height, widths=picture.variants,
            alt=alt,
        )  # fmt: skip
    Consent.objects.create(content=story, what=consent.WHAT, version=consent.VERSION)
    if by is None:
        Receipt.issue(story, token=token)
    else:
        Receipt.on_account(story, by)
    if email and by is None:
        SenderContact.objects.create(receipt=story.receipt, email=email)
    submit_content(content=story, by=by)
    return story


@transaction.atomic
def thank(*, story: Story, text: str, by: User) -> StoryThanks:
    """Send a workplace's thank-you to the editors. Raises TransitionError when the workplace has thanked already."""
    locked = Story.objects.select_for_update(of=("self",)).get(pk=story.pk)
    owner = locked.owner
    if owner is None or not locked.is_public:
        raise TransitionError(_("I kan ikke takke for historien lige nu."))
    if StoryThanks.objects.filter(story=locked, workplace=owner).exists():
        raise TransitionError(_("Arbejdspladsen har allerede takket for historien."))
    item = enqueue(
        kind=QueueKind.THANKS, title=_("Tak for »%s«") % locked.title, sender=by, content=locked, workplace=owner,
        text=text, snapshot={"text": text},
    )  # fmt: skip
    return StoryThanks.objects.create(story=locked, workplace=owner, author=by, text=text, item=item)


@transaction.atomic
def make_example(*, story: Story, by: User) -> tuple[Entry, bool]:
    """The example that a story became, and whether it is new: a draft with what the story says, linked to it.

    Once: later calls give the same entry.
    """
    Story.objects.select_for_update(of=("self",)).get(pk=story.pk)
    if found := Entry.objects.filter(from_story=story).order_by("pk").first():
        return found, False
    entry = Entry(
        kind=Kind.EXAMPLE, title=story.title, summary=story.summary, body=story.text, owner=story.owner, author=by,
        municipality=story.municipality, region=story.region, sectors=story.sectors, year_from=story.year_from,
        from_story=story, is_demo=story.is_demo,
    )  # fmt: skip
    entry.full_clean(exclude=["slug"])
    entry.save()
    entry.subject_areas.set(story.subject_areas.all())
    entry.tags.set(story.tags.all())
    entry.reindex()
    return entry, True

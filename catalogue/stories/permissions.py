"""Who may read and thank for a story."""

from __future__ import annotations

from django.http import HttpRequest

from catalogue.models import Story, StoryThanks
from editorial import receipts
from places.permissions import Anyone, speaks_for


def can_edit_story(user: Anyone) -> bool:
    """Staff with the right to change stories."""
    return user.is_active and user.is_staff and user.has_perm("catalogue.change_story")


def can_view_story(request: HttpRequest, story: Story) -> bool:
    """Anyone reads what is public; staff, the author, and whoever has its receipt open, read it before."""
    user = request.user
    if story.is_public or can_edit_story(user):
        return True
    if user.is_authenticated and story.author_id == user.pk:
        return True
    receipt = receipts.current(request)
    return receipt is not None and receipt.content_id == story.pk


def can_thank(user: Anyone, story: Story) -> bool:
    """Whoever speaks for the workplace that a public story is about, once."""
    if not story.is_public or story.owner is None or not speaks_for(user, story.owner):
        return False
    return not StoryThanks.objects.filter(story=story, workplace=story.owner).exists()

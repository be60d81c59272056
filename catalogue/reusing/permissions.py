"""Who may tell of reuse, change it, and confirm it."""

from __future__ import annotations

from typing import TypeAlias

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from accounts.models import User
from catalogue.models import Entry, Reuse
from places.models import Workplace
from places.permissions import NOT_PUBLIC, employers_of, speaks_for

Anyone: TypeAlias = User | AnonymousUser


def workplaces_to_tell_for(user: Anyone) -> QuerySet[Workplace]:
    """The public workplaces the user works at; one that is closed reuses nothing any more."""
    return employers_of(user).filter(closed_on__isnull=True).exclude(sector__in=NOT_PUBLIC)


def reusers(user: Anyone, entry: Entry) -> QuerySet[Workplace]:
    """Of those, the ones that may reuse the entry: nobody reuses their own."""
    return workplaces_to_tell_for(user).exclude(pk=entry.owner_id or 0)


def can_change(user: Anyone, reuse: Reuse) -> bool:
    """The workplace's contact persons, and whoever told it as long as they work there."""
    if speaks_for(user, reuse.workplace):
        return True
    return reuse.told_by_id == user.pk and workplaces_to_tell_for(user).filter(pk=reuse.workplace_id).exists()


def is_origin(user: Anyone, reuse: Reuse) -> bool:
    """Whether the user speaks for the workplace whose entry is reused."""
    owner = reuse.entry.owner
    return owner is not None and speaks_for(user, owner)


def can_confirm(user: Anyone, reuse: Reuse) -> bool:
    """The origin, but nobody who told it or speaks for the workplace that reuses: that would confirm itself."""
    return is_origin(user, reuse) and reuse.told_by_id != user.pk and not speaks_for(user, reuse.workplace)

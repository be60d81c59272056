"""Files of pictures: which are in use, and who may see those that are not public."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from accounts.models import User
from editorial.choices import OPEN
from editorial.models import Change, Picture, Receipt
from guards.pictures import original_names


def names_in_use() -> set[str]:
    """The names of all pictures that a row has, or that a change which is not decided proposes."""
    names = set(Picture.objects.values_list("name", flat=True))
    proposed = Change.objects.filter(state__in=OPEN, proposed__has_key="pictures")
    for pictures in proposed.values_list("proposed__pictures", flat=True):
        names.update(row["name"] for row in pictures or [])
    return names


def may_see_hidden(
    user: User | AnonymousUser, file: str, *, receipt: Callable[[], Receipt | None] | None = None
) -> bool:
    """Whether somebody may see a picture that nothing public shows: its author, staff who edit, and whoever has opened
    the `receipt` of what it belongs to. A receipt is asked for only when the account does not say it.
    """
    pictures = Picture.objects.of_file(file)
    if isinstance(user, User) and _by_account(user, file, pictures):
        return True
    opened = receipt() if receipt else None
    return opened is not None and pictures.filter(content_id=opened.content_id).exists()


def _by_account(user: User, file: str, pictures: QuerySet[Picture]) -> bool:
    wanted = Q()
    for name in original_names(file):
        wanted |= Q(proposed__pictures__contains=[{"name": name}])
    changes = Change.objects.filter(wanted, state__in=OPEN)
    if not user.has_perm("catalogue.change_entry"):
        pictures, changes = pictures.filter(content__author=user), changes.filter(author=user)
    return pictures.exists() or changes.exists()

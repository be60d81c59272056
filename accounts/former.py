"""What people are called whose account is erased: the pseudonym, told by the layer that erases (`names_from`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.models import User

Names = Callable[[Iterable[UUID]], dict[UUID, str]]
_sources: list[Names] = []


def names_from(source: Names) -> None:
    """Ask `source` for the names of erased people by their keys; called once, by an AppConfig.ready."""
    if source not in _sources:
        _sources.append(source)


def names_of(keys: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Key → what to call whoever it belongs or belonged to; None is the portal itself."""
    wanted = {key for key in keys if key}
    found: dict[UUID | None, str] = {None: _("portalen selv")}
    found |= {user.key: str(user) for user in User.objects.filter(key__in=wanted)}
    gone = wanted - set(found)
    if gone:
        found |= dict.fromkeys(gone, _("en tidligere bruger"))
        for source in _sources:
            for key, name in source(gone).items():
                found[key] = name
    return found

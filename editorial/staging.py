"""A picture that waits while something else in the form is put right, so that nobody has to choose it again.

The cleaned picture lies in the store, where no row points at it: so no address serves it, and the job that removes
pictures that belong to nothing takes it after a day. Which one it is stands in the session, under the form's token, so
only the form that it was sent with can use it. One for each browser.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.core.files.storage import default_storage
from django.http import HttpRequest

from guards.pictures import CleanPicture, StoredPicture, store_picture

SESSION = "story-picture"
KEPT_FOR = 12 * 3600
"""Seconds. Shorter than guards.pictures.orphans lets a picture lie."""


@dataclass(frozen=True)
class Staged:
    """A picture that waits: how it is stored, and what its file was called."""

    stored: StoredPicture
    display_name: str


def stage(request: HttpRequest, token: str, clean: CleanPicture) -> Staged:
    """Keep a picture for the form with this token, instead of what waited before. Raises OSError."""
    stored = store_picture(clean)
    request.session[SESSION] = {
        "token": token, "at": int(time.time()), "name": stored.name, "width": stored.width, "height": stored.height,
        "variants": stored.variants, "display_name": clean.display_name,
    }  # fmt: skip
    return Staged(stored, clean.display_name)


def staged(request: HttpRequest, token: str) -> Staged | None:
    """The picture that waits for the form with this token; one that is too old is forgotten here."""
    kept = request.session.get(SESSION)
    if not kept:
        return None
    if kept["at"] < time.time() - KEPT_FOR or not default_storage.exists(kept["name"]):
        clear(request)
        return None
    if kept["token"] != token:
        return None
    stored = StoredPicture(kept["name"], kept["width"], kept["height"], kept["variants"])
    return Staged(stored, kept["display_name"])


def clear(request: HttpRequest) -> None:
    """Forget what waits."""
    request.session.pop(SESSION, None)

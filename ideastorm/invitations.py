"""The invitation that is open in a browser: the session keeps its key, never the code."""

from __future__ import annotations

from django.http import HttpRequest

from ideastorm.models import Invitation, Storm

SESSION = "storm-invitations"
AT_MOST = 10
"""Storms that a browser remembers an invitation of."""


def open_with(request: HttpRequest, storm: Storm, code: str) -> Invitation | None:
    """Open the invitation of `code` in this browser; None for a code that opens nothing here."""
    found = Invitation.objects.of_code(storm, code).select_related("workplace").first()
    if found is not None:
        kept = {**request.session.get(SESSION, {}), str(storm.uuid): str(found.uuid)}
        request.session[SESSION] = dict(list(kept.items())[-AT_MOST:])
    return found


def current(request: HttpRequest, storm: Storm) -> Invitation | None:
    """The invitation that is open here, if nobody has revoked it."""
    uuid = request.session.get(SESSION, {}).get(str(storm.uuid))
    if uuid is None:
        return None
    return Invitation.objects.valid().filter(storm=storm, uuid=uuid).select_related("workplace").first()

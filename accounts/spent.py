"""What lets somebody in once and never again: codes of an app, recovery codes, a broker's signed tokens.

allauth remembers used codes and tokens in Django's cache, which each process here has for itself, and a code for one
period only, though it is taken for three (MFA_TOTP_TOLERANCE). So they are remembered in the database too, by their
keyed hash, for as long as guards.once keeps anything (seven days): for all processes, and two at once.
"""

from __future__ import annotations

from django.db import transaction

from guards import once


def spend(secret: str, scope: str) -> bool:
    """Whether this is the first time; `scope` says what it is, and whose.

    An app that shows the same six digits twice within the days is refused the second time: once in a million codes, and
    the next one comes in half a minute.
    """
    with transaction.atomic():
        return once.first(secret, scope) is None

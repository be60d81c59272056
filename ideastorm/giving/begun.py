"""When somebody began to write: a stamp in the form that nobody else can make, so that ten minutes of grace need no
draft in the database, no account and no cookie."""

from __future__ import annotations

import datetime as dt

from django.core import signing

from ideastorm.models import Storm

SALT = "ideastorm.giving"


def stamp(storm: Storm) -> str:
    """The stamp of a form that is opened now. The storm comes from `with_phase()`."""
    return signing.dumps([str(storm.uuid), storm.now.isoformat()], salt=SALT)


def begun_at(storm: Storm, value: str) -> dt.datetime | None:
    """When the form with this stamp was opened; None for one that is not ours, or another storm's."""
    try:
        uuid, moment = signing.loads(value, salt=SALT)
    except (signing.BadSignature, ValueError):
        return None
    return dt.datetime.fromisoformat(moment) if uuid == str(storm.uuid) else None

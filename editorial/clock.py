"""The database's clock, as expressions: one that tests can set and production cannot."""

from __future__ import annotations

import datetime as dt

from django.db import connection, models
from django.db.models import Func


class CoiNow(Func):
    """What SQL's coi_now() answers."""

    function = "coi_now"
    template = "%(function)s()"
    output_field = models.DateTimeField()


class CoiToday(Func):
    """The Danish day that it is by coi_now()."""

    function = "coi_now"
    template = "(%(function)s() AT TIME ZONE 'Europe/Copenhagen')::date"
    output_field = models.DateField()


def coi_now() -> dt.datetime:
    """The moment, by the database's clock. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coi_now()")
        moment: dt.datetime = cursor.fetchone()[0]
    return moment


def coi_today() -> dt.date:
    """The Danish day, by the database's clock. One query."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (coi_now() AT TIME ZONE 'Europe/Copenhagen')::date")
        day: dt.date = cursor.fetchone()[0]
    return day

"""The geography that a process keeps is always that of the database and the day."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from django.db import transaction

from places.areas import Geography
from places.models import Municipality, MunicipalityRegion

pytestmark = pytest.mark.django_db


def test_it_is_read_once_while_nothing_changes(django_assert_num_queries: Any) -> None:
    first = Geography.current()
    with django_assert_num_queries(1):
        assert Geography.current() is first
    assert replace(first, stamp="") == Geography.load()


def test_it_follows_rows(django_assert_num_queries: Any) -> None:
    """Changed, gone and undone ones."""
    Geography.current()
    Municipality.objects.filter(code="0751").update(seat="Viby")
    assert Geography.current().municipalities["0751"].seat == "Viby"
    before = Geography.current()
    with transaction.atomic():
        MunicipalityRegion.objects.filter(municipality="0751").delete()
        assert Geography.current().region_of("0751") is None
        transaction.set_rollback(True)
    assert Geography.current().region_of("0751") is not None
    assert Geography.current() == before


def test_it_follows_the_day(coi_clock: Any) -> None:
    coi_clock(dt.datetime(2026, 12, 31, 12, tzinfo=dt.UTC))
    before = Geography.current().region_of("0101")
    assert before is not None
    assert before.code == "1084"
    coi_clock(dt.datetime(2027, 1, 1, 12, tzinfo=dt.UTC))
    after = Geography.current().region_of("0101")
    assert after is not None
    assert after.code == "1086"

"""Units that are workplaces themselves, when two workplaces become one."""

from __future__ import annotations

import pytest

from editorial.actions import merge_workplaces
from mapping.models import Unit
from search.models import Document
from tests.factories import WorkplaceFactory, public_unit

pytestmark = pytest.mark.django_db


def test_the_unit_goes_along_and_is_one_with_the_workplace_that_stays() -> None:
    keep, duplicate = WorkplaceFactory.create(), WorkplaceFactory.create()
    unit = public_unit(same_workplace=duplicate)
    merge_workplaces(keep=keep, duplicate=duplicate, by=None)
    assert Unit.objects.get(pk=unit.pk).same_workplace == keep
    assert Document.objects.get(content=unit.pk).same_workplace == keep.pk


def test_where_both_have_a_unit_both_stand() -> None:
    keep, duplicate = WorkplaceFactory.create(), WorkplaceFactory.create()
    mine, other = public_unit(same_workplace=keep), public_unit(same_workplace=duplicate, does="Sit eget.")
    merge_workplaces(keep=keep, duplicate=duplicate, by=None)
    assert Unit.objects.get(pk=mine.pk).same_workplace == keep
    other = Unit.objects.get(pk=other.pk)
    assert (other.same_workplace, other.does, other.is_public) == (None, "Sit eget.", True)
    assert Document.objects.get(content=other.pk).same_workplace is None

"""Everything with a place as one list, and where each row stands."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from django.http import QueryDict

from editorial.actions import index_workplace
from mapping.lists import MapListing, places
from mapping.positions import seat_of
from places.areas import Geography
from tests.factories import WorkplaceFactory, hidden, public_project, public_story, public_unit, published

pytestmark = pytest.mark.django_db


def titles(query: str = "") -> set[str]:
    listing = MapListing(QueryDict(query))
    return {str(p.title) for p in places(listing.documents(0, 50), listing)}


def test_what_has_a_place_is_there_and_nothing_else() -> None:
    published(title="I Aarhus", municipality_id="0751")
    published(title="I regionen", region_id="1082")
    published(title="Ingen steder")
    public_story(title="Historien", municipality_id="0101")
    public_project(title="Projektet", municipality_id="0461")
    public_unit(title="Enheden", municipality_id="0851")
    index_workplace(WorkplaceFactory.create(name="Skolen", municipality_id="0265"))
    for state in ("draft", "submitted", "suspended", "archived"):
        hidden(state, title=f"Skjult {state}", municipality_id="0751")
    assert titles() == {"I Aarhus", "I regionen", "Historien", "Projektet", "Enheden", "Skolen"}
    assert titles("type=projekt&type=enhed") == {"Projektet", "Enheden"}
    assert titles("kommune=0751") == {"I Aarhus"}
    assert titles("region=1082") == {"I Aarhus", "I regionen"}
    assert MapListing(QueryDict()).without_place == 1


def test_the_whole_country_is_no_place_here() -> None:
    listing = MapListing(QueryDict("region=hele"))
    assert listing.count == 0
    assert list(listing.chosen) == []
    assert ("region", "hele") in listing.unknown


def test_a_point_is_exact_and_a_municipality_is_not() -> None:
    workplace = WorkplaceFactory.create(name="Skolen", municipality_id="0751", lat="56.10000", lng="10.10000")
    index_workplace(workplace)
    published(title="Hos skolen", owner=workplace, municipality_id="0751")
    published(title="Et andet sted", owner=workplace, municipality_id="0101")
    published(title="Eget punkt", municipality_id="0751", lat="56.20000", lng="10.20000")
    listing = MapListing(QueryDict())
    found = {str(p.title): p for p in places(listing.documents(0, 50), listing)}
    assert [found[t].note for t in ("Skolen", "Hos skolen", "Eget punkt")] == ["", "", ""]
    assert found["Et andet sted"].note == "Vises ved København, hvor kommunen har hovedsæde."
    exact = listing.positions.exact[listing.results.mask]
    assert np.count_nonzero(exact) == 3


def test_a_region_stands_at_a_seat_inside_it_before_and_after_the_merger(coi_clock) -> None:  # type: ignore[no-untyped-def]
    coi_clock(dt.datetime(2026, 12, 31, 12, tzinfo=dt.UTC))
    geography = Geography.load()
    before = seat_of("1084", geography)
    assert before in {
        (float(m.lat), float(m.lng))
        for c, m in geography.municipalities.items()
        if c in geography.areas_of("1084")
    }
    assert seat_of("9999", geography) is None
    coi_clock(dt.datetime(2027, 1, 1, 12, tzinfo=dt.UTC))
    after = Geography.load()
    assert seat_of("1084", after) == before
    east = {
        (float(m.lat), float(m.lng)) for c, m in after.municipalities.items() if c in after.areas_of("1086")
    }
    assert seat_of("1086", after) in east


def test_a_list_costs_a_fixed_number_of_queries(django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    for n in range(5):
        published(title=f"Eksempel {n}", municipality_id="0751")
        index_workplace(WorkplaceFactory.create(municipality_id="0751"))
    with django_assert_max_num_queries(9):
        listing = MapListing(QueryDict())
        assert len(places(listing.documents(0, 50), listing)) == 10


def test_what_has_a_place_stands_for_what_has_none() -> None:
    entry = published(title="Videnscentret", kind="videnscenter", summary="Om kvarterstavler.")
    unit = public_unit(title="Enheden", municipality_id="0101", same_entry=entry)
    assert titles() == {"Enheden"}
    assert titles("type=videnscenter") == {"Enheden"}
    assert titles("q=kvarterstavler") == {"Enheden"}
    assert MapListing(QueryDict()).without_place == 0
    unit.suspend(by=None, reason="Prøve")
    assert titles() == set()
    assert MapListing(QueryDict()).without_place == 1

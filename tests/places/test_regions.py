"""Which municipalities a region's code stands for before, on and after the day the regions merge."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from places.areas import WHOLE_COUNTRY, Geography
from places.models import Municipality, MunicipalityRegion, Region

Clock = Callable[[dt.datetime], None]
MERGER = dt.date(2027, 1, 1)
CPH = dt.timezone(dt.timedelta(hours=1))
OLD = ("1084", "1085")


@pytest.fixture
def new_code(db: None) -> str:
    """Østdanmark's code."""
    return Region.objects.get(valid_from=MERGER).code


def members(code: str, day: dt.date) -> set[str]:
    """The municipalities of a region on a day, by the rows alone."""
    return {
        m.municipality_id
        for m in MunicipalityRegion.objects.filter(region=code)
        if m.valid_from <= day and (m.valid_to is None or day < m.valid_to)
    }


BEFORE = dt.datetime(2026, 12, 31, 23, 59, 59, tzinfo=CPH)
ON = dt.datetime(2027, 1, 1, 0, 0, tzinfo=CPH)
AFTER = dt.datetime(2031, 6, 1, 12, tzinfo=CPH)


def test_the_day_is_danish(coi_clock: Clock) -> None:
    """New year's eve at 23.30 in UTC is new year's day in Denmark."""
    coi_clock(dt.datetime(2026, 12, 31, 23, 30, tzinfo=dt.UTC))
    assert Geography.load().today == MERGER


@pytest.mark.parametrize("moment", [BEFORE, ON, AFTER])
def test_regions_of_the_day_hold_all_municipalities_once(coi_clock: Clock, moment: dt.datetime) -> None:
    """98 municipalities, each in exactly one of the regions that exist."""
    coi_clock(moment)
    geography = Geography.load()
    codes = [r.code for r in geography.regions_today()]
    assert len(codes) == (5 if moment is BEFORE else 4)
    found = [a for code in codes for a in geography.areas_of(code) if a in geography.municipalities]
    assert len(found) == len(set(found)) == 98
    for area in found:
        region = geography.region_of(area)
        assert region is not None and region.code in codes
        assert region == Municipality(code=area).region_on(moment.date())


@pytest.mark.parametrize("code", OLD)
@pytest.mark.parametrize("moment", [BEFORE, ON, AFTER])
def test_an_old_code_keeps_its_meaning(coi_clock: Clock, moment: dt.datetime, code: str) -> None:
    """It stands for its former municipalities and what was said of the region itself, for ever."""
    coi_clock(moment)
    areas = Geography.load().areas_of(code)
    assert set(areas) == members(code, BEFORE.date()) | {code}


@pytest.mark.parametrize(("moment", "takes_over"), [(BEFORE, False), (ON, True), (AFTER, True)])
def test_the_new_region_takes_over_on_the_day(
    coi_clock: Clock, new_code: str, moment: dt.datetime, takes_over: bool
) -> None:
    """A coming region has the municipalities of its first day; from then on also what concerned the old regions."""
    coi_clock(moment)
    geography = Geography.load()
    areas = geography.areas_of(new_code)
    both = members("1084", BEFORE.date()) | members("1085", BEFORE.date())
    assert {a for a in areas if a in geography.municipalities} == members(new_code, MERGER) == both
    assert new_code in areas
    assert (set(OLD) <= set(areas)) is takes_over
    assert len(areas) == len(set(areas))


def test_the_region_of_an_area_follows_the_day(coi_clock: Clock, new_code: str) -> None:
    """Copenhagen's region, and what an old region has become."""
    coi_clock(BEFORE)
    geography = Geography.load()
    for day, copenhagen, old in [(BEFORE.date(), "1084", "1084"), (MERGER, new_code, new_code)]:
        assert geography.region_of("0101", day).code == copenhagen  # type: ignore[union-attr]
        assert geography.region_of("1084", day).code == old  # type: ignore[union-attr]
    assert geography.region_of("0751", MERGER).code == "1082"  # type: ignore[union-attr]


@pytest.mark.parametrize("code", ["", "9999", "hele", "0411", "💥"])
def test_an_unknown_area_has_no_region(db: None, code: str) -> None:
    """No error, no guess. Christiansø is outside the municipalities."""
    assert Geography.load().region_of(code) is None
    assert Geography.load().areas_of(code) == ([""] if code == WHOLE_COUNTRY else [])


def test_geography_is_three_queries(db: None, django_assert_num_queries: Callable) -> None:  # type: ignore[type-arg]
    """However much is asked afterwards."""
    with django_assert_num_queries(3):
        geography = Geography.load()
        for code in geography.regions:
            geography.areas_of(code)
            geography.region_of(code)


@pytest.mark.parametrize(
    ("start", "end", "constraint"),
    [
        ("2026-12-31", None, "municipality_region_one_at_a_time"),
        ("2000-01-01", "2010-01-01", "municipality_region_one_at_a_time"),
        ("1990-01-01", "1990-01-01", "municipality_region_period_forward"),
    ],
)
def test_a_municipality_is_in_one_region_at_a_time(
    db: None, start: str, end: str | None, constraint: str
) -> None:
    """By plain SQL too."""
    with (
        pytest.raises(IntegrityError, match=constraint),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO places_municipalityregion (municipality_id, region_id, valid_from, valid_to)"
            " VALUES ('0101', '1082', %s, %s)",
            [start, end],
        )


@pytest.mark.parametrize("code", ["12", "abcd", "", "12345"])
def test_codes_are_four_digits(db: None, code: str) -> None:
    """Leading zeros and all."""
    with pytest.raises(Exception, match=r"region_code_four_digits|value too long"), transaction.atomic():
        Region.objects.create(code=code, name="X", short_name="X", valid_from=MERGER)

"""Names over time, rings of parents, and two workplaces that turn out to be one."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from places.actions import follow_the_day, record_change
from places.merging import MergeError, merge_workplaces, what_moves
from places.models import (
    Succession,
    Workplace,
    WorkplaceAlias,
    WorkplaceDomain,
    WorkplacePeriod,
    WorkplaceSlug,
)
from tests.factories import (
    EntryFactory,
    ReuseFactory,
    UserFactory,
    WorkplaceFactory,
    WorkplacePeriodFactory,
    published,
)

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 6, 1)


def period(
    workplace: Workplace, name: str, start: int | None, end: int | None, **fields: Any
) -> WorkplacePeriod:
    return WorkplacePeriodFactory.create(
        workplace=workplace,
        name=name,
        valid_from=dt.date(start, 1, 1) if start else None,
        valid_to=dt.date(end, 1, 1) if end else None,
        **fields,
    )


def periods(workplace: Workplace) -> list[tuple[str, int | None, int | None]]:
    rows = workplace.periods.order_by("id")
    found = [(p.name, p.valid_from and p.valid_from.year, p.valid_to and p.valid_to.year) for p in rows]
    return sorted(found, key=lambda row: row[1] or 0)


# -- the day ----------------------------------------------------------------------


def test_workplaces_follow_the_day(coi_clock: Callable[[dt.datetime], None]) -> None:
    ministry = WorkplaceFactory.create(name="Ministeriet")
    workplace = WorkplaceFactory.create(name="Gammelt navn", sector="stat")
    period(workplace, "Gammelt navn", None, 2027, sector="stat")
    period(workplace, "Nyt navn", 2027, None, sector="selvejende", parent=ministry)
    coi_clock(dt.datetime(2026, 12, 31, 22, 59, tzinfo=dt.UTC))
    assert follow_the_day() == []
    coi_clock(dt.datetime(2026, 12, 31, 23, 0, tzinfo=dt.UTC))  # midnight in Copenhagen
    assert follow_the_day() == [workplace]
    workplace.refresh_from_db()
    assert (workplace.name, workplace.sector, workplace.parent) == ("Nyt navn", "selvejende", ministry)
    assert follow_the_day() == []


def test_two_that_change_places_on_the_same_day_both_move() -> None:
    over, under = WorkplaceFactory.create(), WorkplaceFactory.create()
    under.parent = over
    under.save()
    WorkplacePeriodFactory.create(workplace=over, parent=under)
    WorkplacePeriodFactory.create(workplace=under, parent=None)
    follow_the_day()
    over.refresh_from_db()
    under.refresh_from_db()
    assert (over.parent, under.parent) == (under, None)


def test_a_period_that_would_close_a_ring_holds_nobody_else_back() -> None:
    over, under, other = WorkplaceFactory.create(), WorkplaceFactory.create(), WorkplaceFactory.create()
    under.parent = over
    under.save()
    WorkplacePeriodFactory.create(workplace=over, parent=under)
    WorkplacePeriodFactory.create(workplace=other, name="Nyt navn")
    assert follow_the_day() == [other]
    over.refresh_from_db()
    assert over.parent is None


def test_a_change_keeps_what_was() -> None:
    workplace = WorkplaceFactory.create(name="Før", sector="kommune")
    record_change(workplace=workplace, on=dt.date(2020, 1, 1), name="Efter")
    record_change(workplace=workplace, on=dt.date(2023, 1, 1), sector="selvejende")
    workplace.refresh_from_db()
    assert periods(workplace) == [("Før", None, 2020), ("Efter", 2020, 2023), ("Efter", 2023, None)]
    assert (workplace.name, workplace.sector) == ("Efter", "selvejende")
    assert workplace.name_on(dt.date(2019, 12, 31)) == "Før"
    record_change(workplace=workplace, on=dt.date(2023, 1, 1), name="Rettet")
    assert periods(workplace)[-1] == ("Rettet", 2023, None)


def test_a_change_in_the_middle_or_the_future_leaves_today_alone() -> None:
    workplace = WorkplaceFactory.create(name="Nu")
    period(workplace, "Nu", 2010, None)
    record_change(workplace=workplace, on=dt.date(2090, 1, 1), name="Engang")
    record_change(workplace=workplace, on=dt.date(2005, 1, 1), name="Dengang")
    workplace.refresh_from_db()
    assert workplace.name == "Nu"
    assert [p[0] for p in periods(workplace)] == ["Nu", "Dengang", "Nu", "Engang"]


def test_a_change_into_a_ring_is_refused() -> None:
    over = WorkplaceFactory.create()
    under = WorkplaceFactory.create(parent=over)
    with pytest.raises(ValidationError, match="ring"):
        record_change(workplace=over, on=DAY, parent=under)
    assert not over.periods.exists()


# -- rings ------------------------------------------------------------------------


def test_the_database_refuses_rings_of_parents() -> None:
    a, b, c = (WorkplaceFactory.create() for _n in range(3))
    Workplace.objects.filter(pk=b.pk).update(parent=a)
    Workplace.objects.filter(pk=c.pk).update(parent=b)
    for low in (a, b, c):
        with pytest.raises(IntegrityError), transaction.atomic():
            Workplace.objects.filter(pk=a.pk).update(parent=low)
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkplacePeriodFactory.create(workplace=a, parent=a)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_at_once_cannot_close_a_ring_between_them() -> None:
    a, b = WorkplaceFactory.create(), WorkplaceFactory.create()
    barrier, refused = threading.Barrier(2), []

    def put(low: Workplace, high: Workplace) -> None:
        try:
            with transaction.atomic():
                Workplace.objects.filter(pk=low.pk).update(parent=high)
                try:
                    barrier.wait(0.5)
                except threading.BrokenBarrierError:
                    pass
        except IntegrityError:
            refused.append(low)
        finally:
            connection.close()

    threads = [threading.Thread(target=put, args=pair) for pair in ((a, b), (b, a))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1


# -- merging ------------------------------------------------------------------------


def test_everything_moves_to_the_one_that_is_kept() -> None:
    keep = WorkplaceFactory.create(name="Aarhus Kommune", slug="aarhus-kommune")
    twin = WorkplaceFactory.create(
        name="Århus Kommune",
        slug="aarhus",
        cvr="",
        website="https://aarhus.dk",
        address="Rådhuset",
        lat=56.15,
        lng=10.2,
    )
    child, entry = WorkplaceFactory.create(parent=twin), published(owner=twin)
    taking_part = EntryFactory.create()
    taking_part.participations.create(workplace=twin)
    reuse = ReuseFactory.create(entry=published(), workplace=twin)
    other = WorkplaceFactory.create()
    Succession.objects.create(predecessor=other, successor=twin, kind="merged", year=2007)
    WorkplaceAlias.objects.create(workplace=twin, name="AK")
    WorkplaceDomain.objects.create(workplace=twin, domain="aarhus.dk")
    period(twin, "Århus Amtskommune", 1970, 2007)
    moves = dict(what_moves(twin))
    assert moves["indhold"] == moves["genbrug"] == 1
    result = merge_workplaces(keep=keep, duplicate=twin, by=UserFactory.create(admin=True))
    assert result.pk == keep.pk
    assert not Workplace.objects.filter(pk=twin.pk).exists()
    for row in (child, entry, reuse):
        row.refresh_from_db()
    assert (child.parent, entry.owner, reuse.workplace) == (keep, keep, keep)
    assert taking_part.participations.get().workplace == keep
    assert other.successions.get().successor == keep
    assert set(keep.aliases.values_list("name", flat=True)) == {"Århus Kommune", "AK", "Århus Amtskommune"}
    assert keep.domains.get().domain == "aarhus.dk"
    assert WorkplaceSlug.objects.get(slug="aarhus").workplace == keep
    assert keep.name_on(dt.date(1990, 1, 1)) == "Århus Amtskommune"
    assert (result.name, result.website, float(result.lat or 0)) == (
        "Aarhus Kommune",
        "https://aarhus.dk",
        56.15,
    )


def test_what_both_have_becomes_one() -> None:
    keep, twin = WorkplaceFactory.create(), WorkplaceFactory.create()
    entry = published()
    for workplace in (keep, twin):
        entry.participations.create(workplace=workplace, role="" if workplace is keep else "afprøver")
        WorkplaceDomain.objects.create(workplace=workplace, domain="x.dk")
    mine = ReuseFactory.create(entry=entry, workplace=keep)
    theirs = ReuseFactory.create(entry=entry, workplace=twin, what_changed="Kortere møder")
    built_on = ReuseFactory.create(entry=entry, parent=theirs)
    merge_workplaces(keep=keep, duplicate=twin, by=None)
    assert entry.participations.get().role == "afprøver"
    assert keep.domains.count() == 1
    mine.refresh_from_db()
    built_on.refresh_from_db()
    assert (mine.what_changed, built_on.parent) == ("Kortere møder", mine)
    assert entry.reuses.count() == 2


@pytest.mark.parametrize("keep_is", ["over", "under", "two-under"])
def test_one_may_lie_under_the_other(keep_is: str) -> None:
    top = WorkplaceFactory.create()
    over = WorkplaceFactory.create(parent=top)
    middle = WorkplaceFactory.create(parent=over)
    under = WorkplaceFactory.create(parent=middle)
    keep, twin = {"over": (over, middle), "under": (middle, over), "two-under": (under, over)}[keep_is]
    merge_workplaces(keep=keep, duplicate=twin, by=None)
    rows = {w.pk: w for w in Workplace.objects.all()}
    assert twin.pk not in rows
    for row in rows.values():
        seen, above = set(), row
        while above.parent_id:
            assert above.pk not in seen
            seen.add(above.pk)
            above = rows[above.parent_id]
        assert above == top


def test_one_may_have_succeeded_the_other() -> None:
    keep, twin = WorkplaceFactory.create(), WorkplaceFactory.create()
    Succession.objects.create(predecessor=twin, successor=keep, kind="merged", year=2020)
    period(keep, "Nu", None, None, parent=twin)
    period(twin, "Gammel", 1990, 2000, parent=keep)
    merge_workplaces(keep=keep, duplicate=twin, by=None)
    assert not Succession.objects.exists()
    assert keep.periods.get().parent is None


def test_periods_that_overlap_live_on_as_names() -> None:
    keep, twin = WorkplaceFactory.create(name="Nu"), WorkplaceFactory.create(name="Tvilling")
    period(keep, "Før", 2000, 2010)
    period(keep, "Nu", 2010, None)
    period(twin, "Også før", 2005, 2012)
    period(twin, "Længe før", 1980, 1990)
    period(twin, "Tvilling", 2012, None)
    merge_workplaces(keep=keep, duplicate=twin, by=None)
    assert periods(keep) == [("Længe før", 1980, 1990), ("Før", 2000, 2010), ("Nu", 2010, None)]
    keep.refresh_from_db()
    assert keep.name == "Nu"
    assert set(keep.aliases.values_list("name", flat=True)) == {"Tvilling", "Også før", "Længe før"}


def test_a_second_run_does_no_harm() -> None:
    keep, twin = WorkplaceFactory.create(), WorkplaceFactory.create()
    copy = Workplace.objects.get(pk=twin.pk)
    merge_workplaces(keep=keep, duplicate=twin, by=None)
    with pytest.raises(MergeError, match="findes ikke mere"):
        merge_workplaces(keep=keep, duplicate=copy, by=None)
    with pytest.raises(MergeError, match="to forskellige"):
        merge_workplaces(keep=keep, duplicate=keep, by=None)
    assert Workplace.objects.filter(pk=keep.pk).exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_at_once_merge_only_once_and_lose_nothing() -> None:
    a, b = WorkplaceFactory.create(name="A"), WorkplaceFactory.create(name="B")
    for workplace in (a, b):
        published(owner=workplace)
    outcome: list[str] = []

    def merge(keep: Workplace, twin: Workplace) -> None:
        try:
            merge_workplaces(keep=keep, duplicate=twin, by=None)
            outcome.append("merged")
        except MergeError:
            outcome.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=merge, args=pair) for pair in ((a, b), (b, a))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcome) == ["merged", "refused"]
    assert Workplace.objects.get().content.count() == 2


def test_the_web_server_may_merge(as_web_role: Any) -> None:
    keep, twin = WorkplaceFactory.create(), WorkplaceFactory.create()
    published(owner=twin)
    with as_web_role():
        merge_workplaces(keep=keep, duplicate=twin, by=UserFactory.create(admin=True))
    assert keep.content.count() == 1

"""Workplaces: CVR numbers, periods, names of their time, and addresses that are never reused."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.forms import modelform_factory
from django.test import Client

from places.models import Succession, Workplace, WorkplaceDomain, WorkplacePeriod, WorkplaceSlug
from tests.factories import WorkplaceFactory, WorkplacePeriodFactory

GOOD_CVR = ["25313763", "55133018", "29190623", "64942212", "29190925"]
BAD_CVR = ["25313764", "52313763", "1234567", "123456789", "0531376A", "00000000", "٢٥٣١٣٧٦٣", " 2531376"]
CvrForm = modelform_factory(Workplace, fields=["name", "slug", "sector", "cvr"])


def sql(statement: str, *values: object) -> None:
    """Run one statement in a savepoint of its own."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


@pytest.mark.parametrize("cvr", GOOD_CVR)
def test_a_right_cvr_number_is_taken(db: None, cvr: str) -> None:
    """By form and by database."""
    form = CvrForm({"name": "A", "slug": "a", "sector": "stat", "cvr": cvr})
    assert form.is_valid(), form.errors
    sql("UPDATE places_workplace SET cvr = %s WHERE id = %s", cvr, form.save().pk)


@pytest.mark.parametrize("cvr", BAD_CVR)
def test_a_wrong_cvr_number_is_explained_and_refused(db: None, cvr: str) -> None:
    """The form says why; plain SQL is refused too."""
    form = CvrForm({"name": "A", "slug": "a", "sector": "stat", "cvr": cvr})
    assert "cvr" in form.errors or cvr != cvr.strip()
    workplace = WorkplaceFactory.create()
    with pytest.raises(Exception, match=r"workplace_cvr_checked|value too long"):
        sql("UPDATE places_workplace SET cvr = %s WHERE id = %s", cvr, workplace.pk)


Y2010, Y2015, Y2020 = dt.date(2010, 1, 1), dt.date(2015, 1, 1), dt.date(2020, 1, 1)


@pytest.mark.parametrize(
    ("first", "second", "fits"),
    [
        ((None, Y2015), (Y2015, None), True),
        ((Y2010, Y2015), (Y2015, Y2020), True),
        ((None, Y2015), (Y2010, None), False),
        ((None, None), (Y2010, Y2015), False),
        ((Y2010, Y2020), (Y2015, Y2015 + dt.timedelta(1)), False),
        ((None, Y2015), (None, Y2010), False),
    ],
)
def test_periods_of_one_workplace_never_overlap(
    db: None, first: tuple[dt.date | None, ...], second: tuple[dt.date | None, ...], fits: bool
) -> None:
    """Whether it is said by the form's validation or by SQL, the answer is the same."""
    period = WorkplacePeriodFactory.create(valid_from=first[0], valid_to=first[1])
    other = WorkplacePeriod(
        workplace=period.workplace, name="B", sector="stat", valid_from=second[0], valid_to=second[1]
    )
    insert = (
        "INSERT INTO places_workplaceperiod (workplace_id, name, sector, valid_from, valid_to)"
        " VALUES (%s, 'B', 'stat', %s, %s)"
    )
    if fits:
        other.full_clean()
        sql(insert, period.workplace_id, *second)
    else:
        with pytest.raises(ValidationError):
            other.full_clean()
        with pytest.raises(IntegrityError, match="workplace_period_one_at_a_time"):
            sql(insert, period.workplace_id, *second)
    WorkplacePeriodFactory.create(valid_from=second[0], valid_to=second[1])  # another workplace is free


def test_a_period_runs_forward(db: None) -> None:
    """And is not empty."""
    for end in (Y2010, Y2015):
        with pytest.raises(IntegrityError, match="workplace_period_forward"), transaction.atomic():
            WorkplacePeriodFactory.create(valid_from=Y2015, valid_to=end)


def test_the_name_is_that_of_the_day(db: None) -> None:
    """The last day of a period belongs to the next one; outside all periods the present name holds."""
    workplace = WorkplaceFactory.create(name="Nu")
    for name, start, end in [("Først", Y2010, Y2015), ("Siden", Y2015, Y2020)]:
        WorkplacePeriodFactory.create(workplace=workplace, name=name, valid_from=start, valid_to=end)
    day = dt.timedelta(days=1)
    expected = {Y2010 - day: "Nu", Y2010: "Først", Y2015 - day: "Først", Y2015: "Siden", Y2020: "Nu"}
    assert {at: workplace.name_on(at) for at in expected} == expected


def test_a_slug_is_never_given_to_another(db: None) -> None:
    """Not after a change, not after a deletion, not by SQL."""
    first, second = WorkplaceFactory.create(slug="foerste"), WorkplaceFactory.create(slug="anden")
    sql("UPDATE places_workplace SET slug = 'ny' WHERE id = %s", first.pk)
    with pytest.raises(IntegrityError, match="slug has been used before"):
        sql("UPDATE places_workplace SET slug = 'foerste' WHERE id = %s", second.pk)
    with pytest.raises(IntegrityError, match="slug has been used before"), transaction.atomic():
        WorkplaceFactory.create(slug="foerste")
    sql("UPDATE places_workplace SET slug = 'foerste' WHERE id = %s", first.pk)  # its own it may have back
    second.delete()
    assert WorkplaceSlug.objects.get(slug="anden").workplace is None
    with pytest.raises(IntegrityError, match="slug has been used before"), transaction.atomic():
        WorkplaceFactory.create(slug="anden")


def test_an_old_address_leads_to_the_present_one(db: None, client: Client) -> None:
    """301; and 404 once the workplace is gone."""
    workplace = WorkplaceFactory.create(slug="gammel")
    workplace.slug = "ny"
    workplace.save()
    response = client.get("/kort/arbejdspladser/gammel/")
    assert (response.status_code, response["Location"]) == (301, "/kort/arbejdspladser/ny/")
    workplace.delete()
    assert client.get("/kort/arbejdspladser/gammel/").status_code == 404


@pytest.mark.parametrize(
    ("column", "value", "constraint"),
    [
        ("slug", "Å", "workplace_slug_ascii"),
        ("slug", "a--b", "workplace_slug_ascii"),
        ("lat", 56.1, "workplace_point_in_denmark"),
        ("parent_id", "id", "workplace_not_its_own_parent"),
    ],
)
def test_the_database_refuses(db: None, column: str, value: object, constraint: str) -> None:
    """What no form would send."""
    workplace = WorkplaceFactory.create()
    with pytest.raises(IntegrityError, match=constraint):
        sql(
            f"UPDATE places_workplace SET {column} = %s WHERE id = %s",
            workplace.pk if value == "id" else value,
            workplace.pk,
        )


@pytest.mark.parametrize("domain", ["KOMMUNE.dk", "@kommune.dk", "kommune", "-a.dk", "a b.dk", ""])
def test_a_domain_is_only_a_domain(db: None, domain: str) -> None:
    """No address, no upper case."""
    row = WorkplaceDomain(workplace=WorkplaceFactory.create(), domain=domain)
    with pytest.raises(ValidationError):
        row.full_clean()
    with pytest.raises(IntegrityError, match="workplace_domain_form"), transaction.atomic():
        row.save()


def test_a_workplace_does_not_succeed_itself(db: None) -> None:
    """A plain slip in admin."""
    workplace = WorkplaceFactory.create()
    with pytest.raises(IntegrityError, match="succession_not_itself"), transaction.atomic():
        Succession.objects.create(predecessor=workplace, successor=workplace, kind="merged", year=2020)


def test_found_by_any_name_it_has_or_had(db: None) -> None:
    """Present, former and everyday names, each workplace once."""
    workplace = WorkplaceFactory.create(name="Center for Ro")
    WorkplacePeriodFactory.create(workplace=workplace, name="Uro", valid_to=Y2010)
    WorkplacePeriodFactory.create(workplace=workplace, name="Uro", valid_from=Y2010)
    workplace.aliases.create(name="CFR")
    for name in ("center for ro", "URO", "cfr"):
        assert list(Workplace.objects.named(name)) == [workplace]

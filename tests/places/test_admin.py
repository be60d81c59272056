"""Places in admin."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from places.models import Municipality, Region, Workplace, WorkplaceAlias
from search.models import Document
from tests.admin_forms import errors, row, save, send, shown, told
from tests.factories import (
    EntryFactory,
    UserFactory,
    WorkplaceFactory,
    WorkplacePeriodFactory,
    editor,
    published,
)

pytestmark = pytest.mark.django_db
LIST = "/admin/places/workplace/"
MERGE = "/admin/places/workplace/laeg-sammen/"
EVIL = "<script>alert(1)</script>"


@pytest.fixture
def staff(client: Client) -> Client:
    """A signed-in editor."""
    client.force_login(editor(name="Mette Redaktør"))
    return client


def change(workplace: Any) -> str:
    return reverse("admin:places_workplace_change", args=[workplace.pk])


def test_strangers_and_staff_without_rights_stay_out(client: Client) -> None:
    a, b = WorkplaceFactory.create(), WorkplaceFactory.create()
    urls = [
        LIST,
        change(a),
        f"{MERGE}?ids={a.pk},{b.pk}",
        "/admin/places/region/",
        "/admin/places/municipality/",
    ]
    for user, status in ((None, 302), (UserFactory.create(), 302), (UserFactory.create(is_staff=True), 403)):
        if user:
            client.force_login(user)
        for url in urls:
            assert client.get(url).status_code == status, url
        assert client.post(MERGE, {"ids": f"{a.pk},{b.pk}", "keep": a.pk}).status_code == status
    assert Workplace.objects.filter(pk=b.pk).exists()


def test_a_new_workplace_can_be_found(staff: Client) -> None:
    response = save(staff, f"{LIST}add/", name="Borgerservice", sector="kommune", slug="borgerservice")
    assert response.redirect_chain, errors(response)
    assert Document.objects.get(workplace__slug="borgerservice").title == "Borgerservice"


@pytest.mark.parametrize(
    ("field", "value", "complaint"),
    [
        ("cvr", "12345678", "CVR"),
        ("slug", "brugt-foer", "en anden arbejdsplads"),
        ("postcode", "80000", ""),
        ("lat", "99", ""),
        ("name", "", ""),
    ],
)
def test_what_cannot_be_is_refused_and_kept(staff: Client, field: str, value: str, complaint: str) -> None:
    other = WorkplaceFactory.create(slug="brugt-foer")
    other.slug = "et-andet"
    other.save()
    workplace = WorkplaceFactory.create()
    extra = {"how_changed": "mistake"} if field == "name" else {}
    response = save(staff, change(workplace), note="Bevares", **{field: value}, **extra)
    assert not response.redirect_chain
    assert complaint in errors(response)
    assert "Bevares" in response.content.decode()


def test_a_change_of_name_must_say_whether_it_was_a_mistake(staff: Client) -> None:
    workplace = WorkplaceFactory.create(name="Gamelt")
    assert "how_changed" in errors(save(staff, change(workplace), name="Gammelt"))
    save(staff, change(workplace), name="Gammelt", how_changed="mistake")
    workplace.refresh_from_db()
    assert (workplace.name, workplace.periods.count()) == ("Gammelt", 0)
    entry = published(owner=workplace, source_year=2014)
    assert "changed_on" in errors(save(staff, change(workplace), name="Nyt", how_changed="change"))
    response = save(staff, change(workplace), name="Nyt", how_changed="change", changed_on="01.01.2020")
    assert response.redirect_chain, errors(response)
    workplace.refresh_from_db()
    assert workplace.name == "Nyt"
    assert workplace.name_on(dt.date(2014, 1, 1)) == "Gammelt"
    names = Document.objects.get(content=entry).names
    assert "Nyt" in names
    assert "Gammelt" in names
    assert "Gammelt" in Document.objects.get(workplace=workplace).names


def test_a_change_in_the_future_waits_for_its_day(staff: Client) -> None:
    workplace = WorkplaceFactory.create(name="Nu")
    save(staff, change(workplace), name="Engang", how_changed="change", changed_on="2090-01-01")
    workplace.refresh_from_db()
    assert (workplace.name, workplace.periods.count()) == ("Nu", 2)


def test_a_mistake_is_put_right_in_the_period_too(staff: Client) -> None:
    workplace = WorkplaceFactory.create(name="Fejl")
    WorkplacePeriodFactory.create(workplace=workplace, valid_from=dt.date(2020, 1, 1))
    save(staff, change(workplace), name="Rigtigt", how_changed="mistake")
    workplace.refresh_from_db()
    assert (workplace.name, workplace.periods.get().name) == ("Rigtigt", "Rigtigt")


def test_the_workplace_follows_its_periods(staff: Client) -> None:
    workplace = WorkplaceFactory.create(name="Et navn")
    new = row("periods", name="Et andet navn", sector="stat", valid_from="2020-01-01")
    response = save(staff, change(workplace), **new)
    assert "følger den periode" in told(response)
    workplace.refresh_from_db()
    assert (workplace.name, workplace.sector) == ("Et andet navn", "stat")


def test_a_period_can_be_ended_and_the_next_begun_in_one_go_but_not_overlap(staff: Client) -> None:
    workplace = WorkplaceFactory.create(name="Før", sector="kommune")
    WorkplacePeriodFactory.create(workplace=workplace)
    following = row("periods", 1, name="Efter", sector="kommune", valid_from="2020-01-01")
    refused = save(staff, change(workplace), **following)
    assert "overlapper" in errors(refused)
    both_new = {
        **row("periods", 1, name="A", sector="kommune", valid_from="2021-01-01", valid_to="2023-01-01"),
        **row("periods", 2, name="B", sector="kommune", valid_from="2022-01-01"),
        "periods-0-valid_to": "2021-01-01",
    }
    assert "overlapper" in errors(save(staff, change(workplace), **both_new))
    saved = save(staff, change(workplace), **following, **{"periods-0-valid_to": "2020-01-01"})
    assert saved.redirect_chain, errors(saved)
    workplace.refresh_from_db()
    assert workplace.name == "Efter"


def test_a_ring_of_parents_is_refused_in_the_form(staff: Client) -> None:
    over = WorkplaceFactory.create()
    under = WorkplaceFactory.create(parent=WorkplaceFactory.create(parent=over))
    response = save(staff, change(over), parent=under.pk, how_changed="mistake")
    assert "ring" in errors(response)
    response = save(staff, change(over), **row("periods", name="x", sector="stat", parent=over.pk))
    assert "sig selv" in errors(response)


def test_nobody_overwrites_another(staff: Client) -> None:
    workplace = WorkplaceFactory.create()
    mine = shown(staff.get(change(workplace)))
    Workplace.objects.filter(pk=workplace.pk).update(website="https://deres.dk")
    response = send(staff, change(workplace), mine, website="https://min.dk")
    assert "Intet er gemt" in errors(response)
    workplace.refresh_from_db()
    assert workplace.website == "https://deres.dk"


@pytest.mark.parametrize("word", ["Nyt navn", "Gammelt navn", "forkortelse", "eksempel.dk", "%00", "'\"--"])
def test_workplaces_are_found_by_all_their_names(staff: Client, word: str) -> None:
    workplace = WorkplaceFactory.create(name="Nyt navn")
    WorkplacePeriodFactory.create(workplace=workplace, name="Gammelt navn", valid_to=dt.date(2000, 1, 1))
    WorkplaceAlias.objects.create(workplace=workplace, name="Forkortelse")
    workplace.domains.create(domain="eksempel.dk")
    response = staff.get(LIST, {"q": word})
    if word[0] not in "%'":
        assert [w.pk for w in response.context["cl"].result_list] == [workplace.pk]


def test_the_list_is_bounded_in_queries(staff: Client, django_assert_max_num_queries: Any) -> None:
    for _n in range(30):
        WorkplaceFactory.create(
            parent=WorkplaceFactory.create(), municipality=Municipality.objects.get(code="0751"), name=EVIL
        )
    with django_assert_max_num_queries(16):
        response = staff.get(LIST)
    assert EVIL not in response.content.decode()


# -- merging ------------------------------------------------------------------------


def test_merging_asks_shows_and_then_moves(staff: Client) -> None:
    keep, twin = WorkplaceFactory.create(name="Behold"), WorkplaceFactory.create(name=EVIL, slug="tvilling")
    entry = published(owner=twin)
    entry.participations.create(workplace=keep)
    chosen = {"action": "merge", "_selected_action": [keep.pk, twin.pk]}
    page = staff.post(LIST, chosen, follow=True)
    assert "indhold: 1" in page.content.decode()
    assert EVIL not in page.content.decode()
    assert Workplace.objects.filter(pk=twin.pk).exists()
    done = staff.post(MERGE, {"ids": f"{keep.pk},{twin.pk}", "keep": keep.pk}, follow=True)
    assert "lagt sammen" in told(done)
    entry.refresh_from_db()
    assert entry.owner == keep
    assert not entry.participations.exists(), "the owner is not named twice"
    assert "Behold" in Document.objects.get(content=entry).names
    assert Document.objects.get(workplace=keep).keywords == EVIL
    history = staff.get(f"{LIST}{keep.pk}/history/").content.decode()
    assert "Lagt sammen med" in history
    assert EVIL not in history
    again = staff.post(MERGE, {"ids": f"{keep.pk},{twin.pk}", "keep": keep.pk}, follow=True)
    assert "ikke længere to" in told(again)


def test_a_change_that_waits_points_at_the_one_that_is_left(staff: Client) -> None:
    from editorial.models import Change

    keep, twin = WorkplaceFactory.create(), WorkplaceFactory.create()
    entry = published()
    waiting = Change.begin(entry, by=None, proposed={"owner_id": twin.pk})
    staff.post(MERGE, {"ids": f"{keep.pk},{twin.pk}", "keep": keep.pk})
    waiting.refresh_from_db()
    waiting.approve(by=editor())
    entry.refresh_from_db()
    assert entry.owner == keep


@pytest.mark.parametrize("data", [{}, {"ids": "x"}, {"ids": "1"}, {"ids": "²,³"}, {"ids": "9" * 100}])
def test_hostile_merging(staff: Client, data: dict[str, str]) -> None:
    assert staff.post(MERGE, data).status_code == 302
    a, b, c = (WorkplaceFactory.create() for _n in range(3))
    refused = staff.post(MERGE, {"ids": f"{a.pk},{b.pk}", "keep": c.pk})
    assert refused.status_code == 200
    assert Workplace.objects.count() == 3


def test_only_what_nothing_points_at_is_deleted(staff: Client) -> None:
    used, free = WorkplaceFactory.create(), WorkplaceFactory.create()
    EntryFactory.create(owner=used)
    WorkplacePeriodFactory.create(workplace=free)
    assert staff.post(f"{LIST}{used.pk}/delete/", {"post": "yes"}).status_code == 403
    assert staff.post(f"{LIST}{free.pk}/delete/", {"post": "yes"}).status_code == 302
    assert list(Workplace.objects.all()) == [used]


# -- regions and municipalities ---------------------------------------------------------


def test_a_municipality_changes_region_from_a_day(staff: Client) -> None:
    url = "/admin/places/municipality/0751/change/"
    data = shown(staff.get(url))
    number = int(data["memberships-TOTAL_FORMS"])
    last = number - 1
    other = Region.objects.exclude(code=data[f"memberships-{last}-region"]).first()
    assert other is not None
    new = row("memberships", number, region=other.code, valid_from="2080-01-01")
    assert "overlapper" in errors(save(staff, url, **new))
    saved = save(staff, url, **new, **{f"memberships-{last}-valid_to": "2080-01-01"})
    assert saved.redirect_chain, errors(saved)
    aarhus = Municipality.objects.get(code="0751")
    assert aarhus.region_on(dt.date(2081, 1, 1)) == other
    history = staff.get("/admin/places/municipality/0751/history/").content.decode()
    assert "Kommunens region »" in history


def test_regions_and_municipalities_are_never_deleted(client: Client) -> None:
    client.force_login(UserFactory.create(admin=True))
    assert client.post("/admin/places/municipality/0751/delete/", {"post": "yes"}).status_code == 403
    assert client.post("/admin/places/region/1082/delete/", {"post": "yes"}).status_code == 403
    assert client.get("/admin/places/region/").status_code == 200

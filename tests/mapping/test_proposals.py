"""Projects and innovation units are put on the map in steps, and corrected by those who know them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from editorial.choices import Kind, Outcome, QueueKind, State
from editorial.models import Change, Content, ProposalDraft, QueueItem
from editorial.proposals.fields import ASKED as ASKED_OF_ALL
from editorial.proposals.kinds import PROPOSED
from editorial.queue import decide
from mapping.adding.asked import ASKED
from mapping.adding.steps import ABOUT, CALLED, PIECES, STAFF_ONLY, STEPS
from mapping.lists import MapListing
from mapping.models import Project, Unit
from places.models import Boundary, Workplace
from tests.factories import (
    UserFactory,
    WorkplaceFactory,
    contact_person,
    editor,
    employee,
    hidden,
    public_project,
    public_unit,
    published,
)  # fmt: skip

pytestmark = pytest.mark.django_db
ADD = "/kort/tilfoej/"
FIRST = {
    "title": "Robotter på plejehjemmet",
    "summary": "Vi prøver en robot af på natholdet.",
    "goal": "Mere ro.",
}
WHERE = {"municipality": "0751", "subject_areas": ["aeldre"], "participations-n": "0"}
AARHUS = {"lat": "56,15670", "lng": "10,21080"}


@pytest.fixture
def me(client: Client) -> User:
    """The employee who is logged in."""
    user = employee()
    client.force_login(user)
    return user


def begin(client: Client, kind: str = Kind.PROJECT) -> Any:
    """Choose what to put on the map; the draft."""
    response = client.post(ADD, {"kind": kind})
    assert response.status_code == 302
    return Content.objects.latest("pk").typed()


def step(content: Content, key: str) -> str:
    """A step's address."""
    return reverse("mapping:proposal_step", args=[content.uuid, key])


def save(client: Client, address: str, data: dict[str, Any]) -> Any:
    """Send a step, having seen its newest."""
    return client.post(address, {"seen": client.get(address).context["seen"], **data})


def fill(client: Client, **where: Any) -> Any:
    """A project with what is required."""
    content = begin(client)
    for key, data in (("vigtigste", FIRST), ("hvor", {**WHERE, **where})):
        response = save(client, step(content, key), data)
        assert response.status_code == 302, response.context["page"].form.errors
    return content


def review(content: Content) -> str:
    """Where it is sent."""
    return reverse("mapping:proposal_review", args=[content.uuid])


# -- the tables -------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "model"), [(Kind.PROJECT, Project), (Kind.UNIT, Unit)])
def test_every_part_is_asked_for_somewhere(kind: str, model: type[Content]) -> None:
    """A new field that nobody can fill in is seen; what only the editors write is named with its reason."""
    steps = STEPS[kind]
    names = [name for one in steps for name in (*one.names, *one.rows)]
    assert len(names) == len(set(names)) and steps[0].fields[:2] == ("title", "summary")
    parts = {*model.PARTS, *model.ROWS, "tags", "subject_areas"}
    assert parts - set(names) - set(STAFF_ONLY[kind]) == set()
    assert set(names) - {"contact"} <= parts
    assert PIECES[kind] and ABOUT[kind] and CALLED[kind]
    asked = {name for steps in STEPS.values() for one in steps for name in one.names}
    assert set(ASKED) <= asked | set(ASKED_OF_ALL)


# -- the whole way ----------------------------------------------------------------


@pytest.mark.parametrize("kind", [Kind.PROJECT, Kind.UNIT])
def test_each_step_opens_and_stores_and_the_editors_put_it_on_the_map(
    client: Client, me: User, kind: str
) -> None:
    content = begin(client, kind)
    for one in STEPS[kind]:
        response = save(client, step(content, one.key), {**FIRST, **WHERE, **AARHUS, "pictures-n": "0"})
        assert response.status_code == 302, (one.key, response.context["page"].form.errors)
    assert (
        FIRST["title"]
        in client.get(reverse("mapping:proposal_preview", args=[content.uuid])).content.decode()
    )
    assert client.post(review(content), {"answer": "Tak"}).status_code == 302
    content.refresh_from_db()
    assert (content.state, content.author, str(content.lat)) == (State.SUBMITTED, me, "56.15670")
    assert not ProposalDraft.objects.exists()
    assert MapListing(QueryDict("q=robotter")).count == 0
    item, by = QueueItem.objects.get(kind=QueueKind.CONTENT), editor()
    client.force_login(by)
    assert client.get(f"/admin/moderation/{item.uuid}/").status_code == 200
    decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=by, seen=item.version)
    assert MapListing(QueryDict(f"type={kind}&q=robotter")).count == 1


def test_a_workplace_is_chosen_on_the_same_page_and_has_its_own(client: Client, me: User) -> None:
    assert client.post(ADD, {"kind": "arbejdsplads"})["Location"] == reverse("mapping:add_workplace")
    assert not Content.objects.exists()
    page = client.get(f"{ADD}?type=enhed").content.decode()
    assert re.search(r'value="enhed"[^>]* checked', page)
    assert client.post(ADD, {"kind": "eksempel"}).status_code == 422


def test_begun_twice_is_one_draft(client: Client, me: User) -> None:
    token = client.get(ADD).context["form"]["once"].value()
    addresses = {client.post(ADD, {"kind": Kind.UNIT, "once": token})["Location"] for _again in range(2)}
    assert len(addresses) == 1 and Unit.objects.count() == 1


def test_who_may(client: Client) -> None:
    assert "next=/kort/tilfoej/" in client.get(ADD)["Location"]
    client.force_login(UserFactory.create())
    assert "offentlige" in client.get(ADD).content.decode()
    assert client.post(ADD, {"kind": Kind.PROJECT}).status_code == 403


def test_anothers_draft_is_nowhere_and_no_area_shows_anothers(client: Client, me: User) -> None:
    content = fill(client)
    assert client.get(reverse("catalogue:proposal_resume", args=[content.uuid])).status_code == 404
    client.force_login(employee())
    for name in ("resume", "preview", "review", "done", "undo"):
        assert client.get(reverse(f"mapping:proposal_{name}", args=[content.uuid])).status_code == 404
    assert client.get(step(content, "hvor")).status_code == 404


def test_min_side_leads_on(client: Client, me: User) -> None:
    content = fill(client)
    assert (
        reverse("mapping:proposal_resume", args=[content.uuid]) in client.get("/min-side/").content.decode()
    )


def test_what_is_not_filled_is_folded_and_a_preview_says_once_that_it_is_one(
    client: Client, me: User
) -> None:
    content = fill(client)
    assert '<details class="coi-more">' in client.get(step(content, "forloeb")).content.decode()
    save(client, step(content, "forloeb"), {"is_laboratory": "on"})
    assert '<details class="coi-more" open>' in client.get(step(content, "forloeb")).content.decode()
    preview = client.get(reverse("mapping:proposal_preview", args=[content.uuid])).content.decode()
    assert "Sådan vil siden se ud" in preview and "ikke offentlig" not in preview


# -- where ------------------------------------------------------------------------


def errors(response: Any) -> dict[str, Any]:
    """What was said at the fields."""
    assert response.status_code == 422
    return dict(response.context["page"].form.errors)


WRONG_PLACES: list[tuple[str, dict[str, Any], set[str]]] = [
    ("no place at all", {"municipality": ""}, {"municipality"}),
    ("a point without a municipality", {"municipality": "", **AARHUS}, {"municipality"}),
    ("a municipality that is none", {"municipality": "9999"}, {"municipality"}),
    ("half a point", {"lat": "56,15"}, {"lng"}),
    ("letters", {"lat": "nord", "lng": "10"}, {"lat"}),
    ("in the sea", {"lat": "56,5", "lng": "11,8"}, {"lat"}),
    ("another country", {"lat": "48,1", "lng": "11,5"}, {"lat"}),
    ("both municipality and region", {"region": "1082"}, {"region"}),
    ("an unknown workplace", {"owner": "Findes ikke"}, {"owner"}),
]


@pytest.mark.parametrize(
    ("wrong", "fields"), [row[1:] for row in WRONG_PLACES], ids=[row[0] for row in WRONG_PLACES]
)
def test_a_wrong_place_is_said_and_nothing_is_lost(
    client: Client, me: User, wrong: dict[str, Any], fields: set[str]
) -> None:
    content = begin(client)
    save(client, step(content, "vigtigste"), FIRST)
    response = save(client, step(content, "hvor"), {**WHERE, "site": "Afdeling B", **wrong})
    assert set(errors(response)) == fields
    page = client.get(step(content, "hvor")).content.decode()
    assert "Afdeling B" in page
    assert all(value in page for name, value in wrong.items() if name != "municipality")


def test_a_region_is_enough(client: Client, me: User) -> None:
    content = fill(client, municipality="", region="1082")
    content.refresh_from_db()
    assert (content.municipality_id, content.region_id) == (None, "1082")


@pytest.fixture
def boundaries() -> None:
    """Those of Aarhus and Odense, as squares."""
    for code, west, south in (("0751", 10.0, 56.0), ("0461", 10.2, 55.2)):
        east, north = west + 0.4, south + 0.4
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        geometry = {"type": "MultiPolygon", "coordinates": [[ring]]}
        Boundary.objects.create(
            municipality_id=code, geometry=geometry, outline=geometry, loaded_at=timezone.now(), west=west,
            south=south, east=east, north=north, source="prøve",
        )  # fmt: skip


def test_a_point_outside_the_municipality_is_asked_about_once(
    client: Client, me: User, boundaries: None
) -> None:
    content = begin(client)
    save(client, step(content, "vigtigste"), FIRST)
    odense = {**WHERE, "lat": "55,39594", "lng": "10,38831"}
    response = save(client, step(content, "hvor"), odense)
    assert set(errors(response)) == {"point_is_right"}
    assert 'name="point_is_right"' in response.content.decode()
    assert save(client, step(content, "hvor"), {**odense, "point_is_right": "on"}).status_code == 302
    # What stands there is not asked about again: not in the step, not when it is sent.
    assert save(client, step(content, "hvor"), odense).status_code == 302
    assert client.post(review(content), {}).status_code == 302
    item = QueueItem.objects.get()
    client.force_login(editor())
    assert (
        "ser ud til at ligge uden for kommunen"
        in client.get(f"/admin/moderation/{item.uuid}/").content.decode()
    )


# -- what looks alike and lies near --------------------------------------------------


def alike(client: Client, **asked: str) -> str:
    """What the page shows while one writes."""
    return client.get(reverse("mapping:alike"), {"type": "projekt", **asked}).content.decode()


def test_what_is_like_it_and_what_is_near_is_shown(client: Client, me: User) -> None:
    near = public_project(
        title="Natlys i Lokalcenter Nord", municipality_id="0751", lat="56.15800", lng="10.21080"
    )
    unit = public_unit(title="Innovationshuset", municipality_id="0751")
    public_project(title="Cykelsti", municipality_id="0101")
    like = published(title="Robotter i køkkenet", municipality_id="0101")
    shown = alike(client, titel="Robotter på plejehjemmet", kommune="0751", lat="56,15670", lng="10,2108")
    for content in (near, unit, like):
        assert content.get_absolute_url() in shown
    assert "150 meter herfra" in shown and "I samme kommune" in shown and "robotter" in shown
    assert "Cykelsti" not in shown
    assert shown.index(like.get_absolute_url()) < shown.index(near.get_absolute_url())


def test_hidden_ones_and_ones_own_are_never_shown(client: Client, me: User) -> None:
    public_project(title="Robotter hos os", municipality_id="0751", author=me)
    for state in (State.DRAFT, State.SUBMITTED, State.SUSPENDED):
        row = public_project(title=f"Robotter {state}", municipality_id="0751")
        Content.objects.filter(pk=row.pk).update(state=state)
    assert alike(client, titel="Robotter på plejehjemmet", kommune="0751").strip() == ""


@pytest.mark.parametrize(
    "asked",
    [
        {"type": "eksempel"}, {"titel": "x" * 5000}, {"kommune": "åååå"}, {"lat": "NaN", "lng": "inf"},
        {"lat": "1e400", "lng": "10"}, {"titel": "\x00", "kommune": "\x00"},
    ],
)  # fmt: skip
def test_whatever_is_asked_it_answers(client: Client, me: User, asked: dict[str, str]) -> None:
    assert client.get(reverse("mapping:alike"), asked).status_code == 200
    assert client.get(reverse("mapping:entry_names"), {"q": "\x00'%_" * 100}).status_code == 200


def test_what_is_near_is_shown_to_the_editors_too(client: Client, me: User) -> None:
    public_unit(title="Innovationshuset", municipality_id="0751")
    client.post(review(fill(client)), {})
    client.force_login(editor())
    assert (
        "Innovationshuset"
        in client.get(f"/admin/moderation/{QueueItem.objects.get().uuid}/").content.decode()
    )


# -- the entry it led to -------------------------------------------------------------


def test_the_example_it_led_to_is_named_by_title_or_address(client: Client, me: User) -> None:
    entry, twin = published(title="Ro om natten"), [published(title="To ens") for _twin in range(2)]
    hidden(State.SUSPENDED, title="Taget ned")
    content = fill(client)
    names = client.get(reverse("mapping:entry_names"), {"q": "ta"}).json()["forslag"]
    assert names == []
    assert client.get(reverse("mapping:entry_names"), {"q": "ro om"}).json()["forslag"] == ["Ro om natten"]
    for typed in ("»ro om natten«", f"https://portal.example{entry.get_absolute_url()}"):
        assert save(client, step(content, "resultater"), {"example": typed}).status_code == 302
        content.refresh_from_db()
        assert content.example_id == entry.pk
    assert "Ro om natten" in client.get(step(content, "resultater")).content.decode()
    for typed in ("Findes ikke", "Taget ned", "To ens", "/katalog/findes-ikke/"):
        assert set(errors(save(client, step(content, "resultater"), {"example": typed}))) == {"example"}
    assert (
        save(client, step(content, "resultater"), {"example": twin[0].get_absolute_url()}).status_code == 302
    )


def test_a_hidden_example_is_neither_shown_nor_taken_away(client: Client, me: User) -> None:
    entry = published(title="Taget ned bagefter")
    content = fill(client)
    save(client, step(content, "resultater"), {"example": entry.title})
    Content.objects.filter(pk=entry.pk).update(state=State.SUSPENDED)
    address = step(content, "resultater")
    assert "Taget ned bagefter" not in client.get(address).content.decode()
    assert save(client, address, {"example": "", "results": "Ro."}).status_code == 302
    content.refresh_from_db()
    assert (content.example_id, content.results) == (entry.pk, "Ro.")


# -- correcting what is public ----------------------------------------------------------


@pytest.fixture
def workplace() -> Workplace:
    """The workplace behind it."""
    made: Workplace = WorkplaceFactory.create()
    return made


@pytest.mark.parametrize("make", [public_project, public_unit])
def test_a_contact_person_corrects_it_and_others_cannot(
    client: Client, workplace: Workplace, make: Any
) -> None:
    content = make(owner=workplace, municipality_id="0751")
    address = PROPOSED[content.kind].edit
    edit, page = reverse(address, args=[content.slug]), content.get_absolute_url()
    client.force_login(employee())
    assert client.get(edit).status_code == 403 and edit not in client.get(page).content.decode()
    client.force_login(contact_person(workplace))
    assert edit in client.get(page).content.decode()
    response = client.post(edit, follow=True)
    change = Change.objects.get()
    first = reverse("mapping:change_step", args=[change.uuid, "vigtigste"])
    assert response.redirect_chain[-1][0] == first
    data = {"title": content.title, "summary": "Nu med en ny kort tekst."}
    assert save(client, first, data).status_code == 302
    change.refresh_from_db()
    assert change.proposed == {"summary": "Nu med en ny kort tekst."}
    preview = client.get(reverse("mapping:change_preview", args=[change.uuid])).content.decode()
    assert "Nu med en ny kort tekst." in preview and edit not in preview
    assert client.post(reverse("mapping:change_review", args=[change.uuid]), {}).status_code == 302
    item = QueueItem.objects.get(change=change)
    decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor(), seen=item.version)
    content.refresh_from_db()
    assert content.summary == "Nu med en ny kort tekst."


def test_a_projects_address_does_not_open_a_unit(client: Client, workplace: Workplace) -> None:
    unit = public_unit(owner=workplace)
    client.force_login(contact_person(workplace))
    for name in ("edit_project", "withdraw_project"):
        assert client.get(reverse(f"mapping:{name}", args=[unit.slug])).status_code == 404


def test_a_contact_person_asks_for_removal(client: Client, workplace: Workplace) -> None:
    project = public_project(owner=workplace)
    client.force_login(contact_person(workplace))
    address = reverse("mapping:withdraw_project", args=[project.slug])
    assert reverse("mapping:edit_project", args=[project.slug]) in client.get(address).content.decode()
    once = client.get(address).context["form"]["once"].value()
    for _again in range(2):
        assert client.post(address, {"reason": "Det er forældet.", "once": once}).status_code == 302
    assert QueueItem.objects.filter(kind=QueueKind.WITHDRAWAL).count() == 1

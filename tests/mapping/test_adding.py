"""Workplaces are put on the map and corrected by those who know them, through the editors."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from editorial.choices import Outcome, QueueKind
from editorial.models import Letter, QueueItem
from editorial.models.querysets import TransitionError
from editorial.queue import decide
from mapping.adding import actions
from mapping.adding.actions import propose_workplace
from mapping.adding.fields import DegreeField
from mapping.lists import MapListing
from notices.models import Notice
from places.models import Boundary, Municipality, Workplace
from tests.factories import UserFactory, WorkplaceFactory, contact_person, editor, employee

pytestmark = pytest.mark.django_db
ADD = "/kort/tilfoej/arbejdsplads/"


def sent(client: Client, url: str = ADD, **fields: Any) -> dict[str, Any]:
    """What a browser sends: the form's hidden fields, and what is typed."""
    form = client.get(url).context["form"]
    seen = {"seen": form.seen} if hasattr(form, "seen") else {}
    return {"once": form["once"].value(), **seen, **fields}


NEW = {"name": "Børnehuset Solsikken", "sector": "kommune", "municipality": "0751"}


def test_a_workplace_waits_for_the_editors_and_is_then_on_the_map(client: Client) -> None:
    client.force_login(user := employee())
    fields = sent(client, **NEW, lat="56,15000", lng="10,20000", website="solsikken.dk", message="Vi er nye.")
    assert client.post(ADD, fields).status_code == 302
    item = QueueItem.objects.get(kind=QueueKind.WORKPLACE)
    assert item.sender == user
    assert not Workplace.objects.filter(name=NEW["name"]).exists()
    assert Letter.objects.get(item=item).text == "Vi er nye."
    by = editor()
    client.force_login(by)
    assert "Børnehuset Solsikken" in client.get(f"/admin/moderation/{item.uuid}/").content.decode()
    decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=by, seen=item.version)
    workplace = Workplace.objects.get(name=NEW["name"])
    assert (str(workplace.lat), workplace.municipality_id) == ("56.15000", "0751")
    assert workplace.website == "https://solsikken.dk"
    assert workplace.periods.count() == 1
    assert MapListing(QueryDict("type=arbejdsplads&q=solsikken")).count == 1
    assert client.get(workplace.get_absolute_url()).status_code == 200


def test_sent_twice_is_one(client: Client) -> None:
    client.force_login(employee())
    fields = sent(client, **NEW)
    for _n in range(3):
        client.post(ADD, fields)
    assert QueueItem.objects.filter(kind=QueueKind.WORKPLACE).count() == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"name": " "}, "Skriv, hvad arbejdspladsen hedder."),
        ({"sector": "maanen"}, "Vælg"),
        ({"municipality": ""}, "Vælg den kommune, stedet ligger i."),
        ({"lat": "55,6"}, "Skriv begge tal"),
        ({"lat": "hist", "lng": "her"}, "Skriv et tal med grader"),
        ({"lat": "NaN", "lng": "12"}, "Skriv et tal med grader"),
        ({"lat": "1e9", "lng": "12"}, "ligger uden for Danmark"),
        ({"lat": "12,5", "lng": "55,6"}, "ligger uden for Danmark"),
        ({"postcode": "80"}, "fire cifre"),
        ({"website": "javascript:alert(1)"}, "Skriv en adresse"),
        ({"website": "ftp://x.dk"}, "https://"),
        ({"message": "010190-1234"}, "CPR"),
    ],
)
def test_wrong_input_is_explained_and_nothing_is_lost(
    client: Client, changes: dict[str, str], said: str
) -> None:
    client.force_login(employee())
    response = client.post(ADD, sent(client, **{**NEW, "address": "Solvej 3", **changes}))
    html = response.content.decode()
    assert response.status_code == 422
    assert said in html
    assert 'value="Solvej 3"' in html
    assert not QueueItem.objects.exists()


def test_a_point_outside_the_municipality_is_asked_about_once(client: Client) -> None:
    _square("0751", 10.0, 56.0)
    _square("0101", 12.4, 55.6)
    client.force_login(employee())
    fields = sent(client, **NEW, lat="55,70", lng="12,50")
    response = client.post(ADD, fields)
    assert response.status_code == 422
    assert "Punktet ser ud til at ligge uden for Aarhus Kommune." in response.content.decode()
    assert client.post(ADD, {**fields, "point_is_right": "on"}).status_code == 302
    item = QueueItem.objects.get()
    client.force_login(editor())
    assert (
        "Punktet ser ud til at ligge uden for kommunen."
        in client.get(f"/admin/moderation/{item.uuid}/").content.decode()
    )


def _square(code: str, lng: float, lat: float) -> None:
    ring = [[lng, lat], [lng + 0.5, lat], [lng + 0.5, lat + 0.5], [lng, lat + 0.5], [lng, lat]]
    geometry = {"type": "MultiPolygon", "coordinates": [[ring]]}
    Boundary.objects.create(
        municipality=Municipality.objects.get(pk=code), geometry=geometry, outline=geometry, loaded_at=timezone.now(),
        west=lng, south=lat, east=lng + 0.5, north=lat + 0.5, source="prøve",
    )  # fmt: skip


def test_a_contact_person_corrects_and_the_old_stands_until_it_is_shown(client: Client) -> None:
    workplace = WorkplaceFactory.create(municipality_id="0101", website="https://gammel.dk")
    client.force_login(contact_person(workplace))
    url = f"/kort/arbejdspladser/{workplace.slug}/ret/"
    client.post(url, sent(client, url, municipality="0751", website="https://ny.dk"))
    item = QueueItem.objects.get(kind=QueueKind.WORKPLACE)
    assert item.snapshot["before"] == {"municipality": "0101", "website": "https://gammel.dk"}
    workplace.refresh_from_db()
    assert workplace.municipality_id == "0101"
    decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor(), seen=item.version)
    workplace.refresh_from_db()
    assert (workplace.municipality_id, workplace.website) == ("0751", "https://ny.dk")


def test_a_correction_of_what_moved_is_not_shown(client: Client) -> None:
    workplace = WorkplaceFactory.create(municipality_id="0101")
    client.force_login(contact_person(workplace))
    url = f"/kort/arbejdspladser/{workplace.slug}/ret/"
    client.post(url, sent(client, url, municipality="0751"))
    item = QueueItem.objects.get(kind=QueueKind.WORKPLACE)
    Workplace.objects.filter(pk=workplace.pk).update(municipality_id="0461")
    with pytest.raises(TransitionError):
        decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor(), seen=item.version)


def test_nothing_corrected_is_said(client: Client) -> None:
    workplace = WorkplaceFactory.create(municipality_id="0101")
    client.force_login(contact_person(workplace))
    url = f"/kort/arbejdspladser/{workplace.slug}/ret/"
    response = client.post(url, sent(client, url, municipality="0101"))
    assert "Du har ikke rettet noget endnu." in response.content.decode()


def test_two_of_the_same_name_in_a_municipality_are_one(client: Client) -> None:
    client.force_login(employee())
    client.post(ADD, sent(client, **NEW))
    item = QueueItem.objects.get()
    WorkplaceFactory.create(name=NEW["name"], municipality_id="0751")
    with pytest.raises(ValidationError, match="allerede"):
        decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor(), seen=item.version)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize(("municipality", "told"), [("0751", ["allerede", "ok"]), ("0461", ["ok", "ok"])])
def test_equal_ones_shown_at_once(
    monkeypatch: pytest.MonkeyPatch, municipality: str, told: list[str]
) -> None:
    """In one municipality they are one; in two they are two, each at an address of its own."""
    both_in, outcomes = threading.Barrier(2), []
    real = actions._free_slug

    def slowly(name: str) -> str:
        slug = real(name)
        try:
            both_in.wait(0.5)  # both have looked, and neither has been saved, unless one waits for the other
        except threading.BrokenBarrierError:
            pass
        return slug

    monkeypatch.setattr(actions, "_free_slug", slowly)
    facts = {"name": "Børnehuset Solsikken", "sector": "kommune"}
    items = [
        propose_workplace(facts={**facts, "name": name, "municipality": code}, message="", by=employee())
        for name, code in ((facts["name"], "0751"), ("børnehuset  solsikken", municipality))
    ]

    def approve(item: QueueItem, by: User) -> None:
        try:
            decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=by, seen=item.version)
            outcomes.append("ok")
        except TransitionError as error:
            outcomes.append("allerede" if "allerede" in str(error) else str(error))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=approve, args=(item, editor())) for item in items]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == told
    found = list(Workplace.objects.filter(name__iexact=facts["name"]))
    assert len(found) == len({workplace.slug for workplace in found}) == told.count("ok")


def test_a_citizen_is_told_why_and_cannot_send(client: Client) -> None:
    client.force_login(UserFactory.create())
    html = client.get(ADD).content.decode()
    assert "Fortæl, hvor du arbejder" in html
    assert client.post(ADD, NEW).status_code == 403


def test_names_that_look_alike_are_shown(client: Client) -> None:
    WorkplaceFactory.create(name="Børnehuset Solsikken", municipality_id="0101")
    client.force_login(employee())
    html = client.get(
        "/kort/tilfoej/arbejdsplads/ligner/?navn=Solsikken+i+Aarhus&kommune=0751"
    ).content.decode()
    assert "Børnehuset Solsikken" in html
    assert "<li" not in client.get("/kort/tilfoej/arbejdsplads/ligner/?navn=ab").content.decode()


@pytest.mark.parametrize(
    ("text", "number"),
    [("55,6761", "55.67610"), ("55.6761°", "55.67610"), (" 55,1 N", "55.10000"), ("", None)],
)
def test_degrees_as_people_write_them(text: str, number: str | None) -> None:
    field = DegreeField(within=(54.4, 57.9), outside="uden for", label="x")
    assert str(field.clean(text) or "") == (number or "")


def test_script_in_a_name_is_text(client: Client) -> None:
    evil = "<script>alert(1)</script> Solsikken"
    client.force_login(employee())
    client.post(ADD, sent(client, **{**NEW, "name": evil}))
    item = QueueItem.objects.get()
    client.force_login(editor())
    assert "<script>alert(1)" not in client.get(f"/admin/moderation/{item.uuid}/").content.decode()


def test_a_name_with_a_null_character_finds_what_it_can(client: Client) -> None:
    WorkplaceFactory.create(name="Børnehuset Solsikken", municipality_id="0101")
    client.force_login(employee())
    assert (
        "Børnehuset" in client.get("/kort/tilfoej/arbejdsplads/ligner/?navn=x%00+Solsikken").content.decode()
    )
    fields = sent(client, **{**NEW, "name": "Solsikken\x00huset"})
    assert client.post(ADD, fields).status_code == 422


def test_a_correction_in_words_alone_is_a_correction(client: Client) -> None:
    workplace = WorkplaceFactory.create(municipality_id="0101")
    client.force_login(user := contact_person(workplace))
    url = f"/kort/arbejdspladser/{workplace.slug}/ret/"
    client.post(url, sent(client, url, municipality="0101", message="Vi hedder noget andet fra maj."))
    item = QueueItem.objects.get(kind=QueueKind.WORKPLACE)
    client.force_login(by := editor())
    html = client.get(f"/admin/moderation/{item.uuid}/").content.decode()
    assert "Ingen felter er rettet." in html
    decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=by, seen=item.version)
    told = Notice.objects.filter(recipient=user).latest("pk").text
    assert told == f"Oplysningerne om »{workplace.name}« er rettet."


def test_the_matter_on_paper_says_what_was_proposed(client: Client) -> None:
    workplace = WorkplaceFactory.create(municipality_id="0101", website="https://gammel.dk")
    client.force_login(contact_person(workplace))
    url = f"/kort/arbejdspladser/{workplace.slug}/ret/"
    client.post(url, sent(client, url, municipality="0101", website="https://ny.dk"))
    client.post(ADD, sent(client, **NEW))
    client.force_login(editor())
    for item, text in zip(
        QueueItem.objects.filter(kind=QueueKind.WORKPLACE).order_by("pk"),
        ("https://gammel.dk → https://ny.dk", "Børnehuset Solsikken"),
        strict=True,
    ):
        html = client.get(reverse("editorial:matter", args=[item.uuid])).content.decode()
        assert text in html


def test_a_form_that_stood_open_while_somebody_corrected_says_so_and_keeps_what_was_typed(
    client: Client,
) -> None:
    workplace = WorkplaceFactory.create(municipality_id="0101")
    client.force_login(contact_person(workplace))
    url = f"/kort/arbejdspladser/{workplace.slug}/ret/"
    fields = sent(client, url, municipality="0101", address="Solvej 3")
    Workplace.objects.filter(pk=workplace.pk).update(website="https://ny.dk")
    response = client.post(url, fields)
    html = response.content.decode()
    assert response.status_code == 422 and "Oplysningerne er rettet" in html and 'value="Solvej 3"' in html
    again = {**fields, "seen": response.context["form"].seen, "website": "https://ny.dk"}
    assert client.post(url, again).status_code == 302
    assert QueueItem.objects.get(kind=QueueKind.WORKPLACE).snapshot["after"] == {"address": "Solvej 3"}


def test_min_side_tells_where_it_is(client: Client) -> None:
    client.force_login(employee())
    client.post(ADD, sent(client, **NEW))
    assert "Børnehuset Solsikken" in client.get("/min-side/").content.decode()
    item = QueueItem.objects.get()
    decide(
        uuid=item.uuid,
        outcome=Outcome.REJECTED,
        by=editor(),
        reason="Den er her allerede.",
        seen=item.version,
    )
    html = client.get("/min-side/").content.decode()
    assert "Ikke taget med" in html and "Den er her allerede." in html

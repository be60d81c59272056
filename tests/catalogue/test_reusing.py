"""Reuse: who may tell, change, confirm, object and take back; what is shown, counted and never seen."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from catalogue.mine import my_panels
from catalogue.models import Entry, Reuse
from catalogue.reusing import actions
from editorial.choices import Outcome, QueueKind
from editorial.models import Change, Letter, QueueItem, Report
from editorial.models.querysets import TransitionError
from editorial.queue import decide, decide_many
from notices.models import Notice
from places.models import Basis, Membership, MembershipState, Role, Workplace
from search.models import Document
from tests.catalogue.people import contact, member
from tests.factories import (
    HIDDEN_STATES,
    ReuseFactory,
    UserFactory,
    WorkplaceFactory,
    editor,
    hidden,
    published,
)
from tests.pages import slugs

pytestmark = pytest.mark.django_db


class World:
    """An entry with an owner, and a workplace that reuses it."""

    def __init__(self) -> None:
        self.origin = WorkplaceFactory.create(name="Ophavet", slug="ophavet")
        self.place = WorkplaceFactory.create(name="Genbrugerne", slug="genbrugerne")
        self.entry = published(title="Vi ringer først", owner=self.origin)
        self.address = reverse("catalogue:reuse", args=[self.entry.slug])

    def data(self, **fields: Any) -> dict[str, Any]:
        """A filled-in form."""
        return {
            "workplace": self.place.slug, "kind": "tilpasset", "phase": "i-drift", "year": "2024",
            "what_changed": "Vi skriver en sms", "result": "Færre klager", "parent": "", "told": "",
            "once": str(uuid.uuid4()),
        } | fields  # fmt: skip

    def reuse(self) -> Reuse:
        """The one row."""
        return Reuse.objects.get(entry=self.entry, workplace=self.place)

    def tell(self, by: User | None = None, **fields: Any) -> Reuse:
        """Tell it without a page."""
        data = {
            "kind": "tilpasset",
            "phase": "i-drift",
            "year": 2024,
            "what_changed": "Sms",
            "result": "",
            "parent": None,
        }
        return actions.tell_of_reuse(
            entry=self.entry, workplace=self.place, by=by or contact(self.place), data=data | fields, new=True
        )

    def shown(self, **fields: Any) -> Reuse:
        """Told and approved."""
        row = self.tell(**fields)
        assert row.item
        decide(uuid=row.item.uuid, outcome=Outcome.APPROVED, by=editor())
        return self.reuse()


@pytest.fixture
def world() -> World:
    """See World."""
    return World()


def who(name: str, world: World) -> User | None:
    """Somebody by their part in it."""
    people = {
        "citizen": lambda: UserFactory.create(),
        "employee": lambda: member(world.place),
        "contact": lambda: contact(world.place),
        "origin": lambda: contact(world.origin),
        "elsewhere": lambda: contact(WorkplaceFactory.create()),
        "private": lambda: member(WorkplaceFactory.create(sector="privat")),
        "closed": lambda: member(WorkplaceFactory.create(closed_on=dt.date(2020, 1, 1))),
        "editor": editor,
        "teller": lambda: world.reuse().told_by,
    }
    return people[name]() if name != "anonymous" else None


def signed_in(client: Client, user: User | None) -> Client:
    """A client of somebody."""
    client.logout()
    if user:
        client.force_login(user)
    return client


@pytest.mark.parametrize(
    ("name", "get", "form", "post"),
    [
        ("anonymous", 302, False, 302),
        ("citizen", 200, False, 403),
        ("private", 200, False, 403),
        ("closed", 200, False, 403),
        ("origin", 200, False, 403),
        ("employee", 200, True, 302),
        ("contact", 200, True, 302),
        ("elsewhere", 200, True, 422),  # the form names a workplace that is not theirs
    ],
)
def test_who_may_tell(client: Client, world: World, name: str, get: int, form: bool, post: int) -> None:
    """Public employees with a workplace, for their own; the origin does not reuse its own."""
    signed_in(client, who(name, world))
    response = client.get(world.address)
    assert response.status_code == get
    assert ('name="kind"' in response.content.decode()) is form
    assert client.post(world.address, world.data()).status_code == post
    assert Reuse.objects.exists() is (post == 302 and name != "anonymous")


def test_who_has_no_workplace_is_told_how(client: Client, world: World) -> None:
    """And the owner why not."""
    assert "hvor du arbejder" in signed_in(client, who("citizen", world)).get(world.address).content.decode()
    assert "jeres eget" in signed_in(client, who("origin", world)).get(world.address).content.decode()


def test_what_is_told(client: Client, world: World) -> None:
    """One row that waits; the origin knows at once; nothing of it is seen before the editors show it."""
    origin = contact(world.origin)
    me = who("contact", world)
    signed_in(client, me).post(world.address, world.data())
    row = world.reuse()
    assert (row.visible, row.told_by, row.phase_since is not None, row.confirmed_on) == (
        False,
        me,
        True,
        None,
    )
    assert row.item and row.item.kind == QueueKind.REUSE and row.item.workplace == world.place
    notice = Notice.objects.get(recipient=origin, event="genbrug")
    assert (
        notice.url == reverse("catalogue:reuse_origin", args=[row.uuid]) and "Genbrugerne" in notice.subject
    )
    client.logout()
    for page in (world.entry.get_absolute_url(), "/katalog/", "/katalog/eksport.json", "/katalog/feed/"):
        text = b"".join(client.get(page)).decode()  # the export is streamed
        assert "Genbrugerne" not in text and "Vi skriver en sms" not in text, page
    assert Document.objects.get(content=world.entry.pk).reuse_count == 0
    decide(uuid=row.item.uuid, outcome=Outcome.APPROVED, by=editor())
    text = client.get(world.entry.get_absolute_url()).content.decode()
    assert "Genbrugerne" in text and "Vi skriver en sms" in text and "Færre klager" in text
    assert Document.objects.get(content=world.entry.pk).reuse_count == 1
    assert Notice.objects.filter(recipient=me, event="behandling").count() == 1


def test_the_mailbox_hears_where_nobody_speaks(world: World) -> None:
    """And nobody, where there is no mailbox either."""
    world.tell()
    assert not Notice.objects.exists()
    Workplace.objects.filter(pk=world.origin.pk).update(mailbox="post@ophavet.example")
    other = World.__new__(World)
    other.__dict__ |= vars(world) | {"place": WorkplaceFactory.create()}
    other.entry.refresh_from_db()
    other.entry.owner.refresh_from_db()
    other.tell()
    assert Notice.objects.get().address == "post@ophavet.example"


@pytest.mark.parametrize(
    "field", ["visible", "confirmed_on", "entry", "told_by", "item", "phase_since", "created_at"]
)
def test_nothing_else_is_taken_from_the_form(client: Client, world: World, field: str) -> None:
    """What only the portal sets stays as it is."""
    other = published(title="En anden")
    values = {"visible": "on", "confirmed_on": "2020-01-01", "entry": other.pk, "told_by": 1, "item": 1,
              "phase_since": "2001-01-01", "created_at": "2001-01-01"}  # fmt: skip
    signed_in(client, who("contact", world)).post(world.address, world.data(**{field: values[field]}))
    row = world.reuse()
    assert (row.visible, row.confirmed_on, row.entry_id) == (False, None, world.entry.pk)
    assert row.phase_since and row.phase_since.year > 2001 and row.created_at.year > 2001


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": "stjaalet"}, "Vælg"),
        ({"kind": ""}, "Vælg, hvordan"),
        ({"phase": ""}, "Vælg, hvor langt"),
        ({"year": "næste år"}, "årstal"),
        ({"year": "1776"}, "årstal"),
        ({"year": "2999"}, "årstal"),
        ({"what_changed": "x" * 301}, "300"),
        ({"result": "Borger 010203-1234 blev glad"}, "CPR"),
        ({"workplace": "ophavet"}, "dine egne"),
        ({"workplace": "findes-ikke"}, "dine egne"),
        ({"parent": "ikke-et-nummer"}, "genbruger det samme"),
        ({"parent": str(uuid.uuid4())}, "genbruger det samme"),
    ],
)
def test_what_is_refused(client: Client, world: World, fields: dict[str, str], sentence: str) -> None:
    """A sentence at the field, nothing stored, and what was typed is still there."""
    response = signed_in(client, who("contact", world)).post(world.address, world.data(**fields))
    text = response.content.decode()
    assert response.status_code == 422 and sentence in text
    assert "Vi skriver en sms" in text or "what_changed" in fields
    assert not Reuse.objects.exists()


def test_whom_it_builds_on(client: Client, world: World) -> None:
    """Another's shown reuse of the same entry: not of another entry, not a hidden one, not in a ring."""
    fine, unseen = (
        ReuseFactory.create(entry=world.entry),
        ReuseFactory.create(entry=world.entry, visible=False),
    )
    foreign = ReuseFactory.create(entry=published())
    signed_in(client, who("contact", world))
    for bad in (foreign, unseen):
        assert client.post(world.address, world.data(parent=str(bad.uuid))).status_code == 422
    assert client.post(world.address, world.data(parent=str(fine.uuid))).status_code == 302
    row = world.reuse()
    assert row.parent == fine
    Reuse.objects.filter(pk=row.pk).update(visible=True, parent=None)
    Reuse.objects.filter(pk=fine.pk).update(parent=row)
    ring = client.post(world.address, world.data(parent=str(fine.uuid), told=str(row.uuid)))
    assert ring.status_code == 422 and "fået det fra jer" in ring.content.decode()


@pytest.mark.parametrize("state", [s for s in HIDDEN_STATES if s != "archived"])
def test_hidden_entries_are_not_reused(client: Client, world: World, state: str) -> None:
    """404, as if there were nothing; also for what never had an address."""
    entry = hidden(state, owner=world.origin)
    signed_in(client, who("contact", world))
    for name in ("catalogue:reuse", "catalogue:ask"):
        address = reverse(name, args=[entry.slug or "findes-ikke"])
        assert client.get(address).status_code == client.post(address, world.data()).status_code == 404
    assert not Reuse.objects.exists()


def test_an_archived_entry_can_still_be_reused(client: Client, world: World) -> None:
    """It can be read."""
    entry = hidden("archived", owner=world.origin)
    signed_in(client, who("contact", world))
    assert client.post(reverse("catalogue:reuse", args=[entry.slug]), world.data()).status_code == 302


@pytest.mark.parametrize(
    ("name", "status"),
    [("contact", 302), ("teller", 302), ("employee", 403), ("elsewhere", 422), ("origin", 403)],
)
def test_who_may_change_it(client: Client, world: World, name: str, status: int) -> None:
    """The contact person and whoever told it; other colleagues see that it has been told."""
    world.tell(by=member(world.place))
    signed_in(client, who(name, world))
    data = world.data(told=str(world.reuse().uuid), what_changed="Noget andet")
    assert client.post(world.address, data).status_code == status
    assert (world.reuse().what_changed == "Noget andet") is (status == 302)
    if name == "employee":
        assert "En kollega har allerede fortalt" in client.get(world.address).content.decode()


def test_whoever_left_changes_nothing_more(client: Client, world: World) -> None:
    """Also not what they told themselves."""
    teller = member(world.place)
    world.tell(by=teller)
    teller.memberships.all().delete()
    row = world.reuse()
    assert signed_in(client, teller).post(world.address, world.data(told=str(row.uuid))).status_code == 403
    assert client.post(reverse("catalogue:reuse_take_back", args=[row.uuid])).status_code == 404


@pytest.mark.parametrize(
    ("phase", "counts"), [("overvejer", 0), ("afproever", 0), ("i-drift", 1), ("stoppet", 0)]
)
def test_only_what_is_in_use_counts(client: Client, world: World, phase: str, counts: int) -> None:
    """In facts, the card and sort=genbrugt; the phase is told as it is, and changes at once."""
    other = published(title="Ikke genbrugt", day=dt.date(2026, 1, 1))
    world.shown(phase="i-drift" if phase != "i-drift" else "overvejer")
    row = world.reuse()
    teller = row.told_by
    assert teller
    data = world.data(phase=phase, told=str(row.uuid), what_changed="Sms", result="", year="2024")
    signed_in(client, teller).post(world.address, data)
    changed = world.reuse()
    assert (changed.phase, changed.proposed, changed.visible) == (phase, {}, True)
    assert not QueueItem.objects.waiting().exists()
    assert Document.objects.get(content=world.entry.pk).reuse_count == counts
    client.logout()
    order = slugs(client.get("/katalog/?sort=genbrugt"))
    assert order[:2] == ([world.entry.slug, other.slug] if counts else order[:2])
    text = client.get(world.entry.get_absolute_url()).content.decode()
    assert changed.get_phase_display().lower() in text
    assert ("1 sted" in text) is bool(counts)
    assert ("tæller først med" in text) is not bool(counts)


def test_texts_wait_and_the_phase_does_not(client: Client, world: World) -> None:
    """What is shown stays until the editors have read the new; then it is all applied."""
    row = world.shown()
    assert row.told_by
    signed_in(client, row.told_by)
    client.post(world.address, world.data(phase="stoppet", what_changed="NYT", told=str(row.uuid)))
    row = world.reuse()
    assert (row.phase, row.what_changed, row.proposed["what_changed"]) == ("stoppet", "Sms", "NYT")
    assert "NYT" in client.get(world.address).content.decode()
    client.logout()
    assert "NYT" not in client.get(world.entry.get_absolute_url()).content.decode()
    assert row.item and row.item.is_waiting
    client.force_login(editor())
    page = client.get(reverse("editorial:item", args=[row.item.uuid])).content.decode()
    assert "NYT" in page and "Sms" in page
    decide(uuid=row.item.uuid, outcome=Outcome.APPROVED, by=editor())
    row = world.reuse()
    assert (row.what_changed, row.result, row.kind, row.proposed) == ("NYT", "Færre klager", "tilpasset", {})


@pytest.mark.parametrize("outcome", [Outcome.REJECTED, Outcome.RETURNED])
def test_no_leaves_what_is_shown(world: World, outcome: str) -> None:
    """And needs a reason; a new one is not shown."""
    row = world.tell()
    assert row.item
    with pytest.raises(TransitionError):
        decide(uuid=row.item.uuid, outcome=outcome, by=editor())
    decide(uuid=row.item.uuid, outcome=outcome, by=editor(), reason="Hvor mange?")
    assert not world.reuse().visible
    assert "Hvor mange?" in Notice.objects.get(event="behandling").text


def test_many_are_approved_in_one_go(world: World) -> None:
    """Without being opened."""
    item = world.tell().item
    assert item is not None
    assert decide_many(seen=[(item.uuid, item.version)], outcome=Outcome.APPROVED, by=editor()) == (1, [])
    assert world.reuse().visible


def test_sent_twice_is_one(client: Client, world: World) -> None:
    """The same form again, and a colleague who was slower: one row, and nothing typed is lost."""
    data = world.data()
    first = who("contact", world)
    signed_in(client, first)
    for _ in range(2):
        assert client.post(world.address, data).status_code == 302
    assert Reuse.objects.count() == QueueItem.objects.count() == 1
    slower = contact(world.place)
    response = signed_in(client, slower).post(world.address, world.data(what_changed="MIT"))
    text = response.content.decode()
    assert response.status_code == 422 and "Det er allerede fortalt" in text and "MIT" in text
    assert f'value="{world.reuse().uuid}"' in text and world.reuse().what_changed == "Vi skriver en sms"
    response = signed_in(client, member(world.place)).post(world.address, world.data())
    assert response.status_code in (302, 403)
    assert Reuse.objects.count() == 1


ACTIONS = ("reuse_confirm", "reuse_objection", "reuse_take_back")


@pytest.mark.parametrize(
    ("name", "page", "confirm", "objection", "take_back"),
    [
        ("anonymous", 302, 302, 302, 302),
        ("citizen", 404, 404, 404, 404),
        ("elsewhere", 404, 404, 404, 404),
        ("employee", 404, 404, 404, 404),
        ("origin", 200, 302, 302, 403),
        ("contact", 200, 403, 403, 302),
        ("teller", 200, 403, 403, 302),
        ("editor", 200, 403, 403, 403),
    ],
)
def test_both_sides(
    client: Client, world: World, name: str, page: int, confirm: int, objection: int, take_back: int
) -> None:
    """Who sees the reuse's own page and may do what there; GET does nothing; another's uuid is 404."""
    row = world.tell(by=member(world.place))
    signed_in(client, who(name, world))
    assert client.get(reverse("catalogue:reuse_origin", args=[row.uuid])).status_code == page
    for action, status in zip(ACTIONS, (confirm, objection, take_back), strict=True):
        address = reverse(f"catalogue:{action}", args=[row.uuid])
        assert client.get(address).status_code == 405
        assert client.post(address, {"note": "Det passer ikke"}).status_code == status, action
        unknown = client.post(reverse(f"catalogue:{action}", args=[uuid.uuid4()])).status_code
        assert unknown == (302 if name == "anonymous" else 404)
    kept = world.reuse()
    assert (kept.confirmed_on is not None) is (confirm == 302 and name != "anonymous")
    assert Letter.objects.exists() is (objection == 302 and name != "anonymous")


def test_the_origin_confirms_once(client: Client, world: World) -> None:
    """Both sides see it, the page shows it, and the editors do at the item."""
    origin = contact(world.origin)
    row = world.tell()
    assert my_panels(origin)[0].context["rows"] == [row]
    signed_in(client, origin)
    for _ in range(2):
        client.post(reverse("catalogue:reuse_confirm", args=[row.uuid]))
    row = world.reuse()
    assert row.confirmed_on and not row.visible and row.item
    assert [s["key"] for s in row.item.signals if s["key"] == "confirmed"] == ["confirmed"]
    assert Notice.objects.filter(recipient=row.told_by, event="genbrug").count() == 1
    decide(uuid=row.item.uuid, outcome=Outcome.APPROVED, by=editor())
    client.logout()
    assert "bekræftet af dem, der begyndte" in client.get(world.entry.get_absolute_url()).content.decode()


def change(world: World, by: User | None, **fields: Any) -> Reuse:
    """The same told again, with something else."""
    assert by
    data = {
        "kind": "tilpasset",
        "phase": "i-drift",
        "year": 2024,
        "what_changed": "Sms",
        "result": "",
        "parent": None,
    }
    return actions.tell_of_reuse(
        entry=world.entry, workplace=world.place, by=by, data=data | fields, new=False
    )


@pytest.mark.parametrize("fields", [{"what_changed": "NYT"}, {"year": 2020}, {"kind": "kopieret"}])
@pytest.mark.parametrize("shown", [True, False])
def test_a_confirmation_is_of_what_was_read(world: World, shown: bool, fields: dict[str, Any]) -> None:
    """Other texts are not confirmed: the origin is asked again, once they stand. The phase takes nothing away."""
    origin = contact(world.origin)
    row = world.shown() if shown else world.tell()
    assert actions.confirm_reuse(reuse=row, by=origin)
    asked = Notice.objects.filter(recipient=origin, event="genbrug")
    change(world, row.told_by, phase="stoppet")
    assert world.reuse().confirmed_on and asked.count() == 1
    row = change(world, row.told_by, **fields)
    assert row.item
    if shown:
        assert world.reuse().confirmed_on and asked.count() == 1
        decide(uuid=row.item.uuid, outcome=Outcome.APPROVED, by=editor())
    else:
        assert "confirmed" not in [s["key"] for s in QueueItem.objects.get().signals]
    assert world.reuse().confirmed_on is None and asked.count() == 2
    assert "bekræft" in asked.latest("pk").text


def test_what_waits_as_a_change_is_not_confirmed(world: World) -> None:
    """The origin has read what is shown, and the editors are not told otherwise."""
    row = world.shown()
    row = change(world, row.told_by, what_changed="NYT")
    actions.confirm_reuse(reuse=row, by=contact(world.origin))
    assert QueueItem.objects.waiting().get().signals == []


@pytest.mark.parametrize("part", ["told it", "speaks for both"])
def test_nobody_confirms_their_own(client: Client, world: World, part: str) -> None:
    """403, without a button, and without being asked to."""
    person = contact(world.origin)
    Membership.objects.create(
        user=person, workplace=world.place, role=Role.EMPLOYEE if part == "told it" else Role.CONTACT,
        state=MembershipState.ACTIVE, basis=Basis.STAFF, approved_at=timezone.now(),
        confirm_by=None if part == "told it" else timezone.localdate() + dt.timedelta(days=300),
    )  # fmt: skip
    row = world.tell(by=person if part == "told it" else None)
    signed_in(client, person)
    page = client.get(reverse("catalogue:reuse_origin", args=[row.uuid]))
    address = reverse("catalogue:reuse_confirm", args=[row.uuid])
    assert page.status_code == 200 and address not in page.content.decode()
    assert client.post(address).status_code == 403 and world.reuse().confirmed_on is None
    assert "så bekræft det" not in Notice.objects.get(recipient=person, event="genbrug").text


def test_what_is_rewritten_is_looked_through_again(world: World) -> None:
    """The signals are those of the new text, with what the origin said; letters stay; a colleague answers for it."""
    row = world.tell(what_changed="Ring til 010203-1234 eller skriv til min@adresse.example")
    assert row.item and row.item.signals
    actions.object_to_reuse(reuse=row, by=contact(world.origin), note="Kender dem ikke")
    before = QueueItem.objects.get()
    colleague = contact(world.place)
    change(world, colleague, what_changed="Sms")
    after = QueueItem.objects.get()
    assert [s["key"] for s in after.signals] == ["objection"]
    assert (after.version, after.sender, after.letters.count()) == (before.version + 1, colleague, 1)
    change(world, colleague, what_changed="Ring til 010203-1234")
    assert len(QueueItem.objects.get().signals) > 1


def test_an_objection_reaches_the_editors(client: Client, world: World) -> None:
    """With what waits; as a report when it is shown already. Empty ones are refused."""
    origin = contact(world.origin)
    row = world.tell()
    address = reverse("catalogue:reuse_objection", args=[row.uuid])
    signed_in(client, origin)
    assert client.post(address, {"note": ""}).status_code == 422
    client.post(address, {"note": "Vi kender dem ikke"})
    row = world.reuse()
    assert row.item and "Vi kender dem ikke" in Letter.objects.get(item=row.item).text
    assert row.item.signals[0]["severe"]
    decide(uuid=row.item.uuid, outcome=Outcome.APPROVED, by=editor())
    client.post(address, {"note": "Stadig ikke"})
    assert "Stadig ikke" in Report.objects.get().text and world.reuse().visible


def test_taken_down_is_gone_for_both_sides(client: Client, world: World) -> None:
    """The reuse's page and panels go with the entry."""
    row, origin = world.tell(), contact(world.origin)
    world.entry.suspend(by=None, reason="Prøve")
    for person in (origin, row.told_by):
        assert person and my_panels(person) == []
        signed_in(client, person)
        assert client.get(reverse("catalogue:reuse_origin", args=[row.uuid])).status_code == 404
        for action in ACTIONS:
            assert (
                client.post(reverse(f"catalogue:{action}", args=[row.uuid]), {"note": "x"}).status_code == 404
            )


def test_taken_back(client: Client, world: World) -> None:
    """Gone from page and count, out of the queue, and it can be told again."""
    row = world.shown()
    assert row.told_by
    signed_in(client, row.told_by)
    for _ in range(2):
        client.post(reverse("catalogue:reuse_take_back", args=[row.uuid]))
    assert not world.reuse().visible and Document.objects.get(content=world.entry.pk).reuse_count == 0
    assert client.post(world.address, world.data(told=str(row.uuid))).status_code == 302
    again = world.reuse()
    assert again.item and again.item.is_waiting and not again.visible
    client.post(reverse("catalogue:reuse_take_back", args=[row.uuid]))
    assert not QueueItem.objects.waiting().exists()


def test_what_happens_while_it_waits(world: World) -> None:
    """A parent that was hidden meanwhile is left out; a deleted row can't be shown, and says so."""
    parent = ReuseFactory.create(entry=world.entry)
    row = world.shown()
    assert row.told_by
    data = {
        "kind": "kopieret",
        "phase": "i-drift",
        "year": 2020,
        "what_changed": "",
        "result": "",
        "parent": parent,
    }
    row = actions.tell_of_reuse(
        entry=world.entry, workplace=world.place, by=row.told_by, data=data, new=False
    )
    Reuse.objects.filter(pk=parent.pk).update(visible=False)
    assert row.item
    decide(uuid=row.item.uuid, outcome=Outcome.APPROVED, by=editor())
    row = world.reuse()
    assert (row.parent, row.kind, row.year) == (None, "kopieret", 2020)


def test_entries_that_have_nobody(client: Client, world: World) -> None:
    """No owner: it is told all the same, and nobody can confirm it."""
    Entry.objects.filter(pk=world.entry.pk).update(owner=None)
    signed_in(client, who("contact", world))
    assert client.post(world.address, world.data()).status_code == 302
    assert not Notice.objects.exists()


def test_html_is_text(client: Client, world: World) -> None:
    """In every field."""
    evil = "<script>alert(1)</script>"
    world.shown(what_changed=evil, result=evil)
    assert evil not in client.get(world.entry.get_absolute_url()).content.decode()


def test_panels_of_nobody() -> None:
    """Who has nothing sees nothing."""
    assert my_panels(UserFactory.create()) == []


def test_written_in_admin_meanwhile(client: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The database has the last word, and the page explains it."""
    me = who("contact", world)
    ReuseFactory.create(entry=world.entry, workplace=world.place)
    monkeypatch.setattr(actions, "_row", lambda entry, workplace: None)
    response = signed_in(client, me).post(world.address, world.data(what_changed="MIT"))
    assert response.status_code == 422 and "MIT" in response.content.decode()
    assert Reuse.objects.count() == 1 and not QueueItem.objects.exists() and not Notice.objects.exists()


def test_no_way_round_a_colleague(world: World) -> None:
    """Whoever may not change it is told so by the action too, whatever the form says."""
    world.tell()
    with pytest.raises(actions.AlreadyToldError):
        actions.tell_of_reuse(
            entry=world.entry,
            workplace=world.place,
            by=member(world.place),
            data={"phase": "stoppet"},
            new=False,
        )
    assert world.reuse().phase == "i-drift"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_at_once() -> None:
    """Two colleagues in the same moment: one row, one who is told that the other was first."""
    world = World()
    people = [contact(world.place), contact(world.place)]
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def tell(by: User) -> None:
        barrier.wait()
        try:
            world.tell(by=by)
            outcomes.append("told")
        except actions.AlreadyToldError:
            outcomes.append("second")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=tell, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["second", "told"] and Reuse.objects.count() == QueueItem.objects.count() == 1


def test_an_entry_is_not_given_to_a_workplace_that_reuses_it() -> None:
    """By a change, or by the editors: what it tells it reuses would be its own."""
    reuse = ReuseFactory.create(entry=published())
    change = Change.begin(reuse.entry, by=None, proposed={"owner_id": reuse.workplace_id})
    change.submit()
    with pytest.raises(ValidationError, match="genbruger"):
        change.approve(by=editor())
    reuse.entry.refresh_from_db()
    assert reuse.entry.owner_id != reuse.workplace_id

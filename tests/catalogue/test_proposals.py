"""Proposals: from the choice of a type to the queue, and everything that is refused on the way."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from catalogue.choices import KINDS
from catalogue.models import Entry
from catalogue.proposals.fields import ASKED
from catalogue.proposals.steps import ABOUT, CALLED, PIECES, STAFF_ONLY, STEPS
from editorial.choices import Outcome, QueueKind, State
from editorial.models import Letter, Link, ProposalDraft, QueueItem
from editorial.models.querysets import TransitionError
from editorial.proposals import sending_views
from editorial.proposals.fields import ASKED as ASKED_OF_ALL
from editorial.proposals.fields import form_name
from editorial.proposals.forms import Page, SendForm
from editorial.proposals.work import Work
from editorial.queue import decide
from editorial.submitting import submit_content
from places.choices import Sector
from places.models import Membership, MembershipState, Role
from places.models.membership import Basis
from tests.factories import UserFactory, WorkplaceFactory, published

pytestmark = pytest.mark.django_db


def employee(**fields: Any) -> User:
    """Somebody with a confirmed address and a place at a public workplace."""
    workplace = fields.pop("workplace", None) or WorkplaceFactory.create(sector=Sector.MUNICIPALITY)
    role, membership = fields.pop("role", Role.EMPLOYEE), fields.pop("membership", {})
    user = UserFactory.create(**fields)
    EmailAddress.objects.update_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    now = timezone.now()
    Membership.objects.create(
        user=user, workplace=workplace, role=role, state=MembershipState.ACTIVE, basis=Basis.STAFF, approved_at=now,
        confirm_by=now.date().replace(year=now.year + 1) if role == Role.CONTACT else None, **membership,
    )  # fmt: skip
    return user


@pytest.fixture
def me(client: Client) -> User:
    """The employee who is logged in."""
    user = employee()
    client.force_login(user)
    return user


def begin(client: Client, kind: str = "eksempel") -> Entry:
    """Choose a type; the draft."""
    response = client.post(reverse("catalogue:propose"), {"kind": kind})
    assert response.status_code == 302
    return Entry.objects.latest("pk")


def step(entry: Entry, key: str) -> str:
    """A step's address."""
    return reverse("catalogue:proposal_step", args=[entry.uuid, key])


FIRST = {
    "title": "Vi ringer i stedet for at skrive",
    "summary": "Et opkald sparer et brev. Borgerne forstår det.",
}
WHO = {"subject_areas": ["aeldre"], "sectors": ["kommune"], "status": "drift", "year_from": "2024",
       "participations-n": "0"}  # fmt: skip
EFFECT = {"effect": "Færre klager.", "effect_known_by": "maalt", "measures-n": "1", "measures-0-label": "Klager",
          "measures-0-unit": "om måneden", "measures-0-before": "46", "measures-0-after": "19"}  # fmt: skip


def save(client: Client, entry: Entry, key: str, data: dict[str, Any], **headers: str) -> Any:
    """Send a step, having seen its newest."""
    seen = client.get(step(entry, key)).context["seen"]
    return client.post(step(entry, key), {"seen": seen, **data}, headers=headers or None)


def fill(client: Client) -> Entry:
    """An example with what is required."""
    entry = begin(client)
    for key, data in (("vigtigste", FIRST), ("hvem", WHO), ("virkning", EFFECT)):
        response = save(client, entry, key, data)
        assert response.status_code == 302, response.context["page"].form.errors
    return entry


def test_from_the_choice_to_the_queue(client: Client, me: User) -> None:
    """The whole way: a draft of mine, its parts, the preview, the queue, and the page of thanks."""
    entry = fill(client)
    entry.refresh_from_db()
    assert (entry.author, entry.state, entry.title) == (me, State.DRAFT, FIRST["title"])
    assert entry.measures.get().after == 19 and entry.year_from == 2024
    for name in ("review", "preview"):
        assert client.get(reverse(f"catalogue:proposal_{name}", args=[entry.uuid])).status_code == 200
    response = client.post(
        reverse("catalogue:proposal_review", args=[entry.uuid]), {"answer": "Tak for hjælpen"}
    )
    assert response.status_code == 302
    item = QueueItem.objects.get(content=entry)
    assert item.kind == QueueKind.CONTENT and item.sender == me
    assert Letter.objects.get(item=item).text == "Tak for hjælpen"
    page = client.get(response["Location"]).content.decode()
    assert "nummer 1 i køen" in page and "2 arbejdsdage" in page
    assert not ProposalDraft.objects.exists()


# -- the table of steps ---------------------------------------------------------


def test_every_type_has_steps_pieces_and_words() -> None:
    """All six, each beginning with title and summary, no word twice in an address, no field asked for twice."""
    assert set(STEPS) == set(PIECES) == set(ABOUT) == set(CALLED) == set(KINDS)
    for kind, steps in STEPS.items():
        keys = [one.key for one in steps]
        assert len(keys) == len(set(keys)) and not {"vis", "send", "sendt", "fortryd"} & set(keys), kind
        assert steps[0].fields[:2] == ("title", "summary"), kind
        names = [name for one in steps for name in (*one.names, *one.rows)]
        assert len(names) == len(set(names)), kind


def test_every_part_of_an_entry_is_asked_for_somewhere() -> None:
    """A new field that nobody can fill in is seen; what only staff write is named with its reason."""
    asked = {name for steps in STEPS.values() for one in steps for name in (*one.names, *one.rows)}
    parts = {*Entry.PARTS, *Entry.ROWS, "tags", "subject_areas"}
    assert parts - asked - set(STAFF_ONLY) == set()
    assert set(ASKED) | set(ASKED_OF_ALL) <= parts
    assert not asked & {"state", "author", "slug", "is_demo", "confirmed_on", "kind", "version"}


@pytest.mark.parametrize("kind", KINDS)
def test_each_step_of_each_type_opens_and_stores(client: Client, me: User, kind: str) -> None:
    """Every type goes from beginning to end with its first step and what it requires."""
    entry = begin(client, kind)
    for one in STEPS[kind]:
        data = {**FIRST, **(WHO if kind == "eksempel" else {}), **EFFECT, "pictures-n": "0"}
        response = save(client, entry, one.key, data)
        assert response.status_code == 302, (one.key, response.context["page"].form.errors)
    response = client.post(reverse("catalogue:proposal_review", args=[entry.uuid]), {"answer": ""})
    assert response.status_code == 302
    entry.refresh_from_db()
    assert entry.state == State.SUBMITTED


# -- who --------------------------------------------------------------------------


def test_who_may_propose(client: Client) -> None:
    """Not anonymous visitors, unconfirmed accounts or citizens: each is told why, and nothing is made."""
    address = reverse("catalogue:propose")
    assert "next=/katalog/foreslaa/" in client.get(address)["Location"]
    citizen = UserFactory.create()
    client.force_login(citizen)
    EmailAddress.objects.filter(user=citizen).delete()
    assert "Bekræft" in client.get(address).content.decode()
    EmailAddress.objects.update_or_create(user=citizen, email=citizen.email, defaults={"verified": True})
    assert "god historie" in client.get(address).content.decode()
    assert client.post(address, {"kind": "eksempel"}).status_code == 403
    assert not Entry.objects.exists()


PAGES = ("resume", "preview", "review", "done", "undo")


def test_anothers_draft_is_nowhere(client: Client, me: User) -> None:
    """Every page of it is 404 for others, staff too; nothing is written."""
    entry = begin(client)
    client.force_login(employee())
    addresses = [reverse(f"catalogue:proposal_{name}", args=[entry.uuid]) for name in PAGES]
    for address in [*addresses, step(entry, "vigtigste")]:
        assert client.get(address).status_code == 404, address
        assert client.post(address, FIRST).status_code in (404, 405), address
    entry.refresh_from_db()
    assert entry.title == "Eksempel uden titel"


def test_uuids_are_not_mixed(client: Client, me: User) -> None:
    """An entry's uuid is no change's, a stranger's is nobody's, an unknown step is 404."""
    entry = begin(client)
    assert client.get(reverse("catalogue:change_step", args=[entry.uuid, "vigtigste"])).status_code == 404
    assert client.get(reverse("catalogue:proposal_step", args=[uuid.uuid4(), "vigtigste"])).status_code == 404
    assert client.get(step(entry, "findes-ikke")).status_code == 404
    other = published()
    assert client.get(step(other, "vigtigste")).status_code == 404


@pytest.mark.parametrize(
    ("name", "value"),
    [("state", "published"), ("author", "1"), ("slug", "mit-navn"), ("is_demo", "on"), ("confirmed_on", "2026-01-01"),
     ("published_at", "2026-01-01"), ("external_id", "x"), ("kind", "vaerktoej"), ("version", "99")],
)  # fmt: skip
def test_what_is_not_asked_for_is_not_taken(client: Client, me: User, name: str, value: str) -> None:
    """Mass assignment gives nothing."""
    entry = begin(client)
    before = Entry.objects.filter(pk=entry.pk).values(name).get()
    assert save(client, entry, "vigtigste", {**FIRST, name: value}).status_code == 302
    after = Entry.objects.filter(pk=entry.pk).values(name).get()
    if name != "version":
        assert after == before
    assert ProposalDraft.objects.filter(pending__has_key=name).count() == 0
    assert after.get("version") != 99


@pytest.mark.parametrize(
    "name",
    ["participations-0-\x00", "participations-\x00n", "participations-0-nonsense", "participations-100-role",
     "participations-\u0661-role", "participations-", "measures-0-label"],
)  # fmt: skip
def test_only_fields_of_rows_are_kept(client: Client, me: User, name: str) -> None:
    """A name that no row has is not stored, nor one that can't be; the rest is."""
    entry = begin(client)
    save(client, entry, "vigtigste", FIRST)
    data = {**WHO, "participations-n": "1", "participations-0-role": "betaler", name: "a", "action": "later"}
    assert save(client, entry, "hvem", data).status_code == 302
    kept = ProposalDraft.objects.get().pending["hvem"]
    assert name not in kept and kept["participations-0-role"] == ["betaler"]


def test_whoever_may_not_propose_any_more_only_reads(client: Client, me: User) -> None:
    """Without the role or the address nothing is written, uploaded or sent; it can be read and taken back."""
    entry = fill(client)
    review = reverse("catalogue:proposal_review", args=[entry.uuid])
    for rows in (Membership.objects.filter(user=me), EmailAddress.objects.filter(user=me)):
        kept = list(rows)
        rows.delete()
        for data in ({"title": "Nyt"}, {"action": "picture"}, {"action": "add-measures"}):
            assert client.post(step(entry, "virkning"), data).status_code == 403
        by_itself = client.post(step(entry, "vigtigste"), {"title": "Nyt"}, headers={"X-Autosave": "1"})
        assert by_itself.status_code == 403
        assert client.post(review, {}).status_code == 403
        for address in (step(entry, "vigtigste"), review):
            assert client.get(address).status_code == 200
        rows.model.objects.bulk_create(kept)
    assert not QueueItem.objects.exists() and not ProposalDraft.objects.exists()
    Membership.objects.filter(user=me).delete()
    assert client.post(reverse("catalogue:proposal_undo", args=[entry.uuid])).status_code == 302
    assert not Entry.objects.filter(pk=entry.pk).exists()


def test_what_is_taken_back_leaves_nothing_typed(client: Client, me: User) -> None:
    """What was typed after a question goes with it: it may hold somebody's address."""
    entry = fill(client)
    client.post(reverse("catalogue:proposal_review", args=[entry.uuid]), {})
    item = QueueItem.objects.get(content=entry)
    decide(uuid=item.uuid, outcome=Outcome.RETURNED, by=UserFactory.create(admin=True), reason="Hvem?")
    save(client, entry, "vigtigste", {**FIRST, "problem": "Skrevet", "action": "later"})
    assert ProposalDraft.objects.exists()
    client.post(reverse("catalogue:proposal_undo", args=[entry.uuid]))
    entry.refresh_from_db()
    assert entry.state == State.WITHDRAWN and not ProposalDraft.objects.exists()


# -- nothing typed is lost ----------------------------------------------------------


def test_what_is_wrong_is_explained_and_kept(client: Client, me: User) -> None:
    """»nitten« stands in its field, on any device, with the words of what to do; the rest too."""
    entry = begin(client)
    save(client, entry, "vigtigste", FIRST)
    response = save(client, entry, "virkning", {**EFFECT, "effect": "", "effect_known_by": "maalt",
                                                "measures-0-after": "nitten"})  # fmt: skip
    page = response.content.decode()
    assert response.status_code == 422
    assert 'href="#id_effect"' in page and 'href="#id_measures-0-after"' in page
    assert "Skriv tallet med cifre" in page
    other = Client()
    other.force_login(me)
    again = other.get(step(entry, "virkning")).content.decode()
    assert 'value="nitten"' in again and "form-error-message" not in again
    review = other.get(reverse("catalogue:proposal_review", args=[entry.uuid]))
    assert f"{step(entry, 'virkning')}?mangler#id_measures-0-after" in review.content.decode()
    assert other.post(reverse("catalogue:proposal_review", args=[entry.uuid]), {}).status_code == 422
    entry.refresh_from_db()
    assert entry.state == State.DRAFT


def test_it_saves_by_itself(client: Client, me: User) -> None:
    """Half a text is kept and answered with the time; who is logged out is told; what is sent is refused."""
    entry = begin(client)
    response = save(client, entry, "vigtigste", {"title": "Halvt skre\x00vet"}, **{"X-Autosave": "1"})
    assert response.status_code == 200 and "Kladden blev gemt kl." in response.json()["message"]
    assert 'value="Halvt skrevet"' in client.get(step(entry, "vigtigste")).content.decode()
    entry.refresh_from_db()
    assert entry.title == "Eksempel uden titel"
    client.logout()
    response = client.post(step(entry, "vigtigste"), {"title": "x"}, headers={"X-Autosave": "1"})
    assert response.status_code == 401
    Entry.objects.filter(pk=entry.pk).update(state=State.SUBMITTED)
    client.force_login(me)
    response = client.post(step(entry, "vigtigste"), {"title": "x"}, headers={"X-Autosave": "1"})
    assert response.status_code == 409


def test_two_devices_do_not_overwrite_each_other(client: Client, me: User) -> None:
    """The second is told, sees both texts, and both are kept until one is chosen."""
    entry = begin(client)
    seen = client.get(step(entry, "vigtigste")).context["seen"]
    first = {**FIRST, "seen": seen, "problem": "Skrevet på telefonen"}
    second = {**FIRST, "seen": seen, "problem": "Skrevet på computeren"}
    assert client.post(step(entry, "vigtigste"), first).status_code == 302
    silent = client.post(step(entry, "vigtigste"), second, headers={"X-Autosave": "1"})
    assert silent.status_code == 409
    response = client.post(step(entry, "vigtigste"), second)
    page = response.content.decode()
    assert response.status_code == 409
    assert "Skrevet på telefonen" in page and "Skrevet på computeren" in page
    entry.refresh_from_db()
    assert entry.problem == "Skrevet på telefonen"
    assert ProposalDraft.objects.get().beside["vigtigste"]["problem"] == ["Skrevet på computeren"]
    third = {**second, "seen": response.context["seen"]}
    assert client.post(step(entry, "vigtigste"), third).status_code == 302
    entry.refresh_from_db()
    assert entry.problem == "Skrevet på computeren"


def test_sent_twice_is_one(client: Client, me: User) -> None:
    """The same form of the choice of type gives one draft; the same sending gives one item."""
    token = str(uuid.uuid4())
    first = client.post(reverse("catalogue:propose"), {"kind": "eksempel", "once": token})
    second = client.post(reverse("catalogue:propose"), {"kind": "eksempel", "once": token})
    assert first["Location"] == second["Location"] and Entry.objects.count() == 1
    entry = fill(client)
    for _n in range(2):
        response = client.post(reverse("catalogue:proposal_review", args=[entry.uuid]), {})
        assert response.status_code == 302
    assert QueueItem.objects.filter(content=entry).count() == 1


def test_sent_at_the_same_moment_is_thanked_twice(
    client: Client, me: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever loses by a hair (a double click) sees that it is sent, not that something is wrong."""
    entry = fill(client)

    def too_late(work: Work, form: SendForm) -> dict[str, Page]:
        submit_content(content=Entry.objects.get(pk=entry.pk), by=me)
        raise TransitionError("Sendt i mellemtiden.")

    monkeypatch.setattr(sending_views, "_send", too_late)
    response = client.post(reverse("catalogue:proposal_review", args=[entry.uuid]), {})
    assert response["Location"] == reverse("catalogue:proposal_done", args=[entry.uuid])


@pytest.mark.parametrize(
    ("key", "data", "sentence"),
    [
        ("bilag", {"links-n": "1", "links-0-title": "Rapport"}, "Udfyld »Adresse«, eller tøm linjen."),
        (
            "forloeb",
            {"timeline-n": "1", "timeline-0-when": "Marts"},
            "Udfyld »Hvad skete der?«, eller tøm linjen.",
        ),
    ],
)
def test_half_a_row_is_named(client: Client, me: User, key: str, data: dict[str, str], sentence: str) -> None:
    """In the summary too, where »Dette felt« would be any field; and the tab says that something is wrong."""
    entry = fill(client)
    page = save(client, entry, key, data).content.decode()
    assert page.count(sentence) == 2 and "<title>Fejl:" in page


def test_the_meter_names_what_comes_next(client: Client, me: User) -> None:
    """Its reason belongs to a part, so the part is named."""
    entry = begin(client, "vaerktoej")
    save(client, entry, "vigtigste", {**FIRST, "steps-n": "0"})
    page = client.get(step(entry, "hvem")).content.decode()
    assert "Næste: »Hvad det hjælper med«. Så ved læseren, hvornår det er til nytte." in page
    assert "Næste: »Virkning«" not in client.get(step(begin(client), "vigtigste")).content.decode()


def test_a_session_that_ended_loses_no_text(client: Client, me: User) -> None:
    """Without script too: the text stands there to copy, with the way to the login; without text one goes there."""
    entry = fill(client)
    client.logout()
    typed = {**FIRST, "title": "x", "problem": "To linjer\nog <b>mere</b>"}
    response = client.post(step(entry, "vigtigste"), typed, headers={"accept": "text/html"})
    page = response.content.decode()
    assert response.status_code == 403 and "og &lt;b&gt;mere" in page and FIRST["summary"] in page
    assert f"/konto/login/?{urlencode({'next': step(entry, 'vigtigste')})}" in page
    assert client.post(step(entry, "vigtigste"), {"title": "x"}).status_code == 302
    checked = Client(enforce_csrf_checks=True)
    refused = checked.post(
        step(entry, "vigtigste"),
        {"problem": "En lang tekst om problemet"},
        headers={"origin": "http://testserver"},
    )
    assert refused.status_code == 403 and "En lang tekst om problemet" in refused.content.decode()


def test_a_row_more_without_script(client: Client, me: User) -> None:
    """The button keeps what is typed and gives one more line."""
    entry = begin(client)
    save(client, entry, "vigtigste", FIRST)
    response = save(client, entry, "virkning", {**EFFECT, "action": "add-measures"})
    assert response.status_code == 302 and response["Location"].endswith("#id_measures-1-label")
    page = client.get(step(entry, "virkning")).content.decode()
    assert (
        'name="measures-1-label"' in page and 'id="id_measures-1-label"' in page and 'value="Klager"' in page
    )


HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


@pytest.mark.parametrize("kind", KINDS)
def test_html_is_shown_as_text(client: Client, me: User, kind: str) -> None:
    """In every field of every step, on the step, the review and the preview."""
    entry = begin(client, kind)
    save(client, entry, "vigtigste", {**FIRST, "title": HOSTILE})
    for one in STEPS[kind]:
        data = {form_name(name): HOSTILE for name in one.names if name not in ("pictures", "contact")}
        data |= {f"{rows}-0-{column}": HOSTILE for rows in one.rows for column in
                 ("label", "unit", "title", "text", "url", "note", "workplace", "role", "when")}  # fmt: skip
        data |= {f"{rows}-n": "1" for rows in one.rows} | {"contact_name": HOSTILE, "action": "next"}
        page = save(client, entry, one.key, data)
        shown = page.content.decode() + client.get(step(entry, one.key)).content.decode()
        assert "<script>alert" not in shown and "<img src=x" not in shown, one.key
    for name in ("review", "preview"):
        shown = client.get(reverse(f"catalogue:proposal_{name}", args=[entry.uuid])).content.decode()
        assert "<script>alert" not in shown and "<img src=x" not in shown, name


# -- returned, taken back --------------------------------------------------------------


def test_returned_with_a_question_and_sent_again(client: Client, me: User) -> None:
    """The question stands on top of the steps; the answer goes with it."""
    entry = fill(client)
    client.post(reverse("catalogue:proposal_review", args=[entry.uuid]), {})
    item = QueueItem.objects.get(content=entry)
    decide(
        uuid=item.uuid,
        outcome=Outcome.RETURNED,
        by=UserFactory.create(admin=True),
        reason="Hvor mange var med?",
    )
    assert "Hvor mange var med?" in client.get(step(entry, "vigtigste")).content.decode()
    response = save(client, entry, "vigtigste", {**FIRST, "solution": "Ti var med."})
    assert response.status_code == 302
    answer = {"answer": "Det står under løsning."}
    assert client.post(reverse("catalogue:proposal_review", args=[entry.uuid]), answer).status_code == 302
    entry.refresh_from_db()
    assert entry.state == State.SUBMITTED and QueueItem.objects.filter(content=entry).count() == 2
    assert Letter.objects.filter(item__content=entry, from_editors=False).get().text == answer["answer"]


def test_taken_back_and_deleted(client: Client, me: User) -> None:
    """A draft that was never sent is gone; what was sent is withdrawn and leaves the queue. GET does nothing."""
    entry = begin(client)
    address = reverse("catalogue:proposal_undo", args=[entry.uuid])
    assert client.get(address).status_code == 200 and Entry.objects.filter(pk=entry.pk).exists()
    assert client.post(address).status_code == 302 and not Entry.objects.filter(pk=entry.pk).exists()
    entry = fill(client)
    client.post(reverse("catalogue:proposal_review", args=[entry.uuid]), {})
    address = reverse("catalogue:proposal_undo", args=[entry.uuid])
    assert client.post(address).status_code == 302
    entry.refresh_from_db()
    assert entry.state == State.WITHDRAWN and not QueueItem.objects.waiting().exists()
    assert client.post(address).status_code == 302


# -- help while one writes ---------------------------------------------------------------


def test_similar_ones_are_public_and_not_mine(client: Client, me: User) -> None:
    """With the words they share; never hidden ones or one's own."""
    other = published(title="Telefonopkald erstatter afslagsbreve")
    published(title="Telefonopkald og afslagsbreve hos os", author=me)
    Entry.objects.filter(pk=begin(client).pk).update(title="Telefonopkald og afslagsbreve i kladde")
    page = client.get(reverse("catalogue:alike"), {"titel": "Afslagsbreve og telefonopkald"}).content.decode()
    assert other.get_absolute_url() in page and "afslagsbreve" in page.split("Fælles:")[1]
    assert "hos os" not in page and "i kladde" not in page


def test_workplaces_are_suggested_and_understood(client: Client, me: User) -> None:
    """My own first, aliases too; a name that may be several is asked about; a name nobody knows is kept."""
    mine = Membership.objects.get(user=me).workplace
    other = WorkplaceFactory.create(name="Fjordby Kommune")
    other.aliases.create(name="Fjordens hus")
    assert client.get(reverse("editorial:workplace_names")).json()["forslag"] == [mine.name]
    assert client.get(reverse("editorial:workplace_names"), {"q": "fjordens"}).json()["forslag"] == [
        other.name
    ]
    entry = begin(client)
    save(client, entry, "vigtigste", FIRST)
    response = save(client, entry, "hvem", {**WHO, "owner": "Fjordby"})
    assert response.status_code == 422 and "»Fjordby Kommune«" in response.content.decode()
    assert save(client, entry, "hvem", {**WHO, "owner": "fjordens hus"}).status_code == 302
    entry.refresh_from_db()
    assert entry.owner == other


def test_a_step_costs_a_bounded_number_of_queries(
    client: Client, me: User, django_assert_max_num_queries: Any
) -> None:
    """However many rows hang on it."""
    entry = fill(client)
    entry.links.bulk_create(
        Link(content=entry, title=f"Rapport {n}", url=f"https://example.dk/{n}", position=n)
        for n in range(15)
    )
    for key in ("vigtigste", "hvem", "bilag"):
        with django_assert_max_num_queries(20):
            assert client.get(step(entry, key)).status_code == 200

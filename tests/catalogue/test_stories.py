"""Good stories: told without an account, hidden until the editors have read them, and gone when taken back."""

from __future__ import annotations

import datetime as dt
import io
import threading
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import User
from catalogue.models import Entry, Story, StoryThanks
from catalogue.stories.actions import make_example, thank
from catalogue.stories.forms import TellForm
from catalogue.stories.words import year_of
from editorial import receipts, staging
from editorial.choices import Outcome, QueueKind
from editorial.models import Consent, Decision, Letter, QueueItem, Receipt, SenderContact
from editorial.models.querysets import TransitionError
from editorial.queue import decide
from editorial.text import summary_of
from guards.pictures import delete_picture
from guards.ratelimits import LIMITS, Limit, Rate
from guards.spam import posted
from notices.models import Notice
from places.models import Membership, MembershipState, Role, Workplace
from places.models.membership import Basis
from tests.factories import (
    StoryFactory,
    UserFactory,
    WorkplaceFactory,
    editor,
    public_story,
    waiting_story,
)

pytestmark = pytest.mark.django_db
TELL = "/historier/fortael/"
TOLD = "/historier/fortael/tak/"
HOSTILE = "<script>alert(1)</script>"


def told(**changed: Any) -> dict[str, Any]:
    """What a browser sends."""
    return {
        "title": "Hun ringede dagen efter",
        "text": "Hun ringede dagen efter og spurgte, om jeg havde forstået brevet. Det havde ingen gjort før.",
        "municipality": "0751", "workplace": "Børnehaven Solsikken", "happened": "Foråret 2024",
        "shown_name": "Birthe, 71 år", "email": "birthe@example.dk", "consent": "on", "once": str(uuid.uuid4()),
        "alt": "", **posted(TellForm), **changed,
    }  # fmt: skip


def contact_person(workplace: Workplace) -> User:
    """Who speaks for a workplace."""
    user, now = UserFactory.create(), timezone.now()
    Membership.objects.create(
        user=user, workplace=workplace, role=Role.CONTACT, state=MembershipState.ACTIVE, basis=Basis.STAFF,
        approved_at=now, confirmed_at=now, confirm_by=timezone.localdate() + dt.timedelta(days=365),
    )  # fmt: skip
    return user


def code_of(client: Client) -> str:
    """The code on the page that follows; "" when none is shown."""
    page = client.get(TOLD).content.decode()
    return page.partition('id="receipt-code" translate="no">')[2].partition("<")[0]


def test_a_story_is_told(client: Client) -> None:
    """It waits, with consent and a receipt; the code is shown once, and the address stands apart."""
    response = client.post(TELL, told())
    assert (response.status_code, response["Location"]) == (302, TOLD)
    story = Story.objects.get()
    assert (story.state, story.shown_name, story.workplace_told) == (
        "submitted",
        "Birthe, 71 år",
        "Børnehaven Solsikken",
    )
    assert (story.municipality_id, story.year_from, story.author_id, story.slug) == ("0751", 2024, None, None)
    item = QueueItem.objects.get()
    assert item.kind == QueueKind.CONTENT and item.sender is None
    given = Consent.objects.get()
    assert given.version == "2026-11" and given.given_at and given.withdrawn_at is None
    assert SenderContact.objects.get().email == "birthe@example.dk"
    assert "birthe@example.dk" not in str([item.snapshot, item.signals])
    code = code_of(client)
    assert Receipt.of_code(code) == Receipt.objects.get()
    assert not code_of(Client())
    assert code not in str(list(Receipt.objects.values())) + str(list(Notice.objects.values()))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"title": ""}, "Skriv en overskrift."),
        ({"text": " \n "}, "Skriv, hvad der skete."),
        ({"text": "x" * 6001}, "6000"),
        ({"consent": ""}, "Sæt kryds, hvis vi må vise"),
        ({"text": "Mit nummer er 010203-1234."}, "CPR-nummer"),
        ({"title": "010203-1234"}, "CPR-nummer"),
        ({"shown_name": "Bo 010203-1234"}, "CPR-nummer"),
        ({"workplace": "010203 1234"}, "CPR-nummer"),
        ({"happened": "0102031234"}, "CPR-nummer"),
        ({"alt": "0102031234"}, "CPR-nummer"),
        ({"shown_name": "www.koeb.dk"}, "Skriv kun et navn"),
        ({"email": "birthe"}, "mail"),
        ({"municipality": "9999"}, "id_municipality-error"),
        ({"hjemmeside": "https://spam.example"}, "skjult felt"),
        ({"aabnet": "now"}, "hurtigt"),
        (posted(TellForm, seconds_ago=2 * 24 * 3600), "stået åben længe"),
    ],
)
def test_what_is_refused(client: Client, changed: dict[str, Any], sentence: str) -> None:
    """With a sentence; what else was typed is still there, and nothing is stored."""
    if changed.get("aabnet") == "now":
        changed = posted(TellForm, seconds_ago=0)
    response = client.post(TELL, told(**changed))
    page = response.content.decode()
    assert response.status_code == 422 and sentence in page
    assert "Børnehaven Solsikken" in page or "workplace" in changed
    assert not Story.objects.exists() and not Receipt.objects.exists()


def picture(text: bytes | None = None) -> SimpleUploadedFile:
    """A picture, or a file that says it is one."""
    if text is None:
        file = io.BytesIO()
        Image.new("RGB", (60, 40), "green").save(file, "PNG")
        text = file.getvalue()
    return SimpleUploadedFile("billede.png", text, content_type="image/png")


def test_pictures(client: Client, settings: Any, tmp_path: Any) -> None:
    """A refused one loses nothing else; a good one needs words."""
    settings.MEDIA_ROOT = tmp_path
    for changed in ({"picture": picture(b"GIF89a"), "alt": "En hund"}, {"picture": picture()}):
        response = client.post(TELL, told(**changed))
        assert response.status_code == 422 and "om jeg havde forstået brevet" in response.content.decode()
    assert client.post(TELL, told(picture=picture(), alt="En hund")).status_code == 302
    shown = Story.objects.get().pictures.get()
    assert shown.alt == "En hund" and client.get(f"/media/{shown.name}").status_code == 404


def test_a_picture_waits(client: Client, settings: Any, tmp_path: Any) -> None:
    """While something else is put right; only for its own form, in the browser that sent it, and at no address."""
    settings.MEDIA_ROOT = tmp_path
    data = told(text="", alt="En hund")
    response = client.post(TELL, {**data, "picture": picture()})
    page = response.content.decode()
    assert response.status_code == 422 and "Billedet »billede.png« er modtaget" in page
    assert "Vælg billedet igen" not in page
    name = client.session[staging.SESSION]["name"]
    assert client.get(f"/media/{name}").status_code == Client().get(f"/media/{name}").status_code == 404
    assert Client().post(TELL, {**data, "text": "I en anden browser"}).status_code == 302
    assert client.post(TELL, told(text="I et andet faneblad")).status_code == 302
    assert not any(story.pictures.exists() for story in Story.objects.all())


@pytest.mark.parametrize(
    ("changed", "kept"),
    [
        ({}, 1),
        ({"without_picture": "on", "alt": ""}, 0),
        ({"old": True}, 0),
        ({"gone": True}, 0),
        ({"alt": ""}, None),
    ],
)
def test_a_picture_that_waited(
    client: Client,
    settings: Any,
    tmp_path: Any,
    monkeypatch: pytest.MonkeyPatch,
    changed: dict[str, Any],
    kept: int,
) -> None:
    """Comes with the story, unless it is left out, too old or gone; it still needs words."""
    settings.MEDIA_ROOT = tmp_path
    data = told(text="", alt="En hund")
    client.post(TELL, {**data, "picture": picture()})
    if changed.pop("gone", False):
        delete_picture(client.session[staging.SESSION]["name"])
    if changed.pop("old", False):
        now = staging.time.time()
        monkeypatch.setattr(staging.time, "time", lambda: now + staging.KEPT_FOR + 1)
        data |= posted(TellForm, seconds_ago=5)
    response = client.post(TELL, {**data, "text": "Det var en god dag.", **changed})
    if kept is None:
        assert response.status_code == 422 and "Skriv, hvad billedet viser" in response.content.decode()
        return
    assert response.status_code == 302 and Story.objects.get().pictures.count() == kept
    assert staging.SESSION not in client.session


def test_with_an_account(client: Client) -> None:
    """The account is the author, and no address is asked for or kept."""
    user = UserFactory.create()
    client.force_login(user)
    assert 'name="email"' not in client.get(TELL).content.decode()
    client.post(TELL, told())
    assert Story.objects.get().author == user and QueueItem.objects.get().sender == user
    assert not SenderContact.objects.exists()
    assert not code_of(client) and "Gå til Min side" in client.get(TOLD).content.decode()
    story = Story.objects.get()
    assert story.title in client.get(reverse("my_page")).content.decode()
    assert client.get(reverse("editorial:my_receipt", args=[story.uuid])).status_code == 302
    assert story.title in client.get("/kvittering/").content.decode()


def test_the_workplace_is_found(client: Client) -> None:
    """By name in the municipality; a name that two have there is kept as it was written."""
    mine = WorkplaceFactory.create(name="Børnehaven Solsikken", municipality_id="0751")
    WorkplaceFactory.create(name="Børnehaven Solsikken", municipality_id="0101")
    client.post(TELL, told(workplace=" børnehaven  solsikken"))
    assert Story.objects.get().owner == mine
    client.post(TELL, told(municipality=""))
    assert Story.objects.latest("pk").workplace_told == "Børnehaven Solsikken"
    names = client.get("/historier/fortael/steder.json?kommune=0751").json()["navne"]
    assert names == ["Børnehaven Solsikken"]
    assert client.get("/historier/fortael/steder.json?kommune=%27").json() == {"navne": []}


def test_sent_twice(client: Client) -> None:
    """The same form gives one story; the code is still on the page."""
    data = told()
    for _n in range(2):
        assert client.post(TELL, data)["Location"] == TOLD
    assert Story.objects.count() == Receipt.objects.count() == 1
    assert code_of(client)


def test_the_answer_was_lost(client: Client) -> None:
    """Whoever sends the same form again, as a browser that never got the answer, still gets the code; later, not."""
    data, other = told(), Client()
    client.post(TELL, data)
    assert other.post(TELL, data)["Location"] == TOLD
    assert code_of(other) == code_of(client) != ""
    Receipt.objects.update(created_at=timezone.now() - dt.timedelta(minutes=11))
    late = Client()
    assert late.post(TELL, data)["Location"] == TOLD
    assert not code_of(late) and Story.objects.count() == 1


def test_back_and_sent_again(client: Client) -> None:
    """What the back button fetches is another form, but the same story: one row, and the sender is told."""
    client.post(TELL, told())
    code = code_of(client)
    assert client.post(TELL, told())["Location"] == TOLD
    assert "allerede modtaget" in client.get(TOLD).content.decode()
    assert Story.objects.count() == 1 and code_of(client) == code
    client.post(TELL, told(title="En anden"))
    page = client.get(TOLD).content.decode()
    assert Story.objects.count() == 2 and code in page and code_of(client) not in ("", code)


@pytest.mark.parametrize("address", [TOLD, TELL, "/kvittering/", "preview"])
def test_the_code_is_not_kept(client: Client, address: str) -> None:
    """The session never holds it, and what it could be made from goes at the first request after ten minutes."""
    client.post(TELL, told())
    code = code_of(client)
    assert code and code not in str(dict(client.session)) and receipts.NEW in client.session
    Receipt.objects.update(created_at=timezone.now() - dt.timedelta(minutes=11))
    if address == "preview":
        address = reverse("catalogue:story_preview", args=[Story.objects.get().uuid])
    client.get(address)
    assert receipts.NEW not in client.session


def test_a_code_that_is_used_needs_no_showing(client: Client) -> None:
    """Whoever types it has it; and »Glem koden« forgets all of it."""
    client.post(TELL, told())
    code = code_of(client)
    assert client.post("/kvittering/", {"code": code}).status_code == 302
    assert receipts.NEW not in client.session
    client.post(TELL, told(title="En anden"))
    client.post(reverse("editorial:receipt_forget"))
    assert not code_of(client)


@pytest.mark.parametrize(("origin", "kept"), [("http://testserver", True), ("https://andre.example", False)])
def test_the_form_was_open_too_long(origin: str, kept: bool) -> None:
    """The text stands on the page that says so, unless another site sent it."""
    browser = Client(enforce_csrf_checks=True)
    response = browser.post(TELL, told(), headers={"origin": origin, "referer": f"{origin}{TELL}"})
    page = response.content.decode()
    assert response.status_code == 403 and ("om jeg havde forstået brevet" in page) is kept
    assert (f'href="{origin}{TELL}"' in page) is kept


def test_too_many_stories(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was typed stands on the page under the names of the fields."""
    monkeypatch.setitem(LIMITS, "story", Limit(address=Rate(1, 30_000)))
    client.post(TELL, told())
    page = client.post(TELL, told(title="En anden"), headers={"accept": "text/html"})
    text = page.content.decode()
    assert (
        page.status_code == 429
        and "Hvad skete der?" in text
        and "Overskrift" in text
        and "Tekst 1" not in text
    )


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_sent_twice_at_once() -> None:
    """One row, whoever comes first."""
    data, answers = told(), []

    def send() -> None:
        answers.append(Client().post(TELL, data).status_code)
        connections.close_all()

    threads = [threading.Thread(target=send) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [302] * 4
    assert Story.objects.count() == Receipt.objects.count() == QueueItem.objects.count() == 1


@pytest.mark.parametrize("state", ["submitted", "returned", "rejected", "withdrawn", "suspended"])
def test_hidden_everywhere(client: Client, state: str) -> None:
    """In lists, counts, search, suggestions, feed, sitemap, front page and the workplace's page."""
    owner = WorkplaceFactory.create(slug="stedet")
    story = public_story(title="Kvababbelse i Utopia", owner=owner)
    everywhere = [
        "/historier/", "/historier/?q=kvababbelse", "/historier/feed/", "/soeg/?q=kvababbelse",
        "/forslag.json?q=kvababb", "/sitemap-historier.xml", "/", "/kort/arbejdspladser/stedet/",
    ]  # fmt: skip
    everywhere.remove("/sitemap-historier.xml")
    for address in everywhere:
        assert "Utopia" in client.get(address).content.decode(), address
    assert story.slug and story.slug in client.get("/sitemap.xml").content.decode()
    page = story.get_absolute_url()
    Story.objects.filter(pk=story.pk).update(state=state)
    for address in everywhere:
        assert "Utopia" not in client.get(address).content.decode(), address
    assert story.slug not in client.get("/sitemap.xml").content.decode()
    assert 'data-count="0"' in client.get("/historier/").content.decode()
    assert client.get(page).status_code == 404


def test_the_page(client: Client) -> None:
    """Says who, where and when; markup in any field is text; an old address leads on."""
    story = public_story(
        title=f"Titel {HOSTILE}", text=f"Linje\n\n{HOSTILE}", summary=HOSTILE, shown_name=HOSTILE, happened=HOSTILE,
        workplace_told=HOSTILE,
    )  # fmt: skip
    page = client.get(story.get_absolute_url()).content.decode()
    assert HOSTILE not in page and "&lt;script&gt;" in page
    assert HOSTILE not in client.get("/historier/feed/").content.decode()
    assert HOSTILE not in client.get("/historier/?q=titel").content.decode()
    old = story.get_absolute_url()
    Story.objects.filter(pk=story.pk).update(slug="ny-adresse")
    assert client.get(old)["Location"] == "/historier/ny-adresse/"
    story.refresh_from_db()
    story.archive(by=None)
    assert "arkiveret" in client.get("/historier/ny-adresse/").content.decode()
    assert "En borger" in client.get(public_story().get_absolute_url()).content.decode()


def test_thanks(client: Client) -> None:
    """A contact person thanks once; it is shown when approved, and whoever told the story hears of it."""
    owner, teller = WorkplaceFactory.create(), UserFactory.create()
    story = public_story(owner=owner, author=teller)
    address = reverse("catalogue:thank", args=[story.slug])
    client.force_login(UserFactory.create())
    assert client.get(address).status_code == client.post(address, {"text": "Tak"}).status_code == 403
    person = contact_person(owner)
    client.force_login(person)
    assert client.post(address, {"text": "Tak, Bo 010203-1234"}).status_code == 422
    assert client.post(address, {"text": "x" * 601}).status_code == 422
    assert client.post(address, {"text": "Tak for ordene", "once": str(uuid.uuid4())}).status_code == 302
    assert client.post(address, {"text": "Tak igen", "once": str(uuid.uuid4())}).status_code == 422
    assert "Tak for ordene" not in Client().get(story.get_absolute_url()).content.decode()
    item = QueueItem.objects.get(kind=QueueKind.THANKS)
    boss = editor()
    client.force_login(boss)
    assert "Tak for ordene" in client.get(reverse("editorial:item", args=[item.uuid])).content.decode()
    decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=boss)
    assert "Tak for ordene" in Client().get(story.get_absolute_url()).content.decode()
    assert Notice.objects.filter(recipient=teller, subject__contains="siger tak").exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        StoryThanks.objects.create(story=story, workplace=owner, text="Endnu en")


def test_thanks_refused() -> None:
    """With a reason; then the workplace may write another."""
    owner = WorkplaceFactory.create()
    story, person = public_story(owner=owner), contact_person(owner)
    thanks = thank(story=story, text="Vi husker dig godt", by=person)
    assert thanks.item is not None
    with pytest.raises(TransitionError):
        decide(uuid=thanks.item.uuid, outcome=Outcome.REJECTED, by=editor())
    decide(uuid=thanks.item.uuid, outcome=Outcome.REJECTED, by=editor(), reason="Den bekræfter, hvem det er.")
    assert not StoryThanks.objects.exists()
    thank(story=story, text="Tak", by=person)


def test_thanks_that_have_become_one_with_another_leave_the_queue() -> None:
    """Two workplaces that had both thanked were merged: what still waits can't be shown, but it can be closed."""
    owner = WorkplaceFactory.create()
    thanks = thank(story=public_story(owner=owner), text="Tak", by=contact_person(owner))
    assert thanks.item is not None
    item = thanks.item
    thanks.delete()
    with pytest.raises(TransitionError, match="findes ikke mere"):
        decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor())
    decide(uuid=item.uuid, outcome=Outcome.REJECTED, by=editor(), reason="I har takket allerede.")
    item.refresh_from_db()
    assert item.outcome == Outcome.REJECTED


@pytest.mark.parametrize("way", ["akut", "barn", "videre", "helbred", "navne"])
def test_the_guided_ways(client: Client, way: str) -> None:
    """Each is logged for good and shown; the sender is told where they should know, and never sees the note."""
    teller = UserFactory.create()
    item = waiting_story(author=teller)
    address = reverse("catalogue:story_way", args=[item.uuid, way])
    assert client.post(address, {"note": "Ringet"}).status_code == 302 and not Decision.objects.filter(
        action__startswith="way-"
    )
    client.force_login(editor())
    assert client.post(address, {"note": ""}).status_code == 422
    sent = {
        "outcome": "ude",
        "note": "Ringet til kommunen",
        "letter": "Vi har hjulpet det videre.",
        "once": str(uuid.uuid4()),
    }
    for _n in range(2):
        assert client.post(address, sent).status_code == 302
    logged = Decision.objects.get(action__startswith=f"way-{way}")
    assert logged.before == "submitted" and logged.reason.endswith("Ringet til kommunen")
    assert "Ringet til kommunen" in client.get(reverse("editorial:item", args=[item.uuid])).content.decode()
    assert Letter.objects.filter(item=item).count() == (way != "barn")
    assert Notice.objects.filter(recipient=teller).count() == (way != "barn")
    client.force_login(teller)
    assert item.content is not None
    assert "Ringet" not in client.get(reverse("my_contribution", args=[item.content.uuid])).content.decode()


def walk(client: Client, item: QueueItem, outcome: str, note: str = "Ringet til Mette") -> int:
    """An editor walks the way for named staff."""
    data = {"outcome": outcome, "note": note, "letter": "Vi har forkortet den.", "once": str(uuid.uuid4())}
    return client.post(reverse("catalogue:story_way", args=[item.uuid, "navne"]), data).status_code


@pytest.mark.parametrize(("outcome", "letters"), [("ja", 0), ("ude", 1), ("ingen", 0)])
def test_named_staff_hold_it_back(client: Client, outcome: str, letters: int) -> None:
    """Until the way is walked to its end; no tick passes it, in the queue or in admin, and a sentence says why."""
    item, boss = waiting_story(text="Mette fra borgerservice ringede.", shown_name="Birthe"), editor()
    page = reverse("editorial:item", args=[item.uuid])
    client.force_login(boss)
    assert "»Mette«" in client.get(page).content.decode()
    answer = {"outcome": "approved", "seen": item.version, "force": "on"}
    response = client.post(reverse("editorial:answer", args=[item.uuid]), answer)
    assert response.status_code == 422 and "måske navnet på en ansat" in response.content.decode()
    story = Story.objects.get()
    with pytest.raises(TransitionError, match="Ansatte med navn"):
        story.publish(by=boss)
    assert walk(client, item, "", "Ringet") == walk(client, item, "ja", "") == 422
    assert walk(client, item, "spurgt") == 302
    shown = client.get(page).content.decode()
    assert "har ikke svaret endnu" in shown and "way-navne" not in shown.replace("id_way-navne", "")
    with pytest.raises(TransitionError, match="har ikke svaret"):
        decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=boss, force=True)
    assert walk(client, item, outcome, "" if outcome == "ingen" else "Mette er med på det") == 302
    assert Letter.objects.count() == letters
    decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=boss)
    assert Story.objects.get().is_public


def test_names_are_looked_for_again(client: Client) -> None:
    """After the sender has corrected the text; the name of the sender is none of them."""
    boss = editor()
    client.force_login(boss)
    mine = waiting_story(title="Birthe blev glad", shown_name="Birthe, 71 år")
    decide(uuid=mine.uuid, outcome=Outcome.APPROVED, by=boss)
    item = waiting_story(text="Mette ringede.")
    assert walk(client, item, "ja") == 302
    assert item.content is not None
    Receipt.issue(item.content)
    receipts.correct(receipt=item.content.receipt, parts={"text": "Søren ringede også."})
    with pytest.raises(TransitionError, match="»Søren«"):
        decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=boss)


def test_an_unknown_way(client: Client) -> None:
    """Is none."""
    client.force_login(editor())
    assert (
        client.post(reverse("catalogue:story_way", args=[waiting_story().uuid, "andet"])).status_code == 404
    )


def test_it_becomes_an_example(client: Client) -> None:
    """Once: a draft with link and credit; the public page names the story, and the story the example."""
    story, boss = public_story(shown_name="Birthe", municipality_id="0751"), editor()
    entry, new = make_example(story=story, by=boss)
    again, second = make_example(story=story, by=boss)
    assert (new, second, again) == (True, False, entry)
    assert (entry.state, entry.title, entry.body, entry.municipality_id) == (
        "draft",
        story.title,
        story.text,
        "0751",
    )
    entry.subject_areas.set([1])
    Entry.objects.get(pk=entry.pk).publish(by=boss)
    entry.refresh_from_db()
    page = client.get(entry.get_absolute_url()).content.decode()
    assert "Begyndte som en god historie" in page and "Birthe" in page
    assert entry.get_absolute_url() in client.get(story.get_absolute_url()).content.decode()
    story.suspend(by=boss, reason="Prøve")
    assert "Birthe" not in client.get(entry.get_absolute_url()).content.decode()


def test_admin_makes_the_example(client: Client) -> None:
    """By an action on one story."""
    client.force_login(editor())
    story = StoryFactory.create()
    page = client.get(reverse("admin:catalogue_story_change", args=[story.pk])).content.decode()
    assert "Lav et eksempel" in page and 'value="make_examples"' in page
    data = {"action": "make_examples", "_selected_action": [story.pk]}
    response = client.post(reverse("admin:catalogue_story_changelist"), data)
    entry = Entry.objects.get(from_story=story)
    assert response["Location"] == reverse("admin:catalogue_entry_change", args=[entry.pk])
    assert client.get(reverse("admin:catalogue_story_change", args=[story.pk])).status_code == 200


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("Kort.", "Kort."),
        ("Én.\n\nTo! " + "x" * 300, "Én. To!"),
        ("y" * 400, "y" * 299 + "…"),
    ],
)
def test_summaries(text: str, summary: str) -> None:
    """Whole sentences, at most 300 characters."""
    assert summary_of(text) == summary


@pytest.mark.parametrize(
    ("happened", "year"), [("i foråret", None), ("Marts 2024", 2024), ("2099", None), ("12024", None)]
)
def test_years(happened: str, year: int | None) -> None:
    """A year that was."""
    assert year_of(happened) == year

"""Giving an idea: with and without an account, before and after the editors have read it, and once."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from editorial.models import QueueItem, Receipt, SenderContact
from editorial.models.subjects import resolve_tags
from editorial.queue import decide
from guards.spam import FIELD, OPENED
from ideastorm.giving.forms import GiveForm
from ideastorm.models import Comment, Idea, Invitation, Storm
from tests.factories import (
    UserFactory,
    WorkplaceFactory,
    editor,
    membership,
    public_idea,
    public_storm,
    published,
)

pytestmark = pytest.mark.django_db
Clock = Callable[[dt.datetime], None]
WRITTEN = {
    "title": "Skriv beløbet øverst",
    "text": "Det står på side **tre**. Jeg ledte længe.",
    "shown_as": "privat",
}


def address(storm: Storm) -> str:
    """Where an idea is given."""
    return reverse("ideastorm:give", args=[storm.slug])


def opened(client: Client, storm: Storm) -> dict[str, Any]:
    """The hidden fields of the form as it is opened now."""
    form = client.get(address(storm)).context["form"]
    return {
        "once": str(form["once"].value()),
        "begun": form["begun"].value(),
        OPENED: GiveForm.trap_token(seconds_ago=10),
    }


def give(client: Client, storm: Storm, **fields: Any) -> Any:
    """Open the form, write, and send it."""
    return client.post(address(storm), {**opened(client, storm), **WRITTEN, **fields}, follow=True)


def test_a_visitor_gives_an_idea_and_gets_a_receipt(client: Client) -> None:
    """It waits for the editors; the address that was left is kept apart, and the code opens it."""
    storm = public_storm()
    response = give(client, storm, email="birthe@example.dk", shown_as="navn", shown_name="Birthe")
    idea = Idea.objects.get()
    code = response.context["receipts"][0][1]
    assert code in response.content.decode()
    found = Receipt.of_code(code)
    assert found is not None and found.content_id == idea.pk
    assert SenderContact.objects.get().email == "birthe@example.dk"
    assert (idea.state, idea.shown_name, idea.summary) == (
        "submitted", "Birthe", "Det står på side tre. Jeg ledte længe.",
    )  # fmt: skip
    assert client.get(storm.get_absolute_url()).context["listing"].count == 0
    item = QueueItem.objects.get()
    decide(uuid=item.uuid, by=editor(), outcome="approved", reason="", seen=item.version)
    idea.refresh_from_db()
    page = client.get(idea.get_absolute_url()).content.decode()
    assert "<strong>tre</strong>" in page and "Birthe" in page and "birthe@" not in page
    assert [v.text for v in idea.versions.all()] == [WRITTEN["text"]]
    assert client.get(storm.get_absolute_url()).context["listing"].count == 1


def test_with_an_account_it_stands_on_ones_own_page(client: Client) -> None:
    """As an employee of one's workplace, and without a code."""
    storm, user, workplace = public_storm(), UserFactory.create(name="Mette Holm"), WorkplaceFactory.create()
    membership(user=user, workplace=workplace, role="medarbejder")
    client.force_login(user)
    response = give(client, storm, workplace=workplace.slug, shown_as="navn")
    idea = Idea.objects.get()
    assert (idea.author, idea.workplace, idea.shown_name, idea.owner) == (user, workplace, "Mette Holm", None)
    assert not response.context["receipts"] and "Min side" in response.content.decode()
    assert idea.title in client.get("/min-side/").content.decode()


@pytest.mark.parametrize(
    ("terms", "wished", "shown"),
    [
        ("valg", "privat", "privat"),
        ("valg", "arbejdsplads", "arbejdsplads"),
        ("arbejdsplads", "", "arbejdsplads"),
        ("navn", "", "navn"),
        ("privat", "navn", "privat"),
    ],
)
def test_the_terms_say_what_is_shown(client: Client, terms: str, wished: str, shown: str) -> None:
    """Whatever is sent with the form."""
    storm, user, workplace = (
        public_storm(authors_shown=terms),
        UserFactory.create(),
        WorkplaceFactory.create(),
    )
    membership(user=user, workplace=workplace, role="medarbejder")
    client.force_login(user)
    give(client, storm, workplace=workplace.slug, shown_as=wished)
    assert Idea.objects.get().shown_as == shown


def test_it_is_shown_at_once_where_the_storm_says_so(client: Client) -> None:
    """The editors read it afterwards: it stays, or is taken down with a reason."""
    storm = public_storm(moderation="efter")
    give(client, storm)
    idea = Idea.objects.get()
    assert idea.state == "published"
    assert idea.title in client.get(storm.get_absolute_url()).content.decode()
    item = QueueItem.objects.get()
    assert item.kind == "idea"
    decide(uuid=item.uuid, by=editor(), outcome="rejected", reason="Uden for emnet", seen=item.version)
    idea.refresh_from_db()
    assert idea.state == "suspended"
    assert idea.title not in client.get(storm.get_absolute_url()).content.decode()


def test_what_looks_wrong_is_read_first(client: Client) -> None:
    """Also where ideas are shown at once."""
    storm = public_storm(moderation="efter")
    give(
        client,
        storm,
        text="Ring til min mor på 12 34 56 78, hun hedder Karen og har kræft. " + WRITTEN["text"],
    )
    idea = Idea.objects.get()
    item = QueueItem.objects.get()
    assert (idea.state == "submitted") is any(signal["severe"] for signal in item.signals)


def test_a_civil_registration_number_is_refused(client: Client) -> None:
    """With a sentence at the field; nothing typed is lost."""
    response = give(client, public_storm(), text="Mit nummer er 010190-1234")
    assert response.status_code == 422
    page = response.content.decode()
    assert "010190-1234" in page and not Idea.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"title": ""}, "Skriv din idé i én linje."),
        ({"text": " "}, "Fortæl lidt mere om din idé."),
        ({"shown_as": ""}, "Vælg, hvad vi viser om dig."),
        ({"shown_as": "navn"}, "Skriv det navn, vi skal vise."),
        ({"shown_as": "arbejdsplads"}, "arbejdsplads"),
        ({"reuses": "/katalog/findes-ikke/"}, "Vi kan ikke finde noget på den adresse."),
        ({"tags": "findes-ikke"}, ""),
        ({"email": "x"}, "e-mail"),
    ],
    ids=str,
)
def test_wrong_input_is_explained(client: Client, fields: dict[str, str], sentence: str) -> None:
    """At the field and in the summary, with what was typed."""
    storm = public_storm()
    storm.tags.set(resolve_tags(names=["økonomi"]))
    response = give(client, storm, **fields)
    assert response.status_code == 422
    assert sentence.lower() in response.content.decode().lower()
    assert not Idea.objects.exists()


def test_it_links_to_what_it_reuses_and_has_tags(client: Client) -> None:
    """By an address as people copy it; only public entries, and only the storm's tags."""
    storm, entry = public_storm(), published()
    storm.tags.set(resolve_tags(names=["økonomi"]))
    slug = storm.tags.get().slug
    give(client, storm, reuses=f"https://portal.example{entry.get_absolute_url()}?q=x", tags=[slug])
    idea = Idea.objects.get()
    assert idea.reuses == entry and list(idea.tags.slugs()) == [slug]


def test_the_same_form_twice_gives_one_idea(client: Client) -> None:
    """Double click or the back button."""
    storm = public_storm()
    form = opened(client, storm)
    for _ in range(2):
        assert client.post(address(storm), form | WRITTEN).status_code == 302
    assert Idea.objects.count() == 1


def test_a_trap_is_a_trap(client: Client) -> None:
    """What fills in the field that nobody sees gives no idea."""
    storm = public_storm()
    give(client, storm, **{FIELD: "https://spam.example"})
    assert not Idea.objects.exists()


@pytest.mark.parametrize(("late", "given"), [(599, True), (600, False)])
def test_ten_minutes_after_closing(client: Client, coi_clock: Clock, late: int, given: bool) -> None:
    """Who has begun may send, and it is noted; the page that is opened after closing says that it is closed."""
    opens = dt.datetime(2026, 9, 1, 8, tzinfo=dt.UTC)
    coi_clock(opens)
    storm = public_storm(opens_at=opens)
    coi_clock(storm.closes_at - dt.timedelta(seconds=1))
    form = opened(client, storm)
    coi_clock(storm.closes_at + dt.timedelta(seconds=late))
    assert client.get(address(storm)).status_code == 403
    response = client.post(address(storm), form | WRITTEN, follow=True)
    assert Idea.objects.filter(sent_late=True).exists() is given
    if not given:
        assert response.status_code == 422
        assert "lukket for nye ideer" in response.content.decode()
        assert WRITTEN["title"] in response.content.decode()
    forged = form | WRITTEN | {"begun": "x", "once": ""}
    assert client.post(address(storm), forged).status_code == 422


def test_an_invitation_opens_the_storm_until_it_is_revoked(client: Client) -> None:
    """GET changes nothing; the session keeps the key, never the code."""
    storm = public_storm(access="inviterede")
    invitation = Invitation.objects.create(storm=storm, workplace=WorkplaceFactory.create())
    link = reverse("ideastorm:invitation", args=[storm.slug, invitation.code])
    assert client.get(link).status_code == 200
    assert client.get(address(storm)).status_code == 403
    client.post(link)
    give(client, storm, workplace=invitation.workplace.slug, shown_as="arbejdsplads")
    assert Idea.objects.get().workplace == invitation.workplace
    assert invitation.code not in str(dict(client.session))
    invitation.revoked_at = storm.now
    invitation.save()
    assert client.get(link).status_code == 404
    assert client.get(address(storm)).status_code == 403


def test_the_sender_corrects_until_somebody_has_answered_it(client: Client) -> None:
    """With the receipt; what is public becomes a change, and its approval a version."""
    storm = public_storm()
    response = give(client, storm)
    client.post(
        "/kvittering/",
        {"kode": response.context["receipts"][0][1], "code": response.context["receipts"][0][1]},
    )
    new = {"title": WRITTEN["title"], "text": "Beløbet skal stå øverst.", "answer": ""}
    client.post("/kvittering/ret/", new)
    idea = Idea.objects.get()
    assert (idea.text, idea.summary) == ("Beløbet skal stå øverst.", "Beløbet skal stå øverst.")
    idea.publish(by=None)
    Comment.objects.create(idea=idea, text="Ja tak")
    response = client.post("/kvittering/ret/", new | {"text": "Noget helt andet"})
    assert response.status_code == 422 and "så teksten står" in response.content.decode()


def test_an_approved_change_is_a_version() -> None:
    """Anyone can read what it said before."""
    idea = public_idea()
    idea.apply_parts({"text": "Nu et andet sted."})
    idea.apply_parts({"shown_as": "privat"})
    assert list(idea.versions.values_list("number", "text")) == [
        (1, "Skriv det nye beløb øverst, så datoen, så grunden."), (2, "Nu et andet sted."),
    ]  # fmt: skip


def test_the_action_refuses_what_the_page_forgot(client: Client) -> None:
    """The clock decides in the transaction that writes."""
    from ideastorm.giving.actions import give_idea
    from ideastorm.permissions import NOBODY

    storm = public_storm(access="konto")
    with pytest.raises(ValidationError, match="lukket"):
        give_idea(storm=storm, fields={"title": "x", "text": "x", "summary": "x"}, visitor=NOBODY)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"title": ""}, "Skriv din idé i én linje."),
        ({"title": "x" * 121}, "Skriv ideen med højst 120 tegn. Linjen har 121."),
        ({"text": ""}, "Fortæl lidt mere om din idé."),
        ({"text": "x" * 6001}, "Fortæl det med højst 6000 tegn. Teksten har 6001."),
    ],
)
def test_what_is_wrong_is_said_in_our_words(client: Client, changed: dict[str, str], sentence: str) -> None:
    """Also where the receipt corrects it."""
    storm = public_storm()
    assert sentence in give(client, storm, **changed).content.decode()
    code = give(client, storm).context["receipts"][0][1]
    client.post("/kvittering/", {"code": code})
    correction = {"once": "walked", "title": WRITTEN["title"], "text": WRITTEN["text"], **changed}
    response = client.post("/kvittering/ret/", correction)
    assert response.status_code == 422 and sentence in response.content.decode()


def test_the_receipt_shows_its_picture(client: Client, settings: Any, tmp_path: Any) -> None:
    """While the idea waits, to whoever has opened the receipt, and to nobody else."""
    settings.MEDIA_ROOT = tmp_path
    file = io.BytesIO()
    Image.new("RGB", (60, 40), "green").save(file, "PNG")
    picture = SimpleUploadedFile("brev.png", file.getvalue(), content_type="image/png")
    code = give(client, public_storm(), picture=picture, alt="Et brev").context["receipts"][0][1]
    shown = f"/media/{Idea.objects.get().pictures.get().name}"
    assert client.get(shown).status_code == 404, "the receipt is not open"
    client.post("/kvittering/", {"code": code})
    other = Client()
    other_code = give(other, Storm.objects.get()).context["receipts"][0][1]
    other.post("/kvittering/", {"code": other_code})
    assert client.get(shown).status_code == 200 and other.get(shown).status_code == 404


def test_how_it_will_look(client: Client) -> None:
    """Before it is sent, by a button that needs no script; nothing is stored, and nothing dangerous shown."""
    storm = public_storm()
    look = reverse("ideastorm:give_look", args=[storm.slug])
    assert f'formaction="{look}"' in client.get(address(storm)).content.decode()
    typed = {"title": "Et <b>brev</b>\x00", "text": "**fed**\x00\n\n- et\n\n<script>x</script>"}
    page = client.post(look, typed).content.decode()
    assert "<strong>fed</strong>" in page and "<li>et</li>" in page
    assert "Et &lt;b&gt;brev" in page and "<script>x" not in page
    assert "ikke skrevet nogen tekst endnu" in client.post(look, {"text": " "}).content.decode()
    assert not Idea.objects.exists()

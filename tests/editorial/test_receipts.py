"""Receipts: the code opens what was sent, for half an hour, to whoever has it; and what may then be done."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from catalogue.models import Story
from editorial import receipts
from editorial.choices import Outcome, QueueKind
from editorial.handlers import QueueError
from editorial.models import Change, Consent, Letter, QueueItem, Receipt, SenderContact
from editorial.models.querysets import TransitionError
from editorial.queue import decide
from guards.ratelimits import LIMITS, Limit, Rate
from notices.models import Notice
from tests.factories import UserFactory, editor, waiting_story

pytestmark = pytest.mark.django_db
PAGE = "/kvittering/"


def sent(**fields: Any) -> tuple[QueueItem, str]:
    """A story that waits, told without account, and the code of its receipt."""
    item = waiting_story(**fields)
    assert item.content is not None
    code = Receipt.issue(item.content)
    SenderContact.objects.create(receipt=item.content.receipt, email="borger@example.dk")
    Consent.objects.create(content=item.content, what="publish-story", version="1")
    return item, code


def opened(code: str) -> Client:
    """A browser in which a receipt is open."""
    client = Client()
    assert client.post(PAGE, {"code": code}).status_code == 302
    return client


def parts(item: QueueItem, **changed: Any) -> dict[str, Any]:
    """The form of corrections as it stands, with changes."""
    story = Story.objects.get(pk=item.content_id)
    names = ("title", "text", "happened", "shown_name")
    return {**{n: getattr(story, n) for n in names}, "answer": "", "once": str(uuid.uuid4()), **changed}


def test_however_it_is_typed(client: Client) -> None:
    """Small letters, blanks, O for 0; the code itself is neither in the address nor in the session."""
    item, code = sent()
    typed = code.lower().replace("-", " ").replace("0", "o")
    response = client.post(PAGE, {"code": typed})
    assert (response.status_code, response["Location"]) == (302, PAGE)
    page = client.get(PAGE).content.decode()
    assert (
        item.title in page
        and "Nummer 1 i køen" in page
        and "borger@example.dk" not in page
        and code not in page
    )
    assert code not in str(dict(client.session))
    assert client.get(reverse("catalogue:story_preview", args=[item.content.uuid])).status_code == 200  # type: ignore[union-attr]


@pytest.mark.parametrize("code", ["forkert", "00000-00000-00000-00000-00000-0", "x" * 90, "%' OR 1=1", "–"])
def test_wrong_codes(client: Client, code: str) -> None:
    """All get the same sentence."""
    sent()
    response = client.post(PAGE, {"code": code})
    assert response.status_code == 422 and "Koden passer ikke" in response.content.decode()
    assert "receipt" not in client.session


def test_guessing_is_limited(client: Client) -> None:
    """Ten wrong ones, then it has to wait; right ones cost nothing."""
    answers = [client.post(PAGE, {"code": f"forkert-{n}"}).status_code for n in range(12)]
    assert answers == [422] * 10 + [429] * 2


@pytest.mark.parametrize("act", ["correct", "withdraw", "claim"])
def test_what_is_done_with_a_receipt_is_limited(act: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A code that is right is no way to write to the editors without end; refused is not lost."""
    monkeypatch.setitem(LIMITS, "answer", Limit(address=Rate(2, 30_000)))
    item, code = sent()
    client, page = opened(code), reverse(f"editorial:receipt_{act}")
    nothing = {"title": "", "text": "En tekst, jeg har skrevet længe på"}
    assert [client.post(page, nothing).status_code == 429 for _ in range(3)] == [False, False, True]
    answer = client.post(page, nothing, headers={"accept": "text/html"})
    assert answer["Retry-After"] and (nothing["text"] in answer.content.decode())
    assert client.get(PAGE).status_code == 200
    assert Story.objects.get().state == "submitted" and item.letters.count() == 0


def test_it_closes(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """After half an hour, by the button, and for another browser."""
    item, code = sent()
    assert item.title not in Client().get(PAGE).content.decode()
    one, two = opened(code), opened(code)
    one.post(reverse("editorial:receipt_forget"))
    assert item.title not in one.get(PAGE).content.decode()
    assert one.post(reverse("editorial:receipt_withdraw"), {"sure": "on"})["Location"] == PAGE
    now = receipts.time.time()
    monkeypatch.setattr(receipts.time, "time", lambda: now + receipts.OPEN_FOR + 1)
    assert item.title not in two.get(PAGE).content.decode()
    two.post(reverse("editorial:receipt_withdraw"), {"sure": "on"})
    assert Story.objects.get().state == "submitted"


@pytest.mark.parametrize("act", ["correct", "withdraw", "claim"])
def test_nothing_without_the_receipt(client: Client, act: str) -> None:
    """Whoever has another's session, or none, changes nothing."""
    sent()
    client.force_login(UserFactory.create())
    assert client.post(reverse(f"editorial:receipt_{act}"), {"sure": "on", "title": "x"})["Location"] == PAGE
    story = Story.objects.get()
    assert (story.state, story.author, story.title == "x") == ("submitted", None, False)


def test_a_correction_while_it_waits() -> None:
    """Is made where it is; who was about to decide it has to read it anew."""
    item, code = sent()
    client = opened(code)
    data = parts(item, title="Ny titel", answer="Undskyld stavefejlen", text="Ny tekst. Mere.")
    for _n in range(2):
        assert client.post(reverse("editorial:receipt_correct"), data).status_code == 302
    story = Story.objects.get()
    assert (story.title, story.text, story.summary, story.state) == (
        "Ny titel",
        "Ny tekst. Mere.",
        "Ny tekst. Mere.",
        "submitted",
    )
    seen = item.version
    item.refresh_from_db()
    assert (item.title, item.snapshot["text"], item.version) == ("Ny titel", "Ny tekst. Mere.", seen + 1)
    assert [letter.text for letter in Letter.objects.all()] == ["Undskyld stavefejlen"]
    with pytest.raises(QueueError, match="mens du læste"):
        decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor(), seen=seen)


def test_an_answer_after_questions() -> None:
    """Sends it again, with what was corrected; the sender is asked by mail, without the code."""
    item, code = sent()
    decide(uuid=item.uuid, outcome=Outcome.RETURNED, by=editor(), reason="Hvornår var det?")
    notice = Notice.objects.get(address="borger@example.dk")
    assert notice.url == PAGE and code not in notice.subject + notice.text + notice.url
    client = opened(code)
    assert "Hvornår var det?" in client.get(PAGE).content.decode()
    assert client.post(reverse("editorial:receipt_correct"), parts(item)).status_code == 422
    response = client.post(reverse("editorial:receipt_correct"), parts(item, happened="2024", answer="I maj"))
    assert response.status_code == 302
    story = Story.objects.get()
    assert (story.state, story.year_from) == ("submitted", 2024)
    assert QueueItem.objects.filter(decided_at__isnull=True).get().letters.get().text == "I maj"


@pytest.mark.parametrize(
    "changed",
    [{"text": "010203-1234"}, {"title": ""}, {"answer": "010203-1234"}, {"shown_name": "010203-1234"}],
)
def test_a_correction_is_checked(changed: dict[str, str]) -> None:
    """As the first time; what was typed stays."""
    item, code = sent()
    response = opened(code).post(
        reverse("editorial:receipt_correct"), parts(item, happened="I går", **changed)
    )
    assert response.status_code == 422 and "I går" in response.content.decode()
    assert Story.objects.get().happened == ""


def test_nothing_else_can_be_changed() -> None:
    """State, author and owner are not the form's."""
    item, code = sent()
    data = parts(item, title="Ny", state="published", author="1", slug="min", is_demo="on")
    opened(code).post(reverse("editorial:receipt_correct"), data)
    story = Story.objects.get()
    assert (story.title, story.state, story.author, story.slug, story.is_demo) == (
        "Ny",
        "submitted",
        None,
        None,
        False,
    )


@pytest.mark.parametrize("public", [False, True])
def test_withdrawal(client: Client, public: bool) -> None:
    """At once, also of what is public: gone at the next request; the address is forgotten, the consent marked."""
    item, code = sent()
    boss = editor()
    if public:
        decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=boss)
    story = Story.objects.get()
    address = story.get_absolute_url()
    assert client.get(address).status_code == (200 if public else 404)
    mine = opened(code)
    assert mine.post(reverse("editorial:receipt_withdraw"), {}).status_code == 422
    assert mine.post(reverse("editorial:receipt_withdraw"), {"sure": "on"}).status_code == 302
    assert client.get(address).status_code == 404
    assert item.title not in client.get("/historier/").content.decode()
    story.refresh_from_db()
    assert story.state == "withdrawn" and not SenderContact.objects.exists()
    assert Consent.objects.get().withdrawn_at is not None
    assert not QueueItem.objects.filter(decided_at__isnull=True).exists()
    assert (
        Notice.objects.filter(recipient=boss, event="redaktion", subject__contains="trukket").exists()
        is public
    )
    assert "trukket tilbage" in mine.get(PAGE).content.decode()
    assert mine.post(reverse("editorial:receipt_withdraw"), {"sure": "on"}).status_code == 422


def test_an_account_takes_it_over() -> None:
    """Then it is the account's: the code opens nothing more, and the address is forgotten."""
    item, code = sent()
    client, user = opened(code), UserFactory.create()
    other, before = opened(code), Receipt.objects.get()
    assert (
        client.post(reverse("editorial:receipt_claim")).status_code == 302
        and Story.objects.get().author is None
    )
    client.force_login(user)
    client.post(PAGE, {"code": code})
    assert client.post(reverse("editorial:receipt_claim"))["Location"] == reverse("my_page")
    item.refresh_from_db()
    assert Story.objects.get().author == item.sender == user
    assert Receipt.objects.get().claimed_by == user and not SenderContact.objects.exists()
    assert item.title in client.get(reverse("my_page")).content.decode()
    assert item.title not in other.get(PAGE).content.decode()
    assert Client().post(PAGE, {"code": code}).status_code == 422
    with pytest.raises(TransitionError):
        receipts.withdraw(receipt=before)


def test_what_was_decided_is_not_corrected() -> None:
    """It is read, and that is all."""
    item, code = sent()
    decide(uuid=item.uuid, outcome=Outcome.REJECTED, by=editor(), reason="Det er en klage.")
    page = opened(code).get(PAGE).content.decode()
    assert "Det er en klage." in page and "receipt_correct" not in page and 'id="correct"' not in page
    with pytest.raises(ValidationError):
        receipts.correct(receipt=Receipt.objects.get(), parts={"title": "Ny"})
    assert item.kind == QueueKind.CONTENT


def test_on_an_account_it_can_be_answered_corrected_and_withdrawn() -> None:
    """From Min side and without the code, also when it is public; for anybody else there is no such page."""
    item, code = sent()
    assert item.content is not None
    user, address = UserFactory.create(), reverse("editorial:my_receipt", args=[item.content.uuid])
    client = opened(code)
    client.force_login(user)
    client.post(PAGE, {"code": code})
    client.post(reverse("editorial:receipt_claim"))
    assert address in client.get(reverse("my_page")).content.decode()
    decide(uuid=item.uuid, outcome=Outcome.RETURNED, by=editor(), reason="Hvornår var det?")
    assert "Svar eller ret" in client.get(reverse("my_page")).content.decode()
    assert client.get(address)["Location"] == PAGE
    assert "Hvornår var det?" in client.get(PAGE).content.decode()
    assert client.post(reverse("editorial:receipt_correct"), parts(item, happened="I maj")).status_code == 302
    again = QueueItem.objects.waiting().get()
    assert again.sender == user
    decide(uuid=again.uuid, outcome=Outcome.APPROVED, by=editor())
    client.get(address)
    assert client.post(reverse("editorial:receipt_withdraw"), {"sure": "on"}).status_code == 302
    assert Story.objects.get(pk=item.content_id).state == "withdrawn"
    other = Client()
    other.force_login(UserFactory.create())
    assert other.get(address).status_code == 404
    assert other.post(PAGE, {"code": code}).status_code == 422


def test_what_stands_on_an_account_is_not_taken_over() -> None:
    """Not by somebody else who has come by the code."""
    item, code = sent()
    owner = UserFactory.create()
    Story.objects.filter(pk=item.content_id).update(author=owner)
    client = opened(code)
    client.force_login(UserFactory.create())
    client.post(PAGE, {"code": code})
    client.post(reverse("editorial:receipt_claim"))
    assert Story.objects.get(pk=item.content_id).author == owner


def public(**fields: Any) -> tuple[QueueItem, str]:
    """A story that was told without account and is shown, and the code of its receipt."""
    item, code = sent(**fields)
    decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=editor())
    return item, code


def test_a_correction_of_what_is_public() -> None:
    """Is a change that waits, can be corrected while it does, and is shown when the editors have read it."""
    item, code = public()
    client, page = opened(code), reverse("editorial:receipt_correct")
    before = Story.objects.get()
    assert client.post(page, parts(item)).status_code == 422
    data = parts(item, text="Ny tekst. Mere.", answer="En stavefejl")
    for _n in range(2):
        assert client.post(page, data).status_code == 302
    assert (
        client.post(page, {**data, "title": "Ny titel", "answer": "", "once": str(uuid.uuid4())}).status_code
        == 302
    )
    assert Story.objects.get().text == before.text
    assert "Ny tekst. Mere." in client.get(PAGE).content.decode()
    change = Change.objects.get()
    waiting = QueueItem.objects.waiting().get()
    assert (change.author, waiting.sender, waiting.kind, waiting.version) == (None, None, QueueKind.CHANGE, 2)
    assert change.proposed == {"title": "Ny titel", "text": "Ny tekst. Mere.", "summary": "Ny tekst. Mere."}
    assert [letter.text for letter in waiting.letters.all()] == ["En stavefejl"]
    with pytest.raises(QueueError, match="mens du læste"):
        decide(uuid=waiting.uuid, outcome=Outcome.APPROVED, by=editor(), seen=1)
    boss = editor()
    browser = Client()
    browser.force_login(boss)
    assert "<ins>" in browser.get(reverse("editorial:item", args=[waiting.uuid])).content.decode()
    decide(uuid=waiting.uuid, outcome=Outcome.APPROVED, by=boss)
    story = Story.objects.get()
    assert (story.title, story.text, story.state, story.slug) == (
        "Ny titel",
        "Ny tekst. Mere.",
        "published",
        before.slug,
    )
    assert "Ny titel" in Client().get(story.get_absolute_url()).content.decode()


def test_a_correction_of_what_is_public_is_asked_back() -> None:
    """The sender hears of it at the address they left, answers with the receipt, and reads a no with its reason."""
    item, code = public()
    client, page = opened(code), reverse("editorial:receipt_correct")
    client.post(page, parts(item, text="Ny tekst."))
    decide(
        uuid=QueueItem.objects.waiting().get().uuid, outcome=Outcome.RETURNED, by=editor(), reason="Hvorfor?"
    )
    notice = Notice.objects.filter(address="borger@example.dk").latest("pk")
    assert notice.url == PAGE and "Hvorfor?" in notice.text
    shown = client.get(PAGE).content.decode()
    assert "Hvorfor?" in shown and "Ny tekst." in shown
    answer = {**parts(item, text="Ny tekst."), "answer": "Den gamle var forkert"}
    assert client.post(page, answer).status_code == 302
    again = QueueItem.objects.waiting().get()
    assert again.letters.get().text == "Den gamle var forkert"
    decide(uuid=again.uuid, outcome=Outcome.REJECTED, by=editor(), reason="Den ændrer meningen.")
    assert "Den ændrer meningen." in client.get(PAGE).content.decode()
    assert Story.objects.get().text != "Ny tekst." and Story.objects.get().state == "published"


def test_names_in_a_correction_of_what_is_public() -> None:
    """Hold it back as they do the first time."""
    item, code = public()
    opened(code).post(reverse("editorial:receipt_correct"), parts(item, text="Mette ringede dagen efter."))
    waiting = QueueItem.objects.waiting().get()
    with pytest.raises(TransitionError, match="»Mette«"):
        decide(uuid=waiting.uuid, outcome=Outcome.APPROVED, by=editor(), force=True)


def test_a_waiting_correction_goes_with_what_it_corrects() -> None:
    """Withdrawn: out of the queue. Taken over by an account: on Min side."""
    item, code = public()
    client, page = opened(code), reverse("editorial:receipt_correct")
    client.post(page, parts(item, text="Ny tekst."))
    user = UserFactory.create()
    receipts.claim(receipt=Receipt.objects.get(), by=user)
    assert Change.objects.get().author == QueueItem.objects.waiting().get().sender == user
    client.force_login(user)
    assert "Rettelse" in client.get(reverse("my_page")).content.decode()
    client.get(reverse("editorial:my_receipt", args=[item.content.uuid]))  # type: ignore[union-attr]
    assert client.post(reverse("editorial:receipt_withdraw"), {"sure": "on"}).status_code == 302
    assert Change.objects.get().state == "withdrawn" and not QueueItem.objects.waiting().exists()

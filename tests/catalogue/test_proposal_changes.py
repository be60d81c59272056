"""Changes to what is public, its withdrawal, and pictures of both: who may, what is stored, what is refused."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from accounts.models import User
from catalogue.models import Entry
from editorial.choices import Outcome, QueueKind, State
from editorial.models import Change, Content, ProposalDraft, QueueItem
from editorial.models.querysets import TransitionError
from editorial.pictures import may_see_hidden, names_in_use
from editorial.queue import decide
from editorial.submitting import submit_change
from notices.models import Notice
from places.models import MembershipState, Role, Workplace
from tests.catalogue.test_proposals import FIRST, begin, employee, save
from tests.catalogue.test_proposals import step as draft_step
from tests.factories import UserFactory, WorkplaceFactory, published

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings: Any, tmp_path: Path) -> None:
    """Pictures are stored in a folder of the test's own."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def workplace() -> Workplace:
    """The workplace behind the entry."""
    made: Workplace = WorkplaceFactory.create()
    return made


@pytest.fixture
def entry(workplace: Workplace) -> Entry:
    """What is public."""
    return published(
        owner=workplace, title="Som det står", problem="Det gamle problem", effect="Færre klager"
    )


@pytest.fixture
def contact(client: Client, workplace: Workplace) -> User:
    """The workplace's contact person, logged in."""
    user = employee(workplace=workplace, role=Role.CONTACT)
    client.force_login(user)
    return user


def change_step(change: Change, key: str = "vigtigste") -> str:
    """A step of a change."""
    return reverse("catalogue:change_step", args=[change.uuid, key])


def edited(client: Client, entry: Entry, **fields: str) -> Change:
    """A change of the first step, stored."""
    assert client.post(reverse("catalogue:edit", args=[entry.slug])).status_code == 302
    change = Change.objects.latest("pk")
    seen = client.get(change_step(change)).context["seen"]
    data = {
        "title": entry.title,
        "summary": entry.summary,
        "problem": entry.problem,
        "solution": "",
        "seen": seen,
    }
    assert client.post(change_step(change), {**data, **fields}).status_code == 302
    change.refresh_from_db()
    return change


def test_a_change_leaves_what_is_public_standing(client: Client, entry: Entry, contact: User) -> None:
    """Begun once, resumed, previewed, sent; the public page is what it was until it is approved."""
    change = edited(client, entry, problem="Det nye problem")
    assert change.proposed == {"problem": "Det nye problem"} and change.base == {
        "problem": "Det gamle problem"
    }
    assert client.get(reverse("catalogue:edit", args=[entry.slug])).status_code == 302
    client.post(reverse("catalogue:edit", args=[entry.slug]))
    assert Change.objects.count() == 1
    preview = client.get(reverse("catalogue:change_preview", args=[change.uuid])).content.decode()
    assert "Det nye problem" in preview and "Sådan vil siden se ud" in preview
    page = client.get(entry.get_absolute_url()).content.decode()
    assert "Det gamle problem" in page and "Det nye problem" not in page and "Ret siden" in page
    assert client.post(reverse("catalogue:change_review", args=[change.uuid]), {}).status_code == 302
    item = QueueItem.objects.get(change=change)
    assert item.kind == QueueKind.CHANGE
    assert (
        "nummer 1 i køen" in client.get(reverse("catalogue:change_done", args=[change.uuid])).content.decode()
    )
    decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=UserFactory.create(admin=True))
    entry.refresh_from_db()
    assert entry.problem == "Det nye problem"


def test_nothing_changed_is_not_sent(client: Client, entry: Entry, contact: User) -> None:
    """A change without a change is refused with a sentence; dropped, it is gone."""
    change = edited(client, entry)
    assert change.proposed == {}
    response = client.post(reverse("catalogue:change_review", args=[change.uuid]), {})
    assert response.status_code == 422 and "ikke rettet noget" in response.content.decode()
    assert client.post(reverse("catalogue:change_undo", args=[change.uuid])).status_code == 302
    assert not Change.objects.exists() and Entry.objects.filter(pk=entry.pk).exists()


def test_trusted_people_correct_small_things_at_once(
    client: Client, entry: Entry, workplace: Workplace
) -> None:
    """It is public at once, nothing waits, and the page of thanks says so; of what is large, an editor decides."""
    client.force_login(employee(workplace=workplace, role=Role.CONTACT, membership={"trusted": True}))
    change = edited(client, entry, problem="Det gamle problemm")
    assert client.post(reverse("catalogue:change_review", args=[change.uuid]), {}).status_code == 302
    entry.refresh_from_db()
    assert entry.problem == "Det gamle problemm" and not QueueItem.objects.exists()
    assert (
        "rettelsen er vist"
        in client.get(reverse("catalogue:change_done", args=[change.uuid])).content.decode()
    )
    change = edited(client, entry, title="Et helt andet navn")
    client.post(reverse("catalogue:change_review", args=[change.uuid]), {})
    item = QueueItem.objects.get(change=change)
    assert item.is_waiting
    # What the editors have read does not count against the small ones of the same day.
    decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=UserFactory.create(admin=True))
    entry.refresh_from_db()
    change = edited(client, entry, problem="Det gamle problem!")
    client.post(reverse("catalogue:change_review", args=[change.uuid]), {})
    entry.refresh_from_db()
    assert entry.problem == "Det gamle problem!" and not QueueItem.objects.filter(change=change).exists()


def test_a_moved_base_is_explained(client: Client, entry: Entry, contact: User) -> None:
    """Others corrected the same meanwhile: the sender is told which part."""
    change = edited(client, entry, problem="Mit problem")
    entry.apply_parts({"problem": "Andres problem"})
    page = client.get(reverse("catalogue:change_review", args=[change.uuid])).content.decode()
    assert "Andre har rettet det samme" in page and "Hvad var svært" in page


def test_who_may_correct(client: Client, entry: Entry) -> None:
    """Its author and contact persons; a colleague without the role gets 403, of what is hidden 404."""
    other = employee()
    client.force_login(other)
    for name in ("edit", "ask_withdrawal"):
        address = reverse(f"catalogue:{name}", args=[entry.slug])
        assert client.get(address).status_code == client.post(address).status_code == 403
    assert "Ret siden" not in client.get(entry.get_absolute_url()).content.decode()
    Entry.objects.filter(pk=entry.pk).update(author=other)
    assert client.get(reverse("catalogue:edit", args=[entry.slug])).status_code == 200
    entry.suspend(by=None, reason="x")
    assert client.get(reverse("catalogue:edit", args=[entry.slug])).status_code == 404


def test_a_role_that_ended_ends_the_change(client: Client, entry: Entry, contact: User) -> None:
    """Who no longer speaks for the workplace can't go on; others never see the change."""
    change = edited(client, entry, problem="Nyt")
    contact.memberships.all().delete()
    assert client.get(change_step(change)).status_code == 403
    client.force_login(employee())
    assert client.get(change_step(change)).status_code == 404


def test_a_change_of_what_is_hidden_is_nowhere(client: Client, entry: Entry, contact: User) -> None:
    """404 once the page is taken down; it can still be taken back, with all that was typed."""
    change = edited(client, entry, problem="Nyt")
    client.post(change_step(change), {"title": "Halvt", "action": "later", "seen": "x"})
    assert ProposalDraft.objects.filter(change=change).exists()
    Entry.objects.filter(pk=entry.pk).update(state=State.SUSPENDED)
    for name in ("resume", "preview", "review"):
        assert client.get(reverse(f"catalogue:change_{name}", args=[change.uuid])).status_code == 404
    assert client.get(change_step(change)).status_code == 404
    assert client.post(change_step(change), {"title": "Nyt"}).status_code == 404
    assert client.post(reverse("catalogue:change_review", args=[change.uuid]), {}).status_code == 404
    Change.objects.filter(pk=change.pk).update(state=State.RETURNED, submitted_at=timezone.now())
    assert client.post(reverse("catalogue:change_undo", args=[change.uuid])).status_code == 302
    change.refresh_from_db()
    assert change.state == State.WITHDRAWN and not ProposalDraft.objects.exists()


def test_hidden_while_it_was_sent(
    client: Client, entry: Entry, contact: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What can't be sent is told as a sentence."""
    change = edited(client, entry, problem="Nyt")

    def refuse(self: Change) -> None:
        raise TransitionError("Siden kan ikke læses mere.")

    monkeypatch.setattr(Change, "submit", refuse)
    response = client.post(reverse("catalogue:change_review", args=[change.uuid]), {})
    assert response.status_code == 422 and "Siden kan ikke læses mere." in response.content.decode()


def test_a_wish_to_have_it_withdrawn(client: Client, entry: Entry, contact: User) -> None:
    """One item, with the reason; the page stands meanwhile. Without a reason nothing is sent."""
    address = reverse("catalogue:ask_withdrawal", args=[entry.slug])
    assert client.post(address, {"reason": ""}).status_code == 422
    for _n in range(2):
        assert client.post(address, {"reason": "Vi er holdt op."}).status_code == 302
    item = QueueItem.objects.get()
    assert item.kind == QueueKind.WITHDRAWAL and item.letters.get().text == "Vi er holdt op."
    entry.refresh_from_db()
    assert entry.state == State.PUBLISHED
    assert "fik jeres ønske" in client.get(address).content.decode()
    assert "Redaktionen svarer senest" in client.get(reverse("my_page")).content.decode()
    client.force_login(employee(workplace=entry.owner, role=Role.CONTACT))
    client.post(address, {"reason": "Det er også forkert."})
    letters = item.letters.order_by("pk").values_list("text", "from_others")
    assert list(letters) == [("Vi er holdt op.", False), ("Det er også forkert.", True)]
    decide(
        uuid=item.uuid,
        outcome=Outcome.REJECTED,
        by=UserFactory.create(admin=True),
        reason="Andre bruger den.",
    )
    client.force_login(contact)
    page = client.get(reverse("my_page")).content.decode()
    assert "Siden bliver stående" in page and "Andre bruger den." in page


@pytest.mark.parametrize(
    ("who", "confirms"), [("contact", True), ("author", False), ("former", False), ("elsewhere", False)]
)
def test_the_contact_persons_own_edit_confirms_the_page(
    entry: Entry, workplace: Workplace, who: str, confirms: bool
) -> None:
    """When it is shown, as of the day it was sent, and only when they speak for the workplace behind it."""
    sent, today = timezone.now() - dt.timedelta(days=3), timezone.localdate()
    Content.objects.filter(pk=entry.pk).update(
        confirmed_on=today - dt.timedelta(days=500), confirmation_asked_on=today - dt.timedelta(days=40),
        is_unconfirmed=True,
    )  # fmt: skip
    place = {"elsewhere": WorkplaceFactory.create()}.get(who, workplace)
    author = employee(workplace=place, role=Role.EMPLOYEE if who == "author" else Role.CONTACT)
    change = Change.begin(entry, by=author, proposed={"problem": "Nyt"})
    submit_change(change=change, by=author)
    Change.objects.filter(pk=change.pk).update(submitted_at=sent)
    entry.refresh_from_db()
    assert entry.is_unconfirmed and entry.confirmed_on == today - dt.timedelta(days=500)
    if who == "former":
        author.memberships.update(state=MembershipState.ENDED, ended_at=timezone.now())
    item = QueueItem.objects.get(change=change)
    decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=UserFactory.create(admin=True))
    entry.refresh_from_db()
    assert entry.is_unconfirmed is not confirms
    assert entry.confirmed_on == (timezone.localdate(sent) if confirms else today - dt.timedelta(days=500))


def test_an_edit_confirms_nothing_that_was_asked_after_it(entry: Entry, contact: User) -> None:
    """An older answer does not take away a newer one, nor answer a later question."""
    today = timezone.localdate()
    for confirmed, asked in ((today, today), (None, today)):
        change = Change.begin(entry, by=contact, proposed={"problem": f"Nyt {confirmed}"})
        submit_change(change=change, by=contact)
        Change.objects.filter(pk=change.pk).update(submitted_at=timezone.now() - dt.timedelta(days=3))
        Content.objects.filter(pk=entry.pk).update(
            confirmed_on=confirmed, confirmation_asked_on=asked, is_unconfirmed=True
        )
        item = QueueItem.objects.get(change=change)
        decide(uuid=item.uuid, outcome=Outcome.APPROVED, by=UserFactory.create(admin=True))
        entry.refresh_from_db()
        assert entry.is_unconfirmed
        assert entry.confirmed_on == (confirmed or today - dt.timedelta(days=3))


@pytest.mark.parametrize(
    ("gone", "state"),
    [("suspend", State.RETURNED), ("withdraw", State.REJECTED), ("archive", State.SUBMITTED)],
)
def test_a_page_taken_down_keeps_no_change_waiting(
    client: Client, entry: Entry, contact: User, gone: str, state: str
) -> None:
    """It leaves the queue with a letter; what may come back is kept, and Min side offers no way that is closed."""
    change = edited(client, entry, problem="Det nye problem")
    client.post(reverse("catalogue:change_review", args=[change.uuid]), {})
    getattr(Entry.objects.get(pk=entry.pk), gone)(by=UserFactory.create(admin=True), reason="Hemmelig grund")
    change.refresh_from_db()
    item = QueueItem.objects.get(change=change)
    waits = state == State.SUBMITTED
    assert change.state == state and item.is_waiting is waits
    assert Notice.objects.filter(recipient=contact, event="behandling").exists() is not waits
    if waits:
        return
    assert item.outcome == Outcome.LAPSED  # nobody answered it
    letter = item.letters.get()
    assert letter.from_editors and "Siden, du har rettet" in letter.text and "Hemmelig" not in letter.text
    page = client.get(reverse("my_page")).content.decode()
    resume = f'"{reverse("catalogue:change_resume", args=[change.uuid])}"'
    assert resume not in page and "Redaktionen har spurgt om noget" not in page
    assert "Siden, du har rettet" in page
    if state == State.RETURNED:
        assert "Siden er taget ned, så rettelsen venter" in page
        Entry.objects.get(pk=entry.pk).publish(by=UserFactory.create(admin=True))
        assert resume in client.get(reverse("my_page")).content.decode()
        assert client.post(reverse("catalogue:change_review", args=[change.uuid]), {}).status_code == 302
        assert QueueItem.objects.filter(change=change, decided_at__isnull=True).count() == 1


# -- pictures -----------------------------------------------------------------------


def png(colour: str = "red") -> SimpleUploadedFile:
    """A small picture."""
    file = BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, "PNG")
    return SimpleUploadedFile("billede.png", file.getvalue(), "image/png")


def test_a_picture_is_kept_with_the_draft(client: Client) -> None:
    """Stored with the rest as typed; it needs words before it goes on; its author alone sees the file."""
    me = employee()
    client.force_login(me)
    entry = begin(client)
    save(client, entry, "vigtigste", FIRST)
    response = save(client, entry, "bilag", {"tags": "breve, vent", "upload": png(), "action": "picture"})
    assert response.status_code == 302
    picture = entry.pictures.get()
    page = client.get(draft_step(entry, "bilag")).content.decode()
    assert 'value="breve, vent"' in page and picture.name in page
    assert (
        save(client, entry, "bilag", {"pictures-n": "1", "pictures-0-name": picture.name}).status_code == 422
    )
    alt = {
        "pictures-n": "1",
        "pictures-0-name": picture.name,
        "pictures-0-alt": "To kolleger",
        "tags": "breve",
    }
    assert save(client, entry, "bilag", alt).status_code == 302
    assert entry.pictures.get().alt == "To kolleger" and entry.tags.get().name == "breve"
    address = reverse("media", args=[picture.name])
    assert client.get(address).status_code == 200
    client.force_login(employee())
    assert client.get(address).status_code == 404
    client.force_login(me)
    assert save(client, entry, "bilag", {**alt, "pictures-0-remove": "on"}).status_code == 302
    assert not entry.pictures.exists()


def test_a_refused_picture_loses_nothing_else(client: Client) -> None:
    """Why it is refused stands at the field; the rest is there."""
    client.force_login(employee())
    entry = begin(client)
    save(client, entry, "vigtigste", FIRST)
    wrong = SimpleUploadedFile("billede.png", b"<svg onload=alert(1)>", "image/png")
    response = save(
        client, entry, "bilag", {"documentation": "Vores tal", "upload": wrong, "action": "picture"}
    )
    page = response.content.decode()
    assert response.status_code == 422 and 'id="upload-error"' in page and "Vores tal" in page
    assert 'role="alert"' in page and 'href="#upload"' in page and "<title>Fejl:" in page
    assert not entry.pictures.exists()
    assert "Vores tal" in client.get(draft_step(entry, "bilag")).content.decode()


def test_a_picture_in_a_change_lives_until_it_is_decided(client: Client, entry: Entry, contact: User) -> None:
    """The nightly job keeps its file, its author sees it, nobody else does, and a foreign name gives nothing."""
    change = edited(client, entry)
    address = change_step(change, "bilag")
    seen = client.get(address).context["seen"]
    response = client.post(address, {"seen": seen, "upload": png("blue"), "action": "picture"})
    assert response.status_code == 302
    change.refresh_from_db()
    name = change.proposed["pictures"][0]["name"]
    assert name in names_in_use() and not entry.pictures.exists()
    assert may_see_hidden(contact, name) and not may_see_hidden(employee(), name)
    seen = client.get(address).context["seen"]
    foreign = {"pictures-n": "2", "pictures-0-name": "billeder/aa/andens.png", "pictures-0-alt": "x",
               "pictures-1-name": name, "pictures-1-alt": "Blå"}  # fmt: skip
    assert client.post(address, {"seen": seen, **foreign}).status_code == 302
    change.refresh_from_db()
    assert [row["name"] for row in change.proposed["pictures"]] == [name]
    change.withdraw(by=contact)
    assert name not in names_in_use()

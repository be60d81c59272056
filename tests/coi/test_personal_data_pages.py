"""What I am given about me, and the page that ends my account."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from accounts.models import User
from coi.models import Erasure
from coi.personal_data.register import TABLES
from editorial.choices import Outcome
from editorial.models import QueueItem, SubjectArea
from editorial.queue import decide
from guards.ratelimits import LIMITS, Limit, Rate
from tests.coi.test_personal_data_erasure import EMAIL, NAME, PHONE, SECOND, a_life
from tests.factories import PASSWORD, PictureFactory, UserFactory, editor, published, ready_application

pytestmark = pytest.mark.django_db


def sign_in(client: Client, user: User) -> None:
    """With the password given just now."""
    client.force_login(user)
    assert client.post("/konto/reauthenticate/", {"password": PASSWORD}).status_code == 302


def stored(name: str, data: bytes) -> str:
    """A file in the store of pictures."""
    return str(default_storage.save(f"billeder/{name}", ContentFile(data)))


def files(client: Client) -> tuple[str, dict[str, Any]]:
    """What the file holds: the page and the data."""
    response = client.post(reverse("my_data"))
    assert response.status_code == 200
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Cache-Control"].startswith("max-age=0")
    archive = zipfile.ZipFile(io.BytesIO(response.getvalue()))
    return archive.read("mine-data.html").decode(), json.loads(archive.read("mine-data.json"))


def test_the_file_holds_every_registered_table(client: Client) -> None:
    """Each table that says what it exports is there with my rows; none of the others' names, and no secrets."""
    user = a_life()
    moderator = editor(name="Moderator Mikkelsen")
    item = QueueItem.objects.get(content__title="Venter")
    decide(uuid=item.uuid, by=moderator, outcome=Outcome.RETURNED, reason="Hvad kostede det?")
    sign_in(client, user)
    page, data = files(client)
    tables = data["tables"]
    assert set(tables) == {t.model for t in TABLES if t.export} | {"pghistory.Events"}
    empty = {
        "accounts.User_groups", "accounts.User_user_permissions", "socialaccount.SocialAccount",
        "catalogue.ImportRun", "editorial.ProposalDraft", "admin.LogEntry", "coi.Warned",
    }  # fmt: skip
    assert {name for name, table in tables.items() if not table["rows"]} == empty
    text = json.dumps(data, ensure_ascii=False)
    for mine in (EMAIL, SECOND, NAME, PHONE, "Hvad kostede det?", "En kladde", "Pædagog", "Hvad var svært?"):
        assert mine in text, mine
        assert mine in page.replace("&quot;", '"'), mine
    letter = next(r for r in tables["editorial.Letter"]["rows"] if r["text"] == "Hvad kostede det?")
    assert letter["who"] == "Redaktionen"
    others = {u.name for u in User.objects.exclude(pk=user.pk)} | {
        u.email for u in User.objects.exclude(pk=user.pk)
    }
    for secret in (
        *others,
        "x@example.dk",
        user.password,
        "a" * 64,
        user.receipts.get().code_hash,
        '"secret"',
    ):
        assert secret not in text, secret
        assert secret not in page
    assert tables["pghistory.Events"]["rows"]


def test_what_i_ticked_is_in_the_file(client: Client) -> None:
    """Not only what stands in the row itself."""
    application = ready_application()
    application.subject_areas.set(SubjectArea.objects.filter(slug__in=["aeldre", "skole"]))
    sign_in(client, application.guest)
    _page, data = files(client)
    (row,) = data["tables"]["practicum.Application"]["rows"]
    assert row["subject_areas"] == ", ".join(map(str, application.subject_areas.all()))


def test_my_pictures_are_in_the_file(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The files themselves, mine only, up to a size; what is left out is named."""
    user = UserFactory.create()
    mine = PictureFactory.create(content=published(author=user), name=stored("mit.jpg", b"x" * 50))
    PictureFactory.create(content=published(), name=stored("andres.jpg", b"y"))
    gone = PictureFactory.create(content=published(author=user), name="billeder/aa/forsvundet.jpg")
    sign_in(client, user)
    archive = zipfile.ZipFile(io.BytesIO(client.post(reverse("my_data")).getvalue()))
    pictures = [name for name in archive.namelist() if name.startswith("billeder/")]
    assert len(pictures) == 1 and archive.read(pictures[0]) == b"x" * 50
    assert gone.name in archive.read("mine-data.html").decode()
    monkeypatch.setattr("coi.personal_data.exporting.MOST_PICTURES", 49)
    archive = zipfile.ZipFile(io.BytesIO(client.post(reverse("my_data")).getvalue()))
    assert archive.namelist() == ["mine-data.html", "mine-data.json"]
    assert mine.name in archive.read("mine-data.html").decode()


def test_markup_in_what_one_wrote_is_text(client: Client) -> None:
    """The page is a file that is opened without our headers."""
    user = UserFactory.create(name="<script>alert(1)</script>")
    published(author=user, title="<img src=x onerror=alert(1)>")
    sign_in(client, user)
    page, _data = files(client)
    assert "<script" not in page
    assert "<img" not in page


def test_ending_an_account_is_limited_and_the_page_stands(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each attempt counts what would go; a wrong address is refused, and after some attempts there is a pause."""
    monkeypatch.setitem(LIMITS, "erase", Limit(account=Rate(2, 30_000)))
    user = UserFactory.create()
    sign_in(client, user)
    page = reverse("delete_account")
    answers = [client.post(page, {"address": "en-anden@example.dk"}).status_code for _ in range(3)]
    assert answers == [200, 200, 429]
    assert client.get(page).status_code == 200
    assert User.objects.filter(pk=user.pk).exists()


@pytest.mark.parametrize("name", ["my_data", "delete_account"])
def test_the_password_is_asked_for_first(client: Client, name: str) -> None:
    """An open browser is not enough; and nothing has happened."""
    user = UserFactory.create()
    client.force_login(user)
    assert client.get(reverse(name)).status_code == 200
    response = client.post(reverse(name), {"address": user.email})
    assert response.status_code == 302
    assert "reauthenticate" in response["Location"]
    assert User.objects.filter(pk=user.pk).exists()


def test_an_account_is_deleted_by_typing_its_address(client: Client) -> None:
    """Every browser is logged out; the address can be signed up again; a second click leads to the log-in."""
    user = UserFactory.create()
    elsewhere = Client()
    elsewhere.force_login(user)
    sign_in(client, user)
    wrong = client.post(reverse("delete_account"), {"address": "en-anden@example.dk"})
    assert "Intet er slettet" in wrong.content.decode()
    assert "en-anden@example.dk" in wrong.content.decode()
    done = client.post(reverse("delete_account"), {"address": user.email.upper()}, follow=True)
    assert re.search(r"Tidligere bruger [0-9A-Z]{4}", done.content.decode())
    assert not User.objects.filter(pk=user.pk).exists()
    for browser in (client, elsewhere):
        assert browser.get("/min-side/").status_code == 302
        assert browser.post(reverse("delete_account"), {"address": user.email}).status_code == 302
    assert Erasure.objects.count() == 1
    assert UserFactory.create(email=user.email).pk != user.pk


def test_the_last_administrator_is_told_why_not(client: Client) -> None:
    """Somebody else first."""
    user = UserFactory.create(admin=True)
    sign_in(client, user)
    response = client.post(reverse("delete_account"), {"address": user.email})
    assert "eneste administrator" in response.content.decode()
    assert User.objects.filter(pk=user.pk).exists()


def test_an_administrator_erases_at_the_owners_wish(client: Client) -> None:
    """With the address typed and a tick; an editor may not."""
    user, chief = UserFactory.create(), UserFactory.create(admin=True)
    address = reverse("admin:coi_erasure_erase")
    client.force_login(editor())
    assert client.post(address, {"address": user.email, "sure": "on"}).status_code == 403
    client.force_login(chief)
    assert client.get(address).status_code == 200
    assert client.post(address, {"address": user.email}).status_code == 200
    assert User.objects.filter(pk=user.pk).exists()
    assert "Ingen konto" in client.post(address, {"address": "x@example.dk", "sure": "on"}).content.decode()
    done = client.post(address, {"address": user.email, "sure": "on"}, follow=True)
    assert "Tidligere bruger" in done.content.decode()
    assert not User.objects.filter(pk=user.pk).exists()
    assert Erasure.objects.get().asked_by_key == chief.key

"""A form that is sent after the log-in ran out: the text is shown, and the log-in leads back to a page that opens."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import WorkplaceFactory, contact_person

pytestmark = pytest.mark.django_db
PAGE: Any = {"HTTP_ACCEPT": "text/html,*/*;q=0.8"}
TEXT = "Jeg står på hjemmesiden under <b>personale</b>."


def test_what_was_typed_is_shown_and_nothing_else(client: Client) -> None:
    """403, the text to copy, and a log-in that leads back to the form."""
    address = reverse("editorial:ask_role", args=[WorkplaceFactory.create().slug])
    response = client.post(
        address,
        {"note": TEXT, "password1": "en lang hemmelig sætning her"},
        HTTP_REFERER=f"http://testserver{address}?fra=1",
        **PAGE,
    )
    html = response.content.decode()
    assert response.status_code == 403
    assert "Jeg står på hjemmesiden under &lt;b&gt;personale&lt;/b&gt;." in html
    assert "hemmelig" not in html
    assert f"?next={address.replace('/', '%2F')}%3Ffra%3D1" in html
    assert "no-store" in response["Cache-Control"]


def test_the_log_in_leads_to_a_page_that_opens(client: Client) -> None:
    """An address that takes POST only is none; the page that its button stood on is."""
    workplace = WorkplaceFactory.create()
    user = contact_person(workplace)
    page = reverse("editorial:workplaces")
    address = reverse("editorial:leave_role", args=[user.memberships.get().uuid])
    response = client.post(address, HTTP_REFERER=f"http://testserver{page}", **PAGE)
    assert response.status_code == 302
    assert response["Location"] == f"/konto/login/?next={page.replace('/', '%2F')}"
    assert user.memberships.get().state == "active"


@pytest.mark.parametrize(
    "referer", ["", "https://ond.example/", "http://testserver.ond.example/", "//ond.example/x"]
)
def test_only_pages_of_ours_are_led_back_to(client: Client, referer: str) -> None:
    """A referer from elsewhere counts for nothing."""
    address = reverse("my_data")
    response = client.post(address, HTTP_REFERER=referer, **PAGE)
    assert response["Location"] == f"/konto/login/?next={address.replace('/', '%2F')}"


def test_scripts_and_log_ins_are_answered_as_before(client: Client) -> None:
    """Drafts saved by a script get the plain way to the log-in; a wrong password its own answer."""
    address = reverse("editorial:ask_role", args=[WorkplaceFactory.create().slug])
    assert client.post(address, {"note": TEXT}, HTTP_ACCEPT="application/json").status_code == 302
    assert client.post(address, {"note": TEXT}, HTTP_HX_REQUEST="true", **PAGE).status_code == 302
    assert (
        client.post(reverse("account_login"), {"login": "a@b.dk", "password": "x"}, **PAGE).status_code == 200
    )


def test_the_staff_too(client: Client) -> None:
    """The administration's own way to the log-in is treated alike."""
    response = client.post(
        reverse("editorial:answer_many"),
        {"reason": TEXT},
        HTTP_REFERER="http://testserver/admin/moderation/",
        **PAGE,
    )
    assert response.status_code == 403
    assert "/admin/login/?next=%2Fadmin%2Fmoderation%2F" in response.content.decode()


@pytest.mark.parametrize(
    "sent_from", [{"HTTP_ORIGIN": "http://testserver"}, {"HTTP_REFERER": "http://testserver/kvittering/"}]
)
def test_an_old_form_shows_what_was_typed(sent_from: dict[str, str]) -> None:
    """A token from before a log-in in another window: the text is there to be copied."""
    client = Client(enforce_csrf_checks=True)
    response = client.post(
        reverse("editorial:receipt"), {"tekst": TEXT, "kode": "hemmelig kode er her ja"}, **PAGE, **sent_from
    )
    html = response.content.decode()
    assert response.status_code == 403
    assert "&lt;b&gt;personale&lt;/b&gt;" in html
    assert "hemmelig kode" not in html
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    "sent_from",
    [
        {},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_ORIGIN": "https://ond.example", "HTTP_REFERER": "http://testserver/kvittering/"},
        {"HTTP_REFERER": "http://testserver.ond.example/"},
    ],
)
def test_what_another_site_sends_is_not_shown_as_ours(sent_from: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(reverse("editorial:receipt"), {"tekst": TEXT}, **PAGE, **sent_from)
    assert "personale" not in response.content.decode()


def test_the_log_in_page_promises_nothing_that_needs_a_script(client: Client) -> None:
    """Without JavaScript there is no other way in, and no heading over nothing."""
    html = client.get(reverse("account_login")).content.decode()
    assert '<h2 id="other-ways" class="coi-needs-script" hidden>' in html

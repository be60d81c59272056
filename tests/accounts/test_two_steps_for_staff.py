"""In production no address of the administration answers staff without a second step in this very session."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.test import Client

from accounts.models import User
from tests.accounts.test_signing_in import LOGIN, code, log_in, with_app
from tests.factories import UserFactory, editor
from tests.test_urls import admin_addresses

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _as_in_production(settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = True


def administrator() -> User:
    """An administrator."""
    return UserFactory.create(admin=True)


@pytest.mark.parametrize("make", [editor, administrator])
@pytest.mark.parametrize("has", ["nothing", "codes", "an app", "a key"])
def test_no_address_of_admin_answers(client: Client, make: Any, has: str) -> None:
    """Whatever the method; who has a second step but did not use it here is asked for it."""
    addresses = admin_addresses()
    user = make()
    log_in(client, user)
    expected = "/konto/2fa/"
    if has == "codes":
        RecoveryCodes.activate(user)
    elif has == "an app":
        with_app(user)
        expected = "/konto/2fa/reauthenticate/?next="
    elif has == "a key":
        Authenticator.objects.create(user=user, type="webauthn", data={"name": "x"})
        expected = "/konto/2fa/webauthn/reauthenticate/?next="
    for name, address in addresses.items():
        if name in ("login", "logout"):
            continue
        for method in (client.get, client.post, client.head, client.put, client.delete):
            answer = method(address)
            assert answer.status_code == 302, (name, method)
            assert answer["Location"].startswith(expected), (name, method)
    # Neither does an address that is not there, nor one without its last slash.
    for address in ("/admin/findes/ikke/", "/admin/catalogue/entry", "/admin"):
        assert client.get(address).status_code in (301, 302), address


def test_the_reason_is_said_and_the_way_back_is_known(client: Client) -> None:
    user = editor()
    log_in(client, user)
    assert "Administrationen kræver totrinslogin" in client.get("/admin/", follow=True).content.decode()
    with_app(user)
    asked = client.get("/admin/catalogue/entry/?q=x")["Location"]
    assert "Administrationen kræver totrinslogin" in client.get(asked).content.decode()
    assert client.post(asked, {"code": "1"}).status_code == 200
    assert client.get("/admin/").status_code == 302
    assert client.post(asked, {"code": code()})["Location"] == "/admin/catalogue/entry/?q=x"
    assert client.get("/admin/").status_code == 200


def test_a_login_with_both_steps_is_let_in(client: Client) -> None:
    user = with_app(editor())
    log_in(client, user)
    assert client.get("/admin/").status_code == 302
    assert client.post("/konto/2fa/authenticate/", {"code": code()})["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    # A second step that is taken away counts no more, and neither does another one's.
    Authenticator.objects.all().delete()
    assert client.get("/admin/")["Location"] == "/konto/2fa/"
    assert client.post("/admin/logout/").status_code in (200, 302)


def test_another_ones_second_step_does_not_count(client: Client) -> None:
    """Two people at one browser: the session's records are the first one's."""
    first, second = with_app(editor()), with_app(editor())
    log_in(client, first)
    client.post("/konto/2fa/authenticate/", {"code": code()})
    session = client.session
    client.force_login(second)
    assert client.get("/admin/").status_code == 302
    assert session.session_key != client.session.session_key


def test_strangers_see_the_login_as_before(client: Client) -> None:
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    client.force_login(UserFactory.create())
    assert client.get("/admin/")["Location"].startswith("/admin/login/")
    assert client.get(LOGIN).status_code == 302


def test_in_a_demonstration_it_is_offered_only(client: Client, settings: Any) -> None:
    settings.STAFF_MFA_REQUIRED = False
    log_in(client, editor())
    assert client.get("/admin/").status_code == 200

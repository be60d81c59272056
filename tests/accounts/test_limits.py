"""Everything that lets people in or sends mail is counted before it is done; what is refused is not done."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from accounts import forms, views
from accounts.models import User
from tests.accounts.test_signing_in import NEW, log_in, with_app
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
ADDRESS = "A@example.dk"


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What was counted: the limit's name and the target."""
    found: list[tuple[str, str]] = []
    monkeypatch.setattr(views, "limit", lambda _request, name, *, target="": found.append((name, target)))
    return found


@pytest.mark.parametrize(
    ("name", "form", "counted"),
    [
        ("account_login", {"login": ADDRESS, "password": "x"}, ("login", "a@example.dk")),
        ("account_signup", {"email": ADDRESS, "password1": NEW}, ("signup", "a@example.dk")),
        ("account_reset_password", {"email": ADDRESS}, ("reset", "a@example.dk")),
        ("mfa_login_webauthn", {"credential": "{}"}, ("login", "")),
        ("mfa_authenticate", {"code": "1"}, ("second-step", "")),
    ],
)
def test_strangers_are_counted(
    client: Client, counts: list[tuple[str, str]], name: str, form: dict[str, str], counted: tuple[str, str]
) -> None:
    """By the address they type; GET is not counted."""
    client.get(reverse(name))
    assert counts == []
    client.post(reverse(name), form)
    assert counts == [counted]


@pytest.mark.parametrize(
    ("name", "form", "counted"),
    [
        ("account_email", {"email": ADDRESS, "action_add": ""}, ("confirm", "a@example.dk")),
        ("account_email", {"email": ADDRESS, "action_send": ""}, ("confirm", "a@example.dk")),
        ("account_reauthenticate", {"password": "x"}, ("second-step", "")),
        ("account_change_password", {"oldpassword": "x"}, ("second-step", "")),
        ("mfa_reauthenticate", {"code": "1"}, ("second-step", "")),
        ("mfa_reauthenticate_webauthn", {"credential": "{}"}, ("second-step", "")),
        ("mfa_activate_totp", {"code": "1"}, ("second-step", "")),
    ],
)
def test_who_is_logged_in_is_counted(
    client: Client, counts: list[tuple[str, str]], name: str, form: dict[str, str], counted: tuple[str, str]
) -> None:
    """As themselves (guards reads the account off the request)."""
    log_in(client, with_app(UserFactory.create()) if "reauthenticate" in name else UserFactory.create())
    client.force_login(User.objects.get())
    counts.clear()
    client.post(reverse(name), form)
    assert counts == [counted]


def test_codes_of_one_account_are_counted_from_everywhere(
    client: Client, counts: list[tuple[str, str]]
) -> None:
    """Who has the password and many addresses on the internet tries at one account all the same."""
    user = with_app(UserFactory.create())
    log_in(client, user)
    client.post("/konto/2fa/authenticate/", {"code": "000000"})
    assert counts == [("login", user.email), ("second-step", user.email)]


def test_what_is_refused_is_not_done(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_more: Any) -> None:
        raise PermissionDenied

    monkeypatch.setattr(views, "limit", refuse)
    user = UserFactory.create()
    assert log_in(client, user).status_code == 403
    assert client.post("/konto/signup/", {"email": "ny@example.dk", "password1": NEW}).status_code == 403
    assert client.post("/konto/password/reset/", {"email": user.email}).status_code == 403
    assert (User.objects.count(), mail.outbox) == (1, [])
    assert "_auth_user_id" not in client.session


def test_two_sign_ups_at_once_make_one_account(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second comes too late for the form's own look, and is answered like the first."""
    form = {"email": "ny@example.dk", "password1": NEW}
    first = Client().post("/konto/signup/", form)
    monkeypatch.setattr(forms.SignupForm, "validate_unique_email", lambda _self, value: value)
    second = client.post("/konto/signup/", form)
    assert (second.status_code, second["Location"]) == (first.status_code, first["Location"])
    assert User.objects.count() == 1
    with pytest.raises(IntegrityError):
        User.objects.create_user("ny@example.dk", PASSWORD)

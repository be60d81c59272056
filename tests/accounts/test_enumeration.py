"""Nothing tells whether an address is known: same status, same way on, same text, whoever is asked about."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
NEW = "helt-nyt-kodeord-2026"


def known() -> str:
    """An address with an account."""
    return UserFactory.create(email="kendt@example.dk").email


def unconfirmed() -> str:
    """An address that was never confirmed."""
    return UserFactory.create(email="kendt@example.dk", confirmed=False).email


def closed() -> str:
    """An account that is closed."""
    return UserFactory.create(email="kendt@example.dk", is_active=False).email


def second() -> str:
    """The second address of an account, confirmed."""
    owner = UserFactory.create(email="en-anden@example.dk")
    EmailAddress.objects.create(user=owner, email="kendt@example.dk", verified=True)
    return "kendt@example.dk"


def unknown() -> str:
    """An address that nobody has."""
    return "kendt@example.dk"


WHO = [known, unconfirmed, closed, second, unknown]


def seen(response: Any, client: Client) -> tuple[Any, ...]:
    """What the visitor can see: status, way on, the page it ends at without tokens, and the names of cookies."""
    page = client.get(response["Location"]) if response.status_code == 302 else response
    text = re.sub(r'(?:name="csrfmiddlewaretoken" value|nonce)="[^"]*"', "", page.content.decode())
    return response.status_code, response.get("Location"), text, sorted(client.cookies)


def asked(act: Callable[[Client, str], Any], make: Callable[[], str]) -> tuple[Any, ...]:
    """One try from a browser of its own, as `seen`."""
    client = Client()
    return seen(act(client, make()), client)


def sign_up(client: Client, email: str) -> Any:
    return client.post(reverse("account_signup"), {"email": email, "password1": NEW})


def sign_up_in_capitals(client: Client, email: str) -> Any:
    return client.post(reverse("account_signup"), {"email": email.upper(), "password1": NEW})


def wrong_password(client: Client, email: str) -> Any:
    return client.post(reverse("account_login"), {"login": email, "password": "noget-helt-andet-1"})


def reset(client: Client, email: str) -> Any:
    return client.post(reverse("account_reset_password"), {"email": email})


def add_address(client: Client, email: str) -> Any:
    me = UserFactory.create(email="mig@example.dk", name="Mig")
    client.force_login(me)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client.post(reverse("account_email"), {"email": email, "action_add": ""})


@pytest.mark.parametrize("act", [sign_up, sign_up_in_capitals, wrong_password, reset, add_address])
@pytest.mark.parametrize("make", WHO)
def test_the_answer_is_the_same(act: Callable[[Client, str], Any], make: Callable[[], str]) -> None:
    """As for an address that nobody has."""
    found = asked(act, make)
    EmailAddress.objects.all().delete()
    User.objects.all().delete()
    assert found == asked(act, unknown)


@pytest.mark.parametrize("make", [unconfirmed, closed])
def test_the_right_password_is_answered_like_a_wrong_one(make: Callable[[], str]) -> None:
    """Where the account may not log in; else signing up and logging in would tell who was known before."""

    def right(client: Client, email: str) -> Any:
        return client.post(reverse("account_login"), {"login": email, "password": PASSWORD})

    found = asked(right, make)
    assert "Vi kan ikke logge dig ind" in found[2]
    EmailAddress.objects.all().delete()
    User.objects.all().delete()
    assert found == asked(right, unknown)


def test_signing_up_and_logging_in_tells_nothing() -> None:
    """The way round: sign up with somebody's address, then log in with the password you chose."""
    answers = []
    for make in (known, unknown):
        EmailAddress.objects.all().delete()
        User.objects.all().delete()
        client, email = Client(), make()
        sign_up(client, email)
        answers.append(seen(client.post(reverse("account_login"), {"login": email, "password": NEW}), client))
    assert answers[0] == answers[1]


def test_every_way_sends_one_mail_to_the_address_itself() -> None:
    """The owner of the mailbox is told what happened."""
    for act, subjects in (
        (sign_up, {known: "Du har allerede en konto", unknown: "Bekræft din mailadresse"}),
        (reset, {known: "Vælg en ny adgangskode", unknown: "Der er ingen konto med din adresse"}),
        (reset, {closed: "Der er ingen konto med din adresse"}),
    ):
        for make, subject in subjects.items():
            EmailAddress.objects.all().delete()
            User.objects.all().delete()
            mail.outbox.clear()
            act(Client(), make())
            assert [(m.subject, m.to) for m in mail.outbox] == [(subject, ["kendt@example.dk"])]

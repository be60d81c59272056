"""Log-in through a broker over OpenID Connect, against a small provider of the tests' own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core import mail
from django.core.cache import cache
from django.test import Client

from accounts.addresses import verified_addresses
from accounts.broker import UID_LENGTH, uid
from accounts.models import User
from tests.accounts.oidc_provider import CLIENT, CLIENT_SECRET, Provider, running
from tests.accounts.test_signing_in import is_in, link, sure
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
START = "/konto/oidc/broker/login/"


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    """A broker, set up as OIDC_SERVER_URL would."""
    with running() as found:
        app = {
            "provider_id": "broker",
            "name": "MitID Erhverv",
            "client_id": CLIENT,
            "secret": CLIENT_SECRET,
            "settings": {"server_url": found.address},
        }
        openid = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"] | {"APPS": [app]}
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": openid}
        yield found


def through(client: Client, start: str = START) -> Any:
    """To the broker and back, as a browser goes; returns the answer to the way back."""
    away = client.post(start)
    assert away.status_code == 302
    back = requests.get(away["Location"], allow_redirects=False, timeout=5).headers["Location"]
    return client.get(back.removeprefix("http://testserver"))


def test_a_new_person_confirms_their_address_and_is_known_again(client: Client, provider: Provider) -> None:
    """The broker's address is a suggestion only: rights follow from domains."""
    provider.claims = {"email": "Ny@kommune.dk", "email_verified": True, "name": "Ny Person"}
    assert "Log ind med MitID Erhverv" in client.get("/konto/login/").content.decode()
    assert "Fortsæt" in client.get(START).content.decode()
    assert through(client)["Location"] == "/konto/confirm-email/"
    user = User.objects.get()
    assert (user.email, user.name, user.has_usable_password()) == ("ny@kommune.dk", "Ny Person", False)
    assert (user.is_staff, user.is_superuser) == (False, False)
    assert not is_in(client)
    assert verified_addresses(user) == []
    Client().post(link())
    again = Client()
    assert through(again, f"{START}?next=/katalog/")["Location"] == "/katalog/"
    assert is_in(again)
    assert SocialAccount.objects.get().uid == f"{provider.address}#person-1"
    assert User.objects.count() == 1


def test_the_same_subject_of_another_issuer_is_another_person(client: Client, provider: Provider) -> None:
    owner = UserFactory.create()
    SocialAccount.objects.create(user=owner, provider="broker", uid="https://anden.example#person-1")
    SocialAccount.objects.create(user=owner, provider="broker", uid="person-1")
    provider.claims = {"email": "ny@example.dk"}
    through(client)
    assert not is_in(client)
    assert SocialAccount.objects.filter(uid=f"{provider.address}#person-1").exclude(user=owner).exists()


@pytest.mark.parametrize("confirmed", [True, False])
def test_an_account_with_the_same_address_is_not_taken(
    client: Client, provider: Provider, confirmed: bool
) -> None:
    """Its owner is told by mail; the visitor sees what everybody sees."""
    owner = UserFactory.create(email="kendt@example.dk", confirmed=confirmed)
    provider.claims = {"email": "Kendt@example.dk", "email_verified": True}
    assert through(client)["Location"] == "/konto/confirm-email/"
    assert not is_in(client)
    assert not SocialAccount.objects.exists()
    assert User.objects.get() == owner
    assert [(m.subject, m.to) for m in mail.outbox] == [("Du har allerede en konto", [owner.email])]


def test_without_an_address_it_is_asked_for(client: Client, provider: Provider) -> None:
    UserFactory.create(email="kendt@example.dk")
    assert through(client)["Location"] == "/konto/3rdparty/signup/"
    assert "Vi mangler din mailadresse" in client.get("/konto/3rdparty/signup/").content.decode()
    assert client.post("/konto/3rdparty/signup/", {"email": "x"}).status_code == 200
    known = client.post("/konto/3rdparty/signup/", {"email": "kendt@example.dk"})
    assert known["Location"] == "/konto/confirm-email/"
    assert not SocialAccount.objects.exists()
    other = Client()
    through(other)
    new = other.post("/konto/3rdparty/signup/", {"email": "ny@example.dk", "name": "Ny"})
    assert new["Location"] == "/konto/confirm-email/"
    assert SocialAccount.objects.get().user.email == "ny@example.dk"


@pytest.mark.parametrize(
    "change",
    [
        {"token": {"aud": "another"}},
        {"token": {"iss": "https://ond.example"}},
        {"token": {"exp": 1}},
        {"token": {"sub": ""}},
        {"userinfo": {"sub": "another"}},
        {"signing_key": rsa.generate_private_key(65537, 2048)},
        {"deny": True},
    ],
    ids=["audience", "issuer", "time", "no subject", "another subject", "signature", "denied"],
)
def test_what_does_not_fit_together_is_refused(
    client: Client, provider: Provider, change: dict[str, Any]
) -> None:
    """A wrong audience, issuer, time, subject or signature, or a person who says no: a page, and no account."""
    for name, value in change.items():
        setattr(provider, name, value)
    answer = through(client)
    page = client.get(answer["Location"]) if answer.status_code == 302 else answer
    assert page.status_code in (200, 401)
    assert "Du fortrød" in page.content.decode() or "lykkedes ikke" in page.content.decode()
    assert not User.objects.exists()
    assert not is_in(client)


def test_a_token_is_taken_once_in_all_processes(client: Client, provider: Provider) -> None:
    """Its id is remembered in the database, not only in the cache that each process has for itself."""
    provider.claims = {"email": "ny@kommune.dk"}
    provider.token = {"jti": "token-1"}
    through(client)
    Client().post(link())
    cache.clear()
    again = Client()
    assert "lykkedes ikke" in through(again).content.decode()
    assert not is_in(again)
    provider.token = {"jti": "token-2"}
    through(again)
    assert is_in(again)


def test_a_callback_that_nobody_asked_for_is_refused(client: Client, provider: Provider) -> None:
    """Without the state of this very session."""
    for query in ("", "?code=a-code", "?code=a-code&state=x", "?error=x"):
        page = client.get(f"{START}callback/{query}", follow=True)
        assert page.status_code in (200, 401), query
    assert not provider.asked or all(path != "/token" for path, _data in provider.asked)
    assert not is_in(client)


def test_an_account_is_connected_by_its_owner_only(client: Client, provider: Provider) -> None:
    user = UserFactory.create()
    sure(client, user)
    through(client, f"{START}?process=connect")
    assert SocialAccount.objects.get().user == user
    assert "Knyttet til" in client.get("/konto/3rdparty/").content.decode()
    other = Client()
    assert through(other).status_code == 302
    assert is_in(other)
    foreign = SocialAccount.objects.get()
    stranger = Client()
    sure(stranger, UserFactory.create())
    stranger.post("/konto/3rdparty/", {"account": foreign.pk})
    assert SocialAccount.objects.filter(pk=foreign.pk).exists()
    client.post("/konto/3rdparty/", {"account": foreign.pk})
    assert not SocialAccount.objects.exists()
    assert EmailAddress.objects.filter(user=user).exists()


def test_the_broker_is_off_until_it_is_set_up(client: Client) -> None:
    assert client.post(START).status_code == 404
    assert "MitID" not in client.get("/konto/login/").content.decode()


def test_long_issuers_fit() -> None:
    long = uid("https://" + "x" * 300, "1")
    assert len(long) <= UID_LENGTH
    assert long != uid("https://" + "x" * 300, "2")

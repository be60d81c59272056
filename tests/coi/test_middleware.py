"""Who the client is, what its browser may do, and what the history keeps of whoever made a change."""

import uuid
from ipaddress import ip_network
from types import SimpleNamespace

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client

from coi.middleware import TrustedProxies, context


def address(remote: str, forwarded: str = "", proxies: tuple[str, ...] = ("10.0.0.0/8",)) -> HttpRequest:
    """Send a request through the middleware and return it."""
    request = HttpRequest()
    request.META |= {"REMOTE_ADDR": remote, "HTTP_X_FORWARDED_PROTO": "https"}
    if forwarded:
        request.META["HTTP_X_FORWARDED_FOR"] = forwarded
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.TRUSTED_PROXIES", [ip_network(net) for net in proxies])
        TrustedProxies(lambda _: HttpResponse())(request)
    return request


@pytest.mark.parametrize(
    ("remote", "forwarded", "client"),
    [
        ("10.0.0.1", "203.0.113.7", "203.0.113.7"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "rubbish, 10.0.0.9", "10.0.0.9"),
        ("198.51.100.9", "203.0.113.7", "198.51.100.9"),
        ("", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_client_is_the_last_address_that_is_not_a_proxy_of_ours(
    remote: str, forwarded: str, client: str
) -> None:
    """What stands further left in the header was written by the client itself."""
    assert address(remote, forwarded).META["REMOTE_ADDR"] == client


def test_a_stranger_cannot_claim_https() -> None:
    """The header is taken off, so a plain request is still plain."""
    assert "HTTP_X_FORWARDED_PROTO" not in address("198.51.100.9").META
    assert "HTTP_X_FORWARDED_PROTO" in address("10.0.0.1").META
    assert "HTTP_X_FORWARDED_PROTO" not in address("10.0.0.1", proxies=()).META


def test_headers_are_strict(client: Client) -> None:
    """The policy has no exception, and nothing is guessed or framed."""
    response = client.get("/robots.txt")
    policy = {
        part.split(" ", 1)[0]: part.split(" ", 1)[1]
        for part in response["Content-Security-Policy"].split("; ")
    }
    own = ("script-src", "style-src", "img-src", "font-src", "connect-src", "form-action", "manifest-src")
    assert policy == dict.fromkeys(own, "'self'") | dict.fromkeys(
        ("default-src", "frame-ancestors", "base-uri"), "'none'"
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    assert not response.cookies


def test_history_names_people_by_their_random_key_only() -> None:
    """Neither name, mail, number nor address."""
    request = HttpRequest()
    key = uuid.uuid4()
    request.user = SimpleNamespace(is_authenticated=True, key=key, pk=5, email="ida@example.org")  # type: ignore[assignment]
    assert context(request) == {"request": "", "user": str(key)}

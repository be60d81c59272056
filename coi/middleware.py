"""Middleware of our own: who may speak for the client, what the browser may use, and who made a change."""

import ipaddress
import logging
from collections.abc import Callable
from typing import Any

import pghistory
import psycopg
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import loader

from coi.logs import request_id

log = logging.getLogger(__name__)

Handler = Callable[[HttpRequest], HttpResponse]

FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_REQUEST_ID")


class TrustedProxies:
    """Believes forwarded headers only from the addresses in TRUSTED_PROXIES; takes them off other requests.

    Afterwards REMOTE_ADDR is the client's address: the last one in X-Forwarded-For that is not a proxy of
    ours. A connection over a unix socket has no address and counts as a proxy when any is named.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Put the client's address in place, then go on."""
        if self.is_trusted(request.META.get("REMOTE_ADDR", "")):
            chain = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
            for address in (part.strip() for part in reversed(chain)):
                if not is_address(address):
                    break
                request.META["REMOTE_ADDR"] = address
                if not self.is_trusted(address):
                    break
        else:
            for name in FORWARDED:
                request.META.pop(name, None)
        return self.get_response(request)

    @staticmethod
    def is_trusted(address: str) -> bool:
        """Tell whether an address belongs to one of our proxies."""
        if not settings.TRUSTED_PROXIES:
            return False
        if not address:
            return True
        return is_address(address) and any(
            ipaddress.ip_address(address) in net for net in settings.TRUSTED_PROXIES
        )


def is_address(text: str) -> bool:
    """Tell whether a text is an IP address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


class PermissionsPolicy:
    """Tells the browser that no page uses camera, microphone, position or payment."""

    VALUE = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the header."""
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", self.VALUE)
        return response


class TooSlow:
    """Answers with a page of its own where the database has stopped a query that took too long (statement_timeout)."""

    RETRY = 30
    """Seconds after which a reader may try again."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass it on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer 503 and say what helps; every other error goes its own way."""
        if not isinstance(exception.__cause__, psycopg.errors.QueryCanceled):
            return None
        log.warning("a query took too long")
        response = HttpResponse(loader.get_template("503_slow.html").render({}, request), status=503)
        response["Retry-After"] = str(self.RETRY)
        return response


class HistoryContext:
    """Groups the changes of one request in the history under its id and the random key of whoever is signed
    in.

    Never under name, e-mail, primary key or address: the history outlives the account.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer within a history context; reading changes nothing and needs none."""
        if request.method not in settings.PGHISTORY_MIDDLEWARE_METHODS:
            return self.get_response(request)
        with pghistory.context(**context(request)):
            return self.get_response(request)


def context(request: HttpRequest) -> dict[str, Any]:
    """Return what the history keeps about a request."""
    found: dict[str, Any] = {"request": request_id.get()}
    user = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        found["user"] = str(user.key)
    return found

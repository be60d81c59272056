"""The way to the log-in, and back to where one was."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

LONGEST = 1000
"""Characters of an address that is repeated in another; a proxy in between may refuse long ones."""


def short_path(request: HttpRequest) -> str:
    """The request's own address; without its query where that makes it too long, and nothing where even that is."""
    full = request.get_full_path()
    if len(full) <= LONGEST:
        return full
    return request.path if len(request.path) <= LONGEST else "/"


def login_url(request: HttpRequest) -> str:
    """The log-in page, told to lead back here; from a page about the account itself it leads nowhere special."""
    page = reverse("account_login")
    if request.path.startswith(page.removesuffix("login/")) or request.path == "/":
        return page
    return f"{page}?{urlencode({'next': short_path(request)})}"

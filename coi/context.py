"""What every page knows: the navigation, whom to write to, and whether this is a demonstration."""

from typing import TypedDict

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.ways import login_url

# The areas in the main menu. A new area adds its line here; nothing is guessed from what happens to resolve.
NAVIGATION = (
    (_("Inspiration"), "catalogue:list"),
    (_("Kort"), "mapping:map"),
    (_("Idéstorme"), "ideastorm:list"),
    (_("Praktik"), "practicum:list"),
    (_("Samlinger"), "catalogue:collections"),
    (_("Gode historier"), "catalogue:stories"),
    (_("Om centret"), "about"),
)


class NavItem(TypedDict):
    """One line of the main menu. `current` is the value of aria-current: "page", "true" (below it) or ""."""

    title: str
    url: str
    current: str


class PortalContext(TypedDict):
    """The variables that `portal` adds to every template."""

    nav: list[NavItem]
    contact_email: str
    is_demo_mode: bool
    canonical_url: str
    login_url: str
    broker_name: str


def navigation(path: str) -> list[NavItem]:
    """Return the main menu as seen from `path`; the longest address that begins the path is the current one."""
    items = [NavItem(title=str(title), url=reverse(name), current="") for title, name in NAVIGATION]
    above = [item for item in items if path.startswith(item["url"])]
    if above:
        nearest = max(above, key=lambda item: len(item["url"]))
        nearest["current"] = "page" if nearest["url"] == path else "true"
    return items


def portal(request: HttpRequest) -> PortalContext:
    """Context processor: see PortalContext. No query is made, so that error pages can use it too."""
    return PortalContext(
        nav=navigation(request.path),
        contact_email=settings.CONTACT_EMAIL,
        is_demo_mode=settings.DEMO,
        canonical_url=settings.SITE_URL + request.path,
        login_url=login_url(request),
        broker_name=next(
            (app["name"] for app in settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]), ""
        ),
    )

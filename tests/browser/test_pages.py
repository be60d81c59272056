"""Every sort of page at three widths: axe, edges, heading, title, language, console, policy, hosts, requests."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import WIDTHS
from tests.browser.own import ANSWERED_IDEA, IDEA, OVER
from tests.browser.portal import read
from tests.browser.watching import inaccessible, past_the_edge

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

HOUSE = " – Center for Offentlig Innovation"
EVERYTHING = "/katalog/vi-ringer-foer-brevet-bliver-sendt/"
"""The demonstration entry with every section there is."""
PUBLIC = {
    "front": "/",
    "list": "/katalog/",
    "list, last page": "/katalog/?side=6",
    "list, narrowed": "/katalog/?q=tillid&sektor=kommune&sektor=stat&type=eksempel&sort=titel",
    "list, nothing for the word": "/katalog/?q=xyzzy",
    "list, nothing for the choice": "/katalog/?q=tillid&sektor=privat&type=vaerktoej",
    "list, unknown values": "/katalog/?sektor=rumvaesen&pr_side=7",
    "entry with everything": EVERYTHING,
    "example": "first:type=eksempel",
    "initiative": "first:type=initiativ",
    "knowledge centre": "first:type=videnscenter",
    "research": "first:type=forskning",
    "literature": "first:type=litteratur",
    "tool": "first:type=vaerktoej",
    "collections": "/katalog/samlinger/",
    "collection": "/katalog/samlinger/tillid-og-samarbejde/",
    "tags": "/katalog/emner/",
    "tag": "/katalog/emner/tillid/",
    "subject area": "/katalog/fagomraader/aeldre/",
    "map": "/kort/",
    "map, its list": "/kort/?vis=liste&type=eksempel&lat=55.7&lng=12.5&zoom=9&sort=afstand",
    "map, municipalities": "/kort/?vis=kommuner",
    "map, nothing": "/kort/?q=xyzzy&region=1081",
    "map on another site": "/kort/indlejr/?region=1082",
    "workplace": "/kort/arbejdspladser/borgerservice-i-fjordby-kommune/",
    "storms": "/idestorme/",
    "storm": "/idestorme/breve-man-forstaar/",
    "storm, by newest": "/idestorme/breve-man-forstaar/?q=brevet&sort=nyeste",
    "storm, nothing": "/idestorme/breve-man-forstaar/?q=xyzzy",
    "storm that comes": "/idestorme/faerre-moeder/",
    "idea": "/idestorme/breve-man-forstaar/ideer/brevet-om-aendret-boligstoette/",
    "give an idea": "/idestorme/breve-man-forstaar/ny/",
    "an idea was given": "/idestorme/breve-man-forstaar/ny/tak/",
    "support without an account": f"{IDEA}stoette/",
    "support, a mail is on its way": f"{IDEA}stoette/sendt/",
    "storm that is over": OVER,
    "results": f"{OVER}resultater/",
    "idea with answer and comments": f"{OVER}ideer/{ANSWERED_IDEA}/",
    "practicum": "/praktik/",
    "practicum, narrowed": "/praktik/?naer=0751&km=100&region=1082&fra=2026-01-01&ledige=ja",
    "practicum, nothing": "/praktik/?naer=0751&km=10&dage=9",
    "practicum place": "/praktik/pladser/svendeproeven-som-fest/",
    "stories": "/historier/",
    "stories, nothing": "/historier/?q=xyzzy",
    "story": "/historier/hun-ringede-dagen-efter-og-spurgte-om-jeg-havde-forstaaet-brevet/",
    "tell a story": "/historier/fortael/",
    "story told": "/historier/fortael/tak/",
    "receipt": "/kvittering/",
    "search": "/soeg/?q=kommune",
    "search, nothing": "/soeg/?q=xyzzy",
    "search, no question": "/soeg/",
    "about": "/om/",
    "privacy": "/om/privatliv/",
    "accessibility": "/om/tilgaengelighed/",
    "login": "/konto/login/",
    "sign-up": "/konto/signup/",
    "look in your mailbox": "/konto/confirm-email/",
    "forgotten password": "/konto/password/reset/",
    "reset link that is no good": "/konto/password/reset/key/1-x/",
    "confirming link that is no good": "/konto/confirm-email/x/",
}
MISSING = {"missing page": "/findes-ikke/", "past the end": "/katalog/?side=99"}
STAFF = {
    "admin": "/admin/",
    "admin's entries": "/admin/catalogue/entry/",
    "admin's entry": "/admin/catalogue/entry/first/",
    "admin's workplaces": "/admin/places/workplace/",
    "admin's roles at workplaces": "/admin/places/membership/",
    "front, signed in": "/",
    "my workplaces": "/min-side/arbejdspladser/",
    "find my workplace": "/min-side/arbejdspladser/find/?q=kommune",
    "ask for a role": "/min-side/arbejdspladser/fjordby-kommune/rolle/",
    "my addresses": "/konto/email/",
    "my password": "/konto/password/change/",
    "two steps": "/konto/2fa/",
    "passkeys": "/konto/2fa/webauthn/",
    "sessions": "/konto/sessions/",
    "the password once more": "/konto/2fa/totp/activate/",
    "log out": "/konto/logout/",
    "my page": "/min-side/",
    "my notices": "/min-side/beskeder/",
    "what I get by mail": "/min-side/beskeder/valg/",
    "the queue": "/admin/moderation/",
    "the queue in figures": "/admin/moderation/tal/",
    "an item of the queue": "/admin/moderation/first/",
    "propose": "/katalog/foreslaa/",
    "put on the map": "/kort/tilfoej/",
    "reuse": EVERYTHING + "genbrug/",
    "ask": EVERYTHING + "spoerg/",
}


def address(portal: str, path: str) -> str:
    """Return a path as it stands, or that of the list's first entry (»first:« and the list's parameters)."""
    if not path.startswith("first:"):
        return path
    found = re.search(
        'data-slug="([^"]+)"', read(f"{portal}/katalog/?{path.removeprefix('first:')}&sort=titel")
    )
    assert found, path
    return f"/katalog/{found[1]}/"


def looked_at(page: Page, widths: tuple[int, ...] = WIDTHS) -> list[str]:
    """Return what is wrong with the page at every width, and with what every page must have."""
    problems = []
    if (headings := page.locator("h1").count()) != 1:
        problems.append(f"{headings} h1")
    if (language := page.get_attribute("html", "lang")) != "da":
        problems.append(f"lang={language}")
    for width in widths:
        page.set_viewport_size({"width": width, "height": 844})
        problems += [f"{width}: {found}" for found in past_the_edge(page) + inaccessible(page)]
    return problems


@pytest.mark.parametrize("path", [pytest.param(path, id=name) for name, path in (PUBLIC | MISSING).items()])
def test_a_page_is_in_order(path: str, portal: str, open_page: Callable[..., Page]) -> None:
    """Zero violations, nothing past an edge, one h1, a title that says where you are."""
    page = open_page(WIDTHS[0])
    if path in MISSING.values():
        page.watch.expect_missing(portal + path)  # type: ignore[attr-defined]
    answer = page.goto(address(portal, path), wait_until="load")
    assert answer
    assert answer.status == (404 if path in MISSING.values() else 200)
    problems = looked_at(page)
    if not (urlsplit(page.url).path.startswith("/admin/") or page.title().endswith(HOUSE)):
        problems.append(f"title: {page.title()}")
    assert page.title() != HOUSE
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("path", [pytest.param(path, id=name) for name, path in STAFF.items()])
def test_a_page_for_staff_is_in_order(path: str, open_page: Callable[..., Page]) -> None:
    """The same for those who are signed in."""
    staff_page = open_page(WIDTHS[0], who="admin")
    if path.endswith("/first/"):
        staff_page.goto(path.removesuffix("first/"))
        staff_page.locator("#result_list tbody th a, [data-queue] tbody td a").first.click()
    else:
        staff_page.goto(path)
    staff_page.wait_for_load_state("load")
    problems = looked_at(staff_page)
    assert not problems, "\n".join(problems)

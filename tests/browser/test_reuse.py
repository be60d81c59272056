"""The pages of reuse, questions and the yearly check, as the demonstration's people see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from coi.management.commands.load_demo import PASSWORD
from tests.browser.test_pages import EVERYTHING, looked_at

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PAGES = {
    "reuse, nowhere to work": ("borger", f"{EVERYTHING}genbrug/"),
    "reuse, told already": ("medarbejder", f"{EVERYTHING}genbrug/"),
    "reuse, one's own": ("vaert", f"{EVERYTHING}genbrug/"),
    "the origin's page": ("vaert", "a[href^='/genbrug/']"),
    "a question": ("borger", f"{EVERYTHING}spoerg/"),
    "a question to oneself": ("vaert", f"{EVERYTHING}spoerg/"),
    "an answer": ("borger", "a[href^='/spoergsmaal/']"),
    "my page with panels": ("vaert", "/min-side/"),
}
"""Who, and the page; a selector is a link on their own page."""


@pytest.mark.parametrize(("name", "path"), [pytest.param(*row, id=key) for key, row in PAGES.items()])
@pytest.mark.parametrize("script", [True, False], ids=["script", "without script"])
def test_a_page_is_in_order(open_page: Callable[..., Page], name: str, path: str, script: bool) -> None:
    """Zero violations, nothing past an edge, one h1; and all of it without JavaScript."""
    page = open_page(390, who=name, java_script_enabled=script)
    if path.startswith("a["):
        page.goto("/min-side/")
        page.locator(path).first.click()
    else:
        page.goto(path)
    page.wait_for_load_state("load")
    assert page.locator("h1").count() == 1
    if script:
        assert not (problems := looked_at(page)), "\n".join(problems)


def test_the_way_in_leads_back(open_page: Callable[..., Page]) -> None:
    """»Vi genbruger det også« asks who one is, and then shows the form."""
    page = open_page(390)
    page.goto(EVERYTHING)
    page.click("text=Vi genbruger det også")
    page.fill("input[name=login]", "medarbejder@demo.example")
    page.fill("input[name=password]", PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"**{EVERYTHING}genbrug/")
    assert page.locator("input[name=kind]:checked").get_attribute("value") == "tilpasset"

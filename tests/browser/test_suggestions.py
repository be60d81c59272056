"""Suggestions under the search fields: by keyboard, by pointer, for screen readers, and gone without script."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.conftest import WIDTHS
from tests.browser.watching import inaccessible, past_the_edge

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

FIELDS = {"front": ("/", "#q"), "search": ("/soeg/", "#q"), "header": ("/om/", "#site-search")}


@pytest.mark.parametrize("where", FIELDS)
def test_by_keyboard(where: str, portal: str, open_page: Callable[..., Page]) -> None:
    """Typing opens the list and tells how many; arrows go round; Escape closes; Enter goes there."""
    path, field = FIELDS[where]
    page = open_page(1440)
    page.goto(path)
    box = page.locator(field)
    assert box.get_attribute("role") == "combobox"
    box.press_sequentially("till", delay=30)
    options = page.locator(".coi-suggest [role=option]")
    options.first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    number = options.count()
    assert re.fullmatch(
        rf"{number} forslag\. Brug pil ned\.", page.locator("[data-suggest] [role=status]").inner_text()
    )
    assert any("Arbejdsplads" in text or "Emne" in text for text in options.all_inner_texts())
    assert not inaccessible(page)

    box.press("ArrowDown")
    first = options.first
    assert first.get_attribute("aria-selected") == "true"
    assert box.get_attribute("aria-activedescendant") == first.get_attribute("id")
    box.press("ArrowUp")
    assert box.get_attribute("aria-activedescendant") is None
    box.press("ArrowUp")
    assert options.last.get_attribute("aria-selected") == "true"
    box.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    assert box.input_value() == "till"
    box.press("ArrowDown")
    options.first.wait_for()
    box.press("ArrowDown")
    target = options.first.get_attribute("data-url")
    box.press("Enter")
    page.wait_for_url(f"**{target}")


@pytest.mark.parametrize("width", WIDTHS)
def test_by_pointer_at_every_width(width: int, portal: str, open_page: Callable[..., Page]) -> None:
    """The list stays inside the window, a press on a suggestion opens it, and a press elsewhere closes the list."""
    page = open_page(width)
    page.goto("/")
    page.locator("#q").press_sequentially("videndel", delay=30)
    options = page.locator(".coi-suggest [role=option]")
    options.first.wait_for()
    assert not past_the_edge(page)
    box = options.first.bounding_box()
    assert box
    assert box["height"] >= 44
    page.locator("h1").click()
    options.first.wait_for(state="hidden")
    page.locator("#q").press("ArrowDown")
    options.first.wait_for()
    target = options.first.get_attribute("data-url")
    options.first.click()
    page.wait_for_url(f"**{target}")


def test_enter_without_a_choice_searches(portal: str, open_page: Callable[..., Page]) -> None:
    """What was typed is what is sent."""
    page = open_page(390)
    page.goto("/")
    page.locator("#q").press_sequentially("tillid", delay=30)
    page.locator(".coi-suggest [role=option]").first.wait_for()
    page.locator("#q").press("Enter")
    page.wait_for_url("**/katalog/?q=tillid")
    assert int(page.locator("#result-count").get_attribute("data-count") or 0) > 5

"""A proposal from beginning to end with the keyboard alone, on a phone; and without script."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from coi.management.commands.load_demo import PASSWORD
from tests.browser.watching import inaccessible, past_the_edge

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def at_the_start(open_page: Callable[..., Page], **options: bool) -> Page:
    """Logged in, at the choice of type."""
    page = open_page(390, **options)
    page.goto("/konto/login/?next=/katalog/foreslaa/")
    page.fill("input[name=login]", "moderator@demo.example")
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation(url="**/katalog/foreslaa/"):
        page.press("input[name=password]", "Enter")
    return page


def write(page: Page, field: str, text: str) -> None:
    """Tab to a field and type."""
    for _n in range(80):
        if page.evaluate("document.activeElement.name") == field:
            page.keyboard.type(text)
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard never reached {field}")


def press(page: Page, name: str, leads_to: str) -> None:
    """Tab to a button or link and press it."""
    for _n in range(120):
        page.keyboard.press("Tab")
        if (page.evaluate("document.activeElement.textContent") or "").strip() == name:
            with page.expect_navigation(url=leads_to):
                page.keyboard.press("Enter")
            return
    raise AssertionError(f"the keyboard never reached {name}")


def drop(page: Page) -> None:
    """Leave nothing behind."""
    page.goto(page.url.rsplit("/", 2)[0] + "/fortryd/")
    page.get_by_role("button", name="Ja, slet kladden").click()
    page.wait_for_url("**/min-side/")


def fine(page: Page) -> None:
    """Nothing past the edge, nothing that a screen reader can't make out."""
    assert past_the_edge(page) == [] and inaccessible(page) == []


def test_with_the_keyboard_on_a_phone(open_page: Callable[..., Page]) -> None:
    """Choose, write, be corrected, be saved by itself, and reach the button that sends."""
    page = at_the_start(open_page)
    fine(page)
    press(page, "Begynd", "**/vigtigste/")
    write(page, "title", "Køkkenet spørger beboerne om menuen")
    write(page, "summary", "Beboerne vælger selv, og mindre mad bliver smidt ud.")
    page.get_by_text("Kladden blev gemt").wait_for()
    fine(page)
    press(page, "Gem og gå videre", "**/hvem/")
    write(page, "subject_areas", " ")
    fine(page)
    press(page, "Gem og gå videre", "**/virkning/")
    write(page, "effect", "Der bliver smidt halvt så meget ud.")
    fine(page)
    press(page, "Gem og gå videre", "**/forloeb/")
    fine(page)
    press(page, "Gem og gå videre", "**/bilag/")
    fine(page)
    press(page, "Gem og se det hele", "**/send/")
    fine(page)
    assert page.locator(".alert-error").count() == 0
    assert page.get_by_role("button", name="Send til redaktionen").is_enabled()
    drop(page)


def test_without_script(open_page: Callable[..., Page]) -> None:
    """The same buttons send the form; one more row, later, and back keep what is typed."""
    page = at_the_start(open_page, java_script_enabled=False)
    page.get_by_role("button", name="Begynd").click()
    page.fill("[name=title]", "Uden script")
    page.fill("[name=summary]", "Det går også.")
    page.get_by_role("button", name="Gem og gå videre").click()
    page.wait_for_url("**/hvem/")
    page.fill("[name=year_from]", "2024")
    page.get_by_role("button", name="Endnu en arbejdsplads").click()
    assert page.locator("[name=participations-1-workplace]").count() == 1
    assert page.input_value("[name=year_from]") == "2024"
    page.get_by_role("button", name="Tilbage til trin 1").click()
    page.wait_for_url("**/vigtigste/")
    assert page.input_value("[name=title]") == "Uden script"
    drop(page)

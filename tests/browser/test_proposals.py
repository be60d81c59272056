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


def at_the_start(
    open_page: Callable[..., Page], start: str = "/katalog/foreslaa/", width: int = 390, **options: bool
) -> Page:
    """Logged in, at the choice of what to tell about."""
    page = open_page(width, **options)
    page.goto(f"/konto/login/?next={start}")
    page.fill("input[name=login]", "moderator@demo.example")
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation(url=f"**{start}"):
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


def test_a_project_is_put_on_the_map_with_the_keyboard_on_a_small_phone(
    open_page: Callable[..., Page],
) -> None:
    """Its place by numbers; what is near is shown meanwhile; a point in the sea is said where it can be mended."""
    page = at_the_start(open_page, "/kort/tilfoej/", 320)
    fine(page)
    page.check("[name=kind][value=projekt]")
    press(page, "Begynd", "**/vigtigste/")
    write(page, "title", "Natlys på plejehjemmet")
    write(page, "summary", "Vi prøver lys af, der følger døgnet.")
    fine(page)
    press(page, "Gem og gå videre", "**/hvor/")
    page.select_option("[name=municipality]", "0751")
    write(page, "lat", "56,5")
    write(page, "lng", "11,8")
    write(page, "subject_areas", " ")
    fine(page)
    page.watch.expect_missing(page.url)  # type: ignore[attr-defined]  # the answer to what is wrong is 422
    press(page, "Gem og gå videre", "**/hvor/")
    assert "ligger i havet" in page.locator(".errorlist").first.inner_text()
    fine(page)
    page.fill("[name=lat]", "56,15670")
    page.fill("[name=lng]", "10,21080")
    press(page, "Gem og gå videre", "**/forloeb/")
    fine(page)
    press(page, "Gem og gå videre", "**/resultater/")
    fine(page)
    press(page, "Gem og gå videre", "**/bilag/")
    press(page, "Gem og se det hele", "**/send/")
    fine(page)
    drop(page)


def test_a_point_is_set_on_the_map_and_saved_by_itself(open_page: Callable[..., Page]) -> None:
    """A click on the map fills both numbers, and what is saved meanwhile has them."""
    page = at_the_start(open_page, "/kort/tilfoej/", 1440)
    page.check("[name=kind][value=enhed]")
    press(page, "Begynd", "**/vigtigste/")
    page.fill("[name=title]", "Værkstedet")
    page.fill("[name=summary]", "Et sted at prøve nyt.")
    page.get_by_role("button", name="Gem og gå videre").last.click()
    page.wait_for_url("**/hvor/")
    page.locator("[data-pick-point] .coi-land").first.wait_for(state="attached")
    page.locator("[data-pick-point]").click(position={"x": 200, "y": 150})
    page.get_by_text("Kladden blev gemt").wait_for()
    fine(page)
    lat, lng = page.input_value("[name=lat]"), page.input_value("[name=lng]")
    assert lat and lng
    page.reload()
    assert (page.input_value("[name=lat]"), page.input_value("[name=lng]")) == (lat, lng)
    drop(page)


def test_a_unit_without_script(open_page: Callable[..., Page]) -> None:
    """A municipality is enough, and no map is needed."""
    page = at_the_start(open_page, "/kort/tilfoej/?type=enhed", java_script_enabled=False)
    page.get_by_role("button", name="Begynd").click()
    page.fill("[name=title]", "Værkstedet uden script")
    page.fill("[name=summary]", "Et sted at prøve nyt.")
    page.get_by_role("button", name="Gem og gå videre").click()
    page.wait_for_url("**/hvor/")
    assert not page.locator("[data-pick-point]").is_visible()
    page.select_option("[name=municipality]", "0751")
    page.get_by_role("button", name="Gem og gå videre").click()
    page.wait_for_url("**/mere/")
    drop(page)

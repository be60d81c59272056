"""Pages that only their owner sees: one's own contributions, receipt, colleagues and data."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.own import OWN, address_of
from tests.browser.test_pages import looked_at

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

WIDTHS = (390, 1440)


@pytest.mark.parametrize(("who", "path"), [pytest.param(*row, id=key) for key, row in OWN.items()])
def test_a_page_of_ones_own_is_in_order(
    who: str, path: str, portal: str, open_page: Callable[..., Page]
) -> None:
    """Zero violations, nothing past an edge, one h1."""
    page = open_page(WIDTHS[0], who=who)
    answer = page.goto(address_of(portal, who, path), wait_until="load")
    assert answer
    assert answer.status == 200
    assert not (problems := looked_at(page, WIDTHS)), "\n".join(problems)


def test_a_receipt_from_the_thanks_to_the_withdrawal(open_page: Callable[..., Page]) -> None:
    """Somebody without account tells a story; the thanks, the receipt and what is left of it are in order."""
    page = open_page(WIDTHS[0])
    page.goto("/historier/fortael/")
    page.fill("[name=title]", "Hun fandt min gamle skolebog")
    page.fill("[name=text]", "Bibliotekaren ledte en hel eftermiddag og ringede, da hun havde fundet den.")
    page.check("[name=consent]")
    page.wait_for_timeout(3_100)  # who sends faster than the trap allows is taken for a program
    page.get_by_role("button", name="Send historien").click()
    page.wait_for_url("**/historier/fortael/tak/")
    problems = [f"thanks: {found}" for found in looked_at(page, WIDTHS)]
    code = page.inner_text("#receipt-code")
    page.goto("/kvittering/")
    page.fill("[name=code]", code)
    page.press("[name=code]", "Enter")
    withdraw = page.locator("main button", has_text="Træk tilbage")
    withdraw.wait_for()
    problems += [f"receipt: {found}" for found in looked_at(page, WIDTHS)]
    page.check("[name=sure]")
    withdraw.click()
    page.get_by_text("Den er trukket tilbage").first.wait_for()
    problems += [f"withdrawn: {found}" for found in looked_at(page, WIDTHS)]
    assert not problems, "\n".join(problems)

"""A portal with its content, a browser, and pages in it that are listened to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser import portal as demonstration
from tests.browser.watching import Watch
from tests.conftest import find_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTHS = (1440, 390, 320)
HEIGHT = 844


@pytest.fixture(scope="session")
def portal() -> str:
    """Return the address of a running demonstration with all its content. Tests only read."""
    return demonstration.enter()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Return a running chromium, one for each worker."""
    from playwright.sync_api import sync_playwright

    # Playwright runs an event loop in this thread; Django would refuse to ask the database beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_browser(), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, portal: str) -> Iterator[Callable[..., Page]]:
    """Return a function that opens an empty page with a cold cache: open_page(390, java_script_enabled=False).

    With who="vaert" that account of the demonstration is logged in already.

    Whatever was wrong on a page by itself (console, policy, requests) fails its test in the end.
    """
    opened: list[tuple[Any, Watch]] = []

    def act(width: int = 390, height: int = HEIGHT, who: str = "", **options: Any) -> Page:
        context = chromium.new_context(
            base_url=portal, locale="da-DK", viewport={"width": width, "height": height}, **options
        )
        if who:
            context.add_cookies(demonstration.signed_in(portal, who).cookies)
        page = context.new_page()
        page.set_default_timeout(15_000)
        opened.append((context, Watch(page, portal)))
        page.watch = opened[-1][1]  # type: ignore[attr-defined]
        return page

    yield act
    for context, _ in opened:
        context.close()
    problems = [problem for _, watch in opened for problem in watch.problems]
    assert not problems, "\n".join(problems)

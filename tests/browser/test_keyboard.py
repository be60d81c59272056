"""By keyboard, at 400 % zoom (which is 320 px), with less movement, and with the system's own colours."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.browser.test_pages import EVERYTHING, MISSING, PUBLIC, address
from tests.browser.watching import inaccessible, past_the_edge

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

Opener = Callable[..., "Page"]

FOLLOWING = 4  # Node.DOCUMENT_POSITION_FOLLOWING
# Where the focus is: which of the elements one can reach, whether it can be seen and how it is marked.
FOCUSED = """() => {
  const at = document.activeElement;
  if (!at || at === document.body || at === document.documentElement) return null;
  const style = getComputedStyle(at), box = at.getBoundingClientRect();
  // dkfds draws checkboxes and radios as their label's ::before; the ring stands on either.
  const drawn = at.labels?.[0] ? getComputedStyle(at.labels[0], "::before") : style;
  const ring = (s) => (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) >= 2) || s.boxShadow !== "none";
  const follows = (here) => {
    const before = window.lastStop;
    window.lastStop = here;
    if (!before) window.firstStop = here;
    return before ? before.compareDocumentPosition(here) : Node.DOCUMENT_POSITION_FOLLOWING;
  };
  const middle = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return {
    name: `${at.tagName.toLowerCase()}#${at.id} »${(at.textContent || at.ariaLabel || "").trim().slice(0, 40)}«`,
    again: at === window.firstStop,
    order: follows(at),
    seen: at.checkVisibility() && box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight
      && box.right > 0 && box.left < innerWidth,
    covered: middle && !at.contains(middle) && !middle.contains(at) && !(at.labels?.[0]?.contains(middle))
      ? middle.outerHTML.slice(0, 80) : "",
    ringed: ring(style) || ring(drawn),
  };
}"""


def walk(page: Page) -> list[dict[str, Any]]:
    """Press Tab until the focus leaves the page; return every stop."""
    stops: list[dict[str, Any]] = []
    while True:
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        if stop is None or stop["again"]:
            return stops
        stops.append(stop)
        assert len(stops) < 250, f"trapped at {stop['name']}"


NARROW = [pytest.param(320, path, id=f"320 {name}") for name, path in (PUBLIC | MISSING).items()]
WIDE = [
    pytest.param(1440, path, id=f"1440 {path}") for path in ("/", "/katalog/", EVERYTHING, "/soeg/?q=kommune")
]


@pytest.mark.parametrize(("width", "path"), NARROW + WIDE)
def test_tab_goes_through_the_page(width: int, path: str, portal: str, open_page: Opener) -> None:
    """Every stop is seen, marked and uncovered, in the order of the text, and the last one lets go."""
    page = open_page(width)
    page.watch.expect_missing(portal + path)  # type: ignore[attr-defined]
    page.goto(address(portal, path))
    stops = walk(page)
    assert stops
    problems = [f"{stop['name']} is not in view" for stop in stops if not stop["seen"]]
    problems += [f"{stop['name']} has no ring" for stop in stops if not stop["ringed"]]
    problems += [f"{stop['name']} is covered by {stop['covered']}" for stop in stops if stop["covered"]]
    problems += [f"{stop['name']} is out of order" for stop in stops if not stop["order"] & FOLLOWING]
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("width", [320, 390])
def test_the_menu_opens_and_closes(width: int, open_page: Opener) -> None:
    """By keyboard: Enter opens, Tab goes in, Escape closes and gives the focus back."""
    page = open_page(width)
    page.goto("/om/")
    button = page.locator("button[popovertarget=menu]").first
    button.focus()
    page.keyboard.press("Enter")
    menu = page.locator("#menu:popover-open")
    menu.wait_for()
    assert not past_the_edge(page) + inaccessible(page)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#menu') !== null")
    page.keyboard.press("Escape")
    menu.wait_for(state="detached")
    assert button.evaluate("button => button === document.activeElement")
    page.keyboard.press("Enter")
    page.locator("#menu a:has-text('Samlinger')").press("Enter")
    page.wait_for_url("**/katalog/samlinger/")


def test_the_open_filter_panel_is_accessible(open_page: Opener) -> None:
    """The panel over the list, with every group unfolded."""
    for width in (320, 390):
        page = open_page(width)
        page.goto("/katalog/?sektor=kommune")
        page.click(".coi-filter-button")
        page.evaluate("document.querySelectorAll('.coi-fold').forEach(fold => { fold.open = true })")
        assert not past_the_edge(page) + inaccessible(page)


@pytest.mark.parametrize("path", ["/", "/katalog/"])
def test_nothing_moves_for_those_who_asked(path: str, open_page: Opener) -> None:
    """With prefers-reduced-motion no element moves, slides or grows."""
    page = open_page(1440, reduced_motion="reduce")
    page.goto(path)
    moving = page.evaluate("""() => [...document.querySelectorAll("*")].filter((e) => {
      const s = getComputedStyle(e);
      const properties = s.transitionProperty.split(", "), times = s.transitionDuration.split(", ");
      return s.animationName !== "none" || s.scrollBehavior === "smooth"
        || properties.some((p, i) => parseFloat(times[i % times.length]) > 0
          && /^(all|transform|translate|left|top|right|bottom|width|height|margin)/.test(p));
    }).map((e) => e.outerHTML.slice(0, 80))""")
    assert not moving


def test_a_larger_font_breaks_nothing(open_page: Opener) -> None:
    """Text spacing as WCAG 1.4.12 describes it, on a phone: nothing is pushed past the edge."""
    page = open_page(390)
    for path in ("/", "/katalog/", EVERYTHING):
        page.goto(path)
        page.evaluate("""() => { const sheet = new CSSStyleSheet(); sheet.replaceSync(
          "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"
          + "p { margin-bottom: 2em !important }"); document.adoptedStyleSheets.push(sheet); }""")
        assert not past_the_edge(page), path

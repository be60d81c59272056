"""An entry's page: its parts, its paper, and what machines read from it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.portal import entries
from tests.browser.test_pages import EVERYTHING
from tests.browser.watching import past_the_edge

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

Opener = Callable[..., "Page"]
PARTS = 4
PAPER = {"width": 673, "height": 1016}
"""What the margins of an A4 sheet leave, in CSS pixels."""


def test_contents_lead_to_their_sections(open_page: Opener) -> None:
    """Every line of the contents brings its heading into view; none is left out."""
    page = open_page(390)
    page.goto(EVERYTHING)
    anchors = page.locator(".anchorlist a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
    assert anchors == page.locator(".coi-prose section h2[id]").evaluate_all(
        "all => all.map(h => `#${h.id}`)"
    )
    for anchor in anchors:
        page.click(f'.anchorlist a[href="{anchor}"]')
        assert page.url.endswith(anchor)
        top = page.locator(anchor).evaluate("heading => heading.getBoundingClientRect().top")
        assert 0 <= top < 844


def test_the_drawing_and_the_table_say_the_same(open_page: Opener) -> None:
    """Before and after, number for number; bars as long as their numbers."""
    page = open_page(1440)
    page.goto(EVERYTHING)
    page.click("text=Se tallene som tabel")
    rows = page.locator("details table tbody tr").evaluate_all(
        "rows => rows.map(r => [...r.cells].slice(0, 3).map(c => c.textContent.trim().replace(/\\s+/g, ' ')))"
    )
    drawn = page.locator(".coi-measure").evaluate_all(
        """all => all.map(m => [
          [...m.querySelectorAll(':scope > p > *')].map(e => e.textContent.trim()).join(' '),
          ...[...m.querySelectorAll('.coi-bar > span')].map(s => s.firstChild.textContent.trim())])"""
    )
    assert rows == drawn
    assert len(rows) == 3
    for measure in page.locator(".coi-measure").all():
        widths = measure.locator("svg").evaluate_all("all => all.map(s => s.getBoundingClientRect().width)")
        before, after = (
            float(re.sub(r"[^\d,]", "", text).replace(",", "."))
            for text in measure.locator(".coi-bar > span").all_inner_texts()
        )
        assert widths[0] / widths[1] == pytest.approx(before / after, rel=0.05)


def test_sharing_copies_the_address(open_page: Opener) -> None:
    """Where the machine has no sheet for sharing; the answer is shown and told."""
    page = open_page(390, permissions=["clipboard-read", "clipboard-write"])
    page.goto(EVERYTHING)
    assert page.evaluate("!navigator.share")
    page.click("[data-share]")
    page.locator("[data-share-label]:text-is('Linket er kopieret')").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.get_attribute("link[rel=canonical]", "href")
    assert copied.endswith(EVERYTHING)
    assert copied in page.inner_text("#videre ~ p:has-text('Henvis')")


def test_without_script_nothing_is_offered_that_needs_it(open_page: Opener) -> None:
    """Print and share are hidden; the rest is there."""
    page = open_page(390, java_script_enabled=False)
    page.goto(EVERYTHING)
    assert not page.is_visible("[data-print]")
    assert not page.is_visible("[data-share]")
    assert page.is_visible("text=Henvis til siden sådan")


def test_related_entries(open_page: Opener) -> None:
    """Some, none of them the entry itself, all of them there."""
    page = open_page(390)
    page.goto(EVERYTHING)
    related = page.locator(".coi-related h3 a").evaluate_all("all => all.map(a => a.pathname)")
    assert related
    assert EVERYTHING not in related
    assert len(set(related)) == len(related)
    for path in related:
        assert page.request.get(path).status == 200


def misread(page: Page, path: str) -> list[str]:
    """Return what is wrong with the JSON-LD that search engines read."""
    scripts = page.locator('script[type="application/ld+json"]').all_inner_texts()
    if len(scripts) != 1:
        return [f"{len(scripts)} blocks of JSON-LD"]
    data = json.loads(scripts[0])
    wanted = {
        "@context": "https://schema.org",
        "inLanguage": "da",
        "url": page.get_attribute("link[rel=canonical]", "href"),
    }
    wrong = [f"JSON-LD {key}: {data.get(key)}" for key, value in wanted.items() if data.get(key) != value]
    missing = {"@type", "name", "description"} - data.keys()
    return wrong + [f"JSON-LD without {key}" for key in sorted(missing)]


@pytest.mark.parametrize("part", range(PARTS))
def test_every_entry_reads_and_prints_on_one_sheet(part: int, portal: str, open_page: Opener) -> None:
    """JSON-LD that parses, no edge passed at 320 px, and one A4 page with three questions, all of them on the paper."""
    page = open_page(320)
    problems = []
    for path in entries(portal)[part::PARTS]:
        page.set_viewport_size({"width": 320, "height": 844})
        page.goto(path)
        problems += [f"{path}: {found}" for found in past_the_edge(page) + misread(page, path)]
        paper = page.pdf(prefer_css_page_size=True)
        boxes = re.findall(rb"/MediaBox\s*\[([^\]]+)\]", paper)
        sheets = len(re.findall(rb"/Type\s*/Page\b", paper))
        if sheets != 1 or [round(float(n)) for n in boxes[0].split()] != [0, 0, 595, 842]:
            problems.append(f"{path}: {sheets} sheets of {boxes}")
        page.emulate_media(media="print")
        page.set_viewport_size(PAPER)
        sheet, *questions = page.locator(".coi-entry, .coi-discuss li").evaluate_all(
            "all => all.map(e => e.checkVisibility() ? e.getBoundingClientRect().bottom : 0)"
        )
        if len(questions) != 3 or not all(0 < bottom <= sheet for bottom in questions):
            problems.append(f"{path}: questions at {questions} of {sheet}")
        page.emulate_media(media="null")
    assert not problems, "\n".join(problems)

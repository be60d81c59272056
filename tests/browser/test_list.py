"""The list with its facets: with htmx, without script, on a phone, by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

Opener = Callable[..., "Page"]


def count(page: Page) -> int:
    """Return how many results the page says there are."""
    return int(page.get_attribute("#result-count", "data-count") or "-1")


def value(page: Page, facet: str, name: str) -> Locator:
    """Return a facet value's line."""
    return page.locator(f'li[data-facet="{facet}"][data-value="{name}"]')


def counts(page: Page) -> dict[str, int]:
    """Return the number at every facet value."""
    lines = page.locator("li[data-facet]").evaluate_all(
        """lines => lines.map(l =>
          [`${l.dataset.facet}=${l.dataset.value}`, l.dataset.count, l.querySelector(".coi-number").textContent])"""
    )
    for name, number, text in lines:
        assert text.split()[0] == number, f"{name} shows another number than {number}: {text}"
    return {name: int(number) for name, number, _ in lines}


def slugs(page: Page) -> list[str]:
    """Return the results in their order."""
    return page.locator("article[data-slug]").evaluate_all("all => all.map(a => a.dataset.slug)")


def has_count(page: Page, number: int) -> None:
    """Wait until the page says so many results."""
    page.locator(f'#result-count[data-count="{number}"]').wait_for()


def choose(page: Page, facet: str, name: str) -> int:
    """Choose or drop a facet value by keyboard; wait for the answer and return what the value promised."""
    line = value(page, facet, name)
    promised = int(line.get_attribute("data-count") or "0")
    box = line.locator("input")
    box.focus()
    with page.expect_response(lambda answer: "/katalog/" in answer.url):
        box.press("Space")
    return promised


def test_a_choice_changes_everything_but_the_focus(open_page: Opener) -> None:
    """Address, count, results, other counts, sentence and title follow; the count is told politely."""
    page = open_page(1440)
    page.goto("/katalog/")
    everything, before, first = count(page), counts(page), slugs(page)
    promised = choose(page, "sektor", "region")
    assert 0 < promised < everything
    has_count(page, promised)
    page.wait_for_url("**/katalog/?sektor=region")
    assert page.evaluate("document.activeElement.id") == "f-sektor-region"
    assert page.is_checked("#f-sektor-region")
    assert slugs(page) != first
    assert "regioner" in page.inner_text("#chosen")
    assert page.title().startswith(f"Inspiration, {promised} resultater")
    page.wait_for_function(
        "text => document.querySelector('#announcer[role=status]').textContent === text",
        arg=page.inner_text("#result-count").strip(),
    )
    after = counts(page)
    assert after.keys() == before.keys()
    assert after != before

    # The same address, asked for afresh, says the same.
    again = open_page(1440, java_script_enabled=False)
    again.goto("/katalog/?sektor=region")
    assert (count(again), counts(again), slugs(again)) == (promised, after, slugs(page))

    page.go_back()
    has_count(page, everything)
    assert page.url.endswith("/katalog/")
    assert not page.is_checked("#f-sektor-region")
    assert (counts(page), slugs(page)) == (before, first)
    page.go_forward()
    has_count(page, promised)
    assert page.is_checked("#f-sektor-region")
    assert counts(page) == after


def test_a_count_is_what_the_click_gives(open_page: Opener) -> None:
    """One value of every facet, on top of words and another choice; values of one facet are joined by or."""
    page = open_page(1440)
    page.goto("/katalog/?q=kommune&vaerdi=kvalitet")
    start = count(page)
    facets = page.locator("li[data-facet]").evaluate_all("all => [...new Set(all.map(l => l.dataset.facet))]")
    assert {"type", "sektor", "fagomraade", "vaerdi", "region"} <= set(facets)
    for facet in (facet for facet in facets if facet != "vaerdi"):
        page.evaluate("document.querySelectorAll('.coi-fold').forEach(fold => { fold.open = true })")
        usable = f'li[data-facet="{facet}"]:not([data-count="0"])'
        name = page.locator(usable).last.get_attribute("data-value") or ""
        has_count(page, choose(page, facet, name))
        choose(page, facet, name)
        has_count(page, start)
    # A sibling promises what it adds up to.
    has_count(page, choose(page, "type", "eksempel"))
    one = count(page)
    other = int(value(page, "type", "initiativ").get_attribute("data-count") or "0")
    choose(page, "type", "initiativ")
    has_count(page, one + other)
    # A value with nothing stays visible and cannot be chosen.
    nothing = page.locator('li[data-facet="fagomraade"][data-count="0"]').first
    assert nothing.is_visible()
    assert nothing.locator("input").is_disabled()


def test_parts_of_the_sentence_can_be_taken_away(open_page: Opener) -> None:
    """Each part is a link to the list without it, with and without script."""
    for script in (True, False):
        page = open_page(1440, java_script_enabled=script)
        page.goto("/katalog/?sektor=region&type=eksempel")
        page.click("#chosen a.tag:has-text('regioner')")
        page.wait_for_url("**/katalog/?type=eksempel")
        page.locator("#chosen a.tag").and_(page.locator(":not(:has-text('regioner'))")).wait_for()
        assert not page.is_checked("#f-sektor-region")
        assert page.is_checked("#f-type-eksempel")
        page.click("#chosen >> text=Ryd alt")
        page.wait_for_url("**/katalog/")


def test_sorting(open_page: Opener) -> None:
    """By title as Danes sort; the focus stays on the list of orders."""
    page = open_page(1440)
    page.goto("/katalog/?pr_side=50&type=eksempel")
    newest = slugs(page)
    page.focus("#sort")
    page.select_option("#sort", "titel")
    page.wait_for_url("**sort=titel**")
    page.wait_for_function("first => document.querySelector('article').dataset.slug !== first", arg=newest[0])
    assert page.evaluate("document.activeElement.id") == "sort"
    titles = page.locator("article h3").all_inner_texts()
    key = "titles => [...titles].sort(new Intl.Collator('da', {ignorePunctuation: false}).compare)"
    letters = [title for title in titles if title[0].isalpha()]
    assert letters == page.evaluate(key, letters)
    assert sorted(slugs(page)) == sorted(newest)


def test_searching_within_a_choice(open_page: Opener) -> None:
    """Words and choices live together, and the order's default is the best match."""
    page = open_page(1440)
    page.goto("/katalog/?type=eksempel")
    all_examples = count(page)
    page.fill("#q", "videndeling")
    page.press("#q", "Enter")
    page.wait_for_url("**q=videndeling**")
    page.wait_for_function(
        "n => +document.getElementById('result-count').dataset.count < n", arg=all_examples
    )
    assert "type=eksempel" in page.url
    assert page.input_value("#sort") == ""
    assert "Bedste" in page.locator("#sort option:checked").inner_text()


def test_the_panel_on_a_phone(open_page: Opener) -> None:
    """Opens without leaving the page, shows the new count in its button, closes to the results."""
    page = open_page(390)
    page.goto("/katalog/")
    assert not page.is_visible("#facets")
    page.click("text=Filtre")
    assert page.is_visible("#facets")
    promised = int(value(page, "type", "vaerktoej").get_attribute("data-count") or "0")
    page.click("label[for=f-type-vaerktoej]")
    has_count(page, promised)
    assert page.is_visible("#facets:popover-open")
    assert page.inner_text("#show-results") == f"Vis {promised} resultater"
    page.click("#show-results")
    page.locator("#facets").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.id") == "result-count"
    assert page.inner_text("#chosen-count") == "Filtre, 1 valgt"
    assert page.url.endswith("/katalog/?type=vaerktoej")

    page.click(".coi-filter-button")
    page.keyboard.press("Escape")
    page.locator("#facets").wait_for(state="hidden")
    assert page.evaluate("document.activeElement.className").find("coi-filter-button") >= 0


def test_the_panel_without_script(open_page: Opener) -> None:
    """The same by a plain form: choose, send, see."""
    page = open_page(390, java_script_enabled=False)
    page.goto("/katalog/?q=tillid")
    page.click("text=Filtre")
    page.click("label[for=f-type-eksempel]")
    page.click("label[for=f-type-initiativ]")
    promised = counts(page)
    page.click("#show-results")
    page.wait_for_url("**type=initiativ**")
    assert "q=tillid" in page.url
    assert count(page) == promised["type=eksempel"] + promised["type=initiativ"]
    page.select_option("#sort", "titel")
    page.click("text=Sortér")
    page.wait_for_url("**sort=titel**")
    assert "type=eksempel" in page.url


def test_pages_without_and_with_script(open_page: Opener) -> None:
    """Leafing keeps the choice; the whole list is there once, none twice."""
    for script in (True, False):
        page = open_page(1440, java_script_enabled=script)
        page.goto("/katalog/?type=eksempel&type=initiativ")
        seen = slugs(page)
        while page.locator("a.button-next").count():
            number = len(seen) // 10 + 1
            page.click("a.button-next")
            page.wait_for_url(f"**side={number}**")
            page.locator(f"a.current-page:text-is('{number}')").wait_for()
            seen += slugs(page)
        assert len(seen) == len(set(seen)) == count(page)


def test_by_keyboard_alone(open_page: Opener) -> None:
    """From the skip link by Tab, Space and Enter to a chosen result's page."""
    page = open_page(1440)
    page.goto("/katalog/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skipnav"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"

    def tab_to(selector: str) -> None:
        for _ in range(120):
            page.keyboard.press("Tab")
            if page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
        raise AssertionError(f"Tab never came to {selector}")

    tab_to("#f-sektor-stat")
    promised = int(value(page, "sektor", "stat").get_attribute("data-count") or "0")
    page.keyboard.press("Space")
    has_count(page, promised)
    tab_to("article[data-slug] h3 a")
    slug = slugs(page)[0]
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/katalog/{slug}/")


def test_hooks_of_the_markup(open_page: Opener) -> None:
    """What scripts and screen readers' shortcuts rely on."""
    page = open_page(390)
    page.goto("/katalog/?pr_side=20")
    assert page.locator("main#main").count() == 1
    assert page.locator("output#result-count[data-count]").count() == 1
    assert page.locator("article[data-slug]").count() == 20
    for article in page.locator("article[data-slug]").all():
        link = article.locator("h1, h2, h3, h4").first.locator("a")
        assert link.get_attribute("href") == f"/katalog/{article.get_attribute('data-slug')}/"

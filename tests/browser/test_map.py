"""The map: drawn under the strict policy, by keyboard, with the list, on a phone, when its data does not come."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.browser.watching import inaccessible, past_the_edge

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

pytestmark = pytest.mark.browser

Opener = Callable[..., "Page"]
FOCUS = "(document.activeElement.dataset.marker || document.activeElement.id)"


def count(page: Page) -> int:
    return int(page.get_attribute("#result-count", "data-count") or "-1")


def names(page: Page) -> list[str]:
    """What the markers are called, in the order of Tab."""
    found: list[str] = page.locator("[data-marker]").evaluate_all(
        "all => all.map(m => m.getAttribute('aria-label'))"
    )
    return found


def on_the_map(page: Page) -> int:
    """How many places the markers stand for."""
    return sum(int(found[1]) if (found := re.match(r"(\d+) steder", name)) else 1 for name in names(page))


def opened(page: Page, path: str = "/kort/") -> Page:
    page.goto(path)
    page.locator("#map[data-shown]").wait_for()
    page.wait_for_load_state("networkidle")
    return page


def west_to_east(page: Page) -> bool:
    x = page.locator("[data-marker]").evaluate_all(
        "all => all.map(m => m.getBoundingClientRect()).map(b => b.x + b.width / 2)"
    )
    return all(a <= b + 1.5 for a, b in itertools.pairwise(x))


def test_the_map_is_drawn_without_asking_anybody_else(open_page: Opener) -> None:
    """Land, names and markers; what stands on it adds up to the list. The watch minds console, policy and hosts."""
    page = opened(open_page(1440))
    assert page.locator("path.coi-land").count() == 5
    page.locator(".coi-name").first.wait_for(state="attached")
    assert on_the_map(page) == count(page)
    assert "GeoNames" in page.inner_text("#map-figure figcaption")
    assert not page.locator(".coi-choropleth").first.is_visible()


def test_by_keyboard_alone(open_page: Opener) -> None:
    """The map can be skipped; each marker is reached, named and opened; the focus is never lost."""
    page = opened(open_page(1440))
    page.focus("a[href='#results']")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS) == "map"
    reached = []
    for _ in names(page):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.getAttribute('aria-label')"))
    assert reached == names(page)
    assert west_to_east(page)
    cluster = page.locator("[data-marker][aria-label$='Zoom ind.']").first
    cluster.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**zoom=**")
    page.wait_for_function("() => document.getElementById('map-said').textContent.startsWith('Zoomet ind')")
    assert page.evaluate(FOCUS)
    assert page.evaluate("document.getElementById('map').contains(document.activeElement)")
    page.focus("a[href='#results']")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "results"


def until(page: Page, script: str) -> None:
    """Wait at most five seconds for a script to be true; Playwright's own way needs eval, which the policy forbids."""
    for _n in range(50):
        if page.evaluate(script):
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"never true: {script}")


def test_a_marker_opens_what_it_stands_for(open_page: Opener) -> None:
    """Enter opens, the focus goes in, Escape leads back; the link leads to the page."""
    page = opened(open_page(1440))
    marker = page.locator("[data-marker][aria-haspopup]").first
    marker.focus()
    held = page.evaluate(FOCUS)
    page.keyboard.press("Enter")
    popup = page.locator(".leaflet-popup[role=dialog]")
    popup.wait_for()
    assert page.evaluate("document.activeElement.closest('.leaflet-popup') !== null")
    until(page, "getComputedStyle(document.querySelector('.leaflet-popup')).opacity === '1'")  # faded in
    assert not inaccessible(page)
    page.keyboard.press("Escape")
    popup.wait_for(state="detached")
    assert page.evaluate(FOCUS) == held
    page.keyboard.press(" ")
    popup.wait_for()
    link = popup.locator("a[href]:not(.leaflet-popup-close-button)").first
    href = link.get_attribute("href") or ""
    link.click()
    page.wait_for_url(lambda url: url.endswith(href.split("/", 3)[-1]))


def test_keys_and_buttons_move_the_map_and_the_address_follows(open_page: Opener) -> None:
    """A link opened anew shows the same."""
    page = opened(open_page(1440))
    assert "lat=" not in page.url
    page.focus("#map")
    page.keyboard.press("+")
    page.wait_for_url("**lat=**")
    first = page.url
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("was => location.href !== was", arg=first)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(400)
    again = opened(open_page(1440), page.url)
    assert names(again) == names(page)
    page.click("[data-zoom=home]")
    page.wait_for_function("was => location.href !== was", arg=again.url)
    assert page.get_attribute("input[name=zoom]", "value")


def test_filters_change_list_counts_and_map_together(open_page: Opener) -> None:
    """And the way back leads back."""
    page = opened(open_page(1440))
    everything, before = count(page), names(page)
    page.click(".coi-drop:has(#facet-type) > summary")
    line = page.locator('li[data-facet="type"][data-value="vaerktoej"]')
    promised = int(line.get_attribute("data-count") or "0")
    assert 0 < promised < everything
    line.locator("label").click()
    page.locator(f'#result-count[data-count="{promised}"]').wait_for()
    page.wait_for_url("**/kort/?type=vaerktoej")
    page.wait_for_load_state("networkidle")
    page.wait_for_function(
        "was => document.querySelectorAll('[data-marker]').length !== was", arg=len(before)
    )
    assert on_the_map(page) == promised
    assert page.inner_text("#facet-type-chosen") == "Værktøjer"
    page.keyboard.press("Escape")
    assert not line.is_visible()
    page.go_back()
    page.locator(f'#result-count[data-count="{everything}"]').wait_for()
    page.locator("#map[data-shown]").wait_for()
    page.wait_for_load_state("networkidle")
    assert names(page) == before
    page.go_forward()
    page.locator(f'#result-count[data-count="{promised}"]').wait_for()


def test_a_region_is_gone_to(open_page: Opener) -> None:
    """A choice of places moves the map there, without a position in the address."""
    page = opened(open_page(1440))
    # What is out of view is clipped, so the widest is looked at.
    widest = "Math.max(...[...document.querySelectorAll('path.coi-land')].map(p => p.getBoundingClientRect().width))"
    page.locator("path.coi-land").first.wait_for()
    wide = page.evaluate(widest)
    page.click(".coi-drop:has(#facet-region) > summary")
    page.locator('li[data-facet="region"][data-value="1082"] label').click()
    page.wait_for_url("**/kort/?region=1082")
    page.wait_for_load_state("networkidle")
    until(page, f"{widest} > {wide} * 1.1")
    assert "lat=" not in page.url


def cluster(**properties: Any) -> str:
    """An answer of the data with one cluster that never comes apart."""
    told = {
        "cluster": True, "count": 40, "kinds": {"eksempel": 40}, "near": "Aarhus", "zoom": None, "exact": True,
        "bounds": [10.2, 56.15, 10.2, 56.15], "area": None, "list": None, "listed": None,
    }  # fmt: skip
    feature = {
        "type": "Feature",
        "id": "z/1",
        "geometry": {"type": "Point", "coordinates": [10.2, 56.15]},
        "properties": told | properties,
    }
    return json.dumps({"type": "FeatureCollection", "count": 40, "shown": 40, "features": [feature]})


@pytest.mark.parametrize(
    ("properties", "said", "wanted"),
    [
        ({}, "Se de 40 først på listen", {"vis": "liste", "sort": "afstand", "lat": "56.15000", "type": "eksempel"}),
        ({"list": "/kort/?kommune=0751", "listed": 40}, "Vis de 40 på listen", {"vis": "liste", "kommune": "0751"}),
        ({"list": "/kort/?kommune=0751", "listed": 55}, "Se alle 55 i området på listen", {"kommune": "0751"}),
    ],
)  # fmt: skip
def test_what_stands_at_one_spot_is_always_within_reach(
    open_page: Opener, properties: dict[str, Any], said: str, wanted: dict[str, str]
) -> None:
    """Too many to be named in the popup, with or without a list of their own: the list shows them."""
    page = open_page(390)
    page.route("**/data.geojson**", lambda route: route.fulfill(body=cluster(**properties)))
    opened(page, "/kort/?type=eksempel")
    marker = page.locator("[data-marker]")
    assert marker.get_attribute("aria-label") == "40 steder i Aarhus. Vis dem."
    marker.focus()
    page.keyboard.press("Enter")
    link = page.locator(".leaflet-popup a", has_text=said)
    link.wait_for()
    assert page.evaluate("document.activeElement.textContent") == said
    query = dict(parse_qsl(urlsplit(link.get_attribute("href") or "").query))
    assert wanted.items() <= query.items()
    page.keyboard.press("Enter")
    page.wait_for_url("**vis=liste**")
    assert page.locator("#results article").count()


def test_members_are_named_and_the_list_only_where_it_has_more(open_page: Opener) -> None:
    """A popup that names all of them has no link to the same on the list."""
    members = [
        {"kind": "enhed", "label": "Innovationsenhed, lukket 2018", "title": f"Nr. {n}", "url": "/kort/"}
        for n in range(3)
    ]
    page = open_page(1440)
    page.route(
        "**/data.geojson**",
        lambda route: route.fulfill(body=cluster(count=3, members=members, list="/kort/?kommune=0751", listed=3)),
    )  # fmt: skip
    opened(page).locator("[data-marker]").click()
    popup = page.locator(".leaflet-popup")
    popup.wait_for()
    assert "Innovationsenhed, lukket 2018" in popup.inner_text()
    assert popup.locator("a[href]:not(.leaflet-popup-close-button)").count() == 3


@pytest.mark.parametrize("width", [1440, 390, 320])
def test_names_of_places_are_whole(open_page: Opener, width: int) -> None:
    """None is cut by an edge of the map or lies under its buttons."""
    page = opened(open_page(width), "/kort/?lat=56.9&lng=9.9&zoom=8")
    page.locator(".coi-name span").first.wait_for(state="attached")
    cut = page.evaluate(
        """() => {
          const edge = document.getElementById("map").getBoundingClientRect();
          const buttons = document.getElementById("map-zoom").getBoundingClientRect();
          return [...document.querySelectorAll(".coi-name span")].filter((name) => {
            const box = name.getBoundingClientRect();
            const inside = box.left >= edge.left && box.right <= edge.right && box.top >= edge.top;
            const beside = box.right < buttons.left || box.bottom < buttons.top || box.top > buttons.bottom;
            return !inside || box.bottom > edge.bottom || !beside;
          }).map((name) => name.textContent);
        }"""
    )
    assert cut == []


def test_data_that_does_not_come_is_told_and_asked_for_again(open_page: Opener) -> None:
    """The list stays; »Prøv igen« does."""
    page = open_page(1440)
    page.route("**/data.geojson**", lambda route: route.fulfill(status=200, body="{"))
    page.goto("/kort/")
    again = page.locator("#map-again")
    again.wait_for()
    assert "kunne ikke hente" in page.inner_text("#map-message")
    assert page.locator("article[data-slug]").count()
    page.unroute("**/data.geojson**")
    again.click()
    page.locator("[data-marker]").first.wait_for()
    page.locator("#map-message").wait_for(state="hidden")
    assert page.evaluate(FOCUS) == "map"


def test_two_tabs_on_a_phone(open_page: Opener) -> None:
    """Map or list; the address holds which; the filters are in a panel."""
    page = opened(open_page(390))
    assert page.is_visible("#map")
    assert not page.is_visible("#results")
    page.click(f"text=Liste ({count(page)})")
    page.wait_for_url("**/kort/?vis=liste")
    assert page.is_visible("#results article")
    assert not page.is_visible("#map")
    page.click("text=Søg og filtrér")
    page.click(".coi-drop:has(#facet-type) > summary")
    line = page.locator('li[data-facet="type"][data-value="vaerktoej"]')
    promised = line.get_attribute("data-count")
    line.locator("label").click()
    page.locator(f'#result-count[data-count="{promised}"]').wait_for(state="attached")
    page.click("#show-results")
    page.locator("#filter-panel").wait_for(state="hidden")
    assert page.locator("article[data-slug]").count() == min(10, int(promised or 0))
    page.click(".coi-views >> text=Kort")
    page.wait_for_url("**/kort/?type=vaerktoej")
    page.locator("[data-marker]").first.wait_for()


def test_one_finger_scrolls_the_page_past_the_map(open_page: Opener) -> None:
    """No trap: the map leaves one finger to the page, and the wheel too."""
    page = opened(open_page(390, has_touch=True, is_mobile=True))
    action = page.evaluate("getComputedStyle(document.getElementById('map')).touchAction")
    assert action in ("pan-x pan-y", "auto", "manipulation")
    wide = opened(open_page(1440, height=700))
    wide.locator("#map").hover()
    zoom = wide.locator("path.coi-land").first.bounding_box()
    wide.mouse.wheel(0, 300)
    wide.wait_for_function("() => window.scrollY > 100")
    after = wide.locator("path.coi-land").first.bounding_box()
    assert zoom and after and abs(after["width"] - zoom["width"]) < 1


def test_without_script(open_page: Opener) -> None:
    """The list alone has everything, and where the map would be stand the municipalities."""
    for width in (390, 1440):
        page = open_page(width, java_script_enabled=False)
        page.goto("/kort/")
        assert page.locator("svg.coi-choropleth").is_visible()
        assert not page.locator("#map").is_visible()
        assert page.locator("article[data-slug]").first.is_visible()
        assert page.locator("article[data-slug]").count() == 10
        seen = page.locator("article[data-slug]").evaluate_all("all => all.map(a => a.dataset.slug)")
        while page.locator("a.button-next").count():
            page.click("a.button-next")
            page.wait_for_url(f"**side={len(seen) // 10 + 1}**")
            seen += page.locator("article[data-slug]").evaluate_all("all => all.map(a => a.dataset.slug)")
        assert len(seen) == count(page)
    search, first = page.locator("#q").bounding_box(), page.locator(".coi-drop__value").first.bounding_box()
    assert search and first
    assert (
        abs(search["y"] - first["y"]) < 2
    )  # beside each other, also with the button »Vis« under the filters
    page.click(".coi-drop:has(#facet-sektor) > summary")
    page.check("#f-sektor-kommune")
    page.click("#facets button[type=submit]")
    page.wait_for_url("**sektor=kommune**")
    assert "lat=" not in page.url


@pytest.mark.parametrize("width", [1440, 390, 320])
@pytest.mark.parametrize(
    "path", ["/kort/", "/kort/?vis=liste", "/kort/?vis=kommuner", "/kort/?vis=uden-sted", "/kort/indlejr/"]
)
def test_the_drawn_map_is_accessible(open_page: Opener, path: str, width: int) -> None:
    """With its markers on it, and with the panel of filters open."""
    page = open_page(width)
    page.goto(path)
    page.wait_for_load_state("networkidle")
    problems = past_the_edge(page) + inaccessible(page)
    if width < 992 and "indlejr" not in path:
        page.click(".coi-filter-button")
        page.click(".coi-drop:has(#facet-type) > summary")
        problems += inaccessible(page)
    assert not problems, "\n".join(problems)


def test_a_frame_on_another_page(open_page: Opener, portal: str) -> None:
    """The map draws itself inside a frame of a page that is not ours, and no cookie comes of it."""

    def strange(route: Route) -> None:
        route.fulfill(
            content_type="text/html",
            body=f'<!doctype html><html lang="da"><title>x</title><iframe title="k" width=600 height=600 '
            f'src="{portal}/kort/indlejr/?type=eksempel"></iframe>',
        )

    page = open_page(800)
    page.route("**/en-anden-side/", strange)
    page.goto("/en-anden-side/")
    frame = page.frame_locator("iframe")
    frame.locator("[data-marker]").first.wait_for()
    assert frame.locator("header, footer").count() == 0
    assert page.context.cookies() == []

"""What a first visit weighs, pictures apart: a limit that a new stylesheet or script must not pass unseen."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.browser.test_pages import EVERYTHING

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("path", "limit"), [("/katalog/", 150), ("/", 200), (EVERYTHING, 200), ("/kort/", 250)]
)
@pytest.mark.parametrize("width", [390, 1440])
def test_a_first_visit_is_light(path: str, limit: int, width: int, open_page: Callable[..., Page]) -> None:
    """Bytes over the wire with a cold cache, headers included, in thousands."""
    page = open_page(width)
    network = page.context.new_cdp_session(page)
    kinds: dict[str, tuple[str, str]] = {}
    sizes: dict[str, float] = {}
    network.on(
        "Network.responseReceived",
        lambda event: kinds.update({event["requestId"]: (event["type"], event["response"]["url"])}),
    )
    network.on(
        "Network.loadingFinished",
        lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}),
    )
    network.send("Network.enable")
    page.goto(path, wait_until="networkidle")
    page.evaluate("document.fonts.ready.then(() => null)")
    loaded = sorted(((size, *kinds[request]) for request, size in sizes.items()), reverse=True)
    assert {"Document", "Stylesheet", "Font", "Script"} <= {kind for _, kind, _ in loaded}
    weight = sum(size for size, kind, _ in loaded if kind != "Image") / 1000
    assert weight <= limit, f"{weight:.0f} kB:\n" + "\n".join(
        f"{s / 1000:6.1f} {k} {u}" for s, k, u in loaded
    )
    print(f"{path} at {width}: {weight:.1f} kB of {limit}")

"""What is looked at on every page: its checks return sentences about what is wrong, none when all is well."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page, Request, Response

MODULES = Path(__file__).resolve().parents[2] / "node_modules"
AXE = MODULES / "axe-core" / "axe.min.js"

# Elements that reach past the right edge, also where body{overflow-x:hidden} hides them from the eye. What a
# scrolling or clipping ancestor (other than the page) keeps within the edges is fine.
EDGES = """() => {
  const width = document.documentElement.clientWidth;
  const kept = (element) => {
    for (let at = element.parentElement; at && at !== document.body; at = at.parentElement)
      if (getComputedStyle(at).overflowX !== "visible" && at.getBoundingClientRect().right <= width + 1) return true;
    return false;
  };
  const past = [...document.body.querySelectorAll("*")].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width && box.height && element.checkVisibility() && box.right > width + 1 && !kept(element);
  });
  return past.map((element) => `${element.tagName} ${element.className} ends at `
    + `${Math.round(element.getBoundingClientRect().right)} of ${width}: ${element.textContent.trim().slice(0, 40)}`);
}"""

# All rules are tried; of what they find, only the violations are written out.
AXE_RUN = """async () => (await axe.run(document,
    {iframes: false, preload: false, resultTypes: ["violations"]})).violations
  .flatMap((v) => v.nodes.map((n) => `${v.id} (${v.help}): ${n.target.join(" ")} ${n.html.slice(0, 160)}`))"""


class Watch:
    """Listens to one browser page from its first request on."""

    def __init__(self, page: Page, portal: str) -> None:
        """Begin to listen; `portal` is the only host that may be asked."""
        self.host = urlsplit(portal).netloc
        self.problems: list[str] = []
        self.missing: set[str] = set()
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("request", self._request)
        page.on("requestfailed", self._failed)
        page.on("response", self._response)

    def expect_missing(self, url: str) -> None:
        """Let an address answer 404; everything else must be there."""
        self.missing.add(url)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and message.location.get("url") not in self.missing:
            self.problems.append(f"console {message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https", "ws", "wss") and address.netloc != self.host:
            self.problems.append(f"request to another host: {request.url}")

    def _failed(self, request: Request) -> None:
        # The browser itself gives up what it needs no more: a picture's smaller copy, a superseded answer.
        if request.failure != "net::ERR_ABORTED":
            self.problems.append(f"failed request: {request.url} {request.failure}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.url not in self.missing:
            self.problems.append(f"answer {response.status}: {response.url}")


def past_the_edge(page: Page) -> list[str]:
    """What reaches past the right edge of the page."""
    return [f"past the edge: {found}" for found in page.evaluate(EDGES)]


def inaccessible(page: Page) -> list[str]:
    """What axe-core finds, with all its rules."""
    if not page.evaluate("'axe' in window"):
        # By the debugger, so that the page's content policy is neither in the way nor switched off.
        page.evaluate(AXE.read_text(encoding="utf-8"))
    return [f"axe: {found}" for found in page.evaluate(AXE_RUN)]

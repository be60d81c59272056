"""What a page says, read from its markup by the hooks that scripts and screen readers rely on."""

import html
import re

from django.http import HttpResponse


def text(response: HttpResponse) -> str:
    """The markup as text."""
    return response.content.decode()


def count(response: HttpResponse) -> int:
    """The number of results the page states."""
    found = re.findall(r'<output id="result-count" data-count="(\d+)"', text(response))
    assert len(found) == 1
    return int(found[0])


def slugs(response: HttpResponse) -> list[str]:
    """The results on the page, in order."""
    return re.findall(r'<article\b[^>]*\bdata-slug="([^"]*)"', text(response))


def titles(response: HttpResponse) -> list[str]:
    """The titles of the results, in order, without marks."""
    articles = re.findall(r"<article\b[^>]*\bdata-slug=.*?<h3><a [^>]*>(.*?)</a>", text(response), re.S)
    return [html.unescape(re.sub(r"<[^>]+>", "", title)) for title in articles]


def facet_items(response: HttpResponse) -> dict[tuple[str, str], tuple[int, str]]:
    """(facet, value) → (number stated, markup of the item)."""
    items = re.findall(
        r'<li data-facet="([^"]+)" data-value="([^"]*)" data-count="(\d+)">(.*?)</li>', text(response), re.S
    )
    return {(name, value): (int(n), markup) for name, value, n, markup in items}


def links(response: HttpResponse, css_class: str) -> list[str]:
    """The addresses of links with a class."""
    tags = re.findall(r"<a\b[^>]*>", text(response))
    return [
        html.unescape(m[1])
        for tag in tags
        if re.search(rf'class="[^"]*\b{css_class}\b', tag) and (m := re.search(r'href="([^"]*)"', tag))
    ]

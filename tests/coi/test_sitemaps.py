"""The site map: whatever search engines may show is in it."""

from __future__ import annotations

import re
from urllib.parse import urlparse
from xml.etree import ElementTree

from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.test_urls import names


def test_every_page_that_may_be_found_by_search_engines_is_in_the_site_map(db: None, client: Client) -> None:
    """Of the addresses without arguments: whatever answers anybody with a page that is not kept from them."""
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)
    listed = {
        urlparse(e.text or "").path for e in root.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")
    }
    kept_away = re.findall(r"(?m)^Disallow: (/[^*\s]*)$", client.get("/robots.txt").content.decode())
    missing = []
    for name in names():
        try:
            path = reverse(name)
        except NoReverseMatch:
            continue
        if any(path.startswith(start) for start in kept_away):
            continue
        response = client.get(path)
        page = response.status_code == 200 and response["Content-Type"].startswith("text/html")
        if (
            page
            and path not in listed
            and not re.search(r'name="robots" content="noindex', response.content.decode())
        ):
            missing.append(path)
    assert missing == []
    assert "/kort/" in listed

"""What frames every page: menu, dates, icons, breadcrumbs, page numbers, error pages, the portal's own texts."""

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template, loader
from django.test import Client, RequestFactory, override_settings
from django.utils import timezone

from coi.context import navigation
from coi.templatetags import portal

TEXT_PAGES = ("/om/", "/om/privatliv/", "/om/tilgaengelighed/")


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/", {}),
        ("/katalog/", {"Inspiration": "page"}),
        ("/katalog/noget/", {"Inspiration": "true"}),
        ("/katalog/samlinger/", {"Samlinger": "page"}),
        ("/katalog/samlinger/tillid/", {"Samlinger": "true"}),
        ("/om/privatliv/", {"Om centret": "true"}),
    ],
)
def test_the_menu_shows_where_you_are(path: str, current: dict[str, str]) -> None:
    """The nearest area is the current one, and only that."""
    assert {item["title"]: item["current"] for item in navigation(path) if item["current"]} == current


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (-1, ""),
        (0, "i dag"),
        (1, "i går"),
        (2, "for 2 dage siden"),
        (45, "for 45 dage siden"),
        (46, "for 2 måneder siden"),
        (365, "for 12 måneder siden"),
        (731, "for 2 år siden"),
        (4400, "for 12 år siden"),
    ],
)
def test_how_long_ago(days: int, text: str) -> None:
    """One unit, and nothing about days to come."""
    today = dt.date(2026, 11, 22)
    assert portal.time_since(today - dt.timedelta(days=days), today) == text


def test_a_date_is_exact_for_machines_and_on_hover() -> None:
    """A day says its weekday on hover, a moment its clock in Danish time."""
    assert portal.danish_date(dt.date(2026, 11, 3)) == (
        '<time datetime="2026-11-03" title="tirsdag den 3. november 2026">3. november 2026</time>'
    )
    moment = dt.datetime(2026, 6, 30, 22, 30, tzinfo=dt.UTC)
    assert "1. juli 2026</time>" in portal.danish_date(moment)
    assert "kl. 00.30" in portal.danish_date(moment)
    assert portal.danish_date(None) == ""
    assert portal.danish_date(timezone.localdate(), relative=True).endswith("</time> (i dag)")


def test_an_icon_is_decoration_unless_it_says_something() -> None:
    """What a screen reader hears is chosen; whatever is put in is escaped."""
    assert 'aria-hidden="true"' in portal.icon("close")
    labelled = portal.icon("error", label='"><script>')
    assert 'role="img"' in labelled
    assert "<script>" not in labelled


def test_breadcrumbs_end_with_the_page_itself() -> None:
    """Front page, steps with addresses, and the page without one; titles are escaped."""
    html = Template('{% load portal %}{% breadcrumbs "A" "/a/" title %}').render(
        Context({"title": "<b>B</b>"})
    )
    assert html.count("breadcrumbs__link") == 2
    assert re.search(r'aria-current="page">.*&lt;b&gt;B&lt;/b&gt;</li>', html)


def test_pages_keep_the_other_parameters() -> None:
    """The links of the page numbers change the page and nothing else; one page shows none."""
    request = RequestFactory().get("/katalog/", {"q": "a&b", "sektor": ["stat", "region"], "side": "2"})
    template = loader.get_template("components/pagination.html")
    html = template.render({"page": Paginator(range(95), 10).page(2)}, request)
    assert "?q=a%26b&amp;sektor=stat&amp;sektor=region&amp;side=3" in html
    assert 'aria-current="page">2</a>' in html
    assert not template.render({"page": Paginator(range(9), 10).page(1)}, request).strip()


@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "429", "500", "503", "503_slow"])
def test_error_pages_need_nothing(code: str) -> None:
    """No context, no request and no database: they come when something is wrong."""
    html = loader.get_template(f"{code}.html").render()
    assert html.count("<h1>") == 1
    assert '<main id="main"' in html
    assert 'name="robots" content="noindex"' in html


@pytest.mark.parametrize("path", TEXT_PAGES)
def test_own_texts_stand_without_the_database(client: Client, path: str) -> None:
    """One heading, a contact, the demonstration named; and no cookie for a reader."""
    response = client.get(path)
    html = response.content.decode()
    assert response.status_code == 200
    assert html.count("<h1>") == 1
    assert f"mailto:{settings.CONTACT_EMAIL}" in html
    assert "Demoindhold." in html
    assert not response.cookies
    assert f'<link rel="canonical" href="{settings.SITE_URL}{path}">' in html


def test_the_privacy_page_names_the_cookies_as_they_are(client: Client) -> None:
    """The names differ between demo and production; the page tells those in use."""
    with override_settings(SESSION_COOKIE_NAME="__Host-session", CSRF_COOKIE_NAME="__Host-csrf"):
        html = client.get("/om/privatliv/").content.decode()
    assert "<code>__Host-session</code>" in html
    assert "<code>__Host-csrf</code>" in html


def test_the_shortcut_to_the_accessibility_statement(client: Client) -> None:
    """Danish public sites share /was."""
    response = client.get("/was")
    assert (response.status_code, response["Location"]) == (301, "/om/tilgaengelighed/")


def test_contents_of_own_texts_lead_somewhere(client: Client) -> None:
    """Every link in the table of contents has its heading."""
    for path in TEXT_PAGES:
        html = client.get(path).content.decode()
        anchors = set(re.findall(r'href="#([a-z-]+)"', html)) - {"main"}
        assert anchors
        assert all(f'id="{anchor}"' in html for anchor in anchors)


def test_templates_have_no_inline_script_or_style() -> None:
    """The content policy forbids both; structured data and JSON are no scripts that run."""
    for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert " style=" not in text, path
        assert "<style" not in text, path
        assert not re.search(r"\son[a-z]+=", text), path
        scripts = re.findall(r"<script[^>]*>", text)
        assert all("src=" in tag or 'type="application/json"' in tag for tag in scripts), path


def test_htmx_is_told_what_the_content_policy_demands() -> None:
    """No eval and no styles of its own; the back button asks the server, so that lists are never stale."""
    text = (Path(settings.BASE_DIR) / "templates/catalogue/entry_list.html").read_text(encoding="utf-8")
    found = re.search(r"name=\"htmx-config\" content='([^']+)'", text)
    assert found
    config = json.loads(found[1])
    assert config["allowEval"] is config["includeIndicatorStyles"] is False


def test_the_lock_file_names_no_registry() -> None:
    """Versions and hashes, but no download address: it works behind any mirror."""
    lock = json.loads((Path(settings.BASE_DIR) / "package-lock.json").read_text(encoding="utf-8"))
    packages = [package for name, package in lock["packages"].items() if name]
    assert packages
    assert all("resolved" not in package and package["integrity"] for package in packages)

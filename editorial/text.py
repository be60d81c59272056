"""Text that people write (Markdown) as safe HTML: markdown-it first, nh3 as the very last step."""

import html
import re

import nh3
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False}).enable(
    ["table"]
)
_TAGS = {
    "p", "br", "strong", "em", "a", "ul", "ol", "li", "blockquote", "h3", "h4", "code", "pre", "hr",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


def render_markdown(text: str) -> SafeString:
    """`text` as HTML: no raw HTML, no pictures, headings from h3 down, links http(s)/mailto with rel.

    Never raises on any text.
    """
    rendered = _markdown.render(text or "")
    rendered = re.sub(r"<(/?)h[12]>", r"<\1h3>", rendered)
    rendered = re.sub(r"<(/?)h[56]>", r"<\1h4>", rendered)
    cleaned = nh3.clean(
        rendered,
        tags=_TAGS,
        attributes={"a": {"href", "title"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener ugc",
    )
    return mark_safe(cleaned)


def plain(text: str) -> str:
    """`text` without its Markdown, for search documents, feeds and descriptions. Not HTML: whoever shows it escapes."""
    return re.sub(r"\s+", " ", html.unescape(strip_tags(_markdown.render(text or "")))).strip()

"""Text that people write (Markdown) as safe HTML: markdown-it first, nh3 as the very last step."""

import html
import re

import nh3
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, table
from markdown_it.rules_inline import StateInline, image, link

# What one document may cost. Text that asks for more is shown as it was written instead of as table, link or quote;
# nothing is left out. (A table's row costs all the columns of its head, and each bracket is a look ahead to the end.)
MAX_COLUMNS = 30
MAX_CELLS = 4_000
MAX_BRACKETS = 1_000
MAX_QUOTES_WITHIN = 5


def _bounded_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The table rule, for tables of a size that people write. The cells of all tables in the text are added up."""
    if start < state.env.get("no_table_before", 0) or not table(state, start, end, True):
        return False
    columns = state.src[state.bMarks[start + 1] : state.eMarks[start + 1]].count("|") + 1
    left = MAX_CELLS - state.env.get("cells", 0)
    line = start
    while line < end and not state.isEmpty(line) and columns * (line - start) <= left:
        line += 1
    if columns > MAX_COLUMNS or columns * (line - start) > left:
        state.env["no_table_before"] = line  # so that no line is counted twice
        return False
    if not silent:
        state.env["cells"] = MAX_CELLS - left + columns * (line - start)
        return table(state, start, end, False)
    return True


def _bounded_quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The rule for quotes: within each other a few times only."""
    return state.level < MAX_QUOTES_WITHIN and blockquote(state, start, end, silent)


def _bracket(state: StateInline) -> bool:
    """Count one bracket that may begin a link; False when there have been too many."""
    count = state.env["brackets"] = state.env.get("brackets", 0) + 1
    return bool(count <= MAX_BRACKETS)


def _bounded_link(state: StateInline, silent: bool) -> bool:
    return state.src[state.pos] == "[" and _bracket(state) and link(state, silent)


def _bounded_image(state: StateInline, silent: bool) -> bool:
    return state.src.startswith("![", state.pos) and _bracket(state) and image(state, silent)


_markdown = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False}).enable(
    ["table"]
)
# What each may interrupt, as the library has it.
_markdown.block.ruler.at("table", _bounded_table, {"alt": ["paragraph", "reference"]})
_markdown.block.ruler.at(
    "blockquote", _bounded_quote, {"alt": ["paragraph", "reference", "blockquote", "list"]}
)
_markdown.inline.ruler.at("link", _bounded_link)
_markdown.inline.ruler.at("image", _bounded_image)
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


SUMMARY = 300
"""Characters of a summary that is made of the text."""
_SENTENCE = re.compile(r"(?<=[.!?…])\s+")


def summary_of(text: str) -> str:
    """The first sentences, whole as far as they fit."""
    words = " ".join(text.split())
    kept = ""
    for sentence in _SENTENCE.split(words):
        if len(kept) + len(sentence) + 1 > SUMMARY:
            break
        kept = f"{kept} {sentence}".strip()
    return kept or Truncator(words).chars(SUMMARY)

"""The piece of a text in which somebody finds what was searched for, with the words marked."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search.danish import TOKEN, normal, parts

BEFORE, AFTER = 60, 130
"""Characters of a snippet on either side of its first hit."""


def _hits(text: str, words: Container[str]) -> Iterator[re.Match[str]]:
    """The tokens of `text` that are among `words`, or have a part that is."""
    for token in TOKEN.finditer(text):
        pieces, joined = parts(normal(token[0]))
        if any(piece in words for piece in pieces) or (joined and joined in words):
            yield token


def marked(text: str, words: Container[str]) -> SafeString:
    """`text`, escaped, with every hit in <mark>."""
    out: list[str] = []
    at = 0
    for hit in _hits(text, words):
        out += [escape(text[at : hit.start()]), "<mark>", escape(hit[0]), "</mark>"]
        at = hit.end()
    out.append(escape(text[at:]))
    return mark_safe("".join(out))


def has_hit(text: str, words: Container[str]) -> bool:
    """Whether any word of the text would be marked."""
    return next(_hits(text, words), None) is not None


def snippet(text: str, words: Container[str]) -> SafeString | str:
    """The surroundings of the first hit in `text`, whole words only, marked; "" when there is none."""
    hit = next(_hits(text, words), None)
    if hit is None:
        return ""
    start, stop = max(0, hit.start() - BEFORE), min(len(text), hit.end() + AFTER)
    if start and (space := text.find(" ", start, hit.start())) >= 0:
        start = space + 1
    if stop < len(text) and (space := text.rfind(" ", hit.end(), stop)) >= 0:
        stop = space
    return marked(re.sub(r"\s+", " ", text[start:stop]), words)

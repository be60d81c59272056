"""From what somebody typed to a query that PostgreSQL answers. Any input is a search; none is an error."""

import re
from typing import Any

from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.db.models import F, QuerySet
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search.models import CONFIG, Document

MAX_LENGTH = 300
"""Characters of a query that are looked at; nobody types more, and machines that do get an answer as fast."""
START, STOP = "\ue000", "\ue001"
"""Private-use characters round a hit until the text has been escaped."""


def clean(text: str) -> str:
    """`text` without control characters and lone surrogates, white space folded, at most MAX_LENGTH long."""
    text = text.encode("utf-8", "ignore").decode("utf-8")[: MAX_LENGTH * 4]
    text = re.sub(
        r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ue000\ue001\ufffd-\uffff]", " ", text
    )
    return re.sub(r"\s+", " ", text).strip()[:MAX_LENGTH].strip()


def parse(q: str) -> SearchQuery:
    """The query language: words joined by AND, "phrases", -word, `eller` (or `or`)."""
    # »eller« within a phrase is a word. PostgreSQL raises on a long run of minuses without a word between them.
    parts = re.sub(r'-[^\w"]*(?=-)', " ", q).split('"')
    parts[::2] = [re.sub(r"(?i)\beller\b", "or", part) for part in parts[::2]]
    return SearchQuery('"'.join(parts), config=CONFIG, search_type="websearch")


def matching(rows: QuerySet[Document], q: str) -> QuerySet[Document]:
    """The rows that match `q`; all when it is empty."""
    return rows.filter(vector=parse(q)) if q else rows


def ranked(rows: QuerySet[Document], q: str) -> QuerySet[Document]:
    """Best match first: title over summary over names over body; then the newest."""
    rank = SearchRank(F("vector"), parse(q), normalization=1)
    return rows.annotate(rank=rank).order_by("-rank", F("published_at").desc(nulls_last=True), "-id")


def with_snippets(rows: QuerySet[Document], q: str) -> QuerySet[Document]:
    """The rows with title_hits, summary_hits and body_hits, for `highlighted`."""
    query = parse(q)
    common: dict[str, Any] = {"config": CONFIG, "start_sel": START, "stop_sel": STOP}
    return rows.annotate(
        title_hits=SearchHeadline("title", query, highlight_all=True, **common),
        summary_hits=SearchHeadline("summary", query, highlight_all=True, **common),
        body_hits=SearchHeadline("body", query, max_fragments=1, max_words=28, min_words=12, **common),
    )


def highlighted(text: str) -> SafeString:
    """Text from `with_snippets`, escaped, its hits in <mark>."""
    marked = escape(text).replace(START, "<mark>").replace(STOP, "</mark>")
    return mark_safe(marked)

"""Measuring pages against themselves: the same answer made from data that has been read already.

A page's time says little on a noisy machine; its ratio to the same page without a query says what the database, search
and our own code cost. Both go through the whole stack of middleware, compression included. Every figure is the median
of several runs in one process, after one that warms up.
"""

from __future__ import annotations

import csv
import io
import json
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

from django.conf import settings
from django.db import connection
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    JsonResponse,
    QueryDict,
    StreamingHttpResponse,
)
from django.template import Context
from django.test import Client
from django.test.utils import (
    CaptureQueriesContext,
    override_settings,
    setup_test_environment,
    teardown_test_environment,
)

from accounts.models import User
from catalogue.feeds import CatalogueFeed
from catalogue.lists import catalogue_listing

RUNS = 15
KEPT = 1_000_000
"""Bytes of a stream that are kept."""
Answer = Callable[[HttpRequest], HttpResponseBase]
Dress = Callable[[Client], None]
"""Makes somebody of a client: logs in, opens a receipt."""
WHO = ('FROM "django_session"', f'FROM "{User._meta.db_table}"')
"""Queries by which the portal finds out who asks. A fixed answer asks them too, so that they are on both sides."""


class Fixed:
    """Middleware behind all others that answers instead of the view, while a fixed answer is set."""

    answer: ClassVar[Answer | None] = None

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass it on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponseBase | None:
        """Answer from fixed data, or let the view do it."""
        return Fixed.answer(request) if Fixed.answer else None


@dataclass(frozen=True)
class Measure:
    """One page: milliseconds with everything and from fixed data, number of queries, kilobytes before and after
    compression.
    """

    name: str
    milliseconds: float
    fixed: float
    queries: int
    kilobytes: float
    compressed: float

    @property
    def ratio(self) -> float:
        """The page's time against the same page from fixed data."""
        return self.milliseconds / self.fixed


def nothing() -> None:
    """Do nothing."""


def empty(request: HttpRequest) -> HttpResponseBase:
    """The least that a view can answer."""
    return JsonResponse({})


def measure(
    name: str,
    path: str,
    *,
    runs: int = RUNS,
    dress: Dress | None = None,
    against: Answer | None = None,
    before: Callable[[], object] = nothing,
) -> Measure:
    """Measure one address as the visitor that `dress` makes of a client, against the same answer from fixed data, or
    another. `before` is done before each run.

    Raises RuntimeError when it does not answer 200, or when the fixed answer asks anything but who it is.
    """
    with override_settings(MIDDLEWARE=[*settings.MIDDLEWARE, "coi.bench.Fixed"]):
        client, plain = Client(headers={"accept-encoding": "gzip"}), Client()
        if dress:
            dress(client)
            dress(plain)

        def get() -> tuple[int, bytes]:
            return _read(client.get(path))

        setup_test_environment(debug=False)
        try:
            client.get(path)
            before()
            with CaptureQueriesContext(connection) as queries:
                response = client.get(path)
                compressed, _beginning = _read(response)
            asked = len(queries)  # now, because the next request empties the log
            if response.status_code != 200:
                raise RuntimeError(f"{path} answers {response.status_code}")
            size, beginning = _read(plain.get(path))
            answer = against or _fixed_answer(response, size, beginning)
        finally:
            teardown_test_environment()
        whole, fixed = _side_by_side(get, answer, runs, before)
    return Measure(name, whole, fixed, asked, size / 1024, compressed / 1024)


@contextmanager
def _answering(answer: Answer) -> Iterator[None]:
    Fixed.answer = answer
    try:
        yield
    finally:
        Fixed.answer = None


def _fixed_answer(response: Any, size: int, beginning: bytes) -> Answer:
    """The same answer again from what has been read: a template's context, a feed's entries, a file's rows."""
    kind = response["Content-Type"].split(";")[0]
    if template := next(iter(getattr(response, "templates", None) or []), None):
        context: Any = Context()
        context.dicts = [scope for part in response.context for scope in part.dicts][:40]
        context.request = response.wsgi_request
        template.render(context)
        return lambda request: HttpResponse(template.render(context))
    if kind == "application/json":
        data = json.loads(beginning)
        return lambda request: JsonResponse(data, json_dumps_params={"ensure_ascii": False})
    if kind == "text/csv":
        # A large file is made of its first rows again and again, so that the measuring does not hold all of it.
        rows = list(csv.reader(io.StringIO(beginning.decode(errors="ignore"))))[:-1]
        return lambda request: _csv(rows, times=round(size / len(beginning)))
    feed = _FixedFeed()
    return lambda request: feed(request)


def _csv(rows: list[list[str]], *, times: int) -> HttpResponseBase:
    def lines() -> Iterator[str]:
        for _ in range(times):
            out = io.StringIO()
            csv.writer(out).writerows(rows)
            yield out.getvalue()

    return StreamingHttpResponse(lines(), content_type="text/csv")


class _FixedFeed(CatalogueFeed):
    """The feed of the whole catalogue, its entries read once."""

    def __init__(self) -> None:
        listing = catalogue_listing(QueryDict())
        entries = super().items(listing)
        for entry in entries:
            self.item_categories(entry)
        self.kept = listing, entries

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        return self.kept[0]

    def items(self, listing: Any) -> Any:
        return self.kept[1]


def _side_by_side(
    get: Callable[[], object], answer: Answer, runs: int, before: Callable[[], object]
) -> tuple[float, float]:
    """The medians of the whole page and of the fixed answer, in milliseconds, run in turn so that both meet the same
    noise. Raises RuntimeError when the fixed answer asks the database anything but who it is.
    """
    with _answering(answer), CaptureQueriesContext(connection) as queries:
        get()
    asked = [query["sql"] for query in queries if not any(table in query["sql"] for table in WHO)]
    if asked:
        raise RuntimeError(f"the fixed page asks the database: {asked[0][:200]}")
    whole, fixed = [], []
    for _ in range(runs):
        before()
        whole.append(_milliseconds(get))
        with _answering(answer):
            fixed.append(_milliseconds(get))
    return statistics.median(whole), statistics.median(fixed)


def _milliseconds(run: Callable[[], object]) -> float:
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1000


def _read(response: HttpResponseBase) -> tuple[int, bytes]:
    """(bytes of an answer, its beginning). A stream is read to its end, and not kept."""
    if not response.streaming:
        content: bytes = response.content  # type: ignore[attr-defined]
        return len(content), content
    size, beginning = 0, b""
    for piece in response.streaming_content:  # type: ignore[attr-defined]
        size += len(piece)
        if len(beginning) < KEPT:
            beginning += piece
    return size, beginning

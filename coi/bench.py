"""Measuring pages against themselves: the same template rendered from data that has been read already.

A page's time says little on a noisy machine; its ratio to the same page without a query says what the database and
our own code cost. Every figure is the median of several runs in one process.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.http import HttpResponseBase
from django.template import Context
from django.test import Client
from django.test.utils import CaptureQueriesContext, setup_test_environment, teardown_test_environment

RUNS = 15


@dataclass(frozen=True)
class Measure:
    """One page: milliseconds with the database and without, number of queries, kilobytes of HTML."""

    name: str
    milliseconds: float
    fixed: float | None
    queries: int
    kilobytes: float

    @property
    def ratio(self) -> float | None:
        """The page's time against the same page without a query; None for what has no template."""
        return self.milliseconds / self.fixed if self.fixed else None


def median_ms(run: Callable[[], object], runs: int = RUNS) -> float:
    """The median of `runs` runs, in milliseconds, after one that warms up."""
    run()
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        run()
        times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)


def measure(name: str, path: str, *, runs: int = RUNS) -> Measure:
    """Measure one address. Raises RuntimeError when it does not answer 200."""
    client = Client()

    def get() -> bytes:
        return _body(client.get(path))

    setup_test_environment(debug=False)
    try:
        with CaptureQueriesContext(connection) as queries:
            response = client.get(path)
            body = _body(response)
        asked = len(queries)  # now, because the next request empties the log
    finally:
        teardown_test_environment()
    if response.status_code != 200:
        raise RuntimeError(f"{path} answers {response.status_code}")
    fixed = None
    if template := next(iter(getattr(response, "templates", None) or []), None):
        context: Any = Context()
        parts: Any = response.context
        context.dicts = [scope for part in parts for scope in part.dicts][:40]
        context.request = response.wsgi_request
        fixed = _without_queries(lambda: template.render(context), runs)
    return Measure(name, median_ms(get, runs), fixed, asked, len(body) / 1024)


def _without_queries(render: Callable[[], object], runs: int) -> float:
    """The time of rendering from data that is read already. Raises RuntimeError when it asks the database."""
    render()
    with CaptureQueriesContext(connection) as queries:
        took = median_ms(render, runs)
    if len(queries):
        raise RuntimeError(f"the fixed page asks the database: {queries.captured_queries[0]['sql'][:200]}")
    return took


def _body(response: HttpResponseBase) -> bytes:
    if response.streaming:
        return b"".join(response.streaming_content)  # type: ignore[attr-defined]
    return bytes(response.content)  # type: ignore[attr-defined]

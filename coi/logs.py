"""Logs: one line an event, JSON in production and readable in a demo, with request ids and without personal
data.

What is left out on purpose: addresses of people and machines, user ids, query strings, paths (the route's
name stands for them), arguments of jobs, and the messages of exceptions, which like to quote the row that was
refused.
"""

import json
import logging
import re
import secrets
import time
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Any

from django.http import HttpRequest, HttpResponse

request_id: ContextVar[str] = ContextVar("request_id", default="")
log = logging.getLogger("coi.request")

WELL_FORMED_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
# Our own loggers say nothing personal, so their whole message is kept; of others only the fixed text.
OWN_LOGGERS = (
    "coi",
    "guards",
    "accounts",
    "places",
    "ideastorm",
    "practicum",
    "notices",
    "search",
    "editorial",
    "catalogue",
    "gunicorn",
)
FIELDS = ("method", "route", "status", "ms", "job", "task")


def configuration(*, readable: bool) -> dict[str, Any]:
    """Return the logging configuration of Django and gunicorn: everything to stderr, formatted once."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": Readable if readable else Json}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["console"], "level": "WARNING"},
        "loggers": {
            **{name: {"level": "INFO"} for name in OWN_LOGGERS},
            "gunicorn.error": {
                "handlers": ["console"],
                "level": "WARNING" if readable else "INFO",
                "propagate": False,
            },
            "gunicorn.access": {"handlers": [], "propagate": False},
            "procrastinate": {"level": "WARNING" if readable else "INFO"},
            # Said anew by every command.
            "procrastinate.blueprints": {"level": "WARNING"},
            "procrastinate.periodic": {"level": "WARNING"},
            "django": {"handlers": ["console"], "level": "WARNING", "propagate": False},
            # RequestLog says the same of answers below 500, without the path.
            "django.request": {"level": "ERROR"},
            "django.security.csrf": {"level": "ERROR"},
            "django.security.DisallowedHost": {"level": "CRITICAL"},
            "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        },
    }


class Json(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as JSON, with only what is known to be free of personal data."""
        entry: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": safe_message(record),
        }
        if known := request_id.get() or getattr(record, "request_id", ""):
            entry["request_id"] = known
        entry |= {name: getattr(record, name) for name in FIELDS if hasattr(record, name)}
        if record.name.startswith("procrastinate") and isinstance(job := getattr(record, "job", None), dict):
            entry |= {"job": job.get("id"), "task": job.get("task_name")}
        if record.exc_info and record.exc_info[0]:
            entry["error"] = describe(*record.exc_info)
        return json.dumps(entry, ensure_ascii=False, default=str)


class Readable(logging.Formatter):
    """A short line for people at the console; errors with their whole traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """Return time, level where it matters, and message."""
        clock = datetime.fromtimestamp(record.created).strftime("%H:%M:%S")
        if record.name == log.name:
            return one_line("{}  {method} {shown} {status}  {ms} ms".format(clock, **vars(record)))
        text = one_line(f"{clock}  {record.levelname} {record.name}: {record.getMessage()}")
        if record.exc_info:
            text += "\n" + self.formatException(record.exc_info)
        return text


def one_line(text: str) -> str:
    """Return a text that neither begins a line of its own nor steers the terminal (an address can hold anything)."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def safe_message(record: logging.LogRecord) -> str:
    """Return a record's text as far as it can be shown: ours whole, others' without their arguments."""
    if record.name.startswith("gunicorn") and record.levelno >= logging.WARNING:
        # Its complaints name the client's address and quote what was asked for.
        return "Invalid request" if "ip=" in str(record.msg) else str(record.msg)
    if record.name.split(".")[0] in OWN_LOGGERS:
        return record.getMessage()
    if record.name.startswith("procrastinate"):
        return str(getattr(record, "action", "job"))
    return str(record.msg) if record.args else record.name


def describe(
    kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
) -> dict[str, Any]:
    """Describe an exception without its message: class, the code lines it passed, and the database's own
    names.
    """
    entry: dict[str, Any] = {"type": kind.__name__ if kind else ""}
    entry["trace"] = [
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)[-12:]
    ]
    cause = error.__cause__ if error else None
    if diagnosis := getattr(error, "diag", None) or getattr(cause, "diag", None):
        entry |= {"sqlstate": diagnosis.sqlstate, "constraint": diagnosis.constraint_name}
    if cause:
        entry["cause"] = type(cause).__name__
    return entry


class RequestLog:
    """Gives every request an id and writes one line about its answer.

    An X-Request-ID is taken over if it is well-formed and came through a trusted proxy (TrustedProxies takes
    others off); the id is returned in the answer's X-Request-ID, so that a person can quote it.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request under its id."""
        given = request.META.get("HTTP_X_REQUEST_ID", "")
        known = given if WELL_FORMED_ID.fullmatch(given) else secrets.token_hex(8)
        token = request_id.set(known)
        start = time.perf_counter()
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = known
            route = request.resolver_match.view_name if request.resolver_match else ""
            if not request.path.startswith(("/static/", "/healthz", "/readyz")):
                log.info(
                    "request",
                    extra={
                        "method": request.method,
                        "route": route,
                        "status": response.status_code,
                        "ms": round((time.perf_counter() - start) * 1000, 1),
                        "shown": request.path,
                    },
                )
            return response
        finally:
            request_id.reset(token)
